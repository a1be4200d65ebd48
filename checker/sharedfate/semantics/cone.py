"""Which flows and instances a question's functions need: the cone of influence (spec A1, A5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from sharedfate.model.model import Model
from sharedfate.model.network import ByFlow
from sharedfate.model.traffic import AllOf, AnyOf, First, Flow, Formula, NeedsFlow, NeedsFunction
from sharedfate.semantics.stage import InstanceId


def flows_of(model: Model, formula: Formula) -> Iterator[str]:
    """Names of the flows in a formula, through the functions that it names, in order, with repetitions."""
    return (flow for flow, _ in needed_flows(model, formula))


def needed_flows(model: Model, formula: Formula, fresh: bool = False) -> Iterator[tuple[str, bool]]:
    """The same, with whether the flow is asked of a client that holds nothing (under `first`)."""
    match formula:
        case NeedsFlow(flow=name):
            yield name, fresh
        case NeedsFunction(function=name):
            yield from needed_flows(model, model.function[name].formula, fresh)
        case AllOf(parts=parts):
            for part in parts:
                yield from needed_flows(model, part, fresh)
        case AnyOf(arms=arms):
            for arm in arms:
                yield from needed_flows(model, arm.formula, fresh)
        case First(formula=inner):
            yield from needed_flows(model, inner, True)
        case _:
            assert_never(formula)


def cone(model: Model, functions: Sequence[str]) -> tuple[tuple[Flow, ...], tuple[InstanceId, ...]]:
    """The flows that the functions need (with those that finding an endpoint needs) and the instances that they use.

    Outer tunnels come before what rides in them; otherwise the order is that of declaration.
    """
    wanted: dict[str, None] = {}
    instances: dict[InstanceId, None] = {}
    todo = [name for function in functions for name in flows_of(model, model.function[function].formula)]
    while todo:
        name = todo.pop(0)
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
