"""Certificates and obligations that were tampered with: refused, or the clauses cannot hold together all the same.

What the clauses can do is judged by their whole truth table, never by the checker.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.cnf import Clauses, core, refutation, satisfiable, unsatisfiable
from sharedfate.evidence.kernel.clausal import Step, refute

SETS = 80
_KNOWN: dict[tuple[int, bool], tuple[Clauses, list[Step]]] = {}

Case = tuple[Clauses, list[Step]]
Tamper = Callable[[st.DrawFn, Clauses, list[Step]], Case]


def case(seed: int, minimal: bool) -> Case:
    """Unsatisfiable clauses (`minimal`: each one needed) with a certificate."""
    key = (seed, minimal)
    if key not in _KNOWN:
        clauses = core(unsatisfiable(seed)) if minimal else unsatisfiable(seed)
        _KNOWN[key] = (clauses, refutation(clauses))
    return _KNOWN[key]


def _index(draw: st.DrawFn, count: int) -> int:
    return draw(st.integers(0, count - 1))


def drop_step(draw: st.DrawFn, clauses: Clauses, steps: list[Step]) -> Case:
    """Numbers of later steps are off by one then, which is part of the test."""
    where = _index(draw, len(steps))
    return clauses, steps[:where] + steps[where + 1 :]


def drop_last(draw: st.DrawFn, clauses: Clauses, steps: list[Step]) -> Case:
    return clauses, steps[: -draw(st.integers(1, len(steps)))]


def change_literal(draw: st.DrawFn, clauses: Clauses, steps: list[Step]) -> Case:
    where = _index(draw, len(steps))
    clause = list(steps[where].clause)
    literal = draw(st.integers(-6, 6))
    if clause and draw(st.booleans()):
        clause[_index(draw, len(clause))] = literal
    elif clause and draw(st.booleans()):
        del clause[_index(draw, len(clause))]
    else:
        clause.append(literal)
    return clauses, _with(steps, where, replace(steps[where], clause=tuple(clause)))


def swap_hints(draw: st.DrawFn, clauses: Clauses, steps: list[Step]) -> Case:
    where = _index(draw, len(steps))
    return clauses, _with(steps, where, replace(steps[where], hints=tuple(draw(st.permutations(steps[where].hints)))))


def drop_hint(draw: st.DrawFn, clauses: Clauses, steps: list[Step]) -> Case:
    where = _index(draw, len(steps))
    hints = list(steps[where].hints)
    del hints[_index(draw, len(hints))]
    return clauses, _with(steps, where, replace(steps[where], hints=tuple(hints)))


def change_hint(draw: st.DrawFn, clauses: Clauses, steps: list[Step]) -> Case:
    """In range or out of it, on either side."""
    where = _index(draw, len(steps))
    hints = list(steps[where].hints)
    hints[_index(draw, len(hints))] = draw(st.integers(-3, len(clauses) + len(steps) + 3))
    return clauses, _with(steps, where, replace(steps[where], hints=tuple(hints)))


def swap_steps(draw: st.DrawFn, clauses: Clauses, steps: list[Step]) -> Case:
    return clauses, draw(st.permutations(steps))


def drop_clause(draw: st.DrawFn, clauses: Clauses, steps: list[Step]) -> Case:
    """With the hints renumbered: a careful forger."""
    where = _index(draw, len(clauses))
    rest = clauses[:where] + clauses[where + 1 :]

    def moved(hint: int) -> int:
        return hint - 1 if hint > where else hint

    return rest, [replace(step, hints=tuple(map(moved, step.hints))) for step in steps]


def change_clause(draw: st.DrawFn, clauses: Clauses, steps: list[Step]) -> Case:
    """One literal of the obligation negated, or one more literal in a clause of it."""
    where = _index(draw, len(clauses))
    clause = list(clauses[where])
    if draw(st.booleans()):
        place = _index(draw, len(clause))
        clause[place] = -clause[place]
    else:
        clause.append(draw(st.integers(1, 6)) * draw(st.sampled_from((1, -1))))
    changed = list(clauses)
    changed[where] = tuple(clause)
    return changed, steps


def _with(steps: list[Step], where: int, step: Step) -> list[Step]:
    return [*steps[:where], step, *steps[where + 1 :]]


TAMPERINGS: tuple[Tamper, ...] = (
    drop_step, drop_last, change_literal, swap_hints, drop_hint, change_hint, swap_steps, drop_clause, change_clause,
)  # fmt: skip


@st.composite
def tampered(draw: st.DrawFn) -> Case:
    """A good certificate after one or two strokes."""
    clauses, steps = case(draw(st.integers(0, SETS - 1)), draw(st.booleans()))
    for _ in range(draw(st.integers(1, 2))):
        if steps and clauses and all(step.hints for step in steps):
            clauses, steps = draw(st.sampled_from(TAMPERINGS))(draw, clauses, steps)
    return clauses, steps


@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
@given(tampered())
def test_nothing_that_can_hold_together_is_ever_refuted(forged: Case) -> None:
    clauses, steps = forged
    if refute(clauses, steps) is None:
        assert not satisfiable(clauses)


@st.composite
def without_a_needed_clause(draw: st.DrawFn) -> Case:
    clauses, steps = case(draw(st.integers(0, SETS - 1)), minimal=True)
    clauses, steps = drop_clause(draw, clauses, steps)
    for _ in range(draw(st.integers(0, 2))):
        if steps and all(step.hints for step in steps):
            _, steps = draw(st.sampled_from(TAMPERINGS[:7]))(draw, clauses, steps)
    return clauses, steps


@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(without_a_needed_clause())
def test_a_needed_clause_is_needed(forged: Case) -> None:
    """Every clause of these sets is needed, so without one of them nothing may be accepted."""
    clauses, steps = forged
    assert refute(clauses, steps) is not None


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_what_always_breaks_a_certificate(data: st.DataObject) -> None:
    clauses, steps = case(data.draw(st.integers(0, SETS - 1)), data.draw(st.booleans()))
    where = data.draw(st.integers(0, len(steps) - 1))
    step = steps[where]
    beyond = len(clauses) + where
    place = data.draw(st.integers(0, len(step.hints) - 1))
    out = data.draw(st.sampled_from((-1, beyond, beyond + 7)))
    hints = (*step.hints[:place], out, *step.hints[place:])
    assert refute(clauses, _with(steps, where, replace(step, hints=hints))) is not None
    assert refute(clauses, _with(steps, where, replace(step, clause=(*step.clause, 0)))) is not None
    assert refute(clauses, steps[:-1]) is not None
    assert refute(clauses, _with(steps, where, replace(step, hints=()))) is not None


def test_the_tamperings_bite() -> None:
    """Of forged certificates most are refused: the property above is not true for want of cases."""
    refused = accepted = 0

    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
    @given(tampered())
    def count(forged: Case) -> None:
        nonlocal refused, accepted
        if refute(*forged) is None:
            accepted += 1
        else:
            refused += 1

    count()
    assert refused > 150
    assert accepted > 5
