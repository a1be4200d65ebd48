"""Every witness is run on the executable semantics before it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sharedfate.evidence.certify import InternalCheckFailed
from sharedfate.model.adversary import Adversary
from sharedfate.model.facts import FactLiteral
from sharedfate.model.policy import WitnessRule
from sharedfate.model.question import CanCut, Horizon
from sharedfate.semantics.allow_lists import acting, unlisted
from sharedfate.semantics.choices import Choice, possible_values
from sharedfate.semantics.fate import Fate, fate
from sharedfate.semantics.obligation.logic import Lit
from sharedfate.semantics.obligation.world import World
from sharedfate.semantics.policies import Acting, illegal

Shown = tuple[tuple[WitnessRule, ...], Choice]
"""A witness, and the choice of nature under which it was replayed."""


def choice_of(world: World, true: Iterable[Lit]) -> Choice:
    """Nature's variables as a choice that the executable semantics takes. Facts that do not matter get a value too."""
    literals = world.nature.literals()
    chosen = frozenset(true)
    pools = {fact: {value.text: value.sample for value in values} for fact, values in world.values.items()}
    samples = {fact: list(values.values()) for fact, values in pools.items()}
    table = possible_values(world.model, world.stage, throttled=True, redirected=True, representatives=samples)
    choice = {fact: values[0] for fact, values in table.items()}
    for node, literal in literals.items():
        if literal.value is None:
            choice[literal.fact] = node in chosen
        elif node in chosen:
            choice[literal.fact] = pools.get(literal.fact, {}).get(literal.value, literal.value)
    return choice


def described(world: World, true: Iterable[Lit], relevant: Iterable[Lit]) -> tuple[FactLiteral, ...]:
    """A choice in words: only the facts in `relevant`, and of facts with several values only the one chosen."""
    literals = world.nature.literals()
    chosen = frozenset(true)
    found: list[FactLiteral] = []
    for node in relevant:
        literal = literals[node]
        if literal.value is None:
            found.append(FactLiteral(literal.fact, node in chosen))
        elif node in chosen:
            found.append(literal)
    return tuple(sorted(found, key=str))


def replayed(world: World, policy: Acting, choice: Choice, horizon: Horizon) -> Fate:
    """The fate of everything, by the executable semantics; the same question is not worked out twice."""
    key = (policy, horizon, frozenset(choice.items()))
    found = world.replays.get(key)
    if found is None:
        found = fate(world.model, world.stage, policy, choice, horizon, world.shown)
        world.replays[key] = found
    return found


def checked(world: World, adversary: Adversary, question: CanCut, rules: Sequence[WitnessRule], choice: Choice) -> Fate:
    """The fate under witness rules, when they are an attack that the adversary may make.

    Raises InternalCheckFailed.
    """
    for problem in (unlisted if adversary.denies_by_default else illegal)(rules, adversary):
        raise InternalCheckFailed(f"a witness is not a policy of {adversary.name}: {problem}")
    found = replayed(world, acting(tuple(rules), adversary), choice, question.horizon)
    cut = found.function(question.function).rung
    low = [name for name in question.spared if found.function(name).rung < question.kept]
    if cut > question.cut or low:
        harmed = f"; {', '.join(low)} not spared" if low else ""
        raise InternalCheckFailed(f"a witness does not replay: {question.function} is {cut}{harmed}")
    return found
