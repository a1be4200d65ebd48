"""What a connection shows on the wire, field by field, and whether a rule's match concerns it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TypeVar, assert_never

from sharedfate.evidence.rule_words import prefix_words
from sharedfate.model.guard import Guard
from sharedfate.model.model import Model
from sharedfate.model.network import Alternative, ByBag, ByDns, Connection
from sharedfate.model.policy import (
    Match,
    MatchAbsent,
    MatchDirection,
    MatchIp,
    MatchName,
    MatchPort,
    MatchSize,
    MatchTransport,
    MatchValue,
)
from sharedfate.model.route import Router
from sharedfate.model.wire import ALPN, DIRECTION, DNS, HOST, IP, PORT, SIZE, SNI, Dialect, Prefix, Transport
from sharedfate.report.pictures.guards import either
from sharedfate.report.pictures.words import match_text, some, when


@dataclass(frozen=True, slots=True)
class WireField:
    """A field's name in the language, what pictures call it, and its value."""

    field: str
    label: str
    value: str


_Step = TypeVar("_Step", ByDns, ByBag)
_LABELS = {"ip": "address", "sni": "SNI", "alpn": "ALPN", "dns": "DNS"}


def label_of(field: str) -> str:
    """What pictures call a field."""
    return _LABELS.get(field, field)


def image(connection: Connection) -> list[WireField]:
    """The fields that a connection shows, in a fixed order: address, port, names, ALPN, fields of the model, DNS."""
    alternatives = connection.alternatives
    found = [
        WireField(IP.name, "address", _addresses(alternatives)),
        WireField(PORT.name, "port" if any(item.ports for item in alternatives) else "over", ports_text(alternatives)),
        WireField("via", "via", _via(alternatives)),
        WireField(SNI.name, "SNI", _each(item.tls.sni.text for item in alternatives if item.tls and item.tls.sni)),
        WireField(
            SNI.name, "outer", _each(item.tls.outer.text for item in alternatives if item.tls and item.tls.outer)
        ),
        WireField(ALPN.name, "ALPN", _each(", ".join(item.tls.alpn) for item in alternatives if item.tls)),
        WireField(HOST.name, "host", _each(item.host.text for item in alternatives if item.host)),
        *_own(alternatives),
        WireField(DNS.name, "DNS", _each(_questions(alternatives))),
        WireField(HOST.name, "bag", _each(f"http {step.host.text}" for step in _steps(alternatives, ByBag))),
    ]
    return [item for item in found if item.value]


def _each(texts: Iterable[str]) -> str:
    """Alternatives joined by `or`, each once."""
    return " or ".join(dict.fromkeys(text for text in texts if text))


def _steps(alternatives: tuple[Alternative, ...], kind: type[_Step]) -> list[_Step]:
    return list(dict.fromkeys(step for item in alternatives for step in item.found if isinstance(step, kind)))


def _questions(alternatives: tuple[Alternative, ...]) -> Iterable[str]:
    for step in _steps(alternatives, ByDns):
        names = some([name.text for name in step.names], 3)
        yield names + "".join(f" > {name.text}" for name in step.cname)


def _via(alternatives: tuple[Alternative, ...]) -> str:
    guards: dict[str, list[Guard]] = {}
    for item in alternatives:
        if item.via:
            guards.setdefault(item.via.connection, []).append(item.guard)
    return _each(name + when(either(found)) for name, found in guards.items())


def _own(alternatives: tuple[Alternative, ...]) -> list[WireField]:
    names = dict.fromkeys(field for item in alternatives for field, _ in item.own)
    values = {
        field: _each(value for item in alternatives for own, value in item.own if own == field) for field in names
    }
    return [WireField(field.name, field.name, value) for field, value in values.items()]


def prefixes(alternatives: tuple[Alternative, ...]) -> tuple[Prefix, ...]:
    """The prefixes of all pools, each once, in order."""
    return tuple(dict.fromkeys(prefix for item in alternatives if item.pool for prefix in item.pool.prefixes))


def _addresses(alternatives: tuple[Alternative, ...]) -> str:
    """The first two prefixes of version 4, or of 6 when there is no other, then counts."""
    every = prefixes(alternatives)
    first = [item for item in every if item.version == every[0].version][:2]
    texts = [prefix_words(item) for item in first]
    for version in (4, 6):
        more = sum(1 for item in every if item.version == version and item not in first)
        if more:
            texts.append(f"+{more}\u00a0v{version}")
    return ", ".join(texts)


def ports_text(alternatives: tuple[Alternative, ...]) -> str:
    """`tcp 5223 or tcp 443 when falls_back`."""
    guards: dict[str, list[Guard]] = {}
    for item in alternatives:
        ranges = some([str(port) for port in item.ports], 8)
        guards.setdefault(f"{item.transport.value} {ranges}".rstrip(), []).append(item.guard)
    texts = [text + when(either(found)) for text, found in guards.items()]
    plain = [text for text in texts if " when " not in text]
    guarded = [text for text in texts if " when " in text]
    kinds = {text.split(" ")[0] for text in plain}
    if len(kinds) == 1 and len(plain) > 1:
        plain = plain[:1] + [text.split(" ", 1)[1] for text in plain[1:]]
    return " or ".join(plain + guarded)


