"""`sharedfate fmt`: rewrites, checks, and leaves alone what it cannot read."""

from __future__ import annotations

from pathlib import Path

UNTIDY = "model   tiny\n\n\n\n# a comment\nzone   a,b\n"


def test_fmt_keeps_comments_and_is_done_after_one_run(run, tmp_path: Path) -> None:
    file = tmp_path / "model.fate"
    file.write_text(UNTIDY)
    assert run("fmt", "--check", file).code == 1
    assert file.read_text() == UNTIDY
    assert run("fmt", file).code == 0
    first = file.read_text()
    assert first != UNTIDY
    assert "# a comment" in first
    assert run("fmt", "--check", file).code == 0
    assert run("fmt", file).out == ""
    assert file.read_text() == first


def test_fmt_does_not_touch_what_does_not_parse(run, tmp_path: Path) -> None:
    file = tmp_path / "model.fate"
    file.write_text("model {{{\n")
    result = run("fmt", file)
    assert result.code == 2
    assert "error[F" in result.err
    assert file.read_text() == "model {{{\n"


def test_fmt_of_what_cannot_be_read(run, tmp_path: Path) -> None:
    assert run("fmt", tmp_path / "nowhere.fate").code == 2
    (tmp_path / "bytes.fate").write_bytes(b"\xff\xff")
    assert run("fmt", tmp_path / "bytes.fate").code == 2
