"""The case models on the referee: every property by brute force, without the engine.

Addresses and ports of large pools stand for the pieces that the model cuts them into, two of each.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from sharedfate.language.load import load
from sharedfate.semantics.explore import rule

CASES = sorted((Path(__file__).parents[2] / "models" / "cases").glob("*.fate"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_property_of_a_case_comes_out_as_it_expects(path: Path) -> None:
    model = load(path).model
    assert model is not None
    assert model.checks
    verdicts = {check.name: rule(model, check, 4_000_000, 3000).verdict for check in model.checks}
    assert verdicts == {check.name: check.expect.verdict for check in model.checks}
