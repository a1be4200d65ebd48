"""Which connections that are found by flows are refused: those that no client could ever set up first (F075)."""

from __future__ import annotations

import pytest

from sharedfate.language.catalogue_base import PRELUDE
from sharedfate.language.diagnostics import Code
from sharedfate.language.load import load_text

FLOWS = """
connection two : phone -> apns { tcp 444; found by flow back }
flow hint : apns -> phone on web
flow back : apns -> phone on web
flow far  : apns -> phone on two
function all = hint and back and far
"""


@pytest.mark.parametrize(
    ("lines", "refused"),
    [
        ("tcp 443; found by flow hint", ["web"]),
        ("tcp 443; found by flow hint durable expires", ["web"]),
        ("tcp 443; found by flow hint or flow far", ["web", "two"]),
        ("tcp 443; found by built in then flow far", ["web", "two"]),
        ("tcp 443; via two", ["two"]),
        ("tcp 443; via two passing through", []),
        ("tcp 443; found by flow hint or built in", []),
        ("tcp 443; found by flow push", []),
        ("either tcp 443 found by flow hint or tcp 80", []),
    ],
)
def test_found_over_itself(lines: str, refused: list[str]) -> None:
    loaded = load_text(f"{PRELUDE}connection web : phone -> apns {{ {lines} }}{FLOWS}")
    assert {item.code for item in loaded.diagnostics} <= {Code.FOUND_CYCLE}
    said = [item.message.split("`")[1] for item in loaded.diagnostics]
    assert said == refused
