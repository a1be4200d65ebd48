"""Connections: who to whom, their alternatives, and the settings that all alternatives share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sharedfate.language import syntax
from sharedfate.language.diagnostics import Code, Label
from sharedfate.language.resolve import values
from sharedfate.language.resolve.alternatives import alternatives
from sharedfate.language.resolve.network import Ground, source
from sharedfate.language.resolve.scope import Kind, Scope
from sharedfate.language.syntax import Setting
from sharedfate.model.network import Connection, ControlSizes, Order
from sharedfate.model.source import Span
from sharedfate.model.traffic import SizeKind
from sharedfate.model.wire import Direction, Range


@dataclass
class _Said:
    """What the clauses of one connection say, apart from its alternatives."""

    settings: dict[Setting, Span] = field(default_factory=dict)
    presents: list[syntax.Ident] = field(default_factory=list)
    over: list[syntax.Ident] = field(default_factory=list)
    control: dict[tuple[Direction, SizeKind], list[Range]] = field(default_factory=dict)
    control_span: Span | None = None


def connections(declarations: Iterable[syntax.TopDecl], grounds: Ground, scope: Scope) -> list[Connection]:
    """All connections that could be resolved, in order of declaration; the rest is in the diagnostics."""
    made = [_connection(item, grounds, scope) for item in declarations if isinstance(item, syntax.ConnectionDecl)]
    return [item for item in made if item is not None]


def _connection(item: syntax.ConnectionDecl, grounds: Ground, scope: Scope) -> Connection | None:
    clients = _clients(item, scope)
    ended = scope.find(item.server, Kind.SERVICE, Kind.PARTY)
    said = _said(item, scope)
    made = alternatives(item, grounds, scope)
    if not (clients and ended and made):
        return None
    settings = said.settings
    _combinations(item, said, scope)
    connection = Connection(
        name=item.name.text,
        clients=clients,
        server=item.server.text,
        alternatives=made,
        stream=Setting.STREAM in settings,
        order=_order(settings),
        kept_up=Setting.KEPT_UP in settings,
        many=Setting.MANY in settings,
        rotate=Setting.ROTATE in settings,
        pinned=Setting.PINNED in settings,
        plain=Setting.PLAIN in settings,
        presents=tuple(name.text for name in said.presents),
        control_up=_control(said, Direction.UP, scope),
        control_down=_control(said, Direction.DOWN, scope),
        over=tuple(name.text for name in said.over),
        span=item.name.span,
        source=source(item),
    )
    _fitting(connection, settings, scope)
    return connection


def _clients(item: syntax.ConnectionDecl, scope: Scope) -> tuple[str, ...]:
    known: dict[str, Span] = {}
    for name in item.clients:
        if not scope.find(name, Kind.PARTY, Kind.SERVICE):
            continue
        if name.text == item.server.text:
            scope.found.error(Code.NONSENSE, f"`{name.text}` has no connection to itself", name.span)
        elif name.text in known:
            label = Label(known[name.text], "first here")
            scope.found.error(Code.SAID_TWICE, f"`{name.text}` is a client twice", name.span, labels=(label,))
        else:
            known[name.text] = name.span
    return tuple(known)


def _said(item: syntax.ConnectionDecl, scope: Scope) -> _Said:
    said = _Said()
    for clause in item.clauses:
        match clause:
            case syntax.Set(setting=setting):
                _once(setting.value, said.settings.get(setting), clause.span, scope)
                said.settings.setdefault(setting, clause.span)
            case syntax.Presents(names=names):
                said.presents += [name for name in names if name.text not in {old.text for old in said.presents}]
            case syntax.Over(links=links):
                said.over += [link for link in links if scope.find(link, Kind.LINK)]
            case syntax.Control(parts=parts):
                _once("control", said.control_span, clause.span, scope)
                said.control_span = clause.span
                _control_parts(said, parts, scope)
            case syntax.Either() | syntax.Attributes():
                pass
    return said


def _once(word: str, before: Span | None, span: Span, scope: Scope) -> None:
    if before is not None:
        scope.found.error(Code.SAID_TWICE, f"`{word}` is said twice", span, labels=(Label(before, "first here"),))


def _control_parts(said: _Said, parts: Iterable[syntax.ControlPart], scope: Scope) -> None:
    for part in parts:
        key = (part.direction, part.kind)
        if key in said.control:
            word = f"{part.direction.value} {part.kind.value}"
            scope.found.error(Code.SAID_TWICE, f"`{word}` is said twice", part.span)
            continue
        ranges = [values.size_range(item.low, item.high, item.span, scope.found) for item in part.ranges]
        said.control[key] = [item for item in ranges if item is not None]


def _control(said: _Said, direction: Direction, scope: Scope) -> ControlSizes | None:
    """None when the connection is silent on that direction."""
    usual = said.control.get((direction, SizeKind.USUAL), [])
    possible = said.control.get((direction, SizeKind.POSSIBLE), [])
    if not (usual or possible):
        return None
    outside = next((item for item in usual if possible and not values.covers(tuple(possible), item)), None)
    if outside is not None and said.control_span is not None:
        message = f"control {direction.value}: `usual` {outside} goes beyond what `size` allows"
        scope.found.error(Code.USUAL_OUTSIDE, message, said.control_span)
    return ControlSizes(values.merged(usual), values.merged(possible))


def _order(settings: dict[Setting, Span]) -> Order:
    if Setting.IN_ORDER in settings:
        return Order.IN_ORDER
    return Order.ANY_ORDER if Setting.ANY_ORDER in settings else Order.OPEN


_CONTRARY = (
    (Setting.STREAM, Setting.DATAGRAMS, "everything on a stream shares fate, datagrams go each for themselves"),
    (Setting.IN_ORDER, Setting.ANY_ORDER, "a lost unit holds up what follows, or it does not"),
    (Setting.PLAIN, Setting.PINNED, "a plain connection has no TLS whose server could be pinned"),
)


def _combinations(item: syntax.ConnectionDecl, said: _Said, scope: Scope) -> None:
    """Settings that rule each other out, or that only a stream has."""
    settings = said.settings
    for left, right, why in _CONTRARY:
        if left in settings and right in settings:
            label = Label(settings[left], f"`{left.value}` is here")
            message = f"`{right.value}` does not go with `{left.value}`"
            scope.found.error(Code.NONSENSE, message, settings[right], labels=(label,), notes=(why,))
    if Setting.STREAM in settings:
        return
    needing = [(word.value, settings[word]) for word in (Setting.IN_ORDER, Setting.ANY_ORDER) if word in settings]
    if said.control_span is not None:
        needing.append(("control", said.control_span))
    for word, span in needing:
        notes = ("on datagrams, or on a connection of its own, a lost unit is lost and nothing else; say `stream`",)
        message = f"`{word}` needs a stream, and `{item.name.text}` is none"
        scope.found.error(Code.NEEDS_STREAM, message, span, notes=notes)
    if Setting.MANY in settings:
        message = "`many` says nothing without a stream"
        notes = ("each flow has a connection of its own already: a lost unit hurts nobody else",)
        scope.found.warning(Code.NONSENSE, message, settings[Setting.MANY], notes=notes)


def _fitting(connection: Connection, settings: dict[Setting, Span], scope: Scope) -> None:
    """Settings that do not go with what the alternatives are."""
    with_tls = [item for item in connection.alternatives if item.tls is not None]
    if connection.pinned and not with_tls and not connection.plain:
        notes = ("`pinned` says which server TLS accepts",)
        scope.found.error(Code.NONSENSE, "`pinned` needs `tls`", settings[Setting.PINNED], notes=notes)
    if connection.plain and with_tls:
        message = "`plain` does not go with `tls`, which hides what is inside"
        scope.found.error(Code.NONSENSE, message, settings[Setting.PLAIN])
    if connection.rotate and len(connection.alternatives) == 1:
        message = "`rotate` says nothing where there is one alternative"
        scope.found.warning(Code.NONSENSE, message, settings[Setting.ROTATE])


def via_cycles(made: Iterable[Connection], scope: Scope) -> bool:
    """Say which tunnels ride inside themselves, and who has no such tunnel; whether all is well."""
    known = {item.name: item for item in made}
    before = scope.found.errors
    said: set[frozenset[str]] = set()
    for item in known.values():
        circle = _circle(item.name, known)
        if circle and frozenset(circle) not in said:
            said.add(frozenset(circle))
            message = "a tunnel rides inside itself: " + " via ".join(f"`{name}`" for name in circle)
            scope.found.error(Code.VIA_CYCLE, message, item.span)
        _tunnel_clients(item, known, scope)
    return scope.found.errors == before


def _circle(start: str, known: dict[str, Connection]) -> list[str]:
    """The way from a connection back to itself by `via`, both ends named; [] when there is none."""
    paths = [[start]]
    seen: set[str] = set()
    while paths:
        path = paths.pop()
        inside = known.get(path[-1])
        for name in dict.fromkeys(way.via.connection for way in inside.alternatives if way.via) if inside else ():
            if name == start:
                return [*path, name]
            if name not in seen:
                seen.add(name)
                paths.append([*path, name])
    return []


def _tunnel_clients(item: Connection, known: dict[str, Connection], scope: Scope) -> None:
    for way in item.alternatives:
        outer = known.get(way.via.connection) if way.via else None
        missing = [client for client in item.clients if outer and client not in outer.clients]
        if outer and missing:
            label = Label(outer.span, f"its clients are {', '.join(f'`{name}`' for name in outer.clients)}")
            message = f"`{item.name}` goes via `{outer.name}`, but `{missing[0]}` is no client of that"
            scope.found.error(Code.NO_CONNECTION, message, way.span, labels=(label,))
            return
