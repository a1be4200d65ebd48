"""`sharedfate fmt`."""

from __future__ import annotations

from pathlib import Path

import click

from sharedfate.cli import rooms
from sharedfate.cli.output import put_diagnostics, put_text, write_file
from sharedfate.report.exitcodes import Exit, worst


@click.command(short_help="Put model files into the standard layout.")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 if a file is not in the layout.")
def fmt(paths: tuple[Path, ...], only_check: bool) -> int:
    """Put model files into the standard layout. Comments stay; a second run changes nothing.

    \b
    Example:
      sharedfate fmt --check models/architectures/tiny.fate
    """
    return int(worst([_file(path, only_check) for path in paths]))


def _file(path: Path, only_check: bool) -> Exit:
    text, found = rooms.read_text(path)
    if text is None:
        put_diagnostics(found, {})
        return Exit.BAD_INPUT
    laid_out = rooms.formatted(text, str(path))
    if isinstance(laid_out, tuple):
        put_diagnostics(laid_out, {str(path): text})
        return Exit.BAD_INPUT
    if text == laid_out:
        return Exit.MET
    if only_check:
        put_text(f"{path} is not in the standard layout\n")
        return Exit.NOT_MET
    write_file(path, laid_out.encode())
    put_text(f"{path} put into the standard layout\n")
    return Exit.MET
