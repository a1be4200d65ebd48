"""Flows, and functions as formulas."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sharedfate.language.syntax.base import Declaration, Guard, Ident, Interval, Node, Rate, Text
from sharedfate.model.traffic import SizeKind


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TopicClause(Node):
    """`topic "x"`, or `topic other` (None)."""

    value: Text | None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class AccountClause(Node):
    """`account "x"`."""

    value: Text


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SizeClause(Node):
    """`usual|size|padded RANGE, … [when GUARD]`, in bytes."""

    kind: SizeKind
    ranges: tuple[Interval, ...]
    guard: Guard | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class NeedClause(Node):
    """`need 200 kbit`."""

    rate: Rate


class FlowWord(Enum):
    """Words that stand alone in a flow."""

    DURABLE = "durable"
    CACHED = "cached"
    EXPIRES = "expires"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FlowFlag(Node):
    """`durable`, `cached` or `expires`."""

    word: FlowWord


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class HiddenClause(Node):
    """`hidden FIELD "value"`: an inner field besides the topic."""

    field: Ident
    value: Text


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WhenClause(Node):
    """`when GUARD`, on a line of its own: the flow is there only then."""

    guard: Guard


FlowClause = TopicClause | AccountClause | SizeClause | NeedClause | FlowFlag | HiddenClause | WhenClause


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FlowDecl(Declaration):
    """`flow NAME : a -> b -> c [on C | on C, D, -] { clauses }`.

    `on` is empty (silence), one connection for every hop, or one entry a hop (None: internal).
    """

    name: Ident
    path: tuple[Ident, ...]
    on: tuple[Ident | None, ...] = ()
    clauses: tuple[FlowClause, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Ref(Node):
    """A flow or a function."""

    name: Ident


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class AllOf(Node):
    """`x and y`, two parts at least."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FormulaArm(Node):
    """`[degraded] X [when GUARD]`."""

    formula: Formula
    degraded: bool = False
    guard: Guard | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class AnyOf(Node):
    """`x or y`: two arms at least, or one that is degraded or guarded."""

    arms: tuple[FormulaArm, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class First(Node):
    """`first X`."""

    formula: Formula


Formula = Ref | AllOf | AnyOf | First


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FunctionDecl(Declaration):
    """`function NAME = formula`."""

    name: Ident
    formula: Formula
