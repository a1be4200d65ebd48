"""Diagnostics for people and programs: terminal text with carets, and plain data for JSON."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sharedfate.language.diagnostics import Diagnostic, Severity
from sharedfate.model.source import Span

WINDOW = 110
"""So many columns of a source line are shown at most; a longer line is cut around the span."""

_STYLE = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "bold": "\x1b[1m", "dim": "\x1b[2m", "help": "\x1b[36m"}
_END = "\x1b[0m"


@dataclass(frozen=True, slots=True)
class _Paint:
    """Wraps text in ANSI styles, or leaves it alone."""

    on: bool

    def __call__(self, style: str, text: str) -> str:
        return f"{_STYLE[style]}{text}{_END}" if self.on and text else text


def render_all(items: Iterable[Diagnostic], sources: Mapping[str, str], ansi: bool = False, dropped: int = 0) -> str:
    """All findings as text, a blank line between two, a closing count; "" when there are none.

    `sources` maps file names as spans carry them to their texts (a missing one is shown without its line).
    """
    listed = list(items)
    if not listed:
        return ""
    blocks = [render(item, sources, ansi) for item in listed]
    errors = sum(item.severity is Severity.ERROR for item in listed)
    warnings = len(listed) - errors
    count = ", ".join(_count(n, word) for n, word in ((errors, "error"), (warnings, "warning")) if n)
    more = f", and {dropped} more that are not shown" if dropped else ""
    return "\n".join([*blocks, f"{count}{more}\n"])


def render(item: Diagnostic, sources: Mapping[str, str], ansi: bool = False) -> str:
    """One finding as text that ends with a line feed; `ansi` adds terminal styles and changes nothing else."""
    paint = _Paint(ansi)
    kind = item.severity.value
    spans = [item.span, *(label.span for label in item.labels)]
    gutter = max(len(str(span.line)) for span in spans)
    lines = [paint(kind, f"{kind}[{item.code.value}]") + paint("bold", f": {visible(item.message)}")]
    lines += _snippet(item.span, "", "^", "-->", gutter, sources, paint, kind)
    for label in item.labels:
        lines += _snippet(label.span, label.text, "-", ":::", gutter, sources, paint, "help")
    pad = " " * gutter
    for fix in item.fixes:
        lines.append(f"{pad} {paint('dim', '=')} {paint('help', 'help')}: {visible(fix.title)}")
    for note in item.notes:
        lines.append(f"{pad} {paint('dim', '=')} {paint('help', 'note')}: {visible(note)}")
    return "\n".join(lines) + "\n"


def as_data(item: Diagnostic) -> dict[str, object]:
    """One finding as JSON-ready data; keys are stable, spans as `span_as_data` tells."""
    return {
        "code": item.code.value,
        "severity": item.severity.value,
        "message": item.message,
        "span": span_as_data(item.span),
        "labels": [{"span": span_as_data(label.span), "text": label.text} for label in item.labels],
        "notes": list(item.notes),
        "fixes": [
            {"span": span_as_data(fix.span), "replacement": fix.replacement, "title": fix.title} for fix in item.fixes
        ],
    }


def span_as_data(span: Span) -> dict[str, object]:
    """A span as file, line, column, end_line, end_column; counted from 1, the end column exclusive."""
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def visible(text: str) -> str:
    """Text that a terminal shows as it is: control and direction-changing characters become escapes."""
    return "".join(_visible(char) for char in text)


def _visible(char: str) -> str:
    if char == "\t":
        return "    "
    return char if char.isprintable() else f"\\u{{{ord(char):x}}}"


def _width(text: str) -> int:
    """Columns that a visible text takes in a terminal."""
    wide = sum(unicodedata.east_asian_width(char) in ("W", "F") for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _snippet(
    span: Span, text: str, mark: str, arrow: str, gutter: int, sources: Mapping[str, str], paint: _Paint, style: str
) -> list[str]:
    """The place, the source line, and the marks below it."""
    pad = " " * gutter
    head = [f"{pad}{paint('dim', arrow)} {visible(str(span))}"]
    line = _line(span, sources)
    if line is None:
        return [*head, f"{pad}   {visible(text)}"] if text else head
    before, inside, after = _cut(line, span)
    bar = paint("dim", "|")
    marks = paint(style, mark * max(1, _width(inside)) + (f" {visible(text)}" if text else ""))
    number = paint("dim", f"{span.line:>{gutter}}")
    return [
        *head,
        f"{pad} {bar}",
        f"{number} {bar} {before}{inside}{after}".rstrip(),
        f"{pad} {bar} {' ' * _width(before)}{marks}",
    ]


def _line(span: Span, sources: Mapping[str, str]) -> str | None:
    source = sources.get(span.file)
    if source is None:
        return None
    lines = source.split("\n")
    return lines[span.line - 1].rstrip("\r") if 1 <= span.line <= len(lines) else None


def _cut(line: str, span: Span) -> tuple[str, str, str]:
    """What stands before, in and after the span, made visible and cut to WINDOW columns around its beginning."""
    start = min(span.column - 1, len(line))
    stop = len(line) if span.end_line > span.line else min(max(span.end_column - 1, start), len(line))
    if len(line) <= WINDOW:
        return visible(line[:start]), visible(line[start:stop]), visible(line[stop:])
    left = max(0, start - WINDOW // 3)
    right = min(len(line), left + WINDOW)
    stop = min(stop, right)
    before = ("…" if left else "") + visible(line[left:start])
    after = visible(line[stop:right]) + ("…" if right < len(line) else "")
    return before, visible(line[start:stop]), after
