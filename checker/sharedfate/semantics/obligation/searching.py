"""The policies of a searching adversary as variables: one act a view (spec B8, C1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sharedfate.model.adversary import Act, Adversary
from sharedfate.model.traffic import Flow
from sharedfate.model.wire import CLIENT, DIRECTION, FLOW, IP, SIZE, Direction, Field, Phase
from sharedfate.semantics.obligation.effects import Effect, united
from sharedfate.semantics.obligation.images import Fields, Images, Shown
from sharedfate.semantics.obligation.logic import FALSE, TRUE, Lit, Logic
from sharedfate.semantics.stage import Instance, StagedAlternative


@dataclass(frozen=True, slots=True)
class View:
    """What is left of an observation for the adversary; equal views are acted on alike."""

    place: str
    is_link: bool
    phase: Phase
    direction: Direction | None
    fields: Fields
    names: tuple[str, ...] = ()
    ends: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The variables of one view: at most one of them is true."""

    view: View
    drop: Lit
    reset: Lit
    slow: Lit


class SearchingActs:
    """Acts of an adversary that may choose any policy. `choices` are the views met so far, in order.

    With `bends` it may also refuse the set-up of any alternative apart from what others show: more than any redirection
    can, which refuses what it does not land at (C5). `bends` are the variables of that.
    """

    def __init__(self, logic: Logic, images: Images, adversary: Adversary, *, bending: bool = False) -> None:
        self._logic = logic
        self._images = images
        self._adversary = adversary
        self._places = frozenset((*adversary.links, *adversary.services))
        self._seen = frozenset((*adversary.sees, *(item.field for item in adversary.infers)))
        self._known: dict[View, tuple[Choice, Effect]] = {}
        self._memo: dict[tuple[object, ...], Effect] = {}
        self.constraints: list[Lit] = []
        self._bending = bending
        self.bends: list[Lit] = []

    @property
    def choices(self) -> list[Choice]:
        """Every view that was asked for."""
        return [choice for choice, _ in self._known.values()]

    def packet(self, at: Instance, item: StagedAlternative, direction: Direction, *, making: bool) -> Effect:
        """On packets of one direction."""
        found = self._once(("packet", at.id, item.key, direction), self._images.packets(item, direction))
        return self._bent(found, at, item, self._images.packets(item, direction)) if making else found

    def set_up(self, at: Instance, item: StagedAlternative) -> Effect:
        """On the set-up observation."""
        found = self._once(("set-up", at.id, item.key), self._images.set_up(item))
        return self._bent(found, at, item, self._images.set_up(item))

    def finding(self, at: Instance, item: StagedAlternative, step: int) -> Effect:
        """On one step of finding."""
        found = self._once(("finding", at.id, item.key, step), self._images.finding(item, step))
        bent = self._bent(found, at, item, self._images.finding(item, step))
        return replace(bent, barred=FALSE, bent=bent.barred)  # the question is answered all the same

    def record(self, at: Instance, item: StagedAlternative, load: int, unit: int) -> Effect:
        """On the record of one carried unit class."""
        root = self._adversary.holds_root
        records = (record for record, _ in self._images.record(at, item, load, unit, root=root))
        return self._once(("record", at.id, item.key, load, unit), records)

    def message(self, flow: Flow, unit: int) -> Lit:
        """A message of one unit class is dropped at a controlled service."""
        dropped = [
            self._effect(shown, ends).lost
            for shown, ends in self._images.messages(flow, unit)
            if shown.place in self._places
        ]
        return self._logic.any(dropped)

    def _bent(self, found: Effect, at: Instance, item: StagedAlternative, shown: Iterable[Shown]) -> Effect:
        """What is done to set-up, with its being refused to this alternative by a redirection at a link."""
        if not self._bending:
            return found
        barred: list[Lit] = []
        for one in shown:
            if one.is_link and one.place in self._places:
                key = ("bent", at.id, item.key, self._view(one, None))
                if key not in self._memo:
                    self.bends.append(self._logic.variable(key))
                    self._memo[key] = Effect(barred=self.bends[-1])
                barred.append(self._logic.both(one.when, self._memo[key].barred))
        return replace(found, barred=self._logic.any(barred))

    def _once(self, key: tuple[object, ...], shown: Iterable[Shown]) -> Effect:
        if key not in self._memo:
            here = [one for one in shown if one.place in self._places]
            self._memo[key] = united(self._logic, ((one.when, self._effect(one)) for one in here))
        return self._memo[key]

    def _effect(self, shown: Shown, ends: tuple[str, str, str] | None = None) -> Effect:
        view = self._view(shown, ends)
        if view not in self._known:
            self._known[view] = self._new(view)
        return self._known[view][1]

    def _view(self, shown: Shown, ends: tuple[str, str, str] | None) -> View:
        if not shown.is_link:
            fields = tuple((name, value) for name, value in shown.fields if name != FLOW or FLOW in self._seen)
            return View(shown.place, False, shown.phase, shown.direction, fields, shown.names, ends)
        fields = tuple((name, value) for name, value in shown.fields if self._sees(name))
        directed = bool(self._seen & {IP, SIZE, DIRECTION})
        names = shown.names if any(name.name == "dns" for name, _ in fields) else ()
        return View(shown.place, True, shown.phase, shown.direction if directed else None, fields, names)

    def _sees(self, name: Field) -> bool:
        return name in self._seen or (name == CLIENT and IP in self._seen)

    def _new(self, view: View) -> tuple[Choice, Effect]:
        def variable(act: Act) -> Lit:
            possible = act in self._adversary.acts if view.is_link else act is Act.DROP
            return self._logic.variable((act, view)) if possible else FALSE

        drop, reset, slow = variable(Act.DROP), variable(Act.RESET), variable(Act.THROTTLE)
        for left, right in ((drop, reset), (drop, slow), (reset, slow)):
            one = self._logic.either(-left, -right)
            if one != TRUE:
                self.constraints.append(one)
        throttled = ((self._adversary.throttle_rate or 0, slow),) if slow != FALSE else ()
        return Choice(view, drop, reset, slow), Effect(lost=drop, torn=reset, slow=throttled)
