"""Rules in the words of the model language, in full: what is printed here can be pasted into a `policy`."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import assert_never

from sharedfate.model.policy import (
    Action,
    Allow,
    Drop,
    Intercept,
    Match,
    MatchAbsent,
    MatchDirection,
    MatchIp,
    MatchName,
    MatchPort,
    MatchSize,
    MatchTransport,
    MatchValue,
    Redirect,
    Reset,
    Rule,
    Throttle,
    WitnessRule,
)
from sharedfate.model.wire import CLIENT, Prefix, Range


def prefix_words(prefix: Prefix) -> str:
    """CIDR notation; a single address without its length."""
    address = ipaddress.IPv4Address(prefix.network) if prefix.version == 4 else ipaddress.IPv6Address(prefix.network)
    return str(address) if prefix.length == prefix.bits else f"{address}/{prefix.length}"


def action_words(action: Action) -> str:
    """The verb of a rule."""
    match action:
        case Allow():
            return "allow"
        case Drop():
            return "drop"
        case Reset():
            return "reset"
        case Throttle(rate=rate):
            return f"throttle {_rate(rate)}"
        case Redirect(prefix=prefix):
            return "redirect to dns(sni)" if prefix is None else f"redirect to {prefix_words(prefix)}"
        case Intercept():
            return "intercept"
        case _:
            assert_never(action)


def match_words(match: Match) -> str:
    """One matcher."""
    match match:
        case MatchIp(prefixes=prefixes):
            return "ip " + ", ".join(map(prefix_words, prefixes))
        case MatchPort(ranges=ranges, transport=transport):
            return f"{'port' if transport is None else transport.value} {_ranges(ranges)}"
        case MatchTransport(transport=transport):
            return transport.value
        case MatchName(names=names, dialect=dialect, field=field, each_cname=each):
            subject = "name" if field is None else field.name
            return f"{subject} {_quoted(names)} matching {dialect.value}{' each cname' if each else ''}"
        case MatchValue(field=field, values=values):
            return f"{field.name} {', '.join(values) if field == CLIENT else _quoted(values)}"
        case MatchSize(ranges=ranges):
            return f"size {_ranges(ranges)}"
        case MatchDirection(direction=direction):
            return direction.value
        case MatchAbsent(field=field):
            return f"no {field.name}"
        case _:
            assert_never(match)


def rule_words(rule: Rule) -> str:
    """A declared rule as one line."""
    return words(rule.action, rule.matches, rule.at_setup)


def words(action: Action, matches: Iterable[Match], at_setup: bool = False) -> str:
    """An action and its matchers; without any, the rule is about everything there."""
    return " ".join([action_words(action), *(["at set-up"] if at_setup else []), *map(match_words, matches)])


def witness_words(rule: WitnessRule) -> str:
    """A rule of a witness; the default of a list is no rule that says everything."""
    if rule.phase is None and isinstance(rule.action, Drop):
        return "default deny"
    return words(rule.action, rule.matches)


def _ranges(ranges: Iterable[Range]) -> str:
    return ", ".join(map(str, ranges))


def _quoted(values: Iterable[str]) -> str:
    return ", ".join(f'"{value}"' for value in values)


def _rate(rate: int) -> str:
    """Bit/s in the largest unit that keeps it whole."""
    for unit, size in (("gbit", 10**9), ("mbit", 10**6), ("kbit", 10**3)):
        if rate and rate % size == 0:
            return f"{rate // size} {unit}"
    return f"{rate} bit"
