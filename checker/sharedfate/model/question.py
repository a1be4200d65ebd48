"""Properties: what is asked, and what is expected."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum

from sharedfate.model.facts import FactLiteral
from sharedfate.model.source import NOWHERE, Source, Span


class Rung(IntEnum):
    """The ladder, lowest first."""

    DEAD = 0
    HURT = 1
    STRAINED = 2
    CLEAN = 3

    def __str__(self) -> str:
        return self.name.lower()


class Horizon(Enum):
    """How far into the effects of the same policy one looks."""

    AT_ONCE = "at once"
    ON_RECONNECT = "on reconnect"
    FOR_GOOD = "for good"


@dataclass(frozen=True, slots=True)
class CanCut:
    """`A can|cannot block|degrade F sparing G… [unharmed] | without killing G`.

    The attack puts F at `cut` or lower (DEAD: block, HURT: degrade) while every function of `spared` stays at `kept`
    or higher (HURT: without killing, STRAINED: sparing, CLEAN: unharmed). `positive`: the form is `can`.
    """

    adversary: str
    positive: bool
    function: str
    cut: Rung
    spared: tuple[str, ...]
    kept: Rung
    horizon: Horizon = Horizon.ON_RECONNECT


@dataclass(frozen=True, slots=True)
class UnderPolicies:
    """`F[, G…] works | dies | is RUNG under P[, Q…]`: each function's rung lies in low..high, ends included."""

    functions: tuple[str, ...]
    low: Rung
    high: Rung
    policies: tuple[str, ...]
    horizon: Horizon = Horizon.ON_RECONNECT


@dataclass(frozen=True, slots=True)
class AlwaysRides:
    """`F always rides C`: no unit of F, on a hop of C's client, is ever outside connection C."""

    function: str
    connection: str


Question = CanCut | UnderPolicies | AlwaysRides


class VerdictKind(Enum):
    """Never a bool."""

    PROVED = "proved"
    VIOLATED = "violated"
    CONDITIONAL = "conditional"
    BOUNDED = "bounded"
    VACUOUS = "vacuous"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Expectation:
    """`expect VERDICT [on FACT, …]`: with `on`, a conditional verdict must name exactly these facts."""

    verdict: VerdictKind
    on: tuple[str, ...] = ()
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Check:
    """One property. `given` are the facts that `with` and `without` close. `text` is the statement as written."""

    name: str
    question: Question
    given: tuple[FactLiteral, ...] = ()
    expect: Expectation = Expectation(VerdictKind.PROVED)
    text: str = ""
    span: Span = NOWHERE
    source: Source | None = None
