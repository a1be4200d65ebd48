"""Parsing: what each form gives, spans, names that are keywords, and words of later questions."""

from __future__ import annotations

import dataclasses
import re
import time
from pathlib import Path
from typing import Any

import pytest

from sharedfate.language import lalr
from sharedfate.language import syntax as s
from sharedfate.language.parse import parse, parse_bytes, parse_fact
from sharedfate.model.network import Keep
from sharedfate.model.question import Horizon, Rung, VerdictKind
from sharedfate.model.source import NOWHERE, Span
from sharedfate.model.wire import Direction


def one(text: str) -> Any:
    result = parse(text, "t.fate")
    assert result.diagnostics == ()
    assert len(result.tree.declarations) == 1
    return result.tree.declarations[0]


def test_tables_belong_to_the_grammar() -> None:
    path = Path(lalr.__file__).with_name("grammar.json")
    assert path.read_text("utf-8") == lalr.build(), "run `python -m sharedfate.language.lalr`"


def test_every_action_has_a_rule() -> None:
    from sharedfate.language import parse as parse_module
    from sharedfate.language.transform import ACTIONS

    assert parse_module.MAX_ERRORS == 20  # importing it registers the actions
    origins = {rule.origin for rule in lalr.tables().rules}
    assert set(ACTIONS) <= origins, "an action whose rule is gone"


def test_either_lines_arms_and_guards() -> None:
    decl = one(
        "connection c : each of a, b -> apns {\n"
        "  either v4 to 1.2.3.0/24\n      or v6 to ::1, ::2 when g and (h or not i)\n"
        "  via t when x\n  pinned\n}"
    )
    either, attributes, pinned = decl.clauses
    assert [arm.attributes[0].version for arm in either.arms] == [4, 6]
    assert [a.text for a in either.arms[1].attributes[0].addresses] == ["::1", "::2"]
    assert isinstance(either.arms[1].guard, s.GuardAll)
    assert isinstance(either.arms[1].guard.parts[1], s.GuardAny)
    assert attributes.guard == s.GuardName(s.Ident("x"))
    assert pinned == s.Set(s.Setting.PINNED)


def test_a_line_ends_an_arm() -> None:
    lines = one('connection c : a -> b {\n either tcp 1 or tcp 2\n tls sni "x"\n}').clauses
    assert len(lines) == 2
    assert lines == one('connection c : a -> b { either tcp 1 or tcp 2; tls sni "x" }').clauses
    together = one('connection c : a -> b { either tcp 1 or tcp 2 tls sni "x" }').clauses
    assert len(together) == 1
    assert len(together[0].arms[1].attributes) == 2


def test_found_by_chain_with_cnames_and_alternatives() -> None:
    decl = one(
        'connection c : a -> b { found by bag "h" durable then dns "n", "m" cname "x" then "y" cached expires '
        "resolved at r encrypted or built in }"
    )
    first, second = decl.clauses[0].attributes[0].choices
    assert first[0] == s.BagStep(s.Text("h"), keep=Keep.DURABLE)
    assert first[1] == s.DnsStep(
        (s.Text("n"), s.Text("m")),
        (s.Text("x"), s.Text("y")),
        resolver=s.Ident("r"),
        encrypted=True,
        keep=Keep.CACHED,
        expires=True,
    )
    assert second == (s.BuiltInStep(),)


def test_control_parts() -> None:
    control = one("connection c : a -> b { control up usual 5..64 size 5..4096, 9000 down usual 7 }").clauses[0]
    assert [(p.direction, p.kind.value) for p in control.parts] == [
        (Direction.UP, "usual"),
        (Direction.UP, "size"),
        (Direction.DOWN, "usual"),
    ]
    assert control.parts[1].ranges == (s.Interval(5, 4096), s.Interval(9000, 9000))


def test_source_inside_after_and_twice() -> None:
    assert one('flow f : a -> b { source "x" }') == one('flow f : a -> b source "x"')
    result = parse('zone a\nflow f : a -> b { source "x" } source "y"\n', "t.fate")
    assert [item.code.value for item in result.diagnostics] == ["F056"]
    assert result.diagnostics[0].labels[0].span.column == 19


def test_formula_precedence() -> None:
    formula = one("function f = a and b or degraded c when g and h or first (d or e)").formula
    assert [type(arm.formula).__name__ for arm in formula.arms] == ["AllOf", "Ref", "First"]
    assert formula.arms[1].degraded
    assert isinstance(formula.arms[1].guard, s.GuardAll)
    assert one("function f = ((a))").formula == s.Ref(s.Ident("a"))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("f works under p", Rung.STRAINED, Rung.CLEAN),
        ("f, g work under p", Rung.STRAINED, Rung.CLEAN),
        ("f dies under p", Rung.DEAD, Rung.DEAD),
        ("f is hurt under p, q", Rung.HURT, Rung.HURT),
        ("f, g are clean under p", Rung.CLEAN, Rung.CLEAN),
    ],
)
def test_rungs(text: str, low: Rung, high: Rung) -> None:
    question = one(f"check c : {text}").question
    assert (question.low, question.high) == (low, high)


@pytest.mark.parametrize(
    ("text", "cut", "kept"),
    [
        ("block f sparing g", Rung.DEAD, Rung.STRAINED),
        ("block f sparing g, h unharmed", Rung.DEAD, Rung.CLEAN),
        ("block f without killing g", Rung.DEAD, Rung.HURT),
        ("degrade f sparing g", Rung.HURT, Rung.STRAINED),
        ("degrade f sparing g unharmed", Rung.HURT, Rung.CLEAN),
    ],
)
def test_cuts(text: str, cut: Rung, kept: Rung) -> None:
    for word, positive in (("can", True), ("cannot", False)):
        question = one(f"check c : a {word} {text}").question
        assert (question.positive, question.cut, question.kept) == (positive, cut, kept)


