"""From clauses that cannot hold together to a proof that the kernel accepted."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

from sharedfate.evidence.answer import Condition, Proof, Shows
from sharedfate.evidence.hints import NotDerivable, certificate
from sharedfate.evidence.kernel.clausal import Clause, Refused, Step, refute
from sharedfate.evidence.refuter import GaveUp, Refuter

EASY_CONFLICTS = 200
"""So many conflicts the small search may meet before a solver's log is asked for."""

Log = Callable[[Sequence[Clause]], Sequence[Clause] | None]
"""A solver that logs what it learns while it refutes; None if it finds a model."""


class InternalCheckFailed(Exception):
    """A certificate that the kernel refuses, or a witness that does not replay: a bug of ours, never a verdict."""


def prove(clauses: Sequence[Clause], log: Log, shows: Shows, condition: Condition = ()) -> Proof:
    """A proof that the clauses cannot hold together.

    Raises InternalCheckFailed when the kernel refuses, whatever `log` raises when it runs out of budget.
    """
    steps = _steps(clauses, log)
    refused = refute(clauses, steps)
    if refused is not None:
        raise InternalCheckFailed(f"the kernel refuses a certificate: {described(refused)}")
    return Proof(
        obligation=_digest(" ".join(map(str, (*clause, 0))) for clause in clauses),
        certificate=_digest(f"{' '.join(map(str, (*step.clause, 0, *step.hints)))}" for step in steps),
        clauses=len(clauses),
        steps=len(steps),
        condition=condition,
        shows=shows,
    )


def _steps(clauses: Sequence[Clause], log: Log) -> tuple[Step, ...]:
    try:
        learned: Sequence[Clause] | None = Refuter(clauses, EASY_CONFLICTS).learned()
    except GaveUp:
        learned = log(clauses)
    if learned is None:
        raise InternalCheckFailed("clauses that were refuted before have a model now")
    try:
        return certificate(clauses, learned)
    except NotDerivable as error:
        raise InternalCheckFailed("the solver's log is no derivation") from error


def described(refused: Refused) -> str:
    """Why the kernel refused, in one line."""
    where = "" if refused.step is None else f"step {refused.step}: "
    return where + refused.reason


def _digest(lines: Iterable[str]) -> str:
    found = hashlib.sha256()
    for line in lines:
        found.update(f"{line}\n".encode())
    return found.hexdigest()
