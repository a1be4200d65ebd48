"""The shared-fate picture: every endpoint class that F uses, and what rides with it there (mock-up c)."""

from __future__ import annotations

from dataclasses import dataclass

from sharedfate.evidence.answer import Answer, Shared
from sharedfate.model.model import Model
from sharedfate.model.question import CanCut
from sharedfate.report.paint.block import Block, Fold, Head
from sharedfate.report.paint.caption import Caption, Reasons
from sharedfate.report.paint.card import Need
from sharedfate.report.paint.edges import Edge, Look
from sharedfate.report.paint.envelope import Bead, Beads, Envelope, Field
from sharedfate.report.paint.scene import Column, FrameLook, Group, Scene, paint
from sharedfate.report.pictures import words
from sharedfate.report.pictures.cone import MAX_ENVELOPES
from sharedfate.report.pictures.finding import STAMP_OF
from sharedfate.report.pictures.needs import needed
from sharedfate.report.pictures.wire import label_of

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
    classes = _classes(answer.shared)
    drawn, rest = classes[:MAX_ENVELOPES], classes[MAX_ENVELOPES:]
    common = _common(answer.shared)
    envelopes: list[Block] = [_envelope(item, common) for item in drawn]
    if rest:
        envelopes.append(_rest([row for item in rest for row in item.rows]))
    left = _need(model, answer.shared, question.function, kept=False)
    rights = [_need(model, answer.shared, name, kept=True) for name in question.spared]
    edges = [Edge(left.name, item.name, Look.IN_F) for item in drawn if item.first.cut_flows]
    for right, name in zip(rights, question.spared, strict=True):
        flows = {need.flow for need in needed(model, name)}
        edges += [Edge(item.name, right.name, Look.IN_G) for item in drawn if flows & set(item.first.kept_flows)]
    caption = Caption(
        words.cut_headline(question, possible=False), STAMP_OF[answer.verdict], words.property_text(answer.check)
    )
    reasons = _reasons(answer.shared, question)
    columns = (
        Column((Group((left,)),), 120, 200),
        Column((Group((_head(model, question, answer.shared, common), *envelopes), FrameLook.ADVERSARY),), 240, 380),
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


def _rest(rows: list[Shared]) -> Fold:
    both = sum(1 for row in rows if row.cut_flows and row.kept_flows)
    return Fold(
        "rest", ((None, f"{words.plural(len(rows), 'more class').replace('classs', 'classes')}: {both} shared"),)
    )


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


def _classes_text(count: int) -> str:
    return "1 class" if count == 1 else f"{count} classes"


def _head(model: Model, question: CanCut, rows: tuple[Shared, ...], common: tuple[tuple[str, str], ...]) -> Head:
    adversary = model.adversary.get(question.adversary)
    places = words.places_text(adversary.links, adversary.services) if adversary else f"service {question.adversary}"
    alike = all(row.cut_flows and row.kept_flows for row in rows)
    title = f"{places} · what {question.adversary} sees" + (", the same for both" if alike else "")
    return Head("seat", title, (), tuple(f"{label_of(field)} {_short((value,))}" for field, value in common))


def _reasons(rows: tuple[Shared, ...], question: CanCut) -> Reasons:
    """What the picture shows, counted; the last step is the verdict itself."""
    spared = words.listed(question.spared)
    with_f = [row for row in rows if row.cut_flows]
    both = [row for row in with_f if row.kept_flows]
    alone = sum(1 for row in rows if row.kept_flows and not row.cut_flows)
    seen = list(dict.fromkeys(label_of(field) for row in both for field, _ in row.seen))
    sight = (
        f"{question.adversary} sees {words.listed(seen)} there, one value for all."
        if seen
        else "nothing is seen there."
    )
    steps = [
        (
            "Same wire.",
            f"{len(both)} of {_classes_text(len(with_f))} with {question.function} carry {spared} too; {sight}",
        )
    ]
    if both and all(row.stream for row in both):
        steps.append(
            ("Same fate.", "One stream a class, with control units that every bead needs: cut the string and all fall.")
        )
    verb = words.cut_headline(question, possible=True).split(" can ", 1)[1]
    count = f"classes with {spared} but not {question.function}: {alone}."
    steps.append(("So:", f"{count} No policy of {question.adversary} can {verb}."))
    return Reasons(tuple(steps))
