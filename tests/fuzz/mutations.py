"""The engine broken on purpose, one way at a time, and for each way a small model on which it shows.

A mutation replaces functions that only the engine uses (semantics/obligation, engines/blocking), so the referee stays
as it is. The models were found by hand; test_mutations.py holds that engine and referee agree on them as long as
nothing is broken, and part as soon as the mutation is in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from fuzz import broken_models as on
from sharedfate.engines.blocking import allow_lists, cut
from sharedfate.model.question import CanCut
from sharedfate.semantics.cone import flows_of
from sharedfate.semantics.obligation import channel, searching, throttle, values
from sharedfate.semantics.obligation.allowing import AllowingActs, Situations
from sharedfate.semantics.obligation.channel import Channel
from sharedfate.semantics.obligation.declared import DeclaredActs
from sharedfate.semantics.obligation.effects import Effect
from sharedfate.semantics.obligation.fate import Fate, Ladder
from sharedfate.semantics.obligation.images import Images
from sharedfate.semantics.obligation.logic import FALSE, TRUE
from sharedfate.semantics.obligation.nature import Nature
from sharedfate.semantics.obligation.searching import SearchingActs
from sharedfate.semantics.obligation.setting import Setting
from sharedfate.semantics.obligation.world import World

Patch = pytest.MonkeyPatch


@dataclass(frozen=True)
class Mutation:
    """`breaks` puts it in; `text` is a model with one check. `caught`: the engine's own replay notices as well."""

    breaks: Callable[[Patch], None]
    text: str
    caught: bool = False


def _constant(of: Any, name: str, value: Any) -> Callable[[Patch], None]:
    """A method that always returns the same."""
    return lambda patch: patch.setattr(of, name, lambda *_, **__: value)


# DESIGN.md 3, "The trap"


def _union_policy(patch: Patch) -> None:
    """Of all policies only one is tried: drop every record that the flows to be cut show."""
    original = cut._ready

    def ready(field: Any, question: CanCut, *rest: Any) -> Any:
        found = original(field, question, *rest)
        wanted = set(flows_of(field.model, field.model.function[question.function].formula))
        logic = field.world.logic
        shown = [
            field.acts.record(instance, item, load, unit).lost
            for instance in field.world.stage.instances
            for item in instance.alternatives
            for load, carried in enumerate(instance.carried)
            if carried.flow in wanted
            for unit in range(len(carried.classes))
        ]
        union = set(logic.support(shown)) & set(found.game.sides.policy)
        fixed = tuple(one if one in union else -one for one in found.game.sides.policy)
        sides = replace(found.game.sides, policy_rules=fixed)
        return replace(found, game=found.game.beside(sides, found.game.always, apart=True))

    patch.setattr(cut, "_ready", ready)


# Streams


def _no_control(patch: Patch) -> None:
    original = Channel.exists

    def exists(self: Channel, load: int, unit: int) -> int:
        return FALSE if self.instance.carried[load].flow is None else original(self, load, unit)

    patch.setattr(Channel, "exists", exists)


def _own_units_only(patch: Patch) -> None:
    """Only a flow's own units bear on it, on streams too."""
    original = Channel._some

    def some(self: Channel, item: Any, test: Any, which: str) -> int:
        if which == "all" and test == self._acted:
            return FALSE
        return original(self, item, test, which)

    patch.setattr(Channel, "_some", some)


# Alternatives


def _first_alternative_only(patch: Patch) -> None:
    original = Channel.__init__

    def init(self: Channel, setting: Setting, instance: Any, around: Any, *, fresh: bool) -> None:
        original(self, setting, replace(instance, alternatives=instance.alternatives[:1]), around, fresh=fresh)

    patch.setattr(Channel, "__init__", init)


def _always_the_first(patch: Patch) -> None:
    """The client sits at the first fit alternative, whatever it prefers."""

    def chosen(logic: Any, nature: Any, at: Any, item: Any, fit: Any) -> int:
        earlier = at.alternatives[: at.alternatives.index(item)]
        return int(logic.both(fit(item), *(-fit(other) for other in earlier)))

    patch.setattr(channel, "chosen", chosen)


def _no_rotation(patch: Patch) -> None:
    original = Channel.__init__

    def init(self: Channel, setting: Setting, instance: Any, around: Any, *, fresh: bool) -> None:
        stays = replace(instance, connection=replace(instance.connection, rotate=False))
        original(self, setting, stays, around, fresh=fresh)

    patch.setattr(Channel, "__init__", init)


# Pools


def _one_value_a_class(patch: Patch) -> None:
    """Two pools that draw on the same addresses are handed the same one."""
    original = values._address_values
    patch.setattr(values, "_address_values", lambda one, version, copies: original(one, version, False))


