"""Flows: the connection of each hop, sizes, and what else a flow says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sharedfate.language import syntax
from sharedfate.language.diagnostics import Code, Fix, Label
from sharedfate.language.resolve import values
from sharedfate.language.resolve.guards import guard
from sharedfate.language.resolve.network import Ground, source
from sharedfate.language.resolve.scope import Kind, Scope
from sharedfate.language.syntax import FlowWord
from sharedfate.model.guard import ALWAYS, Always, Guard
from sharedfate.model.network import Connection
from sharedfate.model.source import Span
from sharedfate.model.traffic import Flow, Hop, SizeKind, Sizes, Topic
from sharedfate.model.wire import Direction, Field, Phase, Range

_PHASES = {Phase.PACKET: "packet", Phase.SETUP: "set-up", Phase.RECORD: "record", Phase.MESSAGE: "message"}


def flows(
    declarations: Iterable[syntax.TopDecl], grounds: Ground, known: dict[str, Connection], scope: Scope
) -> list[Flow]:
    """All flows that could be resolved, in order of declaration."""
    ends = Ends(known, frozenset(item.name for item in grounds.services))
    made = [_flow(item, ends, grounds, scope) for item in declarations if isinstance(item, syntax.FlowDecl)]
    return [item for item in made if item is not None]


class Ends:
    """Connections by the pair of their ends."""

    def __init__(self, known: dict[str, Connection], services: frozenset[str]) -> None:
        """`known`: the resolved connections by name; `services`: names of all services."""
        self.known = known
        self.services = services
        self._between: dict[tuple[str, str], list[Hop]] = {}
        for item in known.values():
            for client in item.clients:
                up = Hop(client, item.server, item.name, client, Direction.UP)
                down = Hop(item.server, client, item.name, client, Direction.DOWN)
                for hop in (up, down):
                    self._between.setdefault((hop.sender, hop.receiver), []).append(hop)

    def between(self, sender: str, receiver: str) -> list[Hop]:
        """The hops that declared connections offer from one end to the other."""
        return self._between.get((sender, receiver), [])


def _flow(item: syntax.FlowDecl, ends: Ends, grounds: Ground, scope: Scope) -> Flow | None:
    before = scope.found.errors
    stations = [scope.find(name, Kind.PARTY, Kind.SERVICE) for name in item.path]
    named = [name for name in item.on if name is not None and scope.find(name, Kind.CONNECTION)]
    said = _clauses(item, grounds, scope)
    if not all(stations) or len(named) < sum(name is not None for name in item.on):
        return None
    if any(name.text not in ends.known for name in named):  # the connection has an error of its own
        return None
    hops = _hops(item, ends, scope)
    if scope.found.errors > before:
        return None
    return Flow(
        name=item.name.text,
        hops=hops,
        sizes=tuple(said.sizes),
        topic=said.topic,
        account=said.account,
        hidden=tuple(said.hidden),
        need=said.need,
        durable=FlowWord.DURABLE in said.words,
        cached=FlowWord.CACHED in said.words,
        expires=FlowWord.EXPIRES in said.words,
        guard=said.when,
        span=item.name.span,
        source=source(item),
    )


def _hops(item: syntax.FlowDecl, ends: Ends, scope: Scope) -> tuple[Hop, ...]:
    """One hop for each pair of neighbours; those with an error are left out."""
    pairs = list(zip(item.path, item.path[1:], strict=False))
    if len(item.on) > 1 and len(item.on) != len(pairs):
        fitting = _shared(item, ends, scope)
        if fitting is None:
            message = f"`{item.name.text}` has {len(pairs)} hops, and {len(item.on)} connections are named for them"
            notes = ("name one connection for all hops, or one a hop with `internal` for one between services",)
            scope.found.error(Code.NO_CONNECTION, message, item.name.span, notes=notes)
            return ()
        return fitting
    hops: list[Hop] = []
    for number, (sender, receiver) in enumerate(pairs):
        if sender.text == receiver.text:
            scope.found.error(Code.NONSENSE, f"`{receiver.text}` sends to itself", receiver.span)
            continue
        whole_path = len(item.on) == 1 and len(pairs) > 1
        on = item.on[0] if len(item.on) == 1 else item.on[number] if item.on else None
        internal = bool(item.on) and on is None
        hop = _hop(sender, receiver, on, _Wish(internal, whole_path), ends, scope)
        if hop is not None:
            hops.append(hop)
    return tuple(hops)


def _shared(item: syntax.FlowDecl, ends: Ends, scope: Scope) -> tuple[Hop, ...] | None:
    """A list of connections for all hops together, when each hop has exactly one of them (or is between services)."""
    named = {name.text for name in item.on if name is not None}
    hops: list[Hop] = []
    for sender, receiver in zip(item.path, item.path[1:], strict=False):
        fitting = [hop for hop in ends.between(sender.text, receiver.text) if hop.connection in named]
        if len(fitting) > 1:
            _ambiguous(sender, receiver, fitting, ends, scope)
            return ()
        if not fitting and not {sender.text, receiver.text} <= ends.services:
            return None
        hops += fitting or [Hop(sender.text, receiver.text)]
    return tuple(hops)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the flow says of a hop: `internal`, or that the named connection is for the whole path."""

    internal: bool
    whole_path: bool


