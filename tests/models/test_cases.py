"""The public cases of models/cases come out as reality did.

What reality did stands here, apart from the models, so that a changed `expect` cannot hide a disagreement: each check
of each case has one line in REALITY (somebody saw it: grade A tested by who reports it, B plausible) or in DERIVED
(argued from stated facts, confirmed by no one, so it is compared but never counted as measured).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import assert_never

import pytest

from sharedfate.engines.answer import answer_checks
from sharedfate.engines.budget import Budget
from sharedfate.evidence.answer import Answer
from sharedfate.language.load import load
from sharedfate.model.facts import FactLiteral
from sharedfate.model.model import Model
from sharedfate.model.question import AlwaysRides, CanCut, Horizon, Rung, UnderPolicies, VerdictKind
from sharedfate.report.diagnostics import render_all

CASES = Path(__file__).parents[2] / "models" / "cases"
FILES = sorted(CASES.glob("*.fate"))


class Outcome(Enum):
    """What became of something, in a word; DEPENDS: one thing or the other, by what nobody reported."""

    LIVED = "went on"
    DIED = "died"
    HURT = "lost a part"
    APART = "was blocked, what is spared was not"
    TOGETHER = "could not be blocked apart"
    INSIDE = "was in the tunnel"
    OUTSIDE = "was outside of the tunnel"
    DEPENDS = "depends"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: the functions asked about, what became of them, when, under which facts, by which grade."""

    functions: tuple[str, ...]
    outcome: Outcome
    grade: str
    saying: str
    facts: tuple[str, ...] = ()
    horizon: Horizon = Horizon.ON_RECONNECT


def _line(
    functions: str, outcome: Outcome, grade: str, saying: str, facts: str = "", at: Horizon | None = None
) -> Line:
    closed = tuple(facts.split(", ")) if facts else ()
    return Line(tuple(functions.split()), outcome, grade, saying, closed, at or Horizon.ON_RECONNECT)


LIVED, DIED, HURT = Outcome.LIVED, Outcome.DIED, Outcome.HURT
APART, TOGETHER, DEPENDS = Outcome.APART, Outcome.TOGETHER, Outcome.DEPENDS
INSIDE, OUTSIDE = Outcome.INSIDE, Outcome.OUTSIDE
AT_ONCE, FOR_GOOD = Horizon.AT_ONCE, Horizon.FOR_GOOD

