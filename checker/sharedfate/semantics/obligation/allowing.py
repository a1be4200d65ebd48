"""Adversaries that deny by default, as acts: whatever no chosen rule lets pass is dropped (spec C2, F7).

What a rule lets pass is fixed; whether the rule is on the list is a variable. A *situation* is an observation, with
the set-up observation of its connection, while something is set up or later: all that C2 looks at. Sets of them are
bits of integers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from sharedfate.model.adversary import Adversary
from sharedfate.model.policy import Match, MatchName
from sharedfate.model.traffic import Flow
from sharedfate.model.wire import Direction, Field, Phase
from sharedfate.semantics.matching import rule_match
from sharedfate.semantics.obligation.declared import DeclaredActs, observation_of
from sharedfate.semantics.obligation.effects import NOTHING, Effect
from sharedfate.semantics.obligation.images import Fields, Shown, Value
from sharedfate.semantics.obligation.logic import TRUE, Lit
from sharedfate.semantics.obligation.world import World
from sharedfate.semantics.observe import HOP_FIELDS, Observation
from sharedfate.semantics.policies import Nothing, names_shown
from sharedfate.semantics.stage import Instance, StagedAlternative

Bits = int
"""A set of situations of one place."""
_Key = tuple[Phase, Direction, Fields, tuple[str, ...]]
_Id = tuple[_Key, _Key | None, bool]


class Situations:
    """All situations of one place."""

    def __init__(self) -> None:
        self._number: dict[_Id, int] = {}
        self._observed: list[Observation] = []
        self._set_up: list[int | None] = []
        self.values: dict[tuple[Field, Value], None] = {}
        self._masks: dict[Match, Bits] = {}

    def number(self, shown: Shown, set_up: Shown | None, *, making: bool) -> int:
        """The number of a situation, which is noted if it is new."""
        key = _id(shown, set_up, making)
        if key not in self._number:
            carries = set_up is not None and shown.phase in (Phase.PACKET, Phase.RECORD)
            made = self.number(set_up, set_up, making=True) if carries and set_up is not None else None
            self._number[key] = len(self._observed)
            self._observed.append(observation_of(shown, making=making))
            self._set_up.append(made)
            self.values.update(dict.fromkeys(shown.fields))
        return self._number[key]

    def known(self, shown: Shown, set_up: Shown | None, *, making: bool) -> int:
        """The number of a situation that was noted."""
        return self._number[_id(shown, set_up, making)]

    @property
    def everything(self) -> Bits:
        """All of them."""
        return (1 << len(self._observed)) - 1

    @cached_property
    def packets(self) -> Bits:
        """Packets while something is set up: they could still belong to a name (C2)."""
        return _bits(at for at, one in enumerate(self._observed) if one.making and one.phase is Phase.PACKET)

    @cached_property
    def _later(self) -> dict[int, Bits]:
        """By set-up observation: the packets and records of its connection."""
        found: dict[int, Bits] = {}
        for at, made in enumerate(self._set_up):
            if made is not None:
                found[made] = found.get(made, 0) | 1 << at
        return found

    def matched(self, match: Match) -> Bits:
        """Where a matcher holds (C2: names only while something is set up)."""
        if match not in self._masks:
            hit = (at for at, one in enumerate(self._observed) if rule_match(match, one, names_shown(one)))
            self._masks[match] = _bits(hit)
        return self._masks[match]

    def named(self, direct: Bits, pending: Bits) -> Bits:
        """What a rule with a name lets pass that matches `direct`, and packets in `pending` but for the name."""
        found = direct | pending
        for made, later in self._later.items():
            if direct >> made & 1:
                found |= later
        return found

    def passing(self, matches: Iterable[Match]) -> Bits:
        """What a list of one allow rule lets pass."""
        direct, pending, name = self.everything, self.packets, False
        for match in matches:
            direct &= self.matched(match)
            if isinstance(match, MatchName):
                name = True
            else:
                pending &= self.matched(match)
        return self.named(direct, pending) if name else direct


def _id(shown: Shown, set_up: Shown | None, making: bool) -> _Id:
    return _key(shown), None if set_up is None else _key(set_up), making


def _key(shown: Shown) -> _Key:
    return shown.phase, shown.direction, shown.fields, shown.names


def _bits(places: Iterable[int]) -> Bits:
    found = 0
    for at in places:
        found |= 1 << at
    return found


class _Noting(DeclaredActs):
    """Does nothing and notes every situation at the adversary's places."""

    def __init__(self, world: World, adversary: Adversary) -> None:
        super().__init__(world.logic, world.nature, world.images, Nothing())
        self._root = adversary.holds_root
        self.places = {place: Situations() for place in (*adversary.links, *adversary.services)}

    def message(self, flow: Flow, unit: int) -> Lit:
        """A message of one unit class is dropped at a service."""
        dropped = [
            self._logic.both(shown.when, self._lost(_held(shown, ends), None, making=False))
            for shown, ends in self._images.messages(flow, unit)
            if shown.place in self.places
        ]
        return self._logic.any(dropped)

    def _effect(
        self, at: Instance, item: StagedAlternative, shown: Shown, set_up: Shown | None, *, making: bool
    ) -> Effect:
        if shown.place not in self.places:
            return NOTHING
        return Effect(lost=self._lost(shown, set_up, making=making))

    def _lost(self, shown: Shown, set_up: Shown | None, *, making: bool) -> Lit:
        self.places[shown.place].number(shown, set_up, making=making)
        return -TRUE


def _held(shown: Shown, ends: tuple[str, str, str]) -> Shown:
    sent: Fields = tuple(zip(HOP_FIELDS, ends, strict=True))
    return Shown(shown.when, shown.place, False, shown.phase, shown.direction, (*shown.fields, *sent))


def situations_of(world: World, adversary: Adversary) -> dict[str, Situations]:
    """By place, everything on the stage that the adversary may let pass or not."""
    noting = _Noting(world, adversary)
    for instance in world.stage.instances:
        for item in instance.alternatives:
            noting.set_up(instance, item)
            for direction in Direction:
                for making in (True, False):
                    noting.packet(instance, item, direction, making=making)
            for step in range(len(item.found)):
                noting.finding(instance, item, step)
            for load, carried in enumerate(instance.carried):
                for unit in range(len(carried.classes)):
                    noting.record(instance, item, load, unit)
    for name, classes in world.stage.classes.items():
        for unit in range(len(classes)):
            noting.message(world.model.flow[name], unit)
    return noting.places


class AllowingActs(_Noting):
    """A list that denies by default: drops what no rule that is chosen lets pass."""

    def __init__(
        self,
        world: World,
        adversary: Adversary,
        places: dict[str, Situations],
        passing: Mapping[str, Mapping[Lit, Bits]],
    ) -> None:
        """`passing`: by place, for the variable of each rule, the situations that it lets pass."""
        super().__init__(world, adversary)
        self.places = places
        self._passing = passing

    def _lost(self, shown: Shown, set_up: Shown | None, *, making: bool) -> Lit:
        number = self.places[shown.place].known(shown, set_up, making=making)
        rules = self._passing[shown.place].items()
        return -self._logic.any(rule for rule, passed in rules if passed >> number & 1)