def _hop(
    sender: syntax.Ident, receiver: syntax.Ident, on: syntax.Ident | None, wish: _Wish, ends: Ends, scope: Scope
) -> Hop | None:
    offered = ends.between(sender.text, receiver.text)
    services = {sender.text, receiver.text} <= ends.services
    fitting = [hop for hop in offered if on is not None and hop.connection == on.text]
    if fitting:
        return fitting[0]
    if wish.internal:
        if services:
            return Hop(sender.text, receiver.text)
        notes = ("only a hop between two services can be internal",)
        message = f"`{sender.text} -> {receiver.text}` is not between two services"
        scope.found.error(Code.NO_CONNECTION, message, receiver.span, notes=notes)
        return None
    if on is None or (services and wish.whole_path):
        if len(offered) > 1:
            _ambiguous(sender, receiver, offered, ends, scope)
            return None
        if offered:
            return offered[0]
        if services:
            return Hop(sender.text, receiver.text)
    _no_connection(sender, receiver, on, offered, ends, scope)
    return None


def _ambiguous(sender: syntax.Ident, receiver: syntax.Ident, offered: list[Hop], ends: Ends, scope: Scope) -> None:
    names = [hop.connection for hop in offered if hop.connection is not None]
    labels = tuple(Label(ends.known[name].span, f"`{name}` is one of them") for name in names[:4])
    message = f"{len(names)} connections fit the hop `{sender.text} -> {receiver.text}`"
    notes = ("name the one that is meant after `on`, one a hop",)
    scope.found.error(Code.AMBIGUOUS_HOP, message, receiver.span, labels=labels, notes=notes)


def _no_connection(
    sender: syntax.Ident, receiver: syntax.Ident, on: syntax.Ident | None, offered: list[Hop], ends: Ends, scope: Scope
) -> None:
    hop = f"`{sender.text} -> {receiver.text}`"
    if on is None:
        scope.found.error(Code.NO_CONNECTION, f"no connection fits the hop {hop}", receiver.span)
        return
    named = ends.known[on.text]
    text = f"`{named.name}` joins {', '.join(f'`{name}`' for name in named.clients)} with `{named.server}`"
    fixes: tuple[Fix, ...] = ()
    if len(offered) == 1 and offered[0].connection is not None:
        other = offered[0].connection
        fixes = (Fix(on.span, other, f"`{other}` has these ends"),)
    labels = (Label(named.span, text),)
    message = f"`{on.text}` does not fit the hop {hop}"
    scope.found.error(Code.NO_CONNECTION, message, receiver.span, labels=labels, fixes=fixes)


@dataclass
class _Said:
    """What the clauses of one flow say."""

    sizes: list[Sizes] = field(default_factory=list)
    topic: Topic | None = None
    account: str | None = None
    hidden: list[tuple[Field, str]] = field(default_factory=list)
    need: int | None = None
    words: dict[FlowWord, Span] = field(default_factory=dict)
    when: Guard = ALWAYS
    spans: dict[str, Span] = field(default_factory=dict)