REALITY = {
    ("c02", "dies"): _line("by_16", DIED, "A", "push stops"),
    ("c02", "browse"): _line("browsing", LIVED, "A", "browsing stays fine"),
    ("c02", "cure_name"): _line("by_16", LIVED, "A", "the name excluded: push is back"),
    ("c02", "cure_address"): _line("by_16", LIVED, "A", "17.0.0.0/8 direct: push is back"),
    ("c04", "default_off"): _line("notifications", DIED, "A", "no push under the list", "not apns_claimed"),
    ("c04", "lives"): _line("browsing", LIVED, "A", "apps work through the tunnel"),
    ("c04", "claimed"): _line("notifications", LIVED, "A", "push claimed, 5223 open: it works", "apns_claimed"),
    ("c04", "shut_as_seen"): _line(
        "notifications", DIED, "A", "push claimed, 5223 shut at the exit: dead", "apns_claimed, not falls_back"
    ),
    ("c04", "inside"): _line("notifications", DEPENDS, "A", "push is in the tunnel only when it is claimed"),
    ("c08", "split"): _line("call", APART, "A", "rings and is answered, then fails"),
    ("c08", "rings"): _line("ringing", LIVED, "A", "it rings"),
    ("c08", "fails"): _line("call", DIED, "A", "the caller sees no answer"),
    ("c10", "now"): _line("send_text", LIVED, "B", "nothing was noticed", at=AT_ONCE),
    ("c10", "still"): _line("send_text", LIVED, "B", "nothing was noticed"),
    ("c10", "lapsed"): _line("send_text", DIED, "B", "without a registration: unavailable", at=FOR_GOOD),
    ("c10", "signed_out"): _line("sign_in", DIED, "A", "could not be activated"),
    ("c10", "alias"): _line("sign_in", DIED, "A", "the alias had to be allowed too"),
    ("c10", "mended"): _line("sign_in", LIVED, "A", "both allowed: activated"),
    ("c11", "pictures"): _line("receive_picture", APART, "A", "text fine, pictures do not load"),
    ("c12", "suffix"): _line("notifications home_hub", DIED, "A", "notifications stop, hubs go offline"),
    ("c12", "registration"): _line("new_device", DIED, "A", "device registration failed"),
    ("c14", "has_token"): _line("home_app_push", LIVED, "A", "delivery works with Pi-hole on"),
    ("c14", "for_weeks"): _line("home_app_push", LIVED, "B", "and goes on", at=FOR_GOOD),
    ("c14", "reinstall"): _line("reinstalled", DIED, "A", "resetting the push ID fails"),
    ("c14", "pause"): _line("reinstalled", LIVED, "A", "five minutes of pause are enough to register"),
    ("c15", "dies"): _line("signal_notice", DIED, "A", "Signal's notifications stopped"),
    ("c15", "only"): _line("notifications", LIVED, "A", "Signal's only"),
    ("c15", "mended"): _line("signal_notice", LIVED, "A", "the entry dropped: they are back"),
    ("c16", "silent"): _line("background", DIED, "A", "no background messages"),
    ("c16", "opened"): _line("foreground", LIVED, "A", "in the app they arrive"),
    ("c17", "with_it"): _line("notifications", LIVED, "A", "connects on 443", "falls_back"),
    ("c17", "strained"): _line("notifications", LIVED, "A", "by another port", "falls_back"),
    ("c17", "without_it"): _line("notifications", DIED, "A", "before the patch: no connection", "not falls_back"),
    ("c20", "web_inside"): _line("browsing", INSIDE, "A", "80 and 443 are diverted"),
    ("c20", "outside"): _line("notifications", OUTSIDE, "A", "5223 is not", "not ports_added"),
    ("c20", "sending"): _line("send_push", OUTSIDE, "A", "2197 is not", "not ports_added"),
    ("c20", "mended"): _line("notifications", INSIDE, "A", "both ports added", "ports_added"),
    ("c25", "imessage"): _line("send_picture", APART, "A", "text passes, images fail"),
    ("c25", "whatsapp"): _line("whatsapp_picture", APART, "A", "text passes, images fail"),
    ("c25", "messenger"): _line("messenger_picture", APART, "A", "text passes, images fail"),
    ("c25", "hex"): _line("picture_as_text", TOGETHER, "A", "a picture as hexadecimal text gets through"),
    ("c28", "android"): _line("media_android", DIED, "A", "retransmissions after the name shows"),
    ("c28", "ios"): _line("media_ios", LIVED, "A", "passes"),
    ("c28", "chats"): _line("text_android text_ios", LIVED, "A", "chat works for both"),
    ("c28", "apart"): _line("media_android", APART, "A", "media blocked, chat and the other build not"),
    ("c30", "text_lives"): _line("text", LIVED, "A", "text goes on"),
    ("c30", "text_how"): _line("text", LIVED, "A", "by addresses of its own"),
    ("c30", "calls"): _line("call", LIVED, "A", "calls go on"),
    ("c30", "media_dies"): _line("media_sent web_client", DIED, "A", "media and web site die"),
    ("c35", "old"): _line("text attachment settings", DIED, "A", "everything", "old_build"),
    ("c35", "new"): _line("text", LIVED, "A", "chat.signal.org passes", "not old_build"),
    ("c35", "rest"): _line("attachment settings", DIED, "A", "lingering media failures", "not old_build"),
    ("c35", "probe"): _line("swapped", DIED, "A", "cut even towards Google's address"),
    ("c41", "plain"): _line("messages", DIED, "A", "stops Telegram and any MTProxy", "not padding"),
    ("c41", "padded"): _line("messages", LIVED, "A", "random padding was the answer", "padding"),
    ("c41", "cost"): _line("browsing", HURT, "B", "other packets of those lengths"),
    ("c41", "can"): _line("messages", APART, "A", "with collateral", "not padding"),
    ("c44", "running"): _line("calls", LIVED, "A", "stays up for ten hours and more", at=AT_ONCE),
    ("c44", "start"): _line("calls", DIED, "A", "cannot be set up"),
}

