"""Text widths without a font file, and line breaking.

Helvetica, Arial and Liberation Sans share one set of widths (the AFM tables of Helvetica and Helvetica-Bold): a table
of 95 numbers measures ASCII exactly on every desktop system. Anything else is bounded from above.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_REGULAR = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 "
    "278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 "
    "667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 "
    "556 333 500 278 556 500 722 500 500 500 334 260 334 584"
)
_BOLD = (
    "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 333 "
    "333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 611 722 "
    "667 944 667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 "
    "611 389 556 333 611 556 778 556 556 500 389 280 389 584"
)
_SANS = {False: tuple(map(int, _REGULAR.split())), True: tuple(map(int, _BOLD.split()))}
_KNOWN = {"\u00a0": 278, "·": 333, "×": 584, "’": 278, "–": 556}
_OTHER = 1100  # no Latin or Cyrillic letter is wider, and no East Asian one
_MONO_EM = 0.602


@dataclass(frozen=True, slots=True)
class Face:
    """How a text is set: size in px, bold, italic, monospaced."""

    size: float
    bold: bool = False
    italic: bool = False
    mono: bool = False


HEADLINE = Face(15, bold=True)
NAME = Face(13, bold=True)
CARD_NAME = Face(14, bold=True)
STRONG = Face(12, bold=True)
BODY = Face(12)
DETAIL = Face(11.5)
DETAIL_BOLD = Face(11.5, bold=True)
HINT = Face(11.5, italic=True)
CODE = Face(11, mono=True)
CODE_BOLD = Face(11, bold=True, mono=True)


def _advance(char: str, face: Face) -> float:
    """Upper bound for the advance of one character, in thousandths of an em."""
    if unicodedata.combining(char):
        return 0
    ascii_char = " " <= char <= "~"
    if face.mono:
        return _MONO_EM * 1000 if ascii_char or char in _KNOWN else _OTHER
    if ascii_char:
        return _SANS[face.bold][ord(char) - 32]
    return _KNOWN.get(char, _OTHER)


def width(text: str, face: Face) -> float:
    """Width of one line in px, an upper bound where a character is not in the table."""
    return sum(_advance(char, face) for char in text) * face.size / 1000


def wrap(text: str, limit: float, face: Face) -> list[str]:
    """Breaks a text into lines of at most `limit` px: at spaces; a longer word after `_ - . / , : * |`, else anywhere.

    Nothing is left out, except the spaces at which a line breaks. At least one line, and at least one character a line.
    """
    lines: list[str] = []
    line = ""
    for word in _words(text):
        for piece in _pieces(word, limit, face):
            if line and width((line + piece).rstrip(" "), face) > limit:
                lines.append(line.rstrip(" "))
                line = ""
            line += piece
    return [*lines, line.rstrip(" ")]


def _words(text: str) -> list[str]:
    """The text cut after each run of spaces; a no-break space holds its words together."""
    return re.findall(r"[^ ]+ *| +", text)


def _pieces(word: str, limit: float, face: Face) -> list[str]:
    """A word as it is, or cut so that each piece fits a line."""
    if width(word.rstrip(" "), face) <= limit:
        return [word]
    pieces: list[str] = []
    for part in re.findall(r"[^-_./,:*|]*[-_./,:*|]*", word):
        rest = part
        while width(rest.rstrip(" "), face) > limit and len(rest) > 1:
            head = _prefix_that_fits(rest, limit, face)
            pieces.append(rest[:head])
            rest = rest[head:]
        pieces.append(rest)
    return [piece for piece in pieces if piece]


def _prefix_that_fits(line: str, limit: float, face: Face) -> int:
    """How many characters of the line fit; at least one."""
    room = limit * 1000 / face.size
    for index, char in enumerate(line):
        room -= _advance(char, face)
        if room < 0:
            return max(index, 1)
    return len(line)
