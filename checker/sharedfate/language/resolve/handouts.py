"""What a pool hands out, by the names that facts give it (spec/semantics.md A4 and H), and the values it can have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sharedfate.language.diagnostics import Code, Diagnostics
from sharedfate.language.resolve import values
from sharedfate.model.network import Alternative, ByBag, ByDns, Connection, Pool
from sharedfate.model.source import Span
from sharedfate.model.wire import NamePattern, Range

Handed = Pool | tuple[Range, ...] | NamePattern | None
"""Addresses, ports, a name; None: an address of its own, which has one value only."""

_NUMBER = re.compile(r"(\d{1,5})(?:\.\.(\d{1,5}))?", re.ASCII)
_HOLE = re.compile(r"\*|<(\d{1,9})\.\.(\d{1,9})>")


def hand_outs(connection: Connection) -> dict[str, Handed]:
    """The second arguments that `hands_out(CONNECTION, …)` can have: "v4", "tcp port 5223", a name pattern."""
    pools = [item.pool for item in connection.alternatives if item.pool and item.pool.name is None]
    made: dict[str, Handed] = {}
    for version in (4, 6):
        distinct = {pool.prefixes: pool for pool in pools if pool.prefixes[0].version == version}
        for number, pool in enumerate(distinct.values()):
            made[f"v{version}" if number == 0 else f"v{version} {number + 1}"] = pool
    for item in connection.alternatives:
        if item.pool is None:
            made["own address"] = None
        if item.ports:
            made[f"{item.transport.value} port {', '.join(str(ports) for ports in item.ports)}"] = item.ports
        made |= {name.text: name for name in _patterns(item)}
    return made


def named_pool(connections: Iterable[Connection], name: str) -> Pool | None:
    """A named pool that some connection draws on."""
    used = (way.pool for item in connections for way in item.alternatives if way.pool)
    return next((pool for pool in used if pool.name == name), None)


def value_fits(text: str, handed: Handed, span: Span, found: Diagnostics) -> bool:
    """Whether a pool can hand out this value; said when it cannot."""
    match handed:
        case None:
            found.error(Code.UNKNOWN_FACT, "an address of its own has no value to choose", span)
            return False
        case Pool(prefixes=prefixes):
            part = values.prefix(text, span, found)
            if part is None:
                return False
            fits = any(
                item.version == part.version and item.first <= part.last and part.first <= item.last
                for item in prefixes
            )  # fmt: skip
            shown = ", ".join(values.print_prefix(item) for item in prefixes[:6])
        case tuple():
            matched = _NUMBER.fullmatch(text)
            low, high = (int(matched[1]), int(matched[2] or matched[1])) if matched else (0, -1)
            fits = low <= high and any(item.low <= high and low <= item.high for item in handed)
            shown = ", ".join(str(item) for item in handed)
        case NamePattern(text=pattern):
            fits = len(text) <= values.MAX_NAME and _is_instance(text, pattern)
            shown = pattern
    if not fits:
        found.error(Code.UNKNOWN_FACT, f"`{text}` is never handed out there", span, notes=(f"it is one of {shown}",))
    return fits


def _is_instance(name: str, pattern: str) -> bool:
    """Whether a name without wildcards is one that the pattern stands for. Time is pieces times length squared."""
    text = name.lower()
    ends = {0}
    at = 0
    for hole in _HOLE.finditer(pattern):
        ends = _after(text, ends, pattern[at : hole.start()].lower())
        at = hole.end()
        bounds = None if hole[1] is None else (int(hole[1]), int(hole[2]))
        ends = {stop for end in ends for stop in range(end + 1, len(text) + 1) if _fills(text[end:stop], bounds)}
    return len(text) in _after(text, ends, pattern[at:].lower()) and not any(char in text for char in "*<>?")


def _after(text: str, ends: set[int], literal: str) -> set[int]:
    return {end + len(literal) for end in ends if text.startswith(literal, end)}


def _fills(part: str, bounds: tuple[int, int] | None) -> bool:
    """Whether text fits a hole: a number within bounds, or with None anything."""
    if bounds is None:
        return True
    return len(part) <= 9 and part.isascii() and part.isdigit() and bounds[0] <= int(part) <= bounds[1]


def _patterns(item: Alternative) -> Iterator[NamePattern]:
    if item.tls is not None:
        yield from (name for name in (item.tls.sni, item.tls.outer) if name is not None)
    if item.host is not None:
        yield item.host
    for step in item.found:
        if isinstance(step, ByDns):
            yield from (*step.names, *step.cname)
        elif isinstance(step, ByBag):
            yield step.host
