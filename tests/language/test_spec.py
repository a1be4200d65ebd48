"""Every ```fate block of spec/language.md parses, and the formatter leaves its meaning alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sharedfate.language.format import format_text
from sharedfate.language.parse import parse

SPEC = Path(__file__).parents[2] / "spec" / "language.md"
BLOCKS = re.findall(r"^```fate\n(.*?)^```", SPEC.read_text("utf-8"), re.M | re.S)


def test_the_page_has_its_examples() -> None:
    assert len(BLOCKS) >= 12


@pytest.mark.parametrize("block", BLOCKS)
def test_block_parses(block: str) -> None:
    result = parse(block, "language.md")
    assert [str(item.span) + " " + item.message for item in result.diagnostics] == []
    assert result.tree.declarations


@pytest.mark.parametrize("block", BLOCKS)
def test_block_formats(block: str) -> None:
    once = format_text(block, "language.md")
    assert isinstance(once, str)
    assert parse(once, "language.md").tree == parse(block, "language.md").tree
    assert format_text(once, "language.md") == once
    assert once.count("#") == block.count("#")
