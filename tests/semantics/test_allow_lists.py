"""F8: what a list of allow rules lets pass is what some rule of it lets pass alone, whatever the rules are."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from fuzz.generator import seeded_case
from sharedfate.model.adversary import Act, Limit
from sharedfate.model.question import CanCut
from sharedfate.semantics.allow_lists import AllowList, listed, places_of
from sharedfate.semantics.choices import TooManyError, choices, corner_values
from sharedfate.semantics.explore import Watching
from sharedfate.semantics.explore_allow import AllowPolicies
from sharedfate.semantics.fate import Fate
from sharedfate.semantics.lens import lens_of_adversary
from sharedfate.semantics.observe import Images
from sharedfate.semantics.staging import stage as stage_of


def compared(seed: int) -> int:
    """How many acts of lists of two rules were compared with those of their rules, in one model."""
    model, check = seeded_case(seed, ("cut",))
    assert isinstance(check.question, CanCut)
    eve = replace(model.adversaries[0], acts=(Act.DROP,), limit=Limit(2, allow_list=True))
    stage = stage_of(model, ["f", "g"], lens_of_adversary(eve))
    choice = next(iter(choices(model, stage, (), representatives=corner_values(model, stage), bound=10_000)))
    look = Watching(eve)
    fate = Fate(model, stage, look, choice, check.question.horizon, Images(model, stage))
    _ = fate.function("f").rung, fate.function("g").rung
    policies = AllowPolicies(model, eve, list(look.views), list(look.seen), 2_000)
    places = places_of(eve)
    alone = {rule: AllowList(listed([rule], places), places, eve.holds_root) for rule in policies.rules}
    count = 0
    for pair in combinations(policies.rules[:8], 2):
        both = AllowList(listed(pair, places), places, eve.holds_root)
        for seen in look.seen:
            dropped = [bool(alone[rule].act(seen.observation, seen.setup)) for rule in pair]
            assert bool(both.act(seen.observation, seen.setup)) is all(dropped), (seed, pair, seen)
            count += 1
    return count


def test_each_rule_can_be_judged_alone() -> None:
    total = 0
    for seed in range(60):
        try:
            total += compared(seed)
        except TooManyError:
            continue
    assert total > 5_000
