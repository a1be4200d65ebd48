"""Nature: one value for each open fact (spec A4, A7, D, H), and all the choices that nature has in a small world."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import assert_never

from sharedfate.model.facts import FactKind, FactLiteral, FactName
from sharedfate.model.guard import Always, Assumed, Every, Guard, Some, assumptions_of
from sharedfate.model.model import Model
from sharedfate.model.network import Order
from sharedfate.model.policy import MatchIp, MatchName, MatchPort
from sharedfate.model.traffic import AllOf, AnyOf, First, Formula, NeedsFlow, NeedsFunction
from sharedfate.model.wire import Dialect, Range
from sharedfate.semantics import names
from sharedfate.semantics.stage import Carried, PoolKind, PoolUse, Stage, UnitClass

Address = tuple[int, int] | str
"""(version, number), or the token of an address of its own."""
Value = bool | str | int | tuple[int, int]
"""Of a fact: truth; an alternative's key or a name; a port; an address."""
Choice = Mapping[FactName, Value]
"""What nature chose. Facts with only one possible value may be missing."""

MAX_POOL = 256
"""A pool with more values than this cannot be listed; the caller must say which to consider."""


class TooManyError(Exception):
    """A brute force was asked for something that is too big for it."""


def assumption(name: str) -> FactName:
    """The fact that stands for a declared assumption."""
    return FactName(FactKind.ASSUMPTION.value, (name,))


def holds(guard: Guard, choice: Choice) -> bool:
    """Whether a guard holds. An assumption that the choice does not mention holds: it was declared, and not open."""
    match guard:
        case Always():
            return True
        case Assumed(name=name, positive=positive):
            return bool(choice.get(assumption(name), True)) is positive
        case Every(parts=parts):
            return all(holds(part, choice) for part in parts)
        case Some(parts=parts):
            return any(holds(part, choice) for part in parts)
        case _:
            assert_never(guard)


def is_there(unit: UnitClass, choice: Choice) -> bool:
    """Whether units of this class occur under the choice (A7)."""
    return holds(unit.guard, choice) and (unit.occurs is None or bool(choice[unit.occurs]))


def choices(
    model: Model,
    stage: Stage,
    given: Sequence[FactLiteral] = (),
    *,
    throttled: bool = False,
    redirected: bool = False,
    representatives: Mapping[FactName, Sequence[Value]] | None = None,
    bound: int = 20_000,
) -> Iterator[dict[FactName, Value]]:
    """All choices of nature that the given facts allow and A7 does not rule out.

    `throttled`: whether somebody may throttle, so that needs and what runs together matter; `redirected`: whether
    somebody sends connections where their names resolve to. `representatives` are the values to consider of pools
    that are too big to list. Raises TooManyError when there are more than `bound`.
    """
    literals = (*model.given, *given)
    table = possible_values(
        model, stage, throttled=throttled, redirected=redirected, representatives=representatives or {}
    )
    allowed = {fact: [value for value in values if _allows(literals, fact, value)] for fact, values in table.items()}
    if prod(len(values) for values in allowed.values()) > bound:
        raise TooManyError(f"nature has more than {bound} choices")
    facts = list(allowed)
    for values in product(*allowed.values()):
        choice = dict(zip(facts, values, strict=True))
        if _some_class_occurs(model, stage, choice):
            yield choice


def possible_values(
    model: Model,
    stage: Stage,
    *,
    throttled: bool,
    redirected: bool,
    representatives: Mapping[FactName, Sequence[Value]],
) -> dict[FactName, list[Value]]:
    """Every fact that bears on the stage with the values that it can have, before anything is given."""
    table: dict[FactName, list[Value]] = {}
    opened = {item.name for item in model.assumptions if item.is_open}
    for name in dict.fromkeys(name for guard in _guards(model, stage) for name in assumptions_of(guard)):
        table[assumption(name)] = [True, False] if name in opened else [True]
    for pool in pools(stage):
        if pool.fact not in table:
            table[pool.fact] = list(representatives.get(pool.fact) or pool_values(model, stage, pool))
    for fact in _truths(model, stage, throttled, redirected):
        table[fact] = [True, False]
    for instance in stage.instances:
        if len(instance.alternatives) > 1:
            keys: list[Value] = [item.key for item in instance.alternatives]
            table[FactName(FactKind.SITS.value, (instance.label,))] = keys
    return table


