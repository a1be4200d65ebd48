"""Why the solver gave up: steps, the clock, or Ctrl-C, which Z3 swallows and we must not."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

from sharedfate.solver.sat import OutOfBudget, Solver, Workshop, learned_clauses


def pigeons(holes):
    """One pigeon more than holes: unsatisfiable, and hard for resolution."""
    place = [[pigeon * holes + hole + 1 for hole in range(holes)] for pigeon in range(holes + 1)]
    crowded = [(-place[a][hole], -place[b][hole]) for hole in range(holes) for a in range(holes + 1) for b in range(a)]
    return [*map(tuple, place), *crowded]


def hard(rlimit: int = 0, seconds: float = 0) -> Solver:
    solver = Solver(Workshop(), rlimit, seconds)
    solver.add(pigeons(11))
    return solver


@pytest.mark.parametrize(
    "ask", [hard(rlimit=20_000).check, lambda: learned_clauses(pigeons(11), 20_000)], ids=["check", "learned_clauses"]
)
def test_a_step_limit_is_named(ask) -> None:
    with pytest.raises(OutOfBudget, match="20000 solver steps"):
        ask()


def test_the_clock_is_named() -> None:
    with pytest.raises(OutOfBudget, match="wall clock"):
        hard(seconds=0.2).check()


CTRL_C = """
import os, signal, threading
from sharedfate.solver.sat import Solver, Workshop
signal.signal(signal.SIGINT, signal.default_int_handler)
solver = Solver(Workshop(), rlimit=2_000_000_000)
solver.add(pigeons(13))
threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
try:
    solver.check()
except KeyboardInterrupt:
    print("heard")
"""


def test_ctrl_c_inside_the_solver_is_ctrl_c() -> None:
    # In a process of its own: the signal goes to whatever runs just then, and here that is pytest.
    script = inspect.getsource(pigeons) + CTRL_C
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout == "heard\n"
