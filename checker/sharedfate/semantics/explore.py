"""The referee: answers a question by trying every policy and every choice of nature of a small model (spec C1, F)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import prod

from sharedfate.model.adversary import Act, Adversary
from sharedfate.model.model import Model
from sharedfate.model.policy import Drop, Redirect, Reset, Throttle
from sharedfate.model.question import AlwaysRides, CanCut, Check, Rung, UnderPolicies, VerdictKind
from sharedfate.model.traffic import Hop
from sharedfate.model.wire import Prefix
from sharedfate.semantics.allow_lists import cannot_deny
from sharedfate.semantics.choices import Choice, TooManyError, choices, corner_values, holds
from sharedfate.semantics.cone import flows_of, needed_flows
from sharedfate.semantics.explore_allow import AllowPolicies
from sharedfate.semantics.explore_limits import RulePolicies
from sharedfate.semantics.fate import Fate
from sharedfate.semantics.hits import Effects, Hits, OneEffect, Where
from sharedfate.semantics.lens import NOBODY, lens_of_adversary, lens_of_policies
from sharedfate.semantics.observe import Images, Observation, Seen, View, view_of
from sharedfate.semantics.policies import Decision, DeclaredPolicies, Nothing, action_of
from sharedfate.semantics.stage import Stage
from sharedfate.semantics.staging import stage as stage_of

MAX_POLICIES = 1 << 20
"""More policies than this are refused, however few the choices."""


NOWHERE_IS = Prefix(4, 0xF0000001, 32)
"""An address that no pool has, to redirect to."""


@dataclass(frozen=True)
class Ruling:
    """What the referee says. `choices` are the honest ones (or all, where policies are declared), in a fixed order.

    `safe`: indices of choices under which no policy is an attack (for other questions: where the claim holds).
    `served`: the maximal sets of choices under which one and the same policy is an attack.
    """

    verdict: VerdictKind
    choices: tuple[Choice, ...] = ()
    safe: frozenset[int] = frozenset()
    served: tuple[frozenset[int], ...] = ()
    views: tuple[View, ...] = ()


def rule(model: Model, check: Check, bound: int = 1_000_000, most_choices: int = 20_000) -> Ruling:
    """The verdict on a check.

    Raises TooManyError when nature has more than `most_choices` choices, or policies times choices exceed `bound`.
    """
    match check.question:
        case CanCut() as question:
            return _can_cut(model, check, question, bound, most_choices)
        case UnderPolicies() as question:
            return _under(model, check, question, most_choices)
        case AlwaysRides() as question:
            return _rides(model, check, question, most_choices)


# Searching adversaries (F1 to F4)


@dataclass
class Watching:
    """Does nothing, and notes every view at which the adversary could have acted."""

    adversary: Adversary
    views: dict[View, None] = field(default_factory=dict)
    everywhere: Where = 1
    seen: dict[Seen, None] = field(default_factory=dict)

    def hits(self, seen: Seen) -> Hits:
        """No hits."""
        if seen not in self.seen:
            self.seen[seen] = None
            view = view_of(self.adversary, seen.observation)
            if view is not None and (acts_at(self.adversary, view) or Act.REDIRECT in self.adversary.acts):
                self.views[view] = None
        return Hits()


def redirections(model: Model, stage: Stage) -> tuple[Redirect, ...]:
    """Where a searching adversary may redirect to: each address that a pool names, one that none does, dns(sni)."""
    pools = [item.address for instance in stage.instances for item in instance.alternatives]
    named = {prefix for pool in pools for prefix in pool.prefixes}
    hosts = {
        Prefix(prefix.version, number, prefix.bits)
        for prefix in named
        for number in range(prefix.first, min(prefix.last, prefix.first + 1) + 1)
    }
    return (*(Redirect(one) for one in sorted(hosts | {NOWHERE_IS})), Redirect(None))


def acts_at(adversary: Adversary, view: View) -> tuple[Act, ...]:
    """What a searching adversary may do at a view but redirect (C1)."""
    if view[0] in adversary.services:
        return (Act.DROP,)
    return tuple(act for act in adversary.acts if act is not Act.REDIRECT)


class AllPolicies:
    """Every assignment of acts to views at once. Policy 0 does nothing; the views are the digits of its number."""

    def __init__(self, adversary: Adversary, views: Sequence[View], targets: Sequence[Redirect] = ()) -> None:
        """`targets`: where it may redirect to, on its links."""
        self.adversary = adversary
        self.acts: dict[View, tuple[Act | Redirect, ...]] = {
            view: (*acts_at(adversary, view), *(targets if view[0] in adversary.links else ())) for view in views
        }
        self.count = prod(len(acts) + 1 for acts in self.acts.values())
        self.everywhere: Where = (1 << self.count) - 1
        self._hits: dict[View, Hits] = {}
        self._known: dict[Seen, Hits] = {}
        stride = 1
        for view, acts in self.acts.items():
            self._hits[view] = self._hits_of(acts, stride)
            stride *= len(acts) + 1

    def _hits_of(self, acts: Sequence[Act | Redirect], stride: int) -> Hits:
        dropped = reset = 0
        throttled: list[tuple[int, Where]] = []
        redirected: list[tuple[Redirect, Where]] = []
        for digit, act in enumerate(acts, 1):
            where = self._digit(digit, len(acts) + 1, stride)
            match act if isinstance(act, Redirect) else action_of(act, self.adversary):
                case Drop():
                    dropped = where
                case Reset():
                    reset = where
                case Throttle(rate=rate):
                    throttled.append((rate, where))
                case Redirect() as redirect:
                    redirected.append((redirect, where))
                case _:
                    raise AssertionError(act)
        return Hits(dropped, reset, tuple(throttled), tuple(redirected))

    def _digit(self, digit: int, base: int, stride: int) -> Where:
        """The policies whose digit of weight `stride` is `digit`."""
        period = stride * base
        block = ((1 << stride) - 1) << (digit * stride)
        return block * (self.everywhere // ((1 << period) - 1))

    def hits(self, seen: Seen) -> Hits:
        """What every policy does to an observation."""
        known = self._known.get(seen)
        if known is None:
            view = view_of(self.adversary, seen.observation)
            known = Hits() if view is None else self._hits.get(view, Hits())
            self._known[seen] = known
        return known

    def acts_of(self, number: int) -> dict[View, Act | Redirect]:
        """The acts of one policy."""
        chosen: dict[View, Act | Redirect] = {}
        for view, acts in self.acts.items():
            number, digit = divmod(number, len(acts) + 1)
            if digit:
                chosen[view] = acts[digit - 1]
        return chosen


def _can_cut(model: Model, check: Check, question: CanCut, bound: int, most: int) -> Ruling:
    adversary = model.adversary[question.adversary]
    limit = adversary.limit
    if adversary.denies_by_default and cannot_deny(adversary):
        raise TooManyError("who denies by default and may not drop has no policy")
    functions = list(dict.fromkeys((question.function, *question.spared)))
    given = (*model.given, *check.given)
    stage = stage_of(model, functions, lens_of_adversary(adversary, given))
    images = Images(model, stage)
    throttled = Act.THROTTLE in adversary.acts
    redirected = Act.REDIRECT in adversary.acts and not adversary.denies_by_default
    if redirected and limit is not None:
        raise TooManyError("counted rules that redirect are not explored")
    targets = redirections(model, stage) if redirected else ()
    corners = corner_values(model, stage)
    every = choices(
        model, stage, check.given, throttled=throttled, redirected=redirected, representatives=corners, bound=most
    )
    found: dict[View, None] = {}
    seen: dict[Seen, None] = {}
    honest: list[Choice] = []
    bears = False
    for choice in every:
        look = Watching(adversary)
        fate = Fate(model, stage, look, choice, question.horizon, images)
        if _is_honest(fate, question):
            honest.append(choice)
            found |= look.views
            seen |= look.seen
        bears = bears or _bears(fate, adversary, question.function, redirected)
    if not honest or question.function in question.spared or not bears:
        return Ruling(VerdictKind.VACUOUS, tuple(honest))
    views = sorted(found, key=repr)
    policies: AllPolicies | RulePolicies | AllowPolicies
    if adversary.denies_by_default:
        policies = AllowPolicies(model, adversary, views, list(seen), min(MAX_POLICIES, bound // len(honest)))
    elif limit is not None and limit.rules is not None:
        acts = {view: acts_at(adversary, view) for view in views}
        policies = RulePolicies(adversary, acts, limit.rules, min(MAX_POLICIES, bound // len(honest)))
    else:
        count = prod(len(acts_at(adversary, view)) + len(targets) + 1 for view in views)
        if count > MAX_POLICIES or count * len(honest) > bound:
            raise TooManyError(f"{count} policies and {len(honest)} choices")
        policies = AllPolicies(adversary, views, targets)
    attacks = [_attacks(Fate(model, stage, policies, one, question.horizon, images), question) for one in honest]
    return _ruling(question.positive, honest, attacks, policies.everywhere, views)


def _is_honest(fate: Fate, question: CanCut) -> bool:
    above = not fate.function(question.function).at_most(question.cut, 1)
    return above and all(fate.function(name).at_least(question.kept, 1) for name in question.spared)


# spec D21: decided that F4's "no view meets F" is: no act at any view changes the rung of any flow that F names.
def _bears(before: Fate, adversary: Adversary, function: str, redirected: bool) -> bool:
    """Whether some act of the adversary, done wherever it can, changes the rung of a flow of a function (F4)."""
    setting = before.setting
    leaves = list(needed_flows(setting.model, setting.model.function[function].formula))
    for act in (*(act for act in adversary.acts if redirected or act is not Act.REDIRECT), Act.DROP):
        everything = OneEffect(Everywhere(adversary, act))
        after = Fate(setting.model, setting.stage, everything, setting.choice, setting.horizon, setting.images)
        if any(before.flow(*leaf).rungs.rung is not after.flow(*leaf).rungs.rung for leaf in leaves):
            return True
    return False


@dataclass(frozen=True)
class Everywhere:
    """Does one act at every view at which the adversary may do it."""

    adversary: Adversary
    what: Act

    def act(self, observation: Observation, setup: Observation | None) -> tuple[Decision, ...]:
        """The act, where it may be done."""
        view = view_of(self.adversary, observation)
        if view is None:
            return ()
        if self.what is Act.REDIRECT and view[0] in self.adversary.links:
            return (Decision(Redirect(NOWHERE_IS)),)
        if self.what not in acts_at(self.adversary, view):
            return ()
        return (Decision(action_of(self.what, self.adversary)),)


def _attacks(fate: Fate, question: CanCut) -> Where:
    """The policies that are attacks (F1)."""
    everywhere = fate.setting.effects.everywhere
    found = fate.function(question.function).at_most(question.cut, everywhere)
    for name in question.spared:
        found &= fate.function(name).at_least(question.kept, everywhere)
    return found


def _ruling(
    positive: bool, honest: Sequence[Choice], attacks: Sequence[Where], everywhere: Where, views: Sequence[View]
) -> Ruling:
    safe = frozenset(index for index, where in enumerate(attacks) if not where)
    served = maximal_sets(attacks, everywhere)
    if len(safe) == len(honest):
        kind = VerdictKind.VIOLATED if positive else VerdictKind.PROVED
    elif any(len(one) == len(honest) for one in served):
        kind = VerdictKind.PROVED if positive else VerdictKind.VIOLATED
    else:
        kind = VerdictKind.CONDITIONAL
    return Ruling(kind, tuple(honest), safe, served, tuple(views))


def maximal_sets(attacks: Sequence[Where], everywhere: Where) -> tuple[frozenset[int], ...]:
    """The maximal sets of indices whose policies have one in common; none at all: no sets."""
    groups: dict[frozenset[int], Where] = {frozenset(): everywhere}
    for index, where in enumerate(attacks):
        split: dict[frozenset[int], Where] = {}
        for members, policies in groups.items():
            for grown, left in ((members | {index}, policies & where), (members, policies & ~where)):
                if left:
                    split[grown] = split.get(grown, 0) | left
        groups = split
    ordered = sorted((one for one in groups if one), key=lambda one: (-len(one), sorted(one)))
    return tuple(one for position, one in enumerate(ordered) if not any(one < other for other in ordered[:position]))


# Declared policies (F5)


def _under(model: Model, check: Check, question: UnderPolicies, most: int) -> Ruling:
    policies = [model.policy[name] for name in question.policies]
    given = (*model.given, *check.given)
    stage = stage_of(model, list(question.functions), lens_of_policies(policies, given))
    actions = [one.action for policy in policies for one in policy.rules]
    throttled = any(isinstance(action, Throttle) for action in actions)
    redirected = any(isinstance(action, Redirect) and action.prefix is None for action in actions)
    corners = corner_values(model, stage)
    every = tuple(
        choices(
            model,
            stage,
            check.given,
            throttled=throttled,
            redirected=redirected,
            representatives=corners,
            bound=most,
        )
    )
    images = Images(model, stage)
    acting, nothing = OneEffect(DeclaredPolicies(tuple(policies))), OneEffect(Nothing())

    def rungs(effects: Effects, choice: Choice) -> list[Rung]:
        fate = Fate(model, stage, effects, choice, question.horizon, images)
        return [fate.function(name).rung for name in question.functions]

    holding = [all(question.low <= rung <= question.high for rung in rungs(acting, choice)) for choice in every]
    before = [rungs(nothing, choice) for choice in every] if question.high is Rung.DEAD else []
    if not every or any(all(rung is Rung.DEAD for rung in of_one) for of_one in zip(*before, strict=True)):
        return Ruling(VerdictKind.VACUOUS, every)
    return _claim(every, holding)


def _claim(every: tuple[Choice, ...], holding: Iterable[bool]) -> Ruling:
    safe = frozenset(index for index, yes in enumerate(holding) if yes)
    rest = frozenset(range(len(every))) - safe
    kind = VerdictKind.CONDITIONAL if safe and rest else VerdictKind.PROVED if safe else VerdictKind.VIOLATED
    return Ruling(kind, every, safe, (rest,) if rest else ())


# Always rides (F6)


def _rides(model: Model, check: Check, question: AlwaysRides, most: int) -> Ruling:
    stage = stage_of(model, [question.function], NOBODY)
    clients = model.connection[question.connection].clients
    names = dict.fromkeys(flows_of(model, model.function[question.function].formula))
    ends = set(clients)
    hops = [
        hop for name in names for hop in model.flow[name].hops if hop.connection and {hop.sender, hop.receiver} & ends
    ]
    corners = corner_values(model, stage)
    every = tuple(choices(model, stage, check.given, representatives=corners, bound=most))
    if not hops or not every:
        return Ruling(VerdictKind.VACUOUS, every)

    def inside(connection: str, choice: Choice) -> bool:
        there = (item for item in model.connection[connection].alternatives if holds(item.guard, choice))
        return connection == question.connection or all(
            item.via is not None and not item.via.passing_through and inside(item.via.connection, choice)
            for item in there
        )

    def rides(hop: Hop, choice: Choice) -> bool:
        mine = hop.connection == question.connection or hop.client in clients
        return mine and inside(hop.connection or "", choice)

    return _claim(every, [all(rides(hop, choice) for hop in hops) for choice in every])
