"""Bad input: each fault is one clear diagnostic at its place, independent ones are all reported, nothing raises."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sharedfate.language.format import format_text
from sharedfate.language.parse import MAX_ERRORS, check_text, parse, parse_bytes


def said(text: str) -> list[str]:
    found = parse(text, "t.fate").diagnostics
    return [f"{item.span.line}:{item.span.column} {item.message}" for item in found]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("zone cellar at home", "1:13 expected `,` or the end of the line, found `at`"),
        ("zone", "1:5 expected a name after `zone`"),
        ("zone ä", "1:6 `ä` has no meaning here: names are ASCII letters, digits and `_`"),
        ("zone 1a", "1:6 `1a` is neither a number nor a name: a name begins with a letter"),
        ("link l : a - b", "1:12 expected `--`, found `-`"),
        ("flow a : b", "1:11 expected `->` after `b`"),
        ("flow f : a -> b { need 3 }", "1:26 expected a unit (`bit`, `kbit`, `Mbit`), found `}`"),
        ("flow f : a -> b { size }", "1:24 expected a number or a range such as 5..64, found `}`"),
        ("check a : isp cannot block f", "1:29 expected `sparing` or `without` after `f`"),
        ("check a : b works under", "1:24 expected a name after `under`"),
        ("function f = a or", "1:18 expected a name, `(`, `degraded` or `first` after `or`"),
        ("policy p on x { drop port 99999999999999999999 }", "1:27 a number has 18 digits at most"),
        ('connection c : a -> b { host "x }', "1:30 this string is not closed on its line"),
        (r'model m "a\n"', '1:9 `\\n` is no escape: a string knows \\" and \\\\'),
        ("adversary a { on any link; sees ip }", "1:26 expected `tagged`, found `;`"),
        ("}", "1:1 expected a new declaration, found `}`"),
        ("zone a\nzone b extra", "2:8 expected `,` or the end of the line, found `extra`"),
        ("connection c : a -> b { tcp 443 pinned when x }", "1:33 `when` guards attributes only, not this"),
        ("assume order(c) open", "1:17 only a plain name can be assumed `open`"),
        ("assume not f is x", "1:8 a fact with `is` cannot be negated"),
        (
            'connection c : a -> b { found by bag "h" encrypted }',
            "1:42 `encrypted` says nothing about a bag, which is fetched in the clear",
        ),
        (
            'connection c : a -> b { found by built in then "x" }',
            "1:48 a name after `then` continues a `cname`, and there is none here",
        ),
        ('connection c : a -> b { tls sni "a" sni "b" }', "1:37 `sni` is said twice"),
    ],
)
def test_message_and_place(text: str, message: str) -> None:
    assert said(text + "\n") == [message]


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("flwo x : a -> b", "flow"),
        ("zone a\nflwo x : a -> b", "flow"),
        ("check a : f wrks under p", "works"),
        ("check a : f works under p expect prved", "proved"),
        ("field f at setup", "set-up"),
        ("assume x opne", "open"),
        ("policy p on x {\n  alow port 3\n}", "allow"),
        ("policy p on x {\n  drop prot 3\n}", "port"),
        ("connection c : a -> b { pined; stream }", "pinned"),
    ],
)
def test_did_you_mean(text: str, near: str) -> None:
    (problem,) = parse(text + "\n", "t.fate").diagnostics
    (fix,) = problem.fixes
    assert (fix.replacement, fix.title, fix.span) == (near, f"did you mean `{near}`?", problem.span)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("zone a; zone b", "`;` separates inside braces only"),
        ("check a : b cannot degrade f without killing g", "`without killing` goes with `block` only"),
        ("check a : f works under p expect proved with x", "stand before `expect`"),
        ("connection c : a -> b { tcp 443; foo }", "followed by its value in quotes"),
    ],
)
def test_notes(text: str, note: str) -> None:
    (problem,) = parse(text + "\n", "t.fate").diagnostics
    assert note in problem.notes[0]


def test_independent_errors_are_all_reported() -> None:
    text = (
        "zone\nlink l : a - b\nzone fine\n"
        "policy p on x {\n  alow port 3\n  drop port 4\n  drop prot 5\n  default deny\n}\n"
        "check c : f wrks under p\n"
    )
    assert [line.split(":")[0] for line in said(text)] == ["1", "2", "5", "7", "10"]
    kept = parse(text, "t.fate").tree.declarations
    assert [type(decl).__name__ for decl in kept] == ["ZoneDecl", "PolicyDecl"]
    assert len(kept[1].clauses) == 2  # type: ignore[union-attr]


def test_a_block_left_open_does_not_swallow_the_file() -> None:
    (problem,) = parse("connection c : a -> b {\n  tcp 443\nflow f : a -> b\nzone z\n", "t.fate").diagnostics
    assert problem.message == "this block is not closed: expected `}`"
    assert (problem.span.line, problem.span.column) == (2, 10)
    assert (problem.labels[0].text, problem.labels[0].span.line) == ("opened here", 1)
    last = parse("connection c : a -> b {\n  tcp 443\nflow f : a -> b\nzone z\n", "t.fate").tree.declarations
    assert len(last) == 2


def test_errors_are_capped() -> None:
    assert len(said("zone\n" * 1000)) == MAX_ERRORS
    assert len(said("policy p on x {\n" + "  alow\n" * 1000 + "}\n")) == MAX_ERRORS


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        (b"zone a\nzone b\0c\n", "F003", (2, 7)),
        (b"zone a\n# caf\xe9\n", "F004", (2, 6)),
        ("zone a # \u202e\n".encode(), "F005", (1, 10)),
        ("zone a # \u2066\n".encode(), "F005", (1, 10)),
        (b"zone a # \x1b[31m\n", "F010", (1, 10)),
        (b"zone a\rzone b\n", "F010", (1, 7)),
        (b"# " + b"x" * 1_000_000 + b"\nzone\n", "F006", (1, 10_001)),
        (b"# filler\n" * 500_000, "F002", (1, 1)),
        (b"function f = " + b"(" * 1000 + b"a" + b")" * 1000 + b"\n", "F007", (1, 78)),
        (b"policy p on x " + b"{" * 1000 + b"\n", "F007", (1, 79)),
    ],
)
def test_text_that_no_parser_should_see(data: bytes, code: str, place: tuple[int, int]) -> None:
    (problem,) = parse_bytes(data, "t.fate").diagnostics
    assert problem.code.value == code
    assert (problem.span.line, problem.span.column) == place


def test_many_shapes_of_depth_within_the_limit() -> None:
    assert said("function f = " + "(" * 60 + "a" + ")" * 60 + "\n") == []
    assert len(said("function f = " + "first " * 5000 + "a\n")) == 1
    assert len(said("function f = a" + " and a" * 1600 + "\n")) == 0
    assert check_text("x" * 10_000, "t.fate") == ()


WORDS = """
    zone check flow connection policy protocol find a b : -> -- { } ( ) ; , either or when tcp 443 5..64 "x" " # \\
    1.2.3.4/8 :: = can learn link block sparing works under expect proved on any tagged is …
"""
PIECES = ["\n", *WORDS.split()]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join))
def test_nothing_raises_on_words(text: str) -> None:
    result = parse(text, "t.fate")
    formatted = format_text(text, "t.fate")
    assert isinstance(formatted, str) == (not result.diagnostics)
    if isinstance(formatted, str):
        assert parse(formatted, "t.fate").tree == result.tree
        assert format_text(formatted, "t.fate") == formatted


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda t: t.encode("utf-8", "surrogatepass")))
def test_nothing_raises_on_bytes(data: bytes) -> None:
    result = parse_bytes(data, "t.fate")
    assert all(item.span.file == "t.fate" for item in result.diagnostics)


def test_a_broken_model_never_raises() -> None:
    text = (
        'connection c : each of a, b -> d {\n  either tcp 1 or tcp 2 when g\n  found by dns "n" cname "m" cached\n}\n'
        "function f = a and (b or degraded c when g)\ncheck x : i cannot block f sparing g with order(c)\n"
    )
    chance = random.Random(7)
    for _ in range(300):
        at = chance.randrange(len(text))
        cut = text[:at] + chance.choice(["", "}", "{", '"', "or", "\n", "zone"]) + text[at + chance.randrange(4) :]
        parse(cut, "t.fate")
