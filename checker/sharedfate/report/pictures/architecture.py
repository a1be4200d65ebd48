"""The overview: who reaches whom over which connections, what one adversary sees, what rides inside (mock-up a)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sharedfate.model.adversary import Adversary
from sharedfate.model.model import Model
from sharedfate.model.network import Connection
from sharedfate.report.paint.block import Block, Head, Place
from sharedfate.report.paint.bundle import Bundle, BundleRow
from sharedfate.report.paint.caption import Caption
from sharedfate.report.paint.edges import Edge, Look
from sharedfate.report.paint.envelope import Bead, Beads, Envelope, Field
from sharedfate.report.paint.layout import MAX_BOXES
from sharedfate.report.paint.scene import Column, FrameLook, Group, Scene, paint
from sharedfate.report.pictures import fatetable, words
from sharedfate.report.pictures.needs import aboard, passengers
from sharedfate.report.pictures.wire import Crossings, image, ports_text, remark, short_name

MAX_ROWS = 8
"""So many connections of a bundle get a row; the others become a count."""
MAX_PARCELS = 10
"""With more envelopes and bundles there is no graph. A policy picture stops earlier: its cards need lines to them."""
MAX_BEADS = 14
MAX_SERVICES = 14
"""With more services, those that no connection reaches are left out."""
MAX_BYTES = 30_000
_PREFIX = "overview"


@dataclass(frozen=True, slots=True)
class _Parcel:
    """What is drawn as one box: a connection, or several with the same far end and no shared stream."""

    connections: tuple[Connection, ...]
    to: str
    inside: bool

    @property
    def name(self) -> str:
        return f"on-{self.connections[0].name}"


def draw(model: Model) -> str:
    """The picture; as a table when even bundles leave more than ten boxes, or too many of anything else."""
    adversary = _adversary(model)
    caption = _caption(model, adversary)
    parcels = _parcels(model, adversary, lambda connection: connection.server)
    if len(parcels) > MAX_PARCELS:
        parcels = _parcels(model, adversary, lambda connection: model.zone_of.get(connection.server, connection.server))
    if parcels and len(parcels) <= MAX_PARCELS:
        scene = _scene(model, adversary, parcels, caption)
        if sum(len(column.blocks) for column in scene.columns) <= MAX_BOXES:
            picture = paint(scene, _PREFIX, caption.headline, describe(model))
            if len(picture) <= MAX_BYTES:
                return picture
    plain = Caption(caption.headline, None, caption.code, (), (_counts(model),))
    return fatetable.draw_model(model, plain, _PREFIX, describe(model))


def describe(model: Model) -> str:
    """The architecture in words: a sentence a connection."""
    sentences = []
    for connection in model.connections[:40]:
        flows = words.some(passengers(model, connection.name), 12) or "nothing"
        clients = words.listed(connection.clients)
        sentences.append(
            f"{connection.name}, {remark(connection)}, from {clients} to {connection.server}, carries {flows}."
        )
    if len(model.connections) > len(sentences):
        sentences.append(f"{len(model.connections) - len(sentences)} more connections.")
    return " ".join(sentences)


def _adversary(model: Model) -> Adversary | None:
    """The one whose sight is drawn: the first that sits on a link, else the first that controls a service."""
    on_links = [item for item in model.adversaries if item.links]
    return next(iter([*on_links, *(item for item in model.adversaries if item.services)]), None)


def _caption(model: Model, adversary: Adversary | None) -> Caption:
    notes = [_counts(model)]
    if adversary:
        where = "dotted frame is" if adversary.links else "coloured services are"
        notes[0] += f" The {where} what {adversary.name} can watch and act on."
    notes.append("White is outside and visible, grey is inside and hidden. Beads on one string share fate.")
    return Caption(model.title or model.name, None, f"model {model.name}", (), (" ".join(notes),))


def _counts(model: Model) -> str:
    counts = [(len(model.connections), "connection"), (len(model.flows), "flow"), (len(model.functions), "function")]
    return ", ".join(words.plural(count, noun) for count, noun in counts) + "."


def _parcels(model: Model, adversary: Adversary | None, far_end: Callable[[Connection], str]) -> list[_Parcel]:
    """Streams stay alone; the others are bundled by far end, in the place of the first of them."""
    crossings = Crossings(model)
    links = set(adversary.links) if adversary else set()
    bundles: dict[object, list[Connection]] = {}
    for connection in model.connections:
        inside = bool(crossings.of(connection) & links)
        key = connection.name if connection.stream else ("to", far_end(connection), inside)
        bundles.setdefault(key, []).append(connection)
    return [
        _Parcel(tuple(items), far_end(items[0]), bool(crossings.of(items[0]) & links)) for items in bundles.values()
    ]


def _scene(model: Model, adversary: Adversary | None, parcels: list[_Parcel], caption: Caption) -> Scene:
    blocks: dict[str, Block] = {parcel.name: _block(model, adversary, parcel) for parcel in parcels}
    inside = tuple(blocks[parcel.name] for parcel in parcels if parcel.inside)
    outside = tuple(blocks[parcel.name] for parcel in parcels if not parcel.inside)
    middle = []
    if inside and adversary:
        middle.append(Group((_head(model, adversary), *inside), FrameLook.ADVERSARY))
    if outside:
        middle.append(Group(outside))
    firsts = dict.fromkeys(connection.clients[0] for connection in model.connections if connection.clients)
    left = tuple(Place(f"at-{name}", name, party=name not in model.service) for name in firsts)
    ends = list(dict.fromkeys(connection.server for connection in model.connections))
    right = _far_groups(model, adversary, [name for name in ends if name not in firsts])
    last = [
        party.name
        for party in model.parties
        if party.name not in firsts and party.name not in ends and _own(model, party.name)
    ]
    far = tuple(Place(f"at-{name}", name, _own_text(model, name), party=True) for name in last)
    columns = (
        Column((Group(left),), 80, 150),
        Column(tuple(middle), 260, 400),
        Column(right, 104, 150),
        Column((Group(far),) if far else (), 80, 110),
    )
    return Scene(columns, tuple(_edges(model, parcels, last)), caption)


def _head(model: Model, adversary: Adversary) -> Head:
    links = set(adversary.links)
    also = [item.name for item in model.adversaries if item is not adversary and links & set(item.links)]
    details = [words.sight_text(adversary)] if words.sight_text(adversary) else []
    details += [f"also here: {words.some(also, 4)}"] if also else []
    return Head(
        "seat", f"{words.places_text(adversary.links, ())} · adversary {adversary.name} sits here", tuple(details)
    )


def _block(model: Model, adversary: Adversary | None, parcel: _Parcel) -> Block:
    sees = {field.name for field in adversary.sees} if adversary and parcel.inside else set()
    if len(parcel.connections) > 1:
        return _bundle(model, parcel, sees)
    connection = parcel.connections[0]
    fields = tuple(Field(item.label, item.value, item.field in sees) for item in image(connection))
    flows = passengers(model, connection.name) or aboard(model, connection.name)  # a tunnel's: what rides inside it
    title = f"{connection.name}: {remark(connection)} carries {', '.join(flows) or 'nothing'}"
    beads = _beads(flows, connection.stream)
    return Envelope(parcel.name, connection.name, remark(connection), fields, beads, title, None, not connection.plain)


def _beads(flows: tuple[str, ...], stream: bool) -> Beads:
    shown = flows if len(flows) <= MAX_BEADS + 1 else flows[:MAX_BEADS]
    rest = len(flows) - len(shown)
    return Beads((*map(Bead, shown), *([Bead(f"+ {words.plural(rest, 'flow')}")] if rest else [])), stream)


def _bundle(model: Model, parcel: _Parcel, sees: set[str]) -> Bundle:
    rows = parcel.connections if len(parcel.connections) <= MAX_ROWS else parcel.connections[:MAX_ROWS]
    left_out = parcel.connections[len(rows) :]
    flows = dict.fromkeys(flow for item in left_out for flow in passengers(model, item.name))
    rest = f"+ {words.plural(len(left_out), 'connection')}, {words.plural(len(flows), 'flow')}" if left_out else ""
    parts = [
        f"{item.name} carries {', '.join(passengers(model, item.name)) or 'nothing'}" for item in parcel.connections
    ]
    count = words.plural(len(parcel.connections), "connection")
    drawn = tuple(_bundle_row(model, item, sees) for item in rows)
    return Bundle(parcel.name, f"to {parcel.to}", count, drawn, "; ".join(parts), rest)


def _bundle_row(model: Model, connection: Connection, sees: set[str]) -> BundleRow:
    shown = {item.field for item in image(connection)}
    value = f"{ports_text(connection.alternatives)} {short_name(connection)}".strip()
    return BundleRow(connection.name, value, bool(shown & sees), _beads(passengers(model, connection.name), False))


def _far_groups(model: Model, adversary: Adversary | None, ends: list[str]) -> tuple[Group, ...]:
    """Far ends by zone, in order of the connections; then services that no connection reaches, if not too many."""
    held = set(adversary.services) if adversary else set()
    zones: dict[str, list[Block]] = {}
    for name in ends:
        zones.setdefault(model.zone_of.get(name, ""), []).append(_place(model, name, held))
    for service in model.services:
        if service.name not in ends and len(model.services) <= MAX_SERVICES:
            zones.setdefault(service.zone, []).append(_place(model, service.name, held))
    return tuple(
        Group((Head(f"zone-{zone}", f"zone {zone}", hostile=False), *places), FrameLook.ZONE)
        for zone, places in zones.items()
    )


def _place(model: Model, name: str, held: set[str]) -> Place:
    service = model.service.get(name)
    if service is None:
        return Place(f"at-{name}", name, _own_text(model, name), party=True)
    role = ", ".join(service.roles) or (f"of {service.operator}" if service.operator else "")
    return Place(f"at-{name}", name, role, acts="reads" if name in held else "")


def _own(model: Model, party: str) -> list[str]:
    return [connection.name for connection in model.connections if party in connection.clients]


def _own_text(model: Model, party: str) -> str:
    own = _own(model, party)
    return f"own {own[0]}" if len(own) == 1 else f"own {len(own)} connections" if own else ""


def _edges(model: Model, parcels: list[_Parcel], last: list[str]) -> list[Edge]:
    edges: dict[Edge, None] = {}
    for parcel in parcels:
        look = Look.STREAM if parcel.connections[0].stream else Look.REACHES
        for connection in parcel.connections:
            edges[Edge(f"at-{connection.clients[0]}", parcel.name, look)] = None
            edges[Edge(parcel.name, f"at-{connection.server}", look)] = None
            for party in last:
                if party in connection.clients:
                    edges[Edge(f"at-{connection.server}", f"at-{party}", Look.REACHES)] = None
    return list(edges)
