"""The entry point, and what happens on Ctrl-C, on a closed pipe and on a bug of ours.

It imports next to nothing before it listens, so that Ctrl-C is heard from the first moment.
"""

from __future__ import annotations

import gc
import os
import sys

_INTERRUPTED = 130  # what a shell reports for a program that Ctrl-C ended
_BROKEN_PIPE = 141  # what a shell reports for a program that SIGPIPE ended


def main() -> None:
    """The entry point. Never returns."""
    sys.exit(run())


def run() -> int:
    """Runs the command line of this process and gives its exit code; no exception leaves it."""
    gc.set_threshold(50_000, 20, 50)  # trees and formulas have no cycles: looking for some costs a tenth of a check
    if sys.stdout is None:  # started with a closed output (`>&-`): the exit code is all that is wanted
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - for the life of the process
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a character shows its code
    try:
        return _run()
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:
        from sharedfate.cli.output import print_nowhere

        print_nowhere()
        return _BROKEN_PIPE


def _run() -> int:
    import click

    from sharedfate.cli.commands import cli
    from sharedfate.cli.output import DEBUG, bug
    from sharedfate.cli.rooms import OutOfBudget
    from sharedfate.report.exitcodes import Exit

    try:
        # Not `cli.main`, which ends a run whose pipe was closed with 1, our word for "not as expected".
        with cli.make_context("sharedfate", sys.argv[1:]) as context:
            code = cli.invoke(context)
        sys.stdout.flush()
        return int(code)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.Abort as problem:
        raise KeyboardInterrupt from problem
    except BrokenPipeError:
        raise
    except click.ClickException as problem:
        problem.show()
        return int(Exit.UNDECIDED if isinstance(problem, OutOfBudget) else Exit.BAD_INPUT)
    except Exception as problem:
        if os.environ.get(DEBUG):
            raise
        click.echo(bug(problem), err=True)
        return int(Exit.INTERNAL)
