"""All that is asked of one model and one adversary (or one set of declared policies), on one table of literals."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from sharedfate.model.facts import FactKind, FactLiteral, FactName
from sharedfate.model.model import Model
from sharedfate.model.question import CanCut, Horizon, Rung
from sharedfate.semantics import fate as judge
from sharedfate.semantics import observe
from sharedfate.semantics.lens import Lens
from sharedfate.semantics.obligation.effects import Acts, NoActs
from sharedfate.semantics.obligation.fate import Fate
from sharedfate.semantics.obligation.images import Images
from sharedfate.semantics.obligation.logic import FALSE, TRUE, Lit, Logic
from sharedfate.semantics.obligation.nature import Nature
from sharedfate.semantics.obligation.setting import Setting
from sharedfate.semantics.obligation.values import Cuts, matching, pool_values
from sharedfate.semantics.stage import Stage, UnitClass
from sharedfate.semantics.staging import stage


class World:
    """Stage, nature and images of some functions of a model for one lens. Fate is worked out as it is asked for."""

    def __init__(self, model: Model, lens: Lens, cuts: Cuts, functions: Sequence[str]) -> None:
        """`functions`: those that will be asked about, or be reported.

        Raises logic.TooLarge, images.TooManyHandOuts or name_classes.TooManyNames beyond the budgets.
        """
        self.model = model
        self.logic = Logic()
        self.stage: Stage = stage(model, functions, lens)
        self.nature = Nature(self.logic, model)
        self.values = pool_values(self.stage, lens, cuts)
        self.images = Images(self.logic, model, self.stage, self.nature, self.values)
        self.shown = observe.Images(model, self.stage)
        self.replays: dict[object, judge.Fate] = {}
        self._fates: dict[tuple[int, Horizon], Fate] = {}
        self._nobody = NoActs()

    def fate(self, acts: Acts, horizon: Horizon) -> Fate:
        """The fate of everything under a policy; one for each policy object and horizon."""
        key = (id(acts), horizon)
        if key not in self._fates:
            setting = Setting(self.logic, self.model, self.stage, self.nature, acts, horizon)
            self._fates[key] = Fate(setting)
        return self._fates[key]

    def attack(self, question: CanCut, acts: Acts) -> Lit:
        """F1: F at `cut` or lower, every G at `kept` or higher."""
        fate = self.fate(acts, question.horizon)
        stands = fate.function(question.function).at_least(Rung(question.cut + 1))
        kept = (fate.function(name).at_least(question.kept) for name in question.spared)
        return self.logic.both(-stands, *kept)

    def honest(self, question: CanCut) -> Lit:
        """F2: without any policy F stands above `cut` and every G at `kept` or higher."""
        fate = self.fate(self._nobody, question.horizon)
        stands = fate.function(question.function).at_least(Rung(question.cut + 1))
        return self.logic.both(stands, *(fate.function(name).at_least(question.kept) for name in question.spared))

    def rung(self, function: str, low: Rung, high: Rung, acts: Acts | None, horizon: Horizon) -> Lit:
        """The function stands between two rungs, ends included."""
        ladder = self.fate(acts or self._nobody, horizon).function(function)
        above = FALSE if high is Rung.CLEAN else ladder.at_least(Rung(high + 1))
        return self.logic.both(ladder.at_least(low), -above)

    @cached_property
    def occurrence(self) -> list[Lit]:
        """A7: of every flow, and of every stream's control, some class occurs if any may be there."""
        groups: dict[object, tuple[UnitClass, ...]] = {}
        for instance in self.stage.instances:
            for carried in instance.carried:
                owner = carried.rider[0].connection if carried.rider else instance.id.connection
                key = carried.flow or (owner, carried.direction)
                if carried.rider is None:
                    groups.setdefault(key, carried.classes)
        for name, classes in self.stage.classes.items():
            groups.setdefault(name, classes)
        return [one for classes in groups.values() if (one := self._some_occurs(classes)) != TRUE]

    def _some_occurs(self, classes: Sequence[UnitClass]) -> Lit:
        guards = [self.nature.guard(one.guard) for one in classes]
        occurs = [
            guard if one.occurs is None else self.logic.both(guard, self.nature.holds(one.occurs))
            for guard, one in zip(guards, classes, strict=True)
        ]
        return self.logic.either(-self.logic.any(guards), self.logic.any(occurs))

    def given(self, facts: Sequence[FactLiteral]) -> list[Lit]:
        """What the model, the command line and a check say of open facts, as literals that must hold."""
        _ = self.occurrence  # all sizes that may occur are facts now, also of flows that no fate was asked of
        return [literal for fact in (*self.model.given, *facts) for literal in self._given(fact)]

    def _given(self, literal: FactLiteral) -> list[Lit]:
        if literal.fact.kind == FactKind.OCCURS.value:
            return self._given_occurrence(literal)
        if literal.value is not None:
            return [self._given_value(literal)]
        one = self.nature.holds(literal.fact)
        return [one if literal.positive else -one]

    def _given_occurrence(self, literal: FactLiteral) -> list[Lit]:
        """H: a given range closes every class inside it, a denied one every class that meets it."""
        first, last = ends(literal.fact)
        found: list[Lit] = []
        for fact, one in self.nature.booleans().items():
            if fact.kind == literal.fact.kind and fact.arguments[:-1] == literal.fact.arguments[:-1]:
                low, high = ends(fact)
                if literal.positive and first <= low and high <= last:
                    found.append(one)
                elif not literal.positive and first <= high and low <= last:
                    found.append(-one)
        return found

    def _given_value(self, literal: FactLiteral) -> Lit:
        wanted = literal.value or ""
        pools = self.nature.pools().get(literal.fact)
        values = self.nature.values(literal.fact)
        if pools is not None:
            fit = [text for text, sample in pools.items() if matching(sample, wanted)]
            one = self.logic.any(values.get(text, TRUE) for text in fit)
        else:
            one = values.get(wanted, TRUE if not values else FALSE)
        return one if literal.positive else -one


def ends(fact: FactName) -> tuple[int, int]:
    """The first and last size that an `occurs` fact is about."""
    low, _, high = fact.arguments[-1].partition("..")
    return int(low), int(high or low)
