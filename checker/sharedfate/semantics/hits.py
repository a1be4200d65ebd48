"""What policies do to observations, for one policy or for many at once.

A truth value here is a set of policies, as bits of an integer: those under which it is true. With a single policy it
is 1 or 0, and `&`, `|` read as and, or. With all policies of a small world it lets one computation of fate do for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, assert_never

from sharedfate.model.policy import Allow, Drop, Intercept, Redirect, Reset, Throttle
from sharedfate.semantics.observe import Seen
from sharedfate.semantics.policies import Acting, Decision

Where = int
"""A set of policies: bit i says whether it holds under the i-th."""
Rates = tuple[tuple[int, Where], ...]
"""Rates in bit/s, each with the policies under which it is the lowest that applies; ascending, disjoint."""


@dataclass(frozen=True, slots=True)
class Hits:
    """What is done to one observation."""

    dropped: Where = 0
    reset: Where = 0
    throttled: tuple[tuple[int, Where], ...] = ()
    redirected: tuple[tuple[Redirect, Where], ...] = ()
    intercepted: Where = 0


class Effects(Protocol):
    """One or many policies. `everywhere` is the set of all of them."""

    everywhere: Where

    def hits(self, seen: Seen) -> Hits:
        """What they do to an observation."""
        ...


@dataclass
class OneEffect:
    """A single policy."""

    acting: Acting
    everywhere: Where = 1
    _known: dict[Seen, tuple[tuple[Decision, ...], Hits]] = field(default_factory=dict)

    def hits(self, seen: Seen) -> Hits:
        """What the policy does to an observation."""
        return self._look(seen)[1]

    def decisions(self, seen: Seen) -> tuple[Decision, ...]:
        """The decisions behind `hits`."""
        return self._look(seen)[0]

    def _look(self, seen: Seen) -> tuple[tuple[Decision, ...], Hits]:
        if seen not in self._known:
            decisions = self.acting.act(seen.observation, seen.setup)
            self._known[seen] = (decisions, hits_of(decisions))
        return self._known[seen]


def hits_of(decisions: Iterable[Decision]) -> Hits:
    """Decisions of one policy (or of several that act together) as hits."""
    dropped = reset = intercepted = 0
    throttled: list[tuple[int, Where]] = []
    redirected: list[tuple[Redirect, Where]] = []
    for decision in decisions:
        match decision.action:
            case Drop():
                dropped = 1
            case Reset():
                reset = 1
            case Throttle(rate=rate):
                throttled.append((rate, 1))
            case Redirect() as redirect:
                redirected.append((redirect, 1))
            case Intercept():
                intercepted = 1
            case Allow():
                pass
            case _:
                assert_never(decision.action)
    return Hits(dropped, reset, tuple(throttled), tuple(redirected), intercepted)


@dataclass(frozen=True, slots=True)
class Touch:
    """The strongest act on a packet or unit: drop over reset over the lowest throttle over none (C4). Disjoint."""

    dropped: Where = 0
    reset: Where = 0
    throttled: Rates = ()

    @property
    def acted(self) -> Where:
        """Where anything was done."""
        acted = self.dropped | self.reset
        for _, where in self.throttled:
            acted |= where
        return acted


def lowest(rates: Iterable[tuple[int, Where]], but: Where = 0) -> Rates:
    """Rates with overlapping policies made disjoint, the lowest first, leaving out `but`."""
    found: list[tuple[int, Where]] = []
    for rate, where in sorted(rates, key=lambda pair: pair[0]):
        if where & ~but:
            found.append((rate, where & ~but))
            but |= where
    return tuple(found)


def strongest(hits: Iterable[Hits | Touch], *, resets: bool = True) -> Touch:
    """The strongest of several acts on the same thing. `resets` false: a reset has no effect (not TCP, C6)."""
    dropped = reset = 0
    rates: list[tuple[int, Where]] = []
    for hit in hits:
        dropped |= hit.dropped
        reset |= hit.reset
        rates += hit.throttled
    reset = reset & ~dropped if resets else 0
    return Touch(dropped, reset, lowest(rates, dropped | reset))


def weakest(touches: Sequence[Touch]) -> Touch:
    """What is done to a padded unit: the weakest of what is done to its pieces (A7)."""
    rates = sorted({rate for touch in touches for rate, _ in touch.throttled})
    dropped = reset = -1
    for touch in touches:
        dropped &= touch.dropped
        reset &= touch.dropped | touch.reset
    throttled: list[tuple[int, Where]] = []
    for rate in rates:
        where = -1
        for touch in touches:
            at_least = touch.dropped | touch.reset
            for one, there in touch.throttled:
                at_least |= there if one <= rate else 0
            where &= at_least
        throttled.append((rate, where))
    return Touch(dropped, reset & ~dropped, lowest(throttled, reset))
