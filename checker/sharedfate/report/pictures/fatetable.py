"""The fate table: connections against functions, for what is too much for a graph (VISUAL.md 5, mock-up b)."""

from __future__ import annotations

from collections.abc import Sequence

from sharedfate.evidence.answer import FlowFate
from sharedfate.model.model import Model
from sharedfate.model.network import Connection
from sharedfate.model.question import Rung
from sharedfate.report.paint import glyphs
from sharedfate.report.paint.block import Head
from sharedfate.report.paint.caption import Caption
from sharedfate.report.paint.colours import Role
from sharedfate.report.paint.measure import CODE, NAME, STRONG
from sharedfate.report.paint.scene import MARGIN, MAX_WIDTH
from sharedfate.report.paint.svg import Canvas
from sharedfate.report.paint.table import Cell, ColumnHead, Table
from sharedfate.report.pictures import words
from sharedfate.report.pictures.cone import Cone, Placed, flows_of, fold_text, state_at, state_of, summary
from sharedfate.report.pictures.finding import Finding
from sharedfate.report.pictures.needs import carriers, needed, passengers
from sharedfate.report.pictures.policy import HELD, describe
from sharedfate.report.pictures.wire import ports_text, short_name

MAX_ROWS = 24
"""So many connections get a row; the others become a count."""
_STATE_ROLE = {Rung.CLEAN: Role.OK, Rung.STRAINED: Role.INK, Rung.HURT: Role.INK, Rung.DEAD: Role.ADV}


def draw(finding: Finding, cone: Cone) -> str:
    """The table of a finding as SVG: what rules do at each connection, which flows are needed there, the result."""
    asked = [item.function for item in finding.asked]
    functions = asked + [name for name in finding.fates if name not in asked]
    table, shown = _fit(finding, cone, functions)
    left_out = [finding.fate_of(name).rung for name in functions[shown:]]
    notes = finding.caption.notes
    if left_out:
        notes = (
            *notes,
            f"{words.plural(len(left_out), 'more function')}: {summary(left_out).replace('all pass', 'clean')}",
        )
    caption = Caption(
        finding.caption.headline, finding.caption.stamp, finding.caption.code, finding.caption.conditions, notes
    )
    seat = finding.seat
    head = Head(
        "seat", f"{words.places_text(seat.links, seat.services)} · {seat.who}", seat.details, (), finding.plates
    )
    return _page(finding.name, caption, head, table, describe(finding, cone))


def _fit(finding: Finding, cone: Cone, functions: Sequence[str]) -> tuple[Table, int]:
    """The table with as many functions as fit on the page, and how many those are."""
    shown = len(functions)
    while True:
        table = _table(finding, cone, functions[:shown])
        if shown == 1 or table.natural() <= MAX_WIDTH - 2 * MARGIN:
            return table, shown
        shown -= 1


def _table(finding: Finding, cone: Cone, functions: Sequence[str]) -> Table:
    model = finding.model
    wanted = {
        name for function in functions for fate in flows_of(finding, function) for name in carriers(model, fate.flow)
    }
    rows = [placed for placed in cone.drawn if placed.name in wanted]
    rest = [placed for placed in cone.drawn if placed.name not in wanted] + rows[MAX_ROWS:]
    rows = rows[:MAX_ROWS]
    heads = [
        ColumnHead("connection", 150, False),
        ColumnHead("what the wire shows", 230, False),
        ColumnHead("rule", 80, False),
    ]
    heads += [ColumnHead(name, 130) for name in functions]
    result = (Cell("result", face=NAME), Cell(), Cell(), *(_result(finding.fate_of(name).rung) for name in functions))
    cells = tuple(_row(finding, placed, functions) for placed in rows)
    return Table(tuple(heads), cells, _fold(finding, cone, rest), result)


def _result(rung: Rung) -> Cell:
    return Cell(str(rung), state_of(rung), STRONG, _STATE_ROLE[rung])


def _row(finding: Finding, placed: Placed, functions: Sequence[str]) -> tuple[Cell, ...]:
    connection = finding.model.connection[placed.name]
    cells = [Cell(placed.name, face=NAME), Cell(_wire(connection), face=CODE), _rule(finding, placed, functions)]
    return (*cells, *(_needs(finding, placed.name, function) for function in functions))


def _wire(connection: Connection) -> str:
    return f"{ports_text(connection.alternatives)} {short_name(connection)}".strip()