def _clauses(item: syntax.FlowDecl, grounds: Ground, scope: Scope) -> _Said:
    said = _Said()
    for clause in item.clauses:
        match clause:
            case syntax.SizeClause():
                _sizes(said, clause, scope)
            case syntax.TopicClause(value=value):
                _once(said, "topic", clause.span, scope)
                said.topic = Topic(value.value if value else None)
            case syntax.AccountClause(value=value):
                _once(said, "account", clause.span, scope)
                said.account = value.value
            case syntax.NeedClause(rate=rate):
                _once(said, "need", clause.span, scope)
                said.need = values.rate(rate.amount, rate.unit.text, rate.span, scope.found)
            case syntax.FlowFlag(word=word):
                _once(said, word.value, clause.span, scope)
                said.words[word] = clause.span
            case syntax.HiddenClause(field=name, value=value):
                _once(said, f"hidden {name.text}", clause.span, scope)
                if _record_field(name, grounds, scope):
                    said.hidden.append((Field(name.text), value.value))
            case syntax.WhenClause(guard=written):
                _once(said, "when", clause.span, scope)
                said.when = guard(written, scope)
    _keeping(said, scope)
    _usual_inside(said, scope)
    return said


def _once(said: _Said, word: str, span: Span, scope: Scope) -> None:
    if word in said.spans:
        label = Label(said.spans[word], "first here")
        scope.found.error(Code.SAID_TWICE, f"`{word}` is said twice", span, labels=(label,))
    said.spans.setdefault(word, span)


def _sizes(said: _Said, clause: syntax.SizeClause, scope: Scope) -> None:
    ranges = [values.size_range(item.low, item.high, item.span, scope.found) for item in clause.ranges]
    known = [item for item in ranges if item is not None]
    if known:
        said.sizes.append(Sizes(clause.kind, values.merged(known), guard(clause.guard, scope), clause.span))


def _record_field(name: syntax.Ident, grounds: Ground, scope: Scope) -> bool:
    if not scope.find(name, Kind.FIELD):
        return False
    own = next((item for item in grounds.own_fields if item.field.name == name.text), None)
    if own is not None and own.phase is Phase.RECORD:
        return True
    labels = (Label(own.span, f"`{name.text}` shows at {_PHASES[own.phase]}"),) if own else ()
    message = f"`{name.text}` is no field of records, so a flow gives it no value"
    scope.found.error(Code.FIELD_PLACE, message, name.span, labels=labels)
    return False


def _keeping(said: _Said, scope: Scope) -> None:
    words = said.words
    if FlowWord.DURABLE in words and FlowWord.CACHED in words:
        label = Label(words[FlowWord.DURABLE], "durable here")
        message = "`cached` does not go with `durable`, which keeps longer"
        scope.found.error(Code.NONSENSE, message, words[FlowWord.CACHED], labels=(label,))
    if FlowWord.EXPIRES in words and FlowWord.DURABLE not in words and FlowWord.CACHED not in words:
        notes = ("say `durable expires`, or leave `expires` out",)
        scope.found.error(Code.NONSENSE, "what is not kept cannot expire", words[FlowWord.EXPIRES], notes=notes)


def _usual_inside(said: _Said, scope: Scope) -> None:
    """`size` lists all that may occur; what is usual lies within, unless their guards tell different builds apart."""
    possible = [item for item in said.sizes if item.kind is SizeKind.POSSIBLE]
    for usual in (item for item in said.sizes if item.kind is SizeKind.USUAL):
        bearing = [item for item in possible if isinstance(item.guard, Always) or item.guard == usual.guard]
        whole = tuple(part for item in bearing for part in item.ranges)
        outside = next((part for part in usual.ranges if whole and not values.covers(whole, part)), None)
        if outside is not None:
            labels = tuple(Label(item.span, "this is all that may occur") for item in bearing[:1])
            message = f"`usual` {outside} goes beyond what `size` allows"
            scope.found.error(Code.USUAL_OUTSIDE, message, usual.span, labels=labels)


def covered_sizes(item: Flow) -> tuple[Range, ...]:
    """Every size that a flow names, whatever its guards; () when it names none."""
    return values.merged([part for clause in item.sizes for part in clause.ranges])
