"""Whole messages, in the terminal form and as data. SHAREDFATE_UPDATE=1 writes them anew; read the difference then."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from sharedfate.language.load import load
from sharedfate.report.diagnostics import as_data, render_all

GOLDEN = Path(__file__).with_name("golden")
PARTS = frozenset({"uses/a.fate", "uses/b.fate", "uses/whole.fate"})
MODELS = [name for path in sorted(GOLDEN.rglob("*.fate")) if (name := path.relative_to(GOLDEN).as_posix()) not in PARTS]


@pytest.mark.parametrize("name", MODELS)
def test_messages(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(GOLDEN)
    loaded = load(Path(name))
    terminal = render_all(loaded.diagnostics, loaded.sources, dropped=loaded.dropped)
    data = json.dumps([as_data(item) for item in loaded.diagnostics], indent=1, ensure_ascii=False)
    written = f"{terminal}\n{data}\n"
    file = (GOLDEN / name).with_suffix(".golden")
    if os.environ.get("SHAREDFATE_UPDATE"):
        file.write_text(written, encoding="utf-8")
    assert loaded.diagnostics
    assert written == file.read_text(encoding="utf-8")