DERIVED = {
    ("c02", "reason"): _line("by_31", DEPENDS, "derived", "later set-ups resolve the bare name"),
    ("c02", "no_sni"): _line("by_16", TOGETHER, "derived", "all shards share a TLS name"),
    ("c02", "yes_dns"): _line("by_16", APART, "derived", "DNS separates them"),
    ("c02", "dns_at_once"): _line("by_16", TOGETHER, "derived", "a cached name is not asked for", at=AT_ONCE),
    ("c02", "yes_ip"): _line("by_16", APART, "derived", "addresses separate them"),
    ("c02", "one_list"): _line("by_7", DEPENDS, "derived", "if the addresses differ"),
    # The documented fallback did not rescue the one user who could have met it.
    ("c04", "shut"): _line("notifications", LIVED, "derived", "documented, not seen", "apns_claimed, falls_back"),
    ("c04", "shut_unknown"): _line("notifications", DEPENDS, "derived", "on the fallback", "apns_claimed"),
    ("c11", "list_pics"): _line("receive_picture", DIED, "derived", "the list as reject: attachments die"),
    ("c11", "list_text"): _line("receive_text", LIVED, "derived", "the courier is not on it"),
    ("c11", "rumour"): _line("receive_picture", DEPENDS, "derived", "QUIC as the cause is a rumour"),
    ("c12", "at_first"): _line("notifications home_hub", LIVED, "derived", "what is up stays up", at=AT_ONCE),
    ("c12", "exact"): _line("notifications", LIVED, "derived", "numbered couriers are not matched"),
    ("c12", "shard"): _line("notifications", DEPENDS, "derived", "on the shard"),
    ("c12", "cname"): _line("notifications", DIED, "derived", "bites if aliases are judged"),
    ("c15", "no_push"): _line("signal_notice", APART, "derived", "the push half"),
    ("c15", "no_chat"): _line("signal_notice", APART, "derived", "the chat half"),
    ("c15", "not_both"): _line("signal_notice", TOGETHER, "derived", "an AND of two spared halves"),
    ("c17", "build"): _line("notifications", DEPENDS, "derived", "on the build"),
    ("c17", "silently"): _line("notifications", LIVED, "derived", "not tested", "falls_back"),
    ("c17", "silent_none"): _line("notifications", DIED, "derived", "not tested", "not falls_back"),
    ("c20", "fallback"): _line("notifications", LIVED, "derived", "its 443 goes inside", "not ports_added"),
    ("c25", "rate"): _line("picture_as_text", DEPENDS, "derived", "except by volume"),
    ("c28", "free"): _line("media_ios", APART, "derived", "drop what shows no name"),
    ("c41", "collateral"): _line("messages", TOGETHER, "derived", "collateral is certain", "not padding"),
    ("c41", "whole_range"): _line("messages", APART, "derived", "at a higher price", "padding"),
    ("c44", "filter"): _line("calls", DIED, "derived", "a filter at any time", at=AT_ONCE),
}


@cache
def _model(path: Path) -> Model:
    loaded = load(path)
    assert loaded.model is not None, "\n" + render_all(loaded.diagnostics, loaded.sources, dropped=loaded.dropped)
    assert not loaded.diagnostics, "\n" + render_all(loaded.diagnostics, loaded.sources, dropped=loaded.dropped)
    return loaded.model


