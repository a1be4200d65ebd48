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


def _bare(function: Any) -> Any:
    """Z3's C function without the check for errors after each call, which would double its price here."""
    return function.__defaults__[0].f


_mk_int_symbol, _mk_const, _mk_bool_sort = map(_bare, (z3.Z3_mk_int_symbol, z3.Z3_mk_const, z3.Z3_mk_bool_sort))
_get_app_decl, _mk_not, _mk_or = map(_bare, (z3.Z3_get_app_decl, z3.Z3_mk_not, z3.Z3_mk_or))
_inc_ref, _get_ast_id, _assert = map(_bare, (z3.Z3_inc_ref, z3.Z3_get_ast_id, z3.Z3_solver_assert))
_interpretation, _bool_value = map(_bare, (z3.Z3_model_get_const_interp, z3.Z3_get_bool_value))

MANY = 1500
"""So many clauses at once are quicker as text than one by one."""


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


def _configured(solver: Any, rlimit: int, seconds: float) -> Any:
    solver.set("random_seed", 0)
    if rlimit:
        solver.set("rlimit", rlimit)
    if seconds:
        solver.set("timeout", int(seconds * 1000))
    return solver


def _reason(solver: Any, rlimit: int, seconds: float, elapsed: float) -> OutOfBudget | KeyboardInterrupt:
    """Why Z3 gave up. The SMT core says `canceled` of its step limit, its clock and Ctrl-C, whose signal it swallows.

    The solver for finite domains tells them apart, the step limit as `sat.canceled`. The count of steps is over all
    calls, so it clears the step limit of suspicion in all but long runs.
    """
    said = str(solver.reason_unknown()).removeprefix("sat.")
    if said == "interrupted from keyboard":
        return KeyboardInterrupt()
    if said == "timeout" or (said == "canceled" and seconds and elapsed >= seconds):
        return OutOfBudget(f"wall clock: {seconds:g} s a solver call (another run may get further)")
    if said != "canceled":
        return OutOfBudget(said)
    counts = solver.statistics()
    steps = next((counts.get_key_value(key) for key in counts.keys() if key == "rlimit count"), 0)  # noqa: SIM118
    if rlimit and steps >= rlimit:
        return OutOfBudget(f"{rlimit} solver steps a call")
    return KeyboardInterrupt()


class Workshop:
    """One Z3 context: making one costs more than solving a small question, so a question's solvers share it."""

    def __init__(self) -> None:
        self.context = z3.Context()
        self.literals: dict[int, Any] = {}
        self.declarations: dict[int, Any] = {}
        self.numbers: dict[int, int] = {}

    def literal(self, literal: int) -> Any:
        """A literal as Z3 has it."""
        if literal not in self.literals:
            reference = self.context.ref()
            if literal > 0:
                symbol = _mk_int_symbol(reference, literal)
                shown = _mk_const(reference, symbol, _mk_bool_sort(reference))
            else:
                shown = _mk_not(reference, self.literal(-literal))
            # At once: the next call into Z3 may free what nobody refers to. It is kept as long as the context is.
            _inc_ref(reference, shown)
            if literal > 0:
                self.declarations[literal] = _get_app_decl(reference, shown)
            self.literals[literal] = shown
            self.numbers[_get_ast_id(reference, shown)] = literal
        return self.literals[literal]


class Solver:
    """An incremental solver: Z3's for finite domains, half as dear as its SMT core on these small questions.

    `rlimit` is Z3's resource limit for each call, 0 for none.
    """

    def __init__(self, workshop: Workshop, rlimit: int = 0, seconds: float = 0) -> None:
        self._workshop = workshop
        self._context = workshop.context
        self._solver = _configured(z3.SolverFor("QF_FD", ctx=self._context), rlimit, seconds)
        self._rlimit, self._seconds = rlimit, seconds

    def add(self, clauses: Sequence[Clause]) -> None:
        """More clauses."""
        if len(clauses) > MANY:
            self._solver.from_string(dimacs(clauses))
            return
        reference, literal = self._context.ref(), self._workshop.literal
        for clause in clauses:
            if len(clause) == 1:
                _assert(reference, self._solver.solver, literal(clause[0]))
            else:
                array = (z3.Ast * len(clause))(*map(literal, clause))
                _assert(reference, self._solver.solver, _mk_or(reference, len(clause), array))

    def check(self, assumptions: Sequence[int] = (), wanted: Iterable[int] = ()) -> Sat | Unsat:
        """`wanted`: the variables that a model is asked for. Raises OutOfBudget, and KeyboardInterrupt on Ctrl-C."""
        given = [self._workshop.literal(literal) for literal in dict.fromkeys(assumptions)]
        array = (z3.Ast * len(given))(*given)
        started = time.monotonic()
        result = z3.Z3_solver_check_assumptions(self._context.ref(), self._solver.solver, len(given), array)
        if result == z3.Z3_L_TRUE:
            return Sat(self._true(wanted))
        if result == z3.Z3_L_FALSE:
            return Unsat(self._core())
        raise _reason(self._solver, self._rlimit, self._seconds, time.monotonic() - started)

    def _true(self, wanted: Iterable[int]) -> frozenset[int]:
        reference = self._context.ref()
        model = z3.Z3_solver_get_model(reference, self._solver.solver)
        z3.Z3_model_inc_ref(reference, model)
        found: list[int] = []
        for variable in wanted:
            if variable not in self._workshop.declarations:
                self._workshop.literal(variable)
            value = _interpretation(reference, model, self._workshop.declarations[variable])
            if value and _bool_value(reference, value) == z3.Z3_L_TRUE:
                found.append(variable)
        z3.Z3_model_dec_ref(reference, model)
        return frozenset(found)

    def _core(self) -> tuple[int, ...]:
        reference = self._context.ref()
        vector = z3.Z3_solver_get_unsat_core(reference, self._solver.solver)
        z3.Z3_ast_vector_inc_ref(reference, vector)
        size = z3.Z3_ast_vector_size(reference, vector)
        items = [z3.Z3_ast_vector_get(reference, vector, index) for index in range(size)]
        core = tuple(self._workshop.numbers[_get_ast_id(reference, item)] for item in items)
        z3.Z3_ast_vector_dec_ref(reference, vector)
        return core


def learned_clauses(clauses: Sequence[Clause], rlimit: int = 0) -> list[tuple[int, ...]] | None:
    """What Z3 learned while it refuted the clauses, in order; None if they are satisfiable.

    Raises OutOfBudget, and KeyboardInterrupt on Ctrl-C.
    """
    solver = _configured(z3.SimpleSolver(ctx=z3.Context()), rlimit, 0)
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
