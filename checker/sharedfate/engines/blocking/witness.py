"""The witness that is shown: fewest functions harmed, then fewest rules, then rules that say as much as they can.

The order is DESIGN's: functions, rules, address space, canonical text. Every step keeps the attack working for every
choice of nature under its condition; what comes out does not depend on which attack was found first. Rules are sought
coarse first: a rule that leaves the address open is tried before one for each address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from sharedfate.engines.blocking.game import Excluded, Game, Outcome, Policy, Sides
from sharedfate.engines.blocking.rules import Group, Writer
from sharedfate.model.policy import Match, MatchAbsent, MatchDirection, MatchIp, MatchSize, WitnessRule
from sharedfate.model.wire import ALPN, CLIENT, DIRECTION, IP, PORT, Field, Range
from sharedfate.semantics.obligation.logic import FALSE, TRUE, Lit, Logic

GRAINS: tuple[frozenset[Field], ...] = (
    frozenset({IP, PORT, CLIENT, ALPN, DIRECTION}),
    frozenset({IP, PORT, CLIENT, ALPN}),
    frozenset({IP, CLIENT, ALPN, DIRECTION}),
    frozenset({IP, CLIENT, ALPN}),
    frozenset({PORT, CLIENT, ALPN, DIRECTION}),
    frozenset({CLIENT, ALPN, DIRECTION}),
    frozenset({CLIENT, ALPN}),
    frozenset(),
)
"""What the rules of a witness leave open, coarsest first."""
MAX_COUNTED = 4
"""Witnesses with more rules are minimal (none can be left out), but perhaps not the fewest: counting is dear."""


@dataclass(frozen=True, slots=True)
class Minimal:
    """A policy and the rules that it is."""

    policy: Policy
    rules: tuple[WitnessRule, ...]


def minimal(
    game: Game,
    goal: Lit,
    cube: Sequence[Lit],
    first: Policy,
    unharmed: Sequence[Lit],
    writer: Writer,
) -> Minimal:
    """`unharmed`: a literal for each other function, in a fixed order: it is clean. Raises Exhausted."""
    goal, policy = _least_harm(game, goal, cube, first, unharmed)
    for whole, open_fields in product((True, False), GRAINS):
        groups = writer.groups(open_fields, whole=whole)
        chosen = _coarse(game, goal, cube, groups)
        if chosen is not None:
            rules = _joined(_without_doubles([_plain(group.rule, writer) for group in chosen], writer), writer)
            found = writer.policy(rules)
            if found is not None and isinstance(game.defeats(goal, found, cube), Excluded):
                return Minimal(found, tuple(rules))
    return Minimal(policy, tuple(writer.rules(policy)))


def minimal_counted(
    game: Game, goal: Lit, cube: Sequence[Lit], first: Policy, unharmed: Sequence[Lit], rules: Mapping[Lit, WitnessRule]
) -> Minimal:
    """The same for an adversary whose rules are counted: the game's policy variables are rules. Raises Exhausted."""
    goal, policy = _least_harm(game, goal, cube, first, unharmed)
    policy = _fewest(game, goal, cube, policy, tuple(rules))
    return Minimal(policy, tuple(rule for one, rule in rules.items() if one in policy))


