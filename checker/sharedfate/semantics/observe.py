"""What shows where: the observations that connections, findings and messages make (spec B), endpoint by endpoint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from sharedfate.model.adversary import Adversary
from sharedfate.model.facts import FactKind, FactName
from sharedfate.model.model import Model
from sharedfate.model.network import Alternative, BuiltIn, ByBag, ByDns, ByFlow
from sharedfate.model.traffic import Flow
from sharedfate.model.wire import (
    ACCOUNT,
    ALPN,
    CLIENT,
    DIRECTION,
    DNS,
    FLOW,
    HOST,
    IP,
    PORT,
    SIZE,
    SNI,
    TOPIC,
    Direction,
    Field,
    NamePattern,
    Phase,
    Range,
    Transport,
)
from sharedfate.semantics.choices import Address, Choice, Value, holds
from sharedfate.semantics.stage import (
    Carried,
    Instance,
    PoolUse,
    Segment,
    Stage,
    StagedAlternative,
    StagedFinding,
    UnitClass,
)

SENDER, RECEIVER, CONNECTION = HOP_FIELDS = Field("sender"), Field("receiver"), Field("connection")
"""Who sends and who receives a message, and on which connection, over the hop at which a service holds it (B7)."""

Shown = Address | tuple[str, int] | tuple[str, ...] | Range | Direction
"""A field's value: an address, (transport, port), a list of ALPNs, a size class, a direction, or text."""
Fields = tuple[tuple[Field, Shown], ...]


@dataclass(frozen=True, eq=False)
class Observation:
    """One observation (B2). `fields` are sorted by name; `inner` is what a holder of the root key sees besides.

    `making`: it is made while something is set up. `chain`: the names that a DNS answer goes through, in order.
    Observations are compared by identity; views are compared by value.
    """

    place: str
    phase: Phase
    direction: Direction
    fields: Fields
    making: bool = False
    inner: Fields = ()
    chain: tuple[str, ...] = ()
    transport: Transport | None = None

    def get(self, field: Field) -> Shown | None:
        """The value of a field, or None if the observation does not have it."""
        return next((value for one, value in (*self.fields, *self.inner) if one == field), None)


@dataclass(frozen=True, eq=False)
class Seen:
    """An observation, with the set-up observation of the same connection at the same place if there is one."""

    observation: Observation
    setup: Observation | None


View = tuple[str, Phase, tuple[tuple[str, Shown], ...]]
"""Place, phase, and each seen field with its value (B8)."""


def view_of(adversary: Adversary, seen: Observation) -> View | None:
    """What an adversary sees of an observation; None where it does not sit (or only watches)."""
    fields = {*adversary.sees, *(item.field for item in adversary.infers)}
    if seen.place in adversary.services:
        held = (*seen.fields, *seen.inner) if adversary.holds_root else seen.fields
        kept = [(one, value) for one, value in held if one != FLOW or FLOW in fields]
    elif seen.place in adversary.links:
        if fields & {IP, SIZE}:
            fields.add(DIRECTION)
        if IP in fields:
            fields.add(CLIENT)
        visible = (*seen.fields, *seen.inner) if adversary.holds_root else seen.fields
        kept = [(one, value) for one, value in visible if one in fields]
    else:
        return None
    shown = [(one.name, value) for one, value in kept]
    if seen.chain and any(one == DNS for one, _ in kept):
        shown.append(("cname", seen.chain))
    return seen.place, seen.phase, tuple(shown)


@dataclass(frozen=True, eq=False)
class Image:
    """All that one alternative shows at one endpoint, outside the tunnel that wraps it.

    `making`: packets while it is set up, in both directions, and the set-up observation. `packets` and `records`: once
    it runs; records by the index of what the instance carries, then by unit class.
    """

    making: tuple[Seen, ...]
    packets: Mapping[Direction, tuple[Seen, ...]]
    records: tuple[tuple[tuple[Seen, ...], ...], ...]


