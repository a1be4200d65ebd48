"""Cuts pools of integers (addresses, ports) into classes that nothing asked about tells apart further."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sharedfate.model.wire import Prefix, Range

Interval = tuple[int, int]
"""Inclusive ends."""
Event = tuple[int, int]
"""Where something begins or has ended, and its number; ~number where it has ended."""


class Addresses:
    """The addresses of some prefixes, looked up in logarithmic time."""

    def __init__(self, prefixes: Iterable[Prefix]) -> None:
        self._starts: dict[int, list[int]] = {4: [], 6: []}
        self._ends: dict[int, list[int]] = {4: [], 6: []}
        for prefix in sorted(prefixes, key=lambda one: (one.version, one.first)):
            starts, ends = self._starts[prefix.version], self._ends[prefix.version]
            if ends and prefix.first <= ends[-1]:
                ends[-1] = max(ends[-1], prefix.last)
            else:
                starts.append(prefix.first)
                ends.append(prefix.last)

    def meet(self, prefix: Prefix) -> bool:
        """Whether a prefix has one of them."""
        index = bisect_right(self._starts[prefix.version], prefix.last) - 1
        return index >= 0 and self._ends[prefix.version][index] >= prefix.first


@dataclass(frozen=True, slots=True)
class IntegerClass:
    """Integers with the same signature: who draws on them, and which rules name them."""

    parts: tuple[Interval, ...]
    users: frozenset[Hashable]

    @property
    def size(self) -> int:
        """How many integers."""
        return sum(high - low + 1 for low, high in self.parts)

    def first(self, count: int) -> list[int]:
        """The lowest `count` of them, or all if there are fewer."""
        found: list[int] = []
        for low, high in self.parts:
            found += range(low, min(high, low + count - len(found) - 1) + 1)
            if len(found) >= count:
                break
        return found


def classes(
    users: Mapping[Hashable, Sequence[Interval]], rules: Sequence[Sequence[Interval]], merge: bool = True
) -> dict[Hashable, list[IntegerClass]]:
    """For each user of a pool the classes that make up its intervals, by lowest member.

    Two integers are in one class if the same users and the same rules contain them (without `merge`: and if no
    interval's end lies between them). Sweeps over all ends once: O(n log n) for disjoint rules.
    """
    names = list(users)
    events: list[Event] = []
    for key, intervals in enumerate((*users.values(), *rules)):  # users are numbered first, then rules
        for low, high in intervals:
            events.append((low, key))
            events.append((high + 1, ~key))
    events.sort()
    by_user: dict[Hashable, list[IntegerClass]] = {user: [] for user in users}
    for inside, parts in _sweep(events, len(names), merge):
        drawing = [names[key] for key in inside]
        one = IntegerClass(tuple(parts), frozenset(drawing))
        for user in drawing:
            by_user[user].append(one)
    return by_user


def _sweep(events: Sequence[Event], users: int, merge: bool) -> Iterator[tuple[list[int], list[Interval]]]:
    """Each class that somebody draws on: the numbers of its users, and its intervals."""
    open_now: dict[int, int] = {}
    found: dict[Hashable, tuple[list[int], list[Interval]]] = {}
    start = 0
    for edge, key in events:
        if start < edge and open_now:
            signature: Hashable = frozenset(open_now) if merge else edge
            if signature in found:
                found[signature][1].append((start, edge - 1))
            else:
                found[signature] = (sorted(one for one in open_now if one < users), [(start, edge - 1)])
        start = edge
        if key >= 0:
            open_now[key] = open_now.get(key, 0) + 1
        elif open_now[~key] == 1:
            del open_now[~key]
        else:
            open_now[~key] -= 1
    yield from (one for one in found.values() if one[0])


def of_prefix(prefix: Prefix) -> Interval:
    """The addresses of a prefix."""
    return prefix.first, prefix.last


def of_range(ports: Range) -> Interval:
    """The ports of a range."""
    return ports.low, ports.high
