"""Helpers for the tests of every room."""

from __future__ import annotations

from sharedfate.language.load import load_text
from sharedfate.model.model import Model
from sharedfate.report.diagnostics import render_all


def model_of(text: str) -> Model:
    """The model that a text declares (`use std.…` works, files beside it do not).

    Raises AssertionError with the rendered diagnostics when there is an error.
    """
    loaded = load_text(text)
    if loaded.model is None:
        raise AssertionError("\n" + render_all(loaded.diagnostics, loaded.sources, dropped=loaded.dropped))
    return loaded.model
