"""The engine agrees with the brute-force referee on small random models: every verdict, every condition.

SHAREDFATE_FUZZ sets the number of models (2,000 in CI, 100,000 in `make fuzz`).
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, assume, given, settings

from sharedfate.model.model import Model
from sharedfate.model.question import Check
from sharedfate.semantics.choices import TooManyError
from tests.fuzz.agreement import disagreement
from tests.fuzz.generator import question_cases

EXAMPLES = int(os.environ.get("SHAREDFATE_FUZZ", "2000"))


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="SHAREDFATE_FUZZ" not in os.environ,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    print_blob=True,
)
@given(question_cases())
def test_engine_and_referee_agree(case: tuple[Model, Check]) -> None:
    """See agreement.py for what must be equal."""
    model, check = case
    try:
        found = disagreement(model, check)
    except TooManyError:
        assume(False)
        return
    assert found is None, found
