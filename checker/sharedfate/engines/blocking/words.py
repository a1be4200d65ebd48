"""Properties in words."""

from __future__ import annotations

from typing import assert_never

from sharedfate.model.question import AlwaysRides, CanCut, Check, Horizon, Rung, UnderPolicies


def statement(check: Check) -> str:
    """One sentence, in the words of the language; the horizon is named where it is not the default."""
    given = _given(check)
    match check.question:
        case CanCut() as question:
            return _can_cut(question) + given
        case UnderPolicies() as question:
            claim = _claim(question)
            return f"{', '.join(question.functions)} {claim} under {', '.join(question.policies)}" + given
        case AlwaysRides(function=function, connection=connection):
            return f"{function} always rides {connection}" + given
        case _:
            assert_never(check.question)


def _can_cut(question: CanCut) -> str:
    verb = "block" if question.cut is Rung.DEAD else "degrade"
    spared = ", ".join(question.spared)
    how = f"without killing {spared}" if question.kept is Rung.HURT else f"sparing {spared}"
    unharmed = " unharmed" if question.kept is Rung.CLEAN else ""
    may = "can" if question.positive else "cannot"
    return f"{question.adversary} {may} {verb} {question.function} {how}{unharmed}{horizon_words(question.horizon)}"


def horizon_words(horizon: Horizon) -> str:
    """The horizon, where it is not the default."""
    return "" if horizon is Horizon.ON_RECONNECT else f" {horizon.value}"


def _claim(question: UnderPolicies) -> str:
    several = len(question.functions) > 1
    words = horizon_words(question.horizon)
    if question.low == question.high:
        if question.low is Rung.DEAD:
            return ("die" if several else "dies") + words
        return f"{'are' if several else 'is'} {question.low}{words}"
    return ("work" if several else "works") + words


def _given(check: Check) -> str:
    held = [str(literal) for literal in check.given if literal.positive]
    failed = [str(literal.fact) for literal in check.given if not literal.positive]
    return (f" with {', '.join(held)}" if held else "") + (f" without {', '.join(failed)}" if failed else "")
