"""Out of budget is UNKNOWN, and says of what."""

from __future__ import annotations

import pytest

from engines.small import PLACES, PUSH, answer
from sharedfate.engines import Budget, answer_checks
from sharedfate.model.question import VerdictKind
from sharedfate.semantics.obligation import images, logic, name_classes
from support import model_of

SEARCH = "isp_sizes cannot block texts sparing notifications"
CLAIM = "pictures dies under shut"


@pytest.mark.parametrize("check", [SEARCH, CLAIM])
def test_solver_calls(check: str) -> None:
    found = answer(PUSH, check, Budget(calls=1))
    assert found.verdict is VerdictKind.UNKNOWN
    assert found.reason == "out of budget: 1 solver calls"
    assert not found.met
    assert not (found.proofs or found.attacks or found.proved_if or found.violated_if)


def test_the_budget_is_for_each_property() -> None:
    model = model_of(PUSH + f"check one : {CLAIM}\ncheck two : {CLAIM}\n")
    spent = Budget()
    list(answer_checks(model, model.checks[:1], spent))
    enough = Budget(calls=spent.calls - spent._left)
    verdicts = [found.verdict for found in answer_checks(model, model.checks, enough)]
    assert verdicts == [VerdictKind.PROVED, VerdictKind.PROVED]


def test_one_out_of_budget_does_not_stop_the_rest() -> None:
    model = model_of(PUSH + f"check one : {SEARCH}\ncheck two : pictures always rides photos\n")
    first, second = answer_checks(model, model.checks, Budget(calls=6))
    assert first.verdict is VerdictKind.UNKNOWN
    assert second.verdict is VerdictKind.PROVED


@pytest.mark.parametrize("check", [SEARCH, CLAIM])
def test_the_clock_says_that_another_run_may_get_further(check: str) -> None:
    found = answer(PUSH, check, Budget(seconds=-1.0))
    assert found.verdict is VerdictKind.UNKNOWN
    assert "wall clock" in found.reason
    assert "another run may get further" in found.reason


def test_solver_steps() -> None:
    """So many pools that draw on one another that Z3 has something to do."""
    clients = "".join(
        f"connection c{n} : phone -> site {{ tcp 443; to 192.0.2.0/28 }}\n"
        f"flow f{n} : site -> phone on c{n} {{ usual 9 }}\n"
        for n in range(12)
    )
    formula = " and ".join(f"f{n}" for n in range(1, 12))
    text = f"{PLACES}{clients}function f = f0\nfunction g = {formula}\n"
    text += "adversary eve { on access; sees ip; may drop }\n"
    found = answer(text, "eve cannot block f sparing g", Budget(rlimit=2_000))
    assert found.verdict is VerdictKind.UNKNOWN
    assert "2000 solver steps" in found.reason


def test_too_large_a_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    original = logic.Logic.__init__
    monkeypatch.setattr(logic.Logic, "__init__", lambda self: original(self, 40))
    found = answer(PUSH, SEARCH)
    assert found.verdict is VerdictKind.UNKNOWN
    assert found.reason == "out of budget: the formula has too many nodes"


def test_too_many_hand_outs(monkeypatch: pytest.MonkeyPatch) -> None:
    text = PUSH + "policy two on access { drop ip 192.0.2.1, 192.0.2.3, 192.0.2.5 port 5223; drop ip 192.0.2.3 }\n"
    found = answer(text, "texts works under two", None)
    assert found.verdict is not VerdictKind.UNKNOWN
    monkeypatch.setattr(images, "MAX_COMBINATIONS", 1)
    found = answer(text, "texts works under two", None)
    assert found.verdict is VerdictKind.UNKNOWN
    assert found.reason == "out of budget: an alternative has too many combinations of hand-outs"


def test_too_many_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_classes, "MAX_STATES", 1)
    text = PLACES + (
        'connection c : phone -> site { tcp 1; tls sni "*.cdn.example" }\nflow f : site -> phone on c { usual 9 }\n'
        'function ff = f\npolicy p on access { drop sni "?a*.cdn.example", "b*c.cdn.example" matching glob }\n'
    )
    found = answer(text, "ff works under p")
    assert found.verdict is VerdictKind.UNKNOWN
    assert found.reason == "out of budget: the name patterns have too many combinations"