def _rule(finding: Finding, placed: Placed, functions: Sequence[str]) -> Cell:
    """What the rules do to a connection, marked by what that does to the flows on it; no mark where it harms none."""
    if not placed.hit:
        return Cell("pass", glyphs.State.CLEAN)
    state = placed.state or _through(finding, placed.name, functions)
    flows = {fate.flow for function in functions for fate in _aboard(finding, placed.name, function)}
    held = f", {HELD}" if state is None and flows and all(map(finding.held, flows)) else ""
    role = Role.ADV if state is glyphs.State.DEAD else Role.INK
    return Cell(_act(finding, placed) + held, state, STRONG, role)


def _through(finding: Finding, connection: str, functions: Sequence[str]) -> glyphs.State | None:
    """The worst state of the flows whose connections go via this one; None where they are clean."""
    rungs = [
        state_at(finding, fate, connection) for function in functions for fate in _aboard(finding, connection, function)
    ]
    worst = min(rungs, default=Rung.CLEAN)
    return None if worst is Rung.CLEAN else state_of(worst)


def _aboard(finding: Finding, connection: str, function: str) -> list[FlowFate]:
    return [fate for fate in flows_of(finding, function) if connection in carriers(finding.model, fate.flow)]


def _act(finding: Finding, placed: Placed) -> str:
    """The acts of the rules that hit here; without any, a default denies."""
    return ", ".join(dict.fromkeys(finding.acts[rule] for rule in finding.rules_at(placed.name))) or "deny"


def _needs(finding: Finding, connection: str, function: str) -> Cell:
    texts = {need.flow: need.text for need in needed(finding.model, function)}
    here = _aboard(finding, connection, function)
    if not here:
        return Cell()
    worst = min(state_at(finding, fate, connection) for fate in here)
    return Cell(words.some([texts.get(fate.flow, fate.flow) for fate in here], 5), state_of(worst))


def _fold(finding: Finding, cone: Cone, rest: Sequence[Placed]) -> str:
    """The connections without a row: those that no function shown needs, or all beyond the last row."""
    parts = []
    if rest:
        hit = sum(1 for placed in rest if placed.hit)
        state = "all hit" if hit == len(rest) else f"{hit} hit, {len(rest) - hit} pass"
        why = "" if len(cone.drawn) - len(rest) >= MAX_ROWS else ", no function shown needs them"
        parts.append(f"{words.plural(len(rest), 'more connection')}: {state}{why}")
    if fold_text(finding, cone):
        parts.append(fold_text(finding, cone))
    return "; ".join(parts)


def _page(prefix: str, caption: Caption, head: Head | None, table: Table, desc: str) -> str:
    total = max(table.natural(), 480.0) + 2 * MARGIN
    inner = total - 2 * MARGIN
    canvas = Canvas(prefix)
    caption.paint(canvas, MARGIN, MARGIN, inner)
    top = MARGIN + caption.height(inner)
    if head:
        head.paint(canvas, MARGIN, top, inner)
        top += head.height(inner) + 8
    table.paint(canvas, MARGIN, top)
    return canvas.finish(total, top + table.height() + MARGIN, caption.headline, desc)


def draw_model(model: Model, caption: Caption, prefix: str, desc: str) -> str:
    """The table of a whole model: which flow of which function rides where. What does not fit becomes a count."""
    names = [function.name for function in model.functions]
    rows = model.connections[:MAX_ROWS]
    fold = (
        words.plural(len(model.connections) - len(rows), "more connection")
        if len(model.connections) > len(rows)
        else ""
    )
    shown = len(names)
    while True:
        table = Table(
            (
                ColumnHead("connection", 150, False),
                ColumnHead("what the wire shows", 230, False),
                *(ColumnHead(name, 130) for name in names[:shown]),
            ),
            tuple(_model_row(model, connection, names[:shown]) for connection in rows),
            fold,
        )
        if shown == 0 or table.natural() <= MAX_WIDTH - 2 * MARGIN:
            break
        shown -= 1
    notes = caption.notes
    if shown < len(names):
        notes = (*notes, f"{words.plural(len(names) - shown, 'more function')}, not drawn")
    return _page(prefix, Caption(caption.headline, None, caption.code, (), notes), None, table, desc)


def _model_row(model: Model, connection: Connection, functions: Sequence[str]) -> tuple[Cell, ...]:
    cells = [Cell(connection.name, face=NAME), Cell(_wire(connection), face=CODE)]
    aboard = set(passengers(model, connection.name))
    for function in functions:
        texts = [need.text for need in needed(model, function) if need.flow in aboard]
        cells.append(Cell(words.some(texts, 5)))
    return tuple(cells)
