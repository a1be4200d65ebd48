"""Questions that spare many functions are answered as if all of them were taken seriously."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from fuzz.generator import seeded_case
from sharedfate.engines import Budget, answer_checks
from sharedfate.engines import answer as engine
from sharedfate.engines.blocking import joint
from sharedfate.evidence.answer import Answer
from sharedfate.evidence.certify import InternalCheckFailed
from sharedfate.model.model import Model
from sharedfate.model.question import CanCut, Check, VerdictKind
from sharedfate.model.traffic import Function, NeedsFlow
from support import model_of

SERVICES = 20


def pushed(count: int = SERVICES) -> str:
    """Services at addresses of their own; s0 and s1 share theirs, and s2 is at another port of the same address."""
    lines = [
        "model many",
        "zone home, internet",
        "link access : home -- internet",
        "party phone at home",
        f"service {', '.join(f's{one}' for one in range(count))} at internet",
        "adversary isp { on link access; sees ip, port; may drop }",
    ]
    for one in range(count):
        address, port = max(one, 2) if one < 3 else one, 444 if one == 2 else 443
        lines += [
            f"connection c{one} : phone -> s{one} {{ tcp {port}; to 192.0.2.{address} }}",
            f"flow m{one} : s{one} -> phone on c{one}",
            f"function f{one} = m{one}",
        ]
    return "\n".join(lines) + "\n"


def asked(cut: int, spared: list[int]) -> str:
    return f"check asked : isp cannot block f{cut} sparing {', '.join(f'f{one}' for one in spared)}\n"


def answered(text: str) -> Answer:
    model = model_of(text)
    return next(answer_checks(model, model.checks, Budget()))


@pytest.mark.parametrize(
    ("cut", "verdict"),
    [(0, VerdictKind.PROVED), (1, VerdictKind.PROVED), (2, VerdictKind.VIOLATED), (7, VerdictKind.VIOLATED)],
)
def test_what_shares_an_address_decides(cut: int, verdict: VerdictKind) -> None:
    # By hand: f0 and f1 are at one address and port, so no rule tells them apart; all others differ in one of both.
    found = answered(pushed() + asked(cut, [one for one in range(SERVICES) if one != cut]))
    assert found.verdict is verdict
    assert found.statement.count(",") == SERVICES - 2


def test_one_of_many_that_is_dead_anyway_makes_it_vacuous() -> None:
    dark = pushed().replace(
        "flow m9 : s9 -> phone on c9", "assume closed open\nflow m9 : s9 -> phone on c9 { when closed }"
    )
    found = answered(dark + asked(3, [one for one in range(SERVICES) if one != 3])[:-1] + " without closed\n")
    assert found.verdict is VerdictKind.VACUOUS


def test_a_witness_is_replayed_with_all(monkeypatch: pytest.MonkeyPatch) -> None:
    # If the engine overlooked what a rule touches, the replay must notice: f2's attack by address alone kills f0.
    monkeypatch.setattr(joint, "_touched", lambda *_: [])
    text = pushed().replace("sees ip, port", "sees ip")
    with pytest.raises(InternalCheckFailed, match="does not replay"):
        answered(text + asked(2, [one for one in range(SERVICES - 1, -1, -1) if one != 2]))


def with_many_spared(seed: int) -> tuple[Model, Check]:
    """A random model with a function for each flow, and a question that spares some of them."""
    model, check = seeded_case(seed, ("cut",))
    random = Random(seed)
    more = tuple(Function(f"only_{flow.name}", NeedsFlow(flow.name)) for flow in model.flows)
    names = [function.name for function in more]
    spared = ("g", *random.sample(names, random.randint(1, len(names))))
    assert isinstance(check.question, CanCut)
    question = replace(check.question, spared=spared)
    return replace(model, functions=(*model.functions, *more)), replace(check, question=question)


def test_random_questions_are_answered_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = dict.fromkeys(VerdictKind, 0)
    for seed in range(240):
        model, check = with_many_spared(seed)
        monkeypatch.setattr(engine, "MANY", 1_000)
        whole = next(answer_checks(model, [check], Budget()))
        monkeypatch.setattr(engine, "MANY", 0)
        lazily = next(answer_checks(model, [check], Budget()))
        assert lazily.verdict is whole.verdict, seed
        compared[whole.verdict] += 1
    assert compared[VerdictKind.PROVED] > 50 and compared[VerdictKind.VIOLATED] > 20
    assert compared[VerdictKind.CONDITIONAL] > 2
