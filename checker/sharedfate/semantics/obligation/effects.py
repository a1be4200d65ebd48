"""What a policy does to one observation, as literals; the interface between policies and fate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from sharedfate.model.traffic import Flow
from sharedfate.model.wire import Direction
from sharedfate.semantics.obligation.logic import FALSE, Lit, Logic
from sharedfate.semantics.stage import Instance, StagedAlternative

Slow = tuple[tuple[int, Lit], ...]
"""(rate in bit/s, literal) of each throttle, by rate."""


@dataclass(frozen=True, slots=True)
class Effect:
    """`lost`: dropped. `torn`: reset. `barred`: redirected or intercepted, set-up fails. `bent`: touched only."""

    lost: Lit = FALSE
    torn: Lit = FALSE
    barred: Lit = FALSE
    bent: Lit = FALSE
    slow: Slow = ()

    def parts(self) -> tuple[Lit, ...]:
        """Every literal: an observation is touched when one of them holds."""
        return (self.lost, self.torn, self.barred, self.bent, *(literal for _, literal in self.slow))


NOTHING = Effect()


def united(logic: Logic, effects: Iterable[tuple[Lit, Effect]]) -> Effect:
    """The effect of whichever of the conditional effects applies."""
    listed = [(when, effect) for when, effect in effects if effect is not NOTHING and when != FALSE]
    rates = sorted({rate for _, effect in listed for rate, _ in effect.slow})
    slow = tuple(
        (
            rate,
            logic.any(
                logic.both(when, literal) for when, effect in listed for known, literal in effect.slow if known == rate
            ),
        )
        for rate in rates
    )
    return Effect(
        lost=logic.any(logic.both(when, effect.lost) for when, effect in listed),
        torn=logic.any(logic.both(when, effect.torn) for when, effect in listed),
        barred=logic.any(logic.both(when, effect.barred) for when, effect in listed),
        bent=logic.any(logic.both(when, effect.bent) for when, effect in listed),
        slow=slow,
    )


class Acts(Protocol):
    """A policy, seen from fate: its effect on each thing that an alternative shows (spec B)."""

    def packet(self, at: Instance, item: StagedAlternative, direction: Direction, *, making: bool) -> Effect:
        """On packets of one direction; `making`: while a connection is set up."""

    def set_up(self, at: Instance, item: StagedAlternative) -> Effect:
        """On the set-up observation."""

    def finding(self, at: Instance, item: StagedAlternative, step: int) -> Effect:
        """On one step of finding."""

    def record(self, at: Instance, item: StagedAlternative, load: int, unit: int) -> Effect:
        """On the record of one carried unit class, where the alternative's own image shows."""

    def message(self, flow: Flow, unit: int) -> Lit:
        """A message of one unit class is dropped at a service."""


class NoActs:
    """Nobody acts."""

    def packet(self, at: Instance, item: StagedAlternative, direction: Direction, *, making: bool) -> Effect:
        """Nothing."""
        return NOTHING

    def set_up(self, at: Instance, item: StagedAlternative) -> Effect:
        """Nothing."""
        return NOTHING

    def finding(self, at: Instance, item: StagedAlternative, step: int) -> Effect:
        """Nothing."""
        return NOTHING

    def record(self, at: Instance, item: StagedAlternative, load: int, unit: int) -> Effect:
        """Nothing."""
        return NOTHING

    def message(self, flow: Flow, unit: int) -> Lit:
        """Nothing."""
        return FALSE
