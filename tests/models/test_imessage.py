"""models/architectures/imessage.fate: every verdict, against a table derived by hand (not read from the file)."""

from __future__ import annotations

import ipaddress
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sharedfate.cli import rooms
from sharedfate.cli.main import run
from sharedfate.cli.selection import Visitors, selected
from sharedfate.evidence.answer import Answer, Shows
from sharedfate.evidence.audit import AuditReport
from sharedfate.evidence.rule_words import prefix_words
from sharedfate.language.load import load
from sharedfate.language.rulelist import read_rule_list
from sharedfate.model.model import Model
from sharedfate.model.policy import MatchIp
from sharedfate.model.question import CanCut, Horizon, Rung, VerdictKind
from sharedfate.model.source import Source
from sharedfate.model.wire import Dialect
from sharedfate.report.json_out import answer_data

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "models" / "architectures" / "imessage.fate"
ADVERSARIES = ROOT / "models" / "adversaries"
LISTS = Path(os.environ.get("SHAREDFATE_SHARED", ROOT.parent / "shared")) / "data" / "ru-mobile-whitelist"

ORDER = "order(courier)"
LONG_CONTROL = "occurs(control, courier, up, 200..4096)"
LONG_TEXT = "occurs(incoming, 4097..15360)"

PROVED = {
    *("shared_fate", "ring_shares", "enrolment", "pictures", "calls", "received", "receipts", "classified_unharmed"),
    *("limited", "limits_all", "blocks_all", "blocks_later", "other_port"),
    *("plane_text", "plane_pics", "plane_calls", "plane_ring", "plane_new", "plane_vpn"),
    *("by_topic", "topic_dies", "topic_spares", "phone_veto", "dark", "dark_sms", "listed_only"),
}
VIOLATED = {"weeks_later"}
# Each side is a set of conditions, each a conjunction of facts: proved if one of these, violated if one of those.
CONDITIONAL = {
    "weeks_later_in": ({("not lapse_stops_delivery",)}, {("lapse_stops_delivery",)}),
    "sent": ({(LONG_CONTROL,), (ORDER,)}, {(f"not {LONG_CONTROL}", f"not {ORDER}")}),
    "long_text": ({(ORDER,), (f"not {LONG_TEXT}",)}, {(f"not {ORDER}", LONG_TEXT)}),
    "classified": ({(ORDER,)}, {(f"not {ORDER}",)}),
    "classified_out": ({(ORDER,)}, {(f"not {ORDER}",)}),
    "no_fallback": ({("falls_back",)}, {("not falls_back",)}),
    "vpn_inside": ({("apns_claimed",)}, {("not apns_claimed",)}),
    "vpn_rescue": ({("apns_claimed",)}, {("not apns_claimed",)}),
}
ALL = sorted(PROVED | VIOLATED | set(CONDITIONAL))


@pytest.fixture(scope="module")
def model() -> Model:
    loaded = load(FILE)
    assert loaded.model is not None
    assert loaded.diagnostics == ()
    return loaded.model


@pytest.fixture(scope="module")
def answers(model: Model) -> dict[str, Answer]:
    return {answer.check.name: answer for answer in rooms.answers(model, model.checks, None)}


def data(answers: dict[str, Answer], name: str) -> Any:
    """What `--json` says of an answer."""
    return json.loads(json.dumps(answer_data(answers[name])))


def rungs(attack: Any) -> dict[str, str]:
    """The rung of each function under an attack."""
    return {item["function"]: item["rung"] for item in attack["functions"]}


def test_the_table_is_the_file(model: Model) -> None:
    assert sorted(check.name for check in model.checks) == ALL


@pytest.mark.parametrize("name", ALL)
def test_verdict(answers: dict[str, Answer], name: str) -> None:
    expected = "conditional" if name in CONDITIONAL else "violated" if name in VIOLATED else "proved"
    answer = data(answers, name)
    assert answer["verdict"] == expected
    assert answer["as_expected"] is True
    proved, violated = CONDITIONAL.get(name, (set(), set()))
    assert {tuple(sorted(condition)) for condition in answer["proved_if"]} == proved
    assert {tuple(sorted(condition)) for condition in answer["violated_if"]} == violated
    assert answer["conditions_cut_short"] is False


