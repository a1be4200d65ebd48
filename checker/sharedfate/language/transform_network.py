"""Rule values -> syntax tree: small declarations and connections."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeGuard

from sharedfate.language import syntax as s
from sharedfate.language.diagnostics import Code
from sharedfate.language.tokens import Token
from sharedfate.language.transform import (
    ACTIONS,
    Context,
    Part,
    action,
    first_of,
    has,
    join,
    once,
    only,
    part,
    source_of,
)
from sharedfate.model.network import Keep
from sharedfate.model.source import Span
from sharedfate.model.traffic import SizeKind
from sharedfate.model.wire import Direction, Phase


@action
def model(context: Context, span: Span, values: list[Any]) -> Any:
    """`model NAME "title"`."""
    return s.ModelDecl(values[0], first_of(values, "title"), source=source_of(context, values), span=span)


@action
def use(context: Context, span: Span, values: list[Any]) -> Any:
    """`use std.adversaries, "file.fate"`."""
    uses = [s.UseFile(value, span=value.span) if isinstance(value, s.Text) else value for value in values]
    return s.UseDecl(tuple(uses), span=span)


@action
def dotted(context: Context, span: Span, values: list[Any]) -> Any:
    """`std.adversaries`."""
    return s.UseStd(tuple(values), span=span)


@action
def zone(context: Context, span: Span, values: list[Any]) -> Any:
    """`zone a, b`."""
    return s.ZoneDecl(values[0], source=source_of(context, values), span=span)


@action
def link(context: Context, span: Span, values: list[Any]) -> Any:
    """`link NAME : a -- b tagged t`."""
    tags = first_of(values, "tagged") or ()
    return s.LinkDecl(values[0], values[1], values[2], tags, source=source_of(context, values), span=span)


@action
def party(context: Context, span: Span, values: list[Any]) -> Any:
    """`party a, b at ZONE`."""
    return s.PartyDecl(values[0], values[1], source=source_of(context, values), span=span)


@action
def service(context: Context, span: Span, values: list[Any]) -> Any:
    """`service a, b at ZONE operated by OPERATOR role r`."""
    operated = once(context, values, "operated", "the operator")
    roles = once(context, values, "roles", "the role")
    return s.ServiceDecl(
        values[0],
        values[1],
        operated.first if operated else None,
        roles.first if roles else (),
        source=source_of(context, values),
        span=span,
    )


@action
def assume(context: Context, span: Span, values: list[Any]) -> Any:
    """`assume NAME [open] ["text"]` or `assume FACT ["text"]`."""
    fact: s.FactLiteral = values[0]
    text, source, opened = first_of(values, "title"), source_of(context, values), part(values, "open")
    if fact.positive and not fact.arguments and not fact.value:
        return s.AssumeDecl(fact.name, opened is not None, text, source=source, span=span)
    if opened:
        context.found.error(Code.SYNTAX, "only a plain name can be assumed `open`", opened.span)
    return s.GivenDecl(fact, text, source=source, span=span)


@action
def field(context: Context, span: Span, values: list[Any]) -> Any:
    """`field NAME at PHASE`."""
    return s.FieldDecl(values[0], values[1], source=source_of(context, values), span=span)


@action
def phase(context: Context, span: Span, values: list[Any]) -> Any:
    """`set-up`, `packet` or `record`."""
    return {"set-up": Phase.SETUP, "packet": Phase.PACKET, "record": Phase.RECORD}[values[0].text]


@action
def pool(context: Context, span: Span, values: list[Any]) -> Any:
    """`pool NAME : PREFIX, …`."""
    return s.PoolDecl(values[0], values[1], source=source_of(context, values), span=span)


@action
def not_yet(context: Context, span: Span, values: list[Any]) -> Any:
    """`protocol …` or `find …`, swallowed as one token."""
    token: Token = values[0]
    return s.NotYetDecl(token.text.split(None, 1)[0], token.text, span=span)


# ---- connections


@action
def connection(context: Context, span: Span, values: list[Any]) -> Any:
    """`connection NAME : [each of] a, b -> SERVER { … }`."""
    name, clients, server = values[:3]
    block = part(values, "connection_block")
    clauses: list[Any] = []
    for line in block.values if block else ():
        clauses += [line] if isinstance(line, s.Either) else _line_clauses(line)
    return s.ConnectionDecl(name, clients, server, tuple(clauses), source=source_of(context, values), span=span)


def _line_clauses(line: Part) -> list[Any]:
    attributes = _attributes(line.values)
    guard = part(line.values, "when")
    settings = [value for value in line.values if isinstance(value, s.Set | s.Presents | s.Control | s.Over)]
    if not attributes:
        return settings
    last = guard.span if guard else attributes[-1].span
    group = s.Attributes(attributes, guard.first if guard else None, span=join(attributes[0].span, last))
    return [group, *settings]


def _attributes(values: list[Any]) -> tuple[Any, ...]:
    """The attributes among the values; `v4` before a `to` belongs to it."""
    found: list[Any] = []
    kinds = s.To | s.Ports | s.Bearer | s.Tls | s.Via | s.Host | s.FoundBy | s.OwnValue
    for value in values:
        if not isinstance(value, kinds):
            continue
        before = found[-1] if found else None
        if _is_version(before) and isinstance(value, s.To) and value.version is None:
            found[-1] = replace(value, version=before.version, span=join(before.span, value.span))
        else:
            found.append(value)
    return tuple(found)


def _is_version(value: Any) -> TypeGuard[s.To]:
    return isinstance(value, s.To) and value.version is not None and not value.addresses and value.pool is None


@action
def connection_line(context: Context, span: Span, values: list[Any]) -> Any:
    """Items on a line, with an optional guard, which is one of the attributes only."""
    guard = part(values, "when")
    settings = [value for value in values[:-1] if isinstance(value, s.Set | s.Presents | s.Control | s.Over | Part)]
    if guard and settings:
        notes = ("put what holds always on a line of its own, or after a `;`",)
        context.found.error(Code.SYNTAX, "`when` guards attributes only, not this", settings[0].span, notes=notes)
    return Part("connection_line", values, span)


@action
def either(context: Context, span: Span, values: list[Any]) -> Any:
    """`either ARM or ARM`."""
    return s.Either(tuple(values), span=span)


@action
def arm(context: Context, span: Span, values: list[Any]) -> Any:
    """One arm."""
    return s.Arm(_attributes(values), first_of(values, "when"), span=span)


@action
def version(context: Context, span: Span, values: list[Any]) -> Any:
    """`v4` or `v6`."""
    return s.To(version=int(values[0].text[1:]), span=span)


@action
def to(context: Context, span: Span, values: list[Any]) -> Any:
    """`to PREFIX, …` or `to pool NAME`."""
    if isinstance(values[0], Part):
        return s.To(pool=values[0].first, span=span)
    return s.To(values[0], span=span)


@action
def ports(context: Context, span: Span, values: list[Any]) -> Any:
    """`tcp 5223`."""
    return s.Ports(s.Carrier(values[0].words), values[1], span=span)


@action
def bearer(context: Context, span: Span, values: list[Any]) -> Any:
    """`bearer "sms"`."""
    return s.Bearer(values[0] if values else None, span=span)


@action
def tls(context: Context, span: Span, values: list[Any]) -> Any:
    """`tls sni "x" ech outer "y" alpn "a"`."""
    sni, outer, alpn = (once(context, values, key, f"`{key}`") for key in ("sni", "ech", "alpn"))
    return s.Tls(
        sni.first if sni else None,
        outer.first if outer else None,
        alpn.first if alpn else (),
        span=span,
    )


@action
def via(context: Context, span: Span, values: list[Any]) -> Any:
    """`via CONNECTION [passing through]`."""
    return s.Via(values[0], has(values, "passing"), span=span)


@action
def host(context: Context, span: Span, values: list[Any]) -> Any:
    """`host "x"`."""
    return s.Host(values[0], span=span)


@action
def own_value(context: Context, span: Span, values: list[Any]) -> Any:
    """`FIELD "value"`."""
    return s.OwnValue(values[0], values[1], span=span)


@action
def found_by(context: Context, span: Span, values: list[Any]) -> Any:
    """`found by CHAIN or CHAIN`."""
    return s.FoundBy(tuple(values), span=span)


ACTIONS["found_by_one"] = found_by


@action
def chain(context: Context, span: Span, values: list[Any]) -> Any:
    """`STEP then STEP`; a bare name after `then` is one more CNAME of the DNS step before it."""
    steps: list[Any] = []
    for value in values:
        if not isinstance(value, Part):
            steps.append(value)
        elif steps and isinstance(steps[-1], s.DnsStep) and steps[-1].cname:
            steps[-1] = _more_cname(context, steps[-1], value)
        else:
            text = "a name after `then` continues a `cname`, and there is none here"
            context.found.error(Code.SYNTAX, text, value.span, notes=('write `then dns "…"` for a further question',))
    return tuple(steps)


def _more_cname(context: Context, step: s.DnsStep, more: Part) -> s.DnsStep:
    if step.keep is not Keep.NO or step.expires or step.encrypted or step.resolver:
        context.found.error(
            Code.SYNTAX, "the names of a chain come before `cached`, `resolved at` and the like", more.span
        )
    words = _found_words(context, more.values[1:])
    return replace(step, cname=(*step.cname, more.first), span=join(step.span, more.span), **words)


def _found_words(context: Context, values: list[Any]) -> dict[str, Any]:
    """`cached`, `durable`, `expires`, `encrypted`, `resolved at R` as fields of a step; twice is a finding."""
    words: dict[str, Any] = {}
    said: dict[str, Span] = {}
    for value in only(values, Part):
        if value.name == "cname":
            continue
        key, content = _found_word(value)
        if key in said:
            context.twice(
                "`resolved at`" if key == "resolver" else "how long it is kept" if key == "keep" else f"`{key}`",
                said[key],
                value.span,
            )
        said.setdefault(key, value.span)
        words.setdefault(key, content)
    return words


def _found_word(value: Part) -> tuple[str, Any]:
    if value.name == "resolved":
        return "resolver", value.first
    if value.words in ("cached", "durable"):
        return "keep", Keep(value.words)
    return value.words, True


def _refuse(
    context: Context, values: list[Any], words: dict[str, Any], unknown: tuple[str, ...], what: str
) -> dict[str, Any]:
    for key in unknown:
        if key in words:
            span = next(v.span for v in only(values, Part) if _found_word(v)[0] == key)
            said = "resolved at" if key == "resolver" else key
            context.found.error(Code.SYNTAX, f"`{said}` says nothing about {what}", span)
    return {key: value for key, value in words.items() if key not in unknown}


@action
def dns_step(context: Context, span: Span, values: list[Any]) -> Any:
    """`dns "n", "m" cname "a" …`."""
    cname = part(values, "cname")
    return s.DnsStep(values[0], tuple(cname.values) if cname else (), **_found_words(context, values[1:]), span=span)


@action
def bag_step(context: Context, span: Span, values: list[Any]) -> Any:
    """`bag "host" …`."""
    words = _refuse(
        context, values, _found_words(context, values[1:]), ("encrypted",), "a bag, which is fetched in the clear"
    )
    return s.BagStep(values[0], **words, span=span)


@action
def flow_step(context: Context, span: Span, values: list[Any]) -> Any:
    """`flow F …`."""
    words = _refuse(
        context, values, _found_words(context, values[1:]), ("encrypted", "resolver"), "an address that a flow brings"
    )
    return s.FlowStep(values[0], **words, span=span)


@action
def built_in(context: Context, span: Span, values: list[Any]) -> Any:
    """`built in`."""
    return s.BuiltInStep(span=span)


@action
def setting(context: Context, span: Span, values: list[Any]) -> Any:
    """`stream`, `kept up`, `redelivers in order`, …."""
    words = " ".join(value.text for value in values)
    return s.Set(s.Setting.ANY_ORDER if words == "gives up" else s.Setting(words), span=span)


@action
def presents(context: Context, span: Span, values: list[Any]) -> Any:
    """`presents token, account`."""
    return s.Presents(values[0], span=span)


@action
def over(context: Context, span: Span, values: list[Any]) -> Any:
    """`over link, link`."""
    return s.Over(values[0], span=span)


@action
def control(context: Context, span: Span, values: list[Any]) -> Any:
    """`control up usual 5..64 down …`."""
    return s.Control(tuple(piece for value in values for piece in value), span=span)


@action
def control_part(context: Context, span: Span, values: list[Any]) -> Any:
    """One direction: a ControlPart for each clause of sizes."""
    way: Direction = values[0]
    return tuple(
        s.ControlPart(way, SizeKind(sizes.values[0].words), sizes.values[1], span=sizes.span) for sizes in values[1:]
    )
