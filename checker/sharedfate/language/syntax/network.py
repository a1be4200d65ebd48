"""Small declarations, and connections."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sharedfate.language.syntax.base import Address, Declaration, FactLiteral, Guard, Ident, Interval, Node, Text
from sharedfate.model.network import Keep
from sharedfate.model.traffic import SizeKind
from sharedfate.model.wire import Direction, Phase


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ModelDecl(Declaration):
    """`model NAME "title"`."""

    name: Ident
    title: Text | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class UseStd(Node):
    """A dotted name of the shipped library: `std.adversaries`."""

    parts: tuple[Ident, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class UseFile(Node):
    """A file beside this one."""

    path: Text


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class UseDecl(Declaration):
    """`use std.adversaries, "file.fate"`."""

    uses: tuple[UseStd | UseFile, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ZoneDecl(Declaration):
    """`zone a, b`."""

    names: tuple[Ident, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LinkDecl(Declaration):
    """`link NAME : LEFT -- RIGHT tagged t, u`."""

    name: Ident
    left: Ident
    right: Ident
    tags: tuple[Ident, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PartyDecl(Declaration):
    """`party a, b at ZONE`."""

    names: tuple[Ident, ...]
    zone: Ident


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ServiceDecl(Declaration):
    """`service s, t at ZONE operated by OPERATOR role r, q`."""

    names: tuple[Ident, ...]
    zone: Ident
    operator: Ident | None = None
    roles: tuple[Ident, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class AssumeDecl(Declaration):
    """`assume NAME [open] ["text"]`: declares an assumption."""

    name: Ident
    is_open: bool = False
    text: Text | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class GivenDecl(Declaration):
    """`assume FACT ["text"]`, where FACT is negated or has arguments: closes an open fact."""

    fact: FactLiteral
    text: Text | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FieldDecl(Declaration):
    """`field NAME at set-up|packet|record`."""

    name: Ident
    phase: Phase


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PoolDecl(Declaration):
    """`pool NAME : PREFIX, …`."""

    name: Ident
    addresses: tuple[Address, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class NotYetDecl(Declaration):
    """`protocol …` or `find …`: words of later questions; `text` is verbatim."""

    word: str
    text: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class To(Node):
    """`[v4|v6] to PREFIX, …`, `[v4|v6] to pool NAME`, or a version alone (no addresses, no pool)."""

    addresses: tuple[Address, ...] = ()
    pool: Ident | None = None
    version: int | None = None


class Carrier(Enum):
    """Transports as they are written; QUIC is UDP with TLS inside."""

    TCP = "tcp"
    UDP = "udp"
    QUIC = "quic"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Ports(Node):
    """`tcp 5223`, `udp 500, 4500`, `quic 443`; a list is one pool of ports."""

    carrier: Carrier
    ports: tuple[Interval, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Bearer(Node):
    """`bearer "sms"`: shows no address and no port."""

    label: Text | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Tls(Node):
    """`tls [sni "x"] [ech outer "y"] [alpn "a", "b"]`."""

    sni: Text | None = None
    outer: Text | None = None
    alpn: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Via(Node):
    """`via CONNECTION [passing through]`."""

    connection: Ident
    passing_through: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Host(Node):
    """`host "x"`: a name shown in clear text at set-up."""

    name: Text


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DnsStep(Node):
    """`dns "n", "m" [cname "a" then "b"] [cached|durable] [expires] [resolved at R] [encrypted]`."""

    names: tuple[Text, ...]
    cname: tuple[Text, ...] = ()
    resolver: Ident | None = None
    encrypted: bool = False
    keep: Keep = Keep.NO
    expires: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BagStep(Node):
    """`bag "host" [cached|durable] [expires] [resolved at R]`."""

    host: Text
    resolver: Ident | None = None
    keep: Keep = Keep.NO
    expires: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FlowStep(Node):
    """`flow F [cached|durable] [expires]`: the address came over another flow."""

    flow: Ident
    keep: Keep = Keep.NO
    expires: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BuiltInStep(Node):
    """`built in`."""


Step = DnsStep | BagStep | FlowStep | BuiltInStep


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FoundBy(Node):
    """`found by STEP then STEP or STEP`: alternatives (`or`) of chains (`then`). In an arm: one chain."""

    choices: tuple[tuple[Step, ...], ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class OwnValue(Node):
    """`FIELD "value"`: what a field that the model declares shows."""

    field: Ident
    value: Text


Attribute = To | Ports | Bearer | Tls | Via | Host | FoundBy | OwnValue


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Arm(Node):
    """One arm of an `either`: attributes, and when it is there."""

    attributes: tuple[Attribute, ...]
    guard: Guard | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Either(Node):
    """`either ARM or ARM …`; several such clauses multiply."""

    arms: tuple[Arm, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Attributes(Node):
    """Attributes of every alternative, one line of them; with a guard, only where it holds."""

    attributes: tuple[Attribute, ...]
    guard: Guard | None = None


class Setting(Enum):
    """Words that stand alone in a connection. `gives up` is ANY_ORDER."""

    STREAM = "stream"
    DATAGRAMS = "datagrams"
    KEPT_UP = "kept up"
    MANY = "many"
    ROTATE = "rotate"
    PINNED = "pinned"
    PLAIN = "plain"
    IN_ORDER = "redelivers in order"
    ANY_ORDER = "redelivers any order"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Set(Node):
    """A setting."""

    setting: Setting


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Presents(Node):
    """`presents token, account`."""

    names: tuple[Ident, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ControlPart(Node):
    """Sizes of control units of one direction; `kind` is USUAL or POSSIBLE."""

    direction: Direction
    kind: SizeKind
    ranges: tuple[Interval, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Control(Node):
    """`control up usual 5..64 size 5..4096 down usual 5..64`."""

    parts: tuple[ControlPart, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Over(Node):
    """`over link, link`: the path, where the shortest one ties."""

    links: tuple[Ident, ...]


ConnectionClause = Either | Attributes | Set | Presents | Control | Over


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ConnectionDecl(Declaration):
    """`connection NAME : [each of] CLIENT, … -> SERVER { clauses }`."""

    name: Ident
    clients: tuple[Ident, ...]
    server: Ident
    clauses: tuple[ConnectionClause, ...] = ()
