"""The one place where the faces call the other rooms. Imports are lazy: `--help` needs none of this."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sharedfate.evidence.answer import Answer
    from sharedfate.evidence.audit import AuditReport
    from sharedfate.language.diagnostics import Diagnostic
    from sharedfate.language.load import Loaded
    from sharedfate.model.model import Model
    from sharedfate.model.policy import Policy
    from sharedfate.model.question import Check


def read_model(path: Path, adversaries: Sequence[Path] = (), assume: Sequence[str] = ()) -> Loaded:
    """Reads a model file, with more adversary files and facts from the command line."""
    from sharedfate.language.load import load

    return load(path, adversaries, assume)


def models_below(folder: Path) -> list[Path]:
    """The files below a folder that declare a model, sorted; files of adversaries and policies only do not."""
    from sharedfate.language.load import model_files

    return model_files(folder)


def answers(model: Model, checks: Sequence[Check], budget: int | None) -> Iterator[Answer]:
    """An answer for each check, in order, as they come. `budget`: solver calls a property, None for the default."""
    engines = _room("engines")
    limit = engines.Budget() if budget is None else engines.Budget(calls=budget)
    yield from engines.answer_checks(model, checks, limit)


def audit(model: Model, policies: Sequence[Policy]) -> AuditReport:
    """What declared policies do to every function."""
    report: AuditReport = _room("engines.audit").audit(model, tuple(policies), model.given)
    return report


def draw(model: Model, answer: Answer) -> str | None:
    """The picture of an answer as SVG; None when there is nothing to draw."""
    from sharedfate.report import pictures

    return pictures.draw(model, answer)


def overview(model: Model) -> str:
    """The picture of a model as SVG."""
    from sharedfate.report import pictures

    return pictures.overview(model)


def dot(model: Model, answer: Answer | None = None) -> str:
    """The picture as DOT."""
    from sharedfate.report import pictures

    return pictures.to_dot(model, answer)


def formatted(path: Path) -> tuple[str | None, tuple[Diagnostic, ...], dict[str, str]]:
    """A file in the standard layout (None when it does not parse), what was found, and the texts by file name."""
    result: Any = _room("language").format_file(path)
    return result.text, result.diagnostics, dict(result.sources)


def _room(name: str) -> Any:
    return importlib.import_module(f"sharedfate.{name}")
