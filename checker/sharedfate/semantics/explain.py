"""Why a flow stands where it stands, in words, under a single policy: plain data for reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sharedfate.model.network import ByBag, ByDns, ByFlow, Finding
from sharedfate.model.question import Rung
from sharedfate.model.wire import Direction
from sharedfate.semantics.fate import Fate, FlowState
from sharedfate.semantics.fate_units import AlternativeFate, InstanceFate, flow_units
from sharedfate.semantics.hits import OneEffect
from sharedfate.semantics.observe import Seen
from sharedfate.semantics.policies import Decision
from sharedfate.semantics.stage import Instance


@dataclass(frozen=True)
class FlowReason:
    """Why a flow is not clean. `cause` is a short noun, `reason` a sentence; both empty for a clean flow.

    `connections` are those that it rides on, tunnels included. `decisions` are the acts that bear on it, one a rule,
    in the order of the rules (a default's last).
    """

    flow: str
    rung: Rung
    reason: str
    cause: str
    connections: tuple[str, ...]
    decisions: tuple[Decision, ...]

    @property
    def cut_by(self) -> tuple[int, ...]:
        """Indices of the rules that touch it."""
        return tuple(sorted({one.rule for one in self.decisions if one.rule is not None}))


def flow_reason(fate: Fate, name: str, fresh: bool = False) -> FlowReason:
    """Why a flow stands on its rung. The fate must be of a single policy (made by `fate.fate`)."""
    state = fate.flow(name, fresh)
    rung = state.rungs.rung
    cause, reason = ("", "") if rung is Rung.CLEAN else _why(fate, state, rung, fresh)
    rides = dict.fromkeys(item.connection.name for hop in state.hops for item in _with_tunnels(fate, hop.instance))
    decisions = () if rung is Rung.CLEAN else tuple(_decisions(fate, state, fresh))
    return FlowReason(name, rung, reason, cause, tuple(rides), decisions)


def _why(fate: Fate, state: FlowState, rung: Rung, fresh: bool) -> tuple[str, str]:
    if not state.there:
        return "not there", "what it is guarded by does not hold"
    if not state.classes:
        return "no units", "no size of it is there"
    if any(touch.dropped for touch in state.messages):
        places = _places_that_drop(fate, state)
        return "messages dropped", f"its messages are dropped at {places}"
    for hop in state.hops:
        found = _why_on(fate, state, hop, fresh)
        if found is not None:
            return found
    if rung is Rung.STRAINED:
        return "strained", "it arrives, but something that bears on it was acted on"
    return "units lost", "each of its hops loses a part of it"


def _places_that_drop(fate: Fate, state: FlowState) -> str:
    classes = fate.setting.stage.classes[state.flow.name]
    places = dict.fromkeys(
        seen.observation.place
        for hop in range(len(state.flow.hops))
        for index in state.classes
        for seen in fate.setting.images.messages(state.flow, hop, classes[index])
        if fate.setting.effects.hits(seen).dropped
    )
    return ", ".join(places)


def _why_on(fate: Fate, state: FlowState, hop: InstanceFate, fresh: bool) -> tuple[str, str] | None:
    """The cause on one instance, or None where it does not harm the flow."""
    name = hop.instance.label
    flow = state.flow.name
    numbers = set(flow_units(hop.instance, flow))
    lost = [where for (number, _), where in hop.lost.items() if number in numbers]
    if not hop.alive:
        return _why_unusable(hop)
    at = _sits_at(fate, hop)
    if any(lost):
        return _why_lost(hop, at, numbers)
    if hop.short.get(flow, 0):
        return "throttled", f"{name} lets pass less than is needed"
    if hop.hurt.get(flow, 0):
        many = name if hop.instance.connection.many else f"tunnels of {name}"
        return "some stall", f"some of the many {many} lose a unit and stall"
    if hop.broken:
        return "broken", f"{name} is broken off and must be set up anew"
    if any(one.setup_touched or one.finding_touched or not one.usable for one in hop.alternatives):
        return "set-up touched", f"{name} is acted on while it is set up, at {_touched_ways(hop)}"
    if any(where for (number, _), where in hop.unit_touched.items() if number in numbers):
        what = "its units" if not hop.instance.connection.stream else f"units on {name}"
        return "units touched", f"{what} are held up or sent again"
    return None


def _sits_at(fate: Fate, hop: InstanceFate) -> AlternativeFate | None:
    if hop.running is not None and not hop.broken:
        return hop.running
    wanted = fate.units.preference(hop.instance)
    usable = [one for one in hop.alternatives if one.usable]
    return next((one for one in usable if one.item.key == wanted), usable[0] if usable else None)


def _touched_ways(hop: InstanceFate) -> str:
    return ", ".join(
        one.item.key for one in hop.alternatives if one.setup_touched or one.finding_touched or not one.usable
    )


def _why_unusable(hop: InstanceFate) -> tuple[str, str]:
    name = hop.instance.label
    if not hop.alternatives:
        return "no way", f"no alternative of {name} is there"
    ways = [_why_not_usable(one) for one in hop.alternatives]
    causes = list(dict.fromkeys(cause for cause, _ in ways))
    cause = causes[0] if len(causes) == 1 else "no way"
    if len(ways) == 1:
        return cause, f"{name} cannot be set up: {ways[0][1]}"
    told = "; ".join(f"{one.item.key}: {why}" for one, (_, why) in zip(hop.alternatives, ways, strict=True))
    return cause, f"{name} cannot be set up ({told})"


def _why_not_usable(one: AlternativeFate) -> tuple[str, str]:
    if not one.found:
        return "not found", f"not found by {' then '.join(map(_step, one.item.alternative.found))}"
    if one.away:
        return "set-up refused", "its set-up is refused"
    return "tunnel down", "the tunnel that it rides via is down"


def _step(step: Finding) -> str:
    match step:
        case ByDns(names=names):
            return "dns " + ", ".join(name.text for name in names)
        case ByBag(host=host):
            return f"bag {host.text}"
        case ByFlow(flow=flow):
            return f"flow {flow}"
        case _:
            return "its built-in address"


def _why_lost(hop: InstanceFate, at: AlternativeFate | None, numbers: set[int]) -> tuple[str, str]:
    name = hop.instance.label
    if at is None:
        return "units lost", f"units are lost on {name}"
    dropped = {unit for unit, touch in at.units.items() if touch.dropped}
    carried = hop.instance.carried
    inside = " inside its tunnel" if any(segment.outer for segment in at.item.segments) else ""
    if hop.instance.connection.stream:
        control = {unit for unit in dropped if carried[unit[0]].flow is None and carried[unit[0]].rider is None}
        if control:
            ways = {carried[number].direction for number, _ in control}
            way = "" if len(ways) > 1 else " up" if ways == {Direction.UP} else " down"
            return "control units lost", f"control units of {name} are lost{way}{inside}: nothing on it arrives"
        if not {unit for unit in dropped if unit[0] in numbers}:
            others = dict.fromkeys(carried[number].flow or "control" for number, _ in sorted(dropped))
            return "stream stalls", f"{name} redelivers in order and stalls on units of {', '.join(others)}{inside}"
    return "units dropped", f"its units are dropped on {name}{inside}"


# Which decisions bear on a flow


def _with_tunnels(fate: Fate, instance: Instance) -> Iterator[Instance]:
    yield instance
    for item in instance.alternatives:
        for segment in item.segments:
            if segment.outer is not None:
                yield from _with_tunnels(fate, fate.setting.stage.instance(segment.outer))


def _decisions(fate: Fate, state: FlowState, fresh: bool) -> list[Decision]:
    effects = fate.setting.effects
    if not isinstance(effects, OneEffect):
        raise TypeError("only the fate under a single policy has reasons")
    found: dict[tuple[str, int | None], Decision] = {}
    for seen in _bearing(fate, state, fresh):
        for decision in effects.decisions(seen):
            found.setdefault((decision.policy, decision.rule), decision)
    return sorted(found.values(), key=lambda one: (one.policy, one.rule is None, one.rule or 0))


def _bearing(fate: Fate, state: FlowState, fresh: bool) -> Iterator[Seen]:
    """Every observation that bears on a flow (D7)."""
    classes = fate.setting.stage.classes[state.flow.name]
    for number in range(len(state.flow.hops)):
        for index in state.classes:
            yield from fate.setting.images.messages(state.flow, number, classes[index])
    for hop in state.hops:
        yield from _bearing_on(fate, hop, state.flow.name, fresh)


def _bearing_on(fate: Fate, hop: InstanceFate, flow: str, fresh: bool) -> Iterator[Seen]:
    images, choice = fate.setting.images, fate.setting.choice
    instance = hop.instance
    for one in hop.alternatives:
        image = images.image(instance, one.item, choice)
        if hop.running is None or hop.broken:
            for step in one.item.found:
                if fate.units.must_find(instance, step, fresh):
                    yield from images.finding(one.item, step, choice)
            yield from image.making
        for number, index in hop.lost:
            load = instance.carried[number]
            if instance.connection.stream or load.flow == flow:
                yield from image.packets[load.direction]
                yield from image.records[number][index]
        for segment in one.item.segments:
            if segment.outer is not None:
                yield from _bearing_on(fate, fate.units.fate(segment.outer, fresh), flow, fresh)
