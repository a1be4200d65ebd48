"""The small search, Z3 and the truth table say the same of small sets of clauses; every log becomes a certificate."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.cnf import MANY, clauses_of, pigeons, satisfiable, unsatisfiable
from sharedfate.evidence.answer import Shows
from sharedfate.evidence.certify import InternalCheckFailed, prove
from sharedfate.evidence.hints import NotDerivable, certificate
from sharedfate.evidence.kernel.clausal import refute
from sharedfate.evidence.refuter import GaveUp, Refuter
from sharedfate.solver.sat import Sat, Solver, Unsat, Workshop, learned_clauses

LITERAL = st.integers(1, 5).flatmap(lambda name: st.sampled_from((name, -name)))
CLAUSES = st.lists(st.lists(LITERAL, max_size=4).map(tuple), max_size=24)


def _solver(clauses: list[tuple[int, ...]]) -> Solver:
    made = Solver(Workshop())
    made.add(clauses)
    return made


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(CLAUSES)
def test_the_small_search_is_right(clauses: list[tuple[int, ...]]) -> None:
    """Repeated literals, clauses with a literal and its negation, and empty clauses included."""
    if satisfiable(clauses):
        with pytest.raises(GaveUp):
            Refuter(clauses, MANY).learned()
    else:
        assert refute(clauses, certificate(clauses, Refuter(clauses, MANY).learned())) is None


@pytest.mark.parametrize("seed", range(80))
def test_z3_agrees(seed: int) -> None:
    clauses = clauses_of(seed, ratio=4.0)
    log = learned_clauses(clauses)
    answer = _solver(clauses).check((), range(1, 6))
    if satisfiable(clauses):
        assert log is None
        assert isinstance(answer, Sat)
        model = answer.true
        assert all(
            any((literal in model) if literal > 0 else (-literal not in model) for literal in one) for one in clauses
        )
    else:
        assert isinstance(answer, Unsat)
        assert log is not None
        assert refute(clauses, certificate(clauses, log)) is None


def test_a_core_of_assumptions_suffices() -> None:
    answer = _solver([(-1, -2), (3,)]).check([4, 1, 2, 3])
    assert isinstance(answer, Unsat)
    assert set(answer.core) == {1, 2}


@pytest.mark.parametrize("holes", [2, 3, 4])
def test_harder_ones_by_z3s_log(holes: int) -> None:
    clauses = pigeons(holes)
    log = learned_clauses(clauses)
    assert log is not None
    assert refute(clauses, certificate(clauses, log)) is None


def test_the_search_gives_up_in_time() -> None:
    with pytest.raises(GaveUp):
        Refuter(pigeons(6), 20).learned()


@pytest.mark.parametrize("seed", range(30))
def test_steps_that_nothing_needs_are_dropped(seed: int) -> None:
    clauses = unsatisfiable(seed)
    log = Refuter(clauses, MANY).learned()
    useless = [(9, literal) for literal in (1, -1, 2)]
    padded = certificate([*clauses, (9,)], [*useless, *log])
    assert len(padded) <= len(log) + 1
    assert not {9} & {abs(literal) for step in padded for literal in step.clause}
    used = {hint for step in padded for hint in step.hints}
    numbers = range(len(clauses) + 1, len(clauses) + len(padded))
    assert set(numbers) <= used


def test_a_log_that_is_no_derivation() -> None:
    with pytest.raises(NotDerivable):
        certificate([(1, 2), (-1, 2)], [(3,)])
    with pytest.raises(NotDerivable):
        certificate([(1, 2), (-1, 2)], [(2,)])


class TestProve:
    """Clauses to a proof that the kernel accepted, or an internal error: nothing in between."""

    def test_digests_tell_obligations_and_certificates_apart(self) -> None:
        proofs = [prove(unsatisfiable(seed), learned_clauses, Shows.NO_ATTACK) for seed in range(8)]
        assert len({proof.obligation for proof in proofs}) == 8
        again = prove(unsatisfiable(3), learned_clauses, Shows.NO_ATTACK)
        assert again == proofs[3]

    def test_clauses_with_a_model_are_a_bug(self) -> None:
        with pytest.raises(InternalCheckFailed, match="have a model"):
            prove([(1, 2)], learned_clauses, Shows.NO_ATTACK)

    def test_a_log_that_lies_is_a_bug(self) -> None:
        with pytest.raises(InternalCheckFailed, match="no derivation"):
            prove([(1, 2)], lambda _: [(1,), (-1,)], Shows.NO_ATTACK)

    def test_a_certificate_that_the_kernel_refuses_is_a_bug(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sharedfate.evidence.certify.certificate", lambda *_: ())
        with pytest.raises(InternalCheckFailed, match="the kernel refuses a certificate: the certificate does not end"):
            prove([(1,), (-1,)], learned_clauses, Shows.NO_ATTACK)

    def test_hard_ones_go_to_the_solver(self) -> None:
        asked: list[int] = []

        def log(clauses: object) -> object:
            asked.append(1)
            return learned_clauses(pigeons(6))

        proof = prove(pigeons(6), log, Shows.NO_ATTACK)  # type: ignore[arg-type]
        assert asked and proof.steps > 200
