"""The engine agrees with the brute-force referee on small random models: every verdict, every condition.

SHAREDFATE_EXAMPLES sets the number of models (2,000 in CI, 100,000 in `make fuzz`). Chunks have fixed seeds, so that a
run can be repeated and the chunks run side by side.
"""

from __future__ import annotations

import os

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from fuzz.agreement import disagreement
from fuzz.generator import question_cases
from sharedfate.model.model import Model
from sharedfate.model.question import Check
from sharedfate.semantics.choices import TooManyError

EXAMPLES = int(os.environ.get("SHAREDFATE_EXAMPLES", "2000"))
CHUNKS = 8


@pytest.mark.referee
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_engine_and_referee_agree(chunk: int) -> None:
    """See agreement.py for what must be equal; a failure shows the model and the question."""

    @hypothesis.seed(chunk)
    @settings(
        max_examples=max(EXAMPLES // CHUNKS, 1),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(question_cases())
    def run(case: tuple[Model, Check]) -> None:
        model, check = case
        try:
            found = disagreement(model, check)
        except TooManyError:
            assume(False)
            return
        assert found is None, found

    run()
