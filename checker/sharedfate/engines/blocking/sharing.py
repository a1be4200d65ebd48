"""What F and G share at every endpoint: the rows of the shared-fate picture."""

from __future__ import annotations

from collections.abc import Iterator

from sharedfate.evidence.answer import Shared
from sharedfate.model.adversary import Adversary
from sharedfate.model.model import Model
from sharedfate.model.question import CanCut
from sharedfate.model.wire import ALPN, HOST, IP, PORT, SIZE, SNI, TOPIC, Field
from sharedfate.semantics.cone import flows_of
from sharedfate.semantics.obligation.values import prefix_text
from sharedfate.semantics.obligation.world import World
from sharedfate.semantics.stage import Instance, StagedAlternative


def shared_rows(model: Model, adversary: Adversary, world: World, question: CanCut) -> tuple[Shared, ...]:
    """One row for each alternative of each instance that F or G rides on, in order of declaration."""
    cut = _flows(model, question.function)
    kept = {flow for name in question.spared for flow in _flows(model, name)}
    return tuple(
        _row(model, adversary, world, instance, item, cut, kept)
        for instance in world.stage.instances
        if {carried.flow for carried in instance.carried} & (cut | kept)
        for item in instance.alternatives
    )


def _flows(model: Model, function: str) -> set[str]:
    return set(flows_of(model, model.function[function].formula))


def _row(
    model: Model,
    adversary: Adversary,
    world: World,
    instance: Instance,
    item: StagedAlternative,
    cut: set[str],
    kept: set[str],
) -> Shared:
    carried = list(dict.fromkeys(load.flow for load in instance.carried if load.flow is not None))
    places = {place for segment in item.segments for place in (*segment.links, segment.exit) if segment.outer is None}
    at = bool(places & {*adversary.links, *adversary.services})
    sees = {*adversary.sees, *(one.field for one in adversary.infers)}
    fields = list(_fields(model, world, item, carried, readable=instance.connection.plain))
    return Shared(
        connection=instance.id.connection,
        client=instance.id.client,
        endpoint=item.key,
        cut_flows=tuple(flow for flow in carried if flow in cut),
        kept_flows=tuple(flow for flow in carried if flow in kept),
        others=tuple(flow for flow in carried if flow not in cut | kept),
        stream=instance.connection.stream,
        seen=tuple((field.name, text) for field, text, shows in fields if at and shows and field in sees),
        hidden=tuple((field.name, text) for field, text, shows in fields if not (at and shows and field in sees)),
    )


def _fields(
    model: Model, world: World, item: StagedAlternative, carried: list[str], *, readable: bool
) -> Iterator[tuple[Field, str, bool]]:
    """(field, value, whether the wire shows it) of an alternative."""
    alternative = item.alternative
    addresses = ", ".join(dict.fromkeys(value.text for value in world.values[item.address.fact]))
    if item.address.prefixes:
        addresses = ", ".join(prefix_text(prefix) for prefix in item.address.prefixes)
    yield IP, addresses, True
    if alternative.ports:
        yield PORT, f"{alternative.transport.value} {', '.join(map(str, alternative.ports))}", True
    tls = alternative.tls
    if tls is not None:
        shown = tls.outer or tls.sni
        if shown is not None:
            yield SNI, shown.text, True
        if tls.alpn:
            yield ALPN, ", ".join(tls.alpn), True
    if alternative.host is not None:
        yield HOST, alternative.host.text, True
    yield SIZE, "of each record", True
    topics = [model.flow[flow].topic for flow in carried]
    named = dict.fromkeys(topic.value or "other" for topic in topics if topic is not None)
    if named:
        yield TOPIC, ", ".join(named), readable
