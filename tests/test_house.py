"""The rules of the house (DESIGN.md 4), read off the import statements."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "checker"
LONGEST = 500
SOLVERS = {"z3", "cvc5"}

# A room may import itself and the rooms that it lists. The order is the one way that imports point.
# `solver` and `evidence` know nothing of each other: engines bring them together.
MAY_IMPORT: dict[str, set[str]] = {
    "model": set(),
    "language": {"model"},
    "semantics": {"model"},
    "evidence": {"model", "semantics"},
    "solver": {"model", "semantics", "evidence"},
    "engines": {"model", "semantics", "evidence", "solver"},
    "report": {"model", "semantics", "evidence", "language", "engines"},
    "cli": {"model", "language", "semantics", "evidence", "engines", "report"},
}


def _modules() -> dict[str, Path]:
    return {
        ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted(SOURCE.rglob("*.py"))
    }


def _imports(name: str, path: Path, known: dict[str, Path]) -> set[str]:
    """Everything that a module imports, lazily or not; type-checking blocks do not run, so they do not count."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.dump(block.test)
        for node in ast.walk(block)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        match node:
            case ast.Import():
                found |= {alias.name for alias in node.names}
            case ast.ImportFrom(level=0, module=str() as base):
                found |= {f"{base}.{alias.name}" if f"{base}.{alias.name}" in known else base for alias in node.names}
            case ast.ImportFrom():
                pytest.fail(f"{name}:{node.lineno}: relative import; write it out")
    return found - {name}


MODULES = _modules()
IMPORTS = {name: _imports(name, path, MODULES) for name, path in MODULES.items()}


def _room(name: str) -> str | None:
    parts = name.split(".")
    if len(parts) < 2 or parts[0] != "sharedfate":
        return None
    return "cli" if parts[1] == "__main__" else parts[1]


def _reachable(start: str) -> set[str]:
    reached: set[str] = set()
    todo = [start]
    while todo:
        for following in IMPORTS.get(todo.pop(), set()) - reached:
            reached.add(following)
            todo.append(following)
    return reached


def test_there_is_a_house() -> None:
    assert {"sharedfate.model.model", "sharedfate.cli.main"} <= set(MODULES)


@pytest.mark.parametrize("name", sorted(MODULES))
def test_no_file_over_500_lines(name: str) -> None:
    assert MODULES[name].read_text(encoding="utf-8").count("\n") <= LONGEST


@pytest.mark.parametrize("name", sorted(MODULES))
def test_only_the_solver_room_imports_a_solver(name: str) -> None:
    used = {module.split(".")[0] for module in IMPORTS[name]} & SOLVERS
    assert not used or _room(name) == "solver"


@pytest.mark.parametrize("name", sorted(MODULES))
def test_imports_point_one_way(name: str) -> None:
    room = _room(name)
    allowed = (
        set() if room is None else MAY_IMPORT.get(room, set()) | {room}
    )  # the package itself imports nothing of ours
    assert not {module for module in IMPORTS[name] if (used := _room(module)) is not None and used not in allowed}


@pytest.mark.parametrize("name", [name for name in sorted(MODULES) if {"kernel", "semantics"} & set(name.split("."))])
def test_the_trusted_base_reaches_no_solver_and_no_engine(name: str) -> None:
    reached = _reachable(name)
    assert not {module for module in reached if _room(module) in {"solver", "engines"}}
    assert not {module.split(".")[0] for module in reached} & SOLVERS


def test_no_import_cycle() -> None:
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join((*path[path.index(name) :], name))
        if name in done:
            return
        for following in sorted(IMPORTS.get(name, set()) & set(MODULES)):
            visit(following, (*path, name))
        done.add(name)

    for name in sorted(MODULES):
        visit(name, ())
