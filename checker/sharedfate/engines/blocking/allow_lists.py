"""Adversaries that deny by default (spec F7): every allow rule that is worth writing, and at most k of them.

A rule is one place with at most one prefix, port interval, size interval, name or value a field; it stands for every
phase, as C2 says. Of the rules that let the same pass one is kept. A policy is a set of rules; the game is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sharedfate.engines.blocking.limited import MAX_RULES, Counted, merged
from sharedfate.engines.blocking.rules import Group, Writer
from sharedfate.engines.blocking.witness import at_least
from sharedfate.engines.budget import Exhausted
from sharedfate.model.adversary import Adversary
from sharedfate.model.policy import Allow, Match, MatchDirection, MatchIp, MatchName, MatchPort, WitnessRule
from sharedfate.model.wire import DIRECTION, FLOW, Dialect, Direction, Field
from sharedfate.semantics.matching import NAMES
from sharedfate.semantics.obligation.allowing import AllowingActs, Bits, Situations, situations_of
from sharedfate.semantics.obligation.images import Value
from sharedfate.semantics.obligation.logic import TRUE, Lit
from sharedfate.semantics.obligation.world import World
from sharedfate.semantics.policies import sight_of

_State = tuple[Bits, Bits, bool]
"""What the matchers said so far match, the packets that could still match, and whether they say a name."""


def allowing(world: World, adversary: Adversary) -> tuple[AllowingActs, Counted]:
    """The acts of its lists, and the rules that they are made of.

    Raises Exhausted when there are more than MAX_RULES different rules at one place.
    """
    assert adversary.limit is not None
    logic = world.logic
    writer = Writer(adversary, world.values, ())
    places = situations_of(world, adversary)
    found: list[tuple[WitnessRule, Bits]] = []
    for place, situations in places.items():
        dimensions = list(_dimensions(writer, adversary, place, situations))
        for matches, passed in _worthwhile(situations, dimensions):
            found.append((WitnessRule(place, Allow(), None, matches), passed))
    groups: dict[Lit, Group] = {}
    passing: dict[str, dict[Lit, Bits]] = {place: {} for place in places}
    for rule, passed in sorted(found, key=lambda one: (-len(one[0].matches), one[0].place, repr(one[0].matches))):
        one = logic.variable(rule)  # rules that say much come first: a witness does without them if it can
        groups[one] = Group(rule, ())
        passing[rule.place][one] = passed
    limit = adversary.limit.rules
    counted = Counted(groups, {}, TRUE if limit is None else -at_least(logic, list(groups), limit + 1))
    return AllowingActs(world, adversary, places, passing), counted


def _worthwhile(situations: Situations, dimensions: Iterable[list[Match]]) -> list[tuple[tuple[Match, ...], Bits]]:
    """One rule for every set of situations that some rule lets pass, those that say least first."""
    states: dict[_State, tuple[Match, ...]] = {(situations.everything, situations.packets, False): ()}
    for matches in dimensions:
        for (direct, pending, name), said in list(states.items()):
            for match in matches:
                inside = situations.matched(match)
                named = isinstance(match, MatchName)
                state = (direct & inside, pending if named else pending & inside, name or named)
                if state[0] or (state[2] and state[1]):
                    states.setdefault(state, (*said, match))
            if len(states) > MAX_RULES:
                raise Exhausted(f"{MAX_RULES} different rules of an allow-list")
    found: dict[Bits, tuple[Match, ...]] = {}
    for (direct, pending, name), said in sorted(states.items(), key=lambda item: (len(item[1]), repr(item[1]))):
        passed = situations.named(direct, pending) if name else direct
        if passed:
            found.setdefault(passed, said)
    return [(said, passed) for passed, said in found.items()]


def _dimensions(writer: Writer, adversary: Adversary, place: str, situations: Situations) -> Iterator[list[Match]]:
    """For each field that is seen at a place the matchers that tell its values apart."""
    sight = sight_of(adversary)
    inside = place in adversary.services
    by_field: dict[Field, list[Value]] = {field: [] for field in NAMES}
    for field, value in sorted(situations.values, key=repr):
        by_field.setdefault(field, []).append(value)
    for field, values in sorted(by_field.items(), key=lambda item: item[0].name):
        if field in sight or (inside and field != FLOW):
            said = _said(writer, field, values)
            plain = [match for match in said if len(_parts(match)) == 1]
            yield list(dict.fromkeys((*plain, *merged(field, said), *_unspoken(field, values))))
    if inside or DIRECTION in sight:
        yield [MatchDirection(direction) for direction in Direction]


def _said(writer: Writer, field: Field, values: Iterable[Value]) -> list[Match]:
    """Pools as a whole first, then what nature may hand out of them one by one."""
    said = [writer.match_of(field, value, whole=whole) for whole in (True, False) for value in values]
    return list(dict.fromkeys(match for match in said if match is not None))


def _parts(match: Match) -> tuple[object, ...]:
    match match:
        case MatchIp(prefixes=prefixes):
            return prefixes
        case MatchPort(ranges=ranges):
            return ranges
        case _:
            return (match,)


def _unspoken(field: Field, values: Iterable[Value]) -> Iterator[Match]:
    """A name that nobody shows: its rule lets packets pass while something is set up, and no more (C2)."""
    if field in NAMES:
        name = "nobody.invalid"
        while any(value is not None and str(value) == name for value in values):
            name = f"no.{name}"
        yield MatchName((name,), Dialect.EXACT, field)
