"""The group of commands."""

from __future__ import annotations

import click

from sharedfate.cli.audit import audit
from sharedfate.cli.check import check
from sharedfate.cli.explain import explain
from sharedfate.cli.fmt import fmt
from sharedfate.cli.show import show
from sharedfate.report.exitcodes import Exit

WHAT_NEXT = """\
sharedfate answers what a network can block in a messaging architecture, and what dies with it.

Check a model:             sharedfate check models/architectures/imessage.fate
See what a model says:     sharedfate show models/architectures/imessage.fate
Everything it can do:      sharedfate --help
"""


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sharedfate", prog_name="sharedfate", message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Tell what can be blocked in a messaging architecture, and what dies with it.

    \b
    Example:
      sharedfate check models/architectures/tiny.fate

    Exit codes of check: 0 every expectation is met; 1 an answer is not the expected one; 2 bad input; 3 an expected
    answer is missing (unknown, bounded or vacuous instead); 4 an internal check failed, a bug of ours.
    """
    if context.invoked_subcommand is None:
        click.echo(WHAT_NEXT, nl=False, err=True)
        context.exit(Exit.BAD_INPUT)


for command in (check, audit, show, fmt, explain):
    cli.add_command(command)
