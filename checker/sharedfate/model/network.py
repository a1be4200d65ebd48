"""Zones, links, who is where, and connections with their alternatives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sharedfate.model.guard import ALWAYS, Guard
from sharedfate.model.source import NOWHERE, Source, Span
from sharedfate.model.wire import Field, NamePattern, Prefix, Range, Transport


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of the network in which nobody of interest looks on."""

    name: str
    span: Span = NOWHERE
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """An undirected link between two zones; tags are what adversaries name."""

    name: str
    ends: tuple[str, str]
    tags: tuple[str, ...] = ()
    span: Span = NOWHERE
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """A person's device, at a zone."""

    name: str
    zone: str
    span: Span = NOWHERE
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A server at a zone, with its operator and the roles that reusable adversaries name (`the relay`)."""

    name: str
    zone: str
    operator: str | None = None
    roles: tuple[str, ...] = ()
    span: Span = NOWHERE
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Assumption:
    """`assume NAME` (holds) or `assume NAME open` (nature decides, unless a check says)."""

    name: str
    is_open: bool
    text: str | None = None
    span: Span = NOWHERE
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Pool:
    """Prefixes out of which a client is handed one address. A named pool hands out one address for all its users."""

    prefixes: tuple[Prefix, ...]
    name: str | None = None
    span: Span = NOWHERE
    source: Source | None = None


class Keep(Enum):
    """How long what was once found or had is kept: NO, CACHED (lost on reconnect), DURABLE."""

    NO = "no"
    CACHED = "cached"
    DURABLE = "durable"


@dataclass(frozen=True, slots=True)
class ByDns:
    """A DNS question for each of `names` (all are needed), each with the CNAME chain; `resolver` None: asked on path.

    `encrypted`: DNS over TLS or HTTPS: the question shows on no link, only at the resolver.
    """

    names: tuple[NamePattern, ...]
    cname: tuple[NamePattern, ...] = ()
    resolver: str | None = None
    encrypted: bool = False
    keep: Keep = Keep.NO
    expires: bool = False
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ByBag:
    """A list of hosts fetched over plain HTTP (TCP port 80) from `host`, which itself is found by DNS."""

    host: NamePattern
    resolver: str | None = None
    keep: Keep = Keep.NO
    expires: bool = False
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """The address ships with the client."""

    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ByFlow:
    """The address came over another flow, which therefore must arrive."""

    flow: str
    keep: Keep = Keep.NO
    expires: bool = False
    span: Span = NOWHERE


Finding = ByDns | ByBag | BuiltIn | ByFlow


@dataclass(frozen=True, slots=True)
class Tls:
    """What a ClientHello shows. `outer` is the public name under ECH: then it shows and `sni` does not."""

    sni: NamePattern | None = None
    outer: NamePattern | None = None
    alpn: tuple[str, ...] = ()  # the whole offered list is one observation


@dataclass(frozen=True, slots=True)
class Via:
    """Rides inside connection `connection`; `passing_through`: forwarded without a wrapping of its own."""

    connection: str
    passing_through: bool = False


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way of making a connection, after `either … or …` has been multiplied out.

    `key` is stable and readable ("v4 tcp 5223"). `pool` None: an address of its own (assumption own_address).
    `found` is a chain, all of it needed; empty: assumption found. `host` is a name shown in clear text at set-up.
    `own` holds values of fields that the model declares.
    """

    key: str
    transport: Transport
    ports: tuple[Range, ...] = ()
    pool: Pool | None = None
    version: int | None = None
    tls: Tls | None = None
    host: NamePattern | None = None
    own: tuple[tuple[Field, str], ...] = ()
    via: Via | None = None
    found: tuple[Finding, ...] = ()
    guard: Guard = ALWAYS
    span: Span = NOWHERE


class Order(Enum):
    """What a stream does with a dropped unit: send it again until it passes, or let the rest pass."""

    IN_ORDER = "in order"
    ANY_ORDER = "any order"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class ControlSizes:
    """Control units of one direction of a stream: what occurs (`usual`) and what may (`possible`), in bytes."""

    usual: tuple[Range, ...]
    possible: tuple[Range, ...] = ()


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection of each of `clients` to `server`; `over` names links where the shortest path ties.

    `control_up`/`control_down` None: silence, that is `usual 1..64` by assumption control(c). `plain`: inner fields
    show.
    """

    name: str
    clients: tuple[str, ...]
    server: str
    alternatives: tuple[Alternative, ...]
    stream: bool = False
    order: Order = Order.OPEN
    kept_up: bool = False
    many: bool = False
    rotate: bool = False
    pinned: bool = False
    plain: bool = False
    presents: tuple[str, ...] = ()
    control_up: ControlSizes | None = None
    control_down: ControlSizes | None = None
    over: tuple[str, ...] = ()
    span: Span = NOWHERE
    source: Source | None = None