class Images:
    """Makes images of a stage and remembers them: an image depends only on the endpoint, not on the rest of nature."""

    def __init__(self, model: Model, stage: Stage) -> None:
        self.model = model
        self.stage = stage
        self._phase = {own.field: own.phase for own in model.own_fields}
        self._parties = {party.name for party in model.parties}
        self._images: dict[object, Image] = {}
        self._findings: dict[object, tuple[Seen, ...]] = {}
        self._messages: dict[object, tuple[Seen, ...]] = {}

    def image(self, instance: Instance, item: StagedAlternative, choice: Choice) -> Image:
        """The image of an alternative at the endpoint that nature hands out (B3 to B5)."""
        front = self._front(item, choice)
        fronts = () if front is None else (front.key, self._endpoint(front, choice))
        key = (instance.id, item.key, self._endpoint(item, choice), fronts)
        if key not in self._images:
            self._images[key] = self._draw(instance, item, front, choice)
        return self._images[key]

    def finding(self, item: StagedAlternative, step: StagedFinding, choice: Choice) -> tuple[Seen, ...]:
        """The observations that one step of finding an alternative makes (B6); none for built in and `by flow`."""
        key = (id(step), tuple(self.name(item, NamePattern(text), choice) for text, _ in item.names))
        if key not in self._findings:
            self._findings[key] = tuple(self._find(item, step, choice))
        return self._findings[key]

    def messages(self, flow: Flow, hop: int, unit: UnitClass) -> tuple[Seen, ...]:
        """What the services that carry a message of a class hold, for one hop of its flow (B7)."""
        key = (flow.name, hop, unit)
        if key not in self._messages:
            self._messages[key] = tuple(self._message(flow, hop, unit))
        return self._messages[key]

    # Endpoints

    def _front(self, item: StagedAlternative, choice: Choice) -> StagedAlternative | None:
        """For `passing through`: the alternative of the other connection whose address and port show."""
        through = next((segment.through for segment in item.segments if segment.through is not None), None)
        return None if through is None else preferred(self.stage, self.stage.instance(through), choice)

    def _endpoint(self, item: StagedAlternative, choice: Choice) -> tuple[Value | None, ...]:
        pools = (item.address, *([item.port] if item.port else []), *(pool for _, pool in item.names))
        return tuple(choice.get(pool.fact) for pool in pools)

    def name(self, item: StagedAlternative, pattern: NamePattern, choice: Choice) -> str:
        """The concrete name that an alternative shows or looks up for a pattern, in lower case."""
        pool = dict(item.names).get(pattern.text)
        value = None if pool is None else choice.get(pool.fact)
        return value if isinstance(value, str) else pattern.text.lower()

    # Images

    def _draw(
        self, instance: Instance, item: StagedAlternative, front: StagedAlternative | None, choice: Choice
    ) -> Image:
        making: list[Seen] = []
        packets: dict[Direction, list[Seen]] = {way: [] for way in Direction}
        records: list[list[list[Seen]]] = [[[] for _ in load.classes] for load in instance.carried]
        shown = self._setup_fields(item, choice)
        for segment in item.segments:
            if segment.outer is not None:
                continue
            transport = (front or item).alternative.transport if segment.through else item.alternative.transport
            packet = self._packet_fields(item, segment, front if segment.through else item, choice)
            near = packet
            for place in _places(segment):
                packet = {**near, CLIENT: segment.client} if place == segment.exit else near
                setup = None
                if has_setup(item.alternative):
                    fields = _sorted({**packet, **shown})
                    setup = Observation(place, Phase.SETUP, Direction.UP, _at(fields, Direction.UP), True,
                                        transport=transport)  # fmt: skip
                    making.append(Seen(setup, setup))
                for way in Direction:
                    fields = _at(_sorted(packet), way)
                    making.append(Seen(Observation(place, Phase.PACKET, way, fields, True, transport=transport), setup))
                    running = Observation(place, Phase.PACKET, way, fields, transport=transport)
                    packets[way].append(Seen(running, setup))
                for number, load in enumerate(instance.carried):
                    for index, unit in enumerate(load.classes):
                        record = self._record(instance, item, load, unit, {**packet, **shown}, place, transport)
                        records[number][index].append(Seen(record, setup))
        return Image(
            tuple(making),
            {way: tuple(seen) for way, seen in packets.items()},
            tuple(tuple(tuple(seen) for seen in classes) for classes in records),
        )

    def _packet_fields(
        self, item: StagedAlternative, segment: Segment, far: StagedAlternative | None, choice: Choice
    ) -> dict[Field, Shown]:
        fields: dict[Field, Shown] = {CLIENT: segment.near, **self._own(item, Phase.PACKET)}
        if far is not None and far.alternative.transport is not Transport.BEARER:
            fields[IP] = _address(choice.get(far.address.fact), far.address)
            if far.port is not None:
                port = choice.get(far.port.fact, far.port.ports[0].low)
                assert isinstance(port, int)
                fields[PORT] = (far.alternative.transport.value, port)
        return fields

    def _setup_fields(self, item: StagedAlternative, choice: Choice) -> dict[Field, Shown]:
        alternative = item.alternative
        if not has_setup(alternative):
            return {}
        fields: dict[Field, Shown] = dict(self._own(item, Phase.SETUP))
        tls = alternative.tls
        if tls is not None:
            name = tls.outer or tls.sni
            if name is not None:
                fields[SNI] = self.name(item, name, choice)
            if tls.alpn:
                fields[ALPN] = tls.alpn
        if alternative.host is not None:
            fields[HOST] = self.name(item, alternative.host, choice)
        return fields

    def _own(self, item: StagedAlternative, phase: Phase) -> dict[Field, Shown]:
        return {field: value for field, value in item.alternative.own if self._phase.get(field, phase) is phase}

    def _record(
        self,
        instance: Instance,
        item: StagedAlternative,
        load: Carried,
        unit: UnitClass,
        base: dict[Field, Shown],
        place: str,
        transport: Transport,
    ) -> Observation:
        fields = {**base, **self._own(item, Phase.RECORD), FLOW: load.flow or "control"}
        if unit.sizes is not None:
            fields[SIZE] = unit.sizes
        inner: dict[Field, Shown] = {}
        if load.flow is not None and load.rider is None:
            inner = inner_fields(self.model.flow[load.flow])
        connection = instance.connection
        opened: dict[Field, Shown] = {}
        if connection.plain:
            fields |= inner
        elif item.alternative.tls is not None and not connection.pinned:
            opened = inner
        shown = _at(_sorted(fields), load.direction)
        return Observation(place, Phase.RECORD, load.direction, shown, inner=_sorted(opened), transport=transport)

    # Finding

    def _find(self, item: StagedAlternative, staged: StagedFinding, choice: Choice) -> Iterator[Seen]:
        step = staged.step
        match step:
            case ByDns(names=asked, cname=cname, resolver=resolver, encrypted=encrypted):
                chain = tuple(self.name(item, name, choice) for name in cname)
                for one in asked:
                    yield from _question(self.name(item, one, choice), chain, staged.question, resolver, encrypted)
            case ByBag(host=host, resolver=resolver):
                name = self.name(item, host, choice)
                yield from _question(name, (), staged.question, resolver, False)
                yield from _bag(name, staged.fetch)
            case BuiltIn() | ByFlow():
                return
            case _:
                assert_never(step)

    # Messages

    def _message(self, flow: Flow, number: int, unit: UnitClass) -> Iterator[Seen]:
        hop = flow.hops[number]
        fields: dict[Field, Shown] = {**inner_fields(flow), SENDER: hop.sender, RECEIVER: hop.receiver}
        fields[CONNECTION] = hop.connection or "internal"
        ends = [end for end in (flow.hops[0].sender, flow.hops[-1].receiver) if end in self._parties]
        if ends:
            fields[CLIENT] = ends[0]
        if unit.sizes is not None:
            fields[SIZE] = unit.sizes
        holders = [hop.sender, *([hop.receiver] if number == len(flow.hops) - 1 else [])]
        for place in holders:
            if place in self.model.service:
                message = Observation(place, Phase.MESSAGE, hop.direction, _sorted(fields))
                yield Seen(message, None)


