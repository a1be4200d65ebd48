"""The named assumptions that an answer leans on: what the model leaves unsaid, and what it or the check assumes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sharedfate.model.facts import FactKind, FactLiteral
from sharedfate.model.guard import assumptions_of
from sharedfate.model.model import Model
from sharedfate.model.network import Connection
from sharedfate.semantics.cone import cone
from sharedfate.semantics.obligation.logic import Lit
from sharedfate.semantics.obligation.world import World


def leaned_on(
    model: Model, world: World, functions: Sequence[str], given: Sequence[FactLiteral], formula: Lit
) -> tuple[str, ...]:
    """Names, without repetitions: silences of the connections and flows in the cone, then assumptions, then facts.

    `given` facts count where the formula that was decided depends on them.
    """
    flows, ids = cone(model, functions)
    found: dict[str, None] = {}
    for name in dict.fromkeys(here.connection for here in ids):
        found.update(dict.fromkeys(_silences(model.connection[name])))
    sized = any(unit.sizes is not None for classes in world.stage.classes.values() for unit in classes)
    found.update(dict.fromkeys(f"size({flow.name})" for flow in flows if sized and not flow.sizes))
    closed = {item.name for item in model.assumptions if not item.is_open}
    guards = [flow.guard for flow in flows]
    guards += [item.guard for here in ids for item in model.connection[here.connection].alternatives]
    names = [name for guard in guards for name in assumptions_of(guard) if name in closed]
    found.update(dict.fromkeys(names))
    literals = world.nature.literals()
    bearing = {literals[one].fact for one in world.logic.support((formula,)) if one in literals}
    kinds = {fact.arguments[:-1] for fact in bearing if fact.kind == FactKind.OCCURS.value}
    for literal in (*model.given, *given):
        sizes = literal.fact.kind == FactKind.OCCURS.value and literal.fact.arguments[:-1] in kinds
        if sizes or literal.fact in bearing:
            found[str(literal)] = None
    return tuple(found)


def _silences(connection: Connection) -> Iterator[str]:
    """What the declaration does not say (DESIGN.md 3)."""
    pools = [item.pool for item in connection.alternatives]
    if any(pool is not None for pool in pools) and not any(pool and pool.prefixes[0].version == 6 for pool in pools):
        yield f"no_ipv6({connection.name})"
    if any(pool is None for pool in pools):
        yield f"own_address({connection.name})"
    if any(not item.found for item in connection.alternatives):
        yield f"found({connection.name})"
    if connection.stream and (connection.control_up is None or connection.control_down is None):
        yield f"control({connection.name})"
