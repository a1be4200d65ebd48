"""What an alternative shows, class of hand-out by class of hand-out (spec B), with the literal of each hand-out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from sharedfate.model.model import Model
from sharedfate.model.network import ByBag, ByDns
from sharedfate.model.traffic import Flow
from sharedfate.model.wire import (
    ACCOUNT,
    ALPN,
    CLIENT,
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
from sharedfate.semantics.obligation.logic import FALSE, TRUE, Lit, Logic
from sharedfate.semantics.obligation.nature import Concrete, Nature
from sharedfate.semantics.obligation.sitting import chosen
from sharedfate.semantics.obligation.values import Values
from sharedfate.semantics.stage import Instance, PoolUse, Segment, Stage, StagedAlternative

MAX_COMBINATIONS = 20_000
"""Hand-outs of one alternative that are told apart at most."""

Value = Concrete | tuple[str, ...] | tuple[str, int] | Range | None
Fields = tuple[tuple[Field, Value], ...]
"""Field values in a fixed order: addresses (version, integer), ports (transport, number), names, texts."""


class TooManyHandOuts(Exception):
    """An alternative has more combinations of hand-outs than the budget allows."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One observation at one place, under the hand-out that `when` stands for. `making`: only during set-up."""

    when: Lit
    place: str
    is_link: bool
    phase: Phase
    direction: Direction
    fields: Fields
    names: tuple[str, ...] = ()  # of a DNS question: its CNAME chain


