"""Lines of styled pieces: what the terminal report is made of before anybody decides whether there is colour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from sharedfate.model.question import Rung, VerdictKind
from sharedfate.report.diagnostics import visible

WIDTH = 100
"""Lists are wrapped at this column, in a terminal and in a pipe alike, so that both show the same lines."""


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
    """A run of text in one style."""

    text: str
    style: Style = Style.PLAIN


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
    """Text without styles; every line ends with a line feed and has no blanks before it."""
    return "".join(text_of(each).rstrip() + "\n" for each in lines)


def text_of(one: Line) -> str:
    """The text of one line."""
    return "".join(visible(piece.text) for piece in one)


def labelled(label: str, items: Sequence[str], indent: int, separator: str = ", ") -> list[Line]:
    """`label item, item, …`, wrapped between items at WIDTH with a hanging indent. No items: no lines."""
    if not items:
        return []
    head = " " * indent + label + " "
    rows = [""]
    for number, item in enumerate(items):
        text = item if number == len(items) - 1 else item + separator.rstrip()
        joined = f"{rows[-1]} {text}" if rows[-1] else text
        if rows[-1] and len(head) + len(joined) > WIDTH:
            rows.append(text)
        else:
            rows[-1] = joined
    hang = " " * len(head)
    return [line(Piece(head, Style.FAINT), rows[0]), *(line(hang + row) for row in rows[1:])]
