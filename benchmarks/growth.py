"""How partition, questions and memory grow with the number of services, against the same questions given raw to Z3.

`python growth.py engine N` and `python growth.py raw N` measure one size and print a line of JSON a step.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from measure import own_memory, process, python, timed
from plot import Curve, plot
from tables import seconds, table, times

QUESTION_SECONDS = 10.0
"""So long Z3 may think about one raw question."""
SIZE_SECONDS = 180.0
"""So long each side may take for all the questions of one size."""


@dataclass
class Steps:
    """What one side did at one size: steps by name, and what stopped it."""

    found: dict[str, dict[str, Any]] = field(default_factory=dict)
    memory: float = 0.0
    ended: bool = True

    def cpu(self, what: str) -> float | None:
        """Seconds of a step; None if it was not reached."""
        return self.found[what]["cpu"] if what in self.found else None

    def said(self, what: str) -> str:
        """The verdict of a step."""
        return str(self.found[what]["verdict"]) if what in self.found else "not reached"


def measured(side: str, services: int, limit: float) -> Steps:
    """One side at one size, in a process of its own."""
    cost = process(python("benchmarks/growth.py", side, str(services)), limit)
    steps = Steps(memory=cost.memory, ended=cost.code is not None)
    for line in cost.out.splitlines():
        if line.startswith("{"):
            step = json.loads(line)
            steps.found[step["what"]] = step
    if cost.code not in (0, None):
        raise RuntimeError(f"{side} {services}: {cost.out}")
    return steps


def _engine(services: int) -> None:
    from world import questions, world

    from sharedfate.engines import Budget, answer_checks

    made = world(services)
    asked = questions(services)
    # The first question is asked twice: the first time there is nothing yet, so that all is partitioned for it.
    checks = [asked[0].check, *(one.check for one in asked)]
    answers = answer_checks(made.model, checks, Budget())
    for what in ("first answer", *(one.what for one in asked)):
        answer, cpu = timed(lambda: next(answers))
        _say(what, cpu, answer.verdict.value, prefixes=made.prefixes, reason=answer.reason)


def _raw(services: int) -> None:
    from raw import Raw, Told
    from world import questions, world

    made = world(services)
    asked = questions(services)
    for one in asked[:4]:
        begun = time.process_time()
        verdict = Raw(made, (one.cut, *one.spared), QUESTION_SECONDS).verdict(one)
        _say(f"{one.what}, {Told.QUESTION.value}", time.process_time() - begun, verdict)
    raw, told = timed(lambda: Raw(made, made.pools, QUESTION_SECONDS))
    _say("told", told, "")
    for one in asked:
        begun = time.process_time()
        verdict = raw.verdict(one)
        _say(one.what, time.process_time() - begun, verdict)


def _say(what: str, cpu: float, verdict: str, **more: object) -> None:
    print(json.dumps({"what": what, "cpu": cpu, "verdict": verdict, "memory": own_memory(), **more}), flush=True)


def report(sizes: Sequence[int], limit: float = SIZE_SECONDS) -> tuple[str, str]:
    """The tables as Markdown, and the plot."""
    engine = {size: measured("engine", size, limit) for size in sizes}
    raw = {size: measured("raw", size, limit) for size in sizes}
    return _text(sizes, engine, raw), _plot(sizes, engine, raw)


def _text(sizes: Sequence[int], engine: dict[int, Steps], raw: dict[int, Steps]) -> str:
    head = ["CPU seconds", *(f"{size:,} services" for size in sizes)]
    largest = list(engine[sizes[0]].found)
    kinds = [what for what in largest if what != "first answer"]
    growth = [["prefixes", *(f"{_prefixes(engine[size]):,}" for size in sizes)]]
    growth.append(["first answer, with the partition", *(_cell(engine[size].cpu("first answer")) for size in sizes)])
    growth += [[f"then: {what}", *(_answer(engine[size], what) for size in sizes)] for what in kinds]
    growth.append(["peak memory, MiB", *(f"{engine[size].memory:.0f}" for size in sizes)])
    against = [["told the whole world", *(_cell(raw[size].cpu("told")) for size in sizes)]]
    against += [[f"then: {what}", *(_answer(raw[size], what) for size in sizes)] for what in kinds]
    only = [what for what in raw[sizes[0]].found if what not in kinds and what != "told"]
    against += [[what, *(_answer(raw[size], what) for size in sizes)] for what in only]
    against.append(["peak memory, MiB", *(f"{raw[size].memory:.0f}" for size in sizes)])
    ratios = [[what, *(_ratio(engine[size], raw[size], what) for size in sizes)] for what in kinds]
    return "\n\n".join(
        (
            "### The engine",
            table(head, growth),
            "### The same questions, raw to Z3",
            f"Prefixes as bit-vectors; at most {QUESTION_SECONDS:g} s a question, {SIZE_SECONDS:g} s a size.",
            table(head, against),
            "### How many times longer raw Z3 takes, the whole world being known to both",
            table(["question", *head[1:]], ratios),
        )
    )


def _prefixes(steps: Steps) -> int:
    return max((step.get("prefixes", 0) for step in steps.found.values()), default=0)


def _cell(cpu: float | None) -> str:
    return "not reached" if cpu is None else seconds(cpu)


def _answer(steps: Steps, what: str) -> str:
    cpu = steps.cpu(what)
    return "not reached" if cpu is None else f"{seconds(cpu)} {steps.said(what)}"


def _ratio(engine: Steps, raw: Steps, what: str) -> str:
    mine, theirs = engine.cpu(what), raw.cpu(what)
    if mine is None or theirs is None:
        return "not reached"
    if "unknown" in (engine.said(what), raw.said(what)):
        return f"{times(theirs / mine)} ({engine.said(what)}, raw {raw.said(what)})"
    if engine.said(what) != raw.said(what):
        raise RuntimeError(f"{what}: the engine says {engine.said(what)}, raw Z3 {raw.said(what)}")
    return times(theirs / mine)


def _plot(sizes: Sequence[int], engine: dict[int, Steps], raw: dict[int, Steps]) -> str:
    def curve(name: str, side: dict[int, Steps], what: str, dashed: bool = False) -> Curve:
        points = [(size, cpu) for size in sizes if (cpu := side[size].cpu(what)) and side[size].said(what) != "unknown"]
        return Curve(name, tuple(points), dashed)

    curves = [
        curve("first answer, with the partition", engine, "first answer"),
        curve("sparing one", engine, "alone sparing alone, another"),
        curve("network sparing all others", engine, "network sparing all others"),
        curve("alone sparing all others", engine, "alone sparing all others"),
        curve("raw Z3: sparing one", raw, "alone sparing alone, another", dashed=True),
        curve("raw Z3: alone sparing all others", raw, "alone sparing all others", dashed=True),
    ]
    return plot("A question, by the number of services", "services", "CPU seconds", curves)


if __name__ == "__main__":
    {"engine": _engine, "raw": _raw}[sys.argv[1]](int(sys.argv[2]))
