"""What the checker says of one property: verdict, evidence, and what the evidence leaned on. Data only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sharedfate.model.facts import FactLiteral
from sharedfate.model.policy import WitnessRule
from sharedfate.model.question import Check, Horizon, Rung, VerdictKind

__all__ = [
    "Answer",
    "Attack",
    "Condition",
    "FlowFate",
    "FunctionFate",
    "Neighbour",
    "Proof",
    "Shared",
    "Shows",
    "WitnessRule",
]

Condition = tuple[FactLiteral, ...]
"""A conjunction of fact literals, in a fixed order. The empty one is `whatever nature chooses`."""


@dataclass(frozen=True, slots=True)
class FlowFate:
    """The rung of one flow, and in words why it is not clean (`reason` is empty for a clean one).

    `connections` are those that it rides on, `cut_by` the indices of the rules that touch it (in the attack's list,
    or among a policy's rules), `cause` a short noun ("set-up refused", "control units lost", …).
    """

    flow: str
    rung: Rung
    reason: str = ""
    cause: str = ""
    connections: tuple[str, ...] = ()
    cut_by: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionFate:
    """The rung of one function at the question's horizon, its flows, and its rung at the other horizons."""

    function: str
    rung: Rung
    flows: tuple[FlowFate, ...]
    at_horizon: tuple[tuple[Horizon, Rung], ...] = ()


@dataclass(frozen=True, slots=True)
class Attack:
    """A concrete policy and what it does, replayed on the executable semantics under `example` of nature's choices.

    It works whenever `condition` holds (empty: whatever nature chooses). `fates` lists every function of the model.
    `inferred` names fields that a classifier guesses and the rules use, with its error rate in percent or None.
    """

    rules: tuple[WitnessRule, ...]
    condition: Condition
    example: tuple[FactLiteral, ...]
    fates: tuple[FunctionFate, ...]
    inferred: tuple[tuple[str, float | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Shared:
    """One row of a shared-fate picture: at `endpoint` of `connection` (per client) which flows of F and G ride.

    `others` are the remaining flows there; `seen` the wire fields that the adversary sees there, as (field, value).
    """

    connection: str
    client: str
    endpoint: str
    cut_flows: tuple[str, ...]
    kept_flows: tuple[str, ...]
    others: tuple[str, ...]
    stream: bool
    seen: tuple[tuple[str, str], ...]
    hidden: tuple[tuple[str, str], ...]


class Shows(Enum):
    """What a certificate shows: that no policy is an attack, that an attack always works, or that a claim holds."""

    NO_ATTACK = "no attack"
    ATTACK_WORKS = "the attack works whatever nature chooses"
    CLAIM_HOLDS = "the claim holds whatever nature chooses"
    CLAIM_FAILS = "the claim fails whatever nature chooses"


@dataclass(frozen=True, slots=True)
class Proof:
    """A certificate that the kernel accepted: its obligation's and its own digest (SHA-256 hex) and sizes."""

    obligation: str
    certificate: str
    clauses: int
    steps: int
    condition: Condition = ()
    shows: Shows = Shows.NO_ATTACK


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A stronger or weaker statement of the same family, and its verdict."""

    statement: str
    verdict: VerdictKind
    stronger: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """The one result object that terminal, JSON, pictures and (later) reports render.

    `statement`: the property in words. `proved_if`/`violated_if`: the weakest conditions found (CONDITIONAL only);
    `partial`: the list of conditions was cut by the budget. `leaned_on`: assumptions and open facts that the answer
    used. `reason`: why a verdict is VACUOUS or UNKNOWN. `fates`: for a property under declared policies, what every
    function does. `guilty`: for such a property, (file:line, rule text) of the entries that hit.
    """

    check: Check
    verdict: VerdictKind
    met: bool
    statement: str
    reason: str = ""
    proved_if: tuple[Condition, ...] = ()
    violated_if: tuple[Condition, ...] = ()
    partial: bool = False
    attacks: tuple[Attack, ...] = ()
    proofs: tuple[Proof, ...] = ()
    shared: tuple[Shared, ...] = ()
    fates: tuple[FunctionFate, ...] = ()
    guilty: tuple[tuple[str, str], ...] = ()
    leaned_on: tuple[str, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
