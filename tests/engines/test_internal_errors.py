"""A check of ours that fails is exit code 4 and no verdict."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from engines.small import PUSH, answer
from sharedfate.cli import main
from sharedfate.engines.blocking import cut, replay
from sharedfate.evidence import certify
from sharedfate.evidence.certify import InternalCheckFailed
from sharedfate.evidence.kernel.clausal import Refused
from sharedfate.semantics.obligation.channel import Channel
from sharedfate.semantics.policies import WitnessPolicy

ATTACK = "isp can block pictures sparing texts"
PROOF = "isp cannot block texts sparing notifications"
CLAIM = "pictures dies under shut"


def run(patch: pytest.MonkeyPatch, folder: Path, check: str, *more: str) -> int:
    """`sharedfate check` on a model with one check, in this process."""
    file = folder / "model.fate"
    file.write_text(PUSH + f"check asked : {check}\n", encoding="utf-8")
    patch.setattr(sys, "argv", ["sharedfate", "check", str(file), *more])
    return main.run()


def test_all_is_well(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert [run(monkeypatch, tmp_path, check) for check in (ATTACK, PROOF, CLAIM)] == [0, 0, 0]


def test_a_witness_that_does_not_replay(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(replay, "acting", lambda rules, adversary: WitnessPolicy(()))
    assert run(monkeypatch, tmp_path, ATTACK) == 4
    shown = capsys.readouterr()
    assert "a witness does not replay: pictures is clean" in shown.err
    assert "a bug of ours" in shown.err
    assert "PROVED" not in shown.out and "VIOLATED" not in shown.out


def test_a_witness_that_the_adversary_may_not_make(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "illegal", lambda rules, adversary: iter(["rule 1: it does not see topic"]))
    with pytest.raises(InternalCheckFailed, match="a witness is not a policy of isp: rule 1: it does not see topic"):
        answer(PUSH, ATTACK)


def test_a_certificate_that_the_kernel_refuses(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(certify, "refute", lambda clauses, steps: Refused(3, "the hints lead to no conflict"))
    for check in (ATTACK, PROOF, CLAIM):
        assert run(monkeypatch, tmp_path, check) == 4
        assert "the kernel refuses a certificate: step 3" in capsys.readouterr().err


def test_a_claim_that_does_not_replay(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Channel, "_making", lambda *_: [])
    monkeypatch.setattr(Channel, "_dropped", lambda *_: -1)
    assert run(monkeypatch, tmp_path, CLAIM) == 4
    assert "does not replay" in capsys.readouterr().err


def test_a_proof_of_what_has_an_attack(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that overlooks attacks cannot make a proof."""
    monkeypatch.setattr(cut, "settled", lambda ready: (cut.Settled.NO_ATTACK, None))
    with pytest.raises(InternalCheckFailed, match="have a model now"):
        answer(PUSH, ATTACK)


def test_an_attack_on_what_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor can one that claims attacks show one."""
    monkeypatch.setattr(cut, "settled", lambda ready: (cut.Settled.ATTACK, frozenset()))
    with pytest.raises(Exception):  # noqa: B017 - whatever it is, it is no answer
        answer(PUSH, PROOF)


def test_a_machine_reads_it_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(replay, "acting", lambda rules, adversary: WitnessPolicy(()))
    assert run(monkeypatch, tmp_path, ATTACK, "--json") == 4
    document = json.loads(capsys.readouterr().out)
    assert document["exit_code"] == 4
    assert document["summary"]["properties"] == 0
    assert not any(document["summary"]["verdicts"].values())
