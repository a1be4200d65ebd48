"""A connection as an envelope: white outside with what the wire shows, grey inside with the flows as beads."""

from __future__ import annotations

from dataclasses import dataclass

from sharedfate.report.paint import glyphs
from sharedfate.report.paint.colours import Role
from sharedfate.report.paint.measure import CODE, CODE_BOLD, DETAIL, DETAIL_BOLD, NAME, Face, width, wrap
from sharedfate.report.paint.svg import Canvas, number

_BEAD_GAP = 8
_FIELD_STEP = 15


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the wire image: seen by the adversary (an eye), and matched by a rule (a vermilion one)."""

    label: str
    value: str
    seen: bool = True
    matched: bool = False


@dataclass(frozen=True, slots=True)
class Bead:
    """A flow: `cut` it is in F, `kept` it is in G; `state` None: no mark (nothing was done to it)."""

    label: str
    cut: bool = False
    kept: bool = False
    state: glyphs.State | None = None

    @property
    def face(self) -> Face:
        """Bold when the property asks about it."""
        return DETAIL_BOLD if self.cut or self.kept else DETAIL

    def natural(self) -> float:
        """On one line."""
        return width(self.label, self.face) + self._extra

    @property
    def _extra(self) -> float:
        return 34 if self.state else 18

    def lines(self, limit: float) -> list[str]:
        """The label, wrapped to a bead of at most `limit` px."""
        return wrap(self.label, limit - self._extra, self.face)

    def paint(self, canvas: Canvas, x: float, y: float, limit: float) -> None:
        """With its top left corner at (x, y)."""
        lines = self.lines(limit)
        wide = max(width(line, self.face) for line in lines) + self._extra
        tall = 8 + 14 * len(lines)
        if self.cut or self.kept:
            stroke = Role.INK if self.cut else Role.OK
            fill = Role.OK_TINT if self.kept else Role.CARD
            dash = "4 3" if self.state in (glyphs.State.DEAD, glyphs.State.STRAINED) else ""
            canvas.rect(x, y, wide, tall, fill=fill, stroke=stroke, line=2, radius=11, dash=dash)
        else:
            canvas.rect(x, y, wide, tall, fill=Role.CARD, stroke=Role.LINE, line=1, radius=11)
        if self.state:
            glyphs.state(canvas, x + 13, y + tall / 2, self.state, 11)
        role = Role.OK if self.kept and not self.cut else Role.INK
        for index, line in enumerate(lines):
            canvas.text(x + (24 if self.state else 9), y + 15 + 14 * index, line, self.face, role)


@dataclass(frozen=True, slots=True)
class _Row:
    """Beads side by side: (offset, bead), the row's top and height."""

    top: float
    tall: float
    beads: tuple[tuple[float, Bead], ...]
    end: float


@dataclass(frozen=True, slots=True)
class Beads:
    """The inside of an envelope: beads in rows, threaded when they ride one stream."""

    beads: tuple[Bead, ...]
    threaded: bool

    def natural(self) -> float:
        """All on one row, at most 260 px; one bead that is longer takes what it needs."""
        if not self.beads:
            return 60
        whole = sum(bead.natural() for bead in self.beads) + _BEAD_GAP * (len(self.beads) - 1)
        return max(min(whole, 260), *(bead.natural() for bead in self.beads))

    def rows(self, limit: float) -> list[_Row]:
        """Fills rows from the left, in order."""
        rows: list[_Row] = []
        line: list[tuple[float, Bead]] = []
        x = top = 0.0
        tall = 22.0
        for bead in self.beads:
            lines = bead.lines(limit)
            wide = max(width(text, bead.face) for text in lines) + bead.natural() - width(bead.label, bead.face)
            if line and x + wide > limit:
                rows.append(_Row(top, tall, tuple(line), x - _BEAD_GAP))
                top += tall + 5
                line, x, tall = [], 0.0, 22.0
            line.append((x, bead))
            tall = max(tall, 8 + 14 * len(lines))
            x += wide + _BEAD_GAP
        return [*rows, _Row(top, tall, tuple(line), x - _BEAD_GAP)] if line else rows

    def height(self, limit: float) -> float:
        """At least one row."""
        rows = self.rows(limit)
        return rows[-1].top + rows[-1].tall if rows else 22

    def paint(self, canvas: Canvas, x: float, y: float, limit: float) -> None:
        """The string first, the beads on it."""
        rows = self.rows(limit)
        if self.threaded and rows:
            middles = [y + row.top + row.tall / 2 for row in rows]
            strings = [
                f"M{number(x - 8)} {number(middle)}H{number(x + row.end - 4)}"
                for row, middle in zip(rows, middles, strict=True)
            ]
            spine = f"M{number(x - 8)} {number(middles[0])}V{number(middles[-1])}" if len(rows) > 1 else ""
            canvas.path("".join(strings) + spine, stroke=Role.INK, line=2.2)
        for row in rows:
            for offset, bead in row.beads:
                bead.paint(canvas, x + offset, y + row.top + (row.tall - 8 - 14 * len(bead.lines(limit))) / 2, limit)


