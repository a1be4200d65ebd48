"""With every answer: the strongest statement of the family that is proved, and the weakest attack that works."""

from __future__ import annotations

from engines.small import PUSH, answer
from sharedfate.evidence.answer import Answer
from sharedfate.model.question import VerdictKind

P, V = VerdictKind.PROVED, VerdictKind.VIOLATED


def said(found: Answer) -> dict[str, tuple[VerdictKind, bool]]:
    return {one.statement.replace(" sparing ", " / "): (one.verdict, one.stronger) for one in found.neighbours}


def test_one_view_of_everything() -> None:
    """Without sight of sizes all records are one view: whatever is done to texts is done to notifications.

    Hurting one hurts both, killing one kills both: the two statements that say more than the one asked hold as well.
    """
    found = answer(PUSH, "isp cannot block texts sparing notifications")
    assert found.verdict is P
    assert said(found) == {
        "isp cannot block texts without killing notifications": (P, True),
        "isp cannot degrade texts / notifications": (P, True),
    }


def test_apart() -> None:
    """Everything can be done to what has a connection of its own, even with the rest unharmed: the weakest attack

    is the one that promises least: to block, with nothing but `without killing` to keep, and to degrade, sparing.
    """
    found = answer(PUSH, "isp cannot block pictures sparing texts")
    assert found.verdict is V
    assert said(found) == {
        "isp cannot block pictures / texts unharmed": (V, False),
    }


def test_in_between() -> None:
    """With sizes, in any order: 1..199 is notifications' alone; what kills them takes 200..4096 and all texts.

    So blocking is out even without killing texts, but degrading spares them.
    """
    lax = PUSH.replace("stream }", "stream redelivers any order; control down usual 5000 up usual 5000 }")
    found = answer(lax, "isp_sizes cannot block notifications sparing texts")
    assert found.verdict is P
    assert said(found) == {
        "isp_sizes cannot block notifications without killing texts": (P, True),
        "isp_sizes cannot degrade notifications / texts": (V, True),
    }


def test_the_asked_one_is_not_its_own_neighbour() -> None:
    for check in ("isp cannot degrade texts sparing notifications unharmed", "isp can block pictures sparing texts"):
        found = answer(PUSH, check)
        assert all(one.statement != found.statement.replace(" can ", " cannot ") for one in found.neighbours)
