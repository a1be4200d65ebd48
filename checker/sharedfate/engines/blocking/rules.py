"""Views as the rules that a person would write, and back: which views a list of rules acts on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sharedfate.engines.blocking.game import Policy
from sharedfate.model.adversary import Adversary
from sharedfate.model.policy import (
    Action,
    Drop,
    Match,
    MatchAbsent,
    MatchDirection,
    MatchIp,
    MatchName,
    MatchPort,
    MatchSize,
    MatchValue,
    Reset,
    Throttle,
    WitnessRule,
)
from sharedfate.model.wire import (
    DIRECTION,
    DNS,
    HOST,
    IP,
    PORT,
    SIZE,
    SNI,
    Dialect,
    Direction,
    Field,
    Phase,
    Prefix,
    Range,
    Transport,
)
from sharedfate.semantics.matching import as_text, fields_of, witness_matches
from sharedfate.semantics.obligation.declared import observation_of
from sharedfate.semantics.obligation.images import Shown
from sharedfate.semantics.obligation.logic import TRUE, Lit
from sharedfate.semantics.obligation.nature import Members, PoolValue
from sharedfate.semantics.obligation.searching import Choice, View
from sharedfate.semantics.obligation.values import Values
from sharedfate.semantics.observe import HOP_FIELDS, Observation

PHASE_ORDER = {Phase.RECORD: 0, Phase.MESSAGE: 1, Phase.SETUP: 2, Phase.PACKET: 3}
"""Which acts a witness does without first, where it can choose: those on records."""


@dataclass(frozen=True, slots=True)
class Group:
    """Views that one rule acts on alike, and their variables for its act."""

    rule: WitnessRule
    variables: tuple[Lit, ...]


class Writer:
    """Turns choices of one adversary into rules. Pools are written as all that they may hand out."""

    def __init__(self, adversary: Adversary, values: Values, choices: Sequence[Choice]) -> None:
        self._adversary = adversary
        self._values = _by_sample(values)
        self._sees = tuple(dict.fromkeys((*adversary.sees, *(item.field for item in adversary.infers))))
        self.choices = sorted(choices, key=lambda choice: view_order(choice.view))
        self._held: dict[tuple[str, Phase], dict[Field, None]] = {}
        for choice in self.choices:
            held = self._held.setdefault((choice.view.place, choice.view.phase), {})
            held.update(dict.fromkeys(field for field, _ in choice.view.fields))
        self._seen = {choice.view: observation_of_view(choice.view) for choice in self.choices}

    @property
    def throttle(self) -> Throttle:
        """The adversary's throttle."""
        return Throttle(self._adversary.throttle_rate or 0)

    def said_of(self, view: View, field: Field) -> list[Match]:
        """What a rule says of one field of a view."""
        found = [self.match_of(one, value, whole=False) for one, value in view.fields if one == field]
        return [match for match in found if match is not None]

    def groups(self, open_fields: frozenset[Field], *, whole: bool) -> list[Group]:
        """Rules that leave some fields open, with what they act on; in the order in which a witness does without them.

        Resets and throttles come first, then acts on records, messages, set-up, packets. Views that an act is not
        possible on are left out. `whole`: a pool's class is meant as a whole, not single addresses of it.
        """
        found: dict[WitnessRule, list[Lit]] = {}
        for which in (Reset, Throttle, Drop):
            for choice in self.choices:
                for literal, action in self._acts(choice):
                    if isinstance(action, which) and literal > TRUE:
                        said = self._matches(choice.view, whole=whole)
                        matches = [one for one in said if not _is_open(one, open_fields)]
                        rule = WitnessRule(choice.view.place, action, choice.view.phase, tuple(matches))
                        found.setdefault(rule, []).append(literal)
        return [Group(rule, tuple(literals)) for rule, literals in found.items()]

    def rules(self, policy: Policy) -> list[WitnessRule]:
        """One rule for each view that is acted on, in a fixed order."""
        return [
            WitnessRule(choice.view.place, action, choice.view.phase, tuple(self._matches(choice.view, whole=False)))
            for choice in self.choices
            for literal, action in self._acts(choice)
            if literal in policy
        ]

    def _acts(self, choice: Choice) -> list[tuple[Lit, Action]]:
        rate = self._adversary.throttle_rate or 0
        return [(choice.drop, Drop()), (choice.reset, Reset()), (choice.slow, Throttle(rate))]

    def policy(self, rules: Iterable[WitnessRule]) -> Policy | None:
        """The variables of all views that the rules act on; None if they act on some view in a way that it may not.

        Of several rules on one view the strongest act counts.
        """
        found: set[Lit] = set()
        listed = list(rules)
        for choice in self.choices:
            acts = {type(rule.action) for rule in listed if self.acts_on(rule, choice.view)}
            if not acts:
                continue
            wanted = choice.drop if Drop in acts else choice.reset if Reset in acts else choice.slow
            if wanted <= TRUE:
                return None
            found.add(wanted)
        return frozenset(found)

    def acts_on(self, rule: WitnessRule, view: View) -> bool:
        """The rule matches the view."""
        if rule.place != view.place or rule.phase is not view.phase:
            return False
        return all(witness_matches(match, self._seen[view]) for match in rule.matches)

    def _matches(self, view: View, *, whole: bool) -> Iterable[Match]:
        for field, value in view.fields:
            match = self.match_of(field, value, whole=whole)
            if match is not None:
                yield match
        if view.direction is not None and view.phase in (Phase.PACKET, Phase.RECORD):
            yield MatchDirection(view.direction)
        if view.ends is not None:
            for field, end in zip(HOP_FIELDS, view.ends, strict=True):
                yield MatchValue(field, (end,))
        shown = {field for field, _ in view.fields} | {DIRECTION}
        possible = self._sees if view.is_link else self._held[view.place, view.phase]
        absent = sorted((field for field in possible if field not in shown), key=lambda field: field.name)
        yield from (MatchAbsent(field) for field in absent)

    def _members(self, key: tuple[str, object], whole: bool) -> Members:
        value = self._values.get(key)
        if value is None:
            return ()
        return value.whole if whole and value.whole else value.members

    def match_of(self, field: Field, value: object, *, whole: bool) -> Match | None:
        """What a rule says of a value of a field."""
        if field == IP:
            members = self._members(("ip", value), whole)
            if not isinstance(value, tuple):
                return MatchValue(IP, (str(value),))
            prefixes = tuple(one for one in members if isinstance(one, Prefix))
            return MatchIp(prefixes or (_host(value),))
        if field == PORT and isinstance(value, tuple):
            ranges = tuple(one for one in self._members(("port", value[1]), whole) if isinstance(one, Range))
            return MatchPort(ranges or (Range(int(value[1]), int(value[1])),), Transport(value[0]))
        if field in (SNI, DNS, HOST):
            pattern = next((one for one in self._members(("name", value), whole) if isinstance(one, str)), None)
            if pattern is not None:
                return MatchName((pattern,), Dialect.GLOB, field)
            return MatchName((str(value),), Dialect.EXACT, field)
        if field == SIZE:
            return MatchSize((value,)) if isinstance(value, Range) else None
        return None if value is None else MatchValue(field, (as_text(value),))


