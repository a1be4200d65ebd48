"""spec/conformance: every check of every case gets the answer that was derived for it by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sharedfate.engines import Budget, answer_checks
from sharedfate.evidence.answer import Answer
from sharedfate.language.load import load
from sharedfate.model.model import Model
from sharedfate.report.diagnostics import render_all

SPEC = Path(__file__).parents[1] / "spec"
CASES = sorted((SPEC / "conformance").glob("*.fate"))
_NO_VERDICT = {"B1", "B2", "C1"}
"""Definitions of terms that the others are made of."""


def model_of(case: Path) -> Model:
    """The model of a case, which must be without any complaint."""
    loaded = load(case)
    assert loaded.model is not None and not loaded.diagnostics, render_all(loaded.diagnostics, loaded.sources)
    return loaded.model


def shown(answer: Answer) -> str:
    """What to say of an answer that was not expected."""
    words = [f"{answer.check.name}: {answer.statement}: {answer.verdict.value} {answer.reason}"]
    words += ["proved if " + " and ".join(map(str, one)) for one in answer.proved_if]
    words += ["violated if " + " and ".join(map(str, one)) for one in answer.violated_if]
    return "; ".join(words)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_every_check_is_met(case: Path) -> None:
    model = model_of(case)
    assert model.checks
    unmet = [answer for answer in answer_checks(model, model.checks, Budget()) if not answer.met]
    assert not unmet, "\n" + "\n".join(map(shown, unmet))


def test_every_definition_that_decides_a_verdict_has_a_case() -> None:
    defined = set(re.findall(r"\*\*([A-F]\d)\b", (SPEC / "semantics.md").read_text(encoding="utf-8")))
    assert len(defined) > 30
    cited: set[str] = set()
    for case in CASES:
        for line in case.read_text(encoding="utf-8").splitlines():
            cited |= set(re.findall(r"\b[A-F]\d\b", line.partition("#")[2]))
    assert defined - cited <= _NO_VERDICT, sorted(defined - cited - _NO_VERDICT)
    assert cited <= defined, sorted(cited - defined)
