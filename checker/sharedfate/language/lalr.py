"""The parsing machine: LALR tables that lark made of grammar.lark, and the loop that runs them.

lark takes 0.4 s to import and to build the tables, more than most questions take to answer, so grammar.json holds
them ready. `python -m sharedfate.language.lalr` makes it again; a test checks that it belongs to the grammar.
Running the tables ourselves also gives each rule its exact span, and tells keywords from names by what fits.
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

END = "$END"
STARTS = ("decls", "fact")


@dataclass(frozen=True, slots=True)
class Rule:
    """A grammar rule: how many symbols it takes, which of them count, and whether its values go up as they are."""

    origin: str
    length: int
    kept: tuple[int, ...]
    spliced: bool


@dataclass(frozen=True)
class Tables:
    """`shifts[state][symbol]` is a state, `reduces[state][terminal]` a rule number; `words` maps literals to names."""

    shifts: tuple[dict[str, int], ...]
    reduces: tuple[dict[str, int], ...]
    rules: tuple[Rule, ...]
    words: dict[str, str]
    starts: dict[str, int]
    ends: dict[str, int]

    def fits(self, stack: list[int], terminal: str, end: int) -> bool:
        """Whether `terminal` (or END, with the end state `end`) can come next, reductions included."""
        if terminal in self.shifts[stack[-1]]:
            return True
        if terminal not in self.reduces[stack[-1]] and not (terminal == END and stack[-1] == end):
            return False
        states = list(stack)
        while True:
            if terminal == END and states[-1] == end:
                return True
            if terminal in self.shifts[states[-1]]:
                return True
            number = self.reduces[states[-1]].get(terminal)
            if number is None:
                return False
            rule = self.rules[number]
            if rule.length:
                del states[-rule.length :]
            states.append(self.shifts[states[-1]][rule.origin])

    def expected(self, stack: list[int], end: int) -> frozenset[str]:
        """The terminals that can come next."""
        likely = {name for name in self.shifts[stack[-1]] if name not in self._origins}
        likely |= self.reduces[stack[-1]].keys() | ({END} if stack[-1] == end else set())
        return frozenset(name for name in likely if self.fits(stack, name, end))

    @property
    def _origins(self) -> frozenset[str]:
        return frozenset(rule.origin for rule in self.rules)


class Machine:
    """One run over one stretch of tokens. `act(rule name, first, last, values)` makes the value of a rule.

    `first` and `last` are what `feed` was given as `mark` for the rule's first and last token (None: an empty rule).
    """

    def __init__(self, tables: Tables, start: str, act: Callable[[str, Any, Any, list[Any]], Any]) -> None:
        self.tables = tables
        self.end = tables.ends[start]
        self.stack = [tables.starts[start]]
        self._values: list[tuple[Any, Any, Any]] = []  # value, first mark, last mark
        self._act = act

    def fits(self, terminal: str) -> bool:
        """Whether `terminal` can come next."""
        return self.tables.fits(self.stack, terminal, self.end)

    def feed(self, terminal: str, value: Any, mark: Any) -> None:
        """Take the next token.

        Raises:
            KeyError: it does not fit; ask `fits` before.
        """
        while terminal not in self.tables.shifts[self.stack[-1]]:
            self._reduce(self.tables.reduces[self.stack[-1]][terminal])
        self.stack.append(self.tables.shifts[self.stack[-1]][terminal])
        self._values.append((value, mark, mark))

    def finish(self) -> Any:
        """The value of the start rule.

        Raises:
            KeyError: the text is not complete; ask `fits(END)` before.
        """
        while self.stack[-1] != self.end:
            self._reduce(self.tables.reduces[self.stack[-1]][END])
        return self._values[-1][0]

    def _reduce(self, number: int) -> None:
        rule = self.tables.rules[number]
        parts: list[tuple[Any, Any, Any]] = []
        if rule.length:
            parts = self._values[-rule.length :]
            del self._values[-rule.length :]
            del self.stack[-rule.length :]
        values: list[Any] = []
        for index in rule.kept:
            value = parts[index][0]
            if isinstance(value, Splice) and not values:
                values = value.values  # taken over, not copied: a long list would cost its length squared
            elif isinstance(value, Splice):
                values.extend(value.values)
            else:
                values.append(value)
        first = next((part[1] for part in parts if part[1] is not None), None)
        last = next((part[2] for part in reversed(parts) if part[2] is not None), None)
        made = Splice(values) if rule.spliced else self._act(rule.origin, first, last, values)
        self._values.append((made, first, last))
        self.stack.append(self.tables.shifts[self.stack[-1]][rule.origin])


@dataclass(slots=True)
class Splice:
    """Values of a helper rule: they belong to the rule above."""

    values: list[Any]


@cache
def tables() -> Tables:
    """The tables of grammar.json."""
    data = json.loads(files(__package__).joinpath("grammar.json").read_text("utf-8"))
    return _unpack(data)


def _unpack(data: dict[str, Any]) -> Tables:
    names: list[str] = data["symbols"]
    sets = [[names[index] for index in members] for members in data["sets"]]
    shifts, reduces = [], []
    for shift, reduce in data["states"]:
        shifts.append({names[index]: state for index, state in zip(shift[::2], shift[1::2], strict=True)})
        row: dict[str, int] = {}
        for number, members in zip(reduce[::2], reduce[1::2], strict=True):
            row.update(dict.fromkeys(sets[members], number))
        reduces.append(row)
    rules = tuple(Rule(origin, length, tuple(kept), spliced) for origin, length, kept, spliced in data["rules"])
    return Tables(tuple(shifts), tuple(reduces), rules, data["words"], data["starts"], data["ends"])


def digest() -> str:
    """SHA-256 of grammar.lark, hex; grammar.json carries that of the grammar that it was made of."""
    return hashlib.sha256(files(__package__).joinpath("grammar.lark").read_bytes()).hexdigest()


def build() -> str:
    """The text of grammar.json, made anew by lark.

    Raises:
        lark.exceptions.GrammarError: the grammar is wrong or ambiguous.
    """
    from lark import Lark
    from lark.lexer import Lexer
    from lark.parsers.lalr_analysis import Shift

    class NoLexer(Lexer):
        """tokens.py cuts the text."""

        def __init__(self, conf: object) -> None:
            pass

        def lex(self, lexer_state: Any, parser_state: Any) -> Any:
            raise NotImplementedError

    grammar = files(__package__).joinpath("grammar.lark").read_text("utf-8")
    lark = Lark(grammar, parser="lalr", lexer=NoLexer, strict=True, start=list(STARTS), maybe_placeholders=False)
    table = lark.parser.parser._parse_table
    found = {item for row in table.states.values() for action, item in row.values() if action is not Shift}
    rules = sorted(found, key=lambda rule: (rule.origin.name, [symbol.name for symbol in rule.expansion]))
    return _pack(table, Shift, rules, {term.pattern.value: term.name for term in lark.terminals})


def _order(table: Any, shift_action: Any) -> dict[int, int]:
    """New numbers of the states, breadth first: lark's own depend on the hash seed."""
    order: dict[int, int] = {}
    waiting = deque(state for _, state in sorted(table.start_states.items()))
    while waiting:
        state = waiting.popleft()
        if state not in order:
            order[state] = len(order)
            waiting.extend(
                to
                for _, (action, to) in sorted(table.states[state].items(), key=lambda item: item[0])
                if action is shift_action
            )
    return order


