"""The ways of making a connection: `either` lines multiplied out, lines of attributes added to each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from sharedfate.language import syntax
from sharedfate.language.diagnostics import Code, Label
from sharedfate.language.resolve import values
from sharedfate.language.resolve.finding import chain
from sharedfate.language.resolve.guards import guard, negated, possible
from sharedfate.language.resolve.keys import keyed
from sharedfate.language.resolve.network import Ground, prefixes
from sharedfate.language.resolve.scope import Kind, Scope
from sharedfate.model.guard import ALWAYS, Always, Guard, both
from sharedfate.model.network import Alternative, Pool, Tls, Via
from sharedfate.model.source import Span
from sharedfate.model.wire import Field, NamePattern, Range, Transport

MAX_ALTERNATIVES = 256


@dataclass(frozen=True, slots=True)
class Part:
    """One arm of one clause: what it says, whether it is there, and where it stands."""

    attributes: tuple[syntax.Attribute, ...]
    guard: Guard
    span: Span


def alternatives(item: syntax.ConnectionDecl, grounds: Ground, scope: Scope) -> tuple[Alternative, ...]:
    """All alternatives of a connection in order of preference; () after a diagnostic."""
    clauses = [parts for clause in item.clauses for parts in _parts(clause, scope)]
    if not _check_values(item, grounds, scope):
        return ()
    if prod(len(parts) for parts in clauses) > MAX_ALTERNATIVES:
        scope.found.error(
            Code.TOO_MANY_ALTERNATIVES,
            f"connection `{item.name.text}` has more than {MAX_ALTERNATIVES} alternatives",
            item.name.span,
            notes=("`either` lines multiply; a comma in `to`, `tcp` or `udp` makes one pool instead",),
        )
        return ()
    made: list[Alternative] = []
    for combined in product(*clauses):
        built = _combined(item, combined, grounds, scope)
        if built is None:
            return ()
        if possible(built.guard):
            made.append(built)
    return keyed(made, carriers(item))


def carriers(item: syntax.ConnectionDecl) -> frozenset[tuple[Range, ...]]:
    """Ports that are written `quic …` in a connection."""
    return frozenset(
        tuple(Range(port.low, port.high) for port in attribute.ports)
        for attribute in _attributes(item)
        if isinstance(attribute, syntax.Ports) and attribute.carrier is syntax.Carrier.QUIC
    )


def _attributes(item: syntax.ConnectionDecl) -> Iterator[syntax.Attribute]:
    for clause in item.clauses:
        match clause:
            case syntax.Either(arms=arms):
                for arm in arms:
                    yield from arm.attributes
            case syntax.Attributes(attributes=attributes):
                yield from attributes
            case _:
                pass


def _parts(clause: syntax.ConnectionClause, scope: Scope) -> Iterator[list[Part]]:
    """The choices that a clause gives: one list for each factor of the product."""
    match clause:
        case syntax.Either(arms=arms):
            yield [Part(arm.attributes, guard(arm.guard, scope), arm.span) for arm in arms]
        case syntax.Attributes(attributes=attributes, guard=written):
            yield from _line(attributes, guard(written, scope), clause.span)
        case _:
            pass


def _line(attributes: tuple[syntax.Attribute, ...], when: Guard, span: Span) -> Iterator[list[Part]]:
    """A line of attributes. `found by A or B` is a choice; a guard is a choice between the line and its absence.

    A guarded line that says the transport leaves nothing behind without it: then the connection is not there.
    """
    chains = [item for item in attributes if isinstance(item, syntax.FoundBy)]
    if len(chains) == 1:
        rest = tuple(item for item in attributes if not isinstance(item, syntax.FoundBy))
        parts = [Part((*rest, replace(chains[0], choices=(choice,))), when, span) for choice in chains[0].choices]
    else:
        parts = [Part(attributes, when, span)]
    without = negated(when)
    if not isinstance(when, Always) and without and not any(_carries(item) for item in attributes):
        parts.append(Part((), without, span))
    yield parts


def _carries(item: syntax.Attribute) -> bool:
    return isinstance(item, syntax.Ports | syntax.Bearer)


def _check_values(item: syntax.ConnectionDecl, grounds: Ground, scope: Scope) -> bool:
    """Look at every attribute once, so that its diagnostics come once, however often it is multiplied."""
    before = scope.found.errors
    for attribute in _attributes(item):
        _apply(Draft(span=attribute.span), attribute, grounds, scope)
    return scope.found.errors == before


@dataclass(frozen=True, slots=True)
class Draft:
    """An alternative while its attributes are added. `said` remembers where each kind of attribute was said."""

    span: Span
    transport: Transport | None = None
    quic: bool = False
    ports: tuple[Range, ...] = ()
    pool: Pool | None = None
    version: int | None = None
    tls: Tls | None = None
    host: NamePattern | None = None
    own: tuple[tuple[Field, str], ...] = ()
    via: Via | None = None
    found: syntax.FoundBy | None = None
    said: tuple[tuple[str, Span], ...] = ()


def _combined(item: syntax.ConnectionDecl, parts: Iterable[Part], grounds: Ground, scope: Scope) -> Alternative | None:
    draft = Draft(span=item.name.span)
    when: Guard = ALWAYS
    for part in parts:
        when = both(when, part.guard)
        for attribute in part.attributes:
            if not _once(draft, attribute, scope):
                return None
            draft = _apply(draft, attribute, grounds, scope)
    if not possible(when):
        return Alternative("", Transport.TCP, guard=when)
    return _finished(item, draft, when, scope)


def _kind(attribute: syntax.Attribute) -> str:
    match attribute:
        case syntax.Ports() | syntax.Bearer():
            return "transport"
        case syntax.To(addresses=(), pool=None):
            return "IP version"
        case syntax.OwnValue(field=field):
            return f"field `{field.text}`"
        case syntax.To():
            return "address"
        case syntax.Tls():
            return "`tls`"
        case syntax.Via():
            return "`via`"
        case syntax.Host():
            return "`host`"
        case syntax.FoundBy():
            return "`found by`"


def _once(draft: Draft, attribute: syntax.Attribute, scope: Scope) -> bool:
    """Whether an attribute of this kind comes for the first time in its alternative."""
    kind = _kind(attribute)
    before = dict(draft.said).get(kind)
    if before is None:
        return True
    scope.found.error(
        Code.SAID_TWICE,
        f"the {kind} is said twice" if not kind.startswith("`") else f"{kind} is said twice",
        attribute.span,
        labels=(Label(before, "first here"),),
        notes=("choices are written `either … or …`",),
    )
    return False


def _apply(draft: Draft, attribute: syntax.Attribute, grounds: Ground, scope: Scope) -> Draft:
    """The draft with one attribute more."""
    draft = replace(draft, said=(*draft.said, (_kind(attribute), attribute.span)))
    match attribute:
        case syntax.Ports(carrier=carrier, ports=ports):
            ranges = [values.port_range(port.low, port.high, port.span, scope.found) for port in ports]
            known = tuple(item for item in ranges if item is not None)
            transport = Transport.TCP if carrier is syntax.Carrier.TCP else Transport.UDP
            return replace(draft, transport=transport, ports=known, quic=carrier is syntax.Carrier.QUIC)
        case syntax.Bearer():
            return replace(draft, transport=Transport.BEARER)
        case syntax.To():
            return _addressed(draft, attribute, grounds, scope)
        case syntax.Tls(sni=sni, outer=outer, alpn=alpn):
            names = [_name(name, scope) for name in (sni, outer)]
            return replace(draft, tls=Tls(names[0], names[1], tuple(text.value for text in alpn)))
        case syntax.Host(name=name):
            return replace(draft, host=_name(name, scope))
        case syntax.Via(connection=connection, passing_through=through):
            scope.find(connection, Kind.CONNECTION)
            return replace(draft, via=Via(connection.text, through))
        case syntax.OwnValue(field=field, value=value):
            scope.find(field, Kind.FIELD)
            return replace(draft, own=(*draft.own, (Field(field.text), value.value)))
        case syntax.FoundBy(choices=choices):
            for choice in choices:
                chain(choice, scope)
            return replace(draft, found=attribute)


def _name(text: syntax.Text | None, scope: Scope) -> NamePattern | None:
    return values.name_pattern(text.value, text.span, scope.found) if text else None


def _addressed(draft: Draft, to: syntax.To, grounds: Ground, scope: Scope) -> Draft:
    pool: Pool | None = draft.pool
    if to.pool is not None:
        if scope.find(to.pool, Kind.POOL):
            pool = grounds.pools.get(to.pool.text)
    elif to.addresses:
        made = prefixes(to.addresses, scope)
        pool = Pool(made, span=to.span) if made else None
    said = to.version or draft.version
    if to.version and draft.version and to.version != draft.version:
        scope.found.error(Code.VERSION_MIX, f"`v{to.version}` does not go with `v{draft.version}`", to.span)
    elif pool and said and pool.prefixes[0].version != said:
        scope.found.error(
            Code.VERSION_MIX, f"`v{said}` does not go with IPv{pool.prefixes[0].version} prefixes", to.span
        )
    return replace(draft, pool=pool, version=said)


def _finished(item: syntax.ConnectionDecl, draft: Draft, when: Guard, scope: Scope) -> Alternative | None:
    said = dict(draft.said)
    if draft.transport is None:
        notes = ("each alternative says one of `tcp PORT`, `udp PORT`, `quic PORT`, `bearer`",)
        name = item.name.text
        scope.found.error(
            Code.NO_TRANSPORT, f"connection `{name}` does not say what carries it", item.name.span, notes=notes
        )
        return None
    if draft.transport is Transport.BEARER:
        extra = next(
            (kind for kind in ("address", "IP version", "`tls`", "`host`", "`found by`") if kind in said), None
        )
        if extra is not None:
            message = f"a bearer shows no addresses and no set-up, so {extra} does not go with it"
            scope.found.error(
                Code.NONSENSE, message, said[extra], labels=(Label(said["transport"], "the bearer is here"),)
            )
            return None
    return Alternative(
        key="",
        transport=draft.transport,
        ports=draft.ports,
        pool=draft.pool,
        version=draft.version or (draft.pool.prefixes[0].version if draft.pool else None),
        tls=draft.tls or (Tls() if draft.quic else None),
        host=draft.host,
        own=draft.own,
        via=draft.via,
        found=chain(draft.found.choices[0], scope) if draft.found else (),
        guard=when,
        span=said.get("transport", draft.span),
    )
