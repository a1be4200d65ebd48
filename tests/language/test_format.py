"""The formatter: what the canonical layout is."""

from __future__ import annotations

import pytest

from sharedfate.language.format import format_text
from sharedfate.language.parse import parse


def formatted(text: str) -> str:
    out = format_text(text, "t.fate")
    assert isinstance(out, str)
    assert parse(out, "t.fate").tree == parse(text, "t.fate").tree
    assert format_text(out, "t.fate") == out
    return out


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("zone   a ,b\n\n\n\nzone c   # x  ", "zone a, b\n\nzone c  # x\n"),
        ("\n\n# top\n\n\n# two\nzone a", "# top\n\n# two\nzone a\n"),
        ("zone a zone b # of b", "zone a\nzone b  # of b\n"),
        ("link a:b--c\nlink longer : b -- c tagged x", "link a      : b -- c\nlink longer : b -- c tagged x\n"),
        (
            "function a=b\nfunction abc = first(d and(e or f))",
            "function a   = b\nfunction abc = first (d and (e or f))\n",
        ),
        ("assume not occurs( control up,1..2 )", "assume not occurs(control up, 1..2)\n"),
        ("policy p on x{drop port 1 allow;default deny}", "policy p on x { drop port 1; allow; default deny }\n"),
        (
            "policy p on x {\ndrop port 1 allow;default deny}",
            "policy p on x {\n  drop port 1\n  allow\n  default deny\n}\n",
        ),
        ("flow f : a->b{durable;expires}", "flow f : a -> b { durable expires }\n"),
        ("flow f : a->b{durable;when g;expires}", "flow f : a -> b { durable; when g; expires }\n"),
        ("adversary a { }", "adversary a { }\n"),
        ("policy p on x { redirect to dns ( sni ) }", "policy p on x { redirect to dns(sni) }\n"),
        ("", ""),
        ("# only\r\nzone a\r\n", "# only\nzone a\n"),
    ],
)
def test_layout(text: str, wanted: str) -> None:
    assert formatted(text) == wanted


def test_comments_in_odd_places_are_kept() -> None:
    text = (
        "connection c : a -> b {  # head\n"
        "    # first\n  either tcp 1  # fast\n      # between\n      or tcp 2   # slow\n\n\n"
        "  # own\n  to 1.2.3.4,  # one\n     2.3.4.5\n  # last\n}  # tail\n# end\n"
    )
    assert formatted(text) == (
        "connection c : a -> b {  # head\n"
        "  # first\n  either tcp 1  # fast\n        # between\n      or tcp 2  # slow\n\n"
        "  # own\n  to 1.2.3.4,  # one\n        2.3.4.5\n  # last\n}  # tail\n# end\n"
    )


def test_a_long_block_opens_and_long_lists_wrap() -> None:
    many = ", ".join(f"10.{i}.0.0/16" for i in range(12))
    out = formatted(f"connection c : a -> b {{ tcp 443; to {many} }}")
    assert out.startswith("connection c : a -> b {\n  tcp 443\n  to 10.0.0.0/16, ")
    assert max(map(len, out.splitlines())) <= 110
    either = formatted(f"connection c : a -> b {{ either v4 to {many} or v6 to ::1 }}")
    assert either.splitlines()[-2] == "      or v6 to ::1"


def test_no_break_makes_a_name_look_like_a_declaration() -> None:
    names = ", ".join(["flow", "zone", "link", "check", "policy"] * 8)
    out = formatted(f"check x : a cannot block f sparing {names}, g")
    assert "expected" not in out


def test_alignment_stops_at_blank_lines_comments_and_other_kinds() -> None:
    text = (
        "flow a : x -> y\nflow abc : x -> y\n\nflow abcdef : x -> y\n# c\nflow b : x -> y\nzone z\nflow abcd : x -> y\n"
    )
    assert formatted(text) == text.replace("flow a :", "flow a   :")


def test_later_words_stay_verbatim() -> None:
    text = "protocol p {\n     a ->   b : x   # c\n\n\n  }   # after\n"
    text += "check c : a cannot learn   x[ n ]   expect violated\n"
    assert formatted(text) == (
        "protocol p {\n     a ->   b : x   # c\n\n\n  }  # after\ncheck c : a cannot learn   x[ n ] expect violated\n"
    )


def test_errors_come_back_as_diagnostics() -> None:
    out = format_text("zone\n", "t.fate")
    assert not isinstance(out, str)
    assert [item.code.value for item in out] == ["F008"]
