"""Which links a connection takes: the shortest path that crosses no third party's zone (DESIGN.md 3)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import islice

from sharedfate.model.model import Model
from sharedfate.model.network import Link

MAX_ROUTES = 64
"""So many equal paths are listed at most; two are a tie already."""
MAX_PARTIAL = 20_000
"""So many partial paths are kept a step while a detour is looked for."""

Path = tuple[str, ...]
"""Link names in order of travel."""


def routes(model: Model, from_zone: str, to_zone: str, over: tuple[str, ...] = ()) -> list[Path]:
    """All shortest paths between two zones of a model; see Router.routes. For many questions build one Router."""
    return Router(model.links, (party.zone for party in model.parties)).routes(from_zone, to_zone, over)


class Router:
    """Answers path questions about one network; the answers are remembered."""

    def __init__(self, links: Iterable[Link], party_zones: Iterable[str]) -> None:
        """`party_zones`: the zones that hold a party; no path may cross them on its way."""
        self._party_zones = frozenset(party_zones)
        self._steps: dict[str, list[tuple[str, str]]] = {}
        self._known: dict[tuple[str, str, Path], list[Path]] = {}
        for link in links:
            left, right = link.ends
            if left != right:
                self._steps.setdefault(left, []).append((link.name, right))
                self._steps.setdefault(right, []).append((link.name, left))

    def routes(self, from_zone: str, to_zone: str, over: tuple[str, ...] = ()) -> list[Path]:
        """All shortest paths between two zones, in declaration order of their links.

        No zone in between may hold a party (services may stand there). The empty path joins a zone with itself. With
        `over`, those of the shortest paths that use every link of it are meant; when none does, the shortest among
        all simple paths that use every link of it, so that `over` can also choose a detour. At most MAX_ROUTES paths
        are returned, and [] when there is none.
        """
        key = (from_zone, to_zone, over)
        if key not in self._known:
            shortest = self._shortest(from_zone, to_zone)
            wanted = [path for path in shortest if set(over) <= set(path)]
            if not wanted and over:
                wanted = self._detours(from_zone, to_zone, frozenset(over))
            self._known[key] = wanted[:MAX_ROUTES]
        return list(self._known[key])

    def _distances(self, from_zone: str, to_zone: str) -> dict[str, int]:
        barred = self._party_zones - {from_zone, to_zone}
        far = {to_zone: 0}
        queue = deque([to_zone])
        while queue:
            zone = queue.popleft()
            for _, other in self._steps.get(zone, []):
                if other not in far and other not in barred:
                    far[other] = far[zone] + 1
                    if other != from_zone:
                        queue.append(other)
        return far

    def _shortest(self, from_zone: str, to_zone: str) -> list[Path]:
        far = self._distances(from_zone, to_zone)
        if from_zone not in far:
            return []
        found: list[Path] = []
        stack: list[tuple[str, Path]] = [(from_zone, ())]
        while stack and len(found) < MAX_PARTIAL:
            zone, path = stack.pop()
            if zone == to_zone:
                found.append(path)
                continue
            onward = [(link, other) for link, other in self._steps[zone] if far.get(other, -1) == far[zone] - 1]
            stack.extend((other, (*path, link)) for link, other in reversed(onward))
        return found

    def _detours(self, from_zone: str, to_zone: str, over: frozenset[str]) -> list[Path]:
        """The shortest simple paths that use all of `over`; breadth first, MAX_PARTIAL a level."""
        barred = self._party_zones - {from_zone, to_zone}
        level: list[tuple[str, Path, frozenset[str]]] = [(from_zone, (), frozenset({from_zone}))]
        while level:
            done = [path for zone, path, _ in level if zone == to_zone and over <= set(path)]
            if done:
                return done
            onward = (
                (other, (*path, link), seen | {other})
                for zone, path, seen in level
                if zone != to_zone
                for link, other in self._steps.get(zone, [])
                if other not in seen and other not in barred
            )
            level = list(islice(onward, MAX_PARTIAL))
        return []
