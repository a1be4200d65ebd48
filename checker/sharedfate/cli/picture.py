"""Pictures into files."""

from __future__ import annotations

import os
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


def prepare(folder: Path, form: str) -> None:
    """Says before the work whether pictures of this form can go into this folder, which it makes.

    Raises:
        click.ClickException: they cannot.
    """
    if form == "png":
        _program()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise click.ClickException(f"--graph: {folder} cannot be written: {problem.strerror or problem}") from problem
    if not os.access(folder, os.W_OK | os.X_OK):
        raise click.ClickException(f"--graph: {folder} cannot be written to")


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


def overview_form(path: Path) -> str:
    """The format that a file's ending asks for: svg, dot or png.

    Raises:
        click.ClickException: another ending, or png where there is no `dot`.
    """
    form = path.suffix.lower().lstrip(".")
    if form not in ("svg", "dot", "png"):
        raise click.ClickException(f"--graph: {path} must end in .svg, .dot or .png")
    if form == "png":
        _program()
    return form


def write_overview(model: Model, path: Path) -> None:
    """Writes the picture of a model; the file's ending says whether SVG, DOT or PNG.

    Raises:
        click.ClickException: another ending, or as for `write_picture`.
    """
    match overview_form(path):
        case "svg":
            data = rooms.overview(model).encode()
        case "dot":
            data = rooms.dot(model).encode()
        case _:
            data = png(rooms.dot(model))
    write_file(path, data)


def _drawn(model: Model, answer: Answer, form: str) -> bytes | None:
    if form == "svg":
        drawn = rooms.draw(model, answer)
        return None if drawn is None else drawn.encode()
    if not (answer.attacks or answer.shared or answer.fates):
        return None
    text = rooms.dot(model, answer)
    return png(text) if form == "png" else text.encode()


def _program() -> str:
    program = shutil.which("dot")
    if program is None:
        raise click.ClickException("png needs Graphviz's `dot`, which is not on this machine; svg needs nothing")
    return program


def png(dot: str) -> bytes:
    """DOT through the system's Graphviz.

    Raises:
        click.ClickException: there is none, or it failed.
    """
    program = _program()
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
