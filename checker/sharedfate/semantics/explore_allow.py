"""All policies of an adversary that denies by default, for the referee (spec F7, C2).

What a list lets pass is what some rule of it, alone on a list, lets pass: names come first, and all rules allow. So
each rule is judged alone, by the same `decide` as declared policies, and lists are put together from that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, combinations_with_replacement
from math import comb, prod

from sharedfate.model.adversary import Adversary
from sharedfate.model.model import Model
from sharedfate.model.policy import (
    Allow,
    Match,
    MatchDirection,
    MatchIp,
    MatchName,
    MatchPort,
    MatchSize,
    MatchValue,
    WitnessRule,
)
from sharedfate.model.wire import DNS, HOST, SNI, Dialect, Direction, Field, Prefix, Range, Transport
from sharedfate.semantics.allow_lists import AllowList, places_of
from sharedfate.semantics.choices import TooManyError
from sharedfate.semantics.hits import Hits, Where
from sharedfate.semantics.matching import as_text
from sharedfate.semantics.names import is_literal
from sharedfate.semantics.observe import Seen, Shown, View
from sharedfate.semantics.staging import patterns_of

MAX_JUDGED = 200_000
"""So many times a rule is held against an observation at most."""


class AllowPolicies:
    """Every list that it may have at once (see hits.py). Policy 0 has no rules: it drops everything."""

    def __init__(
        self, model: Model, adversary: Adversary, views: Sequence[View], seen: Sequence[Seen], bound: int
    ) -> None:
        """`views`, `seen`: what shows at its places. Raises TooManyError for more than `bound` lists."""
        self.places = places_of(adversary)
        self._seen = {one: at for at, one in enumerate(seen)}
        reached: dict[int, WitnessRule] = {}
        for rule in _rules(model, adversary, views, len(seen)):
            alone = AllowList((rule,), self.places, adversary.holds_root)
            passed = 0
            for at, one in enumerate(seen):
                if one.observation.place == rule.place and not alone.act(one.observation, one.setup):
                    passed |= 1 << at
            if passed:
                reached.setdefault(passed, rule)
        self.rules = tuple(reached.values())
        self._passed = tuple(reached)
        most = adversary.limit.rules if adversary.limit is not None else None
        self.most = len(self.rules) if most is None else min(most, len(self.rules))
        self.count = sum(comb(len(self.rules), size) for size in range(self.most + 1))
        if self.count > bound:
            raise TooManyError(f"{self.count} lists of rules")
        self.everywhere: Where = (1 << self.count) - 1
        self._hits: dict[Seen, Hits] = {}

    def hits(self, seen: Seen) -> Hits:
        """What every policy does to an observation."""
        if seen.observation.place not in self.places:
            return Hits()
        if seen not in self._hits:
            self._hits[seen] = Hits(dropped=self._dropped(self._seen[seen]))
        return self._hits[seen]

    def _dropped(self, at: int) -> Where:
        passes = [passed >> at & 1 for passed in self._passed]
        bits = bytearray()
        for size in range(self.most + 1):
            for chosen in combinations(passes, size):
                bits.append(ord("0") if any(chosen) else ord("1"))
        return int(bits[::-1].decode(), 2)


def _rules(model: Model, adversary: Adversary, views: Sequence[View], observations: int) -> Iterator[WitnessRule]:
    """At each place, every combination of at most one matcher a field."""
    for place in dict.fromkeys(view[0] for view in views):
        shown: dict[str, dict[Shown, None]] = {}
        for view in views:
            if view[0] == place:
                for name, value in view[2]:
                    shown.setdefault(name, {})[value] = None
        shown.pop("cname", None)
        sight = {*adversary.sees, *(item.field for item in adversary.infers)}
        for field in (SNI, DNS, HOST):
            if field in sight or place in adversary.services:
                shown.setdefault(field.name, {})
        choices = [list(dict.fromkeys(_matches(model, Field(name), list(values)))) for name, values in shown.items()]
        if prod(len(one) + 1 for one in choices) * observations > MAX_JUDGED:
            raise TooManyError("too many rules of an allow-list")
        for matches in _combined(choices):
            yield WitnessRule(place, Allow(), None, matches)


def _combined(choices: Sequence[Sequence[Match]]) -> Iterator[tuple[Match, ...]]:
    if not choices:
        yield ()
        return
    for rest in _combined(choices[1:]):
        yield rest
        for match in choices[0]:
            yield (match, *rest)


def _globs(model: Model) -> Iterator[str]:
    """Of each name pattern of the model."""
    for item in (item for connection in model.connections for item in connection.alternatives):
        yield from (re.sub(r"<[^>]*>", "*", name.text) for name in patterns_of(item) if not is_literal(name.text))


def _matches(model: Model, field: Field, values: Sequence[Shown]) -> Iterator[Match]:
    """The matchers that tell the values of a field apart."""
    if field in (SNI, DNS, HOST):
        yield MatchName(("unheard.of",), field=field)
        yield from (MatchName((glob,), Dialect.GLOB, field) for glob in _globs(model))
    for value in values:
        if field in (SNI, DNS, HOST):
            yield MatchName((str(value),), field=field)
        elif isinstance(value, Direction):
            yield MatchDirection(value)
        elif not isinstance(value, Range) and not (isinstance(value, tuple) and _is_number(value)):
            yield MatchValue(field, (as_text(value),))
    for one, other in combinations_with_replacement(values, 2):
        yield from _spanning(one, other)


def _spanning(one: Shown, other: Shown) -> Iterator[Match]:
    """The narrowest interval or prefix that has both."""
    if isinstance(one, Range) and isinstance(other, Range):
        yield MatchSize((Range(min(one.low, other.low), max(one.high, other.high)),))
    if not (isinstance(one, tuple) and isinstance(other, tuple) and _is_number(one) and _is_number(other)):
        return
    low, high = sorted((int(one[1]), int(other[1])))
    if isinstance(one[0], str):
        yield MatchPort((Range(low, high),))
        yield MatchPort((Range(low, high),), Transport(one[0]))
        yield MatchPort((Range(low, high),), Transport(other[0]))
    elif one[0] == other[0]:
        bits = 32 if one[0] == 4 else 128
        free = (low ^ high).bit_length()
        yield MatchIp((Prefix(int(one[0]), low >> free << free, bits - free),))


def _is_number(value: tuple[object, ...]) -> bool:
    return len(value) == 2 and isinstance(value[1], int)
