"""Hypothesis for everybody: no deadlines (the machine is shared), and the same examples in every CI run."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("sharedfate", deadline=None, derandomize=True, database=None)
settings.load_profile("sharedfate")