@dataclass(frozen=True, slots=True)
class Envelope:
    """One connection. `state` None: nothing touches it; DEAD is drawn dashed, HURT and STRAINED in a solid outline.

    `locked` None: neither lock (nothing is known to be hidden or open).
    """

    name: str
    label: str
    remark: str
    fields: tuple[Field, ...]
    beads: Beads
    title: str
    state: glyphs.State | None = None
    locked: bool = True

    def natural(self) -> float:
        """Everything on one line, beads in rows of at most 260 px."""
        heading = width(self.label, NAME) + width(self.remark, DETAIL) + 44
        fields = max((self._value_x + width(field.value, CODE) for field in self.fields), default=0) + 12
        return max(heading, fields, self.beads.natural() + 48)

    @property
    def _value_x(self) -> float:
        return 32 + max((width(field.label, DETAIL) for field in self.fields), default=0) + 12

    def _split(self, wide: float) -> bool:
        """Whether the remark goes to a line of its own."""
        return width(self.label, NAME) + width(self.remark, DETAIL) + 44 > wide

    def _titles(self, wide: float) -> tuple[list[str], list[str]]:
        if not self._split(wide):
            return [self.label], []
        return wrap(self.label, wide - 24, NAME), wrap(self.remark, wide - 24, DETAIL)

    def _values(self, wide: float) -> list[list[str]]:
        return [wrap(field.value, wide - self._value_x - 12, CODE) for field in self.fields]

    def _outside(self, wide: float) -> float:
        names, remarks = self._titles(wide)
        return 12 + 15 * (len(names) + len(remarks)) + _FIELD_STEP * sum(map(len, self._values(wide))) + 4

    def height(self, wide: float) -> float:
        """Outside, then the beads with 8 px above and 7 below."""
        return self._outside(wide) + self.beads.height(wide - 48) + 17

    def paint(self, canvas: Canvas, x: float, y: float, wide: float) -> None:
        """Outline, heading, fields with eyes, sealed inside with lock and beads."""
        canvas.open(self.name, self.title)
        self._outline(canvas, x, y, wide)
        names, remarks = self._titles(wide)
        for index, line in enumerate(names):
            canvas.text(x + 12, y + 19 + 15 * index, line, NAME)
        base = y + 19 + 15 * len(names)
        if self._split(wide):
            for line in remarks:
                canvas.text(x + 12, base, line, DETAIL, Role.MUTED)
                base += 15
        else:
            canvas.text(x + wide - 12, y + 19, self.remark, DETAIL, Role.MUTED, anchor="end")
        for field, lines in zip(self.fields, self._values(wide), strict=True):
            base = self._field(canvas, x, base, field, lines)
        self._inside(canvas, x, y, wide)
        canvas.close()

    def _outline(self, canvas: Canvas, x: float, y: float, wide: float) -> None:
        tall = self.height(wide)
        match self.state:
            case glyphs.State.DEAD:
                canvas.rect(x, y, wide, tall, fill=Role.CARD, stroke=Role.ADV, line=2.4, radius=5, dash="7 4")
            case glyphs.State.HURT | glyphs.State.STRAINED:
                canvas.rect(x, y, wide, tall, fill=Role.CARD, stroke=Role.ADV, line=2, radius=5)
            case _:
                canvas.rect(x, y, wide, tall, fill=Role.CARD, stroke=Role.INK, line=1.2, radius=5)

    def _field(self, canvas: Canvas, x: float, base: float, field: Field, lines: list[str]) -> float:
        """Paints one field; returns the next baseline."""
        if field.seen or field.matched:
            glyphs.eye(canvas, x + 19, base - 4, Role.ADV if field.matched else Role.MUTED)
        canvas.text(x + 32, base, field.label, DETAIL, Role.MUTED)
        face, role = (CODE_BOLD, Role.ADV) if field.matched else (CODE, Role.INK)
        for line in lines:
            canvas.text(x + self._value_x, base, line, face, role)
            base += _FIELD_STEP
        return base

    def _inside(self, canvas: Canvas, x: float, y: float, wide: float) -> None:
        top = y + self._outside(wide)
        tall = self.height(wide) - self._outside(wide)
        canvas.rect(x + 1.5, top, wide - 3, tall - 1.5, fill=Role.SEAL, radius=4)
        mark = glyphs.lock if self.locked else glyphs.open_lock
        mark(canvas, x + 19, top + 19)
        self.beads.paint(canvas, x + 36, top + 8, wide - 48)
