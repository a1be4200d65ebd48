"""`sharedfate explain`."""

from __future__ import annotations

import click

from sharedfate.cli.output import put_text
from sharedfate.report.exitcodes import Exit


@click.command(short_help="Explain the code of a diagnostic, such as F042.")
@click.argument("code")
def explain(code: str) -> int:
    """Explain a diagnostic: what it means, an example that has it, and the same one mended.

    \b
    Example:
      sharedfate explain F042
    """
    from sharedfate.language import catalogue

    entry = catalogue.explain(code)
    if entry is None:
        codes = ", ".join(known.value for known in catalogue.ENTRIES)
        click.echo(f"there is no code {code}; there are: {codes}", err=True)
        return int(Exit.BAD_INPUT)
    put_text(f"{entry.code.value}: {entry.title}\n\n{entry.explanation.strip()}\n")
    for title, example in (("This has it:", entry.wrong), ("Mended:", entry.mended)):
        if example is not None:
            put_text(f"\n{title}\n\n")
            put_text("".join(f"  {row}".rstrip() + "\n" for row in example.shown.strip("\n").split("\n")))
    return int(Exit.MET)
