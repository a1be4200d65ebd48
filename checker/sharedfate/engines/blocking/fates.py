"""What becomes of every function under fixed rules, by the executable semantics."""

from __future__ import annotations

from collections.abc import Sequence

from sharedfate.engines.blocking.replay import replayed
from sharedfate.evidence.answer import FlowFate, FunctionFate
from sharedfate.model.model import Model
from sharedfate.model.policy import WitnessRule
from sharedfate.model.question import Horizon
from sharedfate.semantics.choices import Choice
from sharedfate.semantics.cone import flows_of
from sharedfate.semantics.fate import Fate
from sharedfate.semantics.obligation.world import World
from sharedfate.semantics.policies import Acting, WitnessPolicy


def function_fates(
    model: Model, world: World, rules: Sequence[WitnessRule], choice: Choice, horizon: Horizon, fate: Fate
) -> tuple[FunctionFate, ...]:
    """Of witness rules, at the question's horizon, with the rungs at all three."""
    return fates_under(model, world, WitnessPolicy(tuple(rules)), choice, horizon, fate)


def fates_under(
    model: Model, world: World, policy: Acting, choice: Choice, horizon: Horizon, fate: Fate
) -> tuple[FunctionFate, ...]:
    """Of any fixed policy."""
    at = {one: fate if one is horizon else replayed(world, policy, choice, one) for one in Horizon}
    return tuple(
        FunctionFate(
            function=function.name,
            rung=fate.function(function.name).rung,
            flows=tuple(_flow_fate(fate, name) for name in dict.fromkeys(flows_of(model, function.formula))),
            at_horizon=tuple((one, at[one].function(function.name).rung) for one in Horizon),
        )
        for function in model.functions
    )


def _flow_fate(fate: Fate, flow: str) -> FlowFate:
    return FlowFate(flow, fate.flow(flow).rungs.rung)
