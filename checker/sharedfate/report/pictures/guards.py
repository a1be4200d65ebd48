"""Guards as a picture shows them: without what the property closes, and no longer than they have to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import assert_never

from sharedfate.model.facts import FactKind, FactLiteral
from sharedfate.model.guard import ALWAYS, Always, Assumed, Every, Guard, Some, assumptions_of
from sharedfate.model.model import Model
from sharedfate.model.network import Connection

MAX_NAMES = 6
"""Guards over more assumptions are not shortened: the table of their cases has a row for each choice."""


def settled(model: Model, given: Iterable[FactLiteral]) -> Model:
    """The model under `given` and what it closes itself: alternatives that are there, with what is left of guards.

    A connection none of whose alternatives is there keeps them all.
    """
    known = {item.name: True for item in model.assumptions if not item.is_open}
    for literal in (*model.given, *given):
        if literal.fact.kind == FactKind.ASSUMPTION.value:
            known[literal.fact.arguments[0]] = literal.positive
    return replace(model, connections=tuple(_settled(item, known) for item in model.connections))


def either(guards: Sequence[Guard]) -> Guard:
    """A guard that holds exactly when one of these does; a conjunction or a choice of assumptions where it is one."""
    guards = tuple(dict.fromkeys(guards))
    names = list(dict.fromkeys(name for guard in guards for name in assumptions_of(guard)))
    if not guards or any(isinstance(guard, Always) for guard in guards):
        return ALWAYS
    if len(names) > MAX_NAMES:
        return _some(guards)
    names = [name for name in names if _matters(name, names, guards)]
    cases = [dict(zip(names, case, strict=True)) for case in product((True, False), repeat=len(names))]
    there = [case for case in cases if _holds_in_any(guards, case)]
    gone = [case for case in cases if not _holds_in_any(guards, case)]
    if not gone:
        return ALWAYS
    if len(there) == 1:
        return _every(Assumed(name, positive) for name, positive in there[0].items())
    if len(gone) == 1:
        return _some(Assumed(name, not positive) for name, positive in gone[0].items())
    return _some(guards)


def _settled(connection: Connection, known: Mapping[str, bool]) -> Connection:
    left = [(item, _left(item.guard, known)) for item in connection.alternatives]
    there = tuple(item if guard == item.guard else replace(item, guard=guard) for item, guard in left if guard)
    return replace(connection, alternatives=there) if there else connection


def _left(guard: Guard, known: Mapping[str, bool]) -> Guard | None:
    """What is left of a guard when these assumptions are settled; None when it cannot hold."""
    match guard:
        case Always():
            return guard
        case Assumed(name=name, positive=positive):
            return guard if name not in known else ALWAYS if known[name] is positive else None
        case Every(parts=parts):
            left = [_left(part, known) for part in parts]
            open_ = [part for part in left if part is not None and not isinstance(part, Always)]
            return None if None in left else _every(open_)
        case Some(parts=parts):
            there = [part for part in (_left(part, known) for part in parts) if part is not None]
            return ALWAYS if ALWAYS in there else _some(there) if there else None
        case _:
            assert_never(guard)


def _every(parts: Iterable[Guard]) -> Guard:
    made = tuple(parts)
    return ALWAYS if not made else made[0] if len(made) == 1 else Every(made)


def _some(parts: Iterable[Guard]) -> Guard:
    made = tuple(parts)
    return made[0] if len(made) == 1 else Some(made)


def _matters(name: str, names: Sequence[str], guards: Sequence[Guard]) -> bool:
    """Whether the truth of one assumption ever decides."""
    others = [other for other in names if other != name]
    for values in product((True, False), repeat=len(others)):
        case = dict(zip(others, values, strict=True))
        if _holds_in_any(guards, {**case, name: True}) is not _holds_in_any(guards, {**case, name: False}):
            return True
    return False


def _holds_in_any(guards: Sequence[Guard], case: Mapping[str, bool]) -> bool:
    """Whether one of the guards holds; an assumption that the case does not settle does not matter, so it is false."""
    full = {name: False for guard in guards for name in assumptions_of(guard)} | dict(case)
    return any(_left(guard, full) is not None for guard in guards)
