"""Addresses, ranges, rates and host names: from their text to typed values, with what is wrong about them."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from sharedfate.language.diagnostics import Code, Diagnostics, Fix, Label
from sharedfate.model.source import NOWHERE, Span
from sharedfate.model.wire import NamePattern, Prefix, Range

MAX_SIZE = 10**12
"""Sizes (bytes) and rates (bit/s) end here."""
MAX_PORT = 65_535
MAX_NAME = 253
MAX_WILDCARDS = 8
RATE_UNITS = {"bit": 1, "kbit": 1_000, "mbit": 1_000_000, "gbit": 1_000_000_000}

_FOUR = "it has four numbers from 0 to 255, without leading zeros"
_SIX = "it has eight groups of up to four hexadecimal digits; `::` stands for groups of zeros, once"

_DIGITS = re.compile(r"<(\d{1,9})\.\.(\d{1,9})>")
_NAME = re.compile(r"[^\s<>?/:@\"']+")


@lru_cache(maxsize=65_536)
def _good_prefix(text: str) -> Prefix | None:
    """The prefix when nothing is wrong with it."""
    found = Diagnostics()
    made = _prefix(text, NOWHERE, found)
    return None if found.has_errors else made


def prefix(text: str, span: Span, found: Diagnostics) -> Prefix | None:
    """A CIDR prefix, or an address alone for itself; None after a diagnostic."""
    return _good_prefix(text) or _prefix(text, span, found)


def print_prefix(item: Prefix) -> str:
    """A prefix as it is written."""
    return f"{_print_address(item.version, item.network)}/{item.length}"


def _prefix(text: str, span: Span, found: Diagnostics) -> Prefix | None:
    address, slash, length_text = text.partition("/")
    parsed = _address(address, span, found)
    if parsed is None:
        return None
    version, number = parsed
    bits = 32 if version == 4 else 128
    if slash and not (length_text.isascii() and length_text.isdigit() and len(length_text) <= 3):
        found.error(Code.PREFIX_LENGTH, f"`/{length_text}` is no prefix length", span)
        return None
    length = int(length_text) if slash else bits
    if length > bits:
        found.error(
            Code.PREFIX_LENGTH,
            f"prefix length {length} is out of range",
            span,
            notes=(f"an IPv{version} prefix has 0 to {bits} bits",),
        )
        return None
    masked = number >> (bits - length) << (bits - length)
    if masked != number:
        mended = print_prefix(Prefix(version, masked, length))
        found.error(
            Code.HOST_BIT,
            f"`{text}` has bits set behind its prefix length",
            span,
            fixes=(Fix(span, mended, f"the prefix of {length} bits that holds this address is `{mended}`"),),
        )
        return None
    return Prefix(version, number, length)


def _address(text: str, span: Span, found: Diagnostics) -> tuple[int, int] | None:
    """(version, address as an integer)."""
    try:
        if ":" not in text:
            return 4, int(IPv4Address(text))
        if "%" in text:
            raise AddressValueError("a zone index has no place in a pool")
        return 6, int(IPv6Address(text))
    except AddressValueError:
        kind, shape = ("IPv6", _SIX) if ":" in text else ("IPv4", _FOUR)
        found.error(Code.BAD_ADDRESS, f"`{text}` is no {kind} address", span, notes=(shape,))
        return None


def _print_address(version: int, number: int) -> str:
    return str(IPv4Address(number)) if version == 4 else str(IPv6Address(number))


def ordered(low: int, high: int, span: Span, found: Diagnostics, what: str) -> Range | None:
    """A range whose ends are in order; `what` names it in messages ("size", "port")."""
    if low > high:
        found.error(
            Code.RANGE_TURNED,
            f"the {what} range {low}..{high} is turned round",
            span,
            fixes=(Fix(span, f"{high}..{low}", f"write `{high}..{low}`"),),
        )
        return None
    return Range(low, high)


def port_range(low: int, high: int, span: Span, found: Diagnostics) -> Range | None:
    """A range of ports, 1 to 65535."""
    for port in (low, high):
        if not 1 <= port <= MAX_PORT:
            found.error(Code.PORT_RANGE, f"port {port} is out of range", span, notes=("ports are 1 to 65535",))
            return None
    return ordered(low, high, span, found, "port")


def size_range(low: int, high: int, span: Span, found: Diagnostics) -> Range | None:
    """A range of sizes in bytes, 1 to MAX_SIZE."""
    for size in (low, high):
        if not 1 <= size <= MAX_SIZE:
            notes = (f"sizes are 1 to {MAX_SIZE:,} bytes",)
            found.error(Code.NUMBER_RANGE, f"size {size} is out of range", span, notes=notes)
            return None
    return ordered(low, high, span, found, "size")


def rate(number: Decimal | int, unit: str, span: Span, found: Diagnostics) -> int | None:
    """A rate in bit/s."""
    factor = RATE_UNITS.get(unit.lower())
    if factor is None:
        said = f"`{unit}` is no unit of a rate" if unit else "a rate needs a unit"
        found.error(Code.WRONG_UNIT, said, span, notes=("rates are given in bit, kbit, Mbit or Gbit (a second)",))
        return None
    value = number * factor
    if not 1 <= value <= MAX_SIZE or value != int(value):
        notes = (f"a rate is a whole number of bit/s, 1 to {MAX_SIZE:,}",)
        found.error(Code.NUMBER_RANGE, f"a rate of {number} {unit} is out of range", span, notes=notes)
        return None
    return int(value)


def name_pattern(text: str, span: Span, found: Diagnostics) -> NamePattern | None:
    """A host name with `*` and `<low..high>`."""
    for low, high in _DIGITS.findall(text):
        if int(low) > int(high):
            ordered(int(low), int(high), span, found, "number")
            return None
    if len(text) > MAX_NAME or text.count("*") + len(_DIGITS.findall(text)) > MAX_WILDCARDS:
        notes = (f"a name has {MAX_NAME} characters and {MAX_WILDCARDS} wildcards at most",)
        found.error(Code.BAD_NAME, "the host name is too long", span, notes=notes)
        return None
    if not _NAME.fullmatch(_DIGITS.sub("1", text)):
        why = "it is empty" if not text else "a host name has no blanks, and `<…>` holds two numbers as in `<1..50>`"
        found.error(Code.BAD_NAME, f"`{text}` is no host name", span, notes=(why,))
        return None
    return NamePattern(text, span)


def merged(ranges: list[Range]) -> tuple[Range, ...]:
    """The same numbers as sorted ranges that neither overlap nor touch."""
    result: list[Range] = []
    for item in sorted(ranges):
        if result and item.low <= result[-1].high + 1:
            result[-1] = Range(result[-1].low, max(result[-1].high, item.high))
        else:
            result.append(item)
    return tuple(result)


def covers(outer: tuple[Range, ...], inner: Range) -> bool:
    """Whether every number of `inner` lies in one of the merged `outer` ranges."""
    return any(item.low <= inner.low and inner.high <= item.high for item in merged(list(outer)))


def distinct_prefixes(listed: list[tuple[Prefix, Span]], found: Diagnostics) -> tuple[Prefix, ...]:
    """The prefixes in the order said; saying one twice is an error."""
    kept: list[Prefix] = []
    seen: dict[Prefix, Span] = {}
    for item, span in listed:
        if item in seen:
            found.error(Code.SAID_TWICE, "the same prefix twice", span, labels=(Label(seen[item], "first here"),))
            continue
        seen[item] = span
        kept.append(item)
    return tuple(kept)
