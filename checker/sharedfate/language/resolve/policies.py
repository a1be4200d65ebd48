"""Declared policies: their place and their rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from sharedfate.language import syntax
from sharedfate.language.diagnostics import Code, Fix, Label
from sharedfate.language.resolve import values
from sharedfate.language.resolve.network import Ground, source
from sharedfate.language.resolve.places import Places
from sharedfate.language.resolve.scope import Kind, Scope
from sharedfate.language.syntax import ActionKind, NameField
from sharedfate.model.policy import (
    Action,
    Allow,
    Drop,
    Intercept,
    Match,
    MatchDirection,
    MatchIp,
    MatchName,
    MatchPort,
    MatchSize,
    MatchTransport,
    MatchValue,
    Policy,
    Redirect,
    Reset,
    Rule,
    Throttle,
)
from sharedfate.model.source import NOWHERE
from sharedfate.model.wire import (
    ACCOUNT,
    ALPN,
    CLIENT,
    DNS,
    HOST,
    SNI,
    TOPIC,
    Dialect,
    Field,
    Range,
)

_NAME_FIELDS = {NameField.NAME: None, NameField.SNI: SNI, NameField.DNS: DNS, NameField.HOST: HOST}
_VALUE_FIELDS = (ALPN, TOPIC, ACCOUNT, CLIENT)


def policies(
    declarations: Iterable[syntax.TopDecl], grounds: Ground, places: Places, scope: Scope, own_files: frozenset[str]
) -> list[Policy]:
    """All policies, in order of declaration; in `own_files` one that sits nowhere is an error."""
    return [
        _policy(item, grounds, places, scope, item.span.file not in own_files)
        for item in declarations
        if isinstance(item, syntax.PolicyDecl)
    ]


def _policy(item: syntax.PolicyDecl, grounds: Ground, places: Places, scope: Scope, quiet: bool) -> Policy:
    before = scope.found.errors
    links, services = places.place(item.place)
    hints = [] if quiet else list(places.hints(item.place))
    for hint in hints:
        if links or services:
            scope.found.warning(Code.SITS_NOWHERE, hint.message, hint.span, fixes=hint.fixes)
    if not (links or services) and not quiet and scope.found.errors == before:
        why = f": {hints[0].message}" if hints else ""
        message = f"policy `{item.name.text}` sits nowhere in this model{why}"
        scope.found.error(Code.SITS_NOWHERE, message, item.place.span, fixes=hints[0].fixes if hints else ())
    rules: list[Rule] = []
    default: syntax.DefaultRule | None = None
    for clause in item.clauses:
        if default is not None:
            label = Label(default.span, "this decides everything")
            message = (
                "`default` is said twice" if isinstance(clause, syntax.DefaultRule) else "no rule follows `default`"
            )
            scope.found.error(Code.SAID_TWICE, message, clause.span, labels=(label,))
            break
        if isinstance(clause, syntax.DefaultRule):
            default = clause
        else:
            rules.append(_rule(clause, grounds, scope))
    return Policy(
        name=item.name.text,
        links=links,
        services=services,
        rules=tuple(rules),
        default_deny=default is not None and default.deny,
        default_span=default.span if default is not None else NOWHERE,
        span=item.name.span,
        source=source(item),
    )


def _rule(rule: syntax.Rule, grounds: Ground, scope: Scope) -> Rule:
    made: dict[str, Match] = {}
    for written in rule.matches:
        match = _match(written, grounds, scope)
        if match is None:
            continue
        kind = match.field.name if isinstance(match, MatchValue) else type(match).__name__
        if kind in made:
            notes = ("all parts of a rule must hold; a choice is written with a comma",)
            scope.found.error(Code.SAID_TWICE, "the same is matched twice", written.span, notes=notes)
        made[kind] = match
        if rule.at_setup and isinstance(match, MatchSize):
            scope.found.error(Code.FIELD_PLACE, "no size shows at set-up: it is seen on records", written.span)
    return Rule(_action(rule.action, scope), tuple(made.values()), rule.at_setup, rule.span)


def _action(action: syntax.Action, scope: Scope) -> Action:
    match action.kind:
        case ActionKind.ALLOW:
            return Allow()
        case ActionKind.DROP:
            return Drop()
        case ActionKind.RESET:
            return Reset()
        case ActionKind.INTERCEPT:
            return Intercept()
        case ActionKind.THROTTLE:
            rate = action.rate
            known = values.rate(rate.amount, rate.unit.text, rate.span, scope.found) if rate else None
            return Throttle(known or 1)
        case ActionKind.REDIRECT:
            address = action.address
            target = values.prefix(address.text, address.span, scope.found) if address else None
            if address and target and target.length != target.bits:
                message = f"`{address.text}` is more than one address"
                scope.found.error(Code.BAD_ADDRESS, message, address.span, notes=("a redirect has one target",))
            return Redirect(target)
        case _:
            assert_never(action.kind)


def _match(written: syntax.Match, grounds: Ground, scope: Scope) -> Match | None:
    match written:
        case syntax.IpMatch(addresses=addresses):
            parsed = [values.prefix(item.text, item.span, scope.found) for item in addresses]
            return MatchIp(tuple(item for item in parsed if item is not None))
        case syntax.PortMatch(ports=ports):
            return MatchPort(_ports(ports, scope))
        case syntax.TransportMatch(transport=transport, ports=ports):
            return MatchPort(_ports(ports, scope), transport) if ports else MatchTransport(transport)
        case syntax.NameMatch():
            return _name_match(written, scope)
        case syntax.SizeMatch(ranges=ranges):
            sizes = [values.size_range(item.low, item.high, item.span, scope.found) for item in ranges]
            return MatchSize(values.merged([item for item in sizes if item is not None]))
        case syntax.DirectionMatch(direction=direction):
            return MatchDirection(direction)
        case syntax.ValueMatch(field=field, values=texts):
            return _value_match(field, tuple(text.value for text in texts), grounds, scope)
        case syntax.ClientMatch(clients=clients):
            known = [name.text for name in clients if scope.find(name, Kind.PARTY, Kind.SERVICE)]
            return MatchValue(CLIENT, tuple(known))
        case _:
            assert_never(written)


def _ports(ports: Iterable[syntax.Interval], scope: Scope) -> tuple[Range, ...]:
    parsed = [values.port_range(item.low, item.high, item.span, scope.found) for item in ports]
    return values.merged([item for item in parsed if item is not None])


def _name_match(written: syntax.NameMatch, scope: Scope) -> MatchName:
    dialect = written.dialect or Dialect.EXACT
    for text in written.names:
        _name_text(text, dialect, scope)
    field = _NAME_FIELDS[written.field]
    if written.each_cname and field not in (None, DNS):
        message = f"`each cname` is about DNS questions, and `{written.field.value}` is none"
        scope.found.error(Code.NONSENSE, message, written.span)
    names = tuple(dict.fromkeys(text.value.rstrip(".") for text in written.names))
    return MatchName(names, dialect, field, written.each_cname)


def _name_text(text: syntax.Text, dialect: Dialect, scope: Scope) -> None:
    """A name that can match something in its dialect."""
    name = text.value.rstrip(".")
    if not name or any(char.isspace() for char in name):
        scope.found.error(Code.BAD_NAME, f"`{text.value}` is no host name", text.span)
    elif len(name) > values.MAX_NAME or name.count("*") > values.MAX_WILDCARDS:
        notes = (f"a name has {values.MAX_NAME} characters and {values.MAX_WILDCARDS} wildcards at most",)
        scope.found.error(Code.BAD_NAME, "the host name is too long", text.span, notes=notes)
    elif dialect is not Dialect.GLOB and ("*" in name or "?" in name):
        notes = ("`*` and `?` mean something with `matching glob` only",)
        message = f"`{name}` matches no name in the dialect `{dialect.value}`"
        scope.found.error(Code.BAD_NAME, message, text.span, notes=notes)
    elif dialect is Dialect.SUFFIX and name.startswith("."):
        plain = name.lstrip(".")
        fixes = (Fix(text.span, f'"{plain}"', f"write `{plain}`"),)
        notes = ("a suffix is a name: it matches that name and all below it",)
        scope.found.error(Code.BAD_NAME, f"`{name}` begins with a dot", text.span, notes=notes, fixes=fixes)


def _value_match(field: syntax.Ident, texts: tuple[str, ...], grounds: Ground, scope: Scope) -> MatchValue | None:
    if not scope.find(field, Kind.FIELD):
        return None
    own = next((item for item in grounds.own_fields if item.field.name == field.text), None)
    if own is None and Field(field.text) not in _VALUE_FIELDS:
        message = f"`{field.text}` is not matched by quoted values"
        scope.found.error(
            Code.FIELD_PLACE, message, field.span, notes=(_HINTS.get(field.text, "this field has a rule of its own"),)
        )
        return None
    return MatchValue(Field(field.text), tuple(dict.fromkeys(texts)))


_HINTS = {
    "ip": "write `ip 192.0.2.0/24`",
    "port": "write `port 443`",
    "size": "write `size 1..64`",
    "direction": "write `up` or `down`",
    "flow": "what a classifier guesses is for adversaries that search",
}
