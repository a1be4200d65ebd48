"""Models said in another way: everything renamed, or declared in another order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from sharedfate.evidence.answer import Condition
from sharedfate.model.model import Model

Names = Mapping[str, str]


def names_of(model: Model) -> list[str]:
    """Every name that a model declares, once."""
    declared = (
        *model.zones, *model.links, *model.parties, *model.services, *model.assumptions, *model.connections,
        *model.flows, *model.functions, *model.adversaries, *model.policies,
    )  # fmt: skip
    pools = (item.pool.name for one in model.connections for item in one.alternatives if item.pool and item.pool.name)
    return sorted({*(item.name for item in declared), *pools})


def renamed(value: Any, names: Names) -> Any:
    """The same with every declared name replaced, wherever it stands: in declarations, questions and facts."""
    if isinstance(value, str):
        return "@".join(names.get(part, part) for part in value.split("@"))
    if isinstance(value, tuple):
        return tuple(renamed(part, names) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {item.name: renamed(getattr(value, item.name), names) for item in fields(value) if item.init}
        return replace(value, **changed)
    return value


def conditions(found: tuple[Condition, ...]) -> frozenset[frozenset[str]]:
    """Conditions without their order."""
    return frozenset(frozenset(map(str, one)) for one in found)


def shuffled(model: Model, permute: Callable[[tuple[Any, ...]], tuple[Any, ...]]) -> Model:
    """The same declarations in another order; alternatives and rules, whose order means something, stay."""
    adversaries = tuple(
        replace(one, links=permute(one.links), services=permute(one.services), sees=permute(one.sees),
                acts=permute(one.acts))
        for one in model.adversaries
    )  # fmt: skip
    connections = tuple(replace(one, clients=permute(one.clients)) for one in model.connections)
    return replace(
        model,
        zones=permute(model.zones),
        links=permute(model.links),
        parties=permute(model.parties),
        services=permute(model.services),
        assumptions=permute(model.assumptions),
        connections=permute(connections),
        flows=permute(model.flows),
        functions=permute(model.functions),
        adversaries=permute(adversaries),
        policies=permute(model.policies),
    )