def test_every_answer_carries_its_evidence(answers: dict[str, Answer]) -> None:
    cut = {Shows.NO_ATTACK, Shows.ATTACK_WORKS}
    claim = {Shows.CLAIM_HOLDS, Shows.CLAIM_FAILS}
    for name, answer in answers.items():
        shown = {proof.shows for proof in answer.proofs}
        if name in CONDITIONAL:
            assert shown == (cut if isinstance(answer.check.question, CanCut) else claim), name
        else:
            assert len(shown) == 1, name


def test_calls_die_and_the_phone_rings(answers: dict[str, Answer]) -> None:
    (attack,) = data(answers, "calls")["attacks"]
    by_function = rungs(attack)
    assert by_function["call"] == "dead"
    assert {by_function[name] for name in ("ringing", "send_text", "receive_text", "notifications")} == {"clean"}
    assert all("udp" in rule["text"] for rule in attack["rules"])


def test_cutting_long_records_upward_spares_what_comes_down(answers: dict[str, Answer]) -> None:
    (attack,) = data(answers, "sent")["attacks"]
    (rule,) = attack["rules"]
    assert rule["phase"] == "record"
    assert "up" in rule["text"].split()
    by_function = rungs(attack)
    assert (by_function["send_text"], by_function["notifications"]) == ("dead", "strained")


def test_no_rule_says_what_another_says_already(answers: dict[str, Answer]) -> None:
    # Carol's courier is one endpoint, tcp 5223 at the five IPv4 prefixes: one rule, not one more for a sample address.
    ((rule,),) = (attack.rules for attack in answers["vpn_rescue"].attacks)
    (addresses,) = (match for match in rule.matches if isinstance(match, MatchIp))
    assert len(addresses.prefixes) == 5


def test_a_guess_is_owned_up_to(answers: dict[str, Answer]) -> None:
    (attack,) = answers["classified"].attacks
    assert attack.inferred == (("flow", 4.0),)


# ---- adversaries of other files, and of other models


@pytest.mark.parametrize(
    ("file", "verdict"),
    [
        ("isp", VerdictKind.PROVED),  # one stream
        ("isp_sizes", VerdictKind.CONDITIONAL),  # as `sent`
        ("classifier", VerdictKind.CONDITIONAL),  # as `classified_out`
        ("appliance", VerdictKind.PROVED),  # a limit kills nothing
        ("carrier", VerdictKind.VACUOUS),  # nothing of text passes the carrier
        ("compelled_platform", VerdictKind.VIOLATED),  # it reads topics
    ],
)
def test_text_apart_from_pushes_against_each_adversary(file: str, verdict: VerdictKind) -> None:
    path = ADVERSARIES / f"{file}.fate"
    loaded = load(FILE, (path,))
    assert loaded.model is not None
    own = tuple(item.name for item in loaded.model.adversaries if Path(item.span.file).resolve() == path)
    checks = selected(loaded.model, ("shared_fate",), Visitors(own))
    assert [answer.verdict for answer in rooms.answers(loaded.model, checks, None)] == [verdict]


@pytest.mark.parametrize("file", sorted(path.name for path in ADVERSARIES.glob("*.fate")))
def test_adversaries_fit_another_model(file: str, tmp_path: Path) -> None:
    other = tmp_path / "other.fate"
    other.write_text("""model other
zone home, net
link access : home -- net tagged last_mile
party phone at home
service push at net role relay
connection courier : phone -> push { tcp 5223; to 192.0.2.0/24; stream }
flow news : push -> phone on courier
function notifications = news
""")
    loaded = load(other, (ADVERSARIES / file,))
    assert loaded.diagnostics == ()
    assert loaded.model is not None


# ---- sources


def sourced(model: Model) -> Iterator[tuple[str, str]]:
    """Everything that states a fact, and what it rests on."""
    pools = {item.pool.name: item.pool for c in model.connections for item in c.alternatives if item.pool is not None}
    for name, pool in pools.items():
        yield name or "", (pool.source.text if pool.source else "" if name else "its connection's")
    items: list[tuple[str, Source | None]] = [(item.name, item.source) for item in model.connections]
    items += [(item.name, item.source) for item in model.flows]
    items += [(item.name, item.source) for item in model.assumptions]
    items += [(item.name, item.source) for item in model.adversaries]
    items += [(item.name, item.source) for item in model.policies]
    for name, source in items:
        yield name, (source.text if source else "")


def test_every_fact_has_a_source_that_readers_have(model: Model) -> None:
    without = {name for name, text in sourced(model) if not text}
    assert without == {"port_5223_shut"}  # a question, not a fact
    assert not [name for name, text in sourced(model) if "facts.md" in text or "shared/" in text]


# ---- the allow-list of a state


