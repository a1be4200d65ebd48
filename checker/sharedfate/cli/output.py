"""Where output goes: plain text into pipes and files, colour into terminals, files whole or not at all."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from sharedfate.language.diagnostics import Diagnostic
    from sharedfate.report.lines import Line

_LOOK = {"plain": "", "strong": "bold", "faint": "dim", "good": "blue", "bad": "bold red", "warn": "yellow"}
"""How each Style looks in a terminal."""


DEBUG = "SHAREDFATE_DEBUG"
"""With this environment variable set, an internal error shows its traceback."""


def bug(problem: BaseException) -> str:
    """What people are told about an internal error."""
    what = f"{type(problem).__name__}: {problem}".strip().splitlines()[0][:300]
    return f"sharedfate: internal error, a bug of ours and no verdict: {what}\n({DEBUG}=1 shows the traceback)"


def coloured(stream: TextIO) -> bool:
    """Whether a stream is a terminal that may get colour (NO_COLOR and TERM=dumb say no)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def put(lines: Iterable[Line]) -> None:
    """Lines to stdout, at once: a reader of a pipe sees each answer as it comes.

    Into pipes and files they are wrapped at WIDTH, so that the same run gives the same bytes everywhere.
    """
    from sharedfate.report.lines import WIDTH, plain, text_of, wrapped

    if not coloured(sys.stdout):
        put_text(plain(lines))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=sys.stdout, soft_wrap=True, highlight=False, markup=False, emoji=False)
    width = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)
    for one in (row for each in lines for row in wrapped(each, width)):
        text = Text()
        for piece in one:
            text.append(text_of((piece,)), style=_LOOK[piece.style.value])
        text.rstrip()
        console.print(text)


def put_text(text: str) -> None:
    """Text to stdout as it is.

    Raises:
        click.ClickException: it cannot be written, for one because the disk is full.
        BrokenPipeError: nobody reads on.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as problem:
        print_nowhere()
        raise click.ClickException(f"the output cannot be written: {problem.strerror}") from problem


def print_nowhere() -> None:
    """Gives stdout somewhere to flush to: the interpreter would complain at exit that it cannot."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def put_diagnostics(items: Sequence[Diagnostic], sources: dict[str, str], dropped: int = 0) -> None:
    """Diagnostics to stderr."""
    from sharedfate.report.diagnostics import render_all

    click.echo(render_all(items, sources, coloured(sys.stderr), dropped), nl=False, err=True, color=True)


def write_file(path: Path, data: bytes) -> None:
    """Writes a file whole: into a file beside it that then takes its name. An interruption leaves the old one.

    Raises:
        click.ClickException: the file cannot be written.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.chmod(temporary, mode)
        os.replace(temporary, path)
        temporary = None
    except OSError as problem:
        raise click.ClickException(f"{path} cannot be written: {problem.strerror or problem}") from problem
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


class Progress:
    """One line on stderr that says what is being worked on; nothing when stderr is no terminal."""

    def __init__(self, total: int) -> None:
        """`total` properties will come."""
        self._total = total
        self._on = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._shown = False

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def say(self, number: int, name: str) -> None:
        """Working on property `number` (from 1), called `name`."""
        if self._on:
            sys.stderr.write(f"\r\x1b[K{number} of {self._total}: {name}"[:110])
            sys.stderr.flush()
            self._shown = True

    def clear(self) -> None:
        """Takes the line away, before anything else is printed."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._shown = False