def _swapped_quantifiers(patch: Patch) -> None:
    """A policy for each choice of nature is taken for a policy for all of them."""

    def settled(ready: Any) -> Any:
        safe = ready.game.outcome((-ready.attack,))
        found = ready.game.outcome((ready.attack,))
        if not isinstance(found, cut.Outcome):
            return cut.Settled.NO_ATTACK, None
        return (cut.Settled.ATTACK, found.policy) if safe else (cut.Settled.DEPENDS, None)

    patch.setattr(cut, "settled", settled)


# Tunnels, hops, services


def _one_hop(patch: Patch) -> None:
    original = Fate._hops

    def hops(self: Fate, flow: Any, fresh: bool) -> Iterator[Any]:
        yield from list(original(self, flow, fresh))[:1]

    patch.setattr(Fate, "_hops", hops)


# Acts


def _throttle_is_drop(patch: Patch) -> None:
    original = SearchingActs._effect

    def effect(self: SearchingActs, shown: Any, ends: Any = None) -> Effect:
        found = original(self, shown, ends)
        return Effect(lost=self._logic.either(found.lost, *(literal for _, literal in found.slow)), torn=found.torn)

    patch.setattr(SearchingActs, "_effect", effect)


def _need_alone(patch: Patch) -> None:
    """What else runs on the stream is forgotten."""
    patch.setattr(throttle, "_beside", lambda *_: [])


def _resets_datagrams(patch: Patch) -> None:
    original = Channel._effect

    def effect(self: Channel, item: Any, load: int, unit: int) -> Effect:
        found = original(self, item, load, unit)
        return replace(found, torn=self._acts.record(self.instance, item, load, unit).torn)

    patch.setattr(Channel, "_effect", effect)


# Units


def _all_occurs(patch: Patch) -> None:
    """All that may occur does."""
    original = Nature.holds

    def holds(self: Nature, fact: Any) -> int:
        return TRUE if fact.kind == "occurs" else original(self, fact)

    patch.setattr(Nature, "holds", holds)


# Formulas


def _any_clean_arm(patch: Patch) -> None:
    original = Fate._any

    def any_arm(self: Fate, arms: Any, fresh: bool) -> Ladder:
        found = original(self, arms, fresh)
        clean = [
            self._logic.both(self._setting.nature.guard(arm.guard), self._formula(arm.formula, fresh=fresh).clean)
            for arm in arms
            if not arm.degraded
        ]
        return Ladder(found.hurt, found.strained, self._logic.any(clean))

    patch.setattr(Fate, "_any", any_arm)


# Set-up, finding, time


def _no_set_up(patch: Patch) -> None:
    patch.setattr(Channel, "_making", lambda *_: [])


def _never_expires(patch: Patch) -> None:
    original = Setting.kept

    def kept(self: Setting, keep: Any, *, expires: bool, fresh: bool) -> bool:
        return original(self, keep, expires=False, fresh=fresh)

    patch.setattr(Setting, "kept", kept)


def _nothing_fresh(patch: Patch) -> None:
    """`first F` is asked of a client that holds everything."""
    original = Fate._formula
    patch.setattr(Fate, "_formula", lambda self, formula, *, fresh: original(self, formula, fresh=False))


def _nothing_runs(patch: Patch) -> None:
    """At once everything is set up anew."""
    original = Channel.__init__

    def init(self: Channel, setting: Setting, instance: Any, around: Any, *, fresh: bool) -> None:
        original(self, setting, instance, around, fresh=fresh)
        self._running = False

    patch.setattr(Channel, "__init__", init)


def _breaks_for_nothing(patch: Patch) -> None:
    """A running connection that was broken is taken to run on."""
    patch.setattr(Channel, "_broken", property(lambda self: FALSE if self._running else TRUE))


# Views


def _phases_alike(patch: Patch) -> None:
    """A record and a packet that show the same are taken for one view."""
    original = SearchingActs._view

    def view(self: SearchingActs, shown: Any, ends: Any) -> Any:
        return replace(original(self, shown, ends), phase=searching.Phase.PACKET)

    patch.setattr(SearchingActs, "_view", view)


def _always_directed(patch: Patch) -> None:
    """Direction is told apart by whoever looks."""
    original = SearchingActs._view

    def view(self: SearchingActs, shown: Any, ends: Any) -> Any:
        return replace(original(self, shown, ends), direction=shown.direction)

    patch.setattr(SearchingActs, "_view", view)


def _no_pass_by_name(patch: Patch) -> None:
    """Default deny acts on records and packets whose set-up was let pass by name."""
    original = DeclaredActs._effect

    def effect(self: DeclaredActs, at: Any, item: Any, shown: Any, set_up: Any, *, making: bool) -> Effect:
        return original(self, at, item, shown, None, making=making)

    patch.setattr(DeclaredActs, "_effect", effect)


def _listed_names_end(patch: Patch) -> None:
    """What is set up by a name on a searched list does not pass later."""
    patch.setattr(Situations, "named", lambda self, direct, pending: direct | pending)


def _impatient_lists(patch: Patch) -> None:
    """A searched list drops packets that could still get a name that it allows."""
    original = Situations.named
    patch.setattr(Situations, "named", lambda self, direct, pending: original(self, direct, 0))


