"""Answers properties: hands each to its engine, turns budgets into UNKNOWN, and compares with what was expected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from sharedfate.engines.blocking.beyond import beyond
from sharedfate.engines.blocking.claims import Ground, answer_rides, answer_under
from sharedfate.engines.blocking.cut import Battlefield, answer_cut
from sharedfate.engines.blocking.joint import MANY, answer_joint, staged_for
from sharedfate.engines.blocking.replay import Shown
from sharedfate.engines.blocking.words import statement
from sharedfate.engines.budget import Budget, Exhausted
from sharedfate.evidence.answer import Answer
from sharedfate.model.facts import FactLiteral
from sharedfate.model.model import Model
from sharedfate.model.question import AlwaysRides, CanCut, Check, UnderPolicies, VerdictKind
from sharedfate.semantics.choices import TooManyError
from sharedfate.semantics.obligation.images import TooManyHandOuts
from sharedfate.semantics.obligation.logic import TooLarge
from sharedfate.semantics.obligation.name_classes import TooManyNames
from sharedfate.solver.sat import Workshop

MAX_REPORTED = 64
"""With more functions than this, a witness is about those of its question only."""


def answer_checks(
    model: Model, checks: Sequence[Check], budget: Budget, among: Sequence[Check] = ()
) -> Iterator[Answer]:
    """An answer for each check, in order. `among`: all that are asked of the model, if more than these.

    Raises certify.InternalCheckFailed for a bug of ours, never for the input.
    """
    rooms = _Rooms(model, among or checks)
    for check in checks:
        budget.start()
        try:
            answer = rooms.answer(check, budget)
        except Exhausted as error:
            answer = _unknown(check, f"out of budget: {error}")
        except TooLarge:
            answer = _unknown(check, "out of budget: the formula has too many nodes")
        except TooManyHandOuts:
            answer = _unknown(check, "out of budget: an alternative has too many combinations of hand-outs")
        except TooManyNames:
            answer = _unknown(check, "out of budget: the name patterns have too many combinations")
        except TooManyError as error:
            answer = _unknown(check, f"out of budget: {error}")
        yield replace(answer, met=is_met(answer))


def is_met(answer: Answer) -> bool:
    """The verdict is the one expected; with `on`, a conditional one names exactly those facts."""
    expected = answer.check.expect
    if answer.verdict is not expected.verdict:
        return False
    if not expected.on:
        return True
    conditions = (*answer.proved_if, *answer.violated_if)
    return {str(literal.fact) for condition in conditions for literal in condition} == set(expected.on)


def functions_of(check: Check) -> tuple[str, ...]:
    """The functions that a check is about."""
    match check.question:
        case CanCut(function=function, spared=spared):
            return (function, *spared)
        case UnderPolicies(functions=functions):
            return functions
        case AlwaysRides():
            return ()  # a matter of the model's words alone
        case _:
            assert_never(check.question)


def share(check: Check) -> object:
    """Checks with the same share a world, and are quicker answered together."""
    match check.question:
        case CanCut(adversary=name):
            return (name,)
        case UnderPolicies(policies=names):
            return ("under", *names)
        case AlwaysRides():
            return ()
        case _:
            assert_never(check.question)


def _unknown(check: Check, reason: str) -> Answer:
    return Answer(check=check, verdict=VerdictKind.UNKNOWN, met=False, statement=statement(check), reason=reason)


class _Rooms:
    """The worlds of one model, each made when it is first needed."""

    def __init__(self, model: Model, checks: Sequence[Check]) -> None:
        self._model = model
        self._given: tuple[FactLiteral, ...] = tuple(
            dict.fromkeys(literal for check in checks for literal in check.given)
        )
        self._workshop = Workshop()
        self._battlefields: dict[tuple[str, tuple[str, ...]], Battlefield] = {}
        self._grounds: dict[tuple[tuple[str, ...], tuple[str, ...]], Ground] = {}

    def answer(self, check: Check, budget: Budget) -> Answer:
        """Raises what the engines raise."""
        unmodelled = beyond(self._model, functions_of(check))
        if unmodelled:
            return _unknown(check, unmodelled)
        match check.question:
            case CanCut(adversary=name) as question:
                joint = self._joint(check, question, budget) if self._is_joint(question) else None
                if joint is not None:
                    return joint
                asked = self._reported((question.function, *question.spared))
                return answer_cut(self._battlefield(name, asked), check, budget)
            case UnderPolicies(policies=names, functions=functions):
                return answer_under(self._ground(names, self._reported(functions)), check, budget)
            case AlwaysRides(function=function):
                return answer_rides(self._ground((), (function,)), check, budget)
            case _:
                assert_never(check.question)

    def _is_joint(self, question: CanCut) -> bool:
        if self._model.adversary[question.adversary].denies_by_default:
            return False  # an allow-list acts on all that it does not name
        return len(question.spared) > MANY and question.function not in question.spared

    def _joint(self, check: Check, question: CanCut, budget: Budget) -> Answer | None:
        def ask(serious: tuple[str, ...]) -> tuple[Answer, list[Shown]]:
            shown: list[Shown] = []
            fewer = replace(check, question=replace(question, spared=serious))
            field = self._new_battlefield(question.adversary, (question.function, *serious))
            return answer_cut(field, fewer, budget, shown), shown

        peace = self._ground((), staged_for(self._model, question)).world
        return answer_joint(peace, check, ask)

    def _reported(self, asked: tuple[str, ...]) -> tuple[str, ...]:
        """The functions whose fate a witness shows: all of a small model, of a big one those asked about."""
        if len(self._model.functions) <= MAX_REPORTED:
            return tuple(function.name for function in self._model.functions)
        return tuple(dict.fromkeys(asked))

    def _battlefield(self, name: str, functions: tuple[str, ...]) -> Battlefield:
        key = (name, functions)
        if key not in self._battlefields:
            self._battlefields[key] = self._new_battlefield(name, functions)
        return self._battlefields[key]

    def _new_battlefield(self, name: str, functions: tuple[str, ...]) -> Battlefield:
        return Battlefield(self._model, self._model.adversary[name], self._given, functions, self._workshop)

    def _ground(self, names: tuple[str, ...], functions: tuple[str, ...]) -> Ground:
        key = (names, functions)
        if key not in self._grounds:
            policies = tuple(self._model.policy[name] for name in names)
            self._grounds[key] = Ground(self._model, policies, self._given, functions, self._workshop)
        return self._grounds[key]
