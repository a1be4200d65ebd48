"""Why the solver gave up: steps, or Ctrl-C, which Z3 swallows and we must not."""

from __future__ import annotations

import os
import signal
import threading

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
    timer = threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        Solver(pigeons(12), rlimit=2_000_000_000).check()
    timer.join()
