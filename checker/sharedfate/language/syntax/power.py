"""Adversaries, policies and checks."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from sharedfate.language.syntax.base import (
    Address,
    Declaration,
    FactLiteral,
    Ident,
    Interval,
    Node,
    Place,
    Rate,
    Target,
    Text,
)
from sharedfate.model.adversary import Act
from sharedfate.model.question import Horizon, Rung, VerdictKind
from sharedfate.model.wire import Dialect, Direction, Transport


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class OnClause(Node):
    """`on PLACE`."""

    place: Place


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ControlsClause(Node):
    """`controls s, t`, `controls the ROLE`, `controls any service operated by OP`."""

    target: Target


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WatchesClause(Node):
    """`watches s, t`, with the same targets as `controls`."""

    target: Target


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SeesClause(Node):
    """`sees ip, port`: names of fields, built in or declared."""

    fields: tuple[Ident, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class InferredField(Node):
    """`FIELD [error 4%]`."""

    field: Ident
    error_percent: Decimal | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class InfersClause(Node):
    """`infers flow error 4%, size`."""

    fields: tuple[InferredField, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class MayAct(Node):
    """One act of `may`; `rate` with THROTTLE only, and optional there."""

    act: Act
    rate: Rate | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class MayClause(Node):
    """`may drop, reset, throttle 64 kbit, redirect`."""

    acts: tuple[MayAct, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class HoldsRoot(Node):
    """`holds root`."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LimitedClause(Node):
    """`limited to K rules`."""

    rules: int


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DenyClause(Node):
    """`default deny` in an adversary: its rules are an allow-list."""


AdversaryClause = (
    OnClause
    | ControlsClause
    | WatchesClause
    | SeesClause
    | InfersClause
    | MayClause
    | HoldsRoot
    | LimitedClause
    | DenyClause
)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class AdversaryDecl(Declaration):
    """`adversary NAME [extends BASE] { clauses }`."""

    name: Ident
    base: Ident | None = None
    clauses: tuple[AdversaryClause, ...] = ()


class ActionKind(Enum):
    """What a declared rule does."""

    ALLOW = "allow"
    DROP = "drop"
    RESET = "reset"
    THROTTLE = "throttle"
    REDIRECT = "redirect"
    INTERCEPT = "intercept"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Action(Node):
    """`rate` exactly with THROTTLE; with REDIRECT `address`, or None for `redirect to dns(sni)`."""

    kind: ActionKind
    rate: Rate | None = None
    address: Address | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class IpMatch(Node):
    """`ip P, P`."""

    addresses: tuple[Address, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PortMatch(Node):
    """`port 1, 2..3`."""

    ports: tuple[Interval, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TransportMatch(Node):
    """`tcp [ports]`, `udp [ports]`."""

    transport: Transport
    ports: tuple[Interval, ...] = ()


class NameField(Enum):
    """Which name a rule judges; NAME is whichever shows."""

    NAME = "name"
    SNI = "sni"
    DNS = "dns"
    HOST = "host"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class NameMatch(Node):
    """`name|sni|dns|host "x", "y" [matching DIALECT] [each cname]`; no dialect: exact."""

    field: NameField
    names: tuple[Text, ...]
    dialect: Dialect | None = None
    each_cname: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SizeMatch(Node):
    """`size R, R`."""

    ranges: tuple[Interval, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DirectionMatch(Node):
    """`up` or `down`."""

    direction: Direction


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ValueMatch(Node):
    """`FIELD "x", "y"`: topic, account, alpn, or a field that the model declares."""

    field: Ident
    values: tuple[Text, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ClientMatch(Node):
    """`client p, q`."""

    clients: tuple[Ident, ...]


Match = IpMatch | PortMatch | TransportMatch | NameMatch | SizeMatch | DirectionMatch | ValueMatch | ClientMatch


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Rule(Node):
    """`ACTION [at set-up] matches`; no matches: everything."""

    action: Action
    matches: tuple[Match, ...] = ()
    at_setup: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DefaultRule(Node):
    """`default deny` or `default allow`."""

    deny: bool


PolicyClause = Rule | DefaultRule


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PolicyDecl(Declaration):
    """`policy NAME on PLACE { rules }`."""

    name: Ident
    place: Place
    clauses: tuple[PolicyClause, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CutQuestion(Node):
    """`A can|cannot block|degrade F sparing G, H [unharmed]` or `… block F without killing G, H`.

    `cut` DEAD: block, HURT: degrade. `kept` HURT: without killing, STRAINED: sparing, CLEAN: sparing … unharmed.
    """

    adversary: Ident
    positive: bool
    cut: Rung
    function: Ident
    spared: tuple[Ident, ...]
    kept: Rung


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class UnderQuestion(Node):
    """`F, G works|dies|is RUNG under P, Q`: works is STRAINED..CLEAN, dies DEAD..DEAD, a rung itself twice."""

    functions: tuple[Ident, ...]
    low: Rung
    high: Rung
    policies: tuple[Ident, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class RidesQuestion(Node):
    """`F always rides C`."""

    function: Ident
    connection: Ident


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class NotYetQuestion(Node):
    """A property of a later question: learn, distinguish, link, forge, accepts. `text` is it from `word` on."""

    word: str
    subject: Ident
    text: str


Question = CutQuestion | UnderQuestion | RidesQuestion | NotYetQuestion


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Given(Node):
    """One literal of `with` (`holds`) or `without` (not `holds`: its negation is given)."""

    fact: FactLiteral
    holds: bool = True


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Expect(Node):
    """`expect VERDICT [on FACT, …]`."""

    verdict: VerdictKind
    on: tuple[FactLiteral, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CheckDecl(Declaration):
    """`check NAME : QUESTION [HORIZON] [with …] [without …] [expect …]`; `statement` is the text before `expect`."""

    name: Ident
    question: Question
    horizon: Horizon | None = None
    given: tuple[Given, ...] = ()
    expect: Expect | None = None
    statement: str = field(default="", compare=False)
