"""Which names there are, and what is said of one that there is not."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from sharedfate.language.diagnostics import Code, Diagnostics, Fix, Label
from sharedfate.language.suggest import nearest
from sharedfate.language.syntax import Ident
from sharedfate.model.source import NOWHERE, Span


class Kind(Enum):
    """Kinds of names; the value is the word in messages."""

    ZONE = "zone"
    LINK = "link"
    PARTY = "party"
    SERVICE = "service"
    ASSUMPTION = "assumption"
    POOL = "pool"
    FIELD = "field"
    CONNECTION = "connection"
    FLOW = "flow"
    FUNCTION = "function"
    ADVERSARY = "adversary"
    POLICY = "policy"
    CHECK = "check"
    OPERATOR = "operator"
    ROLE = "role"
    TAG = "tag"


# One line of a model can name either of these, so they cannot share a name.
_CLASHES = (
    {Kind.PARTY, Kind.SERVICE},
    {Kind.LINK, Kind.SERVICE},
    {Kind.ADVERSARY, Kind.SERVICE},
    {Kind.FLOW, Kind.FUNCTION},
    {Kind.POOL, Kind.CONNECTION},
)
_FREE = {Kind.OPERATOR, Kind.ROLE, Kind.TAG}  # these come into being by being named


class Scope:
    """All names of one model by kind, with the place of their declaration."""

    def __init__(self, found: Diagnostics) -> None:
        """Diagnostics go to `found`."""
        self.found = found
        self._names: dict[Kind, dict[str, Span]] = {kind: {} for kind in Kind}

    def declare(self, kind: Kind, name: Ident) -> bool:
        """Enter a name; False after a diagnostic when it is taken."""
        taken = self._taken(kind, name.text)
        if taken is not None and kind not in _FREE:
            other, span = taken
            what = f"{kind.value} `{name.text}`" if other is kind else f"`{name.text}`"
            before = "first declared here" if other is kind else f"here it names a {other.value}"
            labels = () if span == NOWHERE else (Label(span, before),)
            notes = ("the name is built in",) if span == NOWHERE else ()
            if kind is Kind.CONNECTION and other is kind:
                notes = ("one connection with several builds is `either … when A or … when not A` in one declaration",)
            self.found.error(Code.DUPLICATE_NAME, f"{what} is declared twice", name.span, labels=labels, notes=notes)
            return False
        self._names[kind].setdefault(name.text, name.span)
        return True

    def reserve(self, kind: Kind, names: Iterable[str]) -> None:
        """Enter names that are built in."""
        self._names[kind].update(dict.fromkeys(names, NOWHERE))

    def _taken(self, kind: Kind, text: str) -> tuple[Kind, Span] | None:
        kinds = [kind, *(other for pair in _CLASHES if kind in pair for other in Kind if other in pair - {kind})]
        return next(((other, self._names[other][text]) for other in kinds if text in self._names[other]), None)

    def has(self, kind: Kind, text: str) -> bool:
        """Whether there is such a name."""
        return text in self._names[kind]

    def names(self, *kinds: Kind) -> list[str]:
        """The names of these kinds, in order of declaration."""
        return [text for kind in kinds for text in self._names[kind]]

    def span(self, kind: Kind, text: str) -> Span:
        """Where a name is declared; NOWHERE for one that is built in or not there."""
        return self._names[kind].get(text, NOWHERE)

    def find(self, name: Ident, *kinds: Kind) -> Kind | None:
        """The first of `kinds` that has the name, or None after a diagnostic."""
        for kind in kinds:
            if name.text in self._names[kind]:
                return kind
        self.unknown(name, *kinds)
        return None

    def unknown(self, name: Ident, *kinds: Kind) -> None:
        """Say that no name of these kinds fits; offer a near one."""
        *others, last = [kind.value for kind in kinds]
        wanted = f"{', '.join(others)} or {last}" if others else last
        other = next((kind for kind in Kind if kind not in _FREE and name.text in self._names[kind]), None)
        if other is not None:
            span = self._names[other][name.text]
            labels = () if span == NOWHERE else (Label(span, f"the {other.value} is declared here"),)
            message = f"`{name.text}` is {_a(other.value)}, and {_a(wanted)} is needed here"
            self.found.error(Code.WRONG_KIND, message, name.span, labels=labels)
            return
        fixes = near_fix(name.span, name.text, self.names(*kinds)) if not self.found.full else ()
        self.found.error(Code.UNKNOWN_NAME, f"there is no {wanted} `{name.text}`", name.span, fixes=fixes)


def near_fix(span: Span, text: str, known: Iterable[str]) -> tuple[Fix, ...]:
    """A fix that replaces a misspelt name by the nearest known one, if one is near."""
    near = nearest(text, known)
    return (Fix(span, near, f"did you mean `{near}`?"),) if near else ()


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
