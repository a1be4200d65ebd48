"""Diagnostics as data: what is wrong, where, why, and how to mend it. Rendering lives in report/diagnostics.py."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum

from sharedfate.model.source import Span

CAP = 50
"""At most so many errors, and so many warnings, are kept for one run; the rest is counted."""


class Severity(Enum):
    """An ERROR makes the input unusable, a WARNING does not."""

    ERROR = "error"
    WARNING = "warning"


class Code(StrEnum):
    """Stable codes. A code is never given a second meaning; `sharedfate explain CODE` tells each (catalogue.py)."""

    # text and syntax
    UNREADABLE = "F001"
    FILE_TOO_BIG = "F002"
    NUL_BYTE = "F003"
    INVALID_UTF8 = "F004"
    BIDI_CONTROL = "F005"
    LINE_TOO_LONG = "F006"
    NESTING_TOO_DEEP = "F007"
    SYNTAX = "F008"
    NOT_YET = "F009"
    CONTROL_CHARACTER = "F010"
    # files
    NO_SUCH_FILE = "F020"
    LEAVES_ROOT = "F021"
    USE_CYCLE = "F022"
    TOO_MANY_FILES = "F023"
    NO_MODEL = "F024"
    # names
    UNKNOWN_NAME = "F030"
    DUPLICATE_NAME = "F031"
    WRONG_KIND = "F032"
    # values
    WRONG_UNIT = "F040"
    EMPTY_LIST = "F041"
    HOST_BIT = "F042"
    PREFIX_LENGTH = "F043"
    BAD_ADDRESS = "F044"
    RANGE_TURNED = "F045"
    PORT_RANGE = "F046"
    NUMBER_RANGE = "F047"
    BAD_NAME = "F048"
    # network and connections
    NO_ROUTE = "F050"
    ROUTE_TIE = "F051"
    NOT_ON_ROUTE = "F052"
    VERSION_MIX = "F053"
    NO_TRANSPORT = "F054"
    TOO_MANY_ALTERNATIVES = "F055"
    SAID_TWICE = "F056"
    VIA_CYCLE = "F057"
    NEEDS_STREAM = "F058"
    NONSENSE = "F059"
    # flows and functions
    NO_CONNECTION = "F070"
    AMBIGUOUS_HOP = "F071"
    USUAL_OUTSIDE = "F072"
    UNUSED_FLOW = "F073"
    FUNCTION_CYCLE = "F074"
    FOUND_CYCLE = "F075"
    # adversaries and policies
    SITS_NOWHERE = "F080"
    MAY_NOTHING = "F081"
    SEES_NOTHING = "F082"
    EXTENDS_CYCLE = "F083"
    ZERO_RULES = "F084"
    FIELD_PLACE = "F085"
    # checks and facts
    NOT_OPEN = "F090"
    UNKNOWN_FACT = "F091"
    CONTRADICTION = "F092"


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that matters, and what it has to do with the matter."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Replacing what stands at `span` by `replacement` mends it. An editor can apply it."""

    span: Span
    replacement: str
    title: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: `message` is one sentence without a full stop; `span` is the primary place."""

    code: Code
    severity: Severity
    message: str
    span: Span
    labels: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()


class Diagnostics:
    """Collects findings, at most CAP of each severity; equal ones once. `dropped` counts what came after the cap."""

    def __init__(self) -> None:
        self._items: dict[Severity, dict[Diagnostic, None]] = {severity: {} for severity in Severity}
        self.dropped = 0
        self.errors = 0

    def add(self, item: Diagnostic) -> None:
        """Keep one finding."""
        kept = self._items[item.severity]
        if item in kept:
            return
        self.errors += item.severity is Severity.ERROR
        if len(kept) >= CAP:
            self.dropped += 1
            return
        kept[item] = None

    def extend(self, items: Iterable[Diagnostic]) -> None:
        """Keep several findings."""
        for item in items:
            self.add(item)

    def error(
        self,
        code: Code,
        message: str,
        span: Span,
        labels: tuple[Label, ...] = (),
        notes: tuple[str, ...] = (),
        fixes: tuple[Fix, ...] = (),
    ) -> None:
        """Add an error."""
        self.add(Diagnostic(code, Severity.ERROR, message, span, labels, notes, fixes))

    def warning(
        self,
        code: Code,
        message: str,
        span: Span,
        labels: tuple[Label, ...] = (),
        notes: tuple[str, ...] = (),
        fixes: tuple[Fix, ...] = (),
    ) -> None:
        """Add a warning."""
        self.add(Diagnostic(code, Severity.WARNING, message, span, labels, notes, fixes))

    @property
    def full(self) -> bool:
        """Whether further errors would only be counted."""
        return len(self._items[Severity.ERROR]) >= CAP

    @property
    def has_errors(self) -> bool:
        """Whether the input is unusable."""
        return self.errors > 0

    @property
    def items(self) -> tuple[Diagnostic, ...]:
        """The findings by place, then code: the same for two runs on the same input."""
        kept = (item for items in self._items.values() for item in items)
        return tuple(sorted(kept, key=lambda item: (item.span, item.code, item.message)))

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.items)

    def __len__(self) -> int:
        return sum(len(items) for items in self._items.values())
