"""`sharedfate audit` on the tiny model, and what it says of lists, places and policies that are not there."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from sharedfate.cli import rooms

TINY = Path(__file__).parents[2] / "models" / "architectures" / "tiny.fate"


@pytest.fixture
def names(tmp_path: Path) -> Path:
    file = tmp_path / "names.txt"
    file.write_text("# photos only\n\nexample.org\nphotos.example\n")
    return file


def rows(text: str) -> list[str]:
    return [" ".join(row.split()) for row in text.splitlines()]


def test_a_policy_of_the_model(run) -> None:
    result = run("audit", TINY, "--policy", "shutdown")
    assert result.code == 0
    assert "notifications DEAD DEAD DEAD 1" in rows(result.out)


def test_a_deny_list_names_the_line_to_blame(run, names: Path) -> None:
    result = run("audit", TINY, "--deny-list", names)
    assert result.code == 0
    assert "receive_text CLEAN CLEAN CLEAN ." in rows(result.out)
    assert "see_photo DEAD DEAD DEAD 1" in rows(result.out)
    assert f'1 drop name "photos.example" matching suffix {names}:4' in rows(result.out)
    words = " ".join(result.out.split())
    assert "2 domains matching suffix; everything else passes; on access (the links tagged last_mile" in words


def test_an_allow_list_is_its_entries_only(run, names: Path) -> None:
    result = run("audit", TINY, "--allow-list", names, "--dialect", "exact", "--on", "access")
    assert "notifications DEAD DEAD DEAD 1" in rows(result.out)
    assert "see_photo DEAD DEAD DEAD 1" in rows(result.out)  # it needs the courier, which is not listed
    assert "matching exact; everything else is dropped, DNS too unless listed; on access" in " ".join(
        result.out.split()
    )


HOTEL = """
policy nights on any link tagged last_mile { drop sni "photos.example" }
policy days on access { drop port 5223 }
"""


def test_policies_of_another_file_act_together_unless_one_is_chosen(run, tmp_path: Path) -> None:
    file = tmp_path / "hotel.fate"
    file.write_text(HOTEL)
    both = run("audit", TINY, "--policy-file", file)
    assert "under nights, days" in " ".join(both.out.split())
    assert {"see_photo DEAD DEAD DEAD 1, 2", "notifications DEAD DEAD DEAD 2"} <= set(rows(both.out))
    one = run("audit", TINY, "--policy-file", file, "--policy", "nights")
    assert {"see_photo DEAD DEAD DEAD 1", "notifications CLEAN CLEAN CLEAN ."} <= set(rows(one.out))
    mixed = run("audit", TINY, "--policy-file", file, "--policy", "nights", "--policy", "shutdown")
    assert "notifications DEAD DEAD DEAD 2" in rows(mixed.out)


def test_a_policy_of_another_file_takes_the_place_of_the_model_s(run, tmp_path: Path) -> None:
    file = tmp_path / "own.fate"
    file.write_text("policy shutdown on access { drop port 443 }\n")
    result = run("audit", TINY, "--policy-file", file)
    assert "notifications CLEAN CLEAN CLEAN ." in rows(result.out)
    assert f"policy shutdown is that of {file}, not the model's own" in " ".join(result.out.split())
    notes = json.loads(run("audit", TINY, "--policy-file", file, "--json").out)["notes"]
    assert len(notes) == 1 and str(file) in notes[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("policy far on any link tagged submarine { default deny }\n", "policy far"),
        ("policy far on the relay { default deny }\n", "sits nowhere in this model; it has tags of links: last_mile"),
        ("policy far on harbour { default deny }\n", "error[F030]"),
        ("adversary far { on link access; sees ip; may drop }\n", "there is no `policy` in"),
        ("policy far on access { drop prt 5223 }\n", "error[F008]"),
    ],
)
def test_a_policy_file_that_does_not_fit(run, tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "far.fate"
    file.write_text(text)
    result = run("audit", TINY, "--policy-file", file)
    assert result.code == 2
    assert said in result.err
    assert result.out == ""


def test_json(run, names: Path) -> None:
    data = json.loads(run("audit", TINY, "--deny-list", names, "--json").out)
    assert data["schema"] == "sharedfate.audit/1"
    assert [item["span"]["line"] for item in data["entries"]] == [4]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "say what to audit"),
        (["--policy", "nothing"], "no policy nothing; it has: shutdown"),
        (["--policy", "shutdown", "--on", "access"], "--on says where a list acts"),
        (["--deny-list", "NAMES", "--on", "nowhere"], "no link, tag or service nowhere"),
        (["--deny-list", "missing.txt"], "error[F001]"),
        (["--deny-list", "NAMES", "--dialect", "regex"], "regex"),
    ],
)
def test_bad_questions(run, names: Path, arguments: list[str], said: str) -> None:
    result = run("audit", TINY, *(str(names) if word == "NAMES" else word for word in arguments))
    assert result.code == 2
    assert said in result.err


def test_a_bad_line_is_shown_with_its_place(run, tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_text("192.0.2.0/24\n192.0.2.1/24\n")
    result = run("audit", TINY, "--deny-list", tmp_path / "bad.txt")
    assert result.code == 2
    assert "error[F042]" in result.err
    assert "bad.txt:2:1" in result.err
    assert result.out == ""


@pytest.mark.parametrize(
    ("problem", "code"), [(rooms.OutOfBudget("solver calls"), 3), (click.ClickException("x"), 2), (KeyError(), 4)]
)
def test_no_answer_is_not_success(run, monkeypatch: pytest.MonkeyPatch, problem: Exception, code: int) -> None:
    def fail(*_: object) -> None:
        raise problem

    monkeypatch.setattr(rooms, "audited", fail)
    assert run("audit", TINY, "--policy", "shutdown").code == code