def has_setup(alternative: Alternative) -> bool:
    """Whether an endpoint shows a set-up observation: TCP, and UDP with TLS, that is QUIC (B4)."""
    if alternative.transport is Transport.TCP:
        return True
    return alternative.transport is Transport.UDP and alternative.tls is not None


# spec D25: decided that what passes through a connection of which no alternative is there is not there either.
def present(stage: Stage, instance: Instance, choice: Choice) -> list[StagedAlternative]:
    """The alternatives of an instance that are there: those whose guard holds (A3, A5)."""
    return [
        item
        for item in instance.alternatives
        if holds(item.alternative.guard, choice)
        and all(
            present(stage, stage.instance(segment.through), choice)
            for segment in item.segments
            if segment.through is not None
        )
    ]


def preferred(stage: Stage, instance: Instance, choice: Choice) -> StagedAlternative | None:
    """The alternative that `sits` names, or if that is not there, the first that is (E3); None if there is none."""
    there = present(stage, instance, choice)
    wanted = choice.get(FactName(FactKind.SITS.value, (instance.label,)))
    return next((item for item in there if item.key == wanted), there[0] if there else None)


def inner_fields(flow: Flow) -> dict[Field, Shown]:
    """What encryption hides of a flow's messages: topic, account, hidden fields. `topic other` is like no other."""
    fields: dict[Field, Shown] = dict(flow.hidden)
    if flow.topic is not None:
        fields[TOPIC] = flow.topic.value if flow.topic.value is not None else f"other than all ({flow.name})"
    if flow.account is not None:
        fields[ACCOUNT] = flow.account
    return fields


