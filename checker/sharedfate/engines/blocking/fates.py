"""What becomes of every function under fixed rules, by the executable semantics."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sharedfate.engines.blocking.replay import replayed
from sharedfate.evidence.answer import FlowFate, FunctionFate
from sharedfate.model.model import Model
from sharedfate.model.question import Horizon
from sharedfate.model.traffic import Formula
from sharedfate.semantics.choices import Choice
from sharedfate.semantics.cone import needed_flows
from sharedfate.semantics.explain import FlowReason, flow_reason
from sharedfate.semantics.fate import Fate
from sharedfate.semantics.obligation.world import World
from sharedfate.semantics.policies import Acting

Numbering = Callable[[FlowReason], tuple[int, ...]]
"""Which entries of a list of rules touch a flow, by index."""


def fates_under(
    world: World, policy: Acting, choice: Choice, horizon: Horizon, numbered: Numbering
) -> tuple[FunctionFate, ...]:
    """Every function of a stage under a fixed policy at one horizon, with its rungs at all three."""
    at = {one: replayed(world, policy, choice, one) for one in Horizon}
    model = world.model
    return tuple(
        _function(model, name, model.function[name].formula, at, horizon, numbered) for name in world.stage.functions
    )


def _function(
    model: Model, name: str, formula: Formula, at: Mapping[Horizon, Fate], horizon: Horizon, numbered: Numbering
) -> FunctionFate:
    fate = at[horizon]
    return FunctionFate(
        function=name,
        rung=fate.function(name).rung,
        flows=flow_fates(model, formula, fate, numbered),
        at_horizon=tuple((one, at[one].function(name).rung) for one in Horizon),
    )


def flow_fates(model: Model, formula: Formula, fate: Fate, numbered: Numbering) -> tuple[FlowFate, ...]:
    """The flows of a formula, each once: of two clients (one holds things, one is fresh) the one that fares worse."""
    found: dict[str, FlowFate] = {}
    for flow, fresh in needed_flows(model, formula):
        reason = flow_reason(fate, flow, fresh)
        one = FlowFate(flow, reason.rung, reason.reason, reason.cause, reason.connections, numbered(reason))
        if flow not in found or one.rung < found[flow].rung:
            found[flow] = one
    return tuple(found.values())
