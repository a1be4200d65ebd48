"""The formatter: canonical layout of a text. Tokens and comments stay as they are, only blanks and line ends move.

Two spaces of indentation; a block stays on one line when it was written so, holds no comment and fits; neighbouring
declarations of one kind are aligned. Formatting twice is formatting once, and the tree does not change.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from sharedfate.language import syntax as s
from sharedfate.language.diagnostics import Diagnostic, Severity
from sharedfate.language.layout import INDENT, WIDTH, Line, Row, align, joined
from sharedfate.language.parse import parse
from sharedfate.language.tokens import Kind, Token, scan, segments
from sharedfate.model.source import Span

Position = tuple[int, int]
_MARKS = {"connection": ":", "flow": ":", "function": "=", "check": ":", "link": ":", "party": "at", "service": "at"}


def format_text(text: str, file: str) -> str | tuple[Diagnostic, ...]:
    """The text in canonical layout, or its diagnostics when it has syntax errors. Lines end with a line feed."""
    result = parse(text, file)
    if any(item.severity is Severity.ERROR for item in result.diagnostics):
        return result.diagnostics
    scanned = scan(text, file)
    separated = _separated(scanned)
    tokens = [token for token in _verbatim(scanned, text, result.tree) if token.text != "\n"]
    printed = [_print(item, separated) for item in _items(tokens, result.tree)]
    return "".join(line + "\n" for line in _lines(printed))


@dataclass(slots=True)
class _Item:
    """A comment on a line of its own at the top, or a declaration with the comments in and behind it."""

    decl: s.TopDecl | None
    tokens: list[Token]
    blank: bool


@dataclass(slots=True)
class _Body:
    """A declaration cut up: what stands before its block (with `{`), the lines of it, what stands behind (with `}`)."""

    head: Line = field(default_factory=Line)
    lines: list[Line] = field(default_factory=list)
    tail: Line = field(default_factory=Line)


@dataclass(slots=True)
class _Printed:
    """An item as a row that may be aligned with its neighbours, or as finished lines."""

    blank: bool
    row: Row | None
    lines: list[str]


def _start(span: Span) -> Position:
    return (span.line, span.column)


def _end(span: Span) -> Position:
    return (span.end_line, span.end_column)


def _separated(tokens: list[Token]) -> frozenset[Position]:
    """Where a token stands that a line end or `;` separates from the one before, inside braces."""
    found = set()
    for segment in segments(tokens):
        for before, token in pairwise(segment):
            if before.kind is Kind.SEPARATOR:
                found.add(_start(token.span))
    return frozenset(found)


def _verbatim(tokens: list[Token], text: str, tree: s.File) -> list[Token]:
    """The tokens, with those of a later version's words as one each: nothing is known of their layout."""
    spans = [decl.span for decl in tree.declarations if isinstance(decl, s.NotYetDecl)]
    checks = [decl for decl in tree.declarations if isinstance(decl, s.CheckDecl)]
    spans += [decl.question.span for decl in checks if isinstance(decl.question, s.NotYetQuestion)]
    wholes = {_start(span): _end(span) for span in spans}
    made: list[Token] = []
    inside: Position = (0, 0)
    for token in tokens:
        if _start(token.span) < inside:
            whole = made[-1]
            span = Span(token.span.file, *_start(whole.span), *_end(token.span))
            whole.end, whole.span = token.end, span
        else:
            made.append(token)
            inside = wholes.get(_start(token.span), inside)
    for token in made:
        if _start(token.span) in wholes:
            token.text = text[token.start : token.end]
    return made


def _items(tokens: list[Token], tree: s.File) -> list[_Item]:
    starts = {_start(decl.span): decl for decl in tree.declarations}
    items: list[_Item] = []
    end: Position = (0, 0)
    line = 0
    for token in tokens:
        decl = starts.get(_start(token.span)) if token.kind is not Kind.COMMENT else None
        blank = 0 < line < token.span.line - 1
        if decl is not None:
            items.append(_Item(decl, [token], blank))
            end = _end(decl.span)
        elif token.kind is Kind.COMMENT and token.first_on_line and _start(token.span) >= end:
            items.append(_Item(None, [token], blank))
        else:
            items[-1].tokens.append(token)
        line = token.span.end_line
    return items


def _body(item: _Item, separated: frozenset[Position]) -> _Body:
    """Cut a declaration up."""
    apart = separated | _clauses(item)
    body = _Body()
    current, in_block, line = body.head, False, 0
    following = _following(item.tokens)
    for index, token in enumerate(item.tokens):
        blank = 0 < line < token.span.line - 1
        line = token.span.end_line
        if token.kind is Kind.COMMENT:
            after = following[index]
            ends = after is None or after.text == "}" or _start(after.span) in apart or not body.lines
            if in_block and token.first_on_line and ends:
                current = _new_line(body, blank)
            current.comment(token.text.rstrip())
        elif token.text == "{" and current is body.head:
            current.add(token)
            in_block = True
        elif token.text == "}" and in_block:
            current, in_block = body.tail, False
            current.add(token)
        elif token.text != ";":
            if in_block and (current is body.head or _start(token.span) in apart or not current.begun):
                current = current if _is_fresh(current, body) else _new_line(body, blank)
            current.add(token)
    return body


