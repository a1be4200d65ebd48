"""Checks that a set of clauses is unsatisfiable, by a certificate that leaves nothing to search.

The format is LRAT without RAT steps and without deletions (Cruz-Filipe, Heule, Hunt, Kaufmann, Schneider-Kamp:
"Efficient Certified RAT Verification", CADE 2017), as data. Why accepting is sound: spec/certificates.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Clause = Sequence[int]
"""Non-zero integers: variable n, or -n for its negation."""


@dataclass(frozen=True, slots=True)
class Step:
    """A clause that follows from the numbered earlier clauses `hints` by unit propagation, taken in that order."""

    clause: tuple[int, ...]
    hints: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a certificate was not accepted; `step` counts from 0, or is None when the whole is at fault."""

    step: int | None
    reason: str


def refute(clauses: Sequence[Clause], steps: Sequence[Step]) -> Refused | None:
    """None if the steps show that `clauses` cannot hold together; otherwise what is wrong.

    Clauses are numbered from 0, each step's clause gets the next number. The last step must be the empty clause.
    """
    if any(literal == 0 for clause in clauses for literal in clause):
        return Refused(None, "zero is not a literal")
    known: list[Clause] = list(clauses)
    for number, step in enumerate(steps):
        if any(literal == 0 for literal in step.clause):
            return Refused(number, "zero is not a literal")
        reason = _follows(known, step)
        if reason is not None:
            return Refused(number, reason)
        known.append(step.clause)
    if not steps or steps[-1].clause:
        return Refused(None, "the certificate does not end in the empty clause")
    return None


def _follows(known: Sequence[Clause], step: Step) -> str | None:
    """None if assuming the negation of the step's clause leads to a conflict along its hints."""
    false = set(step.clause)
    for hint in step.hints:
        if not 0 <= hint < len(known):
            return f"hint {hint} names no earlier clause"
        left = [literal for literal in known[hint] if literal not in false]
        if not left:
            return None
        if len(set(left)) > 1:
            return f"clause {hint} is neither false nor unit here"
        false.add(-left[0])
    return "the hints lead to no conflict"
