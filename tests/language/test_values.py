"""Addresses, ranges, rates, names: what is accepted, and what is said of the rest."""

from __future__ import annotations

from ipaddress import ip_network
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharedfate.language.diagnostics import Code, Diagnostics
from sharedfate.language.resolve import values
from sharedfate.language.suggest import distance, nearest
from sharedfate.model.source import NOWHERE
from sharedfate.model.wire import Prefix, Range


def codes(found: Diagnostics) -> list[Code]:
    return [item.code for item in found]


@given(st.ip_addresses(), st.integers(0, 128))
def test_prefixes_agree_with_the_standard_library(address: object, length: int) -> None:
    network = ip_network(f"{address}/{min(length, 32) if '.' in str(address) else length}", strict=False)
    found = Diagnostics()
    made = values.prefix(str(network), NOWHERE, found)
    expected = Prefix(network.version, int(network.network_address), network.prefixlen)
    assert made == expected
    assert (made.first, made.last) == (int(network[0]), int(network[-1]))
    assert not found.items


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("192.0.2.7/24", Code.HOST_BIT),
        ("192.0.2.0/33", Code.PREFIX_LENGTH),
        ("192.0.2.0/", Code.PREFIX_LENGTH),
        ("2001:db8::/129", Code.PREFIX_LENGTH),
        ("192.0.2.256", Code.BAD_ADDRESS),
        ("192.0.02.1", Code.BAD_ADDRESS),
        ("1.2.3", Code.BAD_ADDRESS),
        ("fe80::1%eth0", Code.BAD_ADDRESS),
        ("::1::2", Code.BAD_ADDRESS),
        ("", Code.BAD_ADDRESS),
    ],
)
def test_bad_prefixes(text: str, code: Code) -> None:
    found = Diagnostics()
    assert values.prefix(text, NOWHERE, found) is None
    assert codes(found) == [code]


def test_a_host_bit_is_mended_by_the_masked_prefix() -> None:
    found = Diagnostics()
    values.prefix("2001:db8::7/32", NOWHERE, found)
    assert found.items[0].fixes[0].replacement == "2001:db8::/32"


def test_ranges() -> None:
    found = Diagnostics()
    assert values.port_range(1, 65535, NOWHERE, found) == Range(1, 65535)
    assert values.size_range(7, 7, NOWHERE, found) == Range(7, 7)
    assert not found.items
    assert values.port_range(0, 5, NOWHERE, found) is None
    assert values.size_range(0, 5, NOWHERE, found) is None
    assert values.size_range(9, 5, NOWHERE, found) is None
    assert codes(found) == [Code.RANGE_TURNED, Code.PORT_RANGE, Code.NUMBER_RANGE]


@pytest.mark.parametrize(("number", "unit", "value"), [(200, "kbit", 200_000), (1, "bit", 1), (3, "Mbit", 3_000_000)])
def test_rates(number: int, unit: str, value: int) -> None:
    found = Diagnostics()
    assert values.rate(number, unit, NOWHERE, found) == value
    assert not found.items


def test_a_wrong_unit_is_said() -> None:
    found = Diagnostics()
    assert values.rate(200, "km", NOWHERE, found) is None
    assert codes(found) == [Code.WRONG_UNIT]


@pytest.mark.parametrize("text", ["*-courier.push.apple.com", "<1..50>-courier.push.apple.com", "x", "mncXXX.a_b.org"])
def test_good_names(text: str) -> None:
    found = Diagnostics()
    made = values.name_pattern(text, NOWHERE, found)
    assert made is not None
    assert made.text == text


@pytest.mark.parametrize("text", ["", "a b", "<1..>x", "<5..1>.x", "http://x", "a?b", "x" * 254, "*a" * 9])
def test_bad_names(text: str) -> None:
    found = Diagnostics()
    assert values.name_pattern(text, NOWHERE, found) is None
    assert len(found) == 1


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 9)).map(lambda pair: Range(pair[0], sum(pair)))))
def test_merging_keeps_the_numbers(ranges: list[Range]) -> None:
    numbers = {n for item in ranges for n in range(item.low, item.high + 1)}
    merged = values.merged(ranges)
    assert {n for item in merged for n in range(item.low, item.high + 1)} == numbers
    assert all(left.high + 1 < right.low for left, right in pairwise(merged))
    assert all(values.covers(tuple(ranges), item) for item in ranges)


def test_near_matches_keep_within_a_third() -> None:
    assert nearest("notificatoins", ["notifications", "push"]) == "notifications"
    assert nearest("isp", ["ips"]) == "ips"
    assert nearest("ab", ["xy"]) is None
    assert nearest("abc", ["axyc"]) is None
    assert nearest("x" * 100, ["x" * 99]) is None
    assert distance("kitten", "sitting", 3) == 3
    assert distance("kitten", "sitting", 2) == 3
