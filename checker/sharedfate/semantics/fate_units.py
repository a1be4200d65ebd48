"""What becomes of units on one instance (spec D1 to D6, E): found, usable, where the client sits, what is lost there.

Truth values are sets of policies (see hits.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sharedfate.model.facts import FactKind, FactName
from sharedfate.model.model import Model
from sharedfate.model.network import ByDns, ByFlow, Finding, Keep, Order
from sharedfate.model.policy import Redirect
from sharedfate.model.question import Horizon
from sharedfate.model.traffic import Flow
from sharedfate.model.wire import Transport
from sharedfate.semantics.choices import Choice, holds, is_there
from sharedfate.semantics.hits import Effects, Rates, Touch, Where, lowest, strongest, weakest
from sharedfate.semantics.observe import Images, Seen, preferred, present
from sharedfate.semantics.stage import Carried, Instance, InstanceId, Stage, StagedAlternative, StagedFinding

Unit = tuple[int, int]
"""Index of what the instance carries, index of the unit class."""


@dataclass(frozen=True)
class Setting:
    """A stage, what acts on it, one choice of nature, a horizon."""

    model: Model
    stage: Stage
    images: Images
    effects: Effects
    choice: Choice
    horizon: Horizon

    def touch(self, seen: Iterable[Seen], *, resets: bool = True) -> Touch:
        """The strongest act on observations of the same thing."""
        return strongest((self.effects.hits(one) for one in seen), resets=resets)


def still_has(keep: Keep, expires: bool, horizon: Horizon) -> bool:
    """Whether what is kept so need not be had again at a horizon, by a client that has it (D1, E)."""
    match horizon:
        case Horizon.AT_ONCE:
            return keep is not Keep.NO
        case Horizon.ON_RECONNECT:
            return keep is Keep.DURABLE
        case Horizon.FOR_GOOD:
            return keep is Keep.DURABLE and not expires


def sends(flow: Flow, setting: Setting, fresh: bool) -> bool:
    """Whether a flow sends anything: its guard holds and it must be had (again) (D4, D7)."""
    return holds(flow.guard, setting.choice) and (fresh or not need_not_be_had(flow, setting.horizon))


def need_not_be_had(flow: Flow, horizon: Horizon) -> bool:
    """Whether a client that holds what it can need not have this flow again (D7)."""
    keep = Keep.DURABLE if flow.durable else Keep.CACHED if flow.cached else Keep.NO
    return still_has(keep, flow.expires, horizon)


@dataclass(frozen=True)
class AlternativeFate:
    """What happens at one alternative that is there.

    `away`: an act takes the endpoint away. `finding_touched`, `setup_touched`: something there was acted on.
    `units`: what is done to each unit, with what the tunnel does. `lost`: units lost there. `hurt`: flows hurt by
    `many` there. `short`: flows whose need is not met there.
    """

    item: StagedAlternative
    found: Where
    away: Where
    tunnel_alive: Where
    usable: Where
    finding_touched: Where
    setup_touched: Where
    units: dict[Unit, Touch]
    acted: dict[Unit, Where]
    lost: dict[Unit, Where]
    hurt: dict[str, Where]
    short: dict[str, Where]


@dataclass(frozen=True)
class InstanceFate:
    """What becomes of one instance. `alive`: it sits somewhere. `touched`: finding, set-up or the tunnel was acted on.

    `unit_touched`: at some alternative that is there, an act bears on the unit. `broken`: it ran, and was broken.
    """

    instance: Instance
    alive: Where
    lost: dict[Unit, Where]
    hurt: dict[str, Where]
    short: dict[str, Where]
    touched: Where
    unit_touched: dict[Unit, Where]
    alternatives: tuple[AlternativeFate, ...]
    running: AlternativeFate | None = None
    broken: Where = 0


FlowDead = Callable[[str, bool], tuple[Where, Where]]
"""Of a flow, for a client that holds things (False) or nothing (True): where it is dead, where it is not clean."""


@dataclass
class Units:
    """Computes and remembers the fate of instances."""

    setting: Setting
    flow_state: FlowDead
    _known: dict[tuple[InstanceId, bool], InstanceFate] = field(default_factory=dict)

    def fate(self, of: InstanceId, fresh: bool) -> InstanceFate:
        """The fate of an instance, for a client that holds things or (`fresh`) nothing."""
        key = (of, fresh)
        if key not in self._known:
            instance = self.setting.stage.instance(of)
            runs = self.setting.horizon is Horizon.AT_ONCE and instance.connection.kept_up and not fresh
            self._known[key] = self._running(instance) if runs else self._set_up(instance, fresh)
        return self._known[key]

    # Set up anew (E1, E2, and E3 for what is not kept up)

    def _set_up(self, instance: Instance, fresh: bool) -> InstanceFate:
        there = present(self.setting.stage, instance, self.setting.choice)
        fates = tuple(self._alternative(instance, item, fresh) for item in there)
        all_ = self.setting.effects.everywhere
        sits, nowhere = self._sits(instance, fates)
        units = self._sent(instance, fresh)
        touched, unit_touched = self._touched(instance, fates, units, fresh)
        if instance.connection.rotate:
            lost = {unit: _everywhere(all_, (~one.usable | one.lost[unit] for one in fates)) for unit in units}
            flows = _flows(instance)
            hurt = {
                flow: _everywhere(all_, (~one.usable | one.hurt.get(flow, 0) for one in fates)) & ~nowhere
                for flow in flows
            }
        else:
            lost = {unit: nowhere | _or(at & one.lost[unit] for one, at in sits) for unit in units}
            hurt = {flow: _or(at & one.hurt.get(flow, 0) for one, at in sits) for flow in _flows(instance)}
        short = {flow: _or(at & one.short.get(flow, 0) for one, at in sits) for flow in _flows(instance)}
        return InstanceFate(instance, all_ & ~nowhere, lost, hurt, short, touched, unit_touched, fates)

    def _sits(
        self, instance: Instance, fates: Sequence[AlternativeFate]
    ) -> tuple[list[tuple[AlternativeFate, Where]], Where]:
        """Where the client sits at each alternative, and where it sits nowhere (D3)."""
        wanted = self.preference(instance)
        rest = self.setting.effects.everywhere
        sits: list[tuple[AlternativeFate, Where]] = []
        for one in (*(one for one in fates if one.item.key == wanted), *fates):
            sits.append((one, rest & one.usable))
            rest &= ~one.usable
        return sits, rest

    def _alternative(self, instance: Instance, item: StagedAlternative, fresh: bool) -> AlternativeFate:
        all_ = self.setting.effects.everywhere
        found, finding_touched = all_, 0
        for step in item.found:
            missing, acted = self._finding(instance, item, step, fresh)
            found &= ~missing
            finding_touched |= acted
        making = self.setting.images.image(instance, item, self.setting.choice).making
        away, touched, rates = self._making(instance, item, making)
        tunnel = self._tunnel(item, fresh)
        alive = all_ if tunnel is None else tunnel.alive
        usable = found & ~away & alive
        acts, units, lost, hurt, short = self._carry(instance, item, fresh, rates)
        return AlternativeFate(
            item, found, away, alive, usable, finding_touched, touched, acts, units, lost, hurt, short
        )

    def must_find(self, instance: Instance, step: StagedFinding, fresh: bool) -> bool:
        """Whether a step of finding counts: a client that still has its result need not take it (D1)."""
        horizon = self.setting.horizon
        if instance.connection.kept_up and horizon is Horizon.AT_ONCE:
            horizon = Horizon.ON_RECONNECT  # a broken instance is evaluated as on reconnect (E3)
        return fresh or not still_has(*_kept(step.step), horizon)

    def preference(self, instance: Instance) -> str | None:
        """The key of the alternative that the client prefers, None where there is no choice (D3)."""
        wanted = self.setting.choice.get(FactName(FactKind.SITS.value, (instance.label,)))
        return wanted if isinstance(wanted, str) else None

    def _finding(
        self, instance: Instance, item: StagedAlternative, step: StagedFinding, fresh: bool
    ) -> tuple[Where, Where]:
        """Where a step of finding fails, and where it is acted on (D1)."""
        if not self.must_find(instance, step, fresh):
            return 0, 0
        if isinstance(step.step, ByFlow):
            return self.flow_state(step.step.flow, fresh)
        seen = self.setting.images.finding(item, step, self.setting.choice)
        touch = self.setting.touch(seen)
        bent = _or(where for one in seen for _, where in self.setting.effects.hits(one).redirected)
        return touch.dropped | touch.reset, touch.acted | bent

    def _making(
        self, instance: Instance, item: StagedAlternative, making: Sequence[Seen]
    ) -> tuple[Where, Where, Rates]:
        """Where the endpoint is taken away, where set-up is acted on, and what throttles it (C5)."""
        away = touched = 0
        rates: list[tuple[int, Where]] = []
        for seen in making:
            hits = self.setting.effects.hits(seen)
            away |= hits.dropped | hits.reset
            rates += hits.throttled
            for redirect, where in hits.redirected:
                away |= 0 if self._leads_back(instance, item, redirect) else where
                touched |= where
            if instance.connection.pinned and item.alternative.tls is not None:
                away |= hits.intercepted
        return away, away | touched | _or(where for _, where in rates), lowest(rates, away)

    def _leads_back(self, instance: Instance, item: StagedAlternative, redirect: Redirect) -> bool:
        """Whether a redirection leads to an endpoint of the same alternative (C5)."""
        pool = item.alternative.pool
        if redirect.prefix is not None:
            target = redirect.prefix
            prefixes = () if pool is None else pool.prefixes
            return any(
                one.version == target.version and one.first <= target.first and target.last <= one.last
                for one in prefixes
            )
        tls = item.alternative.tls
        name = None if tls is None else tls.outer or tls.sni
        if name is not None:
            shown = self.setting.images.name(item, name, self.setting.choice)
            asked = (one for step in item.alternative.found if isinstance(step, ByDns) for one in step.names)
            if any(self.setting.images.name(item, one, self.setting.choice) == shown for one in asked):
                return True
        return bool(self.setting.choice.get(FactName(FactKind.RESOLVES.value, (instance.connection.name,)), False))

    # A running instance (E3)

    def _running(self, instance: Instance) -> InstanceFate:
        all_ = self.setting.effects.everywhere
        anew = self._set_up(instance, False)
        here = preferred(self.setting.stage, instance, self.setting.choice)
        if here is None:
            return anew
        there = present(self.setting.stage, instance, self.setting.choice)
        fates = tuple(self._as_running(instance, item) for item in there)
        now = next(one for one in fates if one.item is here)
        units = self._sent(instance, False)
        stream = instance.connection.stream
        if stream:
            broken = _or(now.units[unit].dropped | now.units[unit].reset for unit in units)
        else:
            broken = _everywhere(all_, (now.units[unit].dropped for unit in units)) if units else 0
        touched, unit_touched = self._touched(instance, fates, units, False)
        kept = all_ & ~broken

        def mixed(flowing: Where, renewed: Where) -> Where:
            return (kept & flowing) | (broken & renewed)

        return InstanceFate(
            instance,
            alive=mixed(all_, anew.alive),
            lost={unit: mixed(0 if stream else now.units[unit].dropped, anew.lost[unit]) for unit in units},
            hurt={flow: mixed(0, anew.hurt[flow]) for flow in anew.hurt},
            short={flow: mixed(now.short.get(flow, 0), anew.short[flow]) for flow in anew.short},
            touched=touched | broken,
            unit_touched=unit_touched,
            alternatives=anew.alternatives,
            running=now,
            broken=broken,
        )

    def _as_running(self, instance: Instance, item: StagedAlternative) -> AlternativeFate:
        all_ = self.setting.effects.everywhere
        acts, units, lost, hurt, short = self._carry(instance, item, False, ())
        return AlternativeFate(item, all_, 0, all_, all_, 0, 0, acts, units, lost, hurt, short)

    # Units at one alternative (D4, D6)

    def _carry(
        self, instance: Instance, item: StagedAlternative, fresh: bool, setup_rates: Rates
    ) -> tuple[dict[Unit, Touch], dict[Unit, Where], dict[Unit, Where], dict[str, Where], dict[str, Where]]:
        """Acts on each unit; where any bears on it; where it is lost; where flows are hurt by `many`; and short."""
        units = self._sent(instance, fresh)
        tunnel = self._tunnel(item, fresh)
        inside = {} if tunnel is None else _inside(instance, item, tunnel.instance, units)
        acts: dict[Unit, Touch] = {}
        acted: dict[Unit, Where] = {}
        own = self._own_acts(instance, item, units)
        for unit in units:
            touch = own[unit]
            acted[unit] = touch.acted
            if tunnel is not None:
                touch = strongest((touch, Touch(tunnel.lost[inside[unit]])))
                acted[unit] |= tunnel.unit_touched[inside[unit]]
            acts[unit] = touch
        lost, hurt = self._losses(instance, acts)
        short = self._short(instance, item, fresh, acts, setup_rates)
        if tunnel is not None:
            for flow in _flows(instance):
                hurt[flow] = hurt.get(flow, 0) | tunnel.hurt.get(flow, 0)
                short[flow] = short.get(flow, 0) | tunnel.short.get(flow, 0)
        return acts, acted, lost, hurt, short

    def _own_acts(self, instance: Instance, item: StagedAlternative, units: Sequence[Unit]) -> dict[Unit, Touch]:
        """What is done to each unit on the links where this alternative's own image shows (C6)."""
        image = self.setting.images.image(instance, item, self.setting.choice)
        tcp = item.alternative.transport is Transport.TCP
        acts: dict[Unit, Touch] = {}
        padded: dict[tuple[int, int], list[Unit]] = {}
        for number, index in units:
            load = instance.carried[number]
            seen = (*image.packets[load.direction], *image.records[number][index])
            acts[number, index] = self.setting.touch(seen, resets=tcp)
            group = load.classes[index].padded
            if group is not None:
                padded.setdefault((number, group), []).append((number, index))
        for pieces in padded.values():
            together = weakest([acts[piece] for piece in pieces])
            acts |= dict.fromkeys(pieces, together)
        return acts

    def _losses(self, instance: Instance, acts: dict[Unit, Touch]) -> tuple[dict[Unit, Where], dict[str, Where]]:
        """Where each unit is lost, and where flows are hurt by `many` (D4)."""
        connection = instance.connection
        lost = {unit: touch.dropped for unit, touch in acts.items()}
        hurt: dict[str, Where] = {}
        if not connection.stream:
            return lost, hurt
        control = _or(lost[unit] for unit in acts if _is_control(instance.carried[unit[0]]))
        if connection.many:
            for flow in _flows(instance):
                others = (lost[unit] for unit in acts if instance.carried[unit[0]].flow != flow)
                hurt[flow] = _or(others)
            all_lost = control
        else:
            all_lost = control | (_or(lost.values()) if self._in_order(instance) else 0)
        return {unit: where | all_lost for unit, where in lost.items()}, hurt

    def _in_order(self, instance: Instance) -> bool:
        match instance.connection.order:
            case Order.IN_ORDER:
                return True
            case Order.ANY_ORDER:
                return False
            case Order.OPEN:
                fact = FactName(FactKind.ORDER.value, (instance.connection.name,))
                return bool(self.setting.choice.get(fact, False))

    def _short(
        self, instance: Instance, item: StagedAlternative, fresh: bool, acts: dict[Unit, Touch], setup_rates: Rates
    ) -> dict[str, Where]:
        """Where the need of each flow that runs here is not met (D6)."""
        image = self.setting.images.image(instance, item, self.setting.choice)
        packets = {way: self.setting.touch(seen).throttled for way, seen in image.packets.items()}
        running = [flow for flow in _flows(instance) if sends(self.setting.model.flow[flow], self.setting, fresh)]
        short: dict[str, Where] = {}
        for flow in running:
            stream = instance.connection.stream
            bearing = [unit for unit in acts if stream or instance.carried[unit[0]].flow == flow]
            ways = {way for way in packets if stream} | {instance.carried[unit[0]].direction for unit in bearing}
            rates = [*setup_rates, *(rate for way in ways for rate in packets[way])]
            rates += [rate for unit in bearing for rate in acts[unit].throttled]
            need = self._need(flow)
            if stream:
                need += sum(self._need(other) for other in running if other != flow and self._together(instance, other))
            short[flow] = _or(where for rate, where in lowest(rates) if need > rate)
        return short

    def _need(self, name: str) -> float:
        """What a flow needs, in bit/s; more than any rate, or nothing, if it does not say (D6)."""
        need = self.setting.model.flow[name].need
        if need is not None:
            return need
        return float("inf") if self.setting.choice.get(FactName(FactKind.NEED.value, (name,)), False) else 0

    def _together(self, instance: Instance, flow: str) -> bool:
        fact = FactName(FactKind.TOGETHER.value, (instance.label, flow))
        return bool(self.setting.choice.get(fact, False))

    # Help

    def _tunnel(self, item: StagedAlternative, fresh: bool) -> InstanceFate | None:
        outer = next((segment.outer for segment in item.segments if segment.outer is not None), None)
        return None if outer is None else self.fate(outer, fresh)

    def _sent(self, instance: Instance, fresh: bool) -> list[Unit]:
        """The units that occur on an instance (D4)."""
        return [
            (number, index)
            for number, load in enumerate(instance.carried)
            if load.flow is None or sends(self.setting.model.flow[load.flow], self.setting, fresh)
            for index, unit in enumerate(load.classes)
            if is_there(unit, self.setting.choice)
        ]

    def _touched(
        self, instance: Instance, fates: Sequence[AlternativeFate], units: Sequence[Unit], fresh: bool
    ) -> tuple[Where, dict[Unit, Where]]:
        """Where something bears on the whole instance, and on each unit, at any alternative that is there (D7)."""
        tunnels = (self._tunnel(one.item, fresh) for one in fates)
        touched = _or(one.finding_touched | one.setup_touched for one in fates)
        touched |= _or(tunnel.touched for tunnel in tunnels if tunnel is not None)
        by_unit = {unit: _or(one.acted[unit] for one in fates) for unit in units}
        if instance.connection.stream:
            by_unit = dict.fromkeys(units, _or(by_unit.values()))
        return touched, by_unit


