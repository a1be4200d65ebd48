"""The kernel accepts what is a refutation and says of anything else, in words, what is wrong with it."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import sharedfate.evidence.kernel as kernel
from evidence.cnf import refutation, satisfiable, unsatisfiable
from sharedfate.evidence.kernel.clausal import Refused, Step, refute

SQUARE = [(1, 2), (1, -2), (-1, 2), (-1, -2)]
"""All four clauses over two variables: unsatisfiable, and not by unit propagation alone."""
GOOD = [Step((1,), (0, 1)), Step((), (4, 2, 3))]


def test_a_refutation_is_accepted() -> None:
    assert refute(SQUARE, GOOD) is None


def test_the_empty_clause_among_the_clauses_is_enough() -> None:
    assert refute([(1,), ()], [Step((), (1,))]) is None


def test_units_that_contradict_each_other() -> None:
    assert refute([(7,), (-7,)], [Step((), (0, 1))]) is None


@pytest.mark.parametrize("seed", range(60))
def test_certificates_that_we_make_are_accepted(seed: int) -> None:
    clauses = unsatisfiable(seed)
    assert refute(clauses, refutation(clauses)) is None


REFUSALS = {
    "no steps": ([], Refused(None, "the certificate does not end in the empty clause")),
    "no empty clause": (GOOD[:1], Refused(None, "the certificate does not end in the empty clause")),
    "more after the empty clause": (
        [*GOOD, Step((2,), (5,))],
        Refused(None, "the certificate does not end in the empty clause"),
    ),
    "a hint too high": ([Step((1,), (0, 9))], Refused(0, "hint 9 names no earlier clause")),
    "a step that hints at itself": ([Step((1,), (4,))], Refused(0, "hint 4 names no earlier clause")),
    "a hint below zero": ([Step((1,), (-1,))], Refused(0, "hint -1 names no earlier clause")),
    "no hints": ([Step((1,), ())], Refused(0, "the hints lead to no conflict")),
    "a hint too few": ([Step((1,), (0,))], Refused(0, "the hints lead to no conflict")),
    "a hint that is not unit": ([Step((), (0,))], Refused(0, "clause 0 is neither false nor unit here")),
    "zero": ([Step((0,), (0, 1))], Refused(0, "zero is not a literal")),
    "hints out of order": ([GOOD[0], Step((), (2, 4, 3))], Refused(1, "clause 2 is neither false nor unit here")),
    "a clause that does not follow": ([Step((), (0, 1, 2, 3))], Refused(0, "clause 0 is neither false nor unit here")),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals_say_why(name: str) -> None:
    steps, refused = REFUSALS[name]
    assert refute(SQUARE, steps) == refused


def test_satisfiable_clauses_are_refused_with_the_steps_of_a_refutation() -> None:
    assert satisfiable(SQUARE[:3])
    assert refute(SQUARE[:3], [Step((1,), (0, 1)), Step((), (3, 2))]) is not None


def test_the_kernel_imports_nothing_but_the_standard_library() -> None:
    """Nor anything of ours outside its own folder."""
    folder = Path(next(iter(kernel.__path__)))
    files = sorted(folder.glob("**/*.py"))
    assert len(files) >= 2
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Import(names=names):
                    used = [item.name for item in names]
                case ast.ImportFrom(module=module, level=level):
                    used = [module or ""]
                    assert level == 0
                case _:
                    continue
            for name in used:
                ours = name.startswith("sharedfate.evidence.kernel")
                assert ours or name.partition(".")[0] in sys.stdlib_module_names, f"{file.name} imports {name}"
                assert name.partition(".")[0] not in {"importlib", "subprocess", "ctypes"}


def test_the_kernel_is_small() -> None:
    folder = Path(next(iter(kernel.__path__)))
    assert sum(file.read_text(encoding="utf-8").count("\n") for file in folder.glob("**/*.py")) < 400
