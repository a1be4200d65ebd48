"""Every connection finds its way: no path, a tie, and links named in vain are said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sharedfate.language.diagnostics import Code, Label
from sharedfate.language.resolve.network import Ground
from sharedfate.language.resolve.scope import Kind, Scope
from sharedfate.model.network import ByBag, ByDns, Connection
from sharedfate.model.route import Router
from sharedfate.model.source import Span

Leg = tuple[str, str, tuple[str, ...], Span]
"""From whom, to whom, over which links, and where it is said."""


def check_paths(made: Iterable[Connection], grounds: Ground, scope: Scope) -> None:
    """Look at every leg of every connection that was resolved."""
    known = {item.name: item for item in made}
    zone_of = {item.name: item.zone for item in grounds.parties} | {item.name: item.zone for item in grounds.services}
    router = Router(grounds.links, (party.zone for party in grounds.parties))
    for item in known.values():
        said: set[tuple[str, str]] = set()
        for start, end, over, span in _legs(item, known):
            ends = (zone_of.get(start), zone_of.get(end))
            if ends[0] is None or ends[1] is None or (ends[0], ends[1]) in said:
                continue
            said.add((ends[0], ends[1]))
            found = router.routes(ends[0], ends[1], over)
            if len(found) != 1:
                straight = router.routes(ends[0], ends[1]) if over else []
                _say((start, end, over, span), found, straight, item, scope)


def _legs(item: Connection, known: dict[str, Connection]) -> Iterator[Leg]:
    for way in item.alternatives:
        outer = known.get(way.via.connection) if way.via else None
        if outer is not None:
            yield outer.server, item.server, (), way.span
        elif way.via is None:
            for client in item.clients:
                yield client, item.server, item.over, item.span
        for step in way.found:
            if isinstance(step, ByDns | ByBag) and step.resolver is not None:
                for client in item.clients:
                    yield client, step.resolver, (), step.span


def _say(
    leg: Leg, found: list[tuple[str, ...]], straight: list[tuple[str, ...]], item: Connection, scope: Scope
) -> None:
    start, end, over, span = leg
    if not found and straight:
        labels = tuple(Label(scope.span(Kind.LINK, name), f"`{name}` is here") for name in over)
        message = f"no path from `{start}` to `{end}` uses all links that `over` names"
        scope.found.error(Code.NOT_ON_ROUTE, message, span, labels=labels, notes=(f"without it: {_path(straight[0])}",))
    elif not found:
        notes = ("a path follows links, and crosses no zone that holds another party",)
        message = f"`{item.name}` has no path from `{start}` to `{end}`"
        scope.found.error(Code.NO_ROUTE, message, span, notes=notes)
    else:
        shown = tuple(f"one is {_path(path)}" for path in found[:4])
        help_ = "name a link of the one that is meant: `over LINK`" if span == item.span else "make one of them longer"
        message = f"{len(found)} paths from `{start}` to `{end}` are equally short"
        scope.found.error(Code.ROUTE_TIE, message, span, notes=(*shown, help_))


def _path(path: tuple[str, ...]) -> str:
    return ", ".join(path) if path else "(no link: the ends are in one zone)"