def _kept(step: Finding) -> tuple[Keep, bool]:
    keep = getattr(step, "keep", Keep.NO)
    return keep, getattr(step, "expires", False)


def _is_control(load: Carried) -> bool:
    """The instance's own control; what rides in a tunnel has control units that are just load to the tunnel."""
    return load.flow is None and load.rider is None


def _flows(instance: Instance) -> list[str]:
    return list(dict.fromkeys(load.flow for load in instance.carried if load.flow is not None))


def _inside(instance: Instance, item: StagedAlternative, tunnel: Instance, units: Iterable[Unit]) -> dict[Unit, Unit]:
    """Each unit as the unit of the tunnel that carries it: a tunnel lists what its riders carry in their order (A5)."""
    slots = [number for number, load in enumerate(tunnel.carried) if load.rider == (instance.id, item.key)]
    return {(number, index): (slots[number], index) for number, index in units}


def _or(values: Iterable[Where]) -> Where:
    result = 0
    for value in values:
        result |= value
    return result


def _everywhere(all_: Where, values: Iterable[Where]) -> Where:
    """The policies of `all_` that are in each of the values."""
    for value in values:
        all_ &= value
    return all_


def flow_units(instance: Instance, flow: str) -> Iterator[int]:
    """Indices of what the instance carries itself of a flow."""
    return (number for number, load in enumerate(instance.carried) if load.flow == flow and load.rider is None)
