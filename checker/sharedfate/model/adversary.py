"""Adversaries: where they sit, what they see, what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sharedfate.model.source import NOWHERE, Source, Span
from sharedfate.model.wire import Field


class Act(Enum):
    """What a searching adversary may do to what it hits."""

    DROP = "drop"
    RESET = "reset"
    THROTTLE = "throttle"
    REDIRECT = "redirect"


@dataclass(frozen=True, slots=True)
class Inferred:
    """A field that a classifier guesses, with the error rate that the model states, in percent (None: not stated)."""

    field: Field
    error_percent: float | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """A rule-limited adversary: at most `rules` rules; `allow_list`: default deny, and the rules are allows."""

    rules: int | None = None
    allow_list: bool = False


@dataclass(frozen=True, slots=True)
class Adversary:
    """Resolved against one model: `links` and `services` are names of that model, in declaration order."""

    name: str
    links: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()
    sees: tuple[Field, ...] = ()
    infers: tuple[Inferred, ...] = ()
    acts: tuple[Act, ...] = ()
    throttle_rate: int | None = None  # bit/s, of Act.THROTTLE
    holds_root: bool = False
    limit: Limit | None = None
    span: Span = NOWHERE
    source: Source | None = None

    @property
    def denies_by_default(self) -> bool:
        """Its policies are lists of allow rules; what none allows is dropped."""
        return self.limit is not None and self.limit.allow_list
