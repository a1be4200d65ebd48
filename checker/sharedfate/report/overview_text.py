"""What a model says, as text (VISUAL.md 7, overview): places, connections, what the wire shows, what rides on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from sharedfate.evidence.rule_words import prefix_words, rule_words
from sharedfate.model.adversary import Adversary
from sharedfate.model.guard import Always, Assumed, Every, Guard, Some
from sharedfate.model.model import Model
from sharedfate.model.network import (
    Alternative,
    BuiltIn,
    ByBag,
    ByDns,
    ByFlow,
    Connection,
    Finding,
    Keep,
    Tls,
)
from sharedfate.model.policy import Policy
from sharedfate.model.source import Source
from sharedfate.model.traffic import AllOf, AnyOf, Arm, First, Formula, NeedsFlow, NeedsFunction
from sharedfate.model.wire import NamePattern
from sharedfate.report.lines import Line, Piece, Style, labelled, line


def overview_lines(model: Model) -> Iterator[Line]:
    """The whole model, in order of declaration."""
    yield line(Piece(f"model {model.name}", Style.STRONG), f"  {model.title}" if model.title else "")
    yield from _section("places")
    for zone in model.zones:
        here = [name for name, place in model.zone_of.items() if place == zone.name]
        yield from labelled(f"{zone.name}:", here or ["nobody"], 2)
    for link in model.links:
        tags = f"  {', '.join(link.tags)}" if link.tags else ""
        yield line(f"  {link.ends[0]} --{link.name}-- {link.ends[1]}", Piece(tags, Style.FAINT))
    yield from _section("connections")
    for connection in model.connections:
        yield from _connection(model, connection)
    yield from _section("functions")
    for function in model.functions:
        yield line(f"  {function.name} = {formula_words(function.formula)}")
    if model.assumptions or model.given:
        yield from _section("assumptions")
        for item in model.assumptions:
            yield line(f"  {item.name}: {'open' if item.is_open else 'holds'}", _source(item.source))
        yield from labelled("closed:", [str(literal) for literal in model.given], 2)
    if model.adversaries or model.policies:
        yield from _section("adversaries and policies")
        for adversary in model.adversaries:
            yield from labelled(f"{adversary.name}:", list(_adversary(adversary)), 2, ";")
        for policy in model.policies:
            yield from _policy(policy)
    if model.checks:
        yield from _section("properties")
        for check in model.checks:
            yield line(f"  {check.name}: {check.text}")


def formula_words(formula: Formula) -> str:
    """A function's formula as the language writes it."""
    match formula:
        case NeedsFlow(flow=name) | NeedsFunction(function=name):
            return name
        case AllOf(parts=parts):
            return " and ".join(_nested(part) for part in parts)
        case AnyOf(arms=arms):
            return " or ".join(map(_arm, arms))
        case First(formula=inner):
            return f"first {_nested(inner)}"
        case _:
            assert_never(formula)


def guard_words(guard: Guard) -> str:
    """A guard as the language writes it; empty for no guard."""
    match guard:
        case Always():
            return ""
        case Assumed(name=name, positive=positive):
            return name if positive else f"not {name}"
        case Every(parts=parts):
            return " and ".join(
                f"({guard_words(part)})" if isinstance(part, Some) else guard_words(part) for part in parts
            )
        case Some(parts=parts):
            return " or ".join(guard_words(part) for part in parts)
        case _:
            assert_never(guard)


def _nested(formula: Formula) -> str:
    words = formula_words(formula)
    return f"({words})" if isinstance(formula, AllOf | AnyOf) else words


def _arm(arm: Arm) -> str:
    return f"{'degraded ' if arm.degraded else ''}{_nested(arm.formula)}{_when(arm.guard)}"


def _when(guard: Guard) -> str:
    words = guard_words(guard)
    return f" when {words}" if words else ""


def _section(title: str) -> Iterator[Line]:
    yield line("")
    yield line(Piece(title, Style.FAINT))


def _source(source: Source | None) -> Piece:
    return Piece(f"  ({source.text})" if source else "", Style.FAINT)


def _connection(model: Model, connection: Connection) -> Iterator[Line]:
    yield line(
        "  ",
        Piece(connection.name, Style.STRONG),
        f": {', '.join(connection.clients)} -> {connection.server}  {_riders(model, connection)}",
    )
    traits = [word for word, there in _traits(connection) if there]
    yield from labelled("is", traits, 4)
    for alternative in connection.alternatives:
        yield from labelled("shows", [*_image(alternative)], 4)
    inside = [other.name for other in model.connections if any(_rides(item, connection) for item in other.alternatives)]
    yield from labelled("carries", inside, 4)
    found = dict.fromkeys(" then ".join(map(_finding, item.found)) for item in connection.alternatives if item.found)
    for way in found:
        yield line(Piece("    found by ", Style.FAINT), Piece(way, hangs=True))
    if connection.source:
        yield line("    ", Piece("source ", Style.FAINT), Piece(connection.source.text, Style.FAINT, hangs=True))


