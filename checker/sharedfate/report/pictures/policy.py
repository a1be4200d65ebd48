"""The policy picture: cards of F and G, what they ride on, the rules where they sit, and what died (mock-up b)."""

from __future__ import annotations

from sharedfate.model.model import Model
from sharedfate.model.question import Rung
from sharedfate.report.paint import glyphs
from sharedfate.report.paint.block import Block, Fold, Head, Place
from sharedfate.report.paint.card import Card, CardLine
from sharedfate.report.paint.edges import Edge, Look
from sharedfate.report.paint.envelope import Bead, Beads, Envelope, Field
from sharedfate.report.paint.scene import Column, FrameLook, Group, Scene, paint
from sharedfate.report.pictures import words
from sharedfate.report.pictures.cone import Cone, Placed, flows_of, fold_lines, fold_text, state_at, state_of, summary
from sharedfate.report.pictures.finding import Asked, Finding, Part
from sharedfate.report.pictures.needs import aboard, needed, rides
from sharedfate.report.pictures.wire import Crossings, extra_fields, fields_of, image, remark

MAX_CARDS = 2
"""With more functions to be blocked, or to be spared, these share a card."""
MAX_LINES = 9
"""So many lines of a card, and beads of an envelope, are drawn; the others become a count with a state."""
HELD = "held already"
"""Of a flow that the client has from before, so that no rule can keep it away."""


def draw(finding: Finding, cone: Cone) -> str:
    """The picture as SVG."""
    cards = _cards(finding, cone)
    middle, right, envelopes = _columns(finding, cone)
    left: list[Block] = [card for card, _ in cards]
    others = _others(finding)
    if others:
        left.append(others)
    edges = [edge for card, functions in cards for edge in _card_edges(finding, cone, card, functions)]
    edges += [edge for placed in cone.drawn for edge in _far_edges(finding, cone, placed)]
    assert len(envelopes) == len(cone.drawn)
    scene = Scene(
        (Column((Group(tuple(left)),), 150, 250), Column(middle, 240, 350), Column(right, 104, 230)),
        tuple(edges),
        finding.caption,
    )
    return paint(scene, finding.name, finding.caption.headline, describe(finding, cone))


def _cards(finding: Finding, cone: Cone) -> list[tuple[Card, tuple[str, ...]]]:
    """A card a function; functions that play the same part share one when they are many."""
    cards: list[tuple[Card, tuple[str, ...]]] = []
    for part in (Part.CUT, Part.KEPT):
        items = [item for item in finding.asked if item.part is part]
        if len(items) <= MAX_CARDS:
            cards += [(_card(finding, item), (item.function,)) for item in items]
        else:
            cards.append((_shared_card(finding, items), tuple(item.function for item in items)))
    return cards


def _shared_card(finding: Finding, items: list[Asked]) -> Card:
    """One line a function; below it what it needs."""
    lines = []
    shown = items if len(items) <= MAX_LINES + 1 else items[:MAX_LINES]
    for item in shown:
        fate = finding.fate_of(item.function)
        rung = "" if fate.rung is Rung.CLEAN else f": {fate.rung}"
        flows = words.some([flow.flow for flow in flows_of(finding, item.function)]) if len(items) <= MAX_LINES else ""
        lines.append(CardLine(state_of(fate.rung), item.function + rung, flows))
    if len(items) > len(shown):
        rest = [finding.fate_of(item.function).rung for item in items[len(shown) :]]
        lines.append(CardLine(None, f"+ {words.plural(len(rest), 'function')}, {summary(rest)}"))
    worst = min(finding.fate_of(item.function).rung for item in items)
    return Card(
        f"fns-{items[0].part.value}",
        words.plural(len(items), "function"),
        state_of(worst),
        items[0].words,
        tuple(lines),
    )


def _card(finding: Finding, item: Asked) -> Card:
    needs = {need.flow: need.text for need in needed(finding.model, item.function)}
    fates = flows_of(finding, item.function)
    lines: list[CardLine] = []
    left_out = []
    for index, fate in enumerate(fates):
        if index >= MAX_LINES and len(fates) > MAX_LINES + 1:
            left_out.append(fate.rung)
            continue
        at = finding.touched(fate) or rides(finding.model, fate.flow)
        where = f" on {words.listed(at)}" if at else ", internal"
        held = HELD if fate.rung is Rung.CLEAN and finding.held(fate.flow, (item.function,)) else ""
        text = needs.get(fate.flow, fate.flow) + where
        lines.append(CardLine(state_of(fate.rung), text, fate.cause or fate.reason or held))
    if left_out:
        lines.append(CardLine(None, f"+ {words.plural(len(left_out), 'flow')}, {summary(left_out)}"))
    horizons = finding.fate_of(item.function).at_horizon
    if len({rung for _, rung in horizons}) > 1:
        lines.append(CardLine(None, words.over_time(horizons)))
    return Card(
        f"fn-{item.function}", item.function, state_of(finding.fate_of(item.function).rung), item.words, tuple(lines)
    )


