"""Which file a `use` means, what it may reach, and how much is read."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from importlib.resources import files as package_files
from pathlib import Path

from sharedfate.language.diagnostics import Code, Diagnostics, Fix
from sharedfate.language.suggest import nearest
from sharedfate.model.source import Span

MAX_FILES = 256
MAX_TOTAL_BYTES = 16_000_000
ROOT_MARKS = ("sharedfate.toml", ".git")
SUFFIX = ".fate"

_OUTSIDE = "it lies outside the root"


@dataclass(frozen=True, slots=True)
class Place:
    """A file to be read: how it is shown in messages, and where it is (None: in the shipped library)."""

    shown: str
    path: Path | None

    @property
    def identity(self) -> str:
        """The same for two ways of naming one file."""
        return self.shown if self.path is None else str(self.path)


@dataclass
class Budget:
    """What one run has read so far."""

    files: int = 0
    total: int = 0
    spent: bool = field(default=False)


def root_of(file: Path) -> Path:
    """The folder that nothing may leave.

    The nearest folder at or above the file's own that holds a `sharedfate.toml` or a `.git`; without one, the file's
    own folder.
    """
    own = resolved(file).parent
    for folder in (own, *own.parents):
        if any(os.path.exists(folder / mark) for mark in ROOT_MARKS):
            return folder
    return own


def resolved(path: Path) -> Path:
    """The path without links and `..`; the path itself when it cannot be followed."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return path


def read(place: Place, span: Span, budget: Budget, found: Diagnostics) -> bytes | None:
    """The bytes of a file within the run's budget, or None after a diagnostic at `span`. Never raises."""
    room = MAX_TOTAL_BYTES - budget.total
    if budget.files >= MAX_FILES or room <= 0:
        if not budget.spent:
            budget.spent = True
            limits = f"a run reads {MAX_FILES} files at most, {MAX_TOTAL_BYTES // 1_000_000} MB together"
            found.error(Code.TOO_MANY_FILES, "too many files", span, notes=(limits,))
        return None
    try:
        data = _bytes(place, room + 1)
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else type(problem).__name__
        found.error(Code.UNREADABLE, f"`{place.shown}` cannot be read", span, notes=(reason,))
        return None
    budget.files += 1
    budget.total += len(data)
    return data


def _bytes(place: Place, limit: int) -> bytes:
    if place.path is None:
        return package_files("sharedfate.std").joinpath(place.shown.removeprefix("std/")).read_bytes()
    if not place.path.is_file():
        raise OSError(0, _what(place.path))
    with place.path.open("rb") as stream:
        return stream.read(limit)


def _what(path: Path) -> str:
    """Why a path that is no file cannot be read."""
    if path.is_dir():
        return "it is a folder"
    return "it is no ordinary file" if os.path.lexists(path) else "there is no such file"


def library(name: str, span: Span, found: Diagnostics) -> Place | None:
    """The file of the shipped library that `use std.NAME` means."""
    shipped = library_names()
    if name in shipped:
        return Place(f"std/{name}{SUFFIX}", None)
    if name == "crypto":
        notes = ("key agreement and encryption come with the questions about what someone can learn",)
        found.error(Code.NOT_YET, "`std.crypto` is not there yet", span, notes=notes)
        return None
    near = nearest(name, shipped)
    fixes = (Fix(span, f"std.{near}", f"did you mean `std.{near}`?"),) if near else ()
    notes = ("the library has " + ", ".join(f"`std.{item}`" for item in shipped),)
    found.error(Code.NO_SUCH_FILE, f"the library has no `std.{name}`", span, notes=notes, fixes=fixes)
    return None


def library_names() -> list[str]:
    """The names after `std.` that exist."""
    entries = package_files("sharedfate.std").iterdir()
    return sorted(entry.name.removesuffix(SUFFIX) for entry in entries if entry.name.endswith(SUFFIX))


def beside(user: Place, text: str, root: Path, span: Span, found: Diagnostics) -> Place | None:
    """The file that `use "text"` means in the file `user`, if it stays within `root` and is there."""
    if user.path is None:
        found.error(Code.LEAVES_ROOT, "a library file uses no files beside it", span)
        return None
    reason = _refusal(text)
    if reason is None:
        plain = Path(os.path.normpath(user.path.parent / text))
        target = resolved(plain)
        if not plain.is_relative_to(root):
            reason = _OUTSIDE
        elif not target.is_relative_to(root):
            reason = "it is a link to a place outside the root"
    if reason is not None:
        note = f"files are used from below the root only, here `{_shown_root(user, root)}`"
        how = f"the root is the nearest folder with a `{ROOT_MARKS[0]}` (it may be empty) or a `{ROOT_MARKS[1]}`"
        found.error(
            Code.LEAVES_ROOT,
            f'`use "{text}"` is refused: {reason}',
            span,
            notes=(note, how) if reason == _OUTSIDE else (note,),
        )
        return None
    if not os.path.exists(target):
        _missing(plain, text, span, found)
        return None
    return Place(os.path.normpath(os.path.join(os.path.dirname(user.shown), text)).replace(os.sep, "/"), target)


def _refusal(text: str) -> str | None:
    """Why the text of a `use` is no path that could be allowed, if so."""
    if not text or "\0" in text:
        return "it names no file"
    if text.startswith(("/", "\\", "~")) or Path(text).is_absolute() or text[1:2] == ":":
        return "the path is absolute"
    if "\\" in text:
        return "folders are separated by `/`"
    if not text.endswith(SUFFIX):
        return f"only `{SUFFIX}` files are used"
    return None


def _shown_root(user: Place, root: Path) -> str:
    """The root as the user would name it, without telling where the machine keeps it."""
    assert user.path is not None
    try:
        depth = len(user.path.parent.relative_to(root).parts)
    except ValueError:
        return root.name
    folder = os.path.dirname(user.shown) or "."
    return os.path.normpath(os.path.join(folder, *[".."] * depth))


def _missing(plain: Path, text: str, span: Span, found: Diagnostics) -> None:
    try:
        names = [item.name for item in plain.parent.iterdir() if item.name.endswith(SUFFIX)][:1000]
    except OSError:
        names = []
    near = nearest(plain.name, names)
    fixes: tuple[Fix, ...] = ()
    if near:
        other = text[: len(text) - len(text.rpartition("/")[2])] + near
        fixes = (Fix(span, f'"{other}"', f"did you mean `{other}`?"),)
    found.error(Code.NO_SUCH_FILE, f"there is no file `{text}`", span, fixes=fixes)
