"""The benchmarks run, measure what they say, and the generated worlds are what their description says. No times."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sharedfate.engines import Budget, answer_checks

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))  # they are scripts beside each other, no package

import listing
import plot
import tables
from measure import process, python
from raw import Raw
from world import MOST_PREFIXES, questions, world


def test_a_world_is_the_same_each_time_and_as_described() -> None:
    made = world(40)
    assert made == world(40) != world(40, seed=2)
    assert all(1 <= len(pool.prefixes) <= MOST_PREFIXES for pool in made.pools.values())
    assert made.pools["s5"] is made.pools["s6"]  # on one content network
    lone = [(prefix.first, prefix.last) for name in ("s0", "s1", "s10") for prefix in made.pools[name].prefixes]
    lone.sort()
    assert all(left[1] < right[0] for left, right in pairwise(lone))
    hosted = [set(made.pools[name].prefixes) for name in ("s8", "s9", "s18", "s19", "s28", "s29")]
    starts = [{prefix.network for prefix in pool} for pool in hosted]
    assert any(left & right for i, left in enumerate(starts) for right in starts[i + 1 :])


@pytest.mark.parametrize("number", range(4))
def test_engine_and_raw_solver_agree_on_single_questions(number: int) -> None:
    made = world(20)
    asked = questions(20, many=5)[number]
    answer = next(iter(answer_checks(made.model, [asked.check], Budget())))
    assert answer.verdict.value == Raw(made, made.pools, 20).verdict(asked)


def test_all_kinds_of_verdicts_are_among_the_questions() -> None:
    made = world(20)
    raw = Raw(made, made.pools, 20)
    assert {raw.verdict(asked) for asked in questions(20, many=5)} == {"proved", "violated", "conditional"}


def test_a_generated_list_has_the_size_asked_for() -> None:
    lines = listing.generated(500).splitlines()
    assert len(set(lines)) == len(lines) == 500


def test_a_table_lines_up() -> None:
    lines = tables.table(["what", "s"], [["a longer name", "1.0"], ["b", "10.25"]]).splitlines()
    assert len({len(line) for line in lines}) == 1


def test_a_plot_is_well_formed_and_shows_each_curve() -> None:
    curves = [plot.Curve("a & b", ((100, 0.1), (1000, 1.2))), plot.Curve("none", ()), plot.Curve("c", ((100, 0.1),))]
    root = ElementTree.fromstring(plot.plot("t", "x", "y", curves))
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"a & b", "c"} <= set(texts)
    assert "none" not in texts


def test_a_process_that_takes_too_long_is_stopped_and_what_it_said_is_kept() -> None:
    cost = process(python("-c", "print('said', flush=True)\nwhile True: pass"), limit=1.0)
    assert cost.code is None
    assert cost.out == "said\n"
    assert cost.cpu > 0
