"""Lists of one address, prefix or domain a line, read as a policy with one rule an entry."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sharedfate.language.diagnostics import Code, Diagnostic, Diagnostics
from sharedfate.language.files import Budget, Place, read
from sharedfate.model.policy import Allow, Drop, Match, MatchIp, MatchName, Policy, Rule
from sharedfate.model.source import Span
from sharedfate.model.wire import Dialect, Prefix

_V4 = re.compile(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:/(\d{1,2}))?", re.ASCII)
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}\.?", re.ASCII | re.IGNORECASE)
_PATTERN = {Dialect.GLOB: re.compile(r"[a-z0-9_.*?-]{1,253}", re.ASCII | re.IGNORECASE)}
_PATTERN[Dialect.KEYWORD] = re.compile(r"[a-z0-9_.-]{1,253}", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RuleList:
    """A list that was read: the policy (None after an error), and how many entries of each kind it has."""

    policy: Policy | None
    diagnostics: tuple[Diagnostic, ...]
    dropped: int
    prefixes: int
    names: int


def read_rule_list(
    path: str, allow: bool, dialect: Dialect, links: Sequence[str] = (), services: Sequence[str] = ()
) -> RuleList:
    """Reads a list as the policy that is exactly its entries: an allow-list denies by default, a deny-list allows.

    `#` begins a comment; empty lines are skipped. Domains match in `dialect`. Nothing is added silently: not port 53
    for DNS, not the parent of a domain. Never raises; every bad line is a diagnostic with its place.
    """
    found = Diagnostics()
    data = read(Place(path, Path(path)), Span(path, 1, 1, 1, 1), Budget(), found)
    text = None if data is None else _decoded(data, path, found)
    rules: list[Rule] = []
    if text is not None:
        action = Allow() if allow else Drop()
        for number, line in enumerate(text.split("\n"), 1):
            entry = line.partition("#")[0].strip()
            if not entry:
                continue
            span = _span(path, number, line, entry)
            match = _match(entry, dialect, span, found)
            if match is not None:
                rules.append(Rule(action, (match,), span=span))
        if not rules and not found.has_errors:
            found.error(Code.EMPTY_LIST, "the list has no entry", Span(path, 1, 1, 1, 1))
    end = Span(path, text.count("\n") + 1, 1, text.count("\n") + 1, 1) if text else Span(path, 1, 1, 1, 1)
    policy = Policy(
        name=Path(path).stem,
        links=tuple(links),
        services=tuple(services),
        rules=tuple(rules),
        default_deny=allow,
        default_span=end,
        span=Span(path, 1, 1, end.line, 1),
    )
    addresses = sum(isinstance(rule.matches[0], MatchIp) for rule in rules)
    return RuleList(None if found.has_errors else policy, found.items, found.dropped, addresses, len(rules) - addresses)


def _decoded(data: bytes, path: str, found: Diagnostics) -> str | None:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        found.error(Code.INVALID_UTF8, f"byte {problem.start} is not UTF-8", Span(path, line, 1, line, 1))
        return None


def _span(path: str, number: int, line: str, entry: str) -> Span:
    column = line.index(entry) + 1
    return Span(path, number, column, number, column + len(entry))


def _match(entry: str, dialect: Dialect, span: Span, found: Diagnostics) -> Match | None:
    if v4 := _V4.fullmatch(entry):
        return _v4(v4, entry, span, found)
    if ":" in entry or "/" in entry:
        return _other_address(entry, span, found)
    pattern = _PATTERN.get(dialect, _NAME)
    if len(entry) <= 254 and pattern.fullmatch(entry):
        return MatchName((entry.rstrip(".").lower(),), dialect)
    found.error(Code.BAD_NAME, f"`{_short(entry)}` is no address, prefix or domain", span, notes=_hints(entry, dialect))
    return None


def _v4(match: re.Match[str], entry: str, span: Span, found: Diagnostics) -> MatchIp | None:
    a, b, c, d, bits = match.groups()
    if max(int(a), int(b), int(c), int(d)) > 255:
        found.error(Code.BAD_ADDRESS, f"`{entry}` is no IPv4 address", span, notes=("each part is 0 to 255",))
        return None
    length = 32 if bits is None else int(bits)
    if length > 32:
        found.error(Code.PREFIX_LENGTH, f"/{length} is too long for IPv4", span, notes=("0 to 32",))
        return None
    address = int(a) << 24 | int(b) << 16 | int(c) << 8 | int(d)
    return _prefix(4, address, length, entry, span, found)


def _other_address(entry: str, span: Span, found: Diagnostics) -> MatchIp | None:
    """IPv6, or what wanted to be an address."""
    text, slash, bits = entry.partition("/")
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        notes = ("one address, prefix or domain a line: no scheme, port or path",)
        found.error(Code.BAD_ADDRESS, f"`{_short(entry)}` is no address or prefix", span, notes=notes)
        return None
    if address.scope_id is not None:
        found.error(Code.BAD_ADDRESS, f"`{_short(entry)}` has a scope, which no far address has", span)
        return None
    if slash and not (bits.isascii() and bits.isdigit() and len(bits) <= 3 and int(bits) <= 128):
        found.error(Code.PREFIX_LENGTH, f"`/{_short(bits)}` is no length of an IPv6 prefix", span, notes=("0 to 128",))
        return None
    return _prefix(6, int(address), int(bits) if slash else 128, entry, span, found)


def _prefix(version: int, address: int, length: int, entry: str, span: Span, found: Diagnostics) -> MatchIp | None:
    host = (32 if version == 4 else 128) - length
    network = address >> host << host
    if network != address:
        shown = ipaddress.IPv4Address(network) if version == 4 else ipaddress.IPv6Address(network)
        notes = (f"the network is {shown}/{length}",)
        found.error(Code.HOST_BIT, f"`{entry}` has a bit set beyond its prefix length", span, notes=notes)
        return None
    return MatchIp((Prefix(version, network, length),))


def _hints(entry: str, dialect: Dialect) -> tuple[str, ...]:
    if " " in entry or "\t" in entry:
        return ("one address, prefix or domain a line",)
    if not entry.isascii():
        return ("write names as the wire shows them: xn--…",)
    if any(char in entry for char in "*?") and dialect is not Dialect.GLOB:
        return ("`*` and `?` mean something with --dialect glob only",)
    return ()


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"