def _least_harm(
    game: Game, goal: Lit, cube: Sequence[Lit], policy: Policy, unharmed: Sequence[Lit]
) -> tuple[Lit, Policy]:
    """The goal together with as many functions unharmed as can be, the earlier ones preferred."""
    logic = game.logic
    kept: list[Lit] = []

    def keep(more: Sequence[Lit]) -> None:
        """As if they were tried one after the other."""
        nonlocal policy
        better = game.policy_for(logic.both(goal, *kept, *more), cube, first=policy)
        if better is not None:
            kept.extend(more)
            policy = better
        elif len(more) > 1:
            keep(more[: len(more) // 2])
            keep(more[len(more) // 2 :])

    possible = [one for one in unharmed if isinstance(game.outcome((goal, one, *cube)), Outcome)]
    if possible:
        keep(possible)
    while len(kept) < len(possible):
        more = logic.both(goal, at_least(logic, unharmed, len(kept) + 1))
        better = game.policy_for(more, cube, first=policy)
        if better is None:
            break
        policy = better
        kept = _clean_under(game, goal, cube, policy, unharmed)
    return logic.both(goal, *kept), policy


def _clean_under(game: Game, goal: Lit, cube: Sequence[Lit], policy: Policy, unharmed: Sequence[Lit]) -> list[Lit]:
    logic = game.logic
    return [one for one in unharmed if isinstance(game.defeats(logic.both(goal, one), policy, cube), Excluded)]


def at_least(logic: Logic, literals: Sequence[Lit], count: int) -> Lit:
    """At least `count` of the literals hold (sequential counter, Sinz 2005)."""
    counts: list[Lit] = [TRUE] + [FALSE] * count
    for one in literals:
        counts = [
            TRUE,
            *(logic.either(counts[k], logic.both(one, counts[k - 1])) for k in range(1, count + 1)),
        ]
    return counts[count]


def _coarse(game: Game, goal: Lit, cube: Sequence[Lit], groups: Sequence[Group]) -> list[Group] | None:
    """A smallest set of groups of views that, acted on whole, reach the goal; None if no set does."""
    logic = game.logic
    stands = {group: logic.variable(group.rule) for group in groups}
    known: dict[Lit, Lit] = {}
    for group, one in stands.items():
        known |= dict.fromkeys(group.variables, one)
    known |= {one: FALSE for one in game.sides.policy if one not in known}
    wanted = logic.replaced(goal, known)
    limits = [logic.replaced(rule, known) for rule in game.sides.policy_rules]
    variables = tuple(stands.values())
    sides = Sides(variables, game.sides.nature, tuple(limits), game.sides.nature_rules)
    coarse = game.beside(sides, game.always)
    policy = coarse.policy_for(wanted, cube)
    if policy is None:
        return None
    policy = _fewest(coarse, wanted, cube, policy, variables)
    return [group for group, one in stands.items() if one in policy]


def _fewest(game: Game, goal: Lit, cube: Sequence[Lit], policy: Policy, variables: Sequence[Lit]) -> Policy:
    """Fewest acts; among such policies the one that does without the earliest variables."""
    policy = _deleted(game, goal, cube, policy, variables, ())
    if not 1 < len(policy) <= MAX_COUNTED:
        return policy
    fewest = policy
    while len(fewest) > 1:
        fewer = -at_least(game.logic, variables, len(fewest))
        better = game.policy_for(goal, cube, (fewer,))
        if better is None:
            break
        fewest = better
    if len(fewest) == len(policy):
        return policy
    bound = -at_least(game.logic, variables, len(fewest) + 1)
    return _deleted(game, goal, cube, fewest, variables, (bound,))


def _deleted(
    game: Game, goal: Lit, cube: Sequence[Lit], policy: Policy, variables: Sequence[Lit], bounds: tuple[Lit, ...]
) -> Policy:
    """Does without each variable in turn, where some policy can."""
    fixed = list(bounds)
    for one in variables:
        if one in policy:
            without = game.policy_for(goal, cube, (*fixed, -one))
            if without is None:
                fixed.append(one)
                continue
            policy = without
        fixed.append(-one)
    return policy


def _plain(rule: WitnessRule, writer: Writer) -> WitnessRule:
    """Leaves out matchers, absences first, without which the rule acts on the same views."""
    optional: list[Match] = [one for one in rule.matches if isinstance(one, MatchAbsent)]
    optional += [one for one in rule.matches if isinstance(one, MatchDirection)]
    whole = writer.policy([rule])
    for match in optional:
        shorter = replace(rule, matches=tuple(one for one in rule.matches if one != match))
        if writer.policy([shorter]) == whole:
            rule = shorter
    return rule


def _without_doubles(rules: list[WitnessRule], writer: Writer) -> list[WitnessRule]:
    """Leaves out rules all of whose views others act on as well, the narrower ones first."""
    whole = writer.policy(rules)
    if whole is None:
        return rules
    for rule in sorted(rules, key=_breadth):
        rest = [other for other in rules if other != rule]
        if rest and writer.policy(rest) == whole:
            rules = rest
    return rules


def _breadth(rule: WitnessRule) -> int:
    """How many addresses a rule names."""
    prefixes = (one for match in rule.matches if isinstance(match, MatchIp) for one in match.prefixes)
    return sum(one.last - one.first + 1 for one in prefixes)


def _joined(rules: list[WitnessRule], writer: Writer) -> list[WitnessRule]:
    """Rules that differ in adjoining sizes only become one."""
    whole = writer.policy(rules)
    for left in list(rules):
        for right in list(rules):
            if left not in rules or right not in rules or left is right:
                continue
            both = _one_rule(left, right)
            if both is not None:
                fewer = [both if rule is left else rule for rule in rules if rule is not right]
                if writer.policy(fewer) == whole:
                    return _joined(fewer, writer)
    return rules


def _one_rule(left: WitnessRule, right: WitnessRule) -> WitnessRule | None:
    if (left.place, left.action, left.phase, _but_sizes(left)) != (
        right.place,
        right.action,
        right.phase,
        _but_sizes(right),
    ):
        return None
    sizes = [
        part
        for rule in (left, right)
        for match in rule.matches
        if isinstance(match, MatchSize)
        for part in match.ranges
    ]
    if len(sizes) != 2 or sizes[0].high + 1 != sizes[1].low:
        return None
    joined = MatchSize((Range(sizes[0].low, sizes[1].high),))
    return replace(left, matches=tuple(joined if isinstance(match, MatchSize) else match for match in left.matches))


def _but_sizes(rule: WitnessRule) -> tuple[object, ...]:
    return tuple(match for match in rule.matches if not isinstance(match, MatchSize))
