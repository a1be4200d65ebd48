"""The words above a picture (finding, verdict, property) and the numbered reasons below one."""

from __future__ import annotations

from dataclasses import dataclass

from sharedfate.report.paint import glyphs
from sharedfate.report.paint.colours import Role
from sharedfate.report.paint.measure import BODY, CODE, HEADLINE, STRONG, Face, width, wrap
from sharedfate.report.paint.svg import Canvas


@dataclass(frozen=True, slots=True)
class Caption:
    """The finding as a headline; below it the verdict's mark and word, and the property as written; then conditions.

    `stamp` None: no verdict (an overview); then `code` stands alone. `notes` are lines of prose, `conditions` verbatim.
    """

    headline: str
    stamp: glyphs.Stamp | None
    code: str
    conditions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def _word(self) -> float:
        return 28 + width(self.stamp.value, STRONG) + 12 if self.stamp else 0.0

    def _parts(self, wide: float) -> tuple[list[str], list[str], list[tuple[str, Face]]]:
        tail = [(line, CODE) for text in self.conditions for line in wrap(text, wide, CODE)]
        tail += [(line, BODY) for text in self.notes for line in wrap(text, wide, BODY)]
        return wrap(self.headline, wide, HEADLINE), wrap(self.code, wide - self._word(), CODE), tail

    def height(self, wide: float) -> float:
        """With 18 px of room below."""
        headline, code, tail = self._parts(wide)
        return 20 * len(headline) + max(24, 10 + 15 * len(code)) + 16 * len(tail) + 18

    def paint(self, canvas: Canvas, x: float, y: float, wide: float) -> None:
        """From the left."""
        headline, code, tail = self._parts(wide)
        base = y + 15
        for line in headline:
            canvas.text(x, base, line, HEADLINE)
            base += 20
        if self.stamp:
            canvas.open_hidden()
            glyphs.stamp(canvas, x + 10.5, base, self.stamp)
            canvas.close()
            canvas.text(x + 28, base + 4, self.stamp.value, STRONG, glyphs.STAMP_ROLE[self.stamp])
        for index, line in enumerate(code):
            canvas.text(x + self._word(), base + 4 + 15 * index, line, CODE, Role.MUTED)
        base += 14 + max(10, 15 * len(code) - 4)
        for line, face in tail:
            canvas.text(x, base, line, face, Role.INK if face.mono else Role.MUTED)
            base += 16


@dataclass(frozen=True, slots=True)
class Reasons:
    """Numbered sentences, each with a bold start."""

    steps: tuple[tuple[str, str], ...]

    def _lines(self, wide: float) -> list[list[tuple[float, str, Face]]]:
        """For each step its texts as (offset, text, face), a list for each line."""
        steps = []
        for lead, text in self.steps:
            indent = width(lead, STRONG) + 6
            words = wrap(text, wide - 30 - indent, BODY)
            first = words[0] if words else ""
            rest = text[len(first) :].lstrip()
            lines = [(0.0, lead, STRONG), (indent, first, BODY)]
            steps.append(lines + [(-1.0, line, BODY) for line in (wrap(rest, wide - 30, BODY) if rest else [])])
        return steps

    def height(self, wide: float) -> float:
        """22 px a step, 16 px more for each further line."""
        return sum(22 + 16 * sum(1 for offset, _, _ in lines if offset < 0) for lines in self._lines(wide))

    def paint(self, canvas: Canvas, x: float, y: float, wide: float) -> None:
        """The number in a ring, then the sentence."""
        base = y + 13
        for index, lines in enumerate(self._lines(wide)):
            canvas.circle(x + 12, base - 4, 9, fill=Role.OK_TINT, stroke=Role.OK, line=1.2)
            canvas.text(x + 12, base, str(index + 1), STRONG, Role.OK, anchor="middle")
            for offset, text, face in lines:
                if offset < 0:
                    base += 16
                canvas.text(x + 30 + max(offset, 0), base, text, face)
            base += 22
