"""Declared policies and witness rules as acts: what they do to each hand-out is fixed (spec C2 to C6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from sharedfate.model.facts import FactKind, FactName
from sharedfate.model.network import ByDns
from sharedfate.model.policy import Action, Allow, Drop, Intercept, Redirect, Reset, Throttle
from sharedfate.model.traffic import Flow
from sharedfate.model.wire import DIRECTION, DNS, PORT, Direction, Field, Phase, Transport
from sharedfate.semantics import observe
from sharedfate.semantics.obligation.effects import NOTHING, Effect, united
from sharedfate.semantics.obligation.images import Fields, Images, Shown
from sharedfate.semantics.obligation.logic import FALSE, TRUE, Lit, Logic
from sharedfate.semantics.obligation.nature import Nature
from sharedfate.semantics.observe import Observation
from sharedfate.semantics.policies import Acting, Decision
from sharedfate.semantics.stage import Instance, StagedAlternative


@dataclass(frozen=True, slots=True)
class Hit:
    """An act of a rule on what one flow or connection shows: for telling which entries are guilty."""

    decision: Decision
    connection: str
    observation: Observation


class DeclaredActs:
    """A fixed policy. `hits` collects, by what was asked for, the decisions that were not to let pass."""

    _root = False  # what a holder of the root key reads inside TLS is not for declared rules

    def __init__(self, logic: Logic, nature: Nature, images: Images, policy: Acting) -> None:
        self._logic = logic
        self._nature = nature
        self._images = images
        self._policy = policy
        self._memo: dict[tuple[object, ...], Effect] = {}
        self.hits: list[Hit] = []

    def packet(self, at: Instance, item: StagedAlternative, direction: Direction, *, making: bool) -> Effect:
        """On packets of one direction."""
        key = ("packet", at.id, item.key, direction, making)
        if key not in self._memo:
            pairs = _paired(self._images.packets(item, direction), list(self._images.set_up(item)))
            effects = [(when, self._effect(at, item, one, made, making=making)) for when, one, made in pairs]
            self._memo[key] = united(self._logic, effects)
        return self._memo[key]

    def set_up(self, at: Instance, item: StagedAlternative) -> Effect:
        """On the set-up observation."""
        shown = self._images.set_up(item)
        return self._once(("set-up", at.id, item.key), at, item, ((one.when, one, one) for one in shown))

    def finding(self, at: Instance, item: StagedAlternative, step: int) -> Effect:
        """On one step of finding."""
        shown = list(self._images.finding(item, step))
        made = [one for one in shown if one.phase is Phase.SETUP]
        return self._once(("finding", at.id, item.key, step), at, item, _paired(shown, made))

    def record(self, at: Instance, item: StagedAlternative, load: int, unit: int) -> Effect:
        """On the record of one carried unit class."""
        key = ("record", at.id, item.key, load, unit)
        if key not in self._memo:
            records = self._images.record(at, item, load, unit, root=self._root)
            effects = [(one.when, self._effect(at, item, one, made, making=False)) for one, made in records]
            self._memo[key] = united(self._logic, effects)
        return self._memo[key]

    def message(self, flow: Flow, unit: int) -> Lit:
        """A message of one unit class is dropped at a service."""
        dropped: list[Lit] = []
        for shown, ends in self._images.messages(flow, unit):
            sent: Fields = tuple(zip(observe.HOP_FIELDS, ends, strict=True))
            one = Shown(shown.when, shown.place, False, shown.phase, shown.direction, (*shown.fields, *sent))
            for decision in self._policy.act(observation_of(one, making=False), None):
                if isinstance(decision.action, Drop):
                    dropped.append(shown.when)
                    self.hits.append(Hit(decision, flow.name, observation_of(one, making=False)))
        return self._logic.any(dropped)

    def _once(
        self,
        key: tuple[object, ...],
        at: Instance,
        item: StagedAlternative,
        shown: Iterable[tuple[Lit, Shown, Shown | None]],
    ) -> Effect:
        if key not in self._memo:
            effects = ((when, self._effect(at, item, one, made, making=True)) for when, one, made in shown)
            self._memo[key] = united(self._logic, effects)
        return self._memo[key]

    def _effect(
        self, at: Instance, item: StagedAlternative, shown: Shown, set_up: Shown | None, *, making: bool
    ) -> Effect:
        observation = observation_of(shown, making=making)
        made = None if set_up is None else observation_of(set_up, making=True)
        decisions = self._policy.act(observation, made)
        if not decisions:
            return NOTHING
        self.hits += [Hit(decision, at.id.connection, observation) for decision in decisions]
        effects = [(TRUE, self._one(decision.action, at, item, making)) for decision in decisions]
        return strongest(united(self._logic, effects))

    def _one(self, action: Action, at: Instance, item: StagedAlternative, making: bool) -> Effect:
        match action:
            case Allow():
                return NOTHING
            case Drop():
                return Effect(lost=TRUE)
            case Reset():
                return Effect(torn=TRUE)
            case Throttle(rate=rate):
                return Effect(slow=((rate, TRUE),))
            case Intercept():
                tls = item.alternative.tls is not None
                return Effect(barred=TRUE) if making and tls and at.connection.pinned else NOTHING
            case Redirect():
                return Effect(barred=-self._lands(action, at, item), bent=TRUE) if making else NOTHING
            case _:
                assert_never(action)

    def _lands(self, action: Redirect, at: Instance, item: StagedAlternative) -> Lit:
        """The redirected set-up reaches an endpoint of the same alternative (C5)."""
        if action.prefix is not None:
            pool = item.alternative.pool
            target = action.prefix
            inside = pool is not None and any(
                one.version == target.version and one.first <= target.first and target.last <= one.last
                for one in pool.prefixes
            )
            return TRUE if inside else FALSE
        asked = [name for step in item.alternative.found if isinstance(step, ByDns) for name in step.names]
        back = self._images.same_name(item, asked)
        resolves = FactName(FactKind.RESOLVES.value, (at.id.connection,))
        return back if back == TRUE else self._logic.either(back, self._nature.holds(resolves))


def strongest(effect: Effect) -> Effect:
    """Drop over reset over throttle (C4)."""
    if effect.lost == TRUE:
        return Effect(lost=TRUE, barred=effect.barred, bent=effect.bent)
    if effect.torn == TRUE:
        return Effect(torn=TRUE, barred=effect.barred, bent=effect.bent)
    return effect


def _paired(shown: Iterable[Shown], made: Sequence[Shown]) -> Iterator[tuple[Lit, Shown, Shown | None]]:
    """Observations with each set-up observation of their connection that may be made, and when it is."""
    for one in shown:
        belonging = [set_up for set_up in made if one.phase is Phase.PACKET and _extends(set_up, one)]
        yield from ((set_up.when, one, set_up) for set_up in belonging)
        if not belonging:
            yield one.when, one, None


def _extends(set_up: Shown, packet: Shown) -> bool:
    """The set-up observation is of a connection that the packet belongs to: its packet fields are the same."""
    return set_up.place == packet.place and set(packet.fields) <= set(set_up.fields)


def observation_of(shown: Shown, *, making: bool) -> Observation:
    """The observation that the executable semantics judges."""
    fields: list[tuple[Field, observe.Shown]] = []
    for field, value in shown.fields:
        if value is not None and not isinstance(value, int):
            fields.append((field, value))
    if shown.phase is not Phase.MESSAGE:
        fields.append((DIRECTION, shown.direction))
    port = next((value for field, value in shown.fields if field == PORT), None)
    transport = Transport(port[0]) if isinstance(port, tuple) else Transport.BEARER
    asked = any(field == DNS for field, _ in shown.fields)
    return Observation(
        shown.place,
        shown.phase,
        shown.direction,
        tuple(sorted(fields, key=lambda pair: pair[0].name)),
        making=making or asked,
        chain=shown.names,
        transport=transport,
    )
