"""A table with marks, for pictures that would not read as a graph. Own layout, no Graphviz."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sharedfate.report.paint import glyphs
from sharedfate.report.paint.colours import Role
from sharedfate.report.paint.measure import BODY, DETAIL, STRONG, Face, width, wrap
from sharedfate.report.paint.svg import Canvas, number

PAD = 14.0
"""Room between two columns."""
_STEP = 15.0
_SLACK = 0.01  # a column as wide as its text may come out a rounding error narrower
_SPILL = 24  # px


@dataclass(frozen=True, slots=True)
class Cell:
    """A mark and words; `face` sets them; `role` colours them."""

    text: str = ""
    state: glyphs.State | None = None
    face: Face = DETAIL
    role: Role = Role.INK

    @property
    def indent(self) -> float:
        """Room for the mark."""
        return 18 if self.state else 0

    def natural(self) -> float:
        """On one line."""
        return width(self.text, self.face) + self.indent


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """A column's name, and the widest that it may get."""

    text: str
    most: float
    strong: bool = True

    @property
    def face(self) -> Face:
        """Functions are bold, the other heads are not."""
        return STRONG if self.strong else BODY


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under heads; `fold` counts rows left out; `result` is the last row, below a thick line."""

    heads: tuple[ColumnHead, ...]
    rows: tuple[tuple[Cell, ...], ...]
    fold: str = ""
    result: tuple[Cell, ...] = ()

    def widths(self) -> list[float]:
        """Natural widths, capped for each column; a head that is a little wider than its cap widens the column."""
        found = []
        for index, head in enumerate(self.heads):
            cells = [row[index].natural() for row in self.rows] + (
                [self.result[index].natural()] if self.result else []
            )
            named = width(head.text, head.face)
            found.append(max(min(head.most, max([named, *cells])), named if named <= head.most + _SPILL else 0))
        return found

    def natural(self) -> float:
        """The whole width."""
        return sum(self.widths()) + PAD * (len(self.heads) - 1)

    def _lines(self, cell: Cell, wide: float) -> list[str]:
        return wrap(cell.text, wide - cell.indent + _SLACK, cell.face)

    def _row_height(self, row: Sequence[Cell], widths: list[float]) -> float:
        return 15 + _STEP * max(len(self._lines(cell, wide)) for cell, wide in zip(row, widths, strict=True))

    def _head_height(self, widths: list[float]) -> float:
        return 12 + _STEP * max(
            len(wrap(head.text, wide, head.face)) for head, wide in zip(self.heads, widths, strict=True)
        )

    def height(self) -> float:
        """Head, rows, fold line, result."""
        widths = self.widths()
        rows = sum(self._row_height(row, widths) for row in self.rows)
        return (
            self._head_height(widths)
            + rows
            + (30 if self.fold else 0)
            + (self._row_height(self.result, widths) + 6 if self.result else 0)
        )

    def paint(self, canvas: Canvas, x: float, y: float) -> None:
        """From the top left corner."""
        widths = self.widths()
        lefts = [x + sum(widths[:index]) + PAD * index for index in range(len(widths))]
        right = lefts[-1] + widths[-1]
        bottom = y + self._head_height(widths)
        for head, left, wide in zip(self.heads, lefts, widths, strict=True):
            lines = wrap(head.text, wide, head.face)
            for index, line in enumerate(lines):
                role = Role.INK if head.strong else Role.MUTED
                canvas.text(left, bottom - 8 - _STEP * (len(lines) - 1 - index), line, head.face, role)
        self._rule(canvas, x, right, bottom)
        for row in self.rows:
            bottom = self._row(canvas, row, lefts, widths, bottom)
            self._rule(canvas, x, right, bottom)
        if self.fold:
            canvas.text(x, bottom + 19, self.fold, BODY, Role.MUTED)
            bottom += 30
        if self.result:
            canvas.path(f"M{number(x)} {number(bottom)}H{number(right)}", stroke=Role.INK, line=1.6)
            self._row(canvas, self.result, lefts, widths, bottom + 4)

    def _rule(self, canvas: Canvas, x: float, right: float, y: float) -> None:
        canvas.path(f"M{number(x)} {number(y)}H{number(right)}", stroke=Role.HAIR)

    def _row(self, canvas: Canvas, row: Sequence[Cell], lefts: list[float], widths: list[float], top: float) -> float:
        for cell, left, wide in zip(row, lefts, widths, strict=True):
            if cell.state:
                glyphs.state(canvas, left + 6.5, top + 15, cell.state, 12)
            for index, line in enumerate(self._lines(cell, wide)):
                canvas.text(left + cell.indent, top + 19 + _STEP * index, line, cell.face, cell.role)
        return top + self._row_height(row, widths)
