"""What every box can do, and the small boxes: places, fold lines, frame heads with rule plates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sharedfate.report.paint import glyphs
from sharedfate.report.paint.colours import Role
from sharedfate.report.paint.measure import BODY, CODE, DETAIL, NAME, STRONG, Face, width, wrap
from sharedfate.report.paint.svg import Canvas


class Block(Protocol):
    """A box of the picture. All sizes are px."""

    @property
    def name(self) -> str:
        """Unique in the picture; edges and ids use it."""

    def natural(self) -> float:
        """The width at which nothing needs to wrap."""

    def height(self, wide: float) -> float:
        """The height at a given width."""

    def paint(self, canvas: Canvas, x: float, y: float, wide: float) -> None:
        """Paints with the top left corner at (x, y)."""


def paint_lines(
    canvas: Canvas,
    x: float,
    y: float,
    lines: list[str],
    face: Face,
    role: Role = Role.INK,
    *,
    step: float = 15,
    anchor: str = "start",
) -> None:
    """Writes lines one below the other, the first baseline at y."""
    for index, line in enumerate(lines):
        canvas.text(x, y + index * step, line, face, role, anchor=anchor)


@dataclass(frozen=True, slots=True)
class Place:
    """A party (pill) or a service (rectangle with a second top line); `acts` is the verb of a controlled service."""

    name: str
    label: str
    remark: str = ""
    party: bool = False
    acts: str = ""

    def natural(self) -> float:
        """Name and remark on a line each."""
        texts = max(width(self.label, NAME), width(self.remark, DETAIL), width(self.acts, STRONG))
        return max(104, texts + (36 if self.party else 24))

    def _lines(self, wide: float) -> tuple[list[str], list[str]]:
        inner = wide - (36 if self.party else 20)
        return wrap(self.label, inner, NAME), wrap(self.remark, inner, DETAIL) if self.remark else []

    def height(self, wide: float) -> float:
        """At least 46."""
        label, remark = self._lines(wide)
        return max(46, 16 + 15 * (len(label) + len(remark) + bool(self.acts)))

    def paint(self, canvas: Canvas, x: float, y: float, wide: float) -> None:
        """Centred lines in the outline."""
        tall = self.height(wide)
        role = Role.ADV if self.acts else Role.INK
        label, remark = self._lines(wide)
        canvas.open(self.name, " ".join(filter(None, (self.label, self.acts or self.remark))))
        radius = min(25, tall / 2) if self.party else 3
        canvas.rect(x, y, wide, tall, fill=Role.CARD, stroke=role, line=1.4, radius=radius)
        if not self.party:
            canvas.path(f"M{x + 0.7:.1f} {y + 5:.1f}h{wide - 1.4:.1f}", stroke=role, line=1.2)
        middle = x + wide / 2
        top = y + tall / 2 - 7.5 * (len(label) + len(remark) + bool(self.acts)) + (11.5 if self.party else 13)
        paint_lines(canvas, middle, top, label, NAME, anchor="middle")
        top += 15 * len(label)
        if self.acts:
            canvas.text(middle, top, self.acts, STRONG, Role.ADV, anchor="middle")
            top += 15
        paint_lines(canvas, middle, top, remark, DETAIL, Role.MUTED, anchor="middle")
        canvas.close()


@dataclass(frozen=True, slots=True)
class Fold:
    """A dotted box that stands for what is not drawn. Each line has a count and a state."""

    name: str
    lines: tuple[tuple[glyphs.State | None, str], ...]

    def natural(self) -> float:
        """The longest line, with its mark."""
        return max(width(text, BODY) + (18 if mark else 0) for mark, text in self.lines) + 24

    def _wrapped(self, wide: float) -> list[tuple[glyphs.State | None, list[str]]]:
        return [(mark, wrap(text, wide - 24 - (18 if mark else 0), BODY)) for mark, text in self.lines]

    def height(self, wide: float) -> float:
        """A line is 16 px."""
        return 18 + sum(16 * len(lines) for _, lines in self._wrapped(wide))

    def paint(self, canvas: Canvas, x: float, y: float, wide: float) -> None:
        """Centred when it is one line without a mark, else from the left."""
        canvas.open(self.name, "; ".join(text for _, text in self.lines))
        dotted = "2 3"
        canvas.rect(x, y, wide, self.height(wide), fill=Role.ZONE, stroke=Role.LINE, line=1.2, radius=5, dash=dotted)
        wrapped = self._wrapped(wide)
        base = y + 21
        for mark, lines in wrapped:
            if mark is None and len(wrapped) == 1:
                paint_lines(canvas, x + wide / 2, base, lines, BODY, Role.MUTED, step=16, anchor="middle")
            else:
                if mark:
                    glyphs.beside_word(canvas, x + 18, base - 4, mark, 11)
                paint_lines(canvas, x + (30 if mark else 12), base, lines, BODY, Role.MUTED, step=16)
            base += 16 * len(lines)
        canvas.close()


@dataclass(frozen=True, slots=True)
class Plate:
    """A rule: heading, where and when it acts, and the exact match in mono."""

    heading: str
    remark: str
    code: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The top of a frame: its title, details below it, then the plates of the rules."""

    name: str
    title: str
    details: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    plates: tuple[Plate, ...] = ()
    hostile: bool = True

    def natural(self) -> float:
        """Titles and plates unwrapped."""
        widths = [width(self.title, self._face)] + [width(text, BODY) for text in self.details]
        widths += [width(text, CODE) for text in self.codes]
        for plate in self.plates:
            widths.append(width(plate.heading, STRONG) + width(plate.remark, DETAIL) + 34)
            widths += [width(text, CODE) + 22 for text in plate.code]
        return max(widths)

    @property
    def _face(self) -> Face:
        return STRONG if self.hostile else BODY

    def _titles(self, wide: float) -> list[tuple[str, Face]]:
        lines = [(line, self._face) for line in wrap(self.title, wide, self._face)]
        lines += [(line, BODY) for text in self.details for line in wrap(text, wide, BODY)]
        return lines + [(line, CODE) for text in self.codes for line in wrap(text, wide, CODE)]

    def _plate_height(self, plate: Plate, wide: float) -> float:
        return 25 + 15 * len(self._code(plate, wide)) + (15 if self._remark_below(plate, wide) else 0)

    def _code(self, plate: Plate, wide: float) -> list[str]:
        return [line for text in plate.code for line in wrap(text, wide - 22, CODE)]

    def _remark_below(self, plate: Plate, wide: float) -> bool:
        return bool(plate.remark) and width(plate.heading, STRONG) + width(plate.remark, DETAIL) + 34 > wide

    def height(self, wide: float) -> float:
        """16 px a title line, then the plates, 8 px apart."""
        return 16 * len(self._titles(wide)) - 4 + sum(self._plate_height(plate, wide) + 8 for plate in self.plates)

    def paint(self, canvas: Canvas, x: float, y: float, wide: float) -> None:
        """Title from the left; plates over the whole width."""
        role = Role.ADV if self.hostile else Role.MUTED
        base = y + 8
        for line, face in self._titles(wide):
            canvas.text(x, base, line, face, Role.INK if face.mono else role)
            base += 16
        top = base - 4
        for index, plate in enumerate(self.plates):
            tall = self._plate_height(plate, wide)
            canvas.open(f"{self.name}-rule{index + 1}", f"{plate.heading} {' '.join(plate.code)}")
            canvas.rect(x, top, wide, tall, fill=Role.ADV_TINT, stroke=Role.ADV, line=1.2, radius=4)
            canvas.text(x + 10, top + 16, plate.heading, STRONG)
            below = self._remark_below(plate, wide)
            if below:
                canvas.text(x + 10, top + 31, plate.remark, DETAIL, Role.MUTED)
            else:
                canvas.text(x + wide - 10, top + 16, plate.remark, DETAIL, Role.MUTED, anchor="end")
            paint_lines(canvas, x + 10, top + (46 if below else 31), self._code(plate, wide), CODE)
            canvas.close()
            top += tall + 8
