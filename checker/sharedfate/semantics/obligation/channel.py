"""The fate of one instance: which alternative the client sits at, and which units arrive (spec D1 to D6, E3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Protocol

from sharedfate.model.facts import FactKind, FactName
from sharedfate.model.network import BuiltIn, ByBag, ByDns, ByFlow, Order
from sharedfate.model.question import Horizon
from sharedfate.model.wire import Direction, Transport
from sharedfate.semantics.obligation.effects import Effect
from sharedfate.semantics.obligation.logic import FALSE, TRUE, Lit
from sharedfate.semantics.obligation.setting import Setting
from sharedfate.semantics.obligation.sitting import chosen
from sharedfate.semantics.obligation.throttle import exceeds
from sharedfate.semantics.stage import Instance, StagedAlternative


class Around(Protocol):
    """What a channel asks of the rest of the fate: other channels (tunnels), and flows (found by flow)."""

    def outer(self, item: StagedAlternative, *, fresh: bool) -> Channel | None:
        """The tunnel that an alternative is wrapped in."""

    def flow_at_least(self, flow: str, rung: int, *, fresh: bool) -> Lit:
        """The flow stands at `rung` or higher."""


class Channel:
    """All literals of one instance, for one kind of client (`fresh`: holds nothing durable, cached or kept up)."""

    def __init__(self, setting: Setting, instance: Instance, around: Around, *, fresh: bool) -> None:
        self._setting = setting
        self._logic = setting.logic
        self._nature = setting.nature
        self._acts = setting.acts
        self._around = around
        self._fresh = fresh
        self.instance = instance
        self._stream = instance.connection.stream
        self._many = instance.connection.many
        self._running = instance.connection.kept_up and setting.horizon is Horizon.AT_ONCE and not fresh
        self._memo: dict[tuple[object, ...], Lit] = {}

    def _once(self, key: tuple[object, ...], build: Callable[[], Lit]) -> Lit:
        if key not in self._memo:
            self._memo[key] = build()
        return self._memo[key]

    # which units there are

    def exists(self, load: int, unit: int) -> Lit:
        """The unit class is sent and occurs."""
        carried = self.instance.carried[load]
        one = carried.classes[unit]
        sends = TRUE
        if carried.flow is not None:
            flow = self._setting.model.flow[carried.flow]
            sends = FALSE if self._setting.had(flow, fresh=self._fresh) else self._nature.guard(flow.guard)
        occurs = TRUE if one.occurs is None else self._nature.holds(one.occurs)
        return self._logic.both(sends, self._nature.guard(one.guard), occurs)

    def _units(self) -> Iterator[tuple[int, int]]:
        for load, carried in enumerate(self.instance.carried):
            for unit in range(len(carried.classes)):
                yield load, unit

    # what is done to them at one alternative

    def _effect(self, item: StagedAlternative, load: int, unit: int) -> Effect:
        """Of the links where the alternative's own image shows; a packet act hits every unit of its direction."""
        record = self._acts.record(self.instance, item, load, unit)
        direction = self.instance.carried[load].direction
        packet = self._acts.packet(self.instance, item, direction, making=False)
        both = self._logic.either
        torn = FALSE
        if item.alternative.transport is Transport.TCP:
            torn = both(record.torn, packet.torn)
        return Effect(lost=both(record.lost, packet.lost), torn=torn, slow=(*record.slow, *packet.slow))

    def _parts(self, load: int, unit: int) -> list[int]:
        """The classes that are acted on together with this one: all parts of a padded unit."""
        classes = self.instance.carried[load].classes
        padded = classes[unit].padded
        if padded is None:
            return [unit]
        return [index for index, one in enumerate(classes) if one.padded == padded]

    def _dropped(self, item: StagedAlternative, load: int, unit: int) -> Lit:
        def build() -> Lit:
            here = self._logic.all(self._effect(item, load, part).lost for part in self._parts(load, unit))
            outer = self._around.outer(item, fresh=self._fresh)
            if outer is None:
                return here
            return self._logic.either(here, -outer.arrives(outer.load_of(self.instance, item, load), unit))

        return self._once(("dropped", item.key, load, unit), build)

    def _torn(self, item: StagedAlternative, load: int, unit: int) -> Lit:
        return self._logic.all(self._effect(item, load, part).torn for part in self._parts(load, unit))

    def _slowed_unit(self, item: StagedAlternative, load: int, unit: int, rate: int) -> Lit:
        return self._logic.all(
            self._logic.any(literal for known, literal in self._effect(item, load, part).slow if known == rate)
            for part in self._parts(load, unit)
        )

    def _acted(self, item: StagedAlternative, load: int, unit: int) -> Lit:
        """Something was done to the unit, here or in the tunnel. What the tunnel loses by nature is no act."""

        def build() -> Lit:
            parts = self._parts(load, unit)
            effects = [self._effect(item, load, part) for part in parts]
            here = self._logic.all(self._logic.any(one.parts()) for one in effects)
            outer = self._around.outer(item, fresh=self._fresh)
            if outer is None:
                return here
            inside = outer.load_of(self.instance, item, load)
            return self._logic.either(here, self._logic.all(outer.acted(inside, part) for part in parts))

        return self._once(("acted", item.key, load, unit), build)

    def acted(self, load: int, unit: int) -> Lit:
        """Something was done to a carried unit at some alternative that is there."""
        return self._logic.any(
            self._logic.both(self._there(item), self._acted(item, load, unit)) for item in self.instance.alternatives
        )

    def _some(self, item: StagedAlternative, test: Callable[[StagedAlternative, int, int], Lit], which: str) -> Lit:
        """Some unit that exists passes a test: `all` units, `control` units, or those of flow `which`."""

        def wanted(load: int) -> bool:
            flow = self.instance.carried[load].flow
            return which == "all" or (which == "control" and flow is None) or (which[0] == "=" and which[1:] == flow)

        return self._logic.any(
            self._logic.both(self.exists(load, unit), test(item, load, unit))
            for load, unit in self._units()
            if wanted(load)
        )

    def _in_order(self) -> Lit:
        match self.instance.connection.order:
            case Order.IN_ORDER:
                return TRUE
            case Order.ANY_ORDER:
                return FALSE
            case Order.OPEN:
                return self._nature.holds(FactName(FactKind.ORDER.value, (self.instance.connection.name,)))

    def _lost(self, item: StagedAlternative, load: int, unit: int) -> Lit:
        """D4."""
        dropped = self._dropped(item, load, unit)
        if not self._stream:
            return dropped

        def build() -> Lit:
            control = self._some(item, self._dropped, "control")
            alone = self._logic.either(control, dropped)
            if self._many:
                return alone
            return self._logic.choose(self._in_order(), self._some(item, self._dropped, "all"), alone)

        return self._once(("lost", item.key, load, unit), build)

    # set-up

    def _making(self, item: StagedAlternative) -> list[Effect]:
        up, down = (
            self._acts.packet(self.instance, item, direction, making=True)
            for direction in (Direction.UP, Direction.DOWN)
        )
        return [up, down, self._acts.set_up(self.instance, item)]

    def _refused(self, effects: list[Effect]) -> Lit:
        return self._logic.any(part for one in effects for part in (one.lost, one.torn, one.barred))

    def _counted(self, item: StagedAlternative) -> Iterator[int]:
        """The steps of finding that have to be done."""
        for index, staged in enumerate(item.found):
            step = staged.step
            match step:
                case BuiltIn():
                    continue
                case ByDns() | ByBag() | ByFlow():
                    if not self._setting.kept(step.keep, expires=step.expires, fresh=self._fresh):
                        yield index

    def _found(self, item: StagedAlternative) -> Lit:
        wanted: list[Lit] = []
        for index in self._counted(item):
            step = item.found[index].step
            if isinstance(step, ByFlow):
                wanted.append(self._around.flow_at_least(step.flow, 1, fresh=self._fresh))
            else:
                effect = self._acts.finding(self.instance, item, index)
                wanted.append(-self._logic.either(effect.lost, effect.torn))
        return self._logic.all(wanted)

    def usable(self, item: StagedAlternative) -> Lit:
        """D2."""

        def build() -> Lit:
            outer = self._around.outer(item, fresh=self._fresh)
            return self._logic.both(
                self._there(item),
                self._found(item),
                -self._refused(self._making(item)),
                TRUE if outer is None else outer.alive,
            )

        return self._once(("usable", item.key), build)

    def _chosen(self, item: StagedAlternative, fit: Callable[[StagedAlternative], Lit]) -> Lit:
        return chosen(self._logic, self._nature, self.instance, item, fit)

    def _there(self, item: StagedAlternative) -> Lit:
        """Its guard holds, and some alternative of the forwarder that it passes through is there."""
        fronts = [
            one.alternative.guard
            for segment in item.segments
            if segment.through is not None
            for one in self._setting.stage.instance(segment.through).alternatives
        ]
        passes = self._logic.any(map(self._nature.guard, fronts)) if fronts else TRUE
        return self._logic.both(self._nature.guard(item.alternative.guard), passes)

    def _runs(self, item: StagedAlternative) -> Lit:
        return self._once(("runs", item.key), lambda: self._chosen(item, self._there))

    @cached_property
    def _broken(self) -> Lit:
        """E3: the running connection does not survive; TRUE where nothing is kept running."""
        if not self._running:
            return TRUE
        return self._logic.any(
            self._logic.both(self._runs(item), self._breaks(item)) for item in self.instance.alternatives
        )

    def _breaks(self, item: StagedAlternative) -> Lit:
        if self._stream:
            return self._some(
                item,
                lambda one, load, unit: self._logic.either(self._dropped(one, load, unit), self._torn(one, load, unit)),
                "all",
            )
        everything = self._logic.all(
            self._logic.either(-self.exists(load, unit), self._dropped(item, load, unit))
            for load, unit in self._units()
        )
        return self._logic.both(everything, self._logic.any(self.exists(*place) for place in self._units()))

    def sits(self, item: StagedAlternative) -> Lit:
        """The client is at this alternative, after what the policy did."""

        def build() -> Lit:
            made = self._chosen(item, self.usable)
            if not self._running:
                return made
            return self._logic.choose(self._broken, made, self._runs(item))

        return self._once(("sits", item.key), build)

    @cached_property
    def alive(self) -> Lit:
        """It sits somewhere."""
        return self._logic.any(self.sits(item) for item in self.instance.alternatives)

    # what the flows ask

    def load_of(self, rider: Instance, item: StagedAlternative, load: int) -> int:
        """The place, among what this tunnel carries, of load number `load` of an alternative that rides in it."""
        mine = [index for index, carried in enumerate(self.instance.carried) if carried.rider == (rider.id, item.key)]
        return mine[load]

    def arrives(self, load: int, unit: int) -> Lit:
        """D5."""

        def build() -> Lit:
            items = self.instance.alternatives
            passes = [-self._lost(item, load, unit) for item in items]
            where = [self.sits(item) for item in items]
            if self.instance.connection.rotate:
                where = [self._rotating(item) for item in items]
            return self._logic.any(self._logic.both(*pair) for pair in zip(where, passes, strict=True))

        return self._once(("arrives", load, unit), build)

    def _rotating(self, item: StagedAlternative) -> Lit:
        if not self._running:
            return self.usable(item)
        return self._logic.choose(self._broken, self.usable(item), self._runs(item))

    def stalled_beside(self, flow: str) -> Lit:
        """D4, `many`: an instance that carries another flow's dropped unit stalls, which hurts this flow."""

        def build() -> Lit:
            items = self.instance.alternatives
            stalls = [self._stalls(item, flow) for item in items]
            if not self.instance.connection.rotate:
                return self._logic.any(
                    self._logic.both(self.sits(one), bad) for one, bad in zip(items, stalls, strict=True)
                )
            where = [self._rotating(item) for item in items]
            everywhere = (self._logic.either(-at, bad) for at, bad in zip(where, stalls, strict=True))
            return self._logic.both(self._logic.any(where), *everywhere)

        return self._once(("stalled", flow), build)

    def _stalls(self, item: StagedAlternative, flow: str) -> Lit:
        outer = self._around.outer(item, fresh=self._fresh)
        inside = FALSE if outer is None else outer.stalled_beside(flow)
        if not (self._stream and self._many):
            return inside
        return self._logic.either(
            inside,
            *(
                self._logic.both(self.exists(load, unit), self._dropped(item, load, unit))
                for load, unit in self._units()
                if self.instance.carried[load].flow not in (None, flow)
            ),
        )

    def short(self, flow: str) -> Lit:
        """D6."""

        def build() -> Lit:
            return self._logic.any(
                self._logic.both(self.sits(item), self._short_at(item, flow)) for item in self.instance.alternatives
            )

        return self._once(("short", flow), build)

    def _short_at(self, item: StagedAlternative, flow: str) -> Lit:
        outer = self._around.outer(item, fresh=self._fresh)
        inside = FALSE if outer is None else outer.short(flow)
        rates = {rate for one in self._making(item) for rate, _ in one.slow}
        rates |= {rate for place in self._units() for rate, _ in self._effect(item, *place).slow}
        slowed = (
            self._logic.both(self._slowed(item, flow, rate), exceeds(self._setting, self, flow, rate))
            for rate in sorted(rates)
        )
        return self._logic.either(inside, *slowed)

    def _slowed(self, item: StagedAlternative, flow: str, rate: int) -> Lit:
        making = self._logic.any(literal for one in self._making(item) for known, literal in one.slow if known == rate)
        units = self._some(
            item,
            lambda one, load, unit: self._slowed_unit(one, load, unit, rate),
            "all" if self._stream else f"={flow}",
        )
        return self._logic.either(self._logic.both(self._broken, making), units)

    def bears(self, flow: str) -> Lit:
        """D7: something that bears on the flow was acted on, at some alternative that is there."""

        def build() -> Lit:
            touched = self._logic.any(
                self._logic.both(self._there(item), self._touched(item, flow)) for item in self.instance.alternatives
            )
            return self._logic.either(touched, self._broken) if self._running else touched

        return self._once(("bears", flow), build)

    def _touched(self, item: StagedAlternative, flow: str) -> Lit:
        set_up = [part for one in self._making(item) for part in one.parts()]
        for index in self._counted(item):
            step = item.found[index].step
            if isinstance(step, ByFlow):
                set_up.append(-self._around.flow_at_least(step.flow, 3, fresh=self._fresh))
            else:
                set_up += self._acts.finding(self.instance, item, index).parts()
        units = self._some(item, self._acted, "all" if self._stream else f"={flow}")
        outer = self._around.outer(item, fresh=self._fresh)
        return self._logic.either(
            self._logic.both(self._broken, self._logic.any(set_up)),
            units,
            FALSE if outer is None else outer.bears(flow),
        )
