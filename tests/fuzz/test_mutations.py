"""The referee notices every way in which mutations.py breaks the engine, and so do the engine's own checks."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from fuzz.agreement import disagreement
from fuzz.broken_models import HEADER
from fuzz.mutations import MUTATIONS
from sharedfate.engines.blocking import claims, cut
from sharedfate.evidence.answer import Condition, Proof, Shows
from sharedfate.evidence.certify import InternalCheckFailed
from sharedfate.model.model import Model
from sharedfate.model.question import Check
from sharedfate.semantics.explore import rule
from support import model_of


def case(name: str) -> tuple[Model, Check]:
    """The model and the check of a mutation; of several checks the last."""
    model = model_of(HEADER + MUTATIONS[name].text)
    return model, model.checks[-1]


def blind(patch: pytest.MonkeyPatch) -> None:
    """Switches off what the engine checks itself: replays and certificates."""

    def prove(clauses: Sequence[object], log: object, shows: Shows, condition: Condition = ()) -> Proof:
        return Proof("", "", len(clauses), 0, condition, shows)

    patch.setattr(cut, "prove", prove)
    patch.setattr(claims, "prove", prove)
    patch.setattr(cut, "checked", lambda *_: None)
    patch.setattr(claims, "_replay", lambda *_: None)


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_referee_notices(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model, check = case(name)
    ruling = rule(model, check)
    assert disagreement(model, check) is None
    MUTATIONS[name].breaks(monkeypatch)
    blind(monkeypatch)
    assert rule(model, check) == ruling, "the mutation broke the referee as well"
    assert disagreement(model, check) is not None


@pytest.mark.parametrize("name", [name for name, mutation in MUTATIONS.items() if mutation.caught])
def test_the_engine_notices_itself(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An attack that is none, and a claim that fails, do not replay: no verdict comes out."""
    model, check = case(name)
    MUTATIONS[name].breaks(monkeypatch)
    with pytest.raises(InternalCheckFailed):
        disagreement(model, check)


def test_there_are_more_than_ten() -> None:
    assert len(MUTATIONS) >= 10
