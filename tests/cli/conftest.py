"""The command line with other rooms replaced: `run` calls it in this process, `stub` says what the rooms answer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from handmade import audit_report, model
from sharedfate.cli import main, rooms
from sharedfate.evidence.answer import Answer
from sharedfate.language.diagnostics import Code, Diagnostic, Severity
from sharedfate.language.load import Loaded
from sharedfate.model.source import Span


@dataclass(frozen=True)
class Run:
    """What a run gave."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    """`run("check", "x.fate")`."""

    def call(*arguments: str | Path) -> Run:
        monkeypatch.setattr(sys, "argv", ["sharedfate", *map(str, arguments)])
        code = main.run()
        captured = capsys.readouterr()
        return Run(code, captured.out, captured.err)

    return call


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Path]:
    """`stub(answer, …)` makes a file whose model has these answers; an exception among them is raised in its place."""

    def make(*answers: Answer | BaseException, name: str = "model.fate") -> Path:
        file = tmp_path / name
        file.write_text("model tiny\n")
        asked = model(*(item.check for item in answers if isinstance(item, Answer)))
        if any(not isinstance(item, Answer) for item in answers):
            asked = model(*asked.checks, answers_check())

        def answer_all(*_: Any) -> Iterator[Answer]:
            for item in answers:
                if isinstance(item, Answer):
                    yield item
                else:
                    raise item

        def read(path: Path, *_: Sequence[object]) -> Loaded:
            if path.name == "bad.fate":
                found = Diagnostic(Code.SYNTAX, Severity.ERROR, "this is no model", Span(str(path), 1, 1, 1, 2))
                return Loaded(None, (found,), 0, {str(path): "?\n"})
            return Loaded(asked, ())

        monkeypatch.setattr(rooms, "answers", answer_all)
        monkeypatch.setattr(rooms, "read_model", read)
        monkeypatch.setattr(rooms, "draw", lambda _, answer: "<svg/>" if answer.attacks else None)
        monkeypatch.setattr(rooms, "dot", lambda *_: "digraph {}")
        monkeypatch.setattr(rooms, "overview", lambda _: "<svg/>")
        monkeypatch.setattr(rooms, "audited", lambda *_: audit_report())
        return file

    return make


def answers_check() -> Any:
    """The property whose answer is an exception."""
    from handmade import check

    return check("bug")
