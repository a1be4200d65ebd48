"""An audit for the terminal: functions by horizons, what breaks each, and the entries to blame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sharedfate.evidence.audit import AuditCell, AuditReport, AuditRow
from sharedfate.model.question import Rung
from sharedfate.report.lines import RUNG_STYLE, Line, Piece, Style, labelled, line, rung
from sharedfate.report.table import Cell, table
from sharedfate.report.text_attack import told_once


def report_lines(file: str, model: str, notes: Sequence[str], report: AuditReport) -> Iterator[Line]:
    """The whole audit: how lists were read, the table, why, and by which entries."""
    yield line(f"{file}: model {model} under ", Piece(", ".join(report.policies), Style.STRONG))
    for note in notes:
        yield line(Piece(f"  {note}", Style.FAINT))
    yield line("")
    horizons = [cell.horizon for cell in report.rows[0].cells] if report.rows else []
    header = ("function", *(horizon.value for horizon in horizons), "entries")
    yield from table(header, [_row(row) for row in report.rows], 2)
    yield from _reasons(report)
    if report.guilty:
        yield line("")
        yield line(Piece("  entries that act on something", Style.STRONG))
        header = ("", "entry", "where it stands", "acts on")
        cells: list[Sequence[Cell]] = [
            (str(number), item.rule, f"{item.span.file}:{item.span.line}", ", ".join(item.places))
            for number, item in enumerate(report.guilty, 1)
        ]
        columns = 4 if any(item.places for item in report.guilty) else 3
        yield from table(header[:columns], [row[:columns] for row in cells], 2)
    if report.leaned_on:
        yield line("")
        yield from labelled("leans on", report.leaned_on, 2)
    if report.partial:
        yield line(Piece("  nature has more choices than were looked at: best and worst are of those", Style.WARN))


def _row(row: AuditRow) -> list[Cell]:
    entries = sorted({number + 1 for cell in row.cells for flow in cell.flows for number in flow.cut_by})
    shown = ", ".join(map(str, entries[:8])) + (f" and {len(entries) - 8} more" if len(entries) > 8 else "")
    return [row.function, *(_rung(cell) for cell in row.cells), shown or "."]


def _rung(cell: AuditCell) -> Piece:
    if cell.low is cell.high:
        return rung(cell.low)
    return Piece(f"{str(cell.low).upper()}..{str(cell.high).upper()}", RUNG_STYLE[cell.low])


def _reasons(report: AuditReport) -> Iterator[Line]:
    """For every function that is not clean, at the first horizon where it stands lowest, its flows and why."""
    told: dict[str, str] = {}
    for row in report.rows:
        cell = min(row.cells, key=lambda item: item.low, default=None)
        if cell is None or cell.low is Rung.CLEAN:
            continue
        yield line("")
        after = "" if row.honest is Rung.CLEAN else f" ({str(row.honest).upper()} without any policy)"
        yield line("  ", Piece(row.function, Style.STRONG), f", {cell.horizon.value}: ", _rung(cell), after)
        width = max((len(flow.flow) for flow in cell.flows), default=0)
        for flow in cell.flows:
            entries = f" [entry {', '.join(str(number + 1) for number in flow.cut_by[:8])}]" if flow.cut_by else ""
            why = Piece(f"{told_once(flow, told)}{entries}", Style.FAINT, hangs=True)
            yield line(f"    {flow.flow.ljust(width)}  ", rung(flow.rung, 8), "  ", why)
