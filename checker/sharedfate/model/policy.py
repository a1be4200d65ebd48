"""Declared policies: ordered rules on a place."""

from __future__ import annotations

from dataclasses import dataclass

from sharedfate.model.source import NOWHERE, Source, Span
from sharedfate.model.wire import Dialect, Direction, Field, Phase, Prefix, Range, Transport


@dataclass(frozen=True, slots=True)
class MatchIp:
    """The far address lies in one of the prefixes."""

    prefixes: tuple[Prefix, ...]


@dataclass(frozen=True, slots=True)
class MatchPort:
    """The far port lies in one of the ranges, over `transport` (None: either)."""

    ranges: tuple[Range, ...]
    transport: Transport | None = None


@dataclass(frozen=True, slots=True)
class MatchTransport:
    """TCP or UDP, any port."""

    transport: Transport


@dataclass(frozen=True, slots=True)
class MatchName:
    """A name: `field` SNI, DNS, HOST, or None for whichever name shows. One of `names`, in `dialect`.

    `each_cname`: on DNS questions every name of the chain is judged alone, and all must pass.
    """

    names: tuple[str, ...]
    dialect: Dialect = Dialect.EXACT
    field: Field | None = None
    each_cname: bool = False


@dataclass(frozen=True, slots=True)
class MatchValue:
    """Any other field (alpn, topic, account, client, own fields) has one of the values."""

    field: Field
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatchSize:
    """The unit's size lies in one of the ranges, in bytes."""

    ranges: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class MatchDirection:
    """Up (from the client) or down."""

    direction: Direction


@dataclass(frozen=True, slots=True)
class MatchAbsent:
    """The observation shows no such field. Only witnesses use it: in a declared policy a name never matches absence."""

    field: Field


Match = MatchIp | MatchPort | MatchTransport | MatchName | MatchValue | MatchSize | MatchDirection | MatchAbsent


@dataclass(frozen=True, slots=True)
class Allow:
    """Lets pass."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Loses what is hit."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Refuses an endpoint, or tears a TCP connection down after the record has passed."""


@dataclass(frozen=True, slots=True)
class Throttle:
    """Lets at most `rate` bit/s pass."""

    rate: int


@dataclass(frozen=True, slots=True)
class Redirect:
    """Sends elsewhere: to an address (`prefix`, a /32 or /128), or to what the shown TLS name resolves to."""

    prefix: Prefix | None = None  # None: dns(sni)


@dataclass(frozen=True, slots=True)
class Intercept:
    """Ends TLS with a certificate of its own: a pinned client refuses, any other is read."""


Action = Allow | Drop | Reset | Throttle | Redirect | Intercept


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: all matches must hold (none: everything). `at_setup`: new connections only."""

    action: Action
    matches: tuple[Match, ...] = ()
    at_setup: bool = False
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Policy:
    """Ordered rules, the first match decides, the default last. `links`/`services`: where it sits."""

    name: str
    links: tuple[str, ...]
    services: tuple[str, ...]
    rules: tuple[Rule, ...]
    default_deny: bool = False
    default_span: Span = NOWHERE
    span: Span = NOWHERE
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class WitnessRule:
    """One rule of a witness policy: at `place` (a link or service) act on what matches in `phase`.

    Without a phase it is a rule of an ordered list (spec C2): one that allows, or the default that drops the rest.
    """

    place: str
    action: Action
    phase: Phase | None
    matches: tuple[Match, ...]