def _others(finding: Finding) -> Fold | None:
    """What becomes of the functions that the property does not ask about: a line a rung."""
    asked = {item.function for item in finding.asked}
    others = [fate for fate in finding.fates.values() if fate.function not in asked]
    if not others:
        return None
    lines: list[tuple[glyphs.State | None, str]] = []
    for rung in (Rung.DEAD, Rung.HURT, Rung.STRAINED, Rung.CLEAN):
        names = [fate.function for fate in others if fate.rung is rung]
        if names and rung is Rung.CLEAN:
            lines.append((state_of(rung), f"{words.plural(len(names), 'more function')}: clean"))
        elif names:
            lines.append((state_of(rung), f"also {rung}: {words.some(names, 4)}"))
    return Fold("others", tuple(lines))


def _columns(finding: Finding, cone: Cone) -> tuple[tuple[Group, ...], tuple[Group, ...], list[Envelope]]:
    """The middle and the right column, with frames where the adversary sits."""
    crossings, seat, model = Crossings(finding.model), finding.seat, finding.model
    envelopes = [envelope(finding, cone, placed) for placed in cone.drawn]
    inside = [
        placed.hit or bool(crossings.of(model.connection[placed.name]) & set(seat.links)) for placed in cone.drawn
    ]
    fold = tuple((None, text) for text in fold_lines(finding, cone))
    folds: tuple[Block, ...] = (Fold("rest", fold),) if fold else ()
    on_links = bool(seat.links)
    head = Head(
        "seat",
        f"{words.places_text(seat.links, () if on_links else seat.services)} · {seat.who}",
        seat.details,
        (),
        finding.plates,
    )
    framed: tuple[Block, ...] = tuple(item for item, is_in in zip(envelopes, inside, strict=True) if is_in and on_links)
    outside: tuple[Block, ...] = tuple(
        item for item, is_in in zip(envelopes, inside, strict=True) if not (is_in and on_links)
    )
    middle = [Group((head, *framed, *folds), FrameLook.ADVERSARY)] if on_links else []
    middle += [Group(outside if on_links else (*outside, *folds))] if outside or not on_links else []
    controlled, free = _places(finding, cone)
    held = (() if on_links else (head,)) + controlled
    right = [Group(held, FrameLook.ADVERSARY)] if controlled or not on_links else []
    return tuple(middle), (*right, *([Group(free)] if free else [])), envelopes


def _places(finding: Finding, cone: Cone) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Far ends of the drawn connections: those that the adversary holds, and the others in the connections' order."""
    model, verbs = finding.model, dict(finding.seat.verbs)
    controlled = [
        place_of(model, service.name, verbs[service.name]) for service in model.services if service.name in verbs
    ]
    free: list[Block] = []
    for end in dict.fromkeys(model.connection[placed.name].server for placed in cone.drawn):
        if end not in verbs:
            free.append(place_of(model, end))
    return tuple(controlled), tuple(free)


def place_of(model: Model, name: str, acts: str = "") -> Place:
    """The box of a service or a party."""
    service = model.service.get(name)
    if service is None:
        return Place(f"at-{name}", name, party=True)
    remark = ", ".join(service.roles) or (f"of {service.operator}" if service.operator else "")
    return Place(f"at-{name}", name, remark, acts=acts)


def envelope(finding: Finding, cone: Cone, placed: Placed) -> Envelope:
    """A drawn connection with its wire image, its beads of F and G, and one bead for the other flows."""
    model, connection = finding.model, finding.model.connection[placed.name]
    matches = [match for rule in finding.rules_at(placed.name) for match in finding.rules[rule]]
    matched = {name for match in matches for name in fields_of(match)}
    lines = image(connection)
    lines += extra_fields(matches, lines)
    sees_all = connection.server in finding.seat.services or (not finding.seat.sees and not finding.seat.links)
    crosses = bool(Crossings(model).of(connection) & set(finding.seat.links))
    fields = tuple(
        Field(item.label, item.value, sees_all or (crosses and item.field in finding.seat.sees), item.field in matched)
        for item in lines
    )
    state = placed.state.value if placed.state else "not touched, passes"
    flows = ", ".join(aboard(model, placed.name))
    title = f"{placed.name}, {remark(connection)}: {state}; carries {flows or 'nothing'}"
    beads = Beads(_beads(finding, cone, placed), connection.stream)
    return Envelope(
        f"on-{placed.name}", placed.name, remark(connection), fields, beads, title, placed.state, not connection.plain
    )


