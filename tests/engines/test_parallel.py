"""Several processes answer as one does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sharedfate.engines import Budget, answer_checks, answer_in_parallel, parallel
from sharedfate.evidence.certify import InternalCheckFailed
from sharedfate.language.load import load
from sharedfate.model.model import Model

ROOT = Path(__file__).parents[2]
IMESSAGE = ROOT / "models" / "architectures" / "imessage.fate"


def imessage() -> Model:
    model = load(IMESSAGE).model
    assert model is not None
    return model


def test_the_answers_their_order_and_their_certificates_are_the_same() -> None:
    model = imessage()
    checks = model.checks[:14]
    assert len(parallel._bundles(checks, 2)) >= 2
    assert list(answer_in_parallel(model, checks, Budget(), 2)) == list(answer_checks(model, checks, Budget()))


def test_every_check_is_in_one_bundle_and_heavy_groups_are_split() -> None:
    checks = imessage().checks
    for jobs in (1, 2, 5, 100):
        bundles = parallel._bundles(checks, jobs)
        assert sorted(number for bundle in bundles for number in bundle) == list(range(len(checks)))
    one_adversary = tuple(check for check in checks if parallel.share(check) == ("isp",))
    assert len(one_adversary) > 3
    assert len(parallel._bundles(one_adversary, 2)) == 2


def test_a_failure_is_raised_at_its_check(monkeypatch: pytest.MonkeyPatch) -> None:
    model = imessage()
    checks = model.checks[:12]

    def failing(*_arguments: object) -> object:
        done = iter(answer_checks(*_arguments))  # type: ignore[arg-type]
        yield next(done)
        raise InternalCheckFailed("on purpose")

    monkeypatch.setattr(parallel, "answer_checks", failing)
    coming = answer_in_parallel(model, checks, Budget(), 2)
    assert next(coming).check == checks[0]
    with pytest.raises(InternalCheckFailed, match="on purpose"):
        list(coming)


def test_ctrl_c_ends_the_workers_too() -> None:
    command = [sys.executable, "-m", "sharedfate", "check", "-j", "2", str(IMESSAGE)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    workers = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not workers.exists():
        process.kill()
        pytest.skip("this system does not tell the children of a process")
    while process.poll() is None and len(workers.read_text().split()) < 2:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in errors
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
