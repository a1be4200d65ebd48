"""Answers for the terminal: nothing that an answer holds is left out, and nothing depends on the terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handmade import EVERY_RULE, audit_report, conditional, every_answer, proved, rides, undecided, under, violated
from sharedfate.evidence.answer import Answer, FlowFate, FunctionFate
from sharedfate.model.question import Rung, VerdictKind
from sharedfate.report.audit_text import report_lines
from sharedfate.report.lines import WIDTH, Piece, Style, labelled, line, plain, text_of, wrapped
from sharedfate.report.table import table
from sharedfate.report.text import BRIEF_RULES, OUTSIDE, answer_lines, brief_lines, in_brief, summary_lines


def shown(answer: Answer) -> str:
    return plain(answer_lines(answer))


@pytest.mark.parametrize("answer", every_answer(), ids=lambda answer: answer.check.name)
def test_verdict_name_and_statement_stand_first(answer: Answer) -> None:
    first = shown(answer).splitlines()[0]
    assert answer.verdict.value.upper() in first
    assert first.endswith(f"{answer.check.name}: {answer.statement}")


def test_glyphs_tell_verdicts_apart() -> None:
    glyphs = {answer.verdict: shown(answer).split(" ")[0] for answer in every_answer()}
    assert len(glyphs) == len(VerdictKind)
    assert len(set(glyphs.values())) == len(VerdictKind)


def test_violated_in_full() -> None:
    text = shown(violated())
    assert "NOT AS EXPECTED: expected proved (model.fate:7:1)" in text
    assert "attack, whatever nature chooses" in text
    for rule in (
        "drop ip 17.0.0.0/8, 2620:149::/48 tcp 443, 5223..5224",
        'reset sni "a.example", "b.example" matching glob',
        "throttle 64 kbit size 1..64 up",
        'allow name "c.example" matching suffix each cname',
        "redirect to 0.0.0.1 udp",
        "redirect to dns(sni)",
        "intercept no sni",
        'drop topic "com.example" client alice',
    ):
        assert rule in text
    assert "classifier of flow (wrong in 2.5 %)" in text
    assert "classifier of topic (error rate not stated)" in text
    assert "replayed with order(courier)" in text
    assert "leans on own_address(courier), found(courier)" in text
    assert "weaker   isp cannot block text without killing push: PROVED" in text


def test_states_flows_and_reasons() -> None:
    rows = [" ".join(row.split()) for row in shown(violated()).splitlines()]
    assert "text DEAD" in rows
    assert "message DEAD set-up is refused at every endpoint [rule 1, 3]" in rows
    assert "push CLEAN spared" in rows
    assert "others DEAD: calls" in rows
    assert "others HURT: photos" in rows
    assert "at once CLEAN, on reconnect DEAD, for good DEAD: text" in rows
    assert not any(row.startswith("at once CLEAN, on reconnect CLEAN, for good CLEAN") for row in rows)


def test_conditional_names_both_sides() -> None:
    text = shown(conditional())
    assert "proved if order(courier)\n" in text
    assert "       or occurs(push, 1..64)\n" in text
    assert "violated if not order(courier)\n" in text
    assert "cut short by the budget" in text
    assert "attack, if not order(courier)" in text
    assert "accepted by the kernel if order(courier)" in text
    assert "as expected: conditional on order(courier)" in text


def test_a_proving_side_that_is_empty_is_none() -> None:
    answer = conditional()
    bare = Answer(answer.check, answer.verdict, True, answer.statement, violated_if=answer.violated_if)
    assert "proved if none\n" in shown(bare)


def test_proof_size_digest_and_what_it_does_not_cover() -> None:
    text = " ".join(shown(proved()).split())
    assert f"no attack: 1234 clauses, 56 steps, accepted by the kernel (sha256 {'cd' * 8} of {'ab' * 8})" in text
    assert OUTSIDE in text


def test_shared_fate_is_a_row_a_class() -> None:
    rows = [" ".join(row.split()) for row in shown(proved()).splitlines()]
    assert "connection cut spared units seen at" in rows
    assert "courier of alice message news one stream ip, sni v4 tcp 443; v6 tcp 443" in rows
    assert "+ 1 endpoint out of sight" in rows
    assert "spared but not cut: 1" in rows


def test_no_policy_is_searched_so_nothing_is_outside() -> None:
    assert OUTSIDE not in shown(rides())


def test_a_declared_policy_shows_fates_and_guilty_entries() -> None:
    text = shown(under())
    assert 'by drop dns "push.example" matching suffix (list.txt:12)' in text
    assert "message   DEAD" in text


@pytest.mark.parametrize("verdict", [VerdictKind.UNKNOWN, VerdictKind.BOUNDED, VerdictKind.VACUOUS])
def test_no_verdict_without_its_reason(verdict: VerdictKind) -> None:
    assert "because 20000 solver calls" in shown(undecided(verdict))


def test_summary_counts() -> None:
    assert plain(summary_lines(every_answer())) == (
        "not as expected: cut, unknown, bounded, vacuous\n"
        "9 properties: 3 proved, 2 violated, 1 conditional, 1 bounded, 1 vacuous, 1 unknown. 5 of 9 as expected\n"
    )
    assert plain(summary_lines([proved()])) == "1 property: 1 proved. 1 of 1 as expected\n"
    assert "--only NAME or --verbose" in plain(summary_lines([proved()], brief=True)).splitlines()[0]


def test_in_brief_are_answers_that_answer_and_are_as_expected() -> None:
    brief = [answer.check.name for answer in every_answer() if in_brief(answer)]
    assert brief == [answer.check.name for answer in every_answer() if answer.met]
    assert not in_brief(replace(undecided(VerdictKind.UNKNOWN), met=True))


@pytest.mark.parametrize(
    "answer", [item for item in every_answer() if in_brief(item)], ids=lambda item: item.check.name
)
def test_in_brief_nothing_but_evidence_is_left_out(answer: Answer) -> None:
    text, whole = plain(brief_lines(answer)), shown(answer)
    assert text.splitlines()[0] == whole.splitlines()[0]
    kept = [
        row for row in whole.splitlines() if row.strip().startswith(("proved if", "or ", "violated if", "leans on"))
    ]
    assert [row for row in text.splitlines() if row in kept] == kept
    for attack in answer.attacks:
        assert text.count("rule ") == min(len(attack.rules), BRIEF_RULES)
    for word in ("replayed with", "proof ", "shared fate", "others", OUTSIDE, "sha256"):
        assert word not in text
    assert len(text) < len(whole)


def test_in_brief_many_rules_and_facts_are_counted() -> None:
    answer = replace(violated(met=True), leaned_on=tuple(f"found(c{number})" for number in range(9)))
    text = plain(brief_lines(answer))
    assert f"+ {len(EVERY_RULE) - BRIEF_RULES} rules" in text
    assert "rests on a classifier of flow (wrong in 2.5 %)" in text
    assert "found(c5), 3 more\n" in text
    assert "found(c6)" not in text


def test_a_long_reason_is_given_once() -> None:
    reason = "courier@alice cannot be set up (v4 tcp 5223: not found by bag one.example; v6 tcp 5223: no such thing)"
    flows = tuple(FlowFate(name, Rung.DEAD, reason, "", (), (number,)) for number, name in enumerate(("one", "two")))
    answer = replace(under(), fates=(FunctionFate("text", Rung.DEAD, flows),))
    rows = " ".join(shown(answer).split())
    assert rows.count(reason) == 1
    assert "two DEAD as one [rule 2]" in rows


@pytest.mark.parametrize("answer", every_answer(), ids=lambda answer: answer.check.name)
@pytest.mark.parametrize("width", [1, 30, 60, WIDTH])
def test_wrapping_loses_no_word_and_keeps_the_width(answer: Answer, width: int) -> None:
    for one in answer_lines(answer):
        rows = [text_of(row) for row in wrapped(one, width)]
        assert " ".join(" ".join(rows).split()) == " ".join(text_of(one).split())
        assert width < 60 or all(len(row) <= width or len(row.split()) == 1 for row in rows)


def test_wrapped_rows_hang_under_their_text() -> None:
    one = line("  flow  ", Piece("a reason of several words that goes on", Style.FAINT, hangs=True))
    rows = list(wrapped(one, 30))
    assert [text_of(row) for row in rows] == ["  flow  a reason of several", "        words that goes on"]
    assert {piece.style for piece in rows[1] if piece.text.strip()} == {Style.FAINT}


def test_a_last_column_without_room_stands_below_its_rows() -> None:
    rows = [("x" * 88, "v4 tcp 5223; v4 tcp 443"), ("y", "z")]
    assert plain(table(("name", "at"), rows, 2)).splitlines() == [
        "  name",
        f"  {'x' * 88}",
        "    at v4 tcp 5223; v4 tcp 443",
        "  y",
        "    at z",
    ]
    wide = plain(table(("name", "at"), [("x" * 70, "v4 tcp 5223; v4 tcp 443; v6")], 2)).splitlines()
    assert wide[1:] == [f"  {'x' * 70}  v4 tcp 5223; v4 tcp 443;", f"{' ' * 74}v6"]


def test_what_is_glued_breaks_only_where_it_fills_no_line() -> None:
    items = ["sits(alice) is tcp 5", "sits(bob) is tcp 443", "hands_out(x) is " + "17.0.0.0/8, " * 4]
    rows = [text_of(row) for one in labelled("", items, 0) for row in wrapped(one, 32)]
    assert rows[:2] == [" sits(alice) is tcp 5,", " sits(bob) is tcp 443,"]
    assert max(map(len, rows)) <= 32


def test_control_characters_never_reach_the_terminal() -> None:
    answer = proved()
    evil = Answer(answer.check, answer.verdict, True, "text \x1b[2J\u202e")
    assert "\x1b" not in shown(evil)
    assert "\u202e" not in shown(evil)


def test_lists_wrap_between_items() -> None:
    items = [f"192.0.2.{number}" for number in range(40)]
    rows = plain(labelled("ip", items, 4)).splitlines()
    assert len(rows) > 1
    assert max(map(len, rows)) <= WIDTH
    assert " ".join(row.strip() for row in rows) == "ip " + ", ".join(items)


def test_audit_table() -> None:
    text = plain(report_lines("model.fate", "tiny", ["deny-list list.txt: 1 domains"], audit_report()))
    rows = [" ".join(row.split()) for row in text.splitlines()]
    assert "function at once on reconnect for good entries" in rows
    assert "text CLEAN DEAD..CLEAN DEAD 1" in rows
    assert "push CLEAN CLEAN CLEAN ." in rows
    assert "deny-list list.txt: 1 domains" in rows
    assert '1 drop dns "push.example" matching suffix list.txt:12 access' in rows
    assert "message DEAD set-up is refused [entry 1]" in rows
    assert "leans on hands_out(courier)" in rows
