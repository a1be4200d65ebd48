"""Checks: who, what, under which policies and given facts, and what is expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from sharedfate.language import syntax
from sharedfate.language.diagnostics import Code, Label
from sharedfate.language.resolve.adversaries import controlling
from sharedfate.language.resolve.facts import Facts
from sharedfate.language.resolve.network import source
from sharedfate.language.resolve.places import Places
from sharedfate.language.resolve.scope import Kind, Scope
from sharedfate.model.adversary import Adversary
from sharedfate.model.facts import FactKind, FactLiteral, FactName
from sharedfate.model.policy import Policy
from sharedfate.model.question import (
    AlwaysRides,
    CanCut,
    Check,
    Expectation,
    Horizon,
    Question,
    UnderPolicies,
    VerdictKind,
)
from sharedfate.model.source import Span


class Checks:
    """Resolves the checks of one model."""

    def __init__(
        self, adversaries: Iterable[Adversary], policies: Iterable[Policy], places: Places, facts: Facts, scope: Scope
    ) -> None:
        """`added` collects the adversaries that a check makes of a service or an operator."""
        self.added: dict[str, Adversary] = {}
        self._adversaries = {item.name: item for item in adversaries}
        self._policies = {item.name: item for item in policies}
        self._places = places
        self._facts = facts
        self._scope = scope

    def all(self, declarations: Iterable[syntax.TopDecl]) -> list[Check]:
        """All checks that could be resolved, in order of declaration."""
        made = [self._check(item) for item in declarations if isinstance(item, syntax.CheckDecl)]
        return [item for item in made if item is not None]

    def _check(self, item: syntax.CheckDecl) -> Check | None:
        question = self._question(item)
        given = self._given(item)
        expect = self._expect(item.expect)
        if question is None:
            return None
        return Check(
            name=item.name.text,
            question=question,
            given=given,
            expect=expect,
            text=item.statement,
            span=item.name.span,
            source=source(item),
        )

    def _question(self, item: syntax.CheckDecl) -> Question | None:
        horizon = item.horizon or Horizon.ON_RECONNECT
        match item.question:
            case syntax.NotYetQuestion() as later:
                notes = (
                    "what someone can learn, forge, tell apart or link comes with a later version",
                    "this one answers what can be blocked or degraded, what lives under a policy, and what rides where",
                )
                message = f"a question of `{later.word}` cannot be answered yet"
                self._scope.found.error(Code.NOT_YET, message, later.span, notes=notes)
                return None
            case syntax.CutQuestion() as cut:
                adversary = self._subject(cut.adversary)
                function = self._function(cut.function)
                spared = [self._function(name) for name in cut.spared]
                self._twice(cut.spared)
                known = tuple(name for name in spared if name is not None)
                if adversary is None or function is None or len(known) < len(spared):
                    return None
                return CanCut(adversary, cut.positive, function, cut.cut, known, cut.kept, horizon)
            case syntax.UnderQuestion() as under:
                functions = [self._function(name) for name in under.functions]
                policies = [self._policy(name) for name in under.policies]
                self._twice(under.functions)
                self._twice(under.policies)
                names = tuple(name for name in functions if name is not None)
                acting = tuple(name for name in policies if name is not None)
                if len(names) < len(functions) or len(acting) < len(policies):
                    return None
                return UnderPolicies(names, under.low, under.high, acting, horizon)
            case syntax.RidesQuestion() as rides:
                if item.horizon is not None:
                    message = "what rides where does not change with time: leave the horizon out"
                    self._scope.found.error(Code.NONSENSE, message, item.question.span)
                function = self._function(rides.function)
                connection = self._scope.find(rides.connection, Kind.CONNECTION)
                if function is None or connection is None:
                    return None
                return AlwaysRides(function, rides.connection.text)
            case _:
                assert_never(item.question)

    def _function(self, name: syntax.Ident) -> str | None:
        """A function, or a flow, which stands for the function that needs just it."""
        return name.text if self._scope.find(name, Kind.FUNCTION, Kind.FLOW) else None

    def _twice(self, names: Iterable[syntax.Ident]) -> None:
        seen: dict[str, Span] = {}
        for name in names:
            if name.text in seen:
                label = Label(seen[name.text], "first here")
                self._scope.found.error(Code.SAID_TWICE, f"`{name.text}` is named twice", name.span, labels=(label,))
            seen.setdefault(name.text, name.span)

    def _subject(self, name: syntax.Ident) -> str | None:
        """An adversary; a service, controlled alone; or an operator with all its services."""
        kind = self._scope.find(name, Kind.ADVERSARY, Kind.SERVICE, Kind.OPERATOR)
        match kind:
            case None:
                return None
            case Kind.ADVERSARY:
                return self._declared(name)
            case Kind.SERVICE:
                services: tuple[str, ...] = (name.text,)
                owned = self._places.operated_by(name.text)
                if owned and owned != services:
                    notes = ("declare an adversary that says which: `adversary NAME { controls … }`",)
                    message = f"`{name.text}` names a service, and an operator of other services"
                    self._scope.found.error(Code.DUPLICATE_NAME, message, name.span, notes=notes)
            case _:
                services = self._places.operated_by(name.text)
        self.added.setdefault(name.text, controlling(name.text, services, name.span))
        return name.text

    def _declared(self, name: syntax.Ident) -> str:
        made = self._adversaries.get(name.text)
        label = Label(self._scope.span(Kind.ADVERSARY, name.text), "declared here")
        if made is not None and not (made.links or made.services):
            notes = ("no link or service here has its tags, roles or names",)
            message = f"adversary `{name.text}` sits nowhere in this model"
            if made.watched:
                notes = ("to act, it sits `on` a place or `controls` a service",)
                message = f"adversary `{name.text}` only watches, so it blocks nothing"
            self._scope.found.error(Code.SITS_NOWHERE, message, name.span, labels=(label,), notes=notes)
        elif made is not None and not made.acts:
            notes = ("say `may drop`, or what else it may do",)
            message = f"adversary `{name.text}` may nothing, so it blocks nothing"
            self._scope.found.warning(Code.MAY_NOTHING, message, name.span, labels=(label,), notes=notes)
        return name.text

    def _policy(self, name: syntax.Ident) -> str | None:
        if self._scope.find(name, Kind.POLICY) is None:
            return None
        made = self._policies.get(name.text)
        if made is not None and not (made.links or made.services) and not self._scope.found.has_errors:
            label = Label(made.span, "declared here")
            message = f"policy `{name.text}` sits nowhere in this model"
            self._scope.found.error(Code.SITS_NOWHERE, message, name.span, labels=(label,))
        return name.text

    def _given(self, item: syntax.CheckDecl) -> tuple[FactLiteral, ...]:
        """What `with` and `without` close, each once, without contradictions."""
        made: dict[FactLiteral, Span] = {}
        for given in item.given:
            literal = self._facts.given(given.fact, given.holds)
            if literal is None:
                continue
            against = next((other for other in made if _contradict(literal, other)), None)
            if against is not None:
                label = Label(made[against], "and this one")
                message = f"`{literal}` and `{against}` cannot both hold"
                self._scope.found.error(Code.CONTRADICTION, message, given.span, labels=(label,))
            made.setdefault(literal, given.span)
        return tuple(made)

    def _expect(self, written: syntax.Expect | None) -> Expectation:
        if written is None:
            return Expectation(VerdictKind.PROVED)
        if written.on and written.verdict is not VerdictKind.CONDITIONAL:
            message = f"`on` names the conditions of a conditional verdict, and `{written.verdict.value}` has none"
            self._scope.found.error(Code.NONSENSE, message, written.on[0].span)
        names = [self._expected(fact) for fact in written.on]
        return Expectation(written.verdict, tuple(str(name) for name in names if name is not None), written.span)

    def _expected(self, fact: syntax.FactLiteral) -> FactName | None:
        name = self._facts.name(fact)
        if name is not None and name.kind == FactKind.ASSUMPTION.value and not self._facts.is_open(fact):
            return None
        return name


def _contradict(left: FactLiteral, right: FactLiteral) -> bool:
    """Whether two literals cannot hold together, as far as their words tell."""
    if left.fact != right.fact:
        return False
    if left.value is None or right.value is None or left.positive != right.positive:
        return left.value == right.value and left.positive != right.positive
    return left.positive and left.value != right.value and left.fact.kind == FactKind.SITS.value


def subjects(made: Iterable[Check]) -> Iterator[str]:
    """The functions, or flows, that checks are about."""
    for item in made:
        match item.question:
            case CanCut(function=function, spared=spared):
                yield from (function, *spared)
            case UnderPolicies(functions=functions):
                yield from functions
            case AlwaysRides(function=function):
                yield function
            case _:
                assert_never(item.question)
