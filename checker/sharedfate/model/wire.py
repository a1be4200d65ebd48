"""Values that a wire shows: addresses, ports, names, sizes, and the fields that carry them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sharedfate.model.source import NOWHERE, Span


class Transport(Enum):
    """What carries a connection. A BEARER (SMS over the radio, say) shows no address and no port."""

    TCP = "tcp"
    UDP = "udp"
    BEARER = "bearer"


class Direction(Enum):
    """UP is from the connection's client to its server."""

    UP = "up"
    DOWN = "down"


class Phase(Enum):
    """When an observation is made: every packet, the set-up (ClientHello, HTTP request, DNS question), a record.

    MESSAGE is what a service that carries a message holds.
    """

    PACKET = "packet"
    SETUP = "setup"
    RECORD = "record"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Field:
    """A wire field by name: one of the built-in ones below, or one that the model declares."""

    name: str


IP = Field("ip")
PORT = Field("port")
SNI = Field("sni")
ALPN = Field("alpn")
SIZE = Field("size")
DNS = Field("dns")
HOST = Field("host")
DIRECTION = Field("direction")
CLIENT = Field("client")
TOPIC = Field("topic")
ACCOUNT = Field("account")
FLOW = Field("flow")  # what a traffic classifier infers: which flow a record belongs to
BUILT_IN_FIELDS = (IP, PORT, SNI, ALPN, SIZE, DNS, HOST, DIRECTION, CLIENT, TOPIC, ACCOUNT, FLOW)


@dataclass(frozen=True, slots=True)
class OwnField:
    """`field NAME at set-up|packet|record`: a field that the model declares, and the phase that shows it."""

    field: Field
    phase: Phase
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True, order=True)
class Prefix:
    """A CIDR prefix: version 4 or 6, network address as an integer, prefix length in bits."""

    version: int
    network: int
    length: int

    @property
    def bits(self) -> int:
        """Address width in bits: 32 or 128."""
        return 32 if self.version == 4 else 128

    @property
    def first(self) -> int:
        """The lowest address."""
        return self.network

    @property
    def last(self) -> int:
        """The highest address."""
        return self.network | ((1 << (self.bits - self.length)) - 1)


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """Inclusive range of integers: ports, or sizes in bytes."""

    low: int
    high: int

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low}..{self.high}"


@dataclass(frozen=True, slots=True)
class NamePattern:
    """Host names as the model writes them: literal text, `*` (any non-empty text), `<1..50>` (a decimal number)."""

    text: str
    span: Span = NOWHERE


class Dialect(Enum):
    """How a rule's name matches a name that was seen."""

    EXACT = "exact"
    SUFFIX = "suffix"  # the name itself and every name below it
    GLOB = "glob"  # `*` any text, `?` one character, over the whole name
    KEYWORD = "keyword"  # the text occurs anywhere
