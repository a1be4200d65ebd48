"""Which files are read, and that nothing that is read can break the reading."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sharedfate.language.catalogue_base import PRELUDE
from sharedfate.language.diagnostics import Code
from sharedfate.language.files import MAX_FILES
from sharedfate.language.load import Loaded, declares_model, load, load_text, model_files
from sharedfate.model.facts import FactLiteral, FactName


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        file = folder / (name.replace("__", "/") + ".fate")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def codes(loaded: Loaded) -> list[Code]:
    return [item.code for item in loaded.diagnostics]


def test_a_file_used_twice_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, main='model m\nuse "a.fate", "b.fate"\n', a='use "c.fate"\n', b='use "./c.fate"\n', c="zone home\n")
    loaded = load(tmp_path / "main.fate")
    assert codes(loaded) == []
    assert loaded.model is not None
    assert [zone.name for zone in loaded.model.zones] == ["home"]
    assert [Path(file).name for file in loaded.model.files] == ["c.fate", "a.fate", "b.fate", "main.fate"]


def test_the_root_is_the_nearest_marked_folder(tmp_path: Path) -> None:
    write(tmp_path, models__main='model m\nuse "../shared/a.fate"\n', shared__a="zone home\n")
    assert codes(load(tmp_path / "models/main.fate")) == [Code.LEAVES_ROOT]
    (tmp_path / "sharedfate.toml").write_text("")
    assert codes(load(tmp_path / "models/main.fate")) == []


def test_a_link_to_outside_is_refused(tmp_path: Path) -> None:
    write(tmp_path, inside__main='model m\nuse "link.fate"\nuse "folder/a.fate"\n', outside__a="zone home\n")
    (tmp_path / "inside/link.fate").symlink_to(tmp_path / "outside/a.fate")
    (tmp_path / "inside/folder").symlink_to(tmp_path / "outside")
    assert codes(load(tmp_path / "inside/main.fate")) == [Code.LEAVES_ROOT] * 2


def test_a_link_that_circles_is_said(tmp_path: Path) -> None:
    write(tmp_path, main='model m\nuse "link.fate"\n')
    (tmp_path / "link.fate").symlink_to(tmp_path / "link.fate")
    assert len(codes(load(tmp_path / "main.fate"))) == 1


def test_what_is_no_file(tmp_path: Path) -> None:
    assert codes(load(tmp_path / "none.fate")) == [Code.UNREADABLE]
    assert codes(load(tmp_path)) == [Code.NO_MODEL]
    assert codes(load(Path("nul\0byte.fate"))) == [Code.UNREADABLE]
    os.mkfifo(tmp_path / "pipe.fate")
    assert codes(load(tmp_path / "pipe.fate")) == [Code.UNREADABLE]
    assert not declares_model(tmp_path / "pipe.fate")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_forbidden_file(tmp_path: Path) -> None:
    write(tmp_path, main="model m\n")
    (tmp_path / "main.fate").chmod(0)
    assert codes(load(tmp_path / "main.fate")) == [Code.UNREADABLE]


def test_a_folder_stands_for_its_only_model(tmp_path: Path) -> None:
    write(tmp_path, deep__main="model m\nzone home\n", parts__a="zone net\n")
    assert model_files(tmp_path) == [tmp_path / "deep/main.fate"]
    assert load(tmp_path).model is not None
    write(tmp_path, other="model n\n")
    assert codes(load(tmp_path)) == [Code.NO_MODEL]


def test_too_many_files_are_one_message(tmp_path: Path) -> None:
    uses = ", ".join(f'"f{n}.fate"' for n in range(MAX_FILES + 20))
    write(
        tmp_path,
        main=f"model m\nuse {uses}\n".replace(", ", ",\n"),
        **{f"f{n}": "# nothing\n" for n in range(MAX_FILES + 20)},
    )
    assert codes(load(tmp_path / "main.fate")) == [Code.TOO_MANY_FILES]


def test_a_deep_chain_of_uses_ends_in_a_message(tmp_path: Path) -> None:
    write(tmp_path, main='model m\nuse "f0.fate"\n', **{f"f{n}": f'use "f{n + 1}.fate"\n' for n in range(300)})
    assert codes(load(tmp_path / "main.fate")) == [Code.TOO_MANY_FILES]


def test_adversaries_of_another_file(tmp_path: Path) -> None:
    write(
        tmp_path,
        main=PRELUDE,
        powers__more="adversary more extends less { sees size }\n"
        "adversary less { on any link tagged last_mile; may drop }\n",
        powers__none="adversary none { on any link tagged submarine; may drop }\n",
    )
    loaded = load(tmp_path / "main.fate", [tmp_path / "powers/more.fate", tmp_path / "powers/none.fate"])
    assert codes(loaded) == []
    assert loaded.model is not None
    assert loaded.model.adversary["more"].links == ("access",)
    assert Path(loaded.model.adversary["more"].span.file) == tmp_path / "powers/more.fate"
    assert loaded.model.adversary["none"].links == ()


def test_a_given_file_s_adversary_takes_the_place_of_the_model_s(tmp_path: Path) -> None:
    write(
        tmp_path,
        main=PRELUDE + "adversary wide extends isp { sees sni }\npolicy shut on link access { default deny }\n",
        variant="adversary isp { on any link tagged last_mile; sees size; may drop }\n"
        "policy shut on link access { drop port 5223 }\n",
    )
    loaded = load(tmp_path / "main.fate", [tmp_path / "variant.fate"])
    assert codes(loaded) == []
    assert loaded.model is not None
    assert [field.name for field in loaded.model.adversary["isp"].sees] == ["size"]
    assert {field.name for field in loaded.model.adversary["wide"].sees} == {"size", "sni"}
    assert [len(policy.rules) for policy in loaded.model.policies] == [1]
    assert [(item.kind, item.name) for item in loaded.displaced] == [("adversary", "isp"), ("policy", "shut")]
    assert [Path(item.old.file).name for item in loaded.displaced] == ["main.fate"] * 2
    assert {Path(item.new.file).name for item in loaded.displaced} == {"variant.fate"}


def test_a_variant_may_extend_the_one_that_it_displaces(tmp_path: Path) -> None:
    write(
        tmp_path,
        main="model m\nuse std.adversaries\nzone a, b\nlink access : a -- b tagged national_border\n"
        "adversary isp extends isp { sees dns }\nadversary wide extends isp { sees host }\n",
        variant="adversary isp extends isp { sees size; may throttle 5 kbit }\n",
    )
    own = load(tmp_path / "main.fate")
    assert codes(own) == [] and own.model is not None
    assert {field.name for field in own.model.adversary["isp"].sees} == {"ip", "port", "sni", "alpn", "dns"}
    loaded = load(tmp_path / "main.fate", [tmp_path / "variant.fate"])
    assert codes(loaded) == [] and loaded.model is not None
    isp = loaded.model.adversary["isp"]
    assert {field.name for field in isp.sees} == {"ip", "port", "sni", "alpn", "dns", "size"}
    assert [act.value for act in isp.acts] == ["drop", "reset", "throttle"]
    assert {field.name for field in loaded.model.adversary["wide"].sees} >= {"host", "size", "dns", "ip"}
    assert codes(load(tmp_path / "main.fate", [tmp_path / "variant.fate", tmp_path / "variant.fate"])) == []


def test_extending_oneself_with_nothing_below_is_a_circle(tmp_path: Path) -> None:
    write(tmp_path, main=PRELUDE + "adversary spy extends spy { on link access; sees ip; may drop }\n")
    assert codes(load(tmp_path / "main.fate")) == [Code.EXTENDS_CYCLE]


def test_two_given_files_may_not_declare_one_name(tmp_path: Path) -> None:
    spy = "adversary isp { on any link tagged last_mile; sees size; may drop }\n"
    write(tmp_path, main=PRELUDE, one=spy, two=spy)
    assert codes(load(tmp_path / "main.fate", [tmp_path / "one.fate", tmp_path / "two.fate"])) == [Code.DUPLICATE_NAME]
    same = load(tmp_path / "main.fate", [tmp_path / "one.fate", tmp_path / "one.fate"])
    assert codes(same) == []


def test_a_file_that_the_model_uses_displaces_nothing(tmp_path: Path) -> None:
    write(tmp_path, main=PRELUDE + 'use "spy.fate"\n', spy="adversary spy { on link access; sees ip; may drop }\n")
    assert load(tmp_path / "main.fate", [tmp_path / "spy.fate"]).displaced == ()


def test_facts_of_the_command_line(tmp_path: Path) -> None:
    write(tmp_path, main=PRELUDE)
    loaded = load(tmp_path / "main.fate", assume=["order(courier)", "not falls_back"])
    assert loaded.model is not None
    assert loaded.model.given == (
        FactLiteral(FactName("order", ("courier",))),
        FactLiteral(FactName("assumption", ("falls_back",)), False),
    )
    assert codes(load(tmp_path / "main.fate", assume=["ordre(courier)"])) == [Code.UNKNOWN_FACT]
    assert codes(load(tmp_path / "main.fate", assume=["old_build"])) == [Code.NOT_OPEN]
    assert codes(load(tmp_path / "main.fate", assume=["falls_back", "not falls_back"])) == [Code.CONTRADICTION]
    assert codes(load(tmp_path / "main.fate", assume=["(", ""])) == [Code.SYNTAX, Code.SYNTAX]


def test_many_unused_flows_do_not_make_a_model_unusable() -> None:
    idle = "".join(f"flow idle{n} : apns -> phone on courier\n" for n in range(200))
    loaded = load_text(PRELUDE + idle)
    assert loaded.model is not None
    assert loaded.dropped == 150


_TEXT = (
    PRELUDE
    + """
