"""The whole way from syntax trees to a model, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sharedfate.language import syntax
from sharedfate.language.diagnostics import Code, Diagnostics
from sharedfate.language.resolve.adversaries import Adversaries
from sharedfate.language.resolve.checks import Checks, subjects
from sharedfate.language.resolve.connections import connections, via_cycles
from sharedfate.language.resolve.facts import Facts
from sharedfate.language.resolve.flows import flows
from sharedfate.language.resolve.found_cycles import found_cycles
from sharedfate.language.resolve.functions import functions, unused_flows
from sharedfate.language.resolve.network import Ground, ground
from sharedfate.language.resolve.paths import check_paths
from sharedfate.language.resolve.places import Places
from sharedfate.language.resolve.policies import policies
from sharedfate.language.resolve.scope import Kind, Scope
from sharedfate.language.resolve.units import Unit, standing
from sharedfate.model.facts import FactLiteral
from sharedfate.model.model import Model
from sharedfate.model.network import Connection
from sharedfate.model.source import Span
from sharedfate.model.traffic import Flow, Function, NeedsFlow
from sharedfate.model.wire import BUILT_IN_FIELDS


def resolve(
    units: Sequence[Unit], main: str, found: Diagnostics, given: Sequence[syntax.FactLiteral] = ()
) -> Model | None:
    """The model that the files say together, or None after an error.

    `units` come in the order in which their declarations count: used files before those that use them. `main` is the
    name of the file that holds the `model` line, `given` are facts from the command line.
    """
    scope = Scope(found)
    scope.reserve(Kind.FIELD, (field.name for field in BUILT_IN_FIELDS))
    listed = _declared(units, scope)
    head = _head(listed, main, found)
    grounds = ground(listed, scope)
    conns = connections(listed, grounds, scope)
    if via_cycles(conns, scope):
        check_paths(conns, grounds, scope)
    known = {item.name: item for item in conns}
    made_flows = flows(listed, grounds, known, scope)
    found_cycles(made_flows, known, scope)
    made_functions = functions(listed, scope)
    places = Places(grounds.links, grounds.services, scope)
    partial = _partial(head, grounds, conns, made_flows, made_functions, [unit.file for unit in units])
    return _questions(partial, listed, grounds, places, scope, (main, given))


def _declared(units: Sequence[Unit], scope: Scope) -> list[syntax.TopDecl]:
    """All declarations whose names are free."""
    return [kept for item in standing(units) if (kept := _declare(item, scope)) is not None]


_NAMED = {
    syntax.LinkDecl: Kind.LINK,
    syntax.AssumeDecl: Kind.ASSUMPTION,
    syntax.FieldDecl: Kind.FIELD,
    syntax.PoolDecl: Kind.POOL,
    syntax.ConnectionDecl: Kind.CONNECTION,
    syntax.FlowDecl: Kind.FLOW,
    syntax.FunctionDecl: Kind.FUNCTION,
    syntax.AdversaryDecl: Kind.ADVERSARY,
    syntax.PolicyDecl: Kind.POLICY,
    syntax.CheckDecl: Kind.CHECK,
}


def _declare(item: syntax.TopDecl, scope: Scope) -> syntax.TopDecl | None:
    """The declaration with the names of it that are free; None when there is none."""
    match item:
        case syntax.ZoneDecl(names=names):
            free = tuple(name for name in names if scope.declare(Kind.ZONE, name))
            return replace(item, names=free)
        case syntax.PartyDecl(names=names):
            free = tuple(name for name in names if scope.declare(Kind.PARTY, name))
            return replace(item, names=free)
        case syntax.ServiceDecl(names=names):
            free = tuple(name for name in names if scope.declare(Kind.SERVICE, name))
            for kind, name in [(Kind.OPERATOR, item.operator), *((Kind.ROLE, role) for role in item.roles)]:
                if name is not None:
                    scope.declare(kind, name)
            return replace(item, names=free)
        case syntax.NotYetDecl(word=word):
            notes = ("principals, messages and searches for a least rule set come with a later version",)
            scope.found.error(Code.NOT_YET, f"`{word}` cannot be read yet", item.span, notes=notes)
            return None
        case syntax.FlowDecl(name=name) if name.text == "control":
            message = "`control` names the control units of a stream, so no flow has that name"
            scope.found.error(Code.DUPLICATE_NAME, message, name.span)
            return None
        case syntax.ModelDecl() | syntax.UseDecl() | syntax.GivenDecl():
            return item
        case _:
            return item if scope.declare(_NAMED[type(item)], item.name) else None


def _head(listed: Iterable[syntax.TopDecl], main: str, found: Diagnostics) -> syntax.ModelDecl | None:
    """The one `model` line."""
    lines = [item for item in listed if isinstance(item, syntax.ModelDecl)]
    own = [item for item in lines if item.span.file == main]
    for item in lines:
        if item.span.file != main:
            message = f"`{item.span.file}` is used by another file, so it has no `model` line"
            found.error(Code.NO_MODEL, message, item.span)
    for item in own[1:]:
        found.error(Code.NO_MODEL, "a file has one `model` line", item.span)
    if not own:
        notes = ('write `model NAME "title"` before the declarations',)
        found.error(Code.NO_MODEL, "the file has no `model` line", Span(main, 1, 1, 1, 1), notes=notes)
    return own[0] if own else None


def _partial(
    head: syntax.ModelDecl | None,
    grounds: Ground,
    conns: list[Connection],
    made_flows: list[Flow],
    made_functions: list[Function],
    files: Sequence[str],
) -> Model:
    return Model(
        name=head.name.text if head else "",
        title=head.title.value if head and head.title else "",
        zones=tuple(grounds.zones),
        links=tuple(grounds.links),
        parties=tuple(grounds.parties),
        services=tuple(grounds.services),
        assumptions=tuple(grounds.assumptions),
        own_fields=tuple(grounds.own_fields),
        connections=tuple(conns),
        flows=tuple(made_flows),
        functions=tuple(made_functions),
        files=tuple(files),
    )


def _questions(
    partial: Model,
    listed: list[syntax.TopDecl],
    grounds: Ground,
    places: Places,
    scope: Scope,
    asked_by: tuple[str, Sequence[syntax.FactLiteral]],
) -> Model | None:
    """Adversaries, policies, facts and checks, on what is resolved already."""
    main, given = asked_by
    own_files = frozenset({main})
    adversaries = Adversaries(listed, places, scope, own_files).all()
    rules = policies(listed, grounds, places, scope, own_files)
    facts = Facts(partial, scope)
    closing = Checks(adversaries, rules, places, facts, scope)
    checks = closing.all(listed)
    asked = dict.fromkeys(subjects(checks))
    alone = [Function(flow.name, NeedsFlow(flow.name), flow.span) for flow in partial.flows if flow.name in asked]
    if not scope.found.has_errors:
        unused_flows(partial.flows, partial.functions, partial.connections, set(asked), scope)
    closed = _given(listed, given, facts, scope)
    if scope.found.has_errors:
        return None
    return replace(
        partial,
        given=closed,
        functions=(*partial.functions, *alone),
        adversaries=(*adversaries, *closing.added.values()),
        policies=tuple(rules),
        checks=tuple(checks),
    )


def _given(
    listed: list[syntax.TopDecl], extra: Sequence[syntax.FactLiteral], facts: Facts, scope: Scope
) -> tuple[FactLiteral, ...]:
    """Facts that the model closes, and those of the command line."""
    written = [item.fact for item in listed if isinstance(item, syntax.GivenDecl)]
    made: dict[FactLiteral, None] = {}
    for fact in (*written, *extra):
        literal = facts.given(fact)
        if literal is None:
            continue
        if FactLiteral(literal.fact, not literal.positive, literal.value) in made:
            scope.found.error(Code.CONTRADICTION, f"`{literal}` is given both ways", fact.span)
        made[literal] = None
    return tuple(made)