def _pack(table: Any, shift_action: Any, rules: list[Any], words: dict[str, str]) -> str:
    order = _order(table, shift_action)
    number_of = {rule: number for number, rule in enumerate(rules)}
    symbols = sorted({name for row in table.states.values() for name in row})
    index = {name: number for number, name in enumerate(symbols)}
    sets: dict[tuple[int, ...], int] = {}
    states = []
    for state in order:
        shift: list[int] = []
        by_rule: dict[int, list[int]] = {}
        for name, (action, argument) in sorted(table.states[state].items(), key=lambda item: item[0]):
            if action is shift_action:
                shift += [index[name], order[argument]]
            else:
                by_rule.setdefault(number_of[argument], []).append(index[name])
        reduce = []
        for number, members in sorted(by_rule.items()):
            reduce += [number, sets.setdefault(tuple(members), len(sets))]
        states.append([shift, reduce])
    packed_rules = []
    for rule in rules:
        keep_all = rule.options.keep_all_tokens
        kept = [i for i, symbol in enumerate(rule.expansion) if keep_all or not (symbol.is_term and symbol.filter_out)]
        packed_rules.append([rule.origin.name, len(rule.expansion), kept, rule.origin.name.startswith("_")])
    data = {
        "grammar": digest(),
        "words": dict(sorted(words.items())),
        "starts": {name: order[state] for name, state in sorted(table.start_states.items())},
        "ends": {name: order[state] for name, state in sorted(table.end_states.items())},
        "symbols": symbols,
        "rules": packed_rules,
        "sets": [list(members) for members in sets],
        "states": states,
    }
    lines = ",\n".join(f"{json.dumps(key)}:{json.dumps(value, separators=(',', ':'))}" for key, value in data.items())
    return "{\n" + lines + "\n}\n"


if __name__ == "__main__":
    from pathlib import Path

    Path(__file__).with_name("grammar.json").write_text(build(), encoding="utf-8")
