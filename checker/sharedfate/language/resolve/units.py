"""The files of a run, and whose adversary or policy counts where several declare one of a name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from sharedfate.language import syntax
from sharedfate.model.source import Span


class Rank(IntEnum):
    """Who says it: of the adversaries (or policies) of one name those of the highest rank count."""

    LIBRARY = 0
    MODEL = 1
    GUEST = 2  # a file named on the command line beside the model


@dataclass(frozen=True, slots=True)
class Unit:
    """One file: its tree, its name in messages, and its rank."""

    tree: syntax.File
    file: str
    rank: Rank = Rank.MODEL


@dataclass(frozen=True, slots=True)
class Displaced:
    """An adversary or a policy of the model (`old`) whose place one of a guest's file takes (`new`)."""

    kind: str
    name: str
    old: Span
    new: Span


def standing(units: Sequence[Unit]) -> Iterator[syntax.TopDecl]:
    """All declarations, without the adversaries and policies that one of a higher rank displaces.

    An adversary that extends its own name adds to the one that it displaces.
    """
    top = _top(units)
    below: dict[str, syntax.AdversaryDecl] = {}
    for unit in sorted(units, key=lambda unit: unit.rank):
        for item in unit.tree.declarations:
            if isinstance(item, syntax.AdversaryDecl) and top["adversary", item.name.text][0] is not unit.rank:
                below[item.name.text] = _grown(item, below)
    for unit in units:
        for item in unit.tree.declarations:
            name = _power(item)
            if name is None or unit.rank >= top[name][0]:
                yield _grown(item, below) if isinstance(item, syntax.AdversaryDecl) else item


def _grown(item: syntax.AdversaryDecl, below: Mapping[str, syntax.AdversaryDecl]) -> syntax.AdversaryDecl:
    """The declaration with the clauses of the one of its name that it extends, if that is of a lower rank."""
    base = below.get(item.name.text)
    if base is None or item.base is None or item.base.text != item.name.text:
        return item
    return replace(item, base=base.base, clauses=(*base.clauses, *item.clauses))


def displaced(units: Sequence[Unit]) -> tuple[Displaced, ...]:
    """What guests took the place of, in the order in which the files were read."""
    top = _top(units)
    gone = []
    for unit in units:
        for item in unit.tree.declarations:
            name = _power(item)
            if name is not None and unit.rank is Rank.MODEL and top[name][0] is Rank.GUEST:
                gone.append(Displaced(*name, item.span, top[name][1]))
    return tuple(gone)


def _top(units: Sequence[Unit]) -> dict[tuple[str, str], tuple[Rank, Span]]:
    """The highest rank at which each adversary and each policy is declared, and where first at that rank."""
    top: dict[tuple[str, str], tuple[Rank, Span]] = {}
    for unit in units:
        for item in unit.tree.declarations:
            name = _power(item)
            if name is not None and (name not in top or top[name][0] < unit.rank):
                top[name] = (unit.rank, item.span)
    return top


def _power(item: syntax.TopDecl) -> tuple[str, str] | None:
    """Kind and name of an adversary or a policy."""
    match item:
        case syntax.AdversaryDecl(name=name):
            return "adversary", name.text
        case syntax.PolicyDecl(name=name):
            return "policy", name.text
        case _:
            return None
