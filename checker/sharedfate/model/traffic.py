"""Flows with their hops and sizes, and functions: monotone formulas over flows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sharedfate.model.guard import ALWAYS, Guard
from sharedfate.model.source import NOWHERE, Source, Span
from sharedfate.model.wire import Direction, Field, Range


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a flow. `connection` None: internal, between two services. `client` owns the connection used."""

    sender: str
    receiver: str
    connection: str | None = None
    client: str | None = None
    direction: Direction = Direction.UP


class SizeKind(Enum):
    """`usual` occurs; `size` may occur; `padded` is one unit class that spreads over all its sizes."""

    USUAL = "usual"
    POSSIBLE = "size"
    PADDED = "padded"


@dataclass(frozen=True, slots=True)
class Sizes:
    """One size clause of a flow, in bytes."""

    kind: SizeKind
    ranges: tuple[Range, ...]
    guard: Guard = ALWAYS
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Topic:
    """`topic "x"`, or `topic other` (`value` None): a value that no other flow names."""

    value: str | None


@dataclass(frozen=True, slots=True)
class Flow:
    """A kind of message on its way. No `sizes`: any may occur, none is usual (assumption size(f)).

    `need` is the rate it needs in bit/s; None: the open fact need(f). `hidden` are inner fields besides the topic.
    """

    name: str
    hops: tuple[Hop, ...]
    sizes: tuple[Sizes, ...] = ()
    topic: Topic | None = None
    account: str | None = None
    hidden: tuple[tuple[Field, str], ...] = ()
    need: int | None = None
    durable: bool = False
    cached: bool = False
    expires: bool = False
    guard: Guard = ALWAYS
    span: Span = NOWHERE
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class NeedsFlow:
    """The flow must arrive."""

    flow: str


@dataclass(frozen=True, slots=True)
class NeedsFunction:
    """Another function must be had."""

    function: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """All parts."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Arm:
    """An arm of an `or`; `degraded` caps it at `hurt`; with its guard false it is not there."""

    formula: Formula
    degraded: bool = False
    guard: Guard = ALWAYS


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of the arms."""

    arms: tuple[Arm, ...]


@dataclass(frozen=True, slots=True)
class First:
    """`first F`: F for a client that holds nothing durable and nothing cached."""

    formula: Formula


Formula = NeedsFlow | NeedsFunction | AllOf | AnyOf | First


@dataclass(frozen=True, slots=True)
class Function:
    """What a person gets."""

    name: str
    formula: Formula
    span: Span = NOWHERE
    source: Source | None = None
