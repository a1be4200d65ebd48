"""C3 and A3: when names match."""

from __future__ import annotations

import pytest

from sharedfate.model.wire import Dialect
from sharedfate.semantics.names import instances, is_literal, pattern_contains, rule_matches


@pytest.mark.parametrize(
    ("text", "dialect", "name", "expected"),
    [
        ("a.example", Dialect.EXACT, "A.Example", True),
        ("a.example", Dialect.EXACT, "b.a.example", False),
        ("example", Dialect.SUFFIX, "example", True),
        ("example", Dialect.SUFFIX, "a.example", True),
        ("example", Dialect.SUFFIX, "notexample", False),
        ("*.example", Dialect.GLOB, "a.b.example", True),
        ("*.example", Dialect.GLOB, "example", False),
        ("cdn?.example", Dialect.GLOB, "cdn2.example", True),
        ("cdn?.example", Dialect.GLOB, "cdn.example", False),
        ("c[d]n.example", Dialect.GLOB, "cdn.example", False),
        ("push", Dialect.KEYWORD, "1-push.example", True),
        ("push", Dialect.KEYWORD, "pull.example", False),
    ],
)
def test_rule_dialects(text: str, dialect: Dialect, name: str, expected: bool) -> None:
    assert rule_matches(text, dialect, name) is expected


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("*-courier.example", "7-courier.example", True),
        ("*-courier.example", "-courier.example", False),  # `*` is some text, not none
        ("<1..50>-c.example", "50-C.example", True),
        ("<1..50>-c.example", "51-c.example", False),
        ("<1..50>-c.example", "07-c.example", False),
        ("<1..50>-c.example", "x-c.example", False),
        ("a.example", "a.example", True),
        ("a.example", "aXexample", False),
    ],
)
def test_model_patterns(pattern: str, name: str, expected: bool) -> None:
    assert pattern_contains(pattern, name) is expected


def test_instances_are_all_numbers_and_each_text() -> None:
    assert list(instances("<1..3>.x")) == ["1.x", "2.x", "3.x"]
    assert list(instances("*.<1..2>.x", ("p", "q"))) == ["p.1.x", "p.2.x", "q.1.x", "q.2.x"]
    assert is_literal("a.x")
    assert not is_literal("<1..3>.x")
