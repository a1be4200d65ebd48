"""Which flows and instances a question's functions need: the cone of influence (spec A1, A5)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from sharedfate.model.model import Model
from sharedfate.model.network import Alternative, ByFlow
from sharedfate.model.traffic import AllOf, AnyOf, First, Flow, Formula, NeedsFlow, NeedsFunction
from sharedfate.model.wire import Direction
from sharedfate.semantics.stage import InstanceId


def flows_of(model: Model, formula: Formula) -> Iterator[str]:
    """Names of the flows in a formula, through the functions that it names, in order, with repetitions."""
    return (flow for flow, _ in needed_flows(model, formula))


def needed_flows(model: Model, formula: Formula) -> Iterator[tuple[str, bool]]:
    """The same, with whether the flow is asked of a client that holds nothing (under `first`)."""
    return _needed(model, formula, False, set())


def _needed(model: Model, formula: Formula, fresh: bool, unfolded: set[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """Each function is unfolded once: functions of functions may name the same one exponentially often."""
    match formula:
        case NeedsFlow(flow=name):
            yield name, fresh
        case NeedsFunction(function=name):
            if (name, fresh) not in unfolded:
                unfolded.add((name, fresh))
                yield from _needed(model, model.function[name].formula, fresh, unfolded)
        case AllOf(parts=parts):
            for part in parts:
                yield from _needed(model, part, fresh, unfolded)
        case AnyOf(arms=arms):
            for arm in arms:
                yield from _needed(model, arm.formula, fresh, unfolded)
        case First(formula=inner):
            yield from _needed(model, inner, True, unfolded)
        case _:
            assert_never(formula)


@dataclass(frozen=True, slots=True)
class Rider:
    """An alternative of an instance that is wrapped in a tunnel."""

    instance: InstanceId
    alternative: Alternative


class Traffic:
    """What the instances of a model carry, looked up by instance; in declaration order."""

    def __init__(self, model: Model) -> None:
        self._own: dict[InstanceId, list[tuple[str, Direction]]] = {}
        for flow in model.flows:
            for hop in flow.hops:
                if hop.connection is not None and hop.client is not None:
                    carrier = InstanceId(hop.connection, hop.client)
                    self._own.setdefault(carrier, []).append((flow.name, hop.direction))
        self._riders: dict[InstanceId, list[Rider]] = {}
        for connection in model.connections:
            for item in connection.alternatives:
                if item.via is not None and not item.via.passing_through:
                    for client in connection.clients:
                        rider = Rider(InstanceId(connection.name, client), item)
                        self._riders.setdefault(InstanceId(item.via.connection, client), []).append(rider)

    def own(self, here: InstanceId) -> Sequence[tuple[str, Direction]]:
        """The flows that have a hop on the instance, once for each hop, with its direction."""
        return self._own.get(here, ())

    def riders(self, here: InstanceId) -> Sequence[Rider]:
        """The alternatives that ride in the instance."""
        return self._riders.get(here, ())


def cone(model: Model, functions: Sequence[str]) -> tuple[tuple[Flow, ...], tuple[InstanceId, ...]]:
    """The flows that the functions need (with those that finding an endpoint needs) and the instances that they use.

    Outer tunnels come before what rides in them; otherwise the order is that of declaration.
    """
    wanted: dict[str, None] = {}
    instances: dict[InstanceId, None] = {}
    todo = deque(name for function in functions for name in flows_of(model, model.function[function].formula))
    while todo:
        name = todo.popleft()
        if name in wanted:
            continue
        wanted[name] = None
        for hop in model.flow[name].hops:
            if hop.connection is not None and hop.client is not None:
                todo += _reach(model, InstanceId(hop.connection, hop.client), instances)
    flows = tuple(flow for flow in model.flows if flow.name in wanted)
    return flows, tuple(_outer_first(model, instances))


def _reach(model: Model, start: InstanceId, known: dict[InstanceId, None]) -> list[str]:
    """Adds an instance and its tunnels; returns the flows that finding them needs."""
    needed: list[str] = []
    todo = [start]
    while todo:
        here = todo.pop()
        if here in known:
            continue
        known[here] = None
        for alternative in model.connection[here.connection].alternatives:
            if alternative.via is not None:
                todo.append(InstanceId(alternative.via.connection, here.client))
            needed += [step.flow for step in alternative.found if isinstance(step, ByFlow)]
    return needed


def _outer_first(model: Model, instances: Iterable[InstanceId]) -> Iterator[InstanceId]:
    order = {connection.name: index for index, connection in enumerate(model.connections)}
    clients = {name: index for index, name in enumerate(model.zone_of)}
    placed: dict[InstanceId, None] = {}

    def place(here: InstanceId) -> None:
        if here in placed:
            return
        for alternative in model.connection[here.connection].alternatives:
            if alternative.via is not None:
                place(InstanceId(alternative.via.connection, here.client))
        placed[here] = None

    for item in sorted(instances, key=lambda one: (order[one.connection], clients[one.client])):
        place(item)
    yield from placed
