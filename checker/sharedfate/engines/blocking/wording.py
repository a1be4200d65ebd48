"""Nature's literals in words: the facts that matter to a formula, and conditions over them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from sharedfate.engines.blocking.game import Cube
from sharedfate.evidence.answer import Condition
from sharedfate.model.facts import FactLiteral, FactName
from sharedfate.semantics.obligation.logic import Lit
from sharedfate.semantics.obligation.world import World


def relevant(world: World, formulas: Sequence[Lit]) -> list[Lit]:
    """Nature's variables that formulas depend on, by name; one of two where a fact has two named values."""
    literals = world.nature.literals()
    support = [one for one in world.logic.support(formulas) if one in literals]
    siblings: dict[FactName, list[Lit]] = {}
    for node in support:
        siblings.setdefault(literals[node].fact, []).append(node)
    sizes = Counter(literal.fact for literal in literals.values())
    pairs = {
        max(nodes, key=lambda one: str(literals[one]))
        for fact, nodes in siblings.items()
        if len(nodes) == sizes[fact] == 2
    }
    return sorted((one for one in support if one not in pairs), key=lambda one: str(literals[one]))


def preferred(world: World) -> list[Lit]:
    """What an example chooses where it may: of values the first by name, of other facts that they do not hold."""
    literals = world.nature.literals()
    first: dict[FactName, Lit] = {}
    for node, literal in sorted(literals.items(), key=lambda item: str(item[1])):
        if literal.value is not None:
            first.setdefault(literal.fact, node)
    ordered = sorted(literals, key=lambda node: str(literals[node]))
    return [node if first.get(literals[node].fact) == node else -node for node in ordered]


def condition(world: World, cube: Cube) -> Condition:
    """A condition in words, in a fixed order."""
    literals = world.nature.literals()
    return tuple(sorted((_literal(one, literals) for one in cube), key=str))


def _literal(one: Lit, literals: dict[Lit, FactLiteral]) -> FactLiteral:
    literal = literals[abs(one)]
    if one > 0:
        return literal
    if literal.value is not None:
        others = [other for other in literals.values() if other.fact == literal.fact and other != literal]
        if len(others) == 1:
            return others[0]
    return replace(literal, positive=False)
