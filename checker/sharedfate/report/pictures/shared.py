"""The shared-fate picture: every endpoint class that F uses, and what rides with it there (mock-up c)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sharedfate.evidence.answer import Answer, Shared
from sharedfate.evidence.rule_words import prefix_words
from sharedfate.model.model import Model
from sharedfate.model.question import CanCut
from sharedfate.model.wire import IP, SIZE
from sharedfate.report.paint.block import Block, Fold, Head
from sharedfate.report.paint.caption import Caption, Reasons
from sharedfate.report.paint.card import Need
from sharedfate.report.paint.edges import Edge, Look
from sharedfate.report.paint.envelope import Bead, Beads, Envelope, Field
from sharedfate.report.paint.scene import Column, FrameLook, Group, Scene, paint
from sharedfate.report.pictures import words
from sharedfate.report.pictures.cone import MAX_ENVELOPES
from sharedfate.report.pictures.finding import STAMP_OF
from sharedfate.report.pictures.needs import needed, open_flows
from sharedfate.report.pictures.wire import label_of, prefixes

MANY_ROWS = 6
"""With more classes, those with the same beads and sight collapse to one envelope."""
MAX_BEADS = 9


@dataclass(frozen=True, slots=True)
class _Class:
    """One drawn envelope: endpoint classes with the same beads and the same fields in sight."""

    number: int
    rows: tuple[Shared, ...]

    @property
    def first(self) -> Shared:
        return self.rows[0]

    @property
    def name(self) -> str:
        return f"class{self.number}"


def draw(model: Model, answer: Answer) -> str | None:
    """The picture of a cut that cannot be made; None for other questions."""
    question = answer.check.question
    if not isinstance(question, CanCut):
        return None
    rows = tuple(_relevant(model, question, row) for row in answer.shared)
    near = tuple(row for row in rows if row.seen and (row.cut_flows or row.kept_flows)) or rows
    classes = _classes(near)
    drawn, beyond = classes[:MAX_ENVELOPES], classes[MAX_ENVELOPES:]
    common = _common(near)
    envelopes: list[Block] = [_envelope(item, common) for item in drawn]
    left_out = _left_out([row for row in rows if row not in near], [row for item in beyond for row in item.rows])
    if left_out:
        envelopes.append(Fold("rest", left_out))
    left = _need(model, near, question.function, kept=False)
    rights = [_need(model, near, name, kept=True) for name in question.spared]
    edges = [Edge(left.name, item.name, Look.IN_F) for item in drawn if item.first.cut_flows]
    for right, name in zip(rights, question.spared, strict=True):
        flows = {need.flow for need in needed(model, name)}
        edges += [Edge(item.name, right.name, Look.IN_G) for item in drawn if flows & set(item.first.kept_flows)]
    caption = Caption(
        words.cut_headline(question, possible=False), STAMP_OF[answer.verdict], words.property_text(answer.check)
    )
    reasons = _reasons(near, question)
    columns = (
        Column((Group((left,)),), 120, 200),
        Column((Group((_head(model, question, near, common), *envelopes), FrameLook.ADVERSARY),), 240, 380),
        Column((Group(tuple(rights)),), 120, 200),
    )
    desc = " ".join([caption.headline + ".", *(f"{lead} {text}" for lead, text in reasons.steps)])
    return paint(Scene(columns, tuple(edges), caption, reasons), answer.check.name, caption.headline, desc)


def _classes(rows: tuple[Shared, ...]) -> list[_Class]:
    if len(rows) <= MANY_ROWS:
        return [_Class(index + 1, (row,)) for index, row in enumerate(rows)]
    groups: dict[object, list[Shared]] = {}
    for row in rows:
        sight = tuple(field for field, _ in row.seen)
        groups.setdefault((row.connection, row.cut_flows, row.kept_flows, row.others, row.stream, sight), []).append(
            row
        )
    return [_Class(index + 1, tuple(group)) for index, group in enumerate(groups.values())]


def _common(rows: tuple[Shared, ...]) -> tuple[tuple[str, str], ...]:
    """What is seen alike in every class; with one class alone nothing is said twice."""
    return tuple(pair for pair in rows[0].seen if all(pair in row.seen for row in rows)) if len(rows) > 1 else ()


def _envelope(item: _Class, common: tuple[tuple[str, str], ...]) -> Envelope:
    row = item.first
    values: dict[str, dict[str, None]] = {}
    for member in item.rows:
        for field, value in member.seen:
            if (field, value) not in common:
                values.setdefault(field, {})[value] = None
    fields = tuple(Field(label_of(field), _short(tuple(found))) for field, found in values.items())
    if not fields and row.endpoint:
        fields = (Field("to", row.endpoint, seen=False),)
    many = len(item.rows) > 1
    label = f"endpoint class {item.number}" if not many else f"endpoint class {item.number} x {len(item.rows)}"
    remark = f"{row.connection}, {'one stream' if row.stream else 'no stream'}" + (" each" if many else "")
    flows = words.listed([*row.cut_flows, *row.kept_flows])
    title = f"{label}: {row.endpoint}, {remark}; carries {flows}"
    return Envelope(item.name, label, remark, fields, Beads(_beads(row), row.stream), title)


def _short(values: tuple[str, ...]) -> str:
    """All values of a field, folded after the second of a list."""
    parts = [part for value in values for part in value.split(", ")]
    return words.some(parts, 2) if len(parts) > 3 else ", ".join(parts)


def _beads(row: Shared) -> tuple[Bead, ...]:
    flows = dict.fromkeys([*row.cut_flows, *row.kept_flows])
    beads = [Bead(flow, flow in row.cut_flows, flow in row.kept_flows) for flow in flows]
    rest = len(beads[MAX_BEADS:]) + len(row.others)
    if rest:
        return (*beads[:MAX_BEADS], Bead(f"+ {words.plural(rest, 'flow')}"))
    return tuple(beads)


def _relevant(model: Model, question: CanCut, row: Shared) -> Shared:
    """The row without flows that the client holds already at this horizon: they cannot be cut, nor need sparing."""
    cut = open_flows(model, question.function, question.horizon)
    kept = {flow for name in question.spared for flow in open_flows(model, name, question.horizon)}
    flows = dict.fromkeys([*row.cut_flows, *row.kept_flows, *row.others])
    return replace(
        row,
        seen=_seen(model, row),
        cut_flows=tuple(flow for flow in row.cut_flows if flow in cut),
        kept_flows=tuple(flow for flow in row.kept_flows if flow in kept),
        others=tuple(flow for flow in flows if flow not in cut | kept or flow in row.others),
    )


def _seen(model: Model, row: Shared) -> tuple[tuple[str, str], ...]:
    """What is seen, with the whole pool as the address; an address that only this connection has says nothing."""
    ways = [item for item in model.connection[row.connection].alternatives if item.key == row.endpoint]
    pool = ", ".join(prefix_words(prefix) for prefix in prefixes(tuple(ways)))
    if not ways:
        return row.seen
    return tuple((field, pool if field == IP.name else value) for field, value in row.seen if field != IP.name or pool)


def _left_out(away: list[Shared], beyond: list[Shared]) -> tuple[tuple[None, str], ...]:
    """A line for the classes that are not in sight or carry nothing that must arrive, one for those beyond the last."""
    lines = []
    unseen = [row for row in away if not row.seen]
    if unseen:
        lines.append(
            f"{_classes_text(len(unseen), 'more ')}: nothing of {'it' if len(unseen) == 1 else 'them'} in sight"
        )
    if len(away) > len(unseen):
        held = words.some(list(dict.fromkeys(flow for row in away if row.seen for flow in row.others)), 3)
        lines.append(f"{_classes_text(len(away) - len(unseen), 'more ')} ({held}): held already, not needed")
    if beyond:
        both = sum(1 for row in beyond if row.cut_flows and row.kept_flows)
        lines.append(f"{_classes_text(len(beyond), 'more ')}: {both} shared")
    return tuple((None, line) for line in lines)


def _need(model: Model, rows: tuple[Shared, ...], function: str, *, kept: bool) -> Need:
    names = [need.flow for need in needed(model, function)]
    aboard = {flow for row in rows for flow in (row.kept_flows if kept else row.cut_flows)}
    here = [name for name in names if name in aboard] or names
    lines = ["needs " + words.some([*here[:-2], words.listed(here[-2:])])]
    if len(names) > len(here):
        lines.append(f"+ {words.plural(len(names) - len(here), 'flow')} elsewhere")
    count = sum(1 for row in rows if set(names) & set(row.kept_flows if kept else row.cut_flows))
    return Need(
        f"fn-{function}" + ("-kept" if kept else ""),
        function,
        tuple(lines),
        f"at {count} of {_classes_text(len(rows))}",
        kept,
    )


def _classes_text(count: int, more: str = "") -> str:
    return f"1 {more}class" if count == 1 else f"{count} {more}classes"


def _head(model: Model, question: CanCut, rows: tuple[Shared, ...], common: tuple[tuple[str, str], ...]) -> Head:
    adversary = model.adversary.get(question.adversary)
    places = words.places_text(adversary.links, adversary.services) if adversary else f"service {question.adversary}"
    alike = all(row.cut_flows and row.kept_flows and SIZE.name not in dict(row.seen) for row in rows)
    title = f"{places} · what {question.adversary} sees" + (", the same for both" if alike else "")
    return Head("seat", title, (), tuple(f"{label_of(field)} {_short((value,))}" for field, value in common))


def _reasons(rows: tuple[Shared, ...], question: CanCut) -> Reasons:
    """What the picture shows, counted; the last step is the verdict itself."""
    spared = words.listed(question.spared)
    with_f = [row for row in rows if row.cut_flows]
    both = [row for row in with_f if row.kept_flows]
    alone = sum(1 for row in rows if row.kept_flows and not row.cut_flows)
    seen = list(dict.fromkeys(field for row in both for field, _ in row.seen))
    alike = words.listed([label_of(field) for field in seen if field != SIZE.name])
    sight = f"{question.adversary} sees {alike} there, one value for all" if alike else "nothing there tells them apart"
    sight += ", and the size of each record." if SIZE.name in seen else "."
    share = f"{len(both)} of its {len(with_f)} classes" if len(with_f) > 1 else "its only class"
    steps = [("Same wire.", f"{question.function} shares {share} with {spared}; {sight}")]
    if both and all(row.stream for row in both):
        steps.append(
            ("Same fate.", "One stream a class, with control units that every bead needs: cut the string and all fall.")
        )
    verb = words.cut_headline(question, possible=True).split(" can ", 1)[1]
    count = f"classes with {spared} but not {question.function}: {alone}."
    steps.append(("So:", f"{count} No policy of {question.adversary} can {verb}."))
    return Reasons(tuple(steps))
