"""The README keeps its word: its commands run, its model has the verdicts that it tells, its make verbs exist."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
COMMANDS = [row for kind, text in BLOCKS if kind == "console" for row in text.splitlines()]
MODEL, ADVERSARY = (text for kind, text in BLOCKS if kind == "fate")
EXPECTED = {"sharedfate check mine.fate": 1}  # the second property is violated, as the README says


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the shipped models and the reader's own."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "models", folder / "models")
    (folder / "mine.fate").write_text(MODEL, encoding="utf-8")
    (folder / "hotel.fate").write_text(ADVERSARY, encoding="utf-8")
    shutil.copy(ROOT / "sharedfate.toml", folder)
    return folder


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", *command.split()]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("command", [row for row in COMMANDS if not row.startswith("make ")])
def test_commands_run(command: str, checkout: Path) -> None:
    done = run(command, checkout)
    assert done.returncode == EXPECTED.get(command, 0), done.stdout + done.stderr
    assert done.stdout or command.startswith("sharedfate fmt")


def test_the_model_has_ten_lines_and_the_verdicts_that_the_text_tells(checkout: Path) -> None:
    assert len(MODEL.splitlines()) == 10
    out = run("sharedfate check mine.fate", checkout).stdout
    assert re.search(r"^\+ PROVED +together:", out, re.MULTILINE)
    assert re.search(r"^x VIOLATED +apart:", out, re.MULTILINE)


def test_a_property_that_expects_its_violation_makes_the_run_green(checkout: Path) -> None:
    (checkout / "green.fate").write_text(MODEL.rstrip("\n") + " expect violated\n", encoding="utf-8")
    assert run("sharedfate check green.fate", checkout).returncode == 0


@pytest.mark.parametrize("command", [row for row in COMMANDS if row.startswith("make ")])
def test_make_verbs_exist_and_ci_runs_them(command: str) -> None:
    verb = command.split()[1]
    assert re.search(rf"^{verb}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_verb_that_the_readme_names_exists() -> None:
    verbs = re.findall(r"`make (\w+)`", README)
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert phony is not None
    assert set(verbs) <= set(phony.group(1).split())


def test_linked_files_exist() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links
    assert not [link for link in links if not (ROOT / link).exists()]


@pytest.mark.parametrize("command", ["check", "audit", "show", "fmt", "explain"])
def test_the_example_in_help_works(command: str, checkout: Path) -> None:
    text = run(f"sharedfate {command} --help", checkout).stdout
    example = re.search(rf"^ +(sharedfate {command} .*)$", text, re.MULTILINE)
    assert example is not None
    done = run(example.group(1), checkout)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_files_that_the_architecture_names_are_there() -> None:
    named = set(
        re.findall(r"`((?:[a-z_]+/)+(?:[a-z_]+\.[a-z]+)?)`", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    )
    assert "engines/blocking/game.py" in named
    below = (ROOT, ROOT / "checker" / "sharedfate")
    assert not [name for name in sorted(named) if not any((folder / name).exists() for folder in below)]


def test_the_picture_is_what_the_tool_draws(checkout: Path) -> None:
    """After a wanted change of the picture: run the command in the README's last section."""
    done = run("sharedfate check models/architectures/imessage.fate --only shared_fate --graph out/", checkout)
    assert done.returncode == 0, done.stderr
    drawn = (checkout / "out" / "imessage-shared_fate.svg").read_text(encoding="utf-8")
    assert drawn == (ROOT / "docs" / "answer.svg").read_text(encoding="utf-8")
