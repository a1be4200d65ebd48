"""What a run is about: which files, and which of their properties."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

from sharedfate.model.model import Model
from sharedfate.model.question import CanCut, Check

SUFFIX = ".fate"


def model_files(paths: Sequence[Path], has_model: Callable[[Path], bool]) -> Iterator[Path]:
    """The files themselves, and of folders every `*.fate` below that declares a model, in order of name, each once.

    Raises:
        click.ClickException: a path is not there, or a folder holds no model.
    """
    seen: set[Path] = set()
    for path in paths:
        if path.is_dir():
            found = [file for file in sorted(path.rglob(f"*{SUFFIX}")) if file.is_file() and has_model(file)]
            if not found:
                raise click.ClickException(f"{path} holds no {SUFFIX} file with a model")
        elif path.exists():
            found = [path]
        else:
            raise click.ClickException(f"{path} is not there")
        for file in found:
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield file


def selected(model: Model, only: Sequence[str], extra: Sequence[str]) -> tuple[Check, ...]:
    """The properties to answer: those named by `only` (all without it), or put to the `extra` adversaries instead."""
    checks = [check for check in model.checks if not only or check.name in only]
    return tuple(_against(checks, extra)) if extra else tuple(checks)


def _against(checks: Sequence[Check], adversaries: Sequence[str]) -> Iterator[Check]:
    """Every question of blocking, asked once of each adversary. What was expected of another one does not count."""
    asked: set[object] = set()
    for adversary in adversaries:
        for check in checks:
            if not isinstance(check.question, CanCut):
                continue
            question = replace(check.question, adversary=adversary)
            if (question, check.given) in asked:
                continue
            asked.add((question, check.given))
            text = check.text.replace(check.question.adversary, adversary, 1)
            yield Check(f"{check.name}@{adversary}", question, check.given, text=text, span=check.span)
