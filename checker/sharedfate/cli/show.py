"""`sharedfate show`."""

from __future__ import annotations

from pathlib import Path

import click

from sharedfate.cli import rooms
from sharedfate.cli.output import put, put_diagnostics, put_text
from sharedfate.report.exitcodes import Exit


@click.command(short_help="Show what a model says, as text or drawn.")
@click.argument("path", metavar="MODEL", type=click.Path(path_type=Path))
@click.option("--graph", metavar="FILE", type=click.Path(path_type=Path), help="Draw it; FILE ends in svg, dot or png.")
def show(path: Path, graph: Path | None) -> int:
    """Show what a model says: who is where, what the wire shows, what rides on what.

    \b
    Example:
      sharedfate show models/architectures/tiny.fate --graph tiny.svg
    """
    if graph is not None:
        from sharedfate.cli.picture import overview_form

        overview_form(graph)
    read = rooms.read_model(path)
    put_diagnostics(read.diagnostics, read.sources, read.dropped)
    if read.model is None:
        return int(Exit.BAD_INPUT)
    from sharedfate.report.overview_text import overview_lines

    put(overview_lines(read.model))
    if graph is not None:
        from sharedfate.cli.picture import write_overview

        write_overview(read.model, graph)
        put_text(f"\npicture  {graph}\n")
    return int(Exit.MET)
