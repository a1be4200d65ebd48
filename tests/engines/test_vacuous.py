"""An empty question is said to be empty, and why; nothing is proved of it."""

from __future__ import annotations

import pytest

from engines.small import PUSH, answer
from sharedfate.model.question import VerdictKind

MORE = f"""{PUSH}
assume switched open
zone isle
link aside : net -- isle
flow dead   : site -> phone on photos {{ usual 9; when switched }}
flow sized  : site -> phone on photos {{ size 1..99 }}
flow small  : site -> phone on photos {{ usual 1..50 }}
function off   = dead
function weak  = degraded photo or dead
function loose = sized
function little = small
adversary astray {{ on aside; sees ip; may drop }}
"""

KINDS = {
    "isp cannot block texts sparing notifications, texts": "sparing names texts itself",
    "astray cannot block texts sparing pictures": "no view that astray may act on meets texts",
    "apns cannot block pictures sparing texts": "no view that apns may act on meets pictures",
    "isp cannot block texts sparing off without switched": "off is below strained without any attack",
    "isp cannot block texts sparing weak without switched": "weak is below strained without any attack",
    "isp cannot block texts sparing notifications, weak unharmed without switched": (
        "weak is below clean without any attack"
    ),
    "isp cannot block off sparing texts without switched": "off is dead or lower without any attack",
    "isp cannot degrade weak sparing texts without switched": "weak is hurt or lower without any attack",
    "isp_sizes cannot block loose sparing texts with not occurs(sized, 1..50), not occurs(sized, 51..99)": (
        "no choice of nature satisfies what is given"
    ),
    "off dies under shut without switched": "off is dead without any policy",
    "pictures, off die under shut without switched": "off is dead without any policy",
}


@pytest.mark.parametrize("check", KINDS)
@pytest.mark.parametrize("form", ["cannot", "can"])
def test_each_kind(check: str, form: str) -> None:
    found = answer(MORE, check.replace("cannot", form))
    assert found.verdict is VerdictKind.VACUOUS
    assert found.reason == KINDS[check]
    assert not found.met
    assert not (found.proofs or found.attacks or found.neighbours)


def test_no_hop_of_its_clients() -> None:
    text = MORE + "party tablet at home\nconnection tab : tablet -> site { tcp 9 }\n"
    text += "flow page : site -> tablet on tab { usual 9 }\nfunction browse = page\n"
    found = answer(text, "texts always rides tab")
    assert found.verdict is VerdictKind.VACUOUS
    assert found.reason == "no hop of texts belongs to a client of tab"


def test_what_is_not_empty() -> None:
    """Beside each empty question stands one that is not."""
    assert answer(MORE, "isp cannot block texts sparing off").verdict is VerdictKind.VIOLATED
    assert answer(MORE, "isp can block off sparing texts").verdict is VerdictKind.PROVED
    assert answer(MORE, "pictures, off die under shut").verdict is VerdictKind.PROVED
    assert answer(MORE, "off works under shut without switched").verdict is VerdictKind.VIOLATED
    assert answer(MORE, "texts always rides photos").verdict is VerdictKind.VIOLATED


def test_it_can_be_expected() -> None:
    assert answer(MORE, "isp cannot block texts sparing texts expect vacuous").met
