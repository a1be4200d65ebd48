"""The one place where the faces call the other rooms. Imports are lazy: `--help` needs none of this."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sharedfate.evidence.answer import Answer
    from sharedfate.evidence.audit import AuditReport
    from sharedfate.language.diagnostics import Diagnostic
    from sharedfate.language.load import Loaded
    from sharedfate.model.model import Model
    from sharedfate.model.policy import Policy
    from sharedfate.model.question import Check


class OutOfBudget(click.ClickException):
    """There is no answer for want of a resource."""


def read_model(path: Path, adversaries: Sequence[Path] = (), assume: Sequence[str] = ()) -> Loaded:
    """Reads a model file, with more adversary files and facts from the command line."""
    from sharedfate.language.load import load

    return load(path, adversaries, assume)


def models_below(folder: Path) -> list[Path]:
    """The files below a folder that declare a model, sorted; files of adversaries and policies only do not."""
    from sharedfate.language.load import model_files

    return model_files(folder)


def answers(
    model: Model, checks: Sequence[Check], budget: int | None = None, jobs: int | None = None
) -> Iterator[Answer]:
    """An answer for each check, in order, as they come.

    `budget`: solver calls a property, None for the default. `jobs`: processes, None for one a usable core.
    """
    from sharedfate.engines import Budget, answer_in_parallel, usable_cores

    spent = Budget() if budget is None else Budget(calls=budget)
    yield from answer_in_parallel(model, checks, spent, usable_cores() if jobs is None else jobs)


def audited(model: Model, policies: Sequence[Policy]) -> AuditReport:
    """What declared policies do to every function.

    Raises:
        click.ClickException: nothing that nature can choose satisfies what the model assumes.
        OutOfBudget: a resource ran out.
    """
    from sharedfate.engines.audit import NoChoice, audit
    from sharedfate.engines.budget import Exhausted
    from sharedfate.semantics.choices import TooManyError
    from sharedfate.semantics.obligation.images import TooManyHandOuts
    from sharedfate.semantics.obligation.logic import TooLarge
    from sharedfate.semantics.obligation.name_classes import TooManyNames

    try:
        return audit(model, tuple(policies))
    except NoChoice as problem:
        raise click.ClickException(str(problem)) from problem
    except (Exhausted, TooManyError, TooManyHandOuts, TooLarge, TooManyNames) as problem:
        raise OutOfBudget(f"out of budget: {str(problem) or type(problem).__name__}") from problem


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


def known(name: str, names: Sequence[str]) -> str:
    """What to say after "there is no NAME": the nearest of the names that exist, and all of them."""
    from sharedfate.language.suggest import nearest

    near = nearest(name, names)
    return (f"did you mean {near}? " if near else "") + f"it has: {', '.join(names) or 'none'}"


def formatted(text: str, file: str) -> str | tuple[Diagnostic, ...]:
    """A text in the standard layout, or why it has none."""
    from sharedfate.language.format import format_text

    return format_text(text, file)


def read_text(path: Path) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The text of a file; None and why when there is none."""
    from sharedfate.language.diagnostics import Diagnostics
    from sharedfate.language.files import Budget, Place, read
    from sharedfate.language.parse import decode
    from sharedfate.model.source import Span

    found = Diagnostics()
    data = read(Place(str(path), path), Span(str(path), 1, 1, 1, 1), Budget(), found)
    return (None, found.items) if data is None else decode(data, str(path))
