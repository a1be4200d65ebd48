"""Rule values -> syntax tree: the dispatch, and what several kinds of declaration share.

A rule without an action of its own becomes a `Part`: its name and values, for the rule above to take apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from sharedfate.language import syntax as s
from sharedfate.language.diagnostics import Code, Diagnostics, Label
from sharedfate.language.tokens import Kind, Token, unquote
from sharedfate.model.source import NOWHERE, Span
from sharedfate.model.wire import Direction

T = TypeVar("T")


@dataclass(slots=True)
class Part:
    """A piece that has no node of its own."""

    name: str
    values: list[Any]
    span: Span

    @property
    def first(self) -> Any:
        """Its first value."""
        return self.values[0]

    @property
    def words(self) -> str:
        """Its keywords, with one space between."""
        return " ".join(value.text for value in self.values)


@dataclass(slots=True)
class Context:
    """What actions may need besides their values: the segment's tokens, its text, and where findings go."""

    text: str
    tokens: list[Token]
    found: Diagnostics

    def written(self, span: Span) -> str:
        """What stands at `span`, without comments, blanks and line ends as one space."""
        start, end = (span.line, span.column), (span.end_line, span.end_column)
        inside = [token for token in self.tokens if start <= (token.span.line, token.span.column) < end]
        pieces: list[str] = []
        last: int | None = None
        for token in inside:
            pieces += [" "] if last is not None and token.start > last else []
            pieces.append(self.text[token.start : token.end])
            last = token.end
        return "".join(pieces)

    def twice(self, what: str, first: Span, second: Span) -> None:
        """Say that something is there a second time."""
        self.found.error(Code.SAID_TWICE, f"{what} is said twice", second, (Label(first, "first said here"),))


Action = Callable[[Context, Span, list[Any]], Any]
ACTIONS: dict[str, Action] = {}


def action(function: Action) -> Action:
    """Register the action of the rule that has the function's name, less a final underscore."""
    ACTIONS[function.__name__.rstrip("_")] = function
    return function


def join(first: Span, last: Span) -> Span:
    """From the start of one span to the end of the other."""
    return Span(first.file, first.line, first.column, last.end_line, last.end_column)


def act(context: Context, name: str, first: Token | None, last: Token | None, values: list[Any]) -> Any:
    """The value of a rule."""
    span = NOWHERE if first is None or last is None else join(first.span, last.span)
    known = ACTIONS.get(name)
    return Part(name, values, span) if known is None else known(context, span, values)


def leaf(token: Token) -> Any:
    """The value of a token: a node for names, strings, addresses and numbers, the token itself for anything else."""
    match token.kind:
        case Kind.WORD:
            return s.Ident(token.text, span=token.span)
        case Kind.STRING:
            return s.Text(unquote(token.text), span=token.span)
        case Kind.ADDRESS:
            return s.Address(token.text, span=token.span)
        case Kind.NUMBER:
            return s.Interval(int(token.text), int(token.text), span=token.span)
        case Kind.RANGE:
            low, high = token.text.split("..")
            return s.Interval(int(low), int(high), span=token.span)
        case _:
            return token


def part(values: list[Any], name: str) -> Part | None:
    """The first part of that name."""
    return next((value for value in values if isinstance(value, Part) and value.name == name), None)


def has(values: list[Any], name: str) -> bool:
    """Whether there is a part of that name."""
    return part(values, name) is not None


def first_of(values: list[Any], name: str) -> Any:
    """The first value of the first part of that name, or None."""
    found = part(values, name)
    return None if found is None else found.values[0]


def only(values: list[Any], kind: type[T]) -> tuple[T, ...]:
    """The values of that type."""
    return tuple(value for value in values if isinstance(value, kind))


def once(context: Context, values: list[Any], name: str, what: str) -> Part | None:
    """The part of that name; a second one is a finding."""
    found = [value for value in values if isinstance(value, Part) and value.name == name]
    for extra in found[1:]:
        context.twice(what, found[0].span, extra.span)
    return found[0] if found else None