def _beads(finding: Finding, cone: Cone, placed: Placed) -> tuple[Bead, ...]:
    beads: list[Bead] = []
    others: list[Rung | None] = []
    for flow in aboard(finding.model, placed.name):
        fate = cone.worst.get(flow)
        here = state_at(finding, fate, placed.name) if fate else None
        asked = flow in cone.cut_flows or flow in cone.kept_flows
        if asked and len(beads) < MAX_LINES:
            harmed_elsewhere = fate is not None and here is Rung.CLEAN and fate.rung is not Rung.CLEAN
            mark = None if here is None or harmed_elsewhere else state_of(here)
            label = f"{flow}, {HELD}" if here is Rung.CLEAN and finding.held(flow) else flow
            beads.append(Bead(label, flow in cone.cut_flows, flow in cone.kept_flows, mark))
        else:
            others.append(here)
    if others:
        known = [rung for rung in others if rung is not None]
        state = f", {summary(known)}" if known and min(known) is not Rung.CLEAN else ""
        beads.append(Bead(f"+ {words.plural(len(others), 'flow')}{state}"))
    return tuple(beads)


def _card_edges(finding: Finding, cone: Cone, card: Card, functions: tuple[str, ...]) -> list[Edge]:
    """From a card to each connection that it needs: cut where all its flows there died, blue where all pass.

    Thin where all that it needs there is held already.
    """
    rungs: dict[str, list[Rung]] = {}
    open_at: set[str] = set()
    for function in functions:
        for fate in flows_of(finding, function):
            for name in rides(finding.model, fate.flow):
                rungs.setdefault(name, []).append(state_at(finding, fate, name))
                if not finding.held(fate.flow, (function,)):
                    open_at.add(name)
    edges = []
    for placed in cone.drawn:
        here = rungs.get(placed.name)
        if here:
            passing = Look.PASSES if placed.name in open_at else Look.REACHES
            look = Look.CUT if max(here) is Rung.DEAD else passing if min(here) is Rung.CLEAN else Look.HARMED
            edges.append(Edge(card.name, f"on-{placed.name}", look))
    return edges


def _far_edges(finding: Finding, cone: Cone, placed: Placed) -> list[Edge]:
    """From an envelope to its server, with a disc where it is hit; and to a resolver that the adversary holds."""
    connection, seat = finding.model.connection[placed.name], finding.seat
    asked = any(
        (flow in cone.cut_flows or flow in cone.kept_flows) and not finding.held(flow)
        for flow in aboard(finding.model, placed.name)
    )
    passing = Look.PASSES if asked else Look.REACHES
    look = {None: passing, glyphs.State.DEAD: Look.CUT}.get(placed.state, Look.HARMED)
    at_server = connection.server in seat.services
    resolvers = dict.fromkeys(
        step.resolver
        for item in connection.alternatives
        for step in item.found
        if hasattr(step, "resolver") and step.resolver
    )
    asks = [name for name in resolvers if name in seat.services and placed.state]
    mark = None if asks and not at_server else placed.state
    edges = [Edge(f"on-{placed.name}", f"at-{connection.server}", look, mark, at_server and not seat.links)]
    return edges + [Edge(f"on-{placed.name}", f"at-{name}", look, placed.state, True) for name in asks]


def describe(finding: Finding, cone: Cone) -> str:
    """The whole finding in words."""
    sentences = [f"{finding.caption.headline}."]
    for plate in finding.plates:
        sentences.append(f"{plate.heading} {' '.join(plate.code)} {plate.remark}".strip() + ".")
    for item in finding.asked:
        fate = finding.fate_of(item.function)
        flows = [
            f"{flow.flow} {flow.rung}" + (f" ({flow.reason or flow.cause})" if flow.reason or flow.cause else "")
            for flow in flows_of(finding, item.function)
        ]
        sentences.append(f"{item.function} is {fate.rung}" + (f": {', '.join(flows)}." if flows else "."))
    others = _others(finding)
    sentences += [f"{text}." for _, text in others.lines] if others else []
    fold = fold_text(finding, cone)
    return " ".join([*sentences, f"{fold}."] if fold else sentences)
