"""Each code's wrong example has the code, each mended one has it no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from sharedfate.language.catalogue import ENTRIES, explain
from sharedfate.language.catalogue_base import Entry, Example
from sharedfate.language.diagnostics import Code, Severity
from sharedfate.language.load import Loaded, load
from sharedfate.report.diagnostics import render_all

WITHOUT_EXAMPLE = {Code.UNREADABLE, Code.TOO_MANY_FILES, Code.EMPTY_LIST}
SHOWN = [entry for entry in ENTRIES.values() if entry.wrong is not None]


def loaded(example: Example, folder: Path) -> Loaded:
    for name, text in example.files:
        (folder / name).write_text(text, encoding="utf-8")
    file = folder / "example.fate"
    file.write_bytes(example.content())
    return load(file)


def test_every_code_is_explained() -> None:
    assert set(ENTRIES) == set(Code)
    assert {code for code, entry in ENTRIES.items() if entry.wrong is None} == WITHOUT_EXAMPLE


@pytest.mark.parametrize("entry", SHOWN, ids=lambda entry: entry.code.value)
def test_the_wrong_example_has_the_code(entry: Entry, tmp_path: Path) -> None:
    assert entry.wrong is not None
    result = loaded(entry.wrong, tmp_path)
    codes = [item.code for item in result.diagnostics]
    assert entry.code in codes, render_all(result.diagnostics, result.sources)
    assert len(set(codes)) == 1, render_all(result.diagnostics, result.sources)


@pytest.mark.parametrize("entry", SHOWN, ids=lambda entry: entry.code.value)
def test_the_mended_example_is_clean(entry: Entry, tmp_path: Path) -> None:
    assert entry.mended is not None
    result = loaded(entry.mended, tmp_path)
    assert not result.diagnostics, render_all(result.diagnostics, result.sources)
    assert result.model is not None


@pytest.mark.parametrize("entry", SHOWN, ids=lambda entry: entry.code.value)
def test_severity_decides_whether_there_is_a_model(entry: Entry, tmp_path: Path) -> None:
    assert entry.wrong is not None
    result = loaded(entry.wrong, tmp_path)
    errors = [item for item in result.diagnostics if item.severity is Severity.ERROR]
    assert (result.model is None) == bool(errors)


def test_explain_takes_any_case_and_refuses_the_rest() -> None:
    entry = explain(" f042 ")
    assert entry is not None
    assert entry.code is Code.HOST_BIT
    assert explain("F999") is None
    assert explain("") is None
