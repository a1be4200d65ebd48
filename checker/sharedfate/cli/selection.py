"""What a run is about: which files, and which of their properties."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from sharedfate.model.model import Model
from sharedfate.model.question import CanCut, Check


def model_files(paths: Sequence[Path], below: Callable[[Path], list[Path]]) -> Iterator[Path]:
    """The files themselves, and of folders what `below` finds in them, each once.

    Raises:
        click.ClickException: a folder holds no model.
    """
    seen: set[Path] = set()
    for path in paths:
        found = below(path) if path.is_dir() else [path]
        if not found:
            raise click.ClickException(f"{path} holds no .fate file with a model")
        for file in found:
            if file.absolute() not in seen:
                seen.add(file.absolute())
                yield file


@dataclass(frozen=True, slots=True)
class Visitors:
    """What the files given with --adversary declare: names of adversaries, and of properties."""

    adversaries: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to answer."""
        return bool(self.adversaries or self.checks)


def visitors(model: Model, files: Sequence[Path]) -> Visitors:
    """Those of a model's declarations that stand in `files`."""
    wanted = {file.resolve() for file in files}
    if not wanted:
        return Visitors()
    adversaries = tuple(item.name for item in model.adversaries if Path(item.span.file).resolve() in wanted)
    return Visitors(adversaries, tuple(item.name for item in model.checks if Path(item.span.file).resolve() in wanted))


def selected(model: Model, only: Sequence[str], guests: Visitors) -> tuple[Check, ...]:
    """The properties to answer: those named by `only` (all without it); with guests, theirs and what is put to them."""
    checks = [check for check in model.checks if not only or check.name in only]
    return tuple(_against(checks, guests)) if guests else tuple(checks)


def _against(checks: Sequence[Check], guests: Visitors) -> Iterator[Check]:
    """Every question of blocking, asked once of each guest; then what else the guests ask themselves.

    A property about one of these adversaries stands as it is; what was expected of any other one does not count.
    """
    adversaries = guests.adversaries
    asked: set[object] = set()
    for adversary in adversaries:
        for check in checks:
            if not isinstance(check.question, CanCut):
                continue
            own = check.question.adversary
            if own in adversaries:
                renamed = check if own == adversary else None
            else:
                text = check.text.replace(own, adversary, 1)
                question = replace(check.question, adversary=adversary)
                renamed = Check(f"{check.name}@{adversary}", question, check.given, text=text, span=check.span)
            if renamed is not None and (renamed.question, renamed.given) not in asked:
                asked.add((renamed.question, renamed.given))
                yield renamed
    for check in checks:
        if check.name in guests.checks and (check.question, check.given) not in asked:
            yield check
