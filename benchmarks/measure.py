"""Runs a command as a process of its own and says what it cost."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeVar

ROOT = Path(__file__).resolve().parents[1]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of processor time (user and system) and on the wall, and the peak of resident memory in MiB.

    `code` is None for a process that was stopped when its time was up.
    """

    cpu: float
    wall: float
    memory: float
    code: int | None
    out: str = ""


def process(argv: Sequence[str], limit: float = 600) -> Cost:
    """One run of a command, stopped after `limit` seconds on the wall. What it printed by then is kept."""
    with tempfile.TemporaryFile("w+") as out:
        begun = time.perf_counter()
        child = subprocess.Popen(argv, cwd=ROOT, stdout=out, stderr=out, start_new_session=True)
        code: int | None = None
        while True:
            done, status, usage = os.wait4(child.pid, os.WNOHANG)
            if done:
                code = os.waitstatus_to_exitcode(status)
                break
            if time.perf_counter() - begun > limit:
                os.killpg(child.pid, signal.SIGKILL)
                _, _, usage = os.wait4(child.pid, 0)
                break
            time.sleep(0.002)
        wall = time.perf_counter() - begun
        child.returncode = -1 if code is None else code  # it was waited for behind subprocess's back
        out.seek(0)
        return Cost(usage.ru_utime + usage.ru_stime, wall, _mebibytes(usage.ru_maxrss), code, out.read())


def typical(argvs: Sequence[Sequence[str]], runs: int) -> list[Cost]:
    """The median cost of each command; they take turns, so that what else the machine does hits all alike."""
    found: list[list[Cost]] = [[] for _ in argvs]
    for _ in range(runs):
        for costs, argv in zip(found, argvs, strict=True):
            costs.append(process(argv))
    return [
        Cost(
            median(one.cpu for one in costs),
            median(one.wall for one in costs),
            median(one.memory for one in costs),
            costs[0].code,
            costs[0].out,
        )
        for costs in found
    ]


def python(*arguments: str) -> list[str]:
    """A command that this interpreter runs."""
    return [sys.executable, *arguments]


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """The result, and the seconds of processor time that it took in this process."""
    begun = time.process_time()
    result = work()
    return result, time.process_time() - begun


def own_memory() -> float:
    """The peak of this process's resident memory so far, in MiB."""
    return _mebibytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _mebibytes(maxrss: int) -> float:
    return maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