class Images:
    """Builds observations for a stage; equal conditions are equal literals."""

    def __init__(self, logic: Logic, model: Model, stage: Stage, nature: Nature, values: Values) -> None:
        self._logic = logic
        self._model = model
        self._stage = stage
        self._nature = nature
        self._values = values
        self._own = {item.field: item.phase for item in model.own_fields}
        self._memo: dict[object, list[tuple[Lit, Fields]]] = {}  # by identity: the stage keeps the alternatives alive

    def _handed(self, use: PoolUse) -> list[tuple[Lit, Concrete]]:
        return list(self._nature.pool(use.fact, self._values[use.fact]))

    def _combined(self, *choices: list[tuple[Lit, Fields]]) -> list[tuple[Lit, Fields]]:
        total = 1
        for choice in choices:
            total *= len(choice)
        if total > MAX_COMBINATIONS:
            raise TooManyHandOuts
        return [
            (self._logic.all(when for when, _ in chosen), tuple(one for _, fields in chosen for one in fields))
            for chosen in product(*choices)
        ]

    # fields by phase

    def _endpoint(self, item: StagedAlternative) -> list[tuple[Lit, Fields]]:
        """Ip and port of an alternative's endpoint."""
        if item.alternative.transport is Transport.BEARER:
            return [(TRUE, ())]
        addresses: list[tuple[Lit, Fields]] = [(when, ((IP, value),)) for when, value in self._handed(item.address)]
        if item.port is None:
            return addresses
        transport = item.alternative.transport.value
        ports: list[tuple[Lit, Fields]] = [
            (when, ((PORT, (transport, int(str(value)))),)) for when, value in self._handed(item.port)
        ]
        return self._combined(addresses, ports)

    def _packet(self, item: StagedAlternative, segment: Segment) -> list[tuple[Lit, Fields]]:
        key = ("packet", id(item), segment)
        if key not in self._memo:
            if segment.through is None:
                endpoint = self._endpoint(item)
            else:
                endpoint = self._front(self._stage.instance(segment.through))
            own = self._own_fields(item, Phase.PACKET)
            near: Fields = ((CLIENT, segment.near),)
            self._memo[key] = self._combined(endpoint, [(TRUE, (*near, *own))])
        return self._memo[key]

    def _front(self, front: Instance) -> list[tuple[Lit, Fields]]:
        """The packet fields of the endpoint at which a forwarder's connection prefers to sit."""

        def there(item: StagedAlternative) -> Lit:
            return self._nature.guard(item.alternative.guard)

        return [
            (self._logic.both(chosen(self._logic, self._nature, front, item, there), when), fields)
            for item in front.alternatives
            for when, fields in self._endpoint(item)
        ]

    def _own_fields(self, item: StagedAlternative, phase: Phase) -> Fields:
        return tuple((name, value) for name, value in item.alternative.own if self._own.get(name) is phase)

    def _name(self, item: StagedAlternative, name: NamePattern) -> list[tuple[Lit, str]]:
        use = dict(item.names)[name.text]
        return [(when, str(value)) for when, value in self._handed(use)]

    def _set_up(self, item: StagedAlternative) -> list[tuple[Lit, Fields]]:
        """sni, alpn, host and declared set-up fields."""
        key = ("set-up", id(item))
        if key in self._memo:
            return self._memo[key]
        tls = item.alternative.tls
        choices: list[list[tuple[Lit, Fields]]] = []
        shown = None if tls is None else tls.outer or tls.sni
        if shown is not None:
            choices.append([(when, ((SNI, name),)) for when, name in self._name(item, shown)])
        if item.alternative.host is not None:
            choices.append([(when, ((HOST, name),)) for when, name in self._name(item, item.alternative.host)])
        fixed = self._own_fields(item, Phase.SETUP)
        if tls is not None and tls.alpn:
            fixed = ((ALPN, tls.alpn), *fixed)
        self._memo[key] = self._combined(*choices, [(TRUE, fixed)])
        return self._memo[key]

    def same_name(self, item: StagedAlternative, asked: Sequence[NamePattern]) -> Lit:
        """The TLS name that shows is one of the names asked of DNS, under the hand-out."""
        tls = item.alternative.tls
        shown = None if tls is None else tls.outer or tls.sni
        if shown is None:
            return FALSE
        return self._logic.any(
            self._logic.both(when, other)
            for when, name in self._name(item, shown)
            for pattern in asked
            for other, text in self._name(item, pattern)
            if text == name
        )

    def has_set_up(self, item: StagedAlternative) -> bool:
        """TCP, and UDP with TLS, make a set-up observation (B4)."""
        transport = item.alternative.transport
        return transport is Transport.TCP or (transport is Transport.UDP and item.alternative.tls is not None)

    # observations

    def packets(self, item: StagedAlternative, direction: Direction) -> Iterator[Shown]:
        """B3, wherever the alternative's own image shows."""
        for segment in item.segments:
            for place, is_link in places(segment):
                for when, fields in self._packet(item, segment):
                    yield Shown(when, place, is_link, Phase.PACKET, direction, _told(fields, segment, is_link))

    def set_up(self, item: StagedAlternative) -> Iterator[Shown]:
        """B4."""
        if not self.has_set_up(item):
            return
        for segment in item.segments:
            shown = places(segment)
            if shown:
                for when, fields in self._combined(self._packet(item, segment), self._set_up(item)):
                    for place, is_link in shown:
                        yield Shown(when, place, is_link, Phase.SETUP, Direction.UP, _told(fields, segment, is_link))

    def record(
        self, at: Instance, item: StagedAlternative, load: int, unit: int, *, root: bool
    ) -> Iterator[tuple[Shown, Shown | None]]:
        """B5: each record with the set-up observation of its connection, if that makes one."""
        carried = at.carried[load]
        size: Fields = ((SIZE, carried.classes[unit].sizes), (FLOW, carried.flow or "control"))
        opened = self._inner(at, item, load, root=root)
        own = self._own_fields(item, Phase.RECORD)
        nothing: list[tuple[Lit, Fields]] = [(TRUE, ())]
        set_up = self._set_up(item) if self.has_set_up(item) else nothing
        for segment in item.segments:
            shown = places(segment)
            if not shown:
                continue
            for when, fields in self._combined(self._packet(item, segment), set_up):
                for place, is_link in shown:
                    known = _told(fields, segment, is_link)
                    record = (*known, *size, *opened, *own)
                    made = Shown(when, place, is_link, Phase.SETUP, Direction.UP, known)
                    yield (
                        Shown(when, place, is_link, Phase.RECORD, carried.direction, record),
                        made if self.has_set_up(item) else None,
                    )

    def _inner(self, at: Instance, item: StagedAlternative, load: int, *, root: bool) -> Fields:
        """topic, account and hidden fields, where the records can be read."""
        carried = at.carried[load]
        readable = at.connection.plain or (root and item.alternative.tls is not None and not at.connection.pinned)
        if not readable or carried.flow is None or carried.rider is not None:
            return ()
        return inner_fields(self._model.flow[carried.flow])

    def finding(self, item: StagedAlternative, step: int) -> Iterator[Shown]:
        """B6: packets both ways and set-up observations of one step of finding."""
        staged = item.found[step]
        match staged.step:
            case ByDns() as dns:
                for name in dns.names:
                    yield from self._question(item, staged.question, name, dns)
            case ByBag() as bag:
                yield from self._question(item, staged.question, bag.host, bag)
                yield from self._fetch(item, staged.fetch, bag)
            case _:
                return

    def _question(
        self, item: StagedAlternative, segments: tuple[Segment, ...], name: NamePattern, step: ByDns | ByBag
    ) -> Iterator[Shown]:
        chain = step.cname if isinstance(step, ByDns) else ()
        hidden = isinstance(step, ByDns) and step.encrypted
        port: tuple[str, int] = ("tcp", 443) if hidden else ("udp", 53)
        address: Value = f"resolver {step.resolver or ''}"
        named = self._named(item, (name, *chain))
        for segment in segments:
            fields: Fields = ((IP, address), (PORT, port), (CLIENT, segment.near))
            for place, is_link in places(segment):
                for direction in Direction:
                    yield Shown(TRUE, place, is_link, Phase.PACKET, direction, fields)
                if hidden:
                    yield Shown(TRUE, place, is_link, Phase.SETUP, Direction.UP, fields)
                for when, names in () if hidden else named:
                    asked: Fields = (*fields, (DNS, names[0]))
                    yield Shown(when, place, is_link, Phase.SETUP, Direction.UP, asked, names[1:])
        if step.resolver is not None:
            near = segments[0].near
            for when, names in named:
                held: Fields = ((CLIENT, near), (DNS, names[0]))
                yield Shown(when, step.resolver, False, Phase.MESSAGE, Direction.UP, held, names[1:])

    def _named(self, item: StagedAlternative, names: tuple[NamePattern, ...]) -> list[tuple[Lit, tuple[str, ...]]]:
        choices = [self._name(item, name) for name in names]
        return [
            (self._logic.all(when for when, _ in chosen), tuple(text for _, text in chosen))
            for chosen in product(*choices)
        ]

    def _fetch(self, item: StagedAlternative, segments: tuple[Segment, ...], bag: ByBag) -> Iterator[Shown]:
        for segment in segments:
            for when, name in self._name(item, bag.host):
                fields: Fields = ((IP, f"bag {name}"), (PORT, ("tcp", 80)), (CLIENT, segment.near))
                for place, is_link in places(segment):
                    for direction in Direction:
                        yield Shown(when, place, is_link, Phase.PACKET, direction, fields)
                    yield Shown(when, place, is_link, Phase.SETUP, Direction.UP, (*fields, (HOST, name)))

    def messages(self, flow: Flow, unit: int) -> Iterator[tuple[Shown, tuple[str, str, str]]]:
        """B7: the flow's message of one unit class at each service, with who sends, who receives, and on what."""
        path = [flow.hops[0].sender, *(hop.receiver for hop in flow.hops)]
        parties = {party.name for party in self._model.parties}
        ends = [end for end in (path[0], path[-1]) if end in parties]
        client: Fields = ((CLIENT, ends[0]),) if ends else ()
        topic = inner_fields(flow)
        sizes = self._stage.classes[flow.name][unit].sizes
        for place, who in enumerate(path):
            if who in self._model.service:
                hop = flow.hops[min(place, len(flow.hops) - 1)]
                fields: Fields = (*client, *topic, (SIZE, sizes))
                shown = Shown(TRUE, who, False, Phase.MESSAGE, Direction.UP, fields)
                yield shown, (hop.sender, hop.receiver, hop.connection or "internal")


def _told(fields: Fields, segment: Segment, is_link: bool) -> Fields:
    """What shows at a place: the service from which a segment begins knows whose connection it forwards."""
    if is_link:
        return fields
    return tuple((field, segment.client if field == CLIENT else value) for field, value in fields)


def places(segment: Segment) -> list[tuple[str, bool]]:
    """The places of a segment on which an alternative's own image shows: (name, whether it is a link)."""
    if segment.outer is not None:
        return []
    found = [(link, True) for link in segment.links]
    return [*found, (segment.exit, False)] if segment.exit is not None else found


def inner_fields(flow: Flow) -> Fields:
    """What is inside a flow's messages. `topic other` is a value of its own, which no rule can name."""
    fields: list[tuple[Field, Value]] = []
    if flow.topic is not None:
        other = f"other than all ({flow.name})"
        fields.append((TOPIC, other if flow.topic.value is None else flow.topic.value))
    if flow.account is not None:
        fields.append((ACCOUNT, flow.account))
    return (*fields, *flow.hidden)
