"""What declared policies do to every function, at every horizon, and which entries are to blame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sharedfate.engines.blocking.beyond import beyond
from sharedfate.engines.blocking.claims import Ground
from sharedfate.engines.blocking.fates import flow_fates
from sharedfate.engines.blocking.game import Excluded, Game, Outcome, Sides
from sharedfate.engines.blocking.guilt import Entry, entries_of, numbering
from sharedfate.engines.blocking.leaning import leaned_on
from sharedfate.engines.blocking.replay import choice_of, replayed
from sharedfate.engines.budget import Budget, Exhausted
from sharedfate.evidence.audit import AuditCell, AuditReport, AuditRow, Guilty
from sharedfate.evidence.certify import InternalCheckFailed
from sharedfate.model.facts import FactLiteral
from sharedfate.model.model import Model
from sharedfate.model.policy import Policy
from sharedfate.model.question import Horizon, Rung
from sharedfate.semantics.choices import Choice
from sharedfate.semantics.cone import needed_flows
from sharedfate.semantics.explain import FlowReason, flow_reason
from sharedfate.semantics.fate import Fate
from sharedfate.semantics.obligation.effects import Acts
from sharedfate.semantics.obligation.logic import Lit
from sharedfate.solver.sat import Workshop


class NoChoice(Exception):
    """No choice of nature satisfies what is given."""


@dataclass(frozen=True, slots=True)
class _Extremes:
    """The lowest and the highest rung that some choice of nature leads to, and a choice for the lowest."""

    low: Rung
    high: Rung
    worst: Outcome


def audit(model: Model, policies: Sequence[Policy], given: Sequence[FactLiteral] = ()) -> AuditReport:
    """Every function's rungs under the policies. `given` closes open facts besides the model's own.

    Raises NoChoice, Exhausted, InternalCheckFailed.
    """
    budget = Budget()
    budget.start()
    functions = tuple(function.name for function in model.functions)
    unmodelled = beyond(model, functions)
    if unmodelled:
        raise Exhausted(unmodelled)
    ground = Ground(model, tuple(policies), tuple(given), functions, Workshop())
    return _Audit(ground, tuple(given), budget).report()


class _Audit:
    def __init__(self, ground: Ground, given: tuple[FactLiteral, ...], budget: Budget) -> None:
        self._ground = ground
        self._world = ground.world
        self._given = given
        self._budget = budget
        self._fates: dict[tuple[frozenset[int], Horizon], Fate] = {}
        for horizon in Horizon:
            for function in ground.model.functions:
                self._world.rung(function.name, Rung.CLEAN, Rung.CLEAN, ground.acts, horizon)
                self._world.rung(function.name, Rung.CLEAN, Rung.CLEAN, None, horizon)
        facts = self._world.given(given)
        rules = (*self._world.nature.constraints, *self._world.occurrence, *facts)
        sides = Sides((), tuple(self._world.nature.literals()), (), rules)
        self._game = Game(self._world.logic, sides, budget)

    def report(self) -> AuditReport:
        """All rows; the flows of each cell are those at nature's worst choice."""
        model, policies = self._ground.model, self._ground.policies
        names = [function.name for function in model.functions]
        found = {(name, horizon): self._extremes(name, horizon) for name in names for horizon in Horizon}
        reasons = [
            reason for (name, horizon), one in found.items() for reason in self._reasons(name, horizon, one.worst)
        ]
        entries = entries_of(reasons, policies)
        rows = tuple(
            AuditRow(
                name,
                tuple(self._cell(name, horizon, found[name, horizon], entries) for horizon in Horizon),
                self._extreme(name, Horizon.ON_RECONNECT, None).low,
            )
            for name in names
        )
        depends = any(one.low is not one.high for one in found.values())
        leaned = leaned_on(model, self._world, names, self._given, self._world.logic.all(self._roots()))
        return AuditReport(
            policies=tuple(policy.name for policy in policies),
            rows=rows,
            guilty=tuple(Guilty(entry.policy, entry.span, entry.rule) for entry in entries),
            leaned_on=(*leaned, *self._open()) if depends else leaned,
        )

    def _roots(self) -> list[Lit]:
        """Every rung of every function at every horizon."""
        return [
            self._world.fate(self._ground.acts, horizon).function(function.name).at_least(rung)
            for function in self._ground.model.functions
            for horizon in Horizon
            for rung in list(Rung)[1:]
        ]

    def _open(self) -> list[str]:
        """The open facts that some rung depends on."""
        literals = self._world.nature.literals()
        support = [one for one in self._world.logic.support(self._roots()) if one in literals]
        return sorted({str(literals[one].fact) for one in support})

    def _extremes(self, name: str, horizon: Horizon) -> _Extremes:
        found = self._extreme(name, horizon, self._ground.acts)
        fate = self._fate(horizon, found.worst)
        if fate.function(name).rung is not found.low:
            raise InternalCheckFailed(f"an audit does not replay: {name} {horizon.value}")
        return found

    def _extreme(self, name: str, horizon: Horizon, acts: Acts | None) -> _Extremes:
        possible: dict[Rung, Outcome] = {}
        for rung in Rung:
            answer = self._game.outcome((self._world.rung(name, rung, rung, acts, horizon),))
            if not isinstance(answer, Excluded):
                possible[rung] = answer
        if not possible:
            raise NoChoice("no choice of nature satisfies what is given")
        return _Extremes(min(possible), max(possible), possible[min(possible)])

    def _choice(self, outcome: Outcome) -> Choice:
        return choice_of(self._world, outcome.choice)

    def _fate(self, horizon: Horizon, outcome: Outcome) -> Fate:
        key = (outcome.choice, horizon)
        if key not in self._fates:
            self._fates[key] = replayed(self._world, self._ground.acting, self._choice(outcome), horizon)
        return self._fates[key]

    def _reasons(self, name: str, horizon: Horizon, worst: Outcome) -> list[FlowReason]:
        fate = self._fate(horizon, worst)
        wanted = needed_flows(self._ground.model, self._ground.model.function[name].formula)
        return [flow_reason(fate, flow, fresh) for flow, fresh in dict.fromkeys(wanted)]

    def _cell(self, name: str, horizon: Horizon, one: _Extremes, entries: Sequence[Entry]) -> AuditCell:
        model = self._ground.model
        fate = self._fate(horizon, one.worst)
        numbered = numbering(entries, self._ground.policies)
        return AuditCell(horizon, one.low, one.high, flow_fates(model, model.function[name].formula, fate, numbered))
