"""Functions: formulas over flows and functions; circles, and flows that nobody asks about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from sharedfate.language import syntax
from sharedfate.language.diagnostics import Code
from sharedfate.language.resolve.guards import guard
from sharedfate.language.resolve.network import source
from sharedfate.language.resolve.scope import Kind, Scope
from sharedfate.model.network import ByFlow, Connection
from sharedfate.model.traffic import AllOf, AnyOf, Arm, First, Flow, Formula, Function, NeedsFlow, NeedsFunction


def functions(declarations: Iterable[syntax.TopDecl], scope: Scope) -> list[Function]:
    """All functions whose names are known, in order of declaration; [] when they need each other in a circle."""
    made: list[Function] = []
    for item in declarations:
        if isinstance(item, syntax.FunctionDecl):
            formula = _formula(item.formula, scope)
            if formula is not None:
                made.append(Function(item.name.text, formula, item.name.span, source(item)))
    return [] if _cycles(made, scope) else made


def _formula(written: syntax.Formula, scope: Scope) -> Formula | None:
    match written:
        case syntax.Ref(name=name):
            kind = scope.find(name, Kind.FLOW, Kind.FUNCTION)
            if kind is None:
                return None
            return NeedsFlow(name.text) if kind is Kind.FLOW else NeedsFunction(name.text)
        case syntax.AllOf(parts=parts):
            made = [_formula(part, scope) for part in parts]
            return AllOf(tuple(item for item in made if item is not None)) if all(made) else None
        case syntax.AnyOf(arms=arms):
            built = [(_formula(arm.formula, scope), arm.degraded, guard(arm.guard, scope)) for arm in arms]
            known = [Arm(formula, degraded, when) for formula, degraded, when in built if formula is not None]
            return AnyOf(tuple(known)) if len(known) == len(arms) else None
        case syntax.First(formula=inner):
            inside = _formula(inner, scope)
            return First(inside) if inside is not None else None
        case _:
            assert_never(written)


def needed(formula: Formula) -> Iterator[NeedsFlow | NeedsFunction]:
    """The leaves of a formula, in the order written."""
    todo = [formula]
    while todo:
        match todo.pop():
            case NeedsFlow() | NeedsFunction() as leaf:
                yield leaf
            case AllOf(parts=parts):
                todo += reversed(parts)
            case AnyOf(arms=arms):
                todo += [arm.formula for arm in reversed(arms)]
            case First(formula=inner):
                todo.append(inner)


def _cycles(made: list[Function], scope: Scope) -> bool:
    """Say which functions need themselves; one message a circle."""
    needs = {
        item.name: [leaf.function for leaf in needed(item.formula) if isinstance(leaf, NeedsFunction)] for item in made
    }
    spans = {item.name: item.span for item in made}
    state: dict[str, bool] = {}  # False: on the way, True: done
    found = False
    for start, first in needs.items():
        stack = [(start, iter(first))] if start not in state else []
        path = [start]
        state.setdefault(start, False)
        while stack:
            name, rest = stack[-1]
            other = next((item for item in rest if item in needs), None)
            if other is None:
                state[name] = True
                stack.pop()
                path.pop()
            elif other not in state:
                state[other] = False
                stack.append((other, iter(needs[other])))
                path.append(other)
            elif not state[other]:
                found = True
                circle = [*path[path.index(other) :], other]
                shown = " needs ".join(f"`{item}`" for item in circle)
                scope.found.error(Code.FUNCTION_CYCLE, f"a function needs itself: {shown}", spans[other])
    return found


def unused_flows(
    made: Iterable[Flow], needing: Iterable[Function], connections: Iterable[Connection], asked: set[str], scope: Scope
) -> None:
    """Warn of flows that no function, check or way of finding uses."""
    used = {leaf.flow for item in needing for leaf in needed(item.formula) if isinstance(leaf, NeedsFlow)}
    used |= {step.flow for item in connections for way in item.alternatives for step in way.found
             if isinstance(step, ByFlow)}  # fmt: skip
    for flow in made:
        if flow.name not in used and flow.name not in asked:
            notes = ("it still shares the fate of what rides with it",)
            message = f"no function uses flow `{flow.name}`"
            scope.found.warning(Code.UNUSED_FLOW, message, flow.span, notes=notes)
