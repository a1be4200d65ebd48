"""Text -> syntax tree -> typed model. This is the door for the faces; the rooms' own tests use the modules."""

from __future__ import annotations

from sharedfate.language.load import Loaded, declares_model, load, load_text, model_files

__all__ = ["Loaded", "declares_model", "load", "load_text", "model_files"]
