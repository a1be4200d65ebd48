"""Guards (`when …`): formulas over named assumptions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never


@dataclass(frozen=True, slots=True)
class Always:
    """No guard."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """The assumption `name` holds, or with `positive` false, does not."""

    name: str
    positive: bool = True


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold."""

    parts: tuple[Guard, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """One part holds at least."""

    parts: tuple[Guard, ...]


Guard = Always | Assumed | Every | Some
ALWAYS = Always()


def both(left: Guard, right: Guard) -> Guard:
    """The conjunction, with `Always` dropped."""
    if isinstance(left, Always):
        return right
    if isinstance(right, Always):
        return left
    return Every((left, right))


def assumptions_of(guard: Guard) -> tuple[str, ...]:
    """Names of the assumptions in a guard, in order of first appearance."""
    match guard:
        case Always():
            return ()
        case Assumed(name=name):
            return (name,)
        case Every(parts=parts) | Some(parts=parts):
            return tuple(dict.fromkeys(name for part in parts for name in assumptions_of(part)))
        case _:
            assert_never(guard)
