"""`check --adversary FILE` where FILE declares what the model has already: the file's is what is asked about."""

from __future__ import annotations

import json
from pathlib import Path

TINY = Path(__file__).parents[2] / "models" / "architectures" / "tiny.fate"


def test_a_variant_takes_the_place_and_the_model_s_expectations_do_not_count(run, tmp_path: Path) -> None:
    file = tmp_path / "variant.fate"
    file.write_text("adversary isp { on any link tagged last_mile; sees ip, port, size; may drop }\n")
    result = run("check", TINY, "--adversary", file)
    assert f"adversary isp is that of {file}, not the model's own ({TINY}:28:1)" in " ".join(result.out.split())
    assert result.err == ""
    data = json.loads(run("check", TINY, "--adversary", file, "--json").out)
    assert [note.split(" is ")[0] for note in data["files"][0]["notes"]] == ["adversary isp"]
    answers = {item["check"]["name"]: item for item in data["files"][0]["answers"]}
    assert list(answers) == ["shared_fate", "photos_die"]
    assert "size" in json.dumps(answers["shared_fate"]["shared"][0]["seen"])  # the model's own sees none
    assert answers["photos_die"]["check"]["expect"]["verdict"] == "proved"  # the model expects `violated`


def test_a_policy_alone_is_asked_about_where_the_model_names_it(run, tmp_path: Path) -> None:
    file = tmp_path / "variant.fate"
    file.write_text("policy shutdown on any link tagged last_mile { drop port 443 }\n")
    result = run("check", TINY, "--adversary", file)
    assert result.code == 1
    assert "policy shutdown is that of" in result.out
    assert "VIOLATED  dark" in result.out
    assert "photos_die" not in result.out


def test_help_says_so(run) -> None:
    words = " ".join(run("check", "--help").out.split())
    assert "An adversary or policy of FILE takes the place of the model's of the same name." in words
