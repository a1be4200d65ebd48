"""What is done to an observation (spec C1 to C4): by a searching adversary, by witness rules, by declared policies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, assert_never

from sharedfate.model.adversary import Act, Adversary
from sharedfate.model.policy import (
    Action,
    Allow,
    Drop,
    Intercept,
    Match,
    MatchName,
    Policy,
    Redirect,
    Reset,
    Rule,
    Throttle,
    WitnessRule,
)
from sharedfate.model.source import NOWHERE, Span
from sharedfate.model.wire import CLIENT, DIRECTION, DNS, FLOW, IP, SIZE, Field, Phase
from sharedfate.semantics.matching import Shows, fields_of, rule_match, witness_matches
from sharedfate.semantics.observe import Observation, View, view_of


@dataclass(frozen=True, slots=True)
class Decision:
    """What was done to an observation, and by which rule: its index in its list (None: the default, or no list)."""

    action: Action
    rule: int | None = None
    policy: str = ""
    span: Span = NOWHERE


class Acting(Protocol):
    """A policy of any kind."""

    def act(self, observation: Observation, setup: Observation | None) -> tuple[Decision, ...]:
        """All that is done to an observation, nothing for what passes. `setup`: the one of its connection there."""
        ...


class Nothing:
    """Nobody does anything."""

    def act(self, observation: Observation, setup: Observation | None) -> tuple[Decision, ...]:
        """Nothing."""
        return ()


@dataclass(frozen=True)
class ViewPolicy:
    """An adversary with one act for each view; views that are not listed pass (C1)."""

    adversary: Adversary
    acts: Mapping[View, Act]

    def act(self, observation: Observation, setup: Observation | None) -> tuple[Decision, ...]:
        """The act for the observation's view."""
        view = view_of(self.adversary, observation)
        act = None if view is None else self.acts.get(view)
        return () if act is None else (Decision(action_of(act, self.adversary)),)


def action_of(act: Act, adversary: Adversary) -> Action:
    """An adversary's act as an action."""
    match act:
        case Act.DROP:
            return Drop()
        case Act.RESET:
            return Reset()
        case Act.THROTTLE:
            return Throttle(adversary.throttle_rate or 0)
        case Act.REDIRECT:
            return Redirect()
        case _:
            assert_never(act)


@dataclass(frozen=True)
class WitnessPolicy:
    """Rules of an attack: each acts on the observations of its place and phase that it matches; all of them act."""

    rules: tuple[WitnessRule, ...]

    def act(self, observation: Observation, setup: Observation | None) -> tuple[Decision, ...]:
        """The actions of the rules that match, in their order."""
        return tuple(
            Decision(rule.action, index)
            for index, rule in enumerate(self.rules)
            if rule.place == observation.place
            and rule.phase is observation.phase
            and not isinstance(rule.action, Allow)
            and all(witness_matches(match, observation) for match in rule.matches)
        )


@dataclass(frozen=True)
class DeclaredPolicies:
    """Declared policies that act together, each where it sits (C2 to C4)."""

    policies: tuple[Policy, ...]

    def act(self, observation: Observation, setup: Observation | None) -> tuple[Decision, ...]:
        """What each policy at the observation's place does, unless it lets pass."""
        here = (policy for policy in self.policies if observation.place in (*policy.links, *policy.services))
        decided = (decide(policy, observation, setup) for policy in here)
        return tuple(one for one in decided if not isinstance(one.action, Allow))


# Declared policies


def decide(policy: Policy, observation: Observation, setup: Observation | None) -> Decision:
    """What a declared policy does to an observation at its place, passing included."""
    first = _first(policy, observation, setup)
    aliases = observation.chain if _judges_aliases(policy) else ()
    others = [_first_for_alias(policy, observation, alias) for alias in aliases]
    return min([first, *others], key=lambda decision: _WEIGHT[type(decision.action)])


_WEIGHT: Mapping[type, int] = {Drop: 0, Reset: 1, Redirect: 2, Throttle: 3, Intercept: 4, Allow: 5}


def names_shown(observation: Observation) -> Shows:
    """The names that an observation shows for name rules: none but while something is set up."""

    def shown(field: Field) -> str | None:
        if not _is_setup(observation):
            return None
        value = observation.get(field)
        return value if isinstance(value, str) else None

    return shown


def _is_setup(observation: Observation) -> bool:
    """A set-up observation, or a question that its resolver holds."""
    return observation.phase is Phase.SETUP or (observation.phase is Phase.MESSAGE and observation.making)