def _is_open(match: Match, open_fields: frozenset[Field]) -> bool:
    """An absent name is never left out: the rule would act on what shows one too."""
    return not isinstance(match, MatchAbsent) and set(fields_of(match)) <= open_fields


def _host(value: tuple[object, ...]) -> Prefix:
    version, number = value[0], value[1]
    assert isinstance(version, int) and isinstance(number, int)
    return Prefix(version, number, 32 if version == 4 else 128)


def _by_sample(values: Values) -> Mapping[tuple[str, object], PoolValue]:
    """What each sample stands for, by kind and sample."""
    found: dict[tuple[str, object], PoolValue] = {}

    def note(kind: str, value: PoolValue) -> None:
        known = found.setdefault((kind, value.sample), value)
        if known.members != value.members:  # one member stands for different classes: then it means itself only
            found[kind, value.sample] = PoolValue(value.text, value.sample)

    for listed in values.values():
        for value in listed:
            match value.sample:
                case int():
                    note("port", value)
                case tuple():
                    note("ip", value)
                case str():
                    note("name", value)
    return found


def observation_of_view(view: View) -> Observation:
    """An observation that shows what the view shows."""
    fields = view.fields
    if view.ends is not None:
        fields = (*fields, *zip(HOP_FIELDS, view.ends, strict=True))
    return observation_of(
        Shown(TRUE, view.place, view.is_link, view.phase, view.direction or Direction.UP, fields, view.names),
        making=False,
    )


def view_order(view: View) -> tuple[int, str, str]:
    """The order of views in witnesses; it depends on what they show only."""
    return PHASE_ORDER[view.phase], view.place, repr((view.direction, view.fields, view.names, view.ends))
