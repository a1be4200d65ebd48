"""A question about a model -> verdict and evidence; one engine for each family of questions."""

from sharedfate.engines.answer import answer_checks
from sharedfate.engines.budget import Budget

__all__ = ["Budget", "answer_checks"]