def _truths(model: Model, stage: Stage, throttled: bool, redirected: bool) -> Iterator[FactName]:
    for load in _loads(stage):
        yield from (unit.occurs for unit in load.classes if unit.occurs is not None)
    for flow in stage.flows:
        yield from (unit.occurs for unit in stage.classes[flow.name] if unit.occurs is not None)
    for instance in stage.instances:
        connection = instance.connection
        if connection.stream and connection.order is Order.OPEN:
            yield FactName(FactKind.ORDER.value, (connection.name,))
        if redirected:
            yield FactName(FactKind.RESOLVES.value, (connection.name,))
        if throttled:
            carried = dict.fromkeys(load.flow for load in instance.carried if load.flow is not None)
            for name in carried:
                if connection.stream and len(carried) > 1:
                    yield FactName(FactKind.TOGETHER.value, (instance.label, name))
                if model.flow[name].need is None:
                    yield FactName(FactKind.NEED.value, (name,))


def _loads(stage: Stage) -> Iterator[Carried]:
    for instance in stage.instances:
        yield from instance.carried


def _guards(model: Model, stage: Stage) -> Iterator[Guard]:
    for instance in stage.instances:
        yield from (item.alternative.guard for item in instance.alternatives)
    for load in _loads(stage):
        yield from (unit.guard for unit in load.classes)
        if load.flow is not None:
            yield model.flow[load.flow].guard
    for flow in stage.flows:
        yield flow.guard
        yield from (unit.guard for unit in stage.classes[flow.name])
    unfolded: set[str] = set()
    for name in stage.functions:
        yield from _arm_guards(model, NeedsFunction(name), unfolded)


def _arm_guards(model: Model, formula: Formula, unfolded: set[str]) -> Iterator[Guard]:
    """`unfolded`: functions that were looked into before; each once, or nested ones would cost exponential time."""
    match formula:
        case NeedsFlow():
            return
        case NeedsFunction(function=name):
            if name not in unfolded:
                unfolded.add(name)
                yield from _arm_guards(model, model.function[name].formula, unfolded)
        case AllOf(parts=parts):
            for part in parts:
                yield from _arm_guards(model, part, unfolded)
        case AnyOf(arms=arms):
            for arm in arms:
                yield arm.guard
                yield from _arm_guards(model, arm.formula, unfolded)
        case First(formula=inner):
            yield from _arm_guards(model, inner, unfolded)
        case _:
            assert_never(formula)


def pools(stage: Stage) -> Iterator[PoolUse]:
    """Every pool on the stage, with repetitions."""
    for instance in stage.instances:
        for item in instance.alternatives:
            yield item.address
            if item.port is not None:
                yield item.port
            yield from (pool for _, pool in item.names)


def pool_values(model: Model, stage: Stage, pool: PoolUse) -> list[Value]:
    """All values of a small pool, in order. A name pattern with a `*` gets names that rules and patterns tell apart.

    Raises TooManyError above MAX_POOL values.
    """
    match pool.kind:
        case PoolKind.ADDRESS:
            if not pool.prefixes:
                return [pool.own]
            count = sum(1 << (prefix.bits - prefix.length) for prefix in pool.prefixes)
            _refuse(pool, count)
            spans = ((prefix.version, prefix.first, prefix.last) for prefix in pool.prefixes)
            return list(dict.fromkeys((kind, one) for kind, low, high in spans for one in range(low, high + 1)))
        case PoolKind.PORT:
            _refuse(pool, sum(item.high - item.low + 1 for item in pool.ports))
            return list(dict.fromkeys(port for item in pool.ports for port in range(item.low, item.high + 1)))
        case PoolKind.NAME:
            return list(_name_values(model, stage, pool))
        case _:
            assert_never(pool.kind)


def corner_values(model: Model, stage: Stage) -> dict[FactName, list[Value]]:
    """For pools that are too big to list: two values of each piece that the model's prefixes and ranges cut them into.

    Two, so that two clients of one pool may be handed the same value or different ones.
    """
    edges = _edges(model, stage)
    found: dict[FactName, list[Value]] = {}
    for pool in pools(stage):
        spans = [(f"v{one.version}", one.first, one.last) for one in pool.prefixes]
        spans += [("port", one.low, one.high) for one in pool.ports]
        if sum(high - low + 1 for _, low, high in spans) <= MAX_CORNERED:
            continue
        values: dict[Value, None] = {}
        for kind, low, high in spans:
            starts = [low, *(edge for edge in edges[kind] if low < edge <= high)]
            for start, after in zip(starts, [*starts[1:], high + 1], strict=True):
                for number in range(start, min(start + 2, after)):
                    values[number if kind == "port" else (int(kind[1:]), number)] = None
        found[pool.fact] = list(values)
    return found


MAX_CORNERED = 8
"""Up to so many values `corner_values` leaves a pool to be listed in full."""


def _edges(model: Model, stage: Stage) -> dict[str, list[int]]:
    """Where any pool or rule begins, or has just ended, by kind of number."""
    edges: dict[str, set[int]] = {"v4": set(), "v6": set(), "port": set()}
    prefixes = [prefix for pool in pools(stage) for prefix in pool.prefixes]
    ports = [ports for pool in pools(stage) for ports in pool.ports]
    for match in (match for policy in model.policies for rule in policy.rules for match in rule.matches):
        if isinstance(match, MatchIp):
            prefixes += match.prefixes
        if isinstance(match, MatchPort):
            ports += match.ranges
    for prefix in prefixes:
        edges[f"v{prefix.version}"] |= {prefix.first, prefix.last + 1}
    edges["port"] = {edge for one in ports for edge in (one.low, one.high + 1)}
    return {kind: sorted(found) for kind, found in edges.items()}