def short_name(connection: Connection) -> str:
    """The name that set-up shows, or the one that finds it; empty without any."""
    shown = {item.label: item.value for item in image(connection)}
    return next((shown[label] for label in ("outer", "SNI", "host", "DNS") if label in shown), "")


def remark(connection: Connection) -> str:
    """Whether what rides inside shares fate, in a few words."""
    pinned = "pinned " if connection.pinned else ""
    if connection.stream:
        return f"many {pinned}streams" if connection.many else f"one {pinned}stream"
    transports = {item.transport for item in connection.alternatives}
    if transports == {Transport.UDP}:
        return "datagrams"
    if transports == {Transport.BEARER}:
        return "bearer"
    return "separate, pinned" if connection.pinned else "separate units"


def fields_of(match: Match) -> tuple[str, ...]:
    """The wire fields that a match looks at; a rule on `name` looks at whichever name shows."""
    match match:
        case MatchIp():
            return (IP.name,)
        case MatchPort() | MatchTransport():
            return (PORT.name,)
        case MatchName(field=None):
            return (SNI.name, HOST.name, DNS.name)
        case MatchName(field=field) if field is not None:
            return (field.name,)
        case MatchName():
            return ()
        case MatchValue(field=field) | MatchAbsent(field=field):
            return (field.name,)
        case MatchSize():
            return (SIZE.name,)
        case MatchDirection():
            return (DIRECTION.name,)
        case _:
            assert_never(match)


def extra_fields(matches: Iterable[Match], shown: Iterable[WireField]) -> list[WireField]:
    """Lines for matched fields that the image has no line for: sizes, direction, topic, an address of its own."""
    have = {item.field for item in shown}
    values: dict[str, dict[str, None]] = {}
    for match in matches:
        name = next(iter(fields_of(match)), "")
        if name and not have.intersection(fields_of(match)):
            text = match_text(match).removeprefix(name).strip().replace('"', "")
            values.setdefault(name, {})["none" if isinstance(match, MatchAbsent) else text] = None
    return [WireField(name, label_of(name), ", ".join(found)) for name, found in values.items()]


def may_match(matches: Iterable[Match], connection: Connection) -> bool:
    """Whether a rule may concern a connection. Coarse: only used to tell apart the several connections of one flow."""
    return all(_may(match, connection) for match in matches)


def _may(match: Match, connection: Connection) -> bool:
    alternatives = connection.alternatives
    match match:
        case MatchIp(prefixes=wanted):
            pool = prefixes(alternatives)
            return not pool or any(
                left.version == right.version and left.first <= right.last and right.first <= left.last
                for left in pool
                for right in wanted
            )
        case MatchPort(ranges=ranges, transport=transport):
            return any(
                transport in (None, item.transport) and (port.low <= want.high and want.low <= port.high)
                for item in alternatives
                for port in item.ports
                for want in ranges
            )
        case MatchTransport(transport=transport):
            return any(item.transport is transport for item in alternatives)
        case MatchName(names=names, dialect=dialect):
            shown = [
                name for item in image(connection) if item.field in fields_of(match) for name in _names_in(item.value)
            ]
            return any(_named(name, dialect, pattern) for name in names for pattern in shown)
        case MatchAbsent(field=field):
            ways = (replace(connection, alternatives=(item,)) for item in alternatives)
            return any(field.name not in {line.field for line in image(way)} for way in ways)
        case MatchValue(field=field) if field == IP:  # an address of its own: not in any pool
            return any(item.pool is None for item in alternatives)
        case _:
            return True


def _names_in(value: str) -> list[str]:
    return value.replace(",", " ").replace(">", " ").split()


def _named(rule: str, dialect: Dialect, pattern: str) -> bool:
    sample = pattern.replace("*", "x")
    match dialect:
        case Dialect.EXACT:
            return fnmatchcase(rule, pattern)
        case Dialect.SUFFIX:
            return sample == rule or sample.endswith("." + rule) or fnmatchcase(rule, pattern)
        case Dialect.GLOB:
            return fnmatchcase(sample, rule)
        case Dialect.KEYWORD:
            return rule in sample
        case _:
            assert_never(dialect)


class Crossings:
    """Which links each connection of a model crosses, between any of its clients and its server."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._router = Router(model.links, (party.zone for party in model.parties))

    def of(self, connection: Connection) -> frozenset[str]:
        """Link names; empty when ends share a zone or nothing joins them."""
        zones = self._model.zone_of
        links: set[str] = set()
        for client in connection.clients:
            if client in zones and connection.server in zones:
                for route in self._router.routes(zones[client], zones[connection.server], connection.over)[:1]:
                    links.update(route)
        return frozenset(links)
