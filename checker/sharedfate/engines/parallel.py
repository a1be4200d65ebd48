"""Answers the checks of a model on several cores: questions about one adversary stay together, for they share a world.

The answers are those of `answer_checks`, in the same order; only the waiting is shorter.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor

from sharedfate.engines.answer import answer_checks, share
from sharedfate.engines.budget import Budget
from sharedfate.evidence.answer import Answer
from sharedfate.model.model import Model
from sharedfate.model.question import CanCut, Check

WEIGHT = 6
"""A search for an attack costs about so many claims about fixed policies."""
WORTH = 4 * WEIGHT
"""Below this weight starting processes costs more than it saves (measured: about 50 ms)."""

Answered = tuple[list[Answer], Exception | None]
"""The answers of some checks, and what broke off the rest."""

_work: tuple[Model, tuple[Check, ...], Budget]
"""What a worker is about: inherited by fork, so that nothing is copied."""


def usable_cores() -> int:
    """How many cores this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def answer_in_parallel(model: Model, checks: Sequence[Check], budget: Budget, jobs: int) -> Iterator[Answer]:
    """As `answer_checks`, with at most `jobs` processes; one, where processes cannot be forked or are not worth it."""
    bundles = _bundles(checks, jobs)
    forks = "fork" in multiprocessing.get_all_start_methods()
    if jobs < 2 or not forks or len(bundles) < 2 or sum(map(_weight, checks)) < WORTH:
        yield from answer_checks(model, checks, budget)
        return
    global _work  # noqa: PLW0603  set before the fork, read after it
    _work = (model, tuple(checks), budget)
    pool = ProcessPoolExecutor(min(jobs, len(bundles)), multiprocessing.get_context("fork"))
    try:
        yield from _gathered(len(checks), _submitted(pool, bundles))
    finally:
        _stop(pool)


def _submitted(pool: ProcessPoolExecutor, bundles: list[list[int]]) -> dict[Future[Answered], list[int]]:
    """Starts the workers, deaf to Ctrl-C from their first moment: the parent hears it and ends them."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return {pool.submit(_answered, bundle): bundle for bundle in bundles}
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _gathered(count: int, running: dict[Future[Answered], list[int]]) -> Iterator[Answer]:
    """The answers in the order of the checks, each as soon as those before it are there."""
    of = {number: future for future, bundle in running.items() for number in bundle}
    for number in range(count):
        answers, failure = of[number].result()
        place = running[of[number]].index(number)
        if place >= len(answers):
            assert failure is not None
            raise failure
        yield answers[place]


def _answered(bundle: list[int]) -> Answered:
    model, checks, budget = _work
    found: list[Answer] = []
    try:
        for answer in answer_checks(model, [checks[number] for number in bundle], budget, checks):
            found.append(answer)
    except Exception as failure:  # handed to the parent, which raises it at its check
        return found, failure
    return found, None


def _stop(pool: ProcessPoolExecutor) -> None:
    """Ends the workers at once: when all is done they are idle, after Ctrl-C or a failure nobody waits for them."""
    workers = list((pool._processes or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for worker in workers:
        worker.terminate()


def _weight(check: Check) -> int:
    return WEIGHT if isinstance(check.question, CanCut) else 1


def _bundles(checks: Sequence[Check], jobs: int) -> list[list[int]]:
    """Numbers of checks that are answered together, the heaviest first; what is more than a fair share is split."""
    groups: dict[object, list[int]] = {}
    for number, check in enumerate(checks):
        groups.setdefault(share(check), []).append(number)
    fair = sum(map(_weight, checks)) / max(jobs, 1)

    def weight(bundle: Sequence[int]) -> int:
        return sum(_weight(checks[number]) for number in bundle)

    bundles: list[list[int]] = []
    for group in groups.values():
        parts = min(len(group), jobs) if weight(group) > fair else 1
        bundles.extend(group[start::parts] for start in range(parts))
    return sorted(bundles, key=lambda bundle: (-weight(bundle), bundle))
