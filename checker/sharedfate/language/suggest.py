"""Near matches for misspelt names: "did you mean", within edit distance max(1, length / 3)."""

from __future__ import annotations

from collections.abc import Iterable

MAX_LENGTH = 80
"""Longer names get no suggestion: the distance costs length squared."""


def distance(left: str, right: str, limit: int) -> int:
    """Edit distance (insert, delete, replace, swap of neighbours), or `limit + 1` when it is larger than `limit`."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name nearest to `name`, the first of equals in alphabetical order, or None when none is near."""
    if len(name) > MAX_LENGTH:
        return None
    limit = max(1, len(name) // 3)
    best: tuple[int, str] | None = None
    for other in sorted(set(known)):
        far = distance(name.lower(), other.lower(), limit)
        if far <= limit and other != name and (best is None or far < best[0]):
            best = (far, other)
    return best[1] if best else None
