"""Why the solver gave up: steps, or Ctrl-C, which Z3 swallows and we must not."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sharedfate.solver.sat import OutOfBudget, Solver, learned_clauses


def pigeons(holes: int) -> list[tuple[int, ...]]:
    """One pigeon more than holes: unsatisfiable, and hard for resolution."""
    place = [[pigeon * holes + hole + 1 for hole in range(holes)] for pigeon in range(holes + 1)]
    crowded = [(-place[a][hole], -place[b][hole]) for hole in range(holes) for a in range(holes + 1) for b in range(a)]
    return [*map(tuple, place), *crowded]


@pytest.mark.parametrize(
    "ask", [lambda: Solver(pigeons(11), rlimit=20_000).check(), lambda: learned_clauses(pigeons(11), 20_000)]
)
def test_a_step_limit_is_named(ask) -> None:
    with pytest.raises(OutOfBudget, match="20000 solver steps"):
        ask()


def test_the_clock_is_named() -> None:
    with pytest.raises(OutOfBudget, match="wall clock"):
        Solver(pigeons(11), seconds=0.2).check()


def test_ctrl_c_inside_the_solver_is_ctrl_c() -> None:
    # In a process of its own: the signal goes to whatever runs just then, and here that is pytest.
    clauses = pigeons(12)
    script = f"""
import os, signal, threading
from sharedfate.solver.sat import Solver
signal.signal(signal.SIGINT, signal.default_int_handler)
solver = Solver({clauses!r}, rlimit=2_000_000_000)
threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
try:
    solver.check()
except KeyboardInterrupt:
    print("heard")
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout == "heard\n"
