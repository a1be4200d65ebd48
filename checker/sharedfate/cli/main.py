"""`sharedfate`: the group of commands, and what happens on Ctrl-C, on a closed pipe and on a bug of ours."""

from __future__ import annotations

import os
import sys

import click

from sharedfate.cli.audit import audit
from sharedfate.cli.check import check
from sharedfate.cli.explain import explain
from sharedfate.cli.fmt import fmt
from sharedfate.cli.output import DEBUG, bug
from sharedfate.cli.rooms import OutOfBudget
from sharedfate.cli.show import show
from sharedfate.report.exitcodes import Exit

WHAT_NEXT = """\
sharedfate answers what a network can block in a messaging architecture, and what dies with it.

Check a model:             sharedfate check models/architectures/imessage.fate
See what a model says:     sharedfate show models/architectures/imessage.fate
Everything it can do:      sharedfate --help
"""

_BROKEN_PIPE = 141  # what a shell reports for a program that SIGPIPE ended


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sharedfate", prog_name="sharedfate", message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Check what can be blocked in a messaging architecture, and what dies with it.

    \b
    Example:
      sharedfate check models/architectures/tiny.fate

    Exit codes of check: 0 every expectation met; 1 some not met; 2 bad input; 3 some not met for want of an answer;
    4 an internal check failed, a bug of ours.
    """
    if context.invoked_subcommand is None:
        click.echo(WHAT_NEXT, nl=False, err=True)
        context.exit(Exit.BAD_INPUT)


for command in (check, audit, show, fmt, explain):
    cli.add_command(command)


def main() -> None:
    """The entry point. Never returns."""
    sys.exit(run())


def run() -> int:
    """Runs the command line of this process and gives its exit code; no exception leaves it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a character shows its code
    try:
        # Not `cli.main`, which ends a run whose pipe was closed with 1, our word for "not as expected".
        with cli.make_context("sharedfate", sys.argv[1:]) as context:
            code = cli.invoke(context)
        sys.stdout.flush()
        return int(code)
    except click.exceptions.Exit as done:
        return done.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("\ninterrupted", err=True)
        return int(Exit.INTERRUPTED)
    except BrokenPipeError:
        # Nobody reads on. The interpreter would complain when it flushes at exit; give it somewhere to flush to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    except click.ClickException as problem:
        problem.show()
        return int(Exit.UNDECIDED if isinstance(problem, OutOfBudget) else Exit.BAD_INPUT)
    except Exception as problem:
        if os.environ.get(DEBUG):
            raise
        click.echo(bug(problem), err=True)
        return int(Exit.INTERNAL)
