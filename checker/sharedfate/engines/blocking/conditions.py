"""The weakest conditions on open facts: under which there is no attack, and under which one policy always works.

Regions of nature's choices are enumerated as in MARCO (Liffiton, Previti, Malik, Mushtaq 2016): take a choice that no
condition covers yet, grow it into a condition, cover it, until nothing is left. Then the conditions over the facts that
turned out to matter are listed in full, so that they do not depend on the order in which a solver finds them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from sharedfate.engines.blocking.game import Cube, Excluded, Game, Outcome, Policy
from sharedfate.semantics.obligation.logic import Lit

MAX_CONDITIONS = 60
"""So many conditions are enumerated; above that the list is said to be partial."""
MAX_LISTED_FACTS = 6
"""With more facts that matter, the conditions found are reported as they are."""


@dataclass(frozen=True, slots=True)
class Regions:
    """Conditions without an attack, and conditions under which the policy beside them always works."""

    safe: tuple[Cube, ...]
    open: tuple[tuple[Cube, Policy], ...]
    partial: bool


def regions(game: Game, goal: Lit, relevant: Sequence[Lit]) -> Regions:
    """All conditions over nature's variables `relevant`, in their order. Raises Exhausted."""
    safe: list[Cube] = []
    attacked: list[tuple[Cube, Policy]] = []
    blocked: list[Lit] = []
    logic = game.logic
    while len(safe) + len(attacked) < MAX_CONDITIONS:
        point = game.outcome(blocked)
        if isinstance(point, Excluded):
            return _listed(game, goal, relevant, safe, attacked)
        cube = tuple(one if one in point.choice else -one for one in relevant)
        answer = game.outcome((goal, *cube))
        if isinstance(answer, Outcome):
            attacked.append(_widen(game, goal, cube, answer.policy))
            blocked.append(-logic.all(attacked[-1][0]))
        else:
            safe.append(_safe_core(game, goal, cube, answer))
            blocked.append(-logic.all(safe[-1]))
    return Regions(tuple(safe), tuple(attacked), partial=True)


def _safe_core(game: Game, goal: Lit, whole: Cube, found: Excluded) -> Cube:
    """A minimal part of a choice that rules attacks out: a single literal if one does, the first; else of the core."""
    cube = tuple(one for one in whole if one in found.core)
    if len(cube) > 1:
        for one in whole:
            if isinstance(game.outcome((goal, one)), Excluded):
                return (one,)
    for one in cube:
        rest = tuple(other for other in cube if other != one)
        if isinstance(game.outcome((goal, *rest)), Excluded):
            cube = rest
    return cube


def _widen(game: Game, goal: Lit, cube: Cube, policy: Policy) -> tuple[Cube, Policy]:
    """Drops literals as long as some one policy works for all choices that are left."""
    core = game.defeats(goal, policy, cube)
    kept = core.core if isinstance(core, Excluded) else cube
    for one in kept:
        rest = tuple(other for other in kept if other != one)
        wider = game.policy_for(goal, rest, first=policy)
        if wider is not None:
            kept, policy = rest, wider
    return kept, policy


def _listed(
    game: Game, goal: Lit, relevant: Sequence[Lit], safe: list[Cube], attacked: list[tuple[Cube, Policy]]
) -> Regions:
    """All minimal conditions over the facts that matter, each once, in a fixed order; or those found, if too many."""
    mattering = {abs(one) for cube in (*safe, *(cube for cube, _ in attacked)) for one in cube}
    facts = [one for one in relevant if one in mattering]
    if len(facts) > MAX_LISTED_FACTS:
        return Regions(tuple(safe), tuple(attacked), partial=False)
    all_safe: list[Cube] = []
    all_attacked: list[tuple[Cube, Policy]] = []
    for cube in _cubes(facts):
        if isinstance(game.outcome(cube), Excluded) or _covered(game, cube, all_safe):
            continue
        answer = game.outcome((goal, *cube))
        if isinstance(answer, Excluded):
            all_safe.append(cube)
        elif not _covered(game, cube, [one for one, _ in all_attacked]):
            policy = game.policy_for(goal, cube, first=answer.policy)
            if policy is not None:
                all_attacked.append((cube, policy))
    return Regions(tuple(all_safe), tuple(all_attacked), partial=False)


def _cubes(facts: Sequence[Lit]) -> Iterator[Cube]:
    """Every conjunction over the facts, shorter ones first, positive literals first."""
    for size in range(len(facts) + 1):
        for chosen in combinations(facts, size):
            for signs in product((1, -1), repeat=size):
                yield tuple(one * sign for one, sign in zip(chosen, signs, strict=True))


def _covered(game: Game, cube: Cube, by: Sequence[Cube]) -> bool:
    """Whether some one of the others holds wherever this does."""
    if any(set(other) <= set(cube) for other in by):
        return True
    return any(isinstance(game.outcome((*cube, -game.logic.all(other))), Excluded) for other in by)
