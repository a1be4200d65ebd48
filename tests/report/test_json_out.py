"""JSON: valid against the published schemas, and the same bytes for the same answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from handmade import audit_report, conditional, every_answer, proved, undecided, violated
from sharedfate.evidence.answer import Answer
from sharedfate.language.diagnostics import Code, Diagnostic, Fix, Label, Severity
from sharedfate.model.question import VerdictKind
from sharedfate.model.source import Span
from sharedfate.report.audit_json import report_json
from sharedfate.report.exitcodes import Exit, of_answer, worst
from sharedfate.report.json_out import Checked, report

SPEC = Path(__file__).parents[2] / "spec"
SPAN = Span("model.fate", 1, 2, 1, 5)
FOUND = Diagnostic(
    Code.HOST_BIT, Severity.ERROR, "host bit", SPAN, (Label(SPAN, "here"),), ("a note",), (Fix(SPAN, "x", "write x"),)
)


def validator(name: str) -> Draft202012Validator:
    schema = json.loads((SPEC / name).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def document() -> str:
    files = [
        Checked("model.fate", "tiny", (FOUND,), every_answer()),
        Checked("bad.fate", None, (FOUND,), ()),
        Checked("bug.fate", "bug", (), (), "internal error"),
    ]
    return report(files, Exit.INTERNAL)


def test_answers_fit_the_schema() -> None:
    validator("answer.schema.json").validate(json.loads(document()))


def test_an_audit_fits_the_schema() -> None:
    validator("audit.schema.json").validate(json.loads(report_json("m.fate", "m", ["a note"], audit_report())))


@pytest.mark.parametrize("key", ["schema", "exit_code", "summary", "files"])
def test_the_schema_notices_a_missing_key(key: str) -> None:
    data = json.loads(document())
    del data[key]
    assert not validator("answer.schema.json").is_valid(data)


def test_the_schema_notices_a_key_that_it_does_not_list() -> None:
    data = json.loads(document())
    data["files"][0]["answers"][0]["more"] = 1
    assert not validator("answer.schema.json").is_valid(data)


def test_same_answers_same_bytes() -> None:
    assert document() == document()
    assert document().isascii()
    assert document().endswith("}\n")


def test_what_it_says() -> None:
    data = json.loads(document())
    assert data["schema"] == "sharedfate.answer/1"
    assert data["exit_code"] == 4
    assert data["summary"]["properties"] == 9
    assert data["summary"]["as_expected"] == 5
    assert data["summary"]["verdicts"]["violated"] == 2
    cut = data["files"][0]["answers"][1]
    assert cut["attacks"][0]["rules"][0]["text"] == "drop ip 17.0.0.0/8, 2620:149::/48 tcp 443, 5223..5224"
    assert cut["attacks"][0]["rules"][6]["matches"] == [{"field": "sni", "values": [], "absent": True}]
    assert cut["attacks"][0]["functions"][0]["flows"][1]["rules"] == [1, 3]
    assert cut["attacks"][0]["functions"][0]["horizons"]["for good"] == "dead"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (proved(), Exit.MET),
        (conditional(), Exit.MET),
        (violated(met=True), Exit.MET),
        (violated(), Exit.NOT_MET),
        (undecided(VerdictKind.UNKNOWN), Exit.UNDECIDED),
        (undecided(VerdictKind.BOUNDED), Exit.UNDECIDED),
        (undecided(VerdictKind.VACUOUS), Exit.UNDECIDED),
        (undecided(VerdictKind.VACUOUS, met=True), Exit.MET),
    ],
)
def test_exit_code_of_an_answer(answer: Answer, code: Exit) -> None:
    assert of_answer(answer) is code


def test_precedence_of_exit_codes() -> None:
    order = [Exit.INTERNAL, Exit.BAD_INPUT, Exit.NOT_MET, Exit.UNDECIDED, Exit.MET]
    assert [int(code) for code in order] == [4, 2, 1, 3, 0]
    for place in range(len(order)):
        assert worst(reversed(order[place:])) is order[place]
    assert worst([]) is Exit.MET
