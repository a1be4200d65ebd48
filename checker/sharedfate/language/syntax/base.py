"""Nodes that every other node is made of: words, values, guards, facts, places."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from decimal import Decimal

from sharedfate.model.source import NOWHERE, Span


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Node:
    """Whatever stands in a text.

    Equality, hash and repr are here once instead of made for each of the eighty classes, whose import then takes
    a quarter less time: every run pays it.
    """

    span: Span = field(default=NOWHERE, compare=False)

    def _content(self) -> tuple[object, ...]:
        return tuple(getattr(self, item.name) for item in fields(self) if item.compare)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and isinstance(other, Node) and self._content() == other._content()

    def __hash__(self) -> int:
        return hash((type(self), self._content()))

    def __repr__(self) -> str:
        shown = (f"{item.name}={getattr(self, item.name)!r}" for item in fields(self) if item.compare)
        return f"{type(self).__name__}({', '.join(shown)})"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Ident(Node):
    """A name: letters, digits, `_`."""

    text: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Text(Node):
    """A quoted string, without its quotes and escapes."""

    value: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Interval(Node):
    """`7` or `5..64`, as written: the resolver refuses one turned round."""

    low: int
    high: int


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Address(Node):
    """An address or a prefix, as written (`17.249.0.0/16`, `2620:149:a44::/48`, `203.0.113.7`), unchecked."""

    text: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Rate(Node):
    """`200 kbit`; the resolver knows the units bit, kbit and Mbit (a second)."""

    amount: Decimal
    unit: Ident


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class GuardName(Node):
    """An assumption, or with `positive` false its negation."""

    name: Ident
    positive: bool = True


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class GuardAll(Node):
    """`g and h`, two parts at least."""

    parts: tuple[Guard, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class GuardAny(Node):
    """`(g or h)`, two parts at least."""

    parts: tuple[Guard, ...]


Guard = GuardName | GuardAll | GuardAny


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FactWord(Node):
    """A word inside a fact: `courier@alice`, `v4`, `200..4096`, `17.249.0.0/16`, or a quoted string."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FactArgument(Node):
    """One argument: one or more words (`control up`). `text` is them with one space between."""

    words: tuple[FactWord, ...]

    @property
    def text(self) -> str:
        """The argument as facts are named: words with one space between, strings without quotes."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FactLiteral(Node):
    """`[not] name`, `[not] kind(argument, …)`, `kind(argument, …) is value`.

    No `arguments`: `name` is an assumption. `value` is empty without `is`.
    """

    name: Ident
    arguments: tuple[FactArgument, ...] = ()
    positive: bool = True
    value: tuple[FactWord, ...] = ()

    @property
    def value_text(self) -> str:
        """The value with one space between its words; empty without `is`."""
        return " ".join(word.text for word in self.value)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TaggedLinks(Node):
    """`any link tagged t, u`: every link that carries one of the tags."""

    tags: tuple[Ident, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Role(Node):
    """`the ROLE`: every service that declares the role."""

    role: Ident


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class OperatedBy(Node):
    """`any service operated by OPERATOR`."""

    operator: Ident


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Named(Node):
    """Links or services by name; `links_only` when written `link a, b`."""

    names: tuple[Ident, ...]
    links_only: bool = False


Place = TaggedLinks | Role | Named
Target = Named | Role | OperatedBy


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Declaration(Node):
    """What stands at the top of a file; `source` is its `source "…"`, inside the block or after it."""

    source: Text | None = field(default=None, kw_only=True)
