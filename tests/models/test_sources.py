"""Everything shipped says what it rests on, and nothing names a list of facts that readers do not have."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from sharedfate.language import syntax
from sharedfate.language.parse import parse

MODELS = Path(__file__).resolve().parents[2] / "models"
SHIPPED = [path.relative_to(MODELS).as_posix() for path in sorted(MODELS.rglob("*.fate"))]
INVENTED = "architectures/tiny.fate"
OURS = re.compile(r"\bF ?\d+\.\d+|\bfact \d|\(\d+\.\d+|facts\.md|cases\.md|shared/|\b(?:DESIGN|KNOWLEDGE)\b")
POWERS = (syntax.AdversaryDecl, syntax.PolicyDecl)


def library() -> str:
    return files("sharedfate.std").joinpath("adversaries.fate").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SHIPPED)
def test_no_number_of_a_list_that_readers_do_not_have(name: str) -> None:
    assert not OURS.findall((MODELS / name).read_text(encoding="utf-8"))


def test_nor_in_the_library() -> None:
    assert not OURS.findall(library())


@pytest.mark.parametrize("text", ["(F 1.14)", "F6.1", "facts.md 1.1-1.9", "/work/shared/x", "see DESIGN 3"])
def test_such_references_are_noticed(text: str) -> None:
    assert OURS.search(text)


@pytest.mark.parametrize("name", [name for name in SHIPPED if name.startswith("adversaries/")])
def test_every_adversary_and_policy_has_a_source(name: str) -> None:
    check((MODELS / name).read_text(encoding="utf-8"))


def test_every_adversary_of_the_library_has_a_source() -> None:
    check(library())


def check(text: str) -> None:
    powers = [item for item in parse(text, "x").tree.declarations if isinstance(item, POWERS)]
    assert powers
    assert not [item.name.text for item in powers if item.source is None]


@pytest.mark.parametrize("name", [name for name in SHIPPED if name.startswith("cases/")])
def test_a_case_begins_with_where_it_was_reported(name: str) -> None:
    head = (MODELS / name).read_text(encoding="utf-8").partition("\nmodel ")[0]
    assert re.search(r"^# (?:Reported|Rumour|Documented|Seen)", head, re.MULTILINE), head
    assert re.search(r"[\w.-]+/[\w.-]+ ?(?:PR ?)?#\d+|\w+\.(?:com|org)\b", head), head


def test_the_invented_example_says_that_it_is_invented() -> None:
    assert (MODELS / INVENTED).read_text(encoding="utf-8").startswith("# Invented")
