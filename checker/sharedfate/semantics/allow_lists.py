"""The policies of an adversary that denies by default: a list of allow rules at its places, judged by C2 (spec F7).

The list is written as witness rules of no phase: rules that allow, those with a name first, then one at each place
that drops whatever no rule there allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from sharedfate.model.adversary import Act, Adversary
from sharedfate.model.policy import Allow, Drop, Match, MatchAbsent, MatchName, Policy, Rule, WitnessRule
from sharedfate.semantics.matching import fields_of
from sharedfate.semantics.observe import Observation
from sharedfate.semantics.policies import Acting, Decision, WitnessPolicy, decide, unseen


def has_name(matches: Iterable[Match]) -> bool:
    """Whether a rule with these matchers lets connections pass by name (C2)."""
    return any(isinstance(match, MatchName) for match in matches)


def places_of(adversary: Adversary) -> tuple[str, ...]:
    """Where its list stands: everywhere where it sits."""
    return (*adversary.links, *adversary.services)


def listed(rules: Iterable[WitnessRule], places: Iterable[str]) -> tuple[WitnessRule, ...]:
    """Allow rules as a whole list: those with a name first, and what denies the rest at each place."""
    ordered = sorted(rules, key=lambda rule: not has_name(rule.matches))
    return (*ordered, *(WitnessRule(place, Drop(), None, ()) for place in places))


def policy_of(place: str, rules: Iterable[WitnessRule]) -> Policy:
    """What a list comes to at one place, as a declared policy."""
    here = tuple(Rule(Allow(), rule.matches) for rule in rules if rule.place == place and _allows(rule))
    return Policy(place, (place,), (), here, default_deny=True)


@dataclass(frozen=True)
class AllowList:
    """A list that denies by default at `places`. `root`: who deploys it reads inside TLS (B5)."""

    rules: tuple[WitnessRule, ...]
    places: tuple[str, ...]
    root: bool = False
    _policies: dict[str, Policy] = field(default_factory=dict, compare=False)

    def act(self, observation: Observation, setup: Observation | None) -> tuple[Decision, ...]:
        """A drop by the default, which is the last rule of the place; nothing for what passes."""
        place = observation.place
        if place not in self.places:
            return ()
        if place not in self._policies:
            self._policies[place] = policy_of(place, self.rules)
        decision = decide(self._policies[place], self._read(observation), None if setup is None else self._read(setup))
        if isinstance(decision.action, Allow):
            return ()
        return (Decision(decision.action, self._default(place)),)

    def _read(self, observation: Observation) -> Observation:
        if not self.root or not observation.inner:
            return observation
        return replace(observation, fields=(*observation.fields, *observation.inner), inner=())

    def _default(self, place: str) -> int | None:
        return next((at for at, rule in enumerate(self.rules) if rule.place == place and not _allows(rule)), None)


def acting(rules: tuple[WitnessRule, ...], adversary: Adversary) -> Acting:
    """The rules of a witness as a policy of this adversary."""
    if not adversary.denies_by_default:
        return WitnessPolicy(rules)
    return AllowList(rules, places_of(adversary), adversary.holds_root)


def cannot_deny(adversary: Adversary) -> bool:
    """A default that denies drops; who sits on links and may not drop there has no such policy."""
    return bool(adversary.links) and Act.DROP not in adversary.acts


def unlisted(rules: Sequence[WitnessRule], adversary: Adversary) -> Iterator[str]:
    """Why rules are not a list that this adversary, which denies by default, may have (F7)."""
    allowed = [rule for rule in rules if _allows(rule)]
    limit = adversary.limit
    if limit is None or not limit.allow_list:
        yield "it does not deny by default"
    elif limit.rules is not None and len(allowed) > limit.rules:
        yield f"{len(allowed)} rules, it is limited to {limit.rules}"
    if tuple(rules) != listed(allowed, places_of(adversary)):
        yield "not a list that allows, names first, and denies the rest at each place"
    for index, rule in enumerate(allowed):
        named = [one for match in rule.matches for one in fields_of(match)]
        if rule.phase is not None or rule.place not in places_of(adversary):
            yield f"rule {index + 1}: not at a place of its own, for every phase"
        if len(set(named)) != len(named) or any(isinstance(match, MatchAbsent) for match in rule.matches):
            yield f"rule {index + 1}: it says more than one thing of a field"
        yield from unseen(index, rule, adversary)


def _allows(rule: WitnessRule) -> bool:
    return isinstance(rule.action, Allow)
