"""When a name matches: what a rule says against a name that was seen, and a model's patterns (spec A3, C3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import assert_never

from sharedfate.model.wire import Dialect

_MARK = re.compile(r"\*|<(\d+)\.\.(\d+)>")


def rule_matches(text: str, dialect: Dialect, name: str) -> bool:
    """Whether a rule that says `text` matches the concrete name `name`. Case does not count."""
    text, name = text.lower(), name.lower()
    match dialect:
        case Dialect.EXACT:
            return name == text
        case Dialect.SUFFIX:
            return name == text or name.endswith("." + text)
        case Dialect.GLOB:
            return _glob(text).fullmatch(name) is not None
        case Dialect.KEYWORD:
            return text in name
        case _:
            assert_never(dialect)


def pattern_contains(pattern: str, name: str) -> bool:
    """Whether a model's pattern (`*`: any non-empty text; `<1..50>`: a number from 1 to 50) can be the name `name`."""
    found = _pattern(pattern.lower()).fullmatch(name.lower())
    if found is None:
        return False
    limits = [(int(mark[1]), int(mark[2])) for mark in _MARK.finditer(pattern) if mark[1] is not None]
    return all(low <= int(text) <= high for text, (low, high) in zip(found.groups(), limits, strict=True))


def is_literal(pattern: str) -> bool:
    """Whether a pattern stands for just one name."""
    return _MARK.search(pattern) is None


def instances(pattern: str, stars: tuple[str, ...] = ("any",)) -> Iterator[str]:
    """Names that a pattern contains: every number of each `<a..b>`, and each of `stars` for each `*`."""
    parts: list[tuple[str, ...]] = []
    position = 0
    for mark in _MARK.finditer(pattern):
        parts.append((pattern[position : mark.start()],))
        numbers = () if mark[1] is None else tuple(str(number) for number in range(int(mark[1]), int(mark[2]) + 1))
        parts.append(numbers or stars)
        position = mark.end()
    parts.append((pattern[position:],))
    yield from ("".join(chosen) for chosen in product(*parts))


@lru_cache(maxsize=4096)
def _glob(text: str) -> re.Pattern[str]:
    return re.compile("".join({"*": ".*", "?": "."}.get(char) or re.escape(char) for char in text), re.DOTALL)


@lru_cache(maxsize=4096)
def _pattern(text: str) -> re.Pattern[str]:
    parts: list[str] = []
    position = 0
    for mark in _MARK.finditer(text):
        parts.append(re.escape(text[position : mark.start()]))
        parts.append(".+" if mark[1] is None else "(0|[1-9][0-9]*)")
        position = mark.end()
    parts.append(re.escape(text[position:]))
    return re.compile("".join(parts), re.DOTALL)