def test_check_parts_in_any_order_and_statement() -> None:
    decl = one(
        "check c : isp cannot block f   # why\n  sparing g without x with order(c), not y at once\n"
        "  expect conditional on occurs(f, 1..2), z"
    )
    assert decl.horizon is Horizon.AT_ONCE
    assert [(str(given.fact.name.text), given.fact.positive, given.holds) for given in decl.given] == [
        ("x", True, False),
        ("order", True, True),
        ("y", False, True),
    ]
    assert decl.expect.verdict is VerdictKind.CONDITIONAL
    assert [fact.name.text for fact in decl.expect.on] == ["occurs", "z"]
    assert decl.statement == "isp cannot block f sparing g without x with order(c), not y at once"
    assert one("check c : f works under p for good with x").statement == "f works under p for good with x"


def test_a_horizon_twice() -> None:
    result = parse("check c : f works under p at once for good\n", "t.fate")
    assert [item.message for item in result.diagnostics] == ["the horizon is said twice"]


def test_facts_of_the_command_line() -> None:
    fact, problems = parse_fact("not occurs(control up, 200..4096)")
    assert problems == ()
    assert fact is not None
    assert (fact.name.text, fact.positive, [a.text for a in fact.arguments]) == (
        "occurs",
        False,
        ["control up", "200..4096"],
    )
    fact, problems = parse_fact("sits(courier@alice) is v4 tcp 5223")
    assert fact is not None
    assert fact.value_text == "v4 tcp 5223"
    for wrong in ("", "order(", "not x is y", "a b", "x\ny", "\0"):
        fact, problems = parse_fact(wrong)
        assert fact is None
        assert len(problems) == 1


KEYWORDS = sorted(word for word in lalr.tables().words if word.isalpha())


@pytest.mark.parametrize("word", [w for w in KEYWORDS if w not in ("and", "or", "not", "then", "when", "either")])
def test_a_keyword_may_be_a_name(word: str) -> None:
    assert one(f"check {word} : f works under p").name.text == word
    assert one(f"flow {word} : a -> b").name.text == word
    assert one(f"zone a, {word}").names[1].text == word
    assert one(f"field {word} at packet").name.text == word


@pytest.mark.parametrize("word", ["and", "or", "not", "then", "when", "either"])
def test_a_reserved_word_may_not(word: str) -> None:
    (problem,) = parse(f"zone {word}\n", "t.fate").diagnostics
    assert problem.message == f"`{word}` is a reserved word and cannot be a name"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("isp cannot learn m[n+2] even after leaks rk[n], b[n] with ckv_on", "learn"),
        ("isp cannot distinguish send_text from notifications", "distinguish"),
        ("apns can link alice with bob", "link"),
        ("isp cannot forge body", "forge"),
        ("bob accepts body only from alice at most once against relay", "accepts"),
    ],
)
def test_words_of_later_questions(text: str, word: str) -> None:
    decl = one(f"check c : {text}  # said\n  expect violated")
    assert isinstance(decl.question, s.NotYetQuestion)
    assert decl.question.word == word
    assert decl.question.text == text.split(" ", 1)[1]
    assert decl.expect.verdict is VerdictKind.VIOLATED


def test_protocol_and_find_are_skipped_whole() -> None:
    text = "protocol p after q {\n  rk[0] = k  # {\n  for each (p, s) { a -> b : … }\n}\n"
    text += "find least allow for x on y\nzone a\n"
    result = parse(text, "t.fate")
    assert result.diagnostics == ()
    protocol, find, zone = result.tree.declarations
    assert (protocol.word, find.word, find.text) == ("protocol", "find", "find least allow for x on y")
    assert protocol.span == Span("t.fate", 1, 1, 4, 2)
    assert zone.names[0].text == "a"


def test_every_node_has_its_span() -> None:
    page = (Path(__file__).parents[2] / "spec" / "language.md").read_text("utf-8")
    for block in re.findall(r"^```fate\n(.*?)^```", page, re.M | re.S):
        lines = block.split("\n")
        for node in _nodes(parse(block, "t.fate").tree):
            span = node.span
            assert span != NOWHERE, node
            assert (span.line, span.column) < (span.end_line, span.end_column)
            if isinstance(node, s.Ident):
                assert lines[span.line - 1][span.column - 1 : span.end_column - 1] == node.text


def _nodes(value: Any) -> list[s.Node]:
    if isinstance(value, tuple):
        return [node for item in value for node in _nodes(item)]
    if not isinstance(value, s.Node):
        return []
    return [value] + [node for f in dataclasses.fields(value) for node in _nodes(getattr(value, f.name))]


def test_line_ends_of_another_system_and_a_byte_order_mark() -> None:
    unix = parse("zone a\npolicy p on x {\n  drop\n  allow\n}\n", "t.fate")
    result = parse_bytes("\ufeffzone a\r\npolicy p on x {\r\n  drop\r\n  allow\r\n}\r\n".encode(), "t.fate")
    assert result == dataclasses.replace(unix, tree=result.tree)
    assert result.tree == unix.tree


def test_speed() -> None:
    text = 'flow f : a -> b -> c on courier { topic "x" usual 200..4096 size 200..15360 when g }\n' * 200
    parse(text, "t.fate")
    start = time.perf_counter()
    assert len(parse(text, "t.fate").tree.declarations) == 200
    assert time.perf_counter() - start < 1.5  # it takes 0.05 s; ten times that only on a machine in trouble
