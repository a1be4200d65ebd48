"""What functions need: flows in the order of the formula, and where they ride."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import assert_never

from sharedfate.model.model import Model
from sharedfate.model.network import ByFlow
from sharedfate.model.question import Horizon
from sharedfate.model.traffic import AllOf, AnyOf, First, Flow, Formula, NeedsFlow, NeedsFunction


@dataclass(frozen=True, slots=True)
class NeededFlow:
    """A flow of a function's formula: `instead` in the second or a later arm of an `or`, `first` under a `first`."""

    flow: str
    instead: bool = False
    degraded: bool = False
    first: bool = False

    @property
    def text(self) -> str:
        """`or degraded plain_sms`."""
        return ("or " if self.instead else "") + ("degraded " if self.degraded else "") + self.flow


def needed(model: Model, function: str) -> tuple[NeededFlow, ...]:
    """The flows of a function, each once, in order of first appearance."""
    found: dict[str, NeededFlow] = {}
    _collect(model, NeedsFunction(function), NeededFlow(""), found, set())
    return tuple(found.values())


def _collect(
    model: Model, formula: Formula, at: NeededFlow, found: dict[str, NeededFlow], unfolded: set[tuple[str, NeededFlow]]
) -> None:
    """Adds the flows of a formula; `at` says where in the whole formula it stands.

    A function is unfolded once for each such place: functions of functions may name the same one exponentially often.
    """
    match formula:
        case NeedsFlow(flow=flow):
            known = found.setdefault(flow, replace(at, flow=flow))
            if at.first and not known.first:
                found[flow] = replace(known, first=True)
        case NeedsFunction(function=name):
            if name in model.function and (name, at) not in unfolded:
                unfolded.add((name, at))
                _collect(model, model.function[name].formula, at, found, unfolded)
        case AllOf(parts=parts):
            for part in parts:
                _collect(model, part, at, found, unfolded)
        case AnyOf(arms=arms):
            for index, arm in enumerate(arms):
                here = replace(at, instead=at.instead or index > 0, degraded=at.degraded or arm.degraded)
                _collect(model, arm.formula, here, found, unfolded)
        case First(formula=inner):
            _collect(model, inner, replace(at, first=True), found, unfolded)
        case _:
            assert_never(formula)


def open_flows(model: Model, function: str, horizon: Horizon) -> set[str]:
    """The flows of a function that have to arrive: held ones only where it is had for the first time."""
    return {need.flow for need in needed(model, function) if need.first or not _is_held(model.flow[need.flow], horizon)}


def _is_held(flow: Flow, horizon: Horizon) -> bool:
    match horizon:
        case Horizon.AT_ONCE:
            return flow.durable or flow.cached
        case Horizon.ON_RECONNECT:
            return flow.durable
        case Horizon.FOR_GOOD:
            return flow.durable and not flow.expires
        case _:
            assert_never(horizon)


def rides(model: Model, flow: str) -> tuple[str, ...]:
    """The connections of a flow's hops, each once, in order of travel."""
    if flow not in model.flow:
        return ()
    return tuple(dict.fromkeys(hop.connection for hop in model.flow[flow].hops if hop.connection))


def carriers(model: Model, flow: str) -> tuple[str, ...]:
    """The connections of a flow's hops, and the tunnels that these may go via, outermost last."""
    found = dict.fromkeys(rides(model, flow))
    waiting = list(found)
    while waiting:
        via = [item.via for item in model.connection[waiting.pop(0)].alternatives]
        new = [item.connection for item in via if item is not None and item.connection not in found]
        found.update(dict.fromkeys(new))
        waiting += new
    return tuple(found)


def behind(model: Model, flow: str) -> frozenset[str]:
    """The connections that a flow can depend on: its carriers, and those of the flows that these are found by."""
    seen: set[str] = set()
    found: set[str] = set()
    waiting = [flow]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            at = carriers(model, name)
            found.update(at)
            ways = [way for item in at for way in model.connection[item].alternatives]
            waiting += [step.flow for way in ways for step in way.found if isinstance(step, ByFlow)]
    return frozenset(found)


def passengers(model: Model, connection: str) -> tuple[str, ...]:
    """The flows that ride a connection, in declaration order."""
    return tuple(flow.name for flow in model.flows if connection in rides(model, flow.name))


def aboard(model: Model, connection: str) -> tuple[str, ...]:
    """The flows that ride a connection or may go through it as a tunnel, in declaration order."""
    return tuple(flow.name for flow in model.flows if connection in carriers(model, flow.name))
