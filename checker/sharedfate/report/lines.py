"""Lines of styled pieces: what the terminal report is made of before anybody decides whether there is colour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from sharedfate.model.question import Rung, VerdictKind
from sharedfate.report.diagnostics import visible

WIDTH = 100
"""Text is wrapped at this column: in a pipe always, in a terminal unless that is narrower."""

GLUE = "\N{NO-BREAK SPACE}"
"""A blank at which no line is broken, unless what it holds together is wider than a line."""

NARROWEST = 16
"""With fewer columns beside a label, wrapped rows begin under the line's own beginning."""


class Style(Enum):
    """What a piece is, not how it looks. GOOD and BAD are never green and red: words carry the meaning."""

    PLAIN = "plain"
    STRONG = "strong"
    FAINT = "faint"
    GOOD = "good"
    BAD = "bad"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text in one style; with `hangs`, wrapped rows begin at the column where it begins."""

    text: str
    style: Style = Style.PLAIN
    hangs: bool = False


Line = tuple[Piece, ...]

RUNG_STYLE = {Rung.DEAD: Style.BAD, Rung.HURT: Style.WARN, Rung.STRAINED: Style.WARN, Rung.CLEAN: Style.GOOD}
VERDICT_STYLE = {
    VerdictKind.PROVED: Style.GOOD,
    VerdictKind.VIOLATED: Style.BAD,
    VerdictKind.CONDITIONAL: Style.WARN,
    VerdictKind.BOUNDED: Style.WARN,
    VerdictKind.VACUOUS: Style.FAINT,
    VerdictKind.UNKNOWN: Style.FAINT,
}
VERDICT_GLYPH = {
    VerdictKind.PROVED: "+",
    VerdictKind.VIOLATED: "x",
    VerdictKind.CONDITIONAL: "(?)",
    VerdictKind.BOUNDED: "<",
    VerdictKind.VACUOUS: "0",
    VerdictKind.UNKNOWN: "?",
}


def line(*pieces: Piece | str) -> Line:
    """A line; plain strings are plain pieces."""
    return tuple(Piece(piece) if isinstance(piece, str) else piece for piece in pieces)


def rung(value: Rung, width: int = 0) -> Piece:
    """A rung in capitals, padded to `width` columns."""
    return Piece(str(value).upper().ljust(width), RUNG_STYLE[value])


def plain(lines: Iterable[Line]) -> str:
    """Text without styles, wrapped at WIDTH; every line ends with a line feed and has no blanks before it."""
    return "".join(text_of(row).rstrip() + "\n" for each in lines for row in wrapped(each))


def text_of(one: Line) -> str:
    """The text of one line."""
    return "".join(_shown(piece.text) for piece in one)


def glued(text: str) -> str:
    """Text that stays on one line where it fits on one."""
    return text.replace(" ", GLUE)


def labelled(label: str, items: Sequence[str], indent: int, separator: str = ", ") -> list[Line]:
    """`label item, item, …`, wrapped between items with a hanging indent. No items: no lines."""
    if not items:
        return []
    gap = f"{separator.rstrip()} "
    return [line(Piece(f"{' ' * indent}{label} ", Style.FAINT), Piece(gap.join(map(glued, items)), hangs=True))]


def wrapped(one: Line, width: int = WIDTH) -> Iterator[Line]:
    """The rows of a line, each at most `width` columns where a blank allows it; runs of blanks stay as they are."""
    text = text_of(one)
    if len(text) <= width:
        yield one
        return
    indent = len(text) - len(text.lstrip(" "))
    hang = _hang(one, indent, width)
    row: list[Piece] = []
    column = 0
    for blanks, word in _words(one, width - hang):
        size = sum(len(piece.text) for piece in word)
        before = blanks
        if column > hang and column + blanks + size > width:
            yield tuple(row)
            row, column, before = [], 0, hang
        _append(row, [Piece(" " * before + word[0].text, word[0].style), *word[1:]])
        column += before + size
    yield tuple(row)


def _append(row: list[Piece], word: Iterable[Piece]) -> None:
    """Adds pieces to a row; neighbours of one style become one piece."""
    for piece in word:
        if row and row[-1].style is piece.style:
            row[-1] = Piece(row[-1].text + piece.text, piece.style)
        else:
            row.append(piece)


def _hang(one: Line, indent: int, width: int) -> int:
    """The column at which wrapped rows begin."""
    column = 0
    for piece in one:
        if piece.hangs and width - column >= NARROWEST:
            return column
        column += len(_shown(piece.text))
    return indent + 4 if width - indent - 4 >= NARROWEST else 0


def _words(one: Line, room: int) -> Iterator[tuple[int, list[Piece]]]:
    """What may not be broken, each with the number of blanks before it; a word may go over several pieces."""
    blanks, word = 0, list[Piece]()
    for piece in one:
        text = " ".join(part if len(part) <= room else part.replace(GLUE, " ") for part in piece.text.split(" "))
        for number, part in enumerate(text.split(" ")):
            if number:  # a blank stands before this part
                if word:
                    yield blanks, word
                    blanks, word = 0, []
                blanks += 1
            if part:
                word.append(Piece(_shown(part), piece.style))
    if word:
        yield blanks, word


def _shown(text: str) -> str:
    return " ".join(map(visible, text.split(GLUE)))
