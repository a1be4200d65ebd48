"""Several separate connections as one box: a row each, a bead each, and no string."""

from __future__ import annotations

from dataclasses import dataclass

from sharedfate.report.paint import glyphs
from sharedfate.report.paint.colours import Role
from sharedfate.report.paint.envelope import Beads
from sharedfate.report.paint.measure import CODE, DETAIL, NAME, width, wrap
from sharedfate.report.paint.svg import Canvas, number


@dataclass(frozen=True, slots=True)
class BundleRow:
    """One connection: a short label (transport and port), what else the wire shows, and its beads."""

    label: str
    value: str
    seen: bool
    beads: Beads


@dataclass(frozen=True, slots=True)
class Bundle:
    """Connections with the same far end and no shared stream; `rest` counts those beyond the rows ('' for none)."""

    name: str
    label: str
    remark: str
    rows: tuple[BundleRow, ...]
    title: str
    rest: str = ""

    def natural(self) -> float:
        """Rows on one line each."""
        heading = width(self.label, NAME) + width(self.remark, DETAIL) + 44
        inside = max(row.beads.natural() for row in self.rows) + 48
        value = max(width(row.value, CODE) for row in self.rows)
        return max(heading, self._value_x + value + 14 + inside)

    @property
    def _value_x(self) -> float:
        return 32 + max(width(row.label, DETAIL) for row in self.rows) + 12

    def _inside_width(self, wide: float) -> float:
        """The sealed part: what the beads want, but never more than leaves the wire text 130 px."""
        wanted = max(row.beads.natural() for row in self.rows) + 46
        return max(60, min(wanted, wide - self._value_x - 130))

    def _row_parts(self, row: BundleRow, wide: float) -> tuple[list[str], float]:
        inside = self._inside_width(wide)
        lines = wrap(row.value, wide - inside - self._value_x - 8, CODE)
        return lines, max(15 * len(lines) + 9, row.beads.height(inside - 44) + 4)

    def _titles(self, wide: float) -> tuple[list[str], bool]:
        beside = width(self.label, NAME) + width(self.remark, DETAIL) + 44 <= wide
        return ([self.label] if beside else wrap(self.label, wide - 24, NAME)), beside

    def _top(self, wide: float) -> float:
        names, beside = self._titles(wide)
        return 14 + 15 * len(names) + (0 if beside else 15)

    def height(self, wide: float) -> float:
        """Heading, rows, and the count of the rest."""
        rows = sum(self._row_parts(row, wide)[1] for row in self.rows)
        return self._top(wide) + rows + 8 + (18 if self.rest else 0)

    def paint(self, canvas: Canvas, x: float, y: float, wide: float) -> None:
        """Wire on the white left, beads on the grey right."""
        canvas.open(self.name, self.title)
        tall, inside, top = self.height(wide), self._inside_width(wide), self._top(wide)
        canvas.rect(x, y, wide, tall, fill=Role.CARD, stroke=Role.INK, line=1.2, radius=5)
        left, sealed = x + wide - inside, tall - top - 1.2 - (18 if self.rest else 0)
        corner = "q0 4 -4 4" if not self.rest else "v4h-4"
        across = f"M{number(left)} {number(y + top)}h{number(inside - 1)}v{number(sealed - 4)}"
        canvas.path(f"{across}{corner}h{number(5 - inside)}Z", fill=Role.SEAL)
        names, beside = self._titles(wide)
        for index, line in enumerate(names):
            canvas.text(x + 12, y + 19 + 15 * index, line, NAME)
        if beside:
            canvas.text(x + wide - 12, y + 19, self.remark, DETAIL, Role.MUTED, anchor="end")
        else:
            canvas.text(x + 12, y + 19 + 15 * len(names), self.remark, DETAIL, Role.MUTED)
        base = y + top + 3
        for index, row in enumerate(self.rows):
            lines, row_tall = self._row_parts(row, wide)
            if index:
                canvas.path(f"M{number(x + 12)} {number(base)}H{number(x + wide - 12)}", stroke=Role.HAIR)
            self._row(canvas, x, base + row_tall / 2, row, lines, left)
            row.beads.paint(canvas, left + 34, base + (row_tall - row.beads.height(inside - 44)) / 2, inside - 44)
            base += row_tall
        canvas.text(x + 12, y + tall - 8, self.rest, DETAIL, Role.MUTED)
        canvas.close()

    def _row(self, canvas: Canvas, x: float, middle: float, row: BundleRow, lines: list[str], left: float) -> None:
        base = middle + 4 - 7.5 * (len(lines) - 1)
        if row.seen:
            glyphs.eye(canvas, x + 19, base - 4)
        canvas.text(x + 32, base, row.label, DETAIL, Role.MUTED)
        for index, line in enumerate(lines):
            canvas.text(x + self._value_x, base + 15 * index, line, CODE)
        glyphs.lock(canvas, left + 17, middle - 1)
