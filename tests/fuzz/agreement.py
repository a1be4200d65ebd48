"""Engine and referee side by side on one question: what must be equal, and why it is not."""

from __future__ import annotations

from sharedfate.engines.answer import answer_checks, functions_of
from sharedfate.engines.blocking.beyond import beyond
from sharedfate.engines.blocking.cut import REDIRECTS
from sharedfate.engines.budget import Budget
from sharedfate.evidence.answer import Answer, Condition
from sharedfate.model.model import Model
from sharedfate.model.question import CanCut, Check, VerdictKind
from sharedfate.semantics.choices import Choice, TooManyError, literal_holds
from sharedfate.semantics.explore import Ruling, rule
from sharedfate.semantics.names import is_literal
from sharedfate.semantics.staging import patterns_of

MOST_CHOICES = 128
"""Choices of nature that a question may have here."""


def disagreement(model: Model, check: Check, bound: int = 1_000_000) -> str | None:
    """None if engine and referee say the same: verdict, and the conditions of a conditional one.

    Raises TooManyError when the question is too big for the referee.
    """
    if _counts_globs(model, check):
        raise TooManyError("counted rules may be globs, which the referee does not try")
    unmodelled = beyond(model, functions_of(check))
    ruling = None if unmodelled else rule(model, check, bound, MOST_CHOICES)
    answer = next(iter(answer_checks(model, [check], Budget())))
    if answer.reason == REDIRECTS:
        raise TooManyError("redirections might do more: the engine does not answer")
    if answer.reason.startswith("a name pattern of the model has names"):
        raise TooManyError("overlapping patterns and rules: the engine does not answer")
    if ruling is None:
        return None if answer.verdict is VerdictKind.UNKNOWN else "what is not modelled must be UNKNOWN"
    if answer.verdict is not ruling.verdict:
        return f"engine {answer.verdict.value} ({answer.reason}), referee {ruling.verdict.value}"
    if answer.verdict is VerdictKind.CONDITIONAL:
        return _conditions(answer, ruling, check)
    return None


def _counts_globs(model: Model, check: Check) -> bool:
    """The adversary's rules are counted, and some name of the model is a pattern, which one glob can name."""
    question = check.question
    limit = model.adversary[question.adversary].limit if isinstance(question, CanCut) else None
    if limit is None or limit.allow_list:
        return False
    items = [item for connection in model.connections for item in connection.alternatives]
    return any(not is_literal(name.text) for item in items for name in patterns_of(item))


def _conditions(answer: Answer, ruling: Ruling, check: Check) -> str | None:
    """The conditions must cover exactly the choices that the referee found, on both sides."""
    positive = isinstance(check.question, CanCut) and check.question.positive
    without, under = (answer.violated_if, answer.proved_if) if positive else (answer.proved_if, answer.violated_if)
    for index, choice in enumerate(ruling.choices):
        safe = any(_holds(condition, choice) for condition in without)
        if safe is not (index in ruling.safe):
            return f"choice {_shown(choice)}: engine says {'no ' if safe else ''}attack, conditions {_texts(without)}"
        if not safe and not any(_holds(condition, choice) for condition in under):
            return f"choice {_shown(choice)} is covered by no condition"
    for condition in under:
        covered = frozenset(i for i, choice in enumerate(ruling.choices) if _holds(condition, choice))
        if not any(covered <= served for served in ruling.served):
            return f"no single policy serves {_texts((condition,))}"
    return None


def _holds(condition: Condition, choice: Choice) -> bool:
    return all(literal_holds(literal, choice) for literal in condition if literal.fact in choice)


def _shown(choice: Choice) -> str:
    return ", ".join(f"{fact}={value}" for fact, value in choice.items())


def _texts(conditions: tuple[Condition, ...]) -> str:
    return " or ".join(" and ".join(map(str, condition)) or "always" for condition in conditions)
