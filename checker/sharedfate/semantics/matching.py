"""When one matcher of a rule holds for an observation (spec C2, C3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import assert_never

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
from sharedfate.model.wire import DIRECTION, DNS, HOST, IP, PORT, SIZE, SNI, Field, Range
from sharedfate.semantics import names
from sharedfate.semantics.observe import Observation

NAMES = (SNI, DNS, HOST)
"""The fields that hold names."""
Shows = Callable[[Field], str | None]
"""The name that an observation shows a name rule in a field."""


def rule_match(match: Match, observation: Observation, shown: Shows) -> bool:
    """Whether one matcher of a declared rule holds. A field that an observation does not have is never matched."""
    if isinstance(match, MatchName):
        fields = NAMES if match.field is None else (match.field,)
        seen = [name for name in map(shown, fields) if name is not None]
        return any(names.rule_matches(text, match.dialect, name) for text in match.names for name in seen)
    if isinstance(match, MatchAbsent):
        return False
    return plain_match(match, dict(observation.fields), observation)


def witness_matches(match: Match, observation: Observation) -> bool:
    """Whether one matcher of a witness rule holds: like a declared one, but a name shows in records too, and so on."""
    fields = dict((*observation.fields, *observation.inner))
    if isinstance(match, MatchName):
        wanted = NAMES if match.field is None else (match.field,)
        seen = [value for value in (fields.get(field) for field in wanted) if isinstance(value, str)]
        return any(names.rule_matches(text, match.dialect, name) for text in match.names for name in seen)
    if isinstance(match, MatchAbsent):
        return match.field not in fields
    return plain_match(match, fields, observation)


def plain_match(match: Match, fields: Mapping[Field, object], observation: Observation) -> bool:
    """Whether a matcher other than of a name or of absence holds for the fields that show."""
    match match:
        case MatchIp(prefixes=prefixes):
            return any(_inside(fields.get(IP), one.version, one.first, one.last) for one in prefixes)
        case MatchPort(ranges=ranges, transport=transport):
            port = fields.get(PORT)
            if not isinstance(port, tuple) or (transport is not None and port[0] != transport.value):
                return False
            return any(one.low <= port[1] <= one.high for one in ranges)
        case MatchTransport(transport=transport):
            return observation.transport is transport
        case MatchValue(field=field, values=values):
            return field in fields and (as_text(fields[field]) in values or fields[field] == values)
        case MatchSize(ranges=ranges):
            size = fields.get(SIZE)
            return isinstance(size, Range) and any(one.low <= size.low and size.high <= one.high for one in ranges)
        case MatchDirection(direction=direction):
            return fields.get(DIRECTION) is direction
        case MatchName() | MatchAbsent():
            raise AssertionError("names and absence are matched by the callers")
        case _:
            assert_never(match)


def _inside(address: object, version: int, first: int, last: int) -> bool:
    return isinstance(address, tuple) and address[0] == version and first <= address[1] <= last


def as_text(value: object) -> str:
    """A field's value as MatchValue writes it: a list with commas, anything else as it prints."""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def fields_of(match: Match) -> tuple[Field, ...]:
    """The fields that somebody must see to act by a matcher."""
    match match:
        case MatchIp():
            return (IP,)
        case MatchPort() | MatchTransport():
            return (PORT,)
        case MatchName(field=field):
            return NAMES if field is None else (field,)
        case MatchSize():
            return (SIZE,)
        case MatchDirection():
            return (DIRECTION,)
        case MatchValue(field=field) | MatchAbsent(field=field):
            return (field,)
        case _:
            assert_never(match)
