"""`sharedfate check`: exit codes, what is printed where, files whole or not at all. Answers are made by hand."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from handmade import conditional, proved, undecided, violated
from sharedfate.cli import output, rooms
from sharedfate.evidence.answer import Answer
from sharedfate.model.question import VerdictKind

Stub = Callable[..., Path]

UNKNOWN = undecided(VerdictKind.UNKNOWN)


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ([proved(), conditional(), violated(met=True)], 0),
        ([proved(), violated()], 1),
        ([UNKNOWN, proved()], 3),
        ([UNKNOWN, violated()], 1),
        ([violated(), RuntimeError("a witness does not replay")], 4),
        ([UNKNOWN, AssertionError()], 4),
    ],
    ids=["met", "not met", "undecided", "not met before undecided", "internal first", "internal before undecided"],
)
def test_exit_codes(stub: Stub, run, answers: list[Answer | Exception], code: int) -> None:
    assert run("check", stub(*answers)).code == code


def test_bad_input_wins_over_not_met_and_loses_to_internal(stub: Stub, run) -> None:
    file = stub(violated())
    bad = file.with_name("bad.fate")
    bad.write_text("?")
    assert run("check", file, bad).code == 2
    stub(RuntimeError("kernel"))
    assert run("check", bad, file).code == 4


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["check", "--only", "nothing"],
        ["check", "--budget", "0"],
        ["check", "--budget", "many"],
        ["check", "--format", "gif"],
        ["no-such-command"],
        [],
    ],
)
def test_bad_command_lines_exit_2(stub: Stub, run, arguments: list[str]) -> None:
    file = stub(proved())
    if "--only" in arguments or "--budget" in arguments or "--format" in arguments:
        arguments = [*arguments, str(file)]
    result = run(*arguments)
    assert result.code == 2
    assert result.err
    assert "Traceback" not in result.err


def test_no_arguments_say_what_to_do_next(run) -> None:
    assert "sharedfate check" in run().err


def test_a_run_that_asks_nothing_is_no_success(stub: Stub, run) -> None:
    result = run("check", stub())
    assert result.code == 2
    assert "no property" in result.err


def test_an_internal_error_is_no_verdict(stub: Stub, run) -> None:
    result = run("check", stub(proved(), RuntimeError("certificate refused")))
    assert "a bug of ours and no verdict: RuntimeError: certificate refused" in result.err
    assert "Traceback" not in result.err
    assert "PROVED  shared" in result.out


def test_only_one_property(stub: Stub, run, monkeypatch: pytest.MonkeyPatch) -> None:
    file = stub(proved(), violated())
    asked: list[str] = []

    def answers(_, checks, *__):
        asked.extend(item.name for item in checks)
        yield violated()

    monkeypatch.setattr(rooms, "answers", answers)
    assert run("check", file, "--only", "cut").code == 1
    assert asked == ["cut"]


def test_what_is_as_expected_is_in_brief_unless_asked_for(stub: Stub, run) -> None:
    file = stub(proved(), violated())
    result = run("check", file)
    brief, whole = result.out.split("x VIOLATED")
    assert "accepted by the kernel" not in brief
    assert "replayed with" in whole
    assert "not as expected: cut\n" in whole
    assert "--only NAME or --verbose shows the evidence" in whole
    for more in (["--verbose"], ["-v"], ["--only", "shared"]):
        out = run("check", file, *more).out
        assert "accepted by the kernel" in out
        assert "--verbose shows" not in out
    data = [run("check", file, "--json", *more).out for more in ([], ["--verbose"])]
    assert data[0] == data[1]


def test_diagnostics_go_to_stderr(stub: Stub, run) -> None:
    bad = stub(proved()).with_name("bad.fate")
    bad.write_text("?")
    result = run("check", bad)
    assert "error[F008]" in result.err
    assert "F008" not in result.out


def test_a_pipe_gets_no_colour_and_no_progress(stub: Stub, run) -> None:
    result = run("check", stub(proved(), violated()))
    assert "\x1b" not in result.out + result.err
    assert result.err == ""


def test_json_is_one_document(stub: Stub, run) -> None:
    file = stub(proved(), violated())
    bad = file.with_name("bad.fate")
    bad.write_text("?")
    result = run("check", file, bad, "--json")
    data = json.loads(result.out)
    assert data["exit_code"] == result.code == 2
    assert [item["file"] for item in data["files"]] == [str(file), str(bad)]
    assert data["files"][1]["diagnostics"][0]["code"] == "F008"


def test_json_says_what_failed(stub: Stub, run) -> None:
    data = json.loads(run("check", stub(RuntimeError("kernel")), "--json").out)
    assert data["exit_code"] == 4
    assert "kernel" in data["files"][0]["failure"]


def test_a_folder_is_its_models(stub: Stub, run) -> None:
    file = stub(proved())
    (file.parent / "sub").mkdir()
    for name in ("adversary.fate", "sub/other.fate", "notes.txt"):
        (file.parent / name).write_text("adversary x\n" if name.startswith("a") else "model x\n")
    result = run("check", file.parent, file, "--json")
    assert [Path(item["file"]).name for item in json.loads(result.out)["files"]] == ["model.fate", "other.fate"]


def test_an_empty_folder_is_bad_input(stub: Stub, run, tmp_path: Path) -> None:
    stub(proved())
    (tmp_path / "empty").mkdir()
    assert run("check", tmp_path / "empty").code == 2


def test_pictures(stub: Stub, run, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "out"
    result = run("check", stub(proved(), violated()), "--graph", folder)
    assert [path.name for path in folder.iterdir()] == ["tiny-cut.svg"]
    assert f"picture  {folder / 'tiny-cut.svg'}" in result.out
    run("check", stub(violated()), "--graph", folder, "--format", "dot")
    assert (folder / "tiny-cut.dot").read_text() == "digraph {}"


def test_png_without_graphviz_says_so(stub: Stub, run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run("check", stub(violated()), "--graph", tmp_path / "out", "--format", "png")
    assert result.code == 2
    assert "png needs Graphviz's `dot`" in result.err
    assert not list((tmp_path / "out").glob("*")) if (tmp_path / "out").exists() else True


def test_a_folder_that_cannot_be_written(stub: Stub, run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("check", stub(violated()), "--graph", tmp_path / "file" / "out")
    assert result.code == 2
    assert "cannot be written" in result.err


def test_ctrl_c_exits_130(stub: Stub, run) -> None:
    result = run("check", stub(proved(), KeyboardInterrupt()))
    assert result.code == 130
    assert "Traceback" not in result.err


def test_an_interrupted_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "picture.svg"
    file.write_bytes(b"old")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(os, "replace", interrupted)
        output.write_file(file, b"new")
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["picture.svg"]


def test_a_written_file_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "model.fate"
    file.write_bytes(b"old")
    file.chmod(0o640)
    output.write_file(file, b"new")
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o640


def test_other_adversaries_take_the_place_of_the_model_s(stub: Stub) -> None:
    from handmade import model, under
    from sharedfate.cli.selection import Visitors, selected

    asked = selected(model(proved().check, violated().check, under().check), (), Visitors(("dpi", "shutdown")))
    assert [item.name for item in asked] == ["shared@dpi", "shared@shutdown"]
    assert asked[0].text == "dpi cannot block text sparing push"
    assert asked[0].expect.verdict is VerdictKind.PROVED


def test_a_file_that_is_not_there_is_a_diagnostic(run) -> None:
    result = run("check", "nowhere.fate")
    assert result.code == 2
    assert "error[F001]" in result.err
