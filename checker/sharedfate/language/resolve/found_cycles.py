"""Addresses that can never be found, because each way to find them needs them already (spec B6, D2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sharedfate.language.diagnostics import Code, Label
from sharedfate.language.resolve.scope import Scope
from sharedfate.model.network import Alternative, ByFlow, Connection
from sharedfate.model.source import Span
from sharedfate.model.traffic import Flow


def found_cycles(flows: Iterable[Flow], connections: Mapping[str, Connection], scope: Scope) -> None:
    """Refuse each connection every alternative of which is found over a flow that needs the connection itself.

    Guards are taken to hold: what is refused could be set up under no assumption. A connection that only needs a
    refused one is not refused besides.
    """
    rides = {flow.name: {hop.connection for hop in flow.hops if hop.connection is not None} for flow in flows}
    stuck = _never_found(rides, connections)
    for name in stuck:
        item = connections[name]
        steps = [step for way in item.alternatives for step in way.found if isinstance(step, ByFlow)]
        if not steps or name not in _reached(name, stuck):
            continue
        message = f"the address of `{name}` comes over a flow that needs `{name}` itself"
        labels = tuple(Label(span, text) for span, text in dict.fromkeys(_leads(step, stuck, rides) for step in steps))
        notes = ("add another way to find it with `or`: `built in`, `dns …`, or a flow on another connection",)
        scope.found.error(Code.FOUND_CYCLE, message, item.span, labels=labels, notes=notes)


def _leads(step: ByFlow, stuck: Mapping[str, set[str]], rides: Mapping[str, set[str]]) -> tuple[Span, str]:
    on = sorted(rides.get(step.flow, set()) & stuck.keys())
    return step.span, f"`{step.flow}` rides on `{on[0]}`" if on else f"`{step.flow}` is needed"


def _never_found(rides: Mapping[str, set[str]], connections: Mapping[str, Connection]) -> dict[str, set[str]]:
    """The connections of which no alternative can be set up first, each with those of them that it waits for."""
    stuck = {name: item for name, item in connections.items() if item.alternatives}
    while True:
        waits = {name: [_needs(way, rides) & stuck.keys() for way in item.alternatives] for name, item in stuck.items()}
        free = [name for name, ways in waits.items() if not all(ways)]
        if not free:
            return {name: set().union(*ways) for name, ways in waits.items()}
        for name in free:
            del stuck[name]


def _needs(way: Alternative, rides: Mapping[str, set[str]]) -> set[str]:
    """The connections that have to be there before this alternative can be set up."""
    over = {other for step in way.found if isinstance(step, ByFlow) for other in rides.get(step.flow, set())}
    return over if way.via is None or way.via.passing_through else over | {way.via.connection}


def _reached(name: str, waits: Mapping[str, set[str]]) -> set[str]:
    """Everything that a connection waits for, directly or not."""
    reached: set[str] = set()
    todo = sorted(waits[name])
    while todo:
        other = todo.pop()
        if other not in reached:
            reached.add(other)
            todo += sorted(waits[other])
    return reached
