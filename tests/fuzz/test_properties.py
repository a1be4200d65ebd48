"""What must hold of the engine on any model, whatever the answer is. The models are those of generator.py."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from fuzz.generator import question_cases
from fuzz.renaming import conditions, names_of, renamed, shuffled
from sharedfate.engines import Budget, answer_checks
from sharedfate.evidence.answer import Answer
from sharedfate.model.adversary import Act, Adversary
from sharedfate.model.model import Model
from sharedfate.model.question import CanCut, Check, VerdictKind
from sharedfate.model.wire import ALPN, CLIENT, DNS, HOST, IP, PORT, SIZE, SNI, TOPIC

Case = tuple[Model, Check]
FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
MORE_EXAMPLES = settings(FEW, max_examples=70)
MANY_FACTS = 6
"""With more facts in the conditions, those found first are reported, and which they are may depend on names."""


def answer(case: Case, *before: Check) -> Answer:
    """The engine's answer; other checks may be asked before."""
    model, check = case
    return list(answer_checks(model, [*before, check], Budget()))[-1]


def attack(one: Answer) -> int:
    """0: no attack; 1: under conditions; 2: whatever nature chooses."""
    assert isinstance(one.check.question, CanCut)
    match one.verdict:
        case VerdictKind.CONDITIONAL:
            return 1
        case VerdictKind.VACUOUS:
            return 0
        case _:
            return 2 if (one.verdict is VerdictKind.PROVED) is one.check.question.positive else 0


def comparable(one: Answer) -> bool:
    """Whether the conditions are listed in full."""
    facts = {literal.fact for condition in (*one.proved_if, *one.violated_if) for literal in condition}
    return not one.partial and len(facts) <= MANY_FACTS


def stronger(adversary: Adversary, more: Any) -> Adversary:
    """The adversary with one more sight, place or act."""
    if isinstance(more, Act):
        return replace(adversary, acts=tuple(dict.fromkeys((*adversary.acts, more))))
    if more == "root":
        return replace(adversary, holds_root=True)
    if isinstance(more, str):
        kept = (*adversary.links, *adversary.services)
        if more in kept:
            return adversary
        if more in ("access", "up"):
            return replace(adversary, links=(*adversary.links, more))
        return replace(adversary, services=(*adversary.services, more))
    return replace(adversary, sees=tuple(dict.fromkeys((*adversary.sees, more))))


MORE = (
    IP,
    PORT,
    SIZE,
    SNI,
    DNS,
    HOST,
    ALPN,
    CLIENT,
    TOPIC,
    Act.DROP,
    Act.RESET,
    "access",
    "up",
    "relay",
    "vps",
    "root",
)


PLACES = ("access", "up", "relay", "vps")


@MORE_EXAMPLES
@given(question_cases(("cut",)), st.sampled_from(MORE))
def test_a_stronger_adversary_loses_no_attack(case: Case, more: Any) -> None:
    model, check = case
    (eve,) = model.adversaries
    strong = stronger(eve, more)
    assume(strong != eve)
    assume(eve.limit is None or not eve.limit.allow_list or more not in PLACES)  # where it sits it has to deny
    before = answer(case)
    after = answer((replace(model, adversaries=(strong,)), check))
    assume(VerdictKind.UNKNOWN not in (before.verdict, after.verdict))  # beyond the semantics (spec G), or over budget
    assert attack(after) >= attack(before), f"{more}: {before.verdict.value}, then {after.verdict.value}"


@MORE_EXAMPLES
@given(question_cases(), st.data())
def test_names_do_not_matter(case: Case, data: st.DataObject) -> None:
    model, check = case
    old = names_of(model)
    fresh = data.draw(st.permutations([f"n{number}" for number in range(len(old))]))
    names = dict(zip(old, fresh, strict=True))
    first, second = answer(case), answer((renamed(model, names), renamed(check, names)))
    assert second.verdict is first.verdict
    if comparable(first):
        back = {name: known for known, name in names.items()}
        assert conditions(renamed(second.proved_if, back)) == conditions(first.proved_if)
        assert conditions(renamed(second.violated_if, back)) == conditions(first.violated_if)


@MORE_EXAMPLES
@given(question_cases(), st.randoms(use_true_random=False))
def test_order_of_declaration_does_not_matter(case: Case, random: Any) -> None:
    model, check = case

    def permute(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(random.sample(items, len(items)))

    first, second = answer(case), answer((shuffled(model, permute), check))
    assert second.verdict is first.verdict
    assert second.reason == first.reason
    if comparable(first):
        assert second.proved_if == first.proved_if
        assert second.violated_if == first.violated_if
        assert [sorted(map(repr, one.rules)) for one in second.attacks] == [
            sorted(map(repr, one.rules)) for one in first.attacks
        ]
        assert sorted(second.leaned_on) == sorted(first.leaned_on)


@FEW
@given(question_cases())
def test_the_same_twice_is_the_same(case: Case) -> None:
    model, check = case
    again = renamed(model, {}), renamed(check, {})
    assert again == case
    assert again[0] is not model
    assert answer(again) == answer(case)


@FEW
@given(question_cases(("cut",)), st.booleans())
def test_what_else_is_asked_changes_no_verdict(case: Case, positive: bool) -> None:
    """Questions about one adversary share solvers and classes."""
    question = case[1].question
    assert isinstance(question, CanCut)
    other = Check("other", replace(question, function="g", spared=("f",), positive=positive))
    alone, beside = answer(case), answer(case, other)
    assert beside.verdict is alone.verdict
    if comparable(alone):
        assert conditions(beside.proved_if) == conditions(alone.proved_if)
        assert conditions(beside.violated_if) == conditions(alone.violated_if)


@FEW
@given(question_cases(("cut",)))
def test_can_and_cannot_are_two_sides(case: Case) -> None:
    model, check = case
    question = check.question
    assert isinstance(question, CanCut)
    turned = replace(check, question=replace(question, positive=not question.positive))
    one, other = answer(case), answer((model, turned))
    swap = {VerdictKind.PROVED: VerdictKind.VIOLATED, VerdictKind.VIOLATED: VerdictKind.PROVED}
    assert other.verdict is swap.get(one.verdict, one.verdict)
    assert (other.proved_if, other.violated_if) == (one.violated_if, one.proved_if)
    assert [item.rules for item in other.attacks] == [item.rules for item in one.attacks]