def _default_allows(patch: Patch) -> None:
    """Where an adversary that denies by default has no rule, all passes."""
    original = AllowingActs._lost

    def lost(self: AllowingActs, shown: Any, set_up: Any, *, making: bool) -> int:
        chosen = self._logic.any(self._passing[shown.place])
        return self._logic.both(chosen, original(self, shown, set_up, making=making))

    patch.setattr(AllowingActs, "_lost", lost)


def _bare_records(patch: Patch) -> None:
    """Records do not carry what set-up showed."""
    patch.setattr(Images, "has_set_up", lambda *_: False)


MUTATIONS: dict[str, Mutation] = {
    "the policy acts on the union of what the cut flows show": Mutation(_union_policy, on.TRAP),
    "a policy for each choice passes for a policy for all": Mutation(_swapped_quantifiers, on.EITHER_HALF),
    "control units are forgotten": Mutation(_no_control, on.UPWARD, caught=True),
    "in order is taken for any order": Mutation(
        _constant(Channel, "_in_order", FALSE),
        on.stream("redelivers in order", "eve cannot block f sparing g"),
        caught=True,
    ),
    "any order is taken for in order": Mutation(
        _constant(Channel, "_in_order", TRUE), on.stream("redelivers any order", "eve cannot block f sparing g")
    ),
    "co-flows on a stream bear on nothing": Mutation(
        _own_units_only, on.stream("redelivers any order", "eve cannot block f sparing g unharmed"), caught=True
    ),
    "one alternative is forgotten": Mutation(
        _first_alternative_only, on.TWO_WAYS + "check ask : f works under p", caught=True
    ),
    "the client always sits at the first alternative": Mutation(
        _always_the_first, on.TWO_WAYS + "check ask : f works under q"
    ),
    "nobody rotates": Mutation(
        _no_rotation, on.TWO_WAYS.replace("datagrams", "datagrams rotate") + "check ask : f works under q", caught=True
    ),
    "pools that share addresses hand out one": Mutation(_one_value_a_class, on.POOLS),
    "a tunnel's fate is ignored": Mutation(_constant(Fate, "outer", None), on.TUNNEL),
    "the second hop is ignored": Mutation(_one_hop, on.HOPS),
    "what services drop is ignored": Mutation(_constant(Fate, "_silenced", FALSE), on.SERVICE),
    "throttle is taken for drop": Mutation(_throttle_is_drop, on.THROTTLED, caught=True),
    "needs do not add up": Mutation(_need_alone, on.TOGETHER),
    "resets hit datagrams": Mutation(_resets_datagrams, on.RESET_UDP, caught=True),
    "one part of a padded unit is enough": Mutation(
        lambda patch: patch.setattr(Channel, "_parts", lambda self, load, unit: [unit]), on.PADDED, caught=True
    ),
    "all that may occur does": Mutation(_all_occurs, on.MAY_OCCUR),
    "nothing at all may occur": Mutation(lambda patch: patch.setattr(World, "occurrence", []), on.NONE_OCCURS),
    "an `or` is clean if any arm is": Mutation(_any_clean_arm, on.TWO_ARMS),
    "choices in which nothing works count": Mutation(_constant(World, "honest", TRUE), on.GUARDED),
    "set-up is ignored": Mutation(_no_set_up, on.SET_UP),
    "finding is ignored": Mutation(_constant(Channel, "_found", TRUE), on.FOUND),
    "durable things never expire": Mutation(_never_expires, on.EXPIRES),
    "`first` is asked of a client that holds everything": Mutation(_nothing_fresh, on.FIRST),
    "nothing is kept up": Mutation(_nothing_runs, on.KEPT_UP, caught=True),
    "what runs is never broken": Mutation(_breaks_for_nothing, on.BROKEN),
    "`many` hurts nobody": Mutation(
        _constant(Channel, "stalled_beside", FALSE),
        on.stream("many", "eve cannot block f sparing g"),
        caught=True,
    ),
    "phases are not told apart": Mutation(_phases_alike, on.PHASES),
    "direction is told apart without sight of it": Mutation(_always_directed, on.UNDIRECTED, caught=True),
    "default deny knows no pass by name": Mutation(_no_pass_by_name, on.ALLOW_LIST, caught=True),
    "names on a searched list let only set-up pass": Mutation(
        _listed_names_end, on.LISTED + "check ask : eve can block f sparing g at once"
    ),
    "a searched list does not wait for names": Mutation(_impatient_lists, on.PENDING),
    "rules of a searched list are not counted": Mutation(
        _constant(allow_lists, "at_least", FALSE), on.LISTED + "check ask : eve cannot block f sparing h", caught=True
    ),
    "nothing is denied where nothing is allowed": Mutation(
        _default_allows,
        on.LISTED.replace("on access", "on access, up") + "check ask : eve can block f sparing g",
        caught=True,
    ),
    "records do not carry what set-up showed": Mutation(_bare_records, on.CARRIED),
}
