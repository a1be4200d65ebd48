"""`sharedfate check`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sharedfate.cli import rooms
from sharedfate.cli.output import DEBUG, Progress, bug, put, put_diagnostics, put_text
from sharedfate.report.exitcodes import Exit, of_answer, worst

if TYPE_CHECKING:
    from sharedfate.evidence.answer import Answer
    from sharedfate.model.model import Model
    from sharedfate.model.question import Check
    from sharedfate.report.json_out import Checked


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the command line asks for."""

    only: tuple[str, ...]
    adversaries: tuple[Path, ...]
    assume: tuple[str, ...]
    json: bool
    graph: Path | None
    format: str
    budget: int | None
    jobs: int | None
    verbose: bool

    @property
    def brief(self) -> bool:
        """Whether answers that are as expected may be shown in brief."""
        return not (self.verbose or self.only or self.json)


@click.command(short_help="Answer the properties of models.")
@click.argument("paths", nargs=-1, required=True, metavar="FILE|FOLDER...", type=click.Path(path_type=Path))
@click.option(
    "--adversary",
    "adversaries",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Ask the model's questions of the adversaries of FILE instead; each is expected to be PROVED. An adversary "
    "or policy of FILE takes the place of the model's of the same name.",
)
@click.option(
    "--only", multiple=True, metavar="NAME", help="Answer this property only, with all evidence (repeatable)."
)
@click.option("--verbose", "-v", is_flag=True, help="Show the evidence of answers that are as expected, too.")
@click.option("--assume", multiple=True, metavar="FACT", help="Close an open fact: 'order(courier)' (repeatable).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (spec/answer.schema.json) instead of text.")
@click.option("--graph", metavar="DIR", type=click.Path(path_type=Path), help="Write a picture of each answer to DIR.")
@click.option(
    "--format",
    "picture_format",
    type=click.Choice(["svg", "dot", "png"]),
    help="Of the pictures, svg without it; png needs Graphviz's `dot` on the machine.",
)
@click.option("--budget", metavar="N", type=click.IntRange(min=1), help="Solver calls a property before UNKNOWN.")
@click.option("--jobs", "-j", metavar="N", type=click.IntRange(min=1), help="Processes; without it one a core.")
def check(  # noqa: PLR0913, PLR0917  click hands over each option apart
    paths: tuple[Path, ...],
    adversaries: tuple[Path, ...],
    only: tuple[str, ...],
    assume: tuple[str, ...],
    as_json: bool,
    graph: Path | None,
    picture_format: str | None,
    budget: int | None,
    jobs: int | None,
    verbose: bool,
) -> int:
    """Answer the properties of models: each with a proof, an attack, or the conditions for both.

    A FOLDER stands for all models below it. Answers that are as expected are shown in a few lines, all others, those
    that --only names, and all with --verbose, with their evidence.

    \b
    Example:
      sharedfate check models/architectures/tiny.fate --graph out/

    Exit codes: 0 every expectation is met (without `expect`, PROVED is expected); 1 an answer is not the expected one;
    2 bad input; 3 the answer is UNKNOWN, BOUNDED or VACUOUS where it was not expected; 4 an internal check failed, a
    bug of ours. Of several, the first in the order 4, 2, 1, 3, 0. 130 after Ctrl-C.
    """
    from sharedfate.cli.selection import model_files

    if picture_format is not None and graph is None:
        raise click.UsageError("--format is the format of the pictures: say where they go with --graph DIR")
    if graph is not None:
        from sharedfate.cli.picture import prepare

        prepare(graph, picture_format or "svg")
    wish = _Wish(only, adversaries, assume, as_json, graph, picture_format or "svg", budget, jobs, verbose)
    done: list[Checked] = []
    codes: list[Exit] = []
    for path in model_files(paths, rooms.models_below):
        result, code = _file(path, wish)
        done.append(result)
        codes.append(code)
    every = [answer for item in done for answer in item.answers]
    if not every and Exit.BAD_INPUT not in codes and Exit.INTERNAL not in codes:
        click.echo("Error: no property was asked: the files have no `check` that fits", err=True)
        codes.append(Exit.BAD_INPUT)
    code = worst(codes)
    if as_json:
        from sharedfate.report.json_out import report

        put_text(report(done, code))
    elif every:
        from sharedfate.report.text import in_brief, summary_lines

        put(summary_lines(every, wish.brief and any(map(in_brief, every))))
    return int(code)


def _file(path: Path, wish: _Wish) -> tuple[Checked, Exit]:
    from sharedfate.cli.selection import displaced_words, selected, visitors
    from sharedfate.report.json_out import Checked
    from sharedfate.report.lines import line

    read = rooms.read_model(path, wish.adversaries, wish.assume)
    if not wish.json:
        put_diagnostics(read.diagnostics, read.sources, read.dropped)
    if read.model is None:
        return Checked(str(path), None, read.diagnostics, ()), Exit.BAD_INPUT
    model = read.model
    unknown = [name for name in wish.only if name not in {item.name for item in model.checks}]
    if unknown:
        for name in unknown:
            there_is = rooms.known(name, [item.name for item in model.checks])
            click.echo(f"Error: {path} has no property {name}; {there_is}", err=True)
        return Checked(str(path), model.name, read.diagnostics, ()), Exit.BAD_INPUT
    guests = visitors(model, wish.adversaries, read.displaced)
    if wish.adversaries and not guests:
        files = ", ".join(map(str, wish.adversaries))
        click.echo(
            f"Error: --adversary: there is no `adversary` and no `check` in {files}, and no policy that the model has",
            err=True,
        )
        return Checked(str(path), model.name, read.diagnostics, ()), Exit.BAD_INPUT
    notes = tuple(displaced_words(read.displaced))
    if not wish.json:
        head = f"{path}: model {model.name}{f', {model.title}' if model.title else ''}"
        put(line(row) for row in (head, *(f"  {note}" for note in notes), ""))
    answers, failure = _answers(model, selected(model, wish.only, guests), wish)
    codes = [of_answer(answer) for answer in answers]
    if failure:
        click.echo(failure, err=True)
        codes.append(Exit.INTERNAL)
    return Checked(str(path), model.name, read.diagnostics, tuple(answers), failure, notes), worst(codes)


def _answers(model: Model, checks: Sequence[Check], wish: _Wish) -> tuple[list[Answer], str | None]:
    """All answers, printed as they come; and what to say when an internal check failed."""
    answers: list[Answer] = []
    with Progress(len(checks)) as progress:
        coming = rooms.answers(model, checks, wish.budget, wish.jobs)
        for number, item in enumerate(checks, 1):
            progress.say(number, item.name)
            try:
                answer = next(coming)
            except Exception as problem:  # whatever failed inside, it is no verdict
                if os.environ.get(DEBUG):
                    raise
                return answers, bug(problem)
            answers.append(answer)
            progress.clear()
            _show(model, answer, wish)
    return answers, None


def _show(model: Model, answer: Answer, wish: _Wish) -> None:
    from sharedfate.cli.picture import write_picture
    from sharedfate.report.text import answer_lines, brief_lines, in_brief

    brief = wish.brief and in_brief(answer)
    if not wish.json:
        put(brief_lines(answer) if brief else answer_lines(answer))
    if wish.graph is not None:
        written = write_picture(model, answer, wish.graph, wish.format)
        if written is not None and not wish.json:
            put_text(f"    picture  {written}\n")
    if not wish.json:
        put_text("\n")
