"""Text -> syntax tree. Never raises on bad input: what is wrong comes back as diagnostics."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Any

from sharedfate.language import syntax, transform_network, transform_power
from sharedfate.language.diagnostics import Code, Diagnostic, Diagnostics
from sharedfate.language.expected import Place, syntax_error
from sharedfate.language.lalr import END, Machine, tables
from sharedfate.language.tokens import RESERVED, Kind, Token, scan, segments
from sharedfate.language.transform import Context, act, leaf
from sharedfate.model.source import Span

MAX_BYTES = 4_000_000
MAX_LINE = 10_000
MAX_NESTING = 64
MAX_ERRORS = 20
"""Syntax errors reported for one file; more than that are the echo of one of them."""

_LATER_WORDS = frozenset({"learn", "distinguish", "link", "forge", "accepts"})
_NOT_YET_WORDS = frozenset({"protocol", "find"})
_ROOMS = (transform_network, transform_power)  # importing them registers their actions
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_TERMINALS = {
    Kind.STRING: "STRING",
    Kind.NUMBER: "NUMBER",
    Kind.RANGE: "RANGE",
    Kind.DECIMAL: "DECIMAL",
    Kind.ADDRESS: "ADDRESS",
    Kind.SEPARATOR: "_SEP",
}


_LEAVES = frozenset({"NAME", "STRING", "NUMBER", "RANGE", "ADDRESS"})


@dataclass(frozen=True, slots=True)
class ParseResult:
    """The tree of what could be read, and what is wrong; with errors the tree may lack declarations or clauses."""

    tree: syntax.File
    diagnostics: tuple[Diagnostic, ...]


def decode(data: bytes, file: str) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The text of a file's bytes (a leading byte order mark is dropped), or None and the one diagnostic why not."""
    found = Diagnostics()
    if len(data) > MAX_BYTES:
        _too_big(found, file)
        return None, found.items
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError as problem:
        before = data[: problem.start].decode("utf-8-sig", "replace")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        span = Span(file, line, column, line, column + 1)
        found.error(Code.INVALID_UTF8, f"byte 0x{data[problem.start]:02x} is not valid UTF-8", span)
        return None, found.items


def check_text(text: str, file: str) -> tuple[Diagnostic, ...]:
    """What makes a text unfit for the parser: at most one diagnostic, of the first reason in the text."""
    found = Diagnostics()
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "replace")) > MAX_BYTES:
        _too_big(found, file)
        return found.items
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if len(line) > MAX_LINE:
            span = Span(file, number, MAX_LINE + 1, number, MAX_LINE + 2)
            found.error(Code.LINE_TOO_LONG, f"this line has {len(line):,} characters, {MAX_LINE:,} are allowed", span)
        elif bad := _CONTROL.search(line) or _BIDI.search(line):
            _bad_character(found, bad.group(), Span(file, number, bad.start() + 1, number, bad.end() + 1))
        if found.has_errors:
            break
    return found.items


def _too_big(found: Diagnostics, file: str) -> None:
    message = f"a file may have {MAX_BYTES // 1_000_000} MB, this one has more"
    found.error(Code.FILE_TOO_BIG, message, Span(file, 1, 1, 1, 1))


def _bad_character(found: Diagnostics, character: str, span: Span) -> None:
    point = f"U+{ord(character):04X}"
    if character == "\0":
        found.error(Code.NUL_BYTE, "a nul byte: this is no text", span)
    elif _BIDI.match(character):
        found.error(Code.BIDI_CONTROL, f"{point} changes the writing direction: the text would not read as it is", span)
    else:
        found.error(Code.CONTROL_CHARACTER, f"control character {point}", span)


def parse(text: str, file: str) -> ParseResult:
    """The tree of a whole file. Declarations are parsed one by one, so that one error does not hide the others."""
    last = text.count("\n") + 1
    span = Span(file, 1, 1, last, len(text) - (text.rfind("\n") + 1) + 1)
    empty = syntax.File((), span=span)
    if problems := check_text(text, file):
        return ParseResult(empty, problems)
    tokens = scan(text, file)
    found = Diagnostics()
    _check_nesting(tokens, found)
    if found.has_errors:
        return ParseResult(empty, found.items)
    declarations: list[Any] = []
    for segment in segments(tokens):
        declarations += _Run(text, found).declarations(segment)
        if len(found) >= MAX_ERRORS:
            break
    return ParseResult(syntax.File(tuple(declarations), span=span), found.items)


def parse_bytes(data: bytes, file: str) -> ParseResult:
    """The tree of a file's bytes."""
    text, problems = decode(data, file)
    if text is None:
        return ParseResult(syntax.File((), span=Span(file, 1, 1, 1, 1)), problems)
    return parse(text, file)


def parse_fact(text: str, file: str = "<fact>") -> tuple[syntax.FactLiteral | None, tuple[Diagnostic, ...]]:
    """A single fact literal, as `--assume` takes it: `order(courier)`, `not occurs(push, 200..4096)`."""
    if problems := check_text(text, file):
        return None, problems
    found = Diagnostics()
    tokens = [token for token in scan(text, file) if token.kind not in (Kind.COMMENT, Kind.SEPARATOR)]
    if not tokens:
        notes = ("write a fact, such as `order(courier)` or `not falls_back`",)
        found.error(Code.SYNTAX, "there is no fact", Span(file, 1, 1, 1, 1), notes=notes)
    _check_nesting(tokens, found)
    fact = None if found.has_errors else _Run(text, found).once("fact", tokens)
    return (None if found.has_errors else fact), found.items


