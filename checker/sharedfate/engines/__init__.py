"""A question about a model -> verdict and evidence; one engine for each family of questions."""

from sharedfate.engines.answer import answer_checks
from sharedfate.engines.budget import Budget
from sharedfate.engines.parallel import answer_in_parallel, usable_cores

__all__ = ["Budget", "answer_checks", "answer_in_parallel", "usable_cores"]
