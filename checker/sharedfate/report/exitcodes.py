"""The exit codes of `sharedfate check`, and which of several wins."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sharedfate.evidence.answer import Answer


class Exit(IntEnum):
    """What a run says to the shell. INTERRUPTED is the shell's own convention for Ctrl-C."""

    MET = 0
    NOT_MET = 1
    BAD_INPUT = 2
    UNDECIDED = 3
    INTERNAL = 4
    INTERRUPTED = 130


_FIRST_WINS = (Exit.INTERNAL, Exit.BAD_INPUT, Exit.NOT_MET, Exit.UNDECIDED)


def of_answer(answer: Answer) -> Exit:
    """MET when the expectation is met; otherwise NOT_MET for a decided answer, UNDECIDED for any other."""
    from sharedfate.model.question import VerdictKind

    if answer.met:
        return Exit.MET
    decided = answer.verdict in (VerdictKind.PROVED, VerdictKind.VIOLATED, VerdictKind.CONDITIONAL)
    return Exit.NOT_MET if decided else Exit.UNDECIDED


def worst(codes: Iterable[Exit]) -> Exit:
    """Of several, the first in the order 4, 2, 1, 3, 0."""
    given = set(codes)
    return next((code for code in _FIRST_WINS if code in given), Exit.MET)
