"""Z3 on clauses: satisfiable, unsatisfiable with a log of what it learned, or out of budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import z3

Clause = Sequence[int]


class OutOfBudget(Exception):
    """The solver gave up; the text names the resource that ran out."""


@dataclass(frozen=True, slots=True)
class Sat:
    """A model: the variables that are true (those that the clauses do not mention are left out)."""

    true: frozenset[int]


@dataclass(frozen=True, slots=True)
class Unsat:
    """No model. `core`: a subset of the assumptions that suffices."""

    core: tuple[int, ...]


def dimacs(clauses: Sequence[Clause]) -> str:
    """Clauses in DIMACS CNF."""
    top = max((abs(literal) for clause in clauses for literal in clause), default=1)
    lines = (" ".join(map(str, (*clause, 0))) for clause in clauses)
    return f"p cnf {top} {len(clauses)}\n" + "\n".join(lines) + "\n"


class Solver:
    """An incremental solver in a context of its own. `rlimit` is Z3's resource limit for each call, 0 for none."""

    def __init__(self, clauses: Sequence[Clause], rlimit: int = 0, seconds: float = 0) -> None:
        self._context = z3.Context()
        self._solver = z3.SimpleSolver(ctx=self._context)
        self._solver.set("random_seed", 0)
        self._seconds = seconds
        if rlimit:
            self._solver.set("rlimit", rlimit)
        if seconds:
            self._solver.set("timeout", int(seconds * 1000))
        self._solver.from_string(dimacs(clauses))

    def add(self, clauses: Sequence[Clause]) -> None:
        """More clauses."""
        if clauses:
            self._solver.from_string(dimacs(clauses))

    def _literal(self, literal: int) -> Any:
        atom = z3.Bool(abs(literal), self._context)  # DIMACS variables are Z3's numbered symbols
        return atom if literal > 0 else z3.Not(atom, self._context)

    def check(self, assumptions: Sequence[int] = ()) -> Sat | Unsat:
        """Raises OutOfBudget."""
        given = {literal: self._literal(literal) for literal in dict.fromkeys(assumptions)}
        result = self._solver.check(*given.values())
        if result == z3.sat:
            model = self._solver.model()
            return Sat(frozenset(_number(item.name()) for item in model.decls() if z3.is_true(model[item])))
        if result == z3.unsat:
            core = {str(item) for item in self._solver.unsat_core()}
            return Unsat(tuple(literal for literal, shown in given.items() if str(shown) in core))
        raise OutOfBudget(str(self._solver.reason_unknown()))


def learned_clauses(clauses: Sequence[Clause], rlimit: int = 0) -> list[tuple[int, ...]] | None:
    """What Z3 learned while it refuted the clauses, in order; None if they are satisfiable.

    Raises OutOfBudget.
    """
    context = z3.Context()
    solver = z3.SimpleSolver(ctx=context)
    solver.set("random_seed", 0)
    if rlimit:
        solver.set("rlimit", rlimit)
    log: list[tuple[int, ...]] = []

    def on_clause(proof: Any, _dependencies: Any, clause: Any) -> None:
        if proof is not None and proof.decl().name() == "rup":
            log.append(tuple(_signed(item) for item in clause))

    z3.OnClause(solver, on_clause)
    solver.from_string(dimacs(clauses))
    result = solver.check()
    if result == z3.unknown:
        raise OutOfBudget(str(solver.reason_unknown()))
    return log if result == z3.unsat else None


def _number(name: str) -> int:
    return int(name.removeprefix("k!"))


def _signed(item: Any) -> int:
    if z3.is_not(item):
        return -_number(item.arg(0).decl().name())
    return _number(item.decl().name())