def source_of(context: Context, values: list[Any]) -> s.Text | None:
    """The one `source` of a declaration, inside its block or after it."""
    inner = [
        piece for value in values if isinstance(value, Part) and value.name.endswith("_block") for piece in value.values
    ]
    lines = [
        piece for value in inner if isinstance(value, Part) and value.name.endswith("_line") for piece in value.values
    ]
    found = once(context, [*inner, *lines, *values], "source", "the source")
    return None if found is None else found.first


def number(value: Any) -> Decimal:
    """The value of a NUMBER or DECIMAL."""
    return Decimal(value.low) if isinstance(value, s.Interval) else Decimal(value.text)


@action
def names(context: Context, span: Span, values: list[Any]) -> Any:
    """`a, b`."""
    return tuple(values)


ACTIONS |= dict.fromkeys(("texts", "addresses", "intervals", "facts"), names)


@action
def rate(context: Context, span: Span, values: list[Any]) -> Any:
    """`200 kbit`."""
    return s.Rate(number(values[0]), values[1], span=span)


@action
def direction(context: Context, span: Span, values: list[Any]) -> Any:
    """`up` or `down`."""
    return Direction(values[0].text)


@action
def decls(context: Context, span: Span, values: list[Any]) -> Any:
    """The declarations of a segment."""
    return tuple(values)


# ---- guards and facts


@action
def when(context: Context, span: Span, values: list[Any]) -> Any:
    """`when GUARD`; a Part keeps it apart from other values."""
    return Part("when", values, span)


@action
def guard(context: Context, span: Span, values: list[Any]) -> Any:
    """`g and h`."""
    return values[0] if len(values) == 1 else s.GuardAll(tuple(values), span=span)


@action
def guard_any(context: Context, span: Span, values: list[Any]) -> Any:
    """`g or h`, inside parentheses."""
    return values[0] if len(values) == 1 else s.GuardAny(tuple(values), span=span)


@action
def guard_name(context: Context, span: Span, values: list[Any]) -> Any:
    """`g`."""
    return s.GuardName(values[0], span=span)


@action
def guard_not(context: Context, span: Span, values: list[Any]) -> Any:
    """`not g`."""
    return s.GuardName(values[0], positive=False, span=span)


@action
def bare_word(context: Context, span: Span, values: list[Any]) -> Any:
    """A word of a fact."""
    match values:
        case [s.Ident(text=name), Token(), s.Ident(text=at)]:
            return s.FactWord(f"{name}@{at}", span=span)
        case [s.Interval(low=low, high=high)]:
            return s.FactWord(str(low) if low == high else f"{low}..{high}", span=span)
        case _:
            return s.FactWord(values[0].text, span=span)


@action
def quoted_word(context: Context, span: Span, values: list[Any]) -> Any:
    """A string in a fact."""
    return s.FactWord(values[0].value, quoted=True, span=span)


@action
def fact_argument(context: Context, span: Span, values: list[Any]) -> Any:
    """`control up`."""
    return s.FactArgument(tuple(values), span=span)


@action
def fact(context: Context, span: Span, values: list[Any]) -> Any:
    """`[not] name`, `[not] kind(argument, …)`, `… is value`."""
    name = next(value for value in values if isinstance(value, s.Ident))
    arguments, value, negation = (part(values, key) for key in ("fact_arguments", "fact_value", "negation"))
    if negation and value:
        context.found.error(Code.SYNTAX, "a fact with `is` cannot be negated", negation.span)
    return s.FactLiteral(
        name,
        tuple(arguments.values) if arguments else (),
        positive=negation is None,
        value=tuple(value.values) if value else (),
        span=span,
    )


# ---- places


@action
def tagged_links(context: Context, span: Span, values: list[Any]) -> Any:
    """`any link tagged t, u`."""
    return s.TaggedLinks(values[0], span=span)


@action
def the_role(context: Context, span: Span, values: list[Any]) -> Any:
    """`the ROLE`."""
    return s.Role(values[0], span=span)


@action
def only_links(context: Context, span: Span, values: list[Any]) -> Any:
    """`link a, b`."""
    return s.Named(values[0], links_only=True, span=span)


@action
def named(context: Context, span: Span, values: list[Any]) -> Any:
    """`a, b`."""
    return s.Named(values[0], span=span)


@action
def operated_by(context: Context, span: Span, values: list[Any]) -> Any:
    """`any service operated by OPERATOR`."""
    return s.OperatedBy(values[0], span=span)
