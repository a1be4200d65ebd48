"""Z3 on clauses: satisfiable, unsatisfiable with a log of what it learned, or out of budget.

Literals are DIMACS integers; Z3 knows them by its numbered symbols. Z3's C interface is called directly where its
Python objects would cost more than the solving.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import z3

Clause = Sequence[int]


class OutOfBudget(Exception):
    """The solver gave up; the text names the resource that ran out."""


@dataclass(frozen=True, slots=True)
class Sat:
    """A model: those of the variables asked for that are true."""

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


def _configured(context: z3.Context, rlimit: int, seconds: float) -> Any:
    solver = z3.SimpleSolver(ctx=context)
    solver.set("random_seed", 0)
    if rlimit:
        solver.set("rlimit", rlimit)
    if seconds:
        solver.set("timeout", int(seconds * 1000))
    return solver


def _reason(solver: Any, rlimit: int, seconds: float, elapsed: float) -> OutOfBudget | KeyboardInterrupt:
    """Why Z3 gave up. It says `canceled` of its step limit, of its clock and of Ctrl-C, whose signal it swallows.

    Its count of steps is over all calls, so it clears the step limit of suspicion in all but long runs.
    """
    said = str(solver.reason_unknown())
    if said != "canceled":
        return OutOfBudget(said)
    if seconds and elapsed >= seconds:
        return OutOfBudget(f"wall clock: {seconds:g} s a solver call (another run may get further)")
    counts = solver.statistics()
    steps = next((counts.get_key_value(key) for key in counts.keys() if key == "rlimit count"), 0)  # noqa: SIM118
    if rlimit and steps >= rlimit:
        return OutOfBudget(f"{rlimit} solver steps a call")
    return KeyboardInterrupt()


class Solver:
    """An incremental solver in a context of its own. `rlimit` is Z3's resource limit for each call, 0 for none."""

    def __init__(self, clauses: Sequence[Clause], rlimit: int = 0, seconds: float = 0) -> None:
        self._context = z3.Context()
        self._solver = _configured(self._context, rlimit, seconds)
        self._literals: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}
        self._solver.from_string(dimacs(clauses))
        self._rlimit, self._seconds = rlimit, seconds

    def add(self, clauses: Sequence[Clause]) -> None:
        """More clauses."""
        if clauses:
            self._solver.from_string(dimacs(clauses))

    def _literal(self, literal: int) -> Any:
        if literal not in self._literals:
            atom = z3.Bool(abs(literal), self._context)
            shown = atom if literal > 0 else z3.Not(atom, self._context)
            self._literals[literal] = shown
            self._numbers[z3.Z3_get_ast_id(self._context.ref(), shown.as_ast())] = literal
        return self._literals[literal]

    def check(self, assumptions: Sequence[int] = (), wanted: Iterable[int] = ()) -> Sat | Unsat:
        """`wanted`: the variables that a model is asked for. Raises OutOfBudget, and KeyboardInterrupt on Ctrl-C."""
        given = [self._literal(literal) for literal in dict.fromkeys(assumptions)]
        started = time.monotonic()
        result = self._solver.check(*given)
        if result == z3.sat:
            return Sat(self._true(wanted))
        if result == z3.unsat:
            return Unsat(self._core())
        raise _reason(self._solver, self._rlimit, self._seconds, time.monotonic() - started)

    def _true(self, wanted: Iterable[int]) -> frozenset[int]:
        reference = self._context.ref()
        model = self._solver.model()
        found: list[int] = []
        for variable in wanted:
            declaration = self._literal(variable).decl().ast
            value = z3.Z3_model_get_const_interp(reference, model.model, declaration)
            if value and z3.Z3_get_bool_value(reference, value) == z3.Z3_L_TRUE:
                found.append(variable)
        return frozenset(found)

    def _core(self) -> tuple[int, ...]:
        reference = self._context.ref()
        vector = z3.Z3_solver_get_unsat_core(reference, self._solver.solver)
        z3.Z3_ast_vector_inc_ref(reference, vector)
        size = z3.Z3_ast_vector_size(reference, vector)
        items = [z3.Z3_ast_vector_get(reference, vector, index) for index in range(size)]
        core = tuple(self._numbers[z3.Z3_get_ast_id(reference, item)] for item in items)
        z3.Z3_ast_vector_dec_ref(reference, vector)
        return core


def learned_clauses(clauses: Sequence[Clause], rlimit: int = 0) -> list[tuple[int, ...]] | None:
    """What Z3 learned while it refuted the clauses, in order; None if they are satisfiable.

    Raises OutOfBudget, and KeyboardInterrupt on Ctrl-C.
    """
    solver = _configured(z3.Context(), rlimit, 0)
    log: list[tuple[int, ...]] = []

    def on_clause(proof: Any, _dependencies: Any, clause: Any) -> None:
        if proof is not None and proof.decl().name() == "rup":
            log.append(tuple(_signed(item) for item in clause))

    z3.OnClause(solver, on_clause)
    solver.from_string(dimacs(clauses))
    result = solver.check()
    if result == z3.unknown:
        raise _reason(solver, rlimit, 0, 0)
    return log if result == z3.unsat else None


def _signed(item: Any) -> int:
    if z3.is_not(item):
        return -_number(item.arg(0))
    return _number(item)


def _number(atom: Any) -> int:
    return int(atom.decl().name().removeprefix("k!"))
