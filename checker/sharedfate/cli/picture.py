"""Pictures into files."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sharedfate.cli import rooms
from sharedfate.cli.output import write_file

if TYPE_CHECKING:
    from sharedfate.evidence.answer import Answer
    from sharedfate.model.model import Model

_DOT_SECONDS = 30


def write_picture(model: Model, answer: Answer, folder: Path, form: str) -> Path | None:
    """Writes the picture of an answer as `MODEL-PROPERTY.FORM`; None when the answer has none.

    Raises:
        click.ClickException: the folder cannot be written, or `form` is png and there is no `dot`.
    """
    data = _drawn(model, answer, form)
    if data is None:
        return None
    name = re.sub(r"[^\w.-]+", "_", f"{model.name}-{answer.check.name}")
    path = folder / f"{name}.{form}"
    write_file(path, data)
    return path


def write_overview(model: Model, path: Path) -> None:
    """Writes the picture of a model; the file's ending says whether SVG, DOT or PNG.

    Raises:
        click.ClickException: another ending, or as for `write_picture`.
    """
    form = path.suffix.lower().lstrip(".")
    match form:
        case "svg":
            data = rooms.overview(model).encode()
        case "dot":
            data = rooms.dot(model).encode()
        case "png":
            data = png(rooms.dot(model))
        case _:
            raise click.ClickException(f"{path}: the ending says the format, which is svg, dot or png")
    write_file(path, data)


def _drawn(model: Model, answer: Answer, form: str) -> bytes | None:
    if form == "svg":
        drawn = rooms.draw(model, answer)
        return None if drawn is None else drawn.encode()
    if not (answer.attacks or answer.shared or answer.fates):
        return None
    text = rooms.dot(model, answer)
    return png(text) if form == "png" else text.encode()


def png(dot: str) -> bytes:
    """DOT through the system's Graphviz.

    Raises:
        click.ClickException: there is none, or it failed.
    """
    program = shutil.which("dot")
    if program is None:
        raise click.ClickException("png needs Graphviz's `dot`, which is not on this machine; svg needs nothing")
    try:
        done = subprocess.run(
            [program, "-Tpng"], input=dot.encode(), capture_output=True, timeout=_DOT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as problem:
        raise click.ClickException(f"`dot` did not finish within {_DOT_SECONDS} s") from problem
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise click.ClickException(f"`dot` failed: {said[0] if said else f'exit code {done.returncode}'}")
    return done.stdout
