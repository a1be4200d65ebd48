"""All policies of an adversary whose rules are counted, for the referee (spec F7).

A rule is a place, a phase, an act, and at most one prefix, interval, name or value a field. What a rule comes to is
the set of views that it acts on; a policy is a set of at most k of these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, combinations_with_replacement
from math import comb

from sharedfate.model.adversary import Act, Adversary
from sharedfate.model.wire import Range
from sharedfate.semantics.choices import TooManyError
from sharedfate.semantics.hits import Hits, Where
from sharedfate.semantics.observe import Seen, Shown, View, view_of

_STRENGTH = (Act.DROP, Act.RESET, Act.THROTTLE)

MAX_REACHES = 2_000
"""So many sets of views of one place and phase are considered at most."""

Reach = tuple[Act, frozenset[View]]
"""What one rule does: an act, and the views that it acts on."""


class RulePolicies:
    """Every list of at most `most` rules at once (see hits.py). Policy 0 has no rules."""

    def __init__(self, adversary: Adversary, acts: dict[View, tuple[Act, ...]], most: int, bound: int) -> None:
        """`acts`: what may be done at each view. Raises TooManyError for more than `bound` policies."""
        self.adversary = adversary
        self._acts = acts
        self.rules = tuple(dict.fromkeys(self._reaches()))
        self.count = sum(comb(len(self.rules), size) for size in range(most + 1))
        if self.count > bound:
            raise TooManyError(f"{self.count} lists of rules")
        self.everywhere: Where = (1 << self.count) - 1
        self._hits: dict[View, Hits] = {view: self._hits_of(view, most) for view in acts}
        self._known: dict[Seen, Hits] = {}

    def hits(self, seen: Seen) -> Hits:
        """What every policy does to an observation."""
        if seen not in self._known:
            view = view_of(self.adversary, seen.observation)
            self._known[seen] = Hits() if view is None else self._hits.get(view, Hits())
        return self._known[seen]

    def _hits_of(self, view: View, most: int) -> Hits:
        done: dict[Act | None, bytearray] = {act: bytearray() for act in _STRENGTH}
        reaching = [frozenset((act,)) if view in views else frozenset() for act, views in self.rules]
        for size in range(most + 1):
            for chosen in combinations(reaching, size):
                acts = frozenset().union(*chosen)
                strongest = next((act for act in _STRENGTH if act in acts), None)
                for act in _STRENGTH:
                    done[act].append(ord("1") if act is strongest else ord("0"))
        drop, reset, slow = (int(done[act][::-1].decode(), 2) for act in _STRENGTH)
        return Hits(drop, reset, ((self.adversary.throttle_rate or 0, slow),) if slow else ())

    def _reaches(self) -> Iterator[Reach]:
        for place, phase in dict.fromkeys(view[:2] for view in self._acts):
            here = [view for view in self._acts if view[:2] == (place, phase)]
            reached = {frozenset(here): None}
            for name in dict.fromkeys(name for view in here for name, _ in view[2] if name != "cname"):
                shown = [dict(view[2])[name] for view in here if name in dict(view[2])]
                picked = [
                    frozenset(view for view in here if dict(view[2]).get(name) in values)
                    for values in _told_apart(shown)
                ]
                reached |= {views & inside: None for views in list(reached) for inside in picked}
                if len(reached) > MAX_REACHES:
                    raise TooManyError(f"more than {MAX_REACHES} different rules")
            for views in reached:
                for act in _STRENGTH:
                    hit = frozenset(view for view in views if act in self._acts[view])
                    if hit:
                        yield act, hit


def _told_apart(shown: Sequence[Shown]) -> Iterator[frozenset[Shown]]:
    """The sets of a field's values that one matcher can pick: each value, each prefix, each interval.

    A port interval may name its transport or not.
    """
    values = list(dict.fromkeys(shown))
    yield from (frozenset((value,)) for value in values)
    for one, other in combinations_with_replacement(values, 2):
        covered = frozenset(value for value in values if _covered(value, one, other))
        yield covered
        yield frozenset(value for value in covered if _transport(value) == _transport(one))


def _transport(value: Shown) -> str | None:
    return value[0] if isinstance(value, tuple) and isinstance(value[0], str) else None


def _covered(value: Shown, one: Shown, other: Shown) -> bool:
    """Whether the narrowest prefix or interval that has `one` and `other` has `value`, if there is such a thing."""
    if isinstance(value, Range) and isinstance(one, Range) and isinstance(other, Range):
        return min(one.low, other.low) <= value.low and value.high <= max(one.high, other.high)
    numbers = [_number(item) for item in (value, one, other)]
    if None in numbers:
        return value in (one, other) and one == other
    (kind, here), (first, low), (second, high) = (number for number in numbers if number is not None)
    if kind == "port":
        return first == second == kind and min(low, high) <= here <= max(low, high)
    shift = (low ^ high).bit_length()
    return kind == first == second and here >> shift == low >> shift


def _number(value: Shown) -> tuple[str, int] | None:
    """A port as ("port", number), an address as ("v4", number); None for anything else."""
    if not isinstance(value, tuple) or len(value) != 2 or not isinstance(value[1], int):
        return None
    return ("port" if isinstance(value[0], str) else f"v{value[0]}", value[1])
