"""Cuts a text into tokens, and the tokens into segments that are parsed one by one.

Words are not told apart here: whether `text` is a keyword or a name depends on what the parser can use (lalr.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from sharedfate.model.source import Span

DECLARATION_WORDS = frozenset(
    {"model", "use", "zone", "link", "party", "service", "assume", "field", "pool", "connection", "flow", "function"}
    | {"adversary", "policy", "check", "protocol", "find"}
)
RESERVED = frozenset({"and", "or", "not", "then", "when", "either"})
"""Words that join: they are never names, and a line end beside most of them is no end."""
MAX_DIGITS = 18


class Kind(Enum):
    """What a piece of text looks like."""

    WORD = "name"
    NUMBER = "number"
    RANGE = "range"
    DECIMAL = "decimal number"
    ADDRESS = "address"
    STRING = "string"
    PUNCTUATION = "punctuation"
    SEPARATOR = "line end"
    COMMENT = "comment"
    BAD = "something else"


@dataclass(slots=True)
class Token:
    """A piece of text: `start` and `end` are offsets into it. `problem` says what is wrong with a BAD one."""

    kind: Kind
    text: str
    start: int
    end: int
    span: Span
    first_on_line: bool = False
    problem: str = ""


_PATTERN = re.compile(
    r"""
    (?P<BLANK>[ \t]+)
  | (?P<NEWLINE>\r?\n)
  | (?P<COMMENT>\#[^\n]*)
  | (?P<IPV6>(?:[0-9A-Fa-f]{0,4}:){2,8}(?:\d+(?:\.\d+){3}|[0-9A-Fa-f]{0,4})(?:/\d+)?(?![\w:]))
  | (?P<WORD>set-up(?!\w)|[A-Za-z_][A-Za-z0-9_]*)
  | (?P<RANGE>\d+\.\.\d+(?!\w))
  | (?P<IPV4>\d+(?:\.\d+){2,}(?:/\d+)?(?!\w)|\d+(?:\.\d+)?/\d+(?!\w))
  | (?P<DECIMAL>\d+\.\d+(?!\w))
  | (?P<NUMBER>\d+(?!\w))
  | (?P<STRING>"(?:[^"\\\n]|\\[^\n])*")
  | (?P<UNCLOSED>"[^\n]*)
  | (?P<STUCK>\d+\w+)
  | (?P<PUNCTUATION>->|--|[-{}(),;:=@%.])
  | (?P<OTHER>.)
    """,
    re.VERBOSE | re.ASCII,
)
_KINDS = {
    "COMMENT": Kind.COMMENT,
    "IPV6": Kind.ADDRESS,
    "IPV4": Kind.ADDRESS,
    "WORD": Kind.WORD,
    "RANGE": Kind.RANGE,
    "DECIMAL": Kind.DECIMAL,
    "NUMBER": Kind.NUMBER,
    "STRING": Kind.STRING,
    "PUNCTUATION": Kind.PUNCTUATION,
}
_BAD_ESCAPE = re.compile(r'\\(?:[^"\\])')


def scan(text: str, file: str) -> list[Token]:
    """All tokens of a text, comments and line ends (SEPARATOR, too) among them. Never fails."""
    tokens: list[Token] = []
    line, line_start, first = 1, 0, True
    for match in _PATTERN.finditer(text):
        group = match.lastgroup or "OTHER"
        if group == "BLANK":
            continue
        start, end = match.span()
        column = start - line_start + 1
        span = Span(file, line, column, line, column + end - start)
        if group == "NEWLINE":
            tokens.append(Token(Kind.SEPARATOR, "\n", start, end, span))
            line, line_start, first = line + 1, end, True
            continue
        piece = match.group()
        problem = _problem(group, piece)
        kind = Kind.BAD if problem else _KINDS[group]
        tokens.append(Token(kind, piece, start, end, span, first, problem))
        first = False
    return tokens


def _problem(group: str, piece: str) -> str:
    if group == "UNCLOSED":
        return "this string is not closed on its line"
    if group == "STUCK":
        return f"`{piece}` is neither a number nor a name: a name begins with a letter"
    if group == "OTHER":
        return f"`{piece}` has no meaning here" + (
            "" if piece.isascii() else ": names are ASCII letters, digits and `_`"
        )
    if group == "STRING" and (escape := _BAD_ESCAPE.search(piece.replace("\\\\", "  "))):
        return f'`{escape.group()}` is no escape: a string knows \\" and \\\\'
    if group in ("NUMBER", "DECIMAL", "RANGE") and any(len(part) > MAX_DIGITS for part in piece.split(".")):
        return f"a number has {MAX_DIGITS} digits at most"
    return ""


def unquote(literal: str) -> str:
    """The value of a string literal."""
    return re.sub(r"\\(.)", r"\1", literal[1:-1])


def quote(value: str) -> str:
    """The literal of a string."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


_JOINS_AFTER = frozenset({",", "->", "{", "(", ":", "=", "or", "and", "then", "either", "not"})
_JOINS_BEFORE = frozenset({",", "->", "{", "}", ")", "or", "and", "then"})


def segments(tokens: list[Token]) -> list[list[Token]]:
    """Stretches from one line that begins with a declaration to the next; comments are left out.

    A declaration begins where its word stands first on a line, outside braces or in the first column. Inside braces,
    line ends and `;` become one SEPARATOR token where they separate; outside them line ends mean nothing.
    """
    found: list[list[Token]] = [[]]
    braces, parens, pending = 0, 0, False
    separator: Token | None = None
    for token in tokens:
        if token.kind is Kind.COMMENT:
            continue
        if _begins(token, braces):
            found.append([])
            braces, parens, pending = 0, 0, False
        current = found[-1]
        is_line_end = token.kind is Kind.SEPARATOR
        if is_line_end or (token.text == ";" and braces):
            if braces and not parens and not pending:
                pending, separator = True, token
            continue
        if pending and separator is not None and _separates(current, token):
            current.append(Token(Kind.SEPARATOR, separator.text, separator.start, separator.end, separator.span))
        pending = False
        braces += (token.text == "{") - (token.text == "}" and braces > 0)
        parens = 0 if token.text in "{}" else max(0, parens + (token.text == "(") - (token.text == ")"))
        current.append(token)
    return [segment for segment in found if segment]


def _begins(token: Token, braces: int) -> bool:
    if token.kind is not Kind.WORD or not token.first_on_line or token.text not in DECLARATION_WORDS:
        return False
    return braces == 0 or token.span.column == 1


def _separates(before: list[Token], after: Token) -> bool:
    return bool(before) and before[-1].text not in _JOINS_AFTER and after.text not in _JOINS_BEFORE
