"""Rungs of flows and functions as literals (spec D7, D8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from sharedfate.model.question import Rung
from sharedfate.model.traffic import AllOf, AnyOf, Arm, First, Flow, Formula, NeedsFlow, NeedsFunction
from sharedfate.semantics.obligation.channel import Channel
from sharedfate.semantics.obligation.logic import FALSE, TRUE, Lit
from sharedfate.semantics.obligation.setting import Setting
from sharedfate.semantics.stage import Instance, InstanceId, StagedAlternative


@dataclass(frozen=True, slots=True)
class Ladder:
    """Literals of standing at each rung or higher; `dead` or higher is always true."""

    hurt: Lit
    strained: Lit
    clean: Lit

    def at_least(self, rung: Rung) -> Lit:
        """The literal of standing at `rung` or higher."""
        return (TRUE, self.hurt, self.strained, self.clean)[rung]


class Fate:
    """What happens to every flow and function of a stage under one policy."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._logic = setting.logic
        self._channels: dict[tuple[InstanceId, bool], Channel] = {}
        self._flows: dict[tuple[str, bool], Ladder] = {}
        self._functions: dict[tuple[str, bool], Ladder] = {}
        self._in_progress: set[tuple[str, bool]] = set()

    def _channel(self, of: InstanceId, fresh: bool) -> Channel:
        key = (of, fresh)
        if key not in self._channels:
            instance = self._setting.stage.instance(of)
            self._channels[key] = Channel(self._setting, instance, self, fresh=fresh)
        return self._channels[key]

    def outer(self, item: StagedAlternative, *, fresh: bool) -> Channel | None:
        """The tunnel that an alternative is wrapped in."""
        wrapped = item.segments[0].outer
        return None if wrapped is None else self._channel(wrapped, fresh)

    def flow_at_least(self, flow: str, rung: int, *, fresh: bool) -> Lit:
        """The flow stands at `rung` or higher; a flow by which its own connection is found counts as dead."""
        if (flow, fresh) in self._in_progress:
            return FALSE
        return self.flow(self._setting.model.flow[flow], fresh).at_least(Rung(rung))

    def flow(self, flow: Flow, fresh: bool) -> Ladder:
        """D7."""
        key = (flow.name, fresh)
        if key not in self._flows:
            self._in_progress.add(key)
            self._flows[key] = self._flow(flow, fresh)
            self._in_progress.discard(key)
        return self._flows[key]

    def _flow(self, flow: Flow, fresh: bool) -> Ladder:
        logic, nature = self._logic, self._setting.nature
        there = nature.guard(flow.guard)
        if self._setting.had(flow, fresh=fresh):
            return Ladder(there, there, there)
        hops = list(self._hops(flow, fresh))
        exists = [
            logic.both(nature.guard(one.guard), TRUE if one.occurs is None else nature.holds(one.occurs))
            for one in self._setting.stage.classes[flow.name]
        ]
        arrives = [logic.all(channel.arrives(load, unit) for channel, load in hops) for unit in range(len(exists))]
        passes = [logic.both(arrives[unit], -self._silenced(flow, unit)) for unit in range(len(exists))]
        alive = logic.both(there, logic.any(logic.both(*pair) for pair in zip(exists, passes, strict=True)))
        whole = logic.both(
            alive,
            *(logic.either(-one, arrived) for one, arrived in zip(exists, passes, strict=True)),
            *(-channel.short(flow.name) for channel, _ in hops),
            *(-channel.stalled_beside(flow.name) for channel, _ in hops),
        )
        clean = logic.both(whole, *(-channel.bears(flow.name) for channel, _ in hops))
        return Ladder(alive, whole, clean)

    def _silenced(self, flow: Flow, unit: int) -> Lit:
        """A service on the way drops the unit's message; a padded unit only when it drops each of its parts."""
        classes = self._setting.stage.classes[flow.name]
        padded = classes[unit].padded
        parts = [unit] if padded is None else [i for i, one in enumerate(classes) if one.padded == padded]
        return self._logic.all(self._setting.acts.message(flow, part) for part in parts)

    def _hops(self, flow: Flow, fresh: bool) -> Iterator[tuple[Channel, int]]:
        for hop in flow.hops:
            if hop.connection is not None and hop.client is not None:
                channel = self._channel(InstanceId(hop.connection, hop.client), fresh)
                yield channel, _load(channel.instance, flow.name, hop.direction)

    def function(self, name: str, *, fresh: bool = False) -> Ladder:
        """D8."""
        key = (name, fresh)
        if key not in self._functions:
            self._functions[key] = self._formula(self._setting.model.function[name].formula, fresh=fresh)
        return self._functions[key]

    def _formula(self, formula: Formula, *, fresh: bool) -> Ladder:
        model = self._setting.model
        match formula:
            case NeedsFlow(flow=name):
                return self.flow(model.flow[name], fresh)
            case NeedsFunction(function=name):
                return self.function(name, fresh=fresh)
            case First(formula=inner):
                return self._formula(inner, fresh=True)
            case AllOf(parts=parts):
                ladders = [self._formula(part, fresh=fresh) for part in parts]
                return Ladder(*(self._logic.all(one.at_least(rung) for one in ladders) for rung in list(Rung)[1:]))
            case AnyOf(arms=arms):
                return self._any(arms, fresh)
            case _:
                assert_never(formula)

    def _any(self, arms: tuple[Arm, ...], fresh: bool) -> Ladder:
        listed = [
            (self._setting.nature.guard(arm.guard), self._formula(arm.formula, fresh=fresh), arm.degraded)
            for arm in arms
        ]
        logic = self._logic
        hurt = logic.any(logic.both(there, one.hurt) for there, one, _ in listed)
        strained = logic.any(logic.both(there, one.strained) for there, one, degraded in listed if not degraded)
        clean = logic.both(
            logic.any(logic.both(there, one.clean) for there, one, degraded in listed if not degraded),
            *(logic.either(-there, one.clean) for there, one, _ in listed),
        )
        return Ladder(hurt, strained, clean)


def _load(instance: Instance, flow: str, direction: object) -> int:
    for index, carried in enumerate(instance.carried):
        if carried.flow == flow and carried.direction is direction and carried.rider is None:
            return index
    raise KeyError(flow)
