"""Guards: `when …`, with their names checked."""

from __future__ import annotations

from typing import assert_never

from sharedfate.language import syntax
from sharedfate.language.resolve.scope import Kind, Scope
from sharedfate.model.guard import ALWAYS, Always, Assumed, Every, Guard, Some


def guard(written: syntax.Guard | None, scope: Scope) -> Guard:
    """The guard over declared assumptions; an unknown name is said, and counts as no guard."""
    match written:
        case None:
            return ALWAYS
        case syntax.GuardName(name=name, positive=positive):
            return Assumed(name.text, positive) if scope.find(name, Kind.ASSUMPTION) else ALWAYS
        case syntax.GuardAll(parts=parts):
            return Every(tuple(guard(part, scope) for part in parts))
        case syntax.GuardAny(parts=parts):
            return Some(tuple(guard(part, scope) for part in parts))
        case _:
            assert_never(written)


def negated(of: Guard) -> Guard | None:
    """The guard that holds exactly when `of` does not; None for the negation of no guard."""
    match of:
        case Always():
            return None
        case Assumed(name=name, positive=positive):
            return Assumed(name, not positive)
        case Every(parts=parts):
            return _joined(Some, parts)
        case Some(parts=parts):
            return _joined(Every, parts)
        case _:
            assert_never(of)


def _joined(kind: type[Some] | type[Every], parts: tuple[Guard, ...]) -> Guard | None:
    turned = [other for part in parts if (other := negated(part)) is not None]
    return kind(tuple(turned)) if turned else None


def possible(of: Guard) -> bool:
    """False when the guard, a conjunction, asks for an assumption and for its negation."""
    literals: dict[str, bool] = {}
    return all(literals.setdefault(item.name, item.positive) == item.positive for item in _conjuncts(of))


def _conjuncts(of: Guard) -> list[Assumed]:
    match of:
        case Assumed():
            return [of]
        case Every(parts=parts):
            return [item for part in parts for item in _conjuncts(part)]
        case Always() | Some():
            return []
        case _:
            assert_never(of)


def written(of: Guard) -> str:
    """A guard as it would be written."""
    match of:
        case Always():
            return "always"
        case Assumed(name=name, positive=positive):
            return name if positive else f"not {name}"
        case Every(parts=parts):
            return " and ".join(f"({written(part)})" if isinstance(part, Some) else written(part) for part in parts)
        case Some(parts=parts):
            return " or ".join(written(part) for part in parts)
        case _:
            assert_never(of)
