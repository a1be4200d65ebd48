"""What becomes of flows and functions (spec D7, D8, E): the judge of every witness, and of the engine.

Give it a model, a stage, what acts, one choice of nature and a horizon; ask for the rung of a flow or a function.
Truth values are sets of policies (see hits.py); with one policy they are 1 and 0, and `rung` reads them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import assert_never

from sharedfate.model.model import Model
from sharedfate.model.question import Horizon, Rung
from sharedfate.model.traffic import AllOf, AnyOf, First, Flow, Formula, NeedsFlow, NeedsFunction
from sharedfate.semantics.choices import Choice, holds, is_there
from sharedfate.semantics.fate_units import InstanceFate, Setting, Units, flow_units, need_not_be_had
from sharedfate.semantics.hits import Effects, OneEffect, Touch, Where, strongest, weakest
from sharedfate.semantics.observe import Images
from sharedfate.semantics.policies import Acting
from sharedfate.semantics.stage import InstanceId, Stage


@dataclass(frozen=True, slots=True)
class Rungs:
    """Where a flow or function stands at `hurt` or higher, at `strained` or higher, at `clean`."""

    hurt: Where
    strained: Where
    clean: Where

    def at_least(self, rung: Rung, everywhere: Where) -> Where:
        """Where it stands at a rung or higher."""
        match rung:
            case Rung.DEAD:
                return everywhere
            case Rung.HURT:
                return self.hurt
            case Rung.STRAINED:
                return self.strained
            case Rung.CLEAN:
                return self.clean

    def at_most(self, rung: Rung, everywhere: Where) -> Where:
        """Where it stands at a rung or lower."""
        return everywhere if rung is Rung.CLEAN else everywhere & ~self.at_least(Rung(rung + 1), everywhere)

    @property
    def rung(self) -> Rung:
        """The rung under the first policy, which with a single one is the rung."""
        return Rung((self.hurt & 1) + (self.strained & 1) + (self.clean & 1))


@dataclass(frozen=True)
class FlowState:
    """A flow's rungs and what they come from.

    `kept`: it need not be had again. `classes`: indices of the unit classes that occur. `lost`: where each is lost.
    `dropped`: where services drop its messages. `messages`: what they do to each class. `hops`: instances used.
    """

    flow: Flow
    rungs: Rungs
    there: bool = True
    kept: bool = False
    classes: tuple[int, ...] = ()
    lost: tuple[Where, ...] = ()
    messages: tuple[Touch, ...] = ()
    hops: tuple[InstanceFate, ...] = ()


class Fate:
    """The fate of everything on a stage, under one choice of nature and one or many policies."""

    def __init__(
        self,
        model: Model,
        stage: Stage,
        effects: Effects,
        choice: Choice,
        horizon: Horizon,
        images: Images | None = None,
    ) -> None:
        """`images`: those of earlier choices on the same stage, to save work."""
        self.setting = Setting(model, stage, images or Images(model, stage), effects, choice, horizon)
        self.units = Units(self.setting, self._dead_and_unclean)
        self._flows: dict[tuple[str, bool], FlowState] = {}
        self._functions: dict[tuple[str, bool], Rungs] = {}
        self._open: set[tuple[str, bool]] = set()

    @cached_property
    def _all(self) -> Where:
        return self.setting.effects.everywhere

    def flow(self, name: str, fresh: bool = False) -> FlowState:
        """The state of a flow for a client that holds what it can, or (`fresh`) nothing."""
        key = (name, fresh)
        if key not in self._flows:
            self._flows[key] = self._flow(self.setting.model.flow[name], fresh)
        return self._flows[key]

    def function(self, name: str, fresh: bool = False) -> Rungs:
        """The rungs of a function (D8)."""
        key = (name, fresh)
        if key not in self._functions:
            self._functions[key] = self.formula(self.setting.model.function[name].formula, fresh)
        return self._functions[key]

    def formula(self, formula: Formula, fresh: bool = False) -> Rungs:
        """The rungs of a formula (D8)."""
        match formula:
            case NeedsFlow(flow=name):
                return self.flow(name, fresh).rungs
            case NeedsFunction(function=name):
                return self.function(name, fresh)
            case First(formula=inner):
                return self.formula(inner, True)
            case AllOf(parts=parts):
                result = Rungs(self._all, self._all, self._all)
                for part in parts:
                    one = self.formula(part, fresh)
                    result = Rungs(result.hurt & one.hurt, result.strained & one.strained, result.clean & one.clean)
                return result
            case AnyOf():
                return self._any_of(formula, fresh)
            case _:
                assert_never(formula)

    def _any_of(self, formula: AnyOf, fresh: bool) -> Rungs:
        """The highest arm; clean only if every arm is; then a degraded arm counts as hurt at most (D8)."""
        hurt = strained = 0
        clean = self._all
        whole = False
        for arm in formula.arms:
            if not holds(arm.guard, self.setting.choice):
                continue
            one = self.formula(arm.formula, fresh)
            hurt |= one.hurt
            clean &= one.clean
            if not arm.degraded:
                whole = True
                strained |= one.strained
        return Rungs(hurt, strained, clean if whole else 0)

    # Flows (D7)

    def _flow(self, flow: Flow, fresh: bool) -> FlowState:
        if not holds(flow.guard, self.setting.choice):
            return FlowState(flow, Rungs(0, 0, 0), there=False)
        if not fresh and need_not_be_had(flow, self.setting.horizon):
            return FlowState(flow, Rungs(self._all, self._all, self._all), kept=True)
        key = (flow.name, fresh)
        if key in self._open:  # found by a flow that rides on it: the resolver refuses such models
            return FlowState(flow, Rungs(0, 0, 0))
        self._open.add(key)
        state = self._sent(flow, fresh)
        self._open.discard(key)
        return state

    def _sent(self, flow: Flow, fresh: bool) -> FlowState:
        classes = self.setting.stage.classes[flow.name]
        there = [index for index, unit in enumerate(classes) if is_there(unit, self.setting.choice)]
        messages = self._messages(flow, there)
        lost = [messages[index].dropped for index in there]
        touched = _or_all(touch.acted for touch in messages.values())
        harmed = 0
        hops: list[InstanceFate] = []
        for of in dict.fromkeys(_instances(flow)):
            fate = self.units.fate(of, fresh)
            hops.append(fate)
            touched |= fate.touched
            harmed |= fate.hurt.get(flow.name, 0) | fate.short.get(flow.name, 0)
            for number in flow_units(fate.instance, flow.name):
                for position, index in enumerate(there):
                    lost[position] |= fate.lost[number, index]
                    touched |= fate.unit_touched[number, index]
        some_arrives = _or_all(self._all & ~where for where in lost)
        all_arrive = some_arrives & ~_or_all(lost) & ~harmed
        rungs = Rungs(some_arrives, all_arrive, all_arrive & ~touched)
        acts = tuple(messages[index] for index in there)
        return FlowState(flow, rungs, True, False, tuple(there), tuple(lost), acts, tuple(hops))

    def _messages(self, flow: Flow, there: list[int]) -> dict[int, Touch]:
        """What services on the way do to the messages of each class (B7); to padded ones, the weakest of the pieces."""
        classes = self.setting.stage.classes[flow.name]
        found: dict[int, Touch] = {}
        groups: dict[int, list[int]] = {}
        for index in there:
            held = (
                Touch(self.setting.effects.hits(seen).dropped)
                for hop in range(len(flow.hops))
                for seen in self.setting.images.messages(flow, hop, classes[index])
            )
            found[index] = strongest(held)
            group = classes[index].padded
            if group is not None:
                groups.setdefault(group, []).append(index)
        for pieces in groups.values():
            found |= dict.fromkeys(pieces, weakest([found[piece] for piece in pieces]))
        return found

    def _dead_and_unclean(self, name: str, fresh: bool) -> tuple[Where, Where]:
        rungs = self.flow(name, fresh).rungs
        return self._all & ~rungs.hurt, self._all & ~rungs.clean


def fate(
    model: Model, stage: Stage, policy: Acting, choice: Choice, horizon: Horizon, images: Images | None = None
) -> Fate:
    """The fate of a stage under one policy and one choice of nature."""
    return Fate(model, stage, OneEffect(policy), choice, horizon, images)


def _instances(flow: Flow) -> list[InstanceId]:
    return [
        InstanceId(hop.connection, hop.client)
        for hop in flow.hops
        if hop.connection is not None and hop.client is not None
    ]


def _or_all(values: Iterable[Where]) -> Where:
    result = 0
    for value in values:
        result |= value
    return result
