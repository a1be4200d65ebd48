"""What each diagnostic code means, with an example that has it and the same one mended (`sharedfate explain CODE`)."""

from __future__ import annotations

from sharedfate.language import catalogue_files, catalogue_model, catalogue_values
from sharedfate.language.catalogue_base import Entry
from sharedfate.language.diagnostics import Code

ENTRIES: dict[Code, Entry] = {
    item.code: item for item in (*catalogue_files.ENTRIES, *catalogue_values.ENTRIES, *catalogue_model.ENTRIES)
}
"""All entries by code, in order of the codes."""


def explain(code: str) -> Entry | None:
    """The entry of a code such as "F012" (case does not matter), or None when there is no such code."""
    wanted = code.strip().upper()
    return next((item for known, item in ENTRIES.items() if known.value == wanted), None)
