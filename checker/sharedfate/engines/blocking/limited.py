"""Adversaries whose rules are counted (spec F7): every rule that is worth writing, and at most k of them.

A rule is one place, phase and act with at most one prefix, port interval, size interval, name or value a field (that a
field is absent cannot be said). Of the rules that act on the same views one is kept. Policies become sets of rules; the
game stays the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from sharedfate.engines.blocking.rules import PHASE_ORDER, Group, Writer
from sharedfate.engines.blocking.witness import at_least
from sharedfate.engines.budget import Exhausted
from sharedfate.model.adversary import Adversary
from sharedfate.model.model import Model
from sharedfate.model.policy import (
    Action,
    Drop,
    Match,
    MatchDirection,
    MatchIp,
    MatchPort,
    MatchSize,
    MatchValue,
    Reset,
    WitnessRule,
)
from sharedfate.model.wire import IP, PORT, SIZE, Field, Phase, Prefix, Range, Transport
from sharedfate.semantics.allow_lists import cannot_deny
from sharedfate.semantics.matching import NAMES
from sharedfate.semantics.names import is_literal
from sharedfate.semantics.obligation.logic import TRUE, Lit, Logic
from sharedfate.semantics.obligation.nature import Members, PoolValue
from sharedfate.semantics.obligation.searching import Choice, View
from sharedfate.semantics.obligation.values import Cuts, Values
from sharedfate.semantics.observe import HOP_FIELDS
from sharedfate.semantics.policies import sight_of
from sharedfate.semantics.stage import PoolKind, Stage

MAX_RULES = 4_000
"""So many different rules are weighed at most."""
CROWD = 4
"""Of fewer addresses any two can be told from a third by a prefix in just one way."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The rules, a variable for each, what each view's variables become, and the limit."""

    groups: dict[Lit, Group]
    known: dict[Lit, Lit]
    limit: Lit


def counted(logic: Logic, writer: Writer, rules: int) -> Counted:
    """Raises Exhausted when there are more than MAX_RULES different rules."""
    variables: dict[Lit, Group] = {}
    acting: dict[Lit, list[Lit]] = {}
    for group in sorted(_worthwhile(writer), key=_dispensable):
        one = logic.variable(group.rule)
        variables[one] = group
        for view in group.variables:
            acting.setdefault(view, []).append(one)
    known: dict[Lit, Lit] = {}
    for choice in writer.choices:
        drop = logic.any(acting.get(choice.drop, []))
        reset = logic.both(-drop, logic.any(acting.get(choice.reset, [])))
        slow = logic.both(-drop, -reset, logic.any(acting.get(choice.slow, [])))
        for variable, formula in ((choice.drop, drop), (choice.reset, reset), (choice.slow, slow)):
            if variable > TRUE:
                known[variable] = formula
    return Counted(variables, known, -at_least(logic, list(variables), rules + 1))


def _dispensable(group: Group) -> tuple[bool, int, int]:
    """A witness does without these first: resets and throttles, rules on records, rules that say much."""
    rule = group.rule
    phase = Phase.PACKET if rule.phase is None else rule.phase
    return isinstance(rule.action, Drop), PHASE_ORDER[phase], -len(rule.matches)


def _worthwhile(writer: Writer) -> Iterator[Group]:
    """One rule for every set of views that some rule acts on."""
    places = dict.fromkeys((choice.view.place, choice.view.phase) for choice in writer.choices)
    total = 0
    for place, phase in places:
        here = [choice for choice in writer.choices if (choice.view.place, choice.view.phase) == (place, phase)]
        for action, literals in _acts(writer, here):
            sets: dict[frozenset[View], tuple[Match, ...]] = {frozenset(choice.view for choice in here): ()}
            for matches in _dimensions(writer, here):
                for members, said in list(sets.items()):
                    for match in matches:
                        rule = WitnessRule(place, action, phase, (match,))
                        inside = frozenset(view for view in members if writer.acts_on(rule, view))
                        if inside:
                            sets.setdefault(inside, (*said, match))
                    if total + len(sets) > MAX_RULES:
                        raise Exhausted(f"{MAX_RULES} different rules of a limited adversary")
            total += len(sets)
            for members, said in sets.items():
                rule = WitnessRule(place, action, phase, said)
                yield Group(rule, tuple(literals[view] for view in members if view in literals))


def _acts(writer: Writer, here: Sequence[Choice]) -> Iterator[tuple[Action, dict[View, Lit]]]:
    acts: tuple[tuple[Action, dict[View, Lit]], ...] = (
        (Drop(), {choice.view: choice.drop for choice in here}),
        (Reset(), {choice.view: choice.reset for choice in here}),
        (writer.throttle, {choice.view: choice.slow for choice in here}),
    )
    for action, literals in acts:
        possible = {view: one for view, one in literals.items() if one > TRUE}
        if possible:
            yield action, possible