def _following(tokens: list[Token]) -> list[Token | None]:
    """For each token the next one, itself included, that is no comment."""
    found: list[Token | None] = []
    after: Token | None = None
    for token in reversed(tokens):
        after = after if token.kind is Kind.COMMENT else token
        found.append(after)
    return found[::-1]


def _new_line(body: _Body, blank: bool) -> Line:
    body.lines.append(Line(blank=blank and bool(body.lines)))
    return body.lines[-1]


def _is_fresh(line: Line, body: _Body) -> bool:
    return line is not body.head and line.empty


def _clauses(item: _Item) -> frozenset[Position]:
    """Where clauses begin that stand apart in a block of several lines. A connection keeps its lines as written."""
    match item.decl:
        case s.FlowDecl(clauses=clauses) | s.AdversaryDecl(clauses=clauses) | s.PolicyDecl(clauses=clauses):
            found = {_start(clause.span) for clause in clauses}
        case _:
            return frozenset()
    if item.decl.source is not None:
        for before, token in pairwise(item.tokens):
            if token.span == item.decl.source.span:
                found.add(_start(before.span))
    return frozenset(found)


def _print(item: _Item, separated: frozenset[Position]) -> _Printed:
    if item.decl is None:
        return _Printed(item.blank, None, [item.tokens[0].text.rstrip()])
    if isinstance(item.decl, s.NotYetDecl):
        lines = [line.rstrip() for line in item.tokens[0].text.splitlines()]
        lines[-1] += "".join("  " + comment.text.rstrip() for comment in item.tokens[1:])
        return _Printed(item.blank, None, lines)
    body = _body(item, separated)
    row = _row(item, body)
    if row is not None:
        return _Printed(item.blank, row, [])
    lines = body.head.render(0, in_block=False)
    for line in body.lines:
        lines += [""] * line.blank + line.render(INDENT, in_block=True)
    return _Printed(item.blank, None, lines + body.tail.render(0, in_block=False))


def _row(item: _Item, body: _Body) -> Row | None:
    """The declaration on one line, or None when it needs or was given more."""
    braces = [token for token in item.tokens if token.text in ("{", "}") and token.kind is Kind.PUNCTUATION]
    if braces and braces[0].span.line != braces[-1].span.line:
        return None
    last = body.tail if braces else body.head
    if not last.plain or any(
        piece.comment for line in [*body.lines, *([body.head] if braces else [])] for piece in line.pieces
    ):
        return None
    cells = _cells(item, body.head.tokens[: -1 if braces else None])
    if braces:
        inner = _inside(body, " " if isinstance(item.decl, s.FlowDecl) else "; ")
        cells.append(("{", " ".join(part for part in ("{", inner, joined(body.tail.tokens)) if part)))
    if sum(len(cell) + 1 for _, cell in cells) - 1 > WIDTH:
        return None
    if last.tail_comment:
        cells.append(("#", last.tail_comment))
    return Row(item.tokens[0].text, cells)


def _inside(body: _Body, divider: str) -> str:
    """The lines of a block on one; a `when` clause of a flow stands apart from the rest."""
    text, guarded = "", False
    for line in body.lines:
        now = line.tokens[0].text == "when"
        text += ("; " if now or guarded else divider) if text else ""
        text += joined(line.tokens)
        guarded = now
    return text


def _cells(item: _Item, tokens: list[Token]) -> list[tuple[str, str]]:
    """The tokens before the block in cells: at the mark behind the name, a flow's `on`, a check's `expect`."""
    kind = item.tokens[0].text
    marks = {"expect"} if kind == "check" else {"on"} if kind == "flow" else set()
    cuts = [(0, "")]
    for index in range(2, len(tokens)):
        text, before = tokens[index].text, tokens[index - 1]
        if text == _MARKS.get(kind) and len(cuts) == 1:
            cuts.append((index, ":"))
        elif text in marks and tokens[index].kind is Kind.WORD and before.text not in (":", "->", ","):
            cuts.append((index, text))
            marks = set()
    stops = [start for start, _ in cuts[1:]] + [len(tokens)]
    return [(name, joined(tokens[start:stop])) for (start, name), stop in zip(cuts, stops, strict=True)]


def _lines(printed: list[_Printed]) -> list[str]:
    """All lines, rows of one kind that follow each other aligned."""
    out: list[str] = []
    rows: list[Row] = []
    for item in printed:
        if rows and (item.blank or item.row is None or item.row.kind != rows[0].kind):
            out += align(rows)
            rows = []
        out += [""] * item.blank
        if item.row is None:
            out += item.lines
        else:
            rows.append(item.row)
    return out + (align(rows) if rows else [])
