"""A function as a card: title band in its state, one line a needed flow with its state."""

from __future__ import annotations

from dataclasses import dataclass

from sharedfate.report.paint import glyphs
from sharedfate.report.paint.colours import Role
from sharedfate.report.paint.measure import BODY, CARD_NAME, DETAIL, HINT, STRONG, width, wrap
from sharedfate.report.paint.svg import Canvas

_BAND = {
    glyphs.State.CLEAN: (Role.OK_TINT, Role.OK, Role.OK),
    glyphs.State.STRAINED: (Role.ZONE, Role.INK, Role.INK),
    glyphs.State.HURT: (Role.HURT_TINT, Role.INK, Role.INK),
    glyphs.State.DEAD: (Role.ADV_TINT, Role.ADV, Role.ADV),
}


@dataclass(frozen=True, slots=True)
class CardLine:
    """A needed flow (or, in a list, a function): its state, where it rides, and why it is not clean."""

    state: glyphs.State | None
    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A function with its rung, what is asked of it, and its flows."""

    name: str
    label: str
    state: glyphs.State
    asked: str
    lines: tuple[CardLine, ...]

    def natural(self) -> float:
        """Band and lines unwrapped."""
        band = width(self.label, CARD_NAME) + width(self.state.value, STRONG) + 55
        lines = [width(line.text, DETAIL) + 44 for line in self.lines] + [
            width(line.why, DETAIL) + 44 for line in self.lines
        ]
        return max([band, width(self.asked, HINT) + 24, *lines])

    def _names(self, wide: float) -> tuple[list[str], bool]:
        """The name's lines, and whether the state stands beside it."""
        beside = width(self.label, CARD_NAME) + width(self.state.value, STRONG) + 55 <= wide
        return ([self.label] if beside else wrap(self.label, wide - 41, CARD_NAME)), beside

    def _band(self, wide: float) -> float:
        names, beside = self._names(wide)
        return 10 + 17 * len(names) + (0 if beside else 16)

    def _texts(self, wide: float) -> list[tuple[CardLine, list[str], list[str]]]:
        limit = wide - 40
        return [
            (line, wrap(line.text, limit, DETAIL), wrap(line.why, limit, DETAIL) if line.why else [])
            for line in self.lines
        ]

    def height(self, wide: float) -> float:
        """Band, the question's line, a line of 17 px a flow."""
        lines = sum(17 * len(texts) + 15 * len(whys) for _, texts, whys in self._texts(wide))
        return self._band(wide) + 25 + lines + 3

    def paint(self, canvas: Canvas, x: float, y: float, wide: float) -> None:
        """Band in the colours of the state, which it also names."""
        tint, outline, word = _BAND[self.state]
        names, beside = self._names(wide)
        band = self._band(wide)
        canvas.open(self.name, f"{self.label}: {self.state.value}")
        canvas.rect(x, y, wide, self.height(wide), fill=Role.CARD, stroke=outline, line=1.8, radius=5)
        canvas.rect(x, y, wide, band, fill=tint, stroke=outline, line=1.8, radius=5)
        glyphs.beside_word(canvas, x + 15, y + 13.5, self.state, 14)
        for index, line in enumerate(names):
            canvas.text(x + 29, y + 18.5 + 17 * index, line, CARD_NAME)
        if beside:
            canvas.text(x + wide - 10, y + 18, self.state.value, STRONG, word, anchor="end")
        else:
            canvas.text(x + 29, y + band - 8, self.state.value, STRONG, word)
        canvas.text(x + 12, y + band + 17, self.asked, HINT, Role.MUTED)
        base = y + band + 34
        for needed, texts, whys in self._texts(wide):
            if needed.state:
                glyphs.state(canvas, x + 17, base - 4, needed.state, 11)
            for text in texts:
                canvas.text(x + 32, base, text, DETAIL)
                base += 17
            for text in whys:
                canvas.text(x + 32, base - 2, text, DETAIL, Role.MUTED)
                base += 15
        canvas.close()


@dataclass(frozen=True, slots=True)
class Need:
    """A function in a proof picture: what it needs, and at how many classes it is found. `kept`: it is G."""

    name: str
    label: str
    lines: tuple[str, ...]
    remark: str
    kept: bool

    def natural(self) -> float:
        """Unwrapped, at most 230."""
        texts = [width(self.label, CARD_NAME), width(self.remark, BODY), *(width(line, BODY) for line in self.lines)]
        return max(120, min(230, max(texts) + 26))

    def _parts(self, wide: float) -> tuple[list[str], list[str], list[str]]:
        limit = wide - 24
        texts = [line for text in self.lines for line in wrap(text, limit, BODY)]
        return wrap(self.label, limit, CARD_NAME), texts, wrap(self.remark, limit, BODY)

    def height(self, wide: float) -> float:
        """17 px a line."""
        label, texts, remark = self._parts(wide)
        return 31 + 17 * (len(label) + len(texts) + len(remark))

    def paint(self, canvas: Canvas, x: float, y: float, wide: float) -> None:
        """Centred lines; ink outline for F, blue for G."""
        label, texts, remark = self._parts(wide)
        canvas.open(self.name, f"{self.label} {' '.join(self.lines)}, {self.remark}")
        canvas.rect(
            x, y, wide, self.height(wide), fill=Role.CARD, stroke=Role.OK if self.kept else Role.INK, line=2, radius=5
        )
        base, middle = y + 24, x + wide / 2
        for group, face, role in ((label, CARD_NAME, Role.INK), (texts, BODY, Role.INK), (remark, BODY, Role.MUTED)):
            for line in group:
                canvas.text(middle, base, line, face, role, anchor="middle")
                base += 17
            base += 3
        canvas.close()
