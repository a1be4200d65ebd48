"""What an audit says: under declared policies, every function's rung at every horizon, and the entries to blame."""

from __future__ import annotations

from dataclasses import dataclass

from sharedfate.evidence.answer import FlowFate
from sharedfate.model.question import Horizon, Rung
from sharedfate.model.source import Span


@dataclass(frozen=True, slots=True)
class Guilty:
    """One entry that acts on something: which policy, where it stands, its words, and the places where it acts."""

    policy: str
    span: Span
    rule: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditCell:
    """One function at one horizon: its rung at nature's worst (`low`) and best (`high`) choice.

    `flows` are its flows at the worst choice; their `cut_by` are indices into the report's `guilty`.
    """

    horizon: Horizon
    low: Rung
    high: Rung
    flows: tuple[FlowFate, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One function, a cell for each horizon; `honest` is its rung without the policies, at nature's worst choice."""

    function: str
    cells: tuple[AuditCell, ...]
    honest: Rung = Rung.CLEAN


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The whole audit. `leaned_on`: open facts and assumptions that some rung depends on.

    `partial`: nature has more choices than the audit looked at, so worst and best are of those that it saw.
    """

    policies: tuple[str, ...]
    rows: tuple[AuditRow, ...]
    guilty: tuple[Guilty, ...] = ()
    leaned_on: tuple[str, ...] = ()
    partial: bool = False
