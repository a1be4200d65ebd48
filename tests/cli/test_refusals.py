"""What people get wrong: each is one plain sentence that says how to go on, before any work is done."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TINY = ROOT / "models" / "architectures" / "tiny.fate"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("check", "--only", "photo_die"), "no property photo_die; did you mean photos_die? it has: shared_fate, "),
        (("audit", "--policy", "shutdwn"), "no policy shutdwn; did you mean shutdown? it has: shutdown"),
        (("audit", "--deny-list", TINY, "--on", "accss"), "service accss; did you mean access? it has: access, last_"),
        (("check", "--format", "png"), "say where they go with --graph DIR"),
        (("check", "--assume", ""), "there is no fact\n --> --assume:1:1"),
        (("check", "--adversary", "nowhere.fate"), "there is no such file"),
        (("show", "--graph", "tiny.txt"), "tiny.txt must end in .svg, .dot or .png"),
    ],
    ids=str,
)
def test_the_message_says_how_to_go_on(arguments: tuple[str | Path, ...], says: str, run) -> None:
    result = run(arguments[0], TINY, *arguments[1:])
    assert result.code == 2
    assert says in result.err
    assert not result.out


def test_a_file_without_adversaries_is_not_passed_over(tmp_path: Path, run) -> None:
    (tmp_path / "policies.fate").write_text("policy closed on link access { default deny }\n")
    result = run("check", TINY, "--adversary", tmp_path / "policies.fate")
    assert result.code == 2
    assert "there is no `adversary` and no `check` in" in result.err
    assert "PROVED" not in result.out


def test_what_an_adversary_file_asks_itself_is_answered(tmp_path: Path, run) -> None:
    policy = "policy closed on link access { default deny }\n"
    (tmp_path / "closed.fate").write_text(policy + "check shut : receive_text dies under closed\n")
    result = run("check", TINY, "--adversary", tmp_path / "closed.fate")
    assert result.code == 0
    assert "+ PROVED  shut:" in result.out
    assert "1 property" in result.out


@pytest.mark.parametrize("command", [("check", TINY, "--graph", "out", "--format"), ("show", TINY, "--graph")], ids=str)
def test_a_missing_program_is_missed_before_the_work(
    command: tuple[str | Path, ...], run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run(*command, "png" if command[0] == "check" else "tiny.png")
    assert result.code == 2
    assert "needs Graphviz" in result.err
    assert not result.out
    assert not list(tmp_path.iterdir())


def _shell(redirection: str) -> subprocess.CompletedProcess[str]:
    command = f'exec "$0" -m sharedfate check "$1" --only photos_die {redirection}'
    words = ["sh", "-c", command, sys.executable, str(TINY)]
    return subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)


def test_a_closed_output_leaves_the_exit_code() -> None:
    done = _shell(">&-")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_no_bug_of_ours() -> None:
    done = _shell("> /dev/full")
    assert done.returncode == 2
    assert done.stderr == "Error: the output cannot be written: No space left on device\n"


def test_the_entry_point_listens_for_ctrl_c_before_it_imports() -> None:
    script = "import sys, sharedfate.cli.main; print(sorted({'click', 'sharedfate.cli.check'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "[]\n"
