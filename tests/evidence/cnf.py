"""Small clause sets by a number, and a judge of them that shares nothing with the checker: the whole truth table."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from sharedfate.evidence.hints import certificate
from sharedfate.evidence.kernel.clausal import Step
from sharedfate.evidence.refuter import Refuter

Clauses = list[tuple[int, ...]]
VARIABLES = 5
MANY = 10_000
"""Conflicts, more than any set of this size has."""


def satisfiable(clauses: Sequence[Sequence[int]]) -> bool:
    """By trying every assignment at once: bit i of a mask is the i-th assignment. Takes any integers but zero."""
    names = sorted({abs(literal) for clause in clauses for literal in clause})
    everywhere = (1 << (1 << len(names))) - 1
    masks: dict[int, int] = {}
    for position, name in enumerate(names):
        block = ((1 << (1 << position)) - 1) << (1 << position)
        masks[name] = block * (everywhere // ((1 << (2 << position)) - 1))
        masks[-name] = everywhere & ~masks[name]
    left = everywhere
    for clause in clauses:
        some = 0
        for literal in clause:
            some |= masks[literal]
        left &= some
    return bool(left)


def clauses_of(seed: int, ratio: float = 5.0) -> Clauses:
    """Random clauses of one to three literals; at this ratio most sets are unsatisfiable."""
    random = Random(seed)
    variables = random.randint(2, VARIABLES)
    count = max(3, round(variables * ratio))
    found: Clauses = []
    for _ in range(count):
        length = random.choice((1, 2, 2, 3, 3, 3))
        chosen = random.sample(range(1, variables + 1), min(length, variables))
        found.append(tuple(name if random.random() < 0.5 else -name for name in chosen))
    return found


def unsatisfiable(seed: int) -> Clauses:
    """The first unsatisfiable set at or after a number."""
    number = seed * 1000
    while satisfiable(clauses_of(number)):
        number += 1
    return clauses_of(number)


def core(clauses: Sequence[tuple[int, ...]]) -> Clauses:
    """An unsatisfiable part of unsatisfiable clauses in which every clause is needed."""
    kept = list(clauses)
    for clause in clauses:
        rest = list(kept)
        rest.remove(clause)
        if not satisfiable(rest):
            kept = rest
    return kept


def refutation(clauses: Sequence[tuple[int, ...]]) -> list[Step]:
    """A certificate of unsatisfiable clauses."""
    return list(certificate(clauses, Refuter(clauses, MANY).learned()))


def pigeons(holes: int) -> Clauses:
    """One pigeon more than holes: unsatisfiable, and hard for resolution."""
    place = [[pigeon * holes + hole + 1 for hole in range(holes)] for pigeon in range(holes + 1)]
    crowded = [(-place[a][hole], -place[b][hole]) for hole in range(holes) for a in range(holes + 1) for b in range(a)]
    return [*map(tuple, place), *crowded]
