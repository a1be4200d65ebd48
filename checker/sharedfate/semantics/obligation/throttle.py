"""Whether a flow's need exceeds what a throttle leaves (spec D6)."""

from __future__ import annotations

from typing import Protocol

from sharedfate.model.facts import FactKind, FactName
from sharedfate.semantics.obligation.logic import FALSE, TRUE, Lit
from sharedfate.semantics.obligation.setting import Setting
from sharedfate.semantics.stage import Instance


class Carrier(Protocol):
    """The part of a channel that is asked here."""

    instance: Instance

    def exists(self, load: int, unit: int) -> Lit:
        """The unit class is sent and occurs."""


def exceeds(setting: Setting, carrier: Carrier, flow: str, rate: int) -> Lit:
    """need(flow), on a stream plus the needs of what runs together with it, is above `rate` bit/s."""
    others = _beside(setting, carrier, flow) if carrier.instance.connection.stream else []
    own = setting.model.flow[flow].need
    silent = setting.nature.holds(FactName(FactKind.NEED.value, (flow,))) if own is None else FALSE
    endless = [literal for literal, need in others if need is None]
    counted = [(literal, need) for literal, need in others if need is not None]
    known: dict[tuple[int, int], Lit] = {}

    def above(index: int, left: int) -> Lit:
        """The needs from `index` on sum up to more than `left`."""
        if left < 0:
            return TRUE
        if index == len(counted):
            return FALSE
        if (index, left) not in known:
            literal, need = counted[index]
            known[index, left] = setting.logic.choose(literal, above(index + 1, left - need), above(index + 1, left))
        return known[index, left]

    return setting.logic.either(silent, *endless, above(0, rate - (own or 0)))


def _beside(setting: Setting, carrier: Carrier, flow: str) -> list[tuple[Lit, int | None]]:
    """The other flows carried: the literal that each runs just then, and its need (None: above any rate)."""
    found: dict[str, list[Lit]] = {}
    for load, carried in enumerate(carrier.instance.carried):
        if carried.flow is not None and carried.flow != flow:
            exists = [carrier.exists(load, unit) for unit in range(len(carried.classes))]
            found.setdefault(carried.flow, []).extend(exists)
    listed: list[tuple[Lit, int | None]] = []
    for name, exists in found.items():
        together = setting.nature.holds(FactName(FactKind.TOGETHER.value, (carrier.instance.label, name)))
        runs = setting.logic.both(setting.logic.any(exists), together)
        need = setting.model.flow[name].need
        if need is None:
            runs = setting.logic.both(runs, setting.nature.holds(FactName(FactKind.NEED.value, (name,))))
        listed.append((runs, need))
    return listed
