"""What a run is about: which files, and which of their properties."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sharedfate.model.model import Model
from sharedfate.model.question import CanCut, Check, Expectation, UnderPolicies, VerdictKind

if TYPE_CHECKING:
    from sharedfate.language.resolve.units import Displaced


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
    """What the files given with --adversary bring: names of adversaries and of properties.

    `displaced` are the names of those adversaries, `policies` of those policies, that take the place of the model's.
    """

    adversaries: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    displaced: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether there is anything to answer."""
        return bool(self.adversaries or self.checks or self.policies)


def visitors(model: Model, files: Sequence[Path], displaced: Sequence[Displaced] = ()) -> Visitors:
    """Those of a model's declarations that stand in `files`; `displaced` is what of the model they put aside."""
    wanted = {file.resolve() for file in files}
    if not wanted:
        return Visitors()
    return Visitors(
        tuple(item.name for item in model.adversaries if Path(item.span.file).resolve() in wanted),
        tuple(item.name for item in model.checks if Path(item.span.file).resolve() in wanted),
        frozenset(item.name for item in displaced if item.kind == "adversary"),
        frozenset(item.name for item in displaced if item.kind == "policy"),
    )


def displaced_words(items: Sequence[Displaced]) -> Iterator[str]:
    """A line for each adversary or policy that a file given with --adversary takes the place of."""
    for item in items:
        yield f"{item.kind} {item.name} is that of {item.new.file}, not the model's own ({item.old})"


def selected(model: Model, only: Sequence[str], guests: Visitors) -> tuple[Check, ...]:
    """The properties to answer: those named by `only` (all without it); with guests, theirs and what is put to them."""
    checks = [check for check in model.checks if not only or check.name in only]
    return tuple(_against(checks, guests)) if guests else tuple(checks)


def _against(checks: Sequence[Check], guests: Visitors) -> Iterator[Check]:
    """Every question of blocking, asked once of each guest; then what else the guests ask, and what they change.

    A property of the guests stands as it is; what the model expected of its own adversaries and policies does not
    count, also not where a guest takes the place of one.
    """
    asked: set[object] = set()
    for adversary in guests.adversaries:
        for check in checks:
            put = _put_to(check, adversary, guests)
            if put is not None and (put.question, put.given) not in asked:
                asked.add((put.question, put.given))
                yield put
    for check in checks:
        if (check.question, check.given) in asked:
            continue
        if check.name in guests.checks:
            yield check
        elif isinstance(check.question, UnderPolicies) and guests.policies & set(check.question.policies):
            yield replace(check, expect=Expectation(VerdictKind.PROVED))


def _put_to(check: Check, adversary: str, guests: Visitors) -> Check | None:
    """A question of blocking, put to one of the guests; None when there is none, or it is about another guest."""
    if not isinstance(check.question, CanCut):
        return None
    own = check.question.adversary
    if own == adversary:
        theirs = own in guests.displaced and check.name not in guests.checks
        return replace(check, expect=Expectation(VerdictKind.PROVED)) if theirs else check
    if own in guests.adversaries:
        return None
    text = check.text.replace(own, adversary, 1)
    question = replace(check.question, adversary=adversary)
    return Check(f"{check.name}@{adversary}", question, check.given, text=text, span=check.span)
