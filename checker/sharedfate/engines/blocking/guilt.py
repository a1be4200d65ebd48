"""Which entries of declared policies do it: every rule that acts on something that a function needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sharedfate.engines.blocking.fates import Numbering
from sharedfate.engines.blocking.replay import replayed
from sharedfate.evidence.rule_words import rule_words
from sharedfate.model.policy import Policy
from sharedfate.model.question import UnderPolicies
from sharedfate.model.source import Span
from sharedfate.semantics.choices import Choice
from sharedfate.semantics.cone import needed_flows
from sharedfate.semantics.explain import FlowReason, flow_reason
from sharedfate.semantics.obligation.world import World
from sharedfate.semantics.policies import Acting, Decision


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: the policy, where it stands, its words."""

    policy: str
    span: Span
    rule: str


def entry_of(decision: Decision, policies: Sequence[Policy]) -> Entry:
    """The entry that a decision came from; the default counts as one."""
    policy = next(one for one in policies if one.name == decision.policy)
    text = "default deny" if decision.rule is None else rule_words(policy.rules[decision.rule])
    span = policy.default_span if decision.rule is None else policy.rules[decision.rule].span
    return Entry(policy.name, span, text)


def entries_of(reasons: Sequence[FlowReason], policies: Sequence[Policy]) -> list[Entry]:
    """Every entry that bears on the flows, each once, in order of policy and rule."""
    found: dict[Entry, tuple[int, int]] = {}
    order = {policy.name: index for index, policy in enumerate(policies)}
    for reason in reasons:
        for decision in reason.decisions:
            rule = len(policies[order[decision.policy]].rules) if decision.rule is None else decision.rule
            found.setdefault(entry_of(decision, policies), (order[decision.policy], rule))
    return sorted(found, key=lambda entry: found[entry])


def guilty_entries(
    world: World, acting: Acting, policies: Sequence[Policy], choice: Choice, question: UnderPolicies
) -> list[Entry]:
    """The entries that bear on the functions asked about."""
    fate = replayed(world, acting, choice, question.horizon)
    wanted = [
        (flow, fresh)
        for name in question.functions
        for flow, fresh in needed_flows(world.model, world.model.function[name].formula)
    ]
    return entries_of([flow_reason(fate, flow, fresh) for flow, fresh in dict.fromkeys(wanted)], policies)


def numbering(entries: Sequence[Entry], policies: Sequence[Policy]) -> Numbering:
    """Numbers the entries of a flow by their place in a list; entries that are not in it get no number."""
    places = {entry: index for index, entry in enumerate(entries)}

    def numbered(reason: FlowReason) -> tuple[int, ...]:
        found = {places.get(entry_of(decision, policies)) for decision in reason.decisions}
        return tuple(sorted(one for one in found if one is not None))

    return numbered
