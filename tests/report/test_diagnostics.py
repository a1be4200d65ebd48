"""The renderer alone: carets, cuts, escapes, data. The golden files of the language show whole messages."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from sharedfate.language.diagnostics import CAP, Code, Diagnostic, Diagnostics, Fix, Label, Severity
from sharedfate.model.source import Span
from sharedfate.report.diagnostics import WINDOW, as_data, render, render_all

SOURCES = {"m.fate": "model m\nfunction a = pusj\n\tflow push : x -> y\n"}
ITEM = Diagnostic(
    Code.UNKNOWN_NAME,
    Severity.ERROR,
    "there is no flow or function `pusj`",
    Span("m.fate", 2, 14, 2, 18),
    labels=(Label(Span("m.fate", 3, 7, 3, 11), "near this one"),),
    notes=("names are case-sensitive",),
    fixes=(Fix(Span("m.fate", 2, 14, 2, 18), "push", "did you mean `push`?"),),
)


def test_the_terminal_form() -> None:
    assert render(ITEM, SOURCES) == (
        "error[F030]: there is no flow or function `pusj`\n"
        " --> m.fate:2:14\n"
        "  |\n"
        "2 | function a = pusj\n"
        "  |              ^^^^\n"
        " ::: m.fate:3:7\n"
        "  |\n"
        "3 |     flow push : x -> y\n"
        "  |          ---- near this one\n"
        "  = help: did you mean `push`?\n"
        "  = note: names are case-sensitive\n"
    )


def test_styles_change_nothing_else() -> None:
    styled = render(ITEM, SOURCES, ansi=True)
    assert "\x1b[1;31m" in styled
    plain = styled
    for code in ("1;31", "1", "2", "36", "0"):
        plain = plain.replace(f"\x1b[{code}m", "")
    assert plain == render(ITEM, SOURCES)


def test_data_goes_through_json() -> None:
    data = json.loads(json.dumps(as_data(ITEM)))
    assert data["code"] == "F030"
    assert data["span"] == {"file": "m.fate", "line": 2, "column": 14, "end_line": 2, "end_column": 18}
    assert data["fixes"][0]["replacement"] == "push"


def test_a_source_cannot_command_the_terminal() -> None:
    text = "zone \x1b[31mred \u202e\n"
    shown = render(Diagnostic(Code.SYNTAX, Severity.ERROR, "bad \x1b", Span("f", 1, 6, 1, 7)), {"f": text})
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\\u{1b}" in shown


def test_a_long_line_is_cut_around_the_place() -> None:
    text = "x" * 5000 + "HERE" + "y" * 5000
    shown = render(Diagnostic(Code.SYNTAX, Severity.ERROR, "here", Span("f", 1, 5001, 1, 5005)), {"f": text})
    line, marks = shown.split("\n")[3:5]
    assert len(line) <= WINDOW + 8
    assert line[marks.index("^") : marks.rindex("^") + 1] == "HERE"


def test_wide_letters_keep_the_caret_in_place() -> None:
    shown = render(Diagnostic(Code.SYNTAX, Severity.ERROR, "here", Span("f", 1, 3, 1, 4)), {"f": "漢字x"})
    assert shown.split("\n")[4] == "  |     ^"


def test_counting_and_the_cap() -> None:
    found = Diagnostics()
    for line in range(CAP + 7):
        found.warning(Code.UNUSED_FLOW, "idle", Span("f", line + 1, 1, line + 1, 2))
        found.warning(Code.UNUSED_FLOW, "idle", Span("f", 1, 1, 1, 2))
    assert len(found) == CAP
    text = render_all(found, {}, dropped=found.dropped)
    assert f"{CAP} warnings, and " in text.splitlines()[-1]
    assert render_all([], {}) == ""


@given(
    st.text(max_size=300),
    st.builds(Span, st.just("f"), st.integers(1, 4), st.integers(1, 320), st.integers(1, 4), st.integers(1, 320)),
)
def test_no_place_breaks_it(text: str, span: Span) -> None:
    shown = render(Diagnostic(Code.SYNTAX, Severity.ERROR, text, span), {"f": text})
    assert shown.startswith("error[F008]")
    assert all(char == "\n" or char.isprintable() for char in shown)
