"""Zones, links, who is where, assumptions, pools and own fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sharedfate.language import syntax
from sharedfate.language.diagnostics import Code
from sharedfate.language.resolve import values
from sharedfate.language.resolve.scope import Kind, Scope
from sharedfate.model.network import Assumption, Link, Party, Pool, Service, Zone
from sharedfate.model.source import Source
from sharedfate.model.wire import Field, OwnField, Prefix


@dataclass
class Ground:
    """What connections and everything later stand on, in order of declaration."""

    zones: list[Zone] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)
    own_fields: list[OwnField] = field(default_factory=list)
    pools: dict[str, Pool] = field(default_factory=dict)


def ground(declarations: Iterable[syntax.TopDecl], scope: Scope) -> Ground:
    """Resolve the small declarations; names are in `scope` already."""
    made = Ground()
    for item in declarations:
        match item:
            case syntax.ZoneDecl():
                made.zones += [Zone(name.text, name.span, source(item)) for name in item.names]
            case syntax.LinkDecl():
                made.links += _link(item, scope)
            case syntax.PartyDecl():
                if scope.find(item.zone, Kind.ZONE):
                    made.parties += [Party(name.text, item.zone.text, name.span, source(item)) for name in item.names]
            case syntax.ServiceDecl():
                made.services += _services(item, scope)
            case syntax.AssumeDecl():
                text = item.text.value if item.text else None
                made.assumptions.append(Assumption(item.name.text, item.is_open, text, item.name.span, source(item)))
            case syntax.FieldDecl():
                made.own_fields.append(OwnField(Field(item.name.text), item.phase, item.name.span))
            case syntax.PoolDecl():
                made.pools.update(_pool(item, scope))
            case _:
                pass
    return made


def source(item: syntax.Declaration) -> Source | None:
    """What a declaration rests on."""
    return Source(item.source.value, item.source.span) if item.source else None


def _link(item: syntax.LinkDecl, scope: Scope) -> Iterator[Link]:
    ends = [scope.find(end, Kind.ZONE) for end in (item.left, item.right)]
    if item.left.text == item.right.text:
        scope.found.error(Code.NONSENSE, f"link `{item.name.text}` joins a zone with itself", item.right.span)
    elif all(ends):
        tags = tuple(dict.fromkeys(tag.text for tag in item.tags))
        yield Link(item.name.text, (item.left.text, item.right.text), tags, item.name.span, source(item))


def _services(item: syntax.ServiceDecl, scope: Scope) -> Iterator[Service]:
    if not scope.find(item.zone, Kind.ZONE):
        return
    operator = item.operator.text if item.operator else None
    roles = tuple(dict.fromkeys(role.text for role in item.roles))
    for name in item.names:
        yield Service(name.text, item.zone.text, operator, roles, name.span, source(item))


def _pool(item: syntax.PoolDecl, scope: Scope) -> Iterator[tuple[str, Pool]]:
    made = prefixes(item.addresses, scope)
    if made:
        yield item.name.text, Pool(made, item.name.text, item.span, source(item))


def prefixes(addresses: Iterable[syntax.Address], scope: Scope) -> tuple[Prefix, ...]:
    """The prefixes of one pool, all of one IP version; () after a diagnostic."""
    written = list(addresses)
    parsed = [(values.prefix(item.text, item.span, scope.found), item.span) for item in written]
    made = [(item, place) for item, place in parsed if item is not None]
    other = next(((item, place) for item, place in made if item.version != made[0][0].version), None)
    if other is not None:
        scope.found.error(
            Code.VERSION_MIX,
            "a pool holds prefixes of one IP version",
            other[1],
            notes=("write `either v4 to … or v6 to …`: a client that is handed one address uses one version",),
        )
        return ()
    return values.distinct_prefixes(made, scope.found) if len(made) == len(written) else ()