def _check_nesting(tokens: list[Token], found: Diagnostics) -> None:
    depth = 0
    for token in tokens:
        if token.text in ("(", "{"):
            depth += 1
        elif token.text in (")", "}"):
            depth = max(0, depth - 1)
        if depth > MAX_NESTING:
            found.error(Code.NESTING_TOO_DEEP, f"brackets nest more than {MAX_NESTING} deep here", token.span)
            return


class _Fault(Exception):
    """A syntax error at a token of the stretch (its length: at the end)."""

    def __init__(self, index: int, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.index = index
        self.diagnostic = diagnostic


class _Run:
    """Parses stretches of one text."""

    def __init__(self, text: str, found: Diagnostics) -> None:
        self._text = text
        self._found = found

    def declarations(self, segment: list[Token]) -> tuple[Any, ...]:
        """The declarations of a segment; inside a block, a faulty line is left out and the rest read again."""
        while len(self._found) < MAX_ERRORS:
            try:
                made: tuple[Any, ...] = self._parse("decls", segment)
                return made
            except _Fault as fault:
                self._found.add(fault.diagnostic)
                shorter = _without_line(segment, fault.index)
                if shorter is None:
                    return ()
                segment = shorter
        return ()

    def once(self, start: str, tokens: list[Token]) -> Any:
        """The value of the start rule, or None after a diagnostic."""
        try:
            return self._parse(start, tokens)
        except _Fault as fault:
            self._found.add(fault.diagnostic)
            return None

    def _parse(self, start: str, tokens: list[Token]) -> Any:
        local = Diagnostics()  # kept only when the stretch is read to its end: a second reading would repeat it
        context = Context(self._text, tokens, local)
        machine = Machine(tables(), start, partial(act, context))
        index, before, earlier = 0, None, machine.stack
        while index < len(tokens):
            token = tokens[index]
            terminal = _terminal(machine, token)
            if terminal is None:
                raise _fault(machine, tokens, index, before, earlier)
            index += 1
            if terminal in ("LATER", "NOT_YET"):
                index, token = self._swallow(tokens, index - 1, terminal)
            earlier = list(machine.stack)
            value = leaf(token) if terminal in _LEAVES else token
            machine.feed(terminal, value, token)
            before = token
        if not machine.fits(END):
            raise _fault(machine, tokens, index, before, earlier)
        made = machine.finish()
        self._found.extend(local.items)
        return made

    def _swallow(self, tokens: list[Token], index: int, terminal: str) -> tuple[int, Token]:
        """One token of what a later version will read: to the end of the line, a protocol to the end of its block."""
        first = tokens[index]
        stop = _end_of_block(tokens, index) if first.text == "protocol" else None
        if stop is None:
            stop = index + 1
            while stop < len(tokens) and not _ends_later(first, tokens[stop], terminal):
                stop += 1
        last = tokens[stop - 1]
        span = Span(first.span.file, first.span.line, first.span.column, last.span.end_line, last.span.end_column)
        return stop, Token(Kind.WORD, self._text[first.start : last.end], first.start, last.end, span)


def _fault(machine: Machine, tokens: list[Token], index: int, before: Token | None, earlier: list[int]) -> _Fault:
    token = tokens[index] if index < len(tokens) else None
    opened = _open_brace(tokens[:index])
    return _Fault(index, syntax_error(Place(token, before, opened, machine.stack, earlier, machine.end)))


def _terminal(machine: Machine, token: Token) -> str | None:
    """What the token is here, or None when nothing that it could be fits."""
    if token.kind is not Kind.WORD:
        name = _TERMINALS.get(token.kind) or machine.tables.words.get(token.text)
        return name if name is not None and machine.fits(name) else None
    keyword = machine.tables.words.get(token.text)
    if keyword is not None and machine.fits(keyword):
        return keyword
    if token.text in _LATER_WORDS and machine.fits("LATER"):
        return "LATER"
    if token.text in _NOT_YET_WORDS and machine.fits("NOT_YET"):
        return "NOT_YET"
    return "NAME" if token.text not in RESERVED and token.text != "set-up" and machine.fits("NAME") else None


def _ends_later(first: Token, token: Token, terminal: str) -> bool:
    if token.span.line != first.span.line:
        return True
    return terminal == "LATER" and token.text in ("expect", "source") and token.kind is Kind.WORD


def _end_of_block(tokens: list[Token], index: int) -> int | None:
    """Behind the closing brace of the first block after `index`, or None without a whole block."""
    depth = 0
    for number in range(index, len(tokens)):
        depth += (tokens[number].text == "{") - (tokens[number].text == "}")
        if depth == 0 and tokens[number].text == "}":
            return number + 1
    return None


def _open_brace(tokens: list[Token]) -> Token | None:
    opened: list[Token] = []
    for token in tokens:
        if token.text == "{":
            opened.append(token)
        elif token.text == "}" and opened:
            opened.pop()
    return opened[-1] if opened else None


def _without_line(segment: list[Token], index: int) -> list[Token] | None:
    """The segment less the line of its block that holds token `index`; None when there is no such line."""
    if index >= len(segment) or _open_brace(segment[:index]) is None or segment[index].text == "{":
        return None
    start = index - (segment[index].kind is Kind.SEPARATOR or segment[index].text == "}")
    while start > 0 and not _is_edge(segment[start - 1]):
        start -= 1
    stop = index
    while stop < len(segment) and not _is_edge(segment[stop]):
        stop += 1
    if stop == len(segment) or stop == start:
        return None
    if segment[stop].kind is Kind.SEPARATOR:
        stop += 1
    elif segment[start - 1].kind is Kind.SEPARATOR:
        start -= 1
    return segment[:start] + segment[stop:]


def _is_edge(token: Token) -> bool:
    return token.kind is Kind.SEPARATOR or token.text in ("{", "}")