def need(name: str) -> Path:
    """A list of the shared data; the test is skipped where it is absent."""
    path = LISTS / name
    if not path.is_file():
        pytest.skip(f"{path} is not there; set SHAREDFATE_SHARED to the folder that holds data/ru-mobile-whitelist")
    return path


def audited(model: Model, file: Path) -> AuditReport:
    result = read_rule_list(str(file), True, Dialect.SUFFIX, ("access_a",), ())
    assert result.policy is not None
    return rooms.audited(model, [result.policy])


def cells(report: AuditReport, function: str) -> dict[Horizon, tuple[Rung, Rung]]:
    """The worst and the best rung of a function at each horizon."""
    (row,) = [row for row in report.rows if row.function == function]
    return {cell.horizon: (cell.low, cell.high) for cell in row.cells}


DEAD = (Rung.DEAD, Rung.DEAD)
CLEAN = (Rung.CLEAN, Rung.CLEAN)


@pytest.mark.parametrize("file", ["cidrwhitelist.txt", "whitelist.txt"])
def test_what_dies_under_a_real_allow_list(model: Model, file: str) -> None:
    """Nothing of Apple's is on it, so nothing that crosses access_a lives, at any horizon.

    Held already and asked of nobody: activation, and the registration until it expires. SMS takes another way, if the
    user lets it.
    """
    report = audited(model, need(file))
    everywhere_dead = ("notifications", "send_text", "receive_text", "send_picture", "ringing", "call", "new_device")
    for function in (*everywhere_dead, "carols_notifications", "carols_browsing"):
        assert set(cells(report, function).values()) == {DEAD}, function
    assert cells(report, "enrolled") == {Horizon.AT_ONCE: CLEAN, Horizon.ON_RECONNECT: CLEAN, Horizon.FOR_GOOD: DEAD}
    assert set(cells(report, "reach_bob").values()) == {(Rung.DEAD, Rung.HURT)}
    assert "sms_fallback" in report.leaned_on
    assert {item.rule for item in report.guilty} == {"default deny"}


def apns_prefixes(model: Model) -> list[str]:
    (courier,) = [item for item in model.connections if item.name == "courier"]
    pools = {item.pool for item in courier.alternatives if item.pool is not None}
    return sorted(prefix_words(prefix) for pool in pools for prefix in pool.prefixes)


def test_no_entry_meets_an_address_of_the_courier(model: Model) -> None:
    ours = [ipaddress.ip_network(text) for text in apns_prefixes(model)]
    assert len(ours) == 9
    listed = [ipaddress.ip_network(line) for line in need("cidrwhitelist.txt").read_text().split()]
    assert len(listed) == 30_228
    assert not [net for net in listed if any(net.version == our.version and net.overlaps(our) for our in ours)]


def test_an_allow_list_with_the_courier_on_it(model: Model, tmp_path: Path) -> None:
    """With the nine prefixes listed what runs goes on; whoever reconnects asks DNS first, which is not listed."""
    file = tmp_path / "list.txt"
    file.write_text("\n".join(apns_prefixes(model)) + "\n")
    report = audited(model, file)
    dns_lost = {Horizon.AT_ONCE: CLEAN, Horizon.ON_RECONNECT: DEAD, Horizon.FOR_GOOD: DEAD}
    assert cells(report, "notifications") == dns_lost
    assert cells(report, "send_text") == dns_lost
    assert set(cells(report, "call").values()) == {DEAD}


def test_one_prefix_of_nine_depends_on_which_address_was_handed_out(model: Model, tmp_path: Path) -> None:
    """At once: alive for those on an IPv4 address of 17.57.144.0/22 (or whose client could not say), else dead."""
    file = tmp_path / "list.txt"
    file.write_text("17.57.144.0/22\n")
    report = audited(model, file)
    low, high = cells(report, "notifications")[Horizon.AT_ONCE]
    assert low is Rung.DEAD
    assert high is Rung.STRAINED  # the other alternatives are touched
    assert any(fact.startswith("hands_out(apns_v4@alice") for fact in report.leaned_on)


def test_the_command_line_agrees(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    only = ("shared_fate", "weeks_later", "no_fallback")
    arguments = ["check", str(FILE), "--json", *(word for name in only for word in ("--only", name))]
    monkeypatch.setattr("sys.argv", ["sharedfate", *arguments])
    assert run() == 0
    (file,) = json.loads(capfd.readouterr().out)["files"]
    assert [item["verdict"] for item in file["answers"]] == ["proved", "violated", "conditional"]
