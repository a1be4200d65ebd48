"""Which names a pattern stands for, told apart by other patterns: classes with sample names.

Patterns become small automata; a breadth-first walk over their product finds, for every combination of patterns that
accept, the shortest names of that combination.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import product

from sharedfate.model.wire import Dialect

MAX_NUMBERS = 4096
"""Alternatives that the `<a..b>` of one pattern may stand for together."""
MAX_STATES = 20_000
"""States of the product that are visited at most."""


class TooManyNames(Exception):
    """The patterns need more states than the budget allows."""


class Any_(Enum):
    """Elements that stand for more than one character."""

    ONE = auto()  # any one character
    SOME = auto()  # any text that is not empty
    ANY = auto()  # any text


Element = str | Any_


@dataclass(frozen=True, slots=True)
class Language:
    """A union of sequences of elements."""

    choices: tuple[tuple[Element, ...], ...]


def of_pattern(text: str) -> Language:
    """A model's name pattern: `*` any text that is not empty, `<1..50>` a decimal number.

    Raises TooManyNames.
    """
    parts: list[list[tuple[Element, ...]]] = []
    total = 1
    for piece in re.split(r"(\*|<\d+\.\.\d+>)", text.lower()):
        if piece == "*":
            parts.append([(Any_.SOME,)])
        elif piece.startswith("<") and ".." in piece and piece.endswith(">"):
            low, high = (int(number) for number in piece[1:-1].split(".."))
            total *= max(high - low + 1, 1)
            if total > MAX_NUMBERS:
                raise TooManyNames
            parts.append([tuple(str(number)) for number in range(low, high + 1)])
        elif piece:
            parts.append([tuple(piece)])
    return Language(tuple(tuple(one for part in choice for one in part) for choice in product(*parts)))


def of_rule(text: str, dialect: Dialect) -> Language:
    """A rule's name in its dialect."""
    letters: tuple[Element, ...] = tuple(text.lower())
    match dialect:
        case Dialect.EXACT:
            return Language((letters,))
        case Dialect.SUFFIX:
            return Language((letters, (Any_.SOME, ".", *letters)))
        case Dialect.KEYWORD:
            return Language(((Any_.ANY, *letters, Any_.ANY),))
        case Dialect.GLOB:
            marks: dict[str, Element] = {"*": Any_.ANY, "?": Any_.ONE}
            return Language((tuple(marks.get(letter, letter) for letter in text.lower()),))


State = frozenset[tuple[int, int]]


def _closed(language: Language, places: Iterable[tuple[int, int]]) -> State:
    """Adds the places behind elements that may be empty."""
    found: set[tuple[int, int]] = set()
    todo = list(places)
    while todo:
        choice, place = todo.pop()
        if (choice, place) in found:
            continue
        found.add((choice, place))
        sequence = language.choices[choice]
        if place < len(sequence) and sequence[place] is Any_.ANY:
            todo.append((choice, place + 1))
    return frozenset(found)


def _start(language: Language) -> State:
    return _closed(language, ((choice, 0) for choice in range(len(language.choices))))


def _step(language: Language, state: State, letter: str) -> State:
    after: set[tuple[int, int]] = set()
    for choice, place in state:
        sequence = language.choices[choice]
        if place == len(sequence):
            continue
        element = sequence[place]
        if element in (Any_.SOME, Any_.ANY):
            after |= {(choice, place), (choice, place + 1)}
        elif element is Any_.ONE or element == letter:
            after.add((choice, place + 1))
    return _closed(language, after)


def _accepts(language: Language, state: State) -> bool:
    return any(place == len(language.choices[choice]) for choice, place in state)


def names_by_class(
    pool: Language, others: Sequence[Language], wanted: Mapping[frozenset[int], int] | None = None, samples: int = 1
) -> dict[frozenset[int], list[str]]:
    """For each set of `others` that some name of `pool` is in, up to `samples` such names, shortest first.

    Raises TooManyNames when the walk grows beyond MAX_STATES.
    """
    machines = (pool, *others)
    alphabet = _alphabet(machines)
    found: dict[frozenset[int], list[str]] = {}
    begin = tuple(_start(machine) for machine in machines)
    visits: dict[tuple[State, ...], int] = {begin: 1}
    queue = deque([(begin, "")])
    while queue:
        states, text = queue.popleft()
        if text and _accepts(pool, states[0]):
            members = frozenset(i for i, other in enumerate(others) if _accepts(other, states[i + 1]))
            names = found.setdefault(members, [])
            if len(names) < samples:
                names.append(text)
        for letter in alphabet:
            after = tuple(_step(machine, state, letter) for machine, state in zip(machines, states, strict=True))
            if after[0] and visits.get(after, 0) < samples:
                visits[after] = visits.get(after, 0) + 1
                queue.append((after, text + letter))
        if len(visits) > MAX_STATES:
            raise TooManyNames
    return found


def _alphabet(machines: Sequence[Language]) -> list[str]:
    """The letters that occur, and letters that occur nowhere so that `any other` has names too."""
    seen = {element for machine in machines for choice in machine.choices for element in choice}
    letters = sorted((one for one in seen if isinstance(one, str)), key=lambda one: (not one.isalnum(), one))
    others: Iterator[str] = (letter for letter in "xyzwvutsrqponmlkjihgfedcba0123456789" if letter not in letters)
    return [*[letter for _, letter in zip(range(2), others, strict=False)], *letters]


def is_literal(text: str) -> bool:
    """A pattern that stands for one name."""
    return not re.search(r"\*|<\d+\.\.\d+>", text)
