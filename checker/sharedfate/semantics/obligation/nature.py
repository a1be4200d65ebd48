"""Nature's choices as Boolean variables: one for a fact with two values, one for each value of the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from sharedfate.model.facts import FactKind, FactLiteral, FactName
from sharedfate.model.guard import Always, Assumed, Every, Guard, Some
from sharedfate.model.model import Model
from sharedfate.model.wire import Prefix, Range
from sharedfate.semantics.obligation.logic import FALSE, TRUE, Lit, Logic

Concrete = tuple[int, int] | int | str
"""(version, address), a port, or a name; an address of one's own is the connection's name."""


Members = tuple[Prefix | Range | str, ...]
"""Prefixes, ranges of ports, or a rule's glob."""


@dataclass(frozen=True, slots=True)
class PoolValue:
    """A class of what a pool hands out: how it is written, one member that stands for it, and what rules say for it.

    `members` is empty where the sample alone is meant. `whole`: the class that it was taken from, where several pools
    draw on one class and single members of it have to be told apart.
    """

    text: str
    sample: Concrete
    members: Members = ()
    whole: Members = ()


class Nature:
    """Facts become variables when they are first asked for."""

    def __init__(self, logic: Logic, model: Model) -> None:
        self._logic = logic
        self._holds = {item.name for item in model.assumptions if not item.is_open}
        self._boolean: dict[FactName, Lit] = {}
        self._valued: dict[FactName, dict[str, Lit]] = {}
        self._samples: dict[FactName, Mapping[str, Concrete]] = {}
        self.constraints: list[Lit] = []

    def holds(self, fact: FactName) -> Lit:
        """The literal of a fact with two values; TRUE for an assumption that is not open."""
        if fact.kind == FactKind.ASSUMPTION.value and fact.arguments[0] in self._holds:
            return TRUE
        if fact not in self._boolean:
            self._boolean[fact] = self._logic.variable(fact)
        return self._boolean[fact]

    def value(self, fact: FactName, chosen: str, values: Sequence[str]) -> Lit:
        """The literal of `fact is chosen`, out of all `values`; TRUE if there is just one."""
        if len(values) == 1:
            return TRUE
        if fact not in self._valued:
            literals = {text: self._logic.variable((fact, text)) for text in values}
            self._valued[fact] = literals
            self.constraints += self._just_one(list(literals.values()))
        return self._valued[fact][chosen]

    def _just_one(self, literals: Sequence[Lit]) -> list[Lit]:
        """Exactly one of the literals holds, in a formula of linear size."""
        one = two = FALSE
        for literal in literals:
            two = self._logic.either(two, self._logic.both(one, literal))
            one = self._logic.either(one, literal)
        return [one, -two]

    def pool(self, fact: FactName, values: Sequence[PoolValue]) -> Iterator[tuple[Lit, Concrete]]:
        """Each class of a pool with the literal of being handed it."""
        texts = [value.text for value in values]
        self._samples.setdefault(fact, {value.text: value.sample for value in values})
        for value in values:
            yield self.value(fact, value.text, texts), value.sample

    def guard(self, guard: Guard) -> Lit:
        """A guard over assumptions."""
        match guard:
            case Always():
                return TRUE
            case Assumed(name=name, positive=positive):
                one = self.holds(FactName(FactKind.ASSUMPTION.value, (name,)))
                return one if positive else -one
            case Every(parts=parts):
                return self._logic.all(self.guard(part) for part in parts)
            case Some(parts=parts):
                return self._logic.any(self.guard(part) for part in parts)
            case _:
                assert_never(guard)

    def literals(self) -> dict[Lit, FactLiteral]:
        """Every literal of nature so far, by its variable."""
        found = {node: FactLiteral(fact) for fact, node in self._boolean.items()}
        for fact, values in self._valued.items():
            found |= {node: FactLiteral(fact, value=text) for text, node in values.items()}
        return found

    def booleans(self) -> dict[FactName, Lit]:
        """The facts with two values."""
        return dict(self._boolean)

    def values(self, fact: FactName) -> dict[str, Lit]:
        """The literal of each value of a fact with several; empty if it has only one or is unknown."""
        return dict(self._valued.get(fact, {}))

    def pools(self) -> dict[FactName, Mapping[str, Concrete]]:
        """Every pool asked for, with the sample of each value."""
        return dict(self._samples)