field colour at record
pool front : 192.0.2.0/24
connection web : each of phone -> apns { either v4 to pool front or v6; either tcp 443 when falls_back or quic 443
  found by dns "a.x" cname "b.x" cached or built in; via courier when falls_back; stream; control up usual 1..9 }
flow page : phone -> apns -> resolver on web { usual 1..9 size 1..99 when falls_back; need 3 kbit; hidden colour "x" }
function surf = page or degraded push when falls_back
adversary more extends isp { sees size; infers flow error 3%; limited to 2 rules }
policy p on the relay { drop at set-up sni "x" matching suffix; default deny }
check c1 : more can degrade surf sparing notifications unharmed for good with falls_back, order(web) expect violated
check c2 : surf, notifications die under p without falls_back expect conditional on occurs(page, 10..99)
assume not occurs(control web up, 5..6)
"""
)
_WORDS = _TEXT.split(" ")


@settings(max_examples=300)
@given(st.data())
def test_no_jumble_of_words_breaks_the_reading(data: st.DataObject) -> None:
    words = list(_WORDS)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(words) - 1))
        match data.draw(st.integers(0, 3)):
            case 0:
                del words[at : at + data.draw(st.integers(1, 9))]
                words = words or ["model"]
            case 1:
                words[at] = data.draw(st.sampled_from(_WORDS))
            case 2:
                words.insert(at, data.draw(st.sampled_from(_WORDS)))
            case _:
                words[at] = words[at] + data.draw(st.text(max_size=4))
    loaded = load_text(" ".join(words))
    assert (loaded.model is None) == any(item.severity.value == "error" for item in loaded.diagnostics)
