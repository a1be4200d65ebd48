"""Lists of addresses and domains: exactly their entries, a diagnostic a bad line, 30,000 lines without a wait."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharedfate.language.diagnostics import Code
from sharedfate.language.rulelist import RuleList, read_rule_list
from sharedfate.model.policy import Allow, Drop, MatchIp, MatchName
from sharedfate.model.wire import Dialect, Prefix


def read(tmp_path: Path, text: str | bytes, allow: bool = True, dialect: Dialect = Dialect.SUFFIX) -> RuleList:
    file = tmp_path / "list.txt"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_rule_list(str(file), allow, dialect, ("access",), ())


def test_an_allow_list_is_its_entries_and_default_deny(tmp_path: Path) -> None:
    result = read(tmp_path, "# a comment\n\n192.0.2.0/24\n  example.ORG.  # another\n2001:db8::/32\n198.51.100.7\n")
    assert result.diagnostics == ()
    assert (result.prefixes, result.names) == (3, 1)
    policy = result.policy
    assert policy is not None
    assert policy.default_deny
    assert policy.links == ("access",)
    assert [rule.matches for rule in policy.rules] == [
        (MatchIp((Prefix(4, 0xC0000200, 24),)),),
        (MatchName(("example.org",), Dialect.SUFFIX),),
        (MatchIp((Prefix(6, 0x20010DB8 << 96, 32),)),),
        (MatchIp((Prefix(4, 0xC6336407, 32),)),),
    ]
    assert all(rule.action == Allow() for rule in policy.rules)
    assert [(rule.span.line, rule.span.column, rule.span.end_column) for rule in policy.rules][:2] == [
        (3, 1, 13),
        (4, 3, 15),
    ]


def test_a_deny_list_drops_and_lets_the_rest_pass(tmp_path: Path) -> None:
    policy = read(tmp_path, "example.org\n", allow=False, dialect=Dialect.EXACT).policy
    assert policy is not None
    assert not policy.default_deny
    assert policy.rules[0].action == Drop()
    assert policy.rules[0].matches == (MatchName(("example.org",), Dialect.EXACT),)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("192.0.2.1/24", Code.HOST_BIT),
        ("192.0.2.0/33", Code.PREFIX_LENGTH),
        ("192.0.2.256", Code.BAD_ADDRESS),
        ("2001:db8::1/32", Code.HOST_BIT),
        ("2001:db8::/129", Code.PREFIX_LENGTH),
        ("2001:db8::/", Code.PREFIX_LENGTH),
        ("fe80::1%eth0", Code.BAD_ADDRESS),
        ("https://example.org/", Code.BAD_ADDRESS),
        ("2001::db8::", Code.BAD_ADDRESS),
        ("*.example.org", Code.BAD_NAME),
        ("0.0.0.0 example.org", Code.BAD_NAME),
        ("bücher.example", Code.BAD_NAME),
        ("a..b", Code.BAD_NAME),
        ("x" * 300, Code.BAD_NAME),
        ("nul\0", Code.BAD_NAME),
    ],
)
def test_a_bad_line_is_one_diagnostic_with_its_place(tmp_path: Path, line: str, code: Code) -> None:
    result = read(tmp_path, f"192.0.2.0/24\n{line}\n")
    assert result.policy is None
    assert [(item.code, item.span.line) for item in result.diagnostics] == [(code, 2)]


def test_several_bad_lines_are_told_at_once_and_capped(tmp_path: Path) -> None:
    result = read(tmp_path, "192.0.2.1/24\n" * 60)
    assert len(result.diagnostics) == 50
    assert result.dropped == 10


def test_globs_with_their_dialect(tmp_path: Path) -> None:
    assert read(tmp_path, "*.push.example\ncdn?.example\n", dialect=Dialect.GLOB).names == 2


@pytest.mark.parametrize(("data", "code"), [(b"\xff\xfe", Code.INVALID_UTF8), (b"# nothing\n", Code.EMPTY_LIST)])
def test_bad_files(tmp_path: Path, data: bytes, code: Code) -> None:
    assert [item.code for item in read(tmp_path, data).diagnostics] == [code]


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere", tmp_path):
        result = read_rule_list(str(path), True, Dialect.SUFFIX)
        assert result.policy is None
        assert [item.code for item in result.diagnostics] == [Code.UNREADABLE]


@given(st.one_of(st.ip_addresses(), st.text(max_size=40), st.binary(max_size=40)))
def test_no_line_ends_in_an_exception(tmp_path_factory: pytest.TempPathFactory, entry: object) -> None:
    data = entry if isinstance(entry, bytes) else str(entry).encode("utf-8", "replace")
    result = read(tmp_path_factory.mktemp("list"), data)
    assert (result.policy is None) == bool(result.diagnostics)


@given(st.integers(0, 2**32 - 1), st.integers(0, 32))
def test_v4_prefixes_agree_with_the_library(
    tmp_path_factory: pytest.TempPathFactory, address: int, length: int
) -> None:
    text = f"{ipaddress.IPv4Address(address)}/{length}"
    policy = read(tmp_path_factory.mktemp("list"), text).policy
    try:
        network = ipaddress.IPv4Network(text)
    except ValueError:
        assert policy is None
        return
    assert policy is not None
    assert policy.rules[0].matches == (MatchIp((Prefix(4, int(network.network_address), length),)),)


def test_thirty_thousand_lines(tmp_path: Path) -> None:
    text = "".join(f"{a}.{b}.{c}.0/24\n" for a in range(1, 4) for b in range(100) for c in range(100))
    assert read(tmp_path, text).prefixes == 30_000