@cache
def _answers(path: Path) -> dict[str, Answer]:
    model = _model(path)
    return {answer.check.name: answer for answer in answer_checks(model, model.checks, Budget())}


def _outcome(answer: Answer) -> Outcome | None:
    """What the answer says became of the functions asked about; None where it says nothing of the kind."""
    if answer.verdict is VerdictKind.CONDITIONAL:
        return Outcome.DEPENDS
    if answer.verdict not in (VerdictKind.PROVED, VerdictKind.VIOLATED):
        return None
    proved = answer.verdict is VerdictKind.PROVED
    match answer.check.question:
        case CanCut(positive=positive):
            return Outcome.APART if proved is positive else Outcome.TOGETHER
        case AlwaysRides():
            return Outcome.INSIDE if proved else Outcome.OUTSIDE
        case UnderPolicies(low=low, high=high):
            return _standing(low, high) if proved else None
        case _:
            assert_never(answer.check.question)


def _standing(low: Rung, high: Rung) -> Outcome | None:
    if high is Rung.DEAD:
        return Outcome.DIED
    if low >= Rung.STRAINED:
        return Outcome.LIVED
    return Outcome.HURT if low is high is Rung.HURT else None


def _line_of(answer: Answer, line: Line) -> Line:
    """The table's line as the answer would have it."""
    question = answer.check.question
    functions = question.functions if isinstance(question, UnderPolicies) else (question.function,)
    horizon = Horizon.ON_RECONNECT if isinstance(question, AlwaysRides) else question.horizon
    outcome = _outcome(answer)
    assert outcome is not None, f"{answer.statement}: {answer.verdict.value}"
    return Line(functions, outcome, line.grade, line.saying, _names(answer.check.given), horizon)


def _names(given: tuple[FactLiteral, ...]) -> tuple[str, ...]:
    return tuple(map(str, given))


def _file(case: str) -> Path:
    found = [path for path in FILES if path.name.startswith(f"{case}_")]
    assert len(found) == 1, f"{case}: {found}"
    return found[0]


@pytest.mark.parametrize(("case", "check"), REALITY)
def test_as_reality_did(case: str, check: str) -> None:
    line = REALITY[case, check]
    assert line.grade in ("A", "B")
    assert _line_of(_answers(_file(case))[check], line) == line


@pytest.mark.parametrize(("case", "check"), DERIVED)
def test_as_argued(case: str, check: str) -> None:
    line = DERIVED[case, check]
    assert line.grade == "derived"
    assert _line_of(_answers(_file(case))[check], line) == line


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_check_meets_its_expectation(path: Path) -> None:
    unmet = [answer.statement for answer in _answers(path).values() if not answer.met]
    assert _answers(path)
    assert unmet == []


def test_every_check_has_one_line() -> None:
    asked = {(path.name[:3], check.name) for path in FILES for check in _model(path).checks}
    assert not REALITY.keys() & DERIVED.keys()
    assert asked == REALITY.keys() | DERIVED.keys()


def test_the_cases_that_were_asked_for_are_there() -> None:
    wanted = {"c02", "c04", "c08", "c10", "c11", "c12", "c14", "c15", "c17", "c30"}
    assert wanted <= {case for case, _ in REALITY}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_everything_that_names_the_world_has_a_source(path: Path) -> None:
    model = _model(path)
    bare = [one.name for one in model.connections if one.source is None]
    bare += [one.name for one in model.policies if one.source is None]
    assert bare == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_derived_checks_say_so_where_they_stand(path: Path) -> None:
    """The comment over each check gives the reason, and says `derived` exactly where the table does."""
    lines = path.read_text(encoding="utf-8").splitlines()
    marks = {}
    for check in _model(path).checks:
        above = list(takewhile(lambda line: line.startswith("# "), reversed(lines[: check.span.line - 1])))
        assert above, f"{check.name} has no reason over it"
        marks[check.name] = above[-1].startswith("# derived: argued, not scored.")
    case = path.name[:3]
    assert marks == {name: (case, name) in DERIVED for name in marks}