def _first(policy: Policy, observation: Observation, setup: Observation | None) -> Decision:
    shown = names_shown(observation)
    for index, rule in enumerate(policy.rules):
        if rule.at_setup and not observation.making:
            continue
        if all(rule_match(match, observation, shown) for match in rule.matches):
            return Decision(rule.action, index, policy.name, rule.span)
        if observation.phase is Phase.PACKET and observation.making and _may_match_later(rule, observation, shown):
            return Decision(rule.action, index, policy.name, rule.span)
    if policy.default_deny and not _passed_by_name(policy, observation, setup):
        return Decision(Drop(), None, policy.name, policy.default_span)
    return Decision(Allow(), None, policy.name, policy.default_span)


def _may_match_later(rule: Rule, observation: Observation, shown: Shows) -> bool:
    """An allow rule with a name: a packet that comes before the name passes if everything else matches (C2)."""
    if not isinstance(rule.action, Allow) or not _has_name(rule):
        return False
    return all(isinstance(match, MatchName) or rule_match(match, observation, shown) for match in rule.matches)


def _has_name(rule: Rule) -> bool:
    return any(isinstance(match, MatchName) for match in rule.matches)


def _passed_by_name(policy: Policy, observation: Observation, setup: Observation | None) -> bool:
    """Whether an allow rule with a name lets the set-up observation of this connection pass (C2)."""
    if setup is None or observation.phase not in (Phase.PACKET, Phase.RECORD):
        return False
    decided = decide(policy, setup, setup)
    return isinstance(decided.action, Allow) and decided.rule is not None and _has_name(policy.rules[decided.rule])


def _judges_aliases(policy: Policy) -> bool:
    return any(_each(match) for rule in policy.rules for match in rule.matches)


def _each(match: Match) -> bool:
    return isinstance(match, MatchName) and match.each_cname


# C3: every further name of the chain is judged alone, by the rules that say `each cname`.
def _first_for_alias(policy: Policy, observation: Observation, alias: str) -> Decision:
    def shown(field: Field) -> str | None:
        return alias if field == DNS else None

    judges = [(index, rule) for index, rule in enumerate(policy.rules) if any(_each(one) for one in rule.matches)]
    for index, rule in judges:
        if all(rule_match(match, observation, shown) for match in rule.matches):
            return Decision(rule.action, index, policy.name, rule.span)
    if policy.default_deny and any(isinstance(rule.action, Allow) for _, rule in judges):
        return Decision(Drop(), None, policy.name, policy.default_span)
    return Decision(Allow(), None, policy.name, policy.default_span)


def illegal(rules: Sequence[WitnessRule], adversary: Adversary) -> Iterator[str]:
    """Why witness rules are not a policy of an adversary: a place, an act or a sight that it does not have."""
    for index, rule in enumerate(rules):
        if rule.place in adversary.services:
            if not isinstance(rule.action, Drop):
                yield f"rule {index + 1}: in a service it can only drop"
        elif rule.place in adversary.links:
            if not _may(rule.action, adversary):
                yield f"rule {index + 1}: it may not {type(rule.action).__name__.lower()}"
        else:
            yield f"rule {index + 1}: it does not sit at {rule.place}"
            continue
        yield from unseen(index, rule, adversary)


def sight_of(adversary: Adversary) -> frozenset[Field]:
    """The fields that it sees on its links, those included that show with others (B8)."""
    sight = {*adversary.sees, *(item.field for item in adversary.infers)}
    if sight & {IP, SIZE}:
        sight.add(DIRECTION)
    if IP in sight:
        sight.add(CLIENT)
    return frozenset(sight)


def unseen(index: int, rule: WitnessRule, adversary: Adversary) -> Iterator[str]:
    """The fields that a rule names, and that the adversary does not see where the rule sits."""
    sight = sight_of(adversary)
    inside = rule.place in adversary.services
    for match in rule.matches:
        for one in fields_of(match):
            if (one not in sight) if not inside else (one == FLOW and FLOW not in sight):
                yield f"rule {index + 1}: it does not see {one.name}"


def _may(action: Action, adversary: Adversary) -> bool:
    match action:
        case Drop():
            return Act.DROP in adversary.acts
        case Reset():
            return Act.RESET in adversary.acts
        case Throttle(rate=rate):
            return Act.THROTTLE in adversary.acts and rate == (adversary.throttle_rate or 0)
        case Redirect():
            return Act.REDIRECT in adversary.acts
        case Allow() | Intercept():
            return False
        case _:
            assert_never(action)
