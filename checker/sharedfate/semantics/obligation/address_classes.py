"""Cuts pools of integers (addresses, ports) into classes that nothing asked about tells apart further."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from sharedfate.model.wire import Prefix, Range

Interval = tuple[int, int]
"""Inclusive ends."""


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
    events: dict[int, tuple[list[tuple[int, Hashable]], list[tuple[int, Hashable]]]] = {}

    def note(kind: int, name: Hashable, intervals: Sequence[Interval]) -> None:
        for low, high in intervals:
            events.setdefault(low, ([], []))[0].append((kind, name))
            events.setdefault(high + 1, ([], []))[1].append((kind, name))

    for user, intervals in users.items():
        note(0, user, intervals)
    for number, intervals in enumerate(rules):
        note(1, number, intervals)
    return _collect(users, _sweep(events, merge))


def _sweep(
    events: Mapping[int, tuple[list[tuple[int, Hashable]], list[tuple[int, Hashable]]]], merge: bool
) -> list[IntegerClass]:
    open_now: dict[tuple[int, Hashable], int] = {}
    pieces: dict[Hashable, list[Interval]] = {}
    owner: dict[Hashable, frozenset[Hashable]] = {}
    edges = sorted(events)
    for edge, after in zip(edges, [*edges[1:], 0], strict=False):
        starts, ends = events[edge]
        for key in ends:
            open_now[key] -= 1
            if not open_now[key]:
                del open_now[key]
        for key in starts:
            open_now[key] = open_now.get(key, 0) + 1
        inside = frozenset(name for kind, name in open_now if kind == 0)
        if inside:
            signature: Hashable = (frozenset(open_now), None if merge else edge)
            pieces.setdefault(signature, []).append((edge, after - 1))
            owner[signature] = inside
    return [IntegerClass(tuple(parts), owner[signature]) for signature, parts in pieces.items()]


def _collect(users: Mapping[Hashable, object], found: list[IntegerClass]) -> dict[Hashable, list[IntegerClass]]:
    by_user: dict[Hashable, list[IntegerClass]] = {user: [] for user in users}
    for one in found:
        for user in one.users:
            by_user[user].append(one)
    return by_user


def of_prefix(prefix: Prefix) -> Interval:
    """The addresses of a prefix."""
    return prefix.first, prefix.last


def of_range(ports: Range) -> Interval:
    """The ports of a range."""
    return ports.low, ports.high