def _refuse(pool: PoolUse, count: int) -> None:
    if count > MAX_POOL:
        raise TooManyError(f"{pool.fact} has {count} values")


def _name_values(model: Model, stage: Stage, pool: PoolUse) -> list[Value]:
    if names.is_literal(pool.pattern):
        return [pool.pattern.lower()]
    patterns = dict.fromkeys(item.pattern for item in pools(stage) if item.kind is PoolKind.NAME)
    known = dict.fromkeys(name.lower() for text in patterns for name in names.instances(text))
    for text, dialect in _named_by_rules(model):
        known |= dict.fromkeys(name.lower() for name in _candidates(pool.pattern, text, dialect))
    found: list[Value] = [name for name in known if names.pattern_contains(pool.pattern, name)]
    _refuse(pool, len(found))
    return found


def _named_by_rules(model: Model) -> Iterator[tuple[str, Dialect]]:
    for policy in model.policies:
        for rule in policy.rules:
            for match in rule.matches:
                if isinstance(match, MatchName):
                    yield from ((text, match.dialect) for text in match.names)


def _candidates(pattern: str, text: str, dialect: Dialect) -> Iterator[str]:
    """Names that the rule matches and that the pattern may contain."""
    plain = text.replace("*", "any").replace("?", "x")
    yield plain
    yield f"any.{plain}"
    if dialect is Dialect.KEYWORD:
        yield from names.instances(pattern, (plain,))


def _allows(literals: Iterable[FactLiteral], fact: FactName, value: Value) -> bool:
    return all(_literal_allows(literal, fact, value) for literal in literals)


def _literal_allows(literal: FactLiteral, fact: FactName, value: Value) -> bool:
    """Whether a given literal lets a fact have a value; literals about other facts do. Sizes close by range (H)."""
    if literal.fact == fact:
        return literal_holds(literal, {fact: value})
    if not literal.fact.kind == fact.kind == FactKind.OCCURS.value:
        return True
    (*whose, said), (*others, cut) = literal.fact.arguments, fact.arguments
    if whose != others:
        return True
    wide, part = parse_range(said), parse_range(cut)
    inside = wide.low <= part.low and part.high <= wide.high
    meets = part.low <= wide.high and wide.low <= part.high
    return value is True if literal.positive and inside else value is False if not literal.positive and meets else True


def parse_range(text: str) -> Range:
    """`7` or `1..64`."""
    low, _, high = text.partition("..")
    return Range(int(low), int(high or low))


def literal_holds(literal: FactLiteral, choice: Choice) -> bool:
    """Whether a literal is true under a choice that decides its fact.

    Values are written as text: an address or prefix, a port or range of ports, a name, a key; several with commas.
    A class of names is written by one of them, `<1..50>.example (like 7.example)`; here it stands for that one.
    """
    value = choice[literal.fact]
    if literal.value is None:
        return bool(value) is literal.positive
    return any(_is_value(text.strip(), value) for text in literal.value.split(",")) is literal.positive


def _is_value(text: str, value: Value) -> bool:
    match value:
        case bool():
            return text == str(value).lower()
        case int():
            part = parse_range(text)
            return part.low <= value <= part.high
        case str():
            _, _, like = text.partition(" (like ")
            return (like.removesuffix(")") or text).lower() == value.lower()
        case (version, number):
            low, _, high = text.partition("..")
            if high:
                first, last = ipaddress.ip_address(low), ipaddress.ip_address(high)
                return first.version == version and int(first) <= number <= int(last)
            network = ipaddress.ip_network(text)
            first, last = network.network_address, network.broadcast_address
            return network.version == version and int(first) <= number <= int(last)
        case _:
            assert_never(value)


def _some_class_occurs(model: Model, stage: Stage, choice: Choice) -> bool:
    """A7: at least one class of every flow, and of control in each direction, occurs (of those that are there)."""
    flows = dict(stage.classes)
    for load in _loads(stage):
        if load.flow is None and load.rider is None and not _one_of(load.classes, choice):
            return False
        if load.flow is not None and load.rider is None:
            flows[load.flow] = load.classes
    return all(_one_of(classes, choice) for name, classes in flows.items() if holds(model.flow[name].guard, choice))


def _one_of(classes: Sequence[UnitClass], choice: Choice) -> bool:
    there = [unit for unit in classes if holds(unit.guard, choice)]
    return not there or any(is_there(unit, choice) for unit in there)