def _places(segment: Segment) -> Iterator[str]:
    if segment.exit is not None:
        yield segment.exit
    yield from segment.links


def _sorted(fields: Mapping[Field, Shown]) -> Fields:
    return tuple(sorted(fields.items(), key=lambda pair: pair[0].name))


def _at(fields: Fields, way: Direction) -> Fields:
    return _sorted({**dict(fields), DIRECTION: way})


def _address(value: Value | None, pool: PoolUse) -> Address:
    if isinstance(value, str | tuple):
        return value
    return (pool.prefixes[0].version, pool.prefixes[0].first) if pool.prefixes else pool.own


def _exchange(
    place: str, packet: dict[Field, Shown], setup: dict[Field, Shown], chain: tuple[str, ...], transport: Transport
) -> Iterator[Seen]:
    """Packets both ways and one set-up observation at a place."""
    asked = Observation(place, Phase.SETUP, Direction.UP, _at(_sorted({**packet, **setup}), Direction.UP), True, (),
                        chain, transport)  # fmt: skip
    yield Seen(asked, asked)
    for way in Direction:
        yield Seen(Observation(place, Phase.PACKET, way, _at(_sorted(packet), way), True, transport=transport), asked)


def _question(
    name: str, chain: tuple[str, ...], way: tuple[Segment, ...], resolver: str | None, encrypted: bool
) -> Iterator[Seen]:
    """A DNS question on its links, and at the resolver as a message."""
    transport, port = (Transport.TCP, 443) if encrypted else (Transport.UDP, 53)
    setup: dict[Field, Shown] = {} if encrypted else {DNS: name}
    for segment in way:
        packet: dict[Field, Shown] = {
            CLIENT: segment.near,
            IP: f"resolver {resolver or ''}",
            PORT: (transport.value, port),
        }
        for place in _places(segment):
            yield from _exchange(place, packet, setup, () if encrypted else chain, transport)
    if resolver is not None and way:
        held = _sorted({CLIENT: way[0].near, DNS: name})
        yield Seen(Observation(resolver, Phase.MESSAGE, Direction.UP, held, True, (), chain), None)


def _bag(name: str, way: tuple[Segment, ...]) -> Iterator[Seen]:
    """The fetching of a bag over plain HTTP."""
    for segment in way:
        packet: dict[Field, Shown] = {CLIENT: segment.near, IP: f"bag {name}", PORT: (Transport.TCP.value, 80)}
        for place in _places(segment):
            yield from _exchange(place, packet, {HOST: name}, (), Transport.TCP)