def _rides(item: Alternative, tunnel: Connection) -> bool:
    return item.via is not None and item.via.connection == tunnel.name


def _riders(model: Model, connection: Connection) -> str:
    """`[a-b-c]` for flows threaded on one stream, `[a] [b]` for separate units."""
    flows = [flow.name for flow in model.flows if any(hop.connection == connection.name for hop in flow.hops)]
    if connection.stream and flows:
        return f"[{'-'.join(flows)}]"
    return " ".join(f"[{name}]" for name in flows)


def _traits(connection: Connection) -> Iterable[tuple[str, bool]]:
    return (
        ("one stream", connection.stream),
        (f"redelivered {connection.order.value}", connection.stream and connection.order.value != "open"),
        ("kept up", connection.kept_up),
        ("many", connection.many),
        ("rotating", connection.rotate),
        ("pinned", connection.pinned),
        ("plain", connection.plain),
        (f"presenting {', '.join(connection.presents)}", bool(connection.presents)),
        (f"over {', '.join(connection.over)}", bool(connection.over)),
    )


def _image(item: Alternative) -> Iterator[str]:
    """What the wire shows of one alternative, field by field."""
    yield item.transport.value + (f" {', '.join(map(str, item.ports))}" if item.ports else "")
    if item.pool is not None:
        yield "to " + ", ".join(map(prefix_words, item.pool.prefixes))
    elif item.version is not None:
        yield f"IPv{item.version}"
    if item.tls is not None:
        yield _tls(item.tls)
    if item.host is not None:
        yield f'host "{item.host.text}"'
    yield from (f'{field.name} "{value}"' for field, value in item.own)
    if item.via is not None:
        yield f"via {item.via.connection}{' passing through' if item.via.passing_through else ''}"
    if not isinstance(item.guard, Always):
        yield f"when {guard_words(item.guard)}"


def _tls(tls: Tls) -> str:
    words = ["tls"]
    if tls.outer is not None:
        words.append(f'outer name "{tls.outer.text}"')
    elif tls.sni is not None:
        words.append(f'sni "{tls.sni.text}"')
    if tls.alpn:
        words.append("alpn " + " ".join(f'"{name}"' for name in tls.alpn))
    return " ".join(words)


def _finding(step: Finding) -> str:
    match step:
        case ByDns(names=names, cname=cname, resolver=resolver, encrypted=encrypted, keep=keep):
            chain = f" cname {_names(cname)}" if cname else ""
            return f"{'encrypted ' if encrypted else ''}dns {_names(names)}{chain}{_at(resolver)}{_kept(keep)}"
        case ByBag(host=host, resolver=resolver, keep=keep):
            return f'bag "{host.text}"{_at(resolver)}{_kept(keep)}'
        case BuiltIn():
            return "built in"
        case ByFlow(flow=flow, keep=keep):
            return f"flow {flow}{_kept(keep)}"
        case _:
            assert_never(step)


def _names(names: Iterable[NamePattern]) -> str:
    return ", ".join(f'"{name.text}"' for name in names)


def _at(resolver: str | None) -> str:
    return f" resolved at {resolver}" if resolver else ""


def _kept(keep: Keep) -> str:
    return "" if keep is Keep.NO else f" {keep.value}"


def _adversary(item: Adversary) -> Iterator[str]:
    if item.links:
        yield f"on {', '.join(item.links)}"
    if item.services:
        yield f"controls {', '.join(item.services)}"
    if item.watched:
        yield f"watches {', '.join(item.watched)}"
    if item.sees:
        yield f"sees {', '.join(field.name for field in item.sees)}"
    for guess in item.infers:
        rate = "" if guess.error_percent is None else f", wrong in {guess.error_percent:g} %"
        yield f"guesses {guess.field.name}{rate}"
    if item.acts:
        yield f"may {', '.join(act.value for act in item.acts)}"
    if item.limit is not None:
        rules = "any number of" if item.limit.rules is None else str(item.limit.rules)
        yield f"limited to {rules} rules{' of an allow-list' if item.limit.allow_list else ''}"


def _policy(policy: Policy) -> Iterator[Line]:
    yield line(f"  policy {policy.name} on {', '.join((*policy.links, *policy.services))}")
    for rule in policy.rules:
        yield from labelled("", rule_words(rule).split(" "), 3, "")
    yield line(f"    default {'deny' if policy.default_deny else 'allow'}")
