"""Lays a question out: Model + functions + lens -> Stage. Routes, pools and what each instance carries (spec A)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sharedfate.model.facts import FactKind, FactName
from sharedfate.model.guard import both
from sharedfate.model.model import Model
from sharedfate.model.network import Alternative, ByBag, ByDns, Connection, Finding
from sharedfate.model.route import Path, Router
from sharedfate.model.wire import Direction, NamePattern
from sharedfate.semantics.cone import Traffic, cone
from sharedfate.semantics.lens import Lens
from sharedfate.semantics.stage import (
    Carried,
    Instance,
    InstanceId,
    PoolKind,
    PoolUse,
    Segment,
    Stage,
    StagedAlternative,
    StagedFinding,
    UnitClass,
)
from sharedfate.semantics.unit_classes import Classes, unit_classes


def stage(model: Model, functions: Sequence[str], lens: Lens) -> Stage:
    """Everything that the functions' fate depends on, for somebody who acts as `lens` says.

    Raises KeyError for a function that the model does not have; the resolver rules that out.
    """
    flows, ids = cone(model, functions)
    router = Router(model.links, (party.zone for party in model.parties))
    traffic = Traffic(model)
    # Sizes are cut by all that the model has, so that a class does not depend on which functions are asked about (A7).
    seen = _everywhere(model) if lens.sizes else ids
    ways = {here: _ways(model, router, here) for here in dict.fromkeys((*ids, *seen))}
    classes = unit_classes(model, lens, traffic, seen, {here: [way for _, way in ways[here]] for here in seen})
    instances = tuple(
        _instance(model, router, here, ways[here], tuple(_carried(model, traffic, here, classes))) for here in ids
    )
    return Stage(tuple(functions), flows, instances, {flow.name: classes.of_flow(flow.name) for flow in flows})


def _everywhere(model: Model) -> list[InstanceId]:
    return [InstanceId(one.name, client) for one in model.connections for client in one.clients]


def label_of(connection: Connection, client: str) -> str:
    """`courier`, or `courier@alice` when several clients have it."""
    return connection.name if len(connection.clients) == 1 else f"{connection.name}@{client}"


Way = tuple[Segment, ...]


def _ways(model: Model, router: Router, here: InstanceId) -> list[tuple[Alternative, Way]]:
    connection = model.connection[here.connection]
    return [(item, _segments(model, router, here, connection, item)) for item in connection.alternatives]


def _route(model: Model, router: Router, start: str, end: str, over: tuple[str, ...]) -> Path:
    found = router.routes(model.zone_of[start], model.zone_of[end], over)
    return found[0] if found else ()


def _segments(model: Model, router: Router, here: InstanceId, connection: Connection, item: Alternative) -> Way:
    if item.via is None:
        links = _route(model, router, here.client, connection.server, connection.over)
        return (Segment(links, here.client),)
    outer = model.connection[item.via.connection]
    front = InstanceId(outer.name, here.client)
    beyond = Segment(
        _route(model, router, outer.server, connection.server, ()),
        near=outer.server,
        exit=outer.server,
        client=here.client,
    )
    if item.via.passing_through:
        links = _route(model, router, here.client, outer.server, outer.over)
        return (Segment(links, here.client, through=front), beyond)
    return (Segment((), here.client, outer=front), beyond)


def _instance(
    model: Model,
    router: Router,
    here: InstanceId,
    ways: list[tuple[Alternative, Way]],
    carried: tuple[Carried, ...],
) -> Instance:
    connection = model.connection[here.connection]
    label = label_of(connection, here.client)
    alternatives = tuple(_staged(model, router, here, label, item, way) for item, way in ways)
    return Instance(here, connection, alternatives, carried, label)


def _staged(
    model: Model, router: Router, here: InstanceId, label: str, item: Alternative, way: Way
) -> StagedAlternative:
    return StagedAlternative(
        key=item.key,
        alternative=item,
        segments=way,
        address=_address(model.connection[here.connection], here, label, item),
        port=_port(label, item),
        names=_names(label, item),
        found=tuple(_finding(model, router, here, step, way) for step in item.found),
    )


def _address(connection: Connection, here: InstanceId, label: str, item: Alternative) -> PoolUse:
    def fact(*arguments: str) -> FactName:
        return FactName(FactKind.HANDS_OUT.value, arguments)

    if item.pool is None:
        return PoolUse(fact(label, "own address"), PoolKind.ADDRESS, own=connection.name)
    if item.pool.name is not None:
        return PoolUse(fact(f"{item.pool.name}@{here.client}"), PoolKind.ADDRESS, prefixes=item.pool.prefixes)
    lists = [other.pool.prefixes for other in connection.alternatives if other.pool and other.pool.name is None]
    distinct = [prefixes for prefixes in dict.fromkeys(lists) if prefixes[0].version == item.pool.prefixes[0].version]
    number = distinct.index(item.pool.prefixes)
    version = f"v{item.pool.prefixes[0].version}"
    return PoolUse(
        fact(label, version if number == 0 else f"{version} {number + 1}"),
        PoolKind.ADDRESS,
        prefixes=item.pool.prefixes,
    )


def _port(label: str, item: Alternative) -> PoolUse | None:
    if not item.ports:
        return None
    text = f"{item.transport.value} port {', '.join(str(ports) for ports in item.ports)}"
    return PoolUse(FactName(FactKind.HANDS_OUT.value, (label, text)), PoolKind.PORT, ports=item.ports)


def patterns_of(item: Alternative) -> Iterator[NamePattern]:
    """Every name pattern that an alternative shows or looks up, CNAME targets included, with repetitions."""
    if item.tls is not None:
        yield from (name for name in (item.tls.sni, item.tls.outer) if name is not None)
    if item.host is not None:
        yield item.host
    for step in item.found:
        match step:
            case ByDns(names=names, cname=cname):
                yield from (*names, *cname)
            case ByBag(host=host):
                yield host
            case _:
                pass


def _names(label: str, item: Alternative) -> tuple[tuple[str, PoolUse], ...]:
    texts = dict.fromkeys(name.text for name in patterns_of(item))
    fact = FactKind.HANDS_OUT.value
    return tuple((text, PoolUse(FactName(fact, (label, text)), PoolKind.NAME, pattern=text)) for text in texts)


def _finding(model: Model, router: Router, here: InstanceId, step: Finding, way: Way) -> StagedFinding:
    shown = tuple(segment for segment in way if segment.outer is None)
    resolver = step.resolver if isinstance(step, ByDns | ByBag) else None
    if resolver is None:
        return StagedFinding(step, shown, shown)
    question = Segment(_route(model, router, here.client, resolver, ()), here.client)
    return StagedFinding(step, (question,), shown)


def _carried(model: Model, traffic: Traffic, here: InstanceId, classes: Classes) -> Iterator[Carried]:
    for flow, direction in traffic.own(here):
        yield Carried(flow, direction, classes.of_flow(flow))
    if model.connection[here.connection].stream:
        for direction in Direction:
            yield Carried(None, direction, classes.of_control(here.connection, direction))
    for rider in traffic.riders(here):
        for load in _carried(model, traffic, rider.instance, classes):
            guarded = tuple(_guarded(unit, rider.alternative) for unit in load.classes)
            yield Carried(load.flow, load.direction, guarded, (rider.instance, rider.alternative.key))


def _guarded(unit: UnitClass, item: Alternative) -> UnitClass:
    return UnitClass(unit.sizes, unit.occurs, both(unit.guard, item.guard), unit.padded)
