"""The engine agrees with the brute-force referee on small random models: every verdict, every condition.

SHAREDFATE_EXAMPLES sets the number of models (2,000 in CI, 100,000 in `make fuzz`). They are drawn from the generator
by seed, which is quick and can be repeated (a failure names its seed); a few more by hypothesis, which shrinks.
"""

from __future__ import annotations

import os

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from fuzz.agreement import disagreement
from fuzz.generator import question_cases, seeded_case
from sharedfate.model.model import Model
from sharedfate.model.question import Check
from sharedfate.semantics.choices import TooManyError

EXAMPLES = int(os.environ.get("SHAREDFATE_EXAMPLES", "2000"))
CHUNKS = 8
BOUND = 100_000
"""Policies times choices that the referee may try for one model."""


@pytest.mark.referee
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_engine_and_referee_agree(chunk: int) -> None:
    """See agreement.py for what must be equal."""
    judged = 0
    seed = chunk
    while judged < EXAMPLES // CHUNKS:
        model, check = seeded_case(seed)
        try:
            found = disagreement(model, check, BOUND)
        except TooManyError:
            found = None
        else:
            judged += 1
        assert found is None, f"seeded_case({seed}): {found}"
        seed += CHUNKS


@pytest.mark.referee
@hypothesis.seed(1)
@settings(
    max_examples=max(EXAMPLES // 20, 1),
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)
@given(question_cases())
def test_shrinking_cases_agree(case: tuple[Model, Check]) -> None:
    """The same, on cases that hypothesis makes as small as it can when they fail."""
    model, check = case
    try:
        found = disagreement(model, check, BOUND)
    except TooManyError:
        assume(False)
        return
    assert found is None, found
