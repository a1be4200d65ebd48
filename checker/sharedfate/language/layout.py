"""Lines of canonical text: spacing of tokens, wrapping, and columns of neighbouring declarations."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from sharedfate.language.tokens import DECLARATION_WORDS, Kind, Token

WIDTH = 110
INDENT = 2
CONTINUED = 6
"""Extra columns of a line that continues the one before."""
ARM = 4
"""The same for an `or` of an `either`, which then ends where `either` ends."""
ALIGNED_WIDTH = 120
"""Aligning may make a line so wide, no wider."""
SPREAD = {":": 18, "on": 18, "{": 18, "expect": 40, "#": 40}
"""Neighbours are aligned in a column when they differ by no more than this."""

_TIGHT_BEFORE = frozenset({",", ";", ")", ".", "%", "@"})
_TIGHT_AFTER = frozenset({"(", ".", "@"})
_SPACED_PAREN = frozenset({"first", "and", "or", "when", "degraded", "=", "(", ")", ","})
_BREAK_BEFORE = frozenset({"or", "and", "then", "expect", "sparing", "under", "with", "without", "source"})


def gap(before: Token, after: Token) -> str:
    """What stands between two tokens of a line: a space or nothing."""
    if after.text in _TIGHT_BEFORE and after.kind is Kind.PUNCTUATION:
        return ""
    if before.text in _TIGHT_AFTER and before.kind is Kind.PUNCTUATION:
        return ""
    return "" if after.text == "(" and before.text not in _SPACED_PAREN else " "


def joined(tokens: list[Token]) -> str:
    """The tokens on one line."""
    pieces = [tokens[0].text] if tokens else []
    for before, after in pairwise(tokens):
        pieces += (gap(before, after), after.text)
    return "".join(pieces)


@dataclass(slots=True)
class Piece:
    """A stretch of a logical line that a comment ends; the last one may have none, and a lone comment no tokens."""

    tokens: list[Token] = field(default_factory=list)
    comment: str = ""


@dataclass(slots=True)
class Line:
    """A logical line: what belongs together. `blank`: an empty line stands before it."""

    pieces: list[Piece] = field(default_factory=lambda: [Piece()])
    blank: bool = False

    def add(self, token: Token) -> None:
        """The next token."""
        self.pieces[-1].tokens.append(token)

    def comment(self, text: str) -> None:
        """A comment behind what is there."""
        self.pieces[-1].comment = text
        self.pieces.append(Piece())

    @property
    def tokens(self) -> list[Token]:
        """All its tokens."""
        return [token for piece in self.pieces for token in piece.tokens]

    @property
    def begun(self) -> bool:
        """Whether there is a token in it."""
        return any(piece.tokens for piece in self.pieces)

    @property
    def plain(self) -> bool:
        """Whether no comment breaks it, though one may end it."""
        return len([piece for piece in self.pieces if piece.tokens or piece.comment]) <= 1

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it."""
        return not any(piece.tokens or piece.comment for piece in self.pieces)

    @property
    def tail_comment(self) -> str:
        """The comment that ends a plain line, or nothing."""
        return next((piece.comment for piece in self.pieces if piece.comment), "")

    def render(self, indent: int, in_block: bool) -> list[str]:
        """Its text, each line at most WIDTH wide where a break is possible."""
        out: list[str] = []
        tokens = self.tokens
        arms = bool(tokens) and tokens[0].text == "either" and self._needs_arms(indent)
        for piece in self.pieces:
            stretches = _split_arms(piece.tokens) if arms else [piece.tokens] if piece.tokens else []
            for stretch in stretches:
                out += _wrapped(stretch, _indent_of(stretch, indent, arms, not out), indent + CONTINUED, in_block)
            if piece.comment and stretches:
                out[-1] += "  " + piece.comment
            elif piece.comment:
                out.append(" " * (indent if not tokens else indent + CONTINUED) + piece.comment)
        return out

    def _needs_arms(self, indent: int) -> bool:
        """Whether the arms of an `either` stand one below the other: they were written so, or do not fit."""
        written = any(stretch[0].first_on_line for stretch in _split_arms(self.tokens)[1:])
        return written or not self.plain or indent + len(joined(self.tokens)) > WIDTH


def _indent_of(stretch: list[Token], indent: int, arms: bool, first: bool) -> int:
    if first:
        return indent
    return indent + (ARM if arms and stretch[0].text == "or" else CONTINUED)


def _split_arms(tokens: list[Token]) -> list[list[Token]]:
    """Cut before each `or` outside parentheses."""
    found: list[list[Token]] = []
    depth = 0
    for token in tokens:
        if not found or (token.text == "or" and depth == 0):
            found.append([])
        depth += (token.text == "(") - (token.text == ")")
        found[-1].append(token)
    return found


def _wrapped(tokens: list[Token], indent: int, continued: int, in_block: bool) -> list[str]:
    """The tokens on as few lines as WIDTH allows, broken behind commas and before joining words."""
    lines: list[str] = []
    start, margin = 0, indent
    while start < len(tokens):
        stop = _fitting(tokens, start, WIDTH - margin, in_block)
        lines.append(" " * margin + joined(tokens[start:stop]))
        start, margin = stop, continued
    return lines


def _fitting(tokens: list[Token], start: int, room: int, in_block: bool) -> int:
    """Where the line that begins at token `start` ends."""
    width, best = len(tokens[start].text), 0
    for index in range(start + 1, len(tokens)):
        before, after = tokens[index - 1], tokens[index]
        if _may_break(before, after, in_block) and (width <= room or best == 0):
            best = index
        width += len(gap(before, after)) + len(after.text)
        if width > room and best:
            return best
    return len(tokens)


def _may_break(before: Token, after: Token, in_block: bool) -> bool:
    if after.kind is Kind.WORD and after.text in DECLARATION_WORDS:
        return False  # it would look like a new declaration
    if before.text == ",":
        return True
    if after.kind is not Kind.WORD or after.text not in _BREAK_BEFORE:
        return False
    return not in_block or after.text in ("or", "and", "then")


# ---- columns


@dataclass(slots=True)
class Row:
    """A declaration on one line, in cells by the column that they begin: (column, text), the first one ""."""

    kind: str
    cells: list[tuple[str, str]]


def align(rows: list[Row]) -> list[str]:
    """The lines of neighbouring declarations, cells one below the other where that costs little."""
    lines = [row.cells[0][1] for row in rows]
    columns = {name for row in rows for name, _ in row.cells[1:]}
    for column in (column for column in SPREAD if column in columns):
        having = {index: _from(row, column) for index, row in enumerate(rows) if any(c == column for c, _ in row.cells)}
        widths = [len(lines[index]) for index in having]
        target = max(widths)
        even = target - min(widths) <= SPREAD[column]
        for index, cells in having.items():
            fits = target + sum(len(cell) + 1 for name, cell in cells if name != "#") <= ALIGNED_WIDTH
            padding = target - len(lines[index]) if even and fits else 0
            lines[index] += " " * (padding + (2 if column == "#" else 1)) + cells[0][1]
    return lines


def _from(row: Row, column: str) -> list[tuple[str, str]]:
    """The cells of a row from that column on."""
    start = next(index for index, (name, _) in enumerate(row.cells) if name == column)
    return row.cells[start:]