def _dimensions(writer: Writer, here: Sequence[Choice]) -> Iterator[list[Match]]:
    """For each field the matchers that tell its values apart: prefixes, intervals, or values."""
    views = [choice.view for choice in here]
    fields = dict.fromkeys(field for view in views for field, _ in view.fields)
    for field in fields:
        said = list(dict.fromkeys(match for view in views for match in writer.said_of(view, field)))
        yield merged(field, said)
    for index, field in enumerate(HOP_FIELDS):
        ends = dict.fromkeys(view.ends[index] for view in views if view.ends is not None)
        yield [MatchValue(field, (end,)) for end in ends]
    directions = dict.fromkeys(view.direction for view in views if view.direction is not None)
    yield [MatchDirection(direction) for direction in directions]


def merged(field: Field, said: Sequence[Match]) -> list[Match]:
    """Single matchers and those that cover several values at once."""
    if field == IP:
        prefixes = sorted({prefix for match in said if isinstance(match, MatchIp) for prefix in match.prefixes})
        wider = {_common(one, other) for one in prefixes for other in prefixes if one.version == other.version}
        own = [match for match in said if not isinstance(match, MatchIp)]
        return [*(MatchIp((prefix,)) for prefix in sorted(wider)), *own]
    if field == PORT:
        of_each = [match for transport in Transport for match in _port_intervals(said, transport)]
        ports = sorted({part for match in said if isinstance(match, MatchPort) for part in match.ranges})
        return [
            *(MatchPort((Range(one.low, other.high),)) for one in ports for other in ports if one <= other),
            *of_each,
        ]
    if field == SIZE:
        ranges = sorted({part for match in said if isinstance(match, MatchSize) for part in match.ranges})
        return [MatchSize((Range(one.low, other.high),)) for one in ranges for other in ranges if one <= other]
    return list(said)


def _port_intervals(said: Sequence[Match], transport: Transport) -> list[Match]:
    ports = [match for match in said if isinstance(match, MatchPort) and match.transport is transport]
    ranges = sorted({part for match in ports for part in match.ranges})
    return [MatchPort((Range(one.low, other.high),), transport) for one in ranges for other in ranges if one <= other]


def _common(one: Prefix, other: Prefix) -> Prefix:
    """The longest prefix that holds both."""
    differ = (one.first ^ other.first) | (one.last ^ other.last) | (one.first ^ one.last) | (other.first ^ other.last)
    length = one.bits - differ.bit_length()
    shift = one.bits - length
    return Prefix(one.version, (one.first >> shift) << shift, length)


def aligned(model: Model, cuts: Cuts) -> Cuts:
    """Cuts after which every class of addresses is one prefix, for a rule that says one acts on all of it or none."""
    pools = [item.pool for connection in model.connections for item in connection.alternatives]
    known = {prefix for pool in pools if pool is not None for prefix in pool.prefixes} | set(cuts.prefixes)
    found: dict[Prefix, None] = dict.fromkeys(cuts.prefixes)
    for prefix in sorted(known):
        above = [_wider(prefix, length) for length in range(prefix.length)]
        outermost = next((place for place, one in enumerate(above) if one in known), len(above))
        found.update(dict.fromkeys(above[outermost:]))
    return replace(cuts, prefixes=tuple(found), whole=False)


def _wider(prefix: Prefix, length: int) -> Prefix:
    shift = prefix.bits - length
    return Prefix(prefix.version, prefix.network >> shift << shift, length)


def beyond_rules(adversary: Adversary, stage: Stage, values: Values) -> str:
    """Why an adversary's rules cannot be searched, or nothing: what stands for a class must be like all of it."""
    if adversary.denies_by_default and cannot_deny(adversary):
        return f"{adversary.name} denies by default, which is dropping, and may not drop"
    items = [item for instance in stage.instances for item in instance.alternatives]
    uses = dict.fromkeys(use for item in items for use in (item.address, *(use for _, use in item.names)))
    if any(use.kind is PoolKind.ADDRESS and _crowded(values[use.fact]) for use in uses):
        return "one rule could cover some of the addresses that many draw from one prefix, and not others"
    patterns = {use.pattern.lower() for use in uses if use.kind is PoolKind.NAME and not is_literal(use.pattern)}
    if patterns and (adversary.services or sight_of(adversary) & set(NAMES)):
        drawn = [value for use in uses if use.pattern.lower() in patterns for value in values[use.fact]]
        if not all(value.members or value.whole for value in drawn) or _alike(patterns):
            return "a name pattern of the model has names that other patterns have, and others that they have not"
    return ""


def _crowded(values: Sequence[PoolValue]) -> bool:
    """Four or more addresses stand for a prefix with more: how they lie to each other matters to rules."""
    drawn = Counter(value.whole for value in values if value.whole)
    return any(count >= CROWD and count < _size(whole) for whole, count in drawn.items())


def _size(members: Members) -> int:
    return sum(one.last - one.first + 1 for one in members if isinstance(one, Prefix))


def _alike(patterns: Iterable[str]) -> bool:
    """A glob of one of these might name some names of another."""
    tails = [re.split(r"[*>]", text)[-1] for text in sorted(patterns)]
    return any(one.endswith(other) or other.endswith(one) for one, other in combinations(tails, 2))
