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

from sharedfate.engines.blocking import cut
from sharedfate.model.question import CanCut
from sharedfate.semantics.cone import flows_of
from sharedfate.semantics.obligation import channel, searching, throttle, values
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

HEADER = """
model broken
zone home, den, net, far
link access   : home -- net
link access_b : den -- net
link up       : net -- far
party alice at home
party bob at den
service apns, site at far
service vps at net
"""


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


TRAP = """
connection mixed : alice -> apns { tcp 1; stream redelivers in order }
connection apart : alice -> site { tcp 1; datagrams }
flow wanted  : apns -> alice on mixed { usual 200 }
flow beside  : apns -> alice on mixed { usual 300 }
flow precious: site -> alice on apart { usual 200 }
function f = wanted
function g = precious
function h = beside
adversary eve { on access; sees size; may drop }
check ask : eve cannot block f sparing g
"""

# Streams

UPWARD = """
connection c : alice -> apns { tcp 1; stream }
flow goes  : alice -> apns on c { usual 200 }
flow comes : apns -> alice on c { usual 200 }
function f = goes
function g = comes
adversary eve { on access; sees ip; may drop }
check ask : eve cannot block f sparing g
"""


def _no_control(patch: Patch) -> None:
    original = Channel.exists

    def exists(self: Channel, load: int, unit: int) -> int:
        return FALSE if self.instance.carried[load].flow is None else original(self, load, unit)

    patch.setattr(Channel, "exists", exists)


def _stream(order: str, ask: str) -> str:
    return f"""
connection c : alice -> apns {{ tcp 1; stream {order} }}
flow large : apns -> alice on c {{ usual 200 }}
flow other : apns -> alice on c {{ usual 300 }}
function f = large
function g = other
adversary eve {{ on access; sees size; may drop }}
policy p on access {{ drop size 200 }}
check ask : {ask}
"""


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


TWO_WAYS = """
connection c : alice -> apns { either tcp 1 or tcp 2; datagrams }
flow news : apns -> alice on c { usual 200 }
function f = news
policy p on access { drop tcp 1 }
policy q on access { drop tcp 2 size 200 }
"""


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


POOLS = """
connection a : alice -> apns { tcp 1; to 192.0.2.0/31; datagrams }
connection b : alice -> apns { tcp 1; to 192.0.2.0/31; datagrams }
flow uno   : apns -> alice on a { usual 200 }
flow due : apns -> alice on b { usual 200 }
function f = uno
function g = due
adversary eve { on access; sees ip; may drop }
check ask : eve cannot block f sparing g
"""


def _swapped_quantifiers(patch: Patch) -> None:
    """A policy for each choice of nature is taken for a policy for all of them."""

    def settled(ready: Any) -> Any:
        safe = ready.game.outcome((-ready.attack,))
        found = ready.game.outcome((ready.attack,))
        if not isinstance(found, cut.Outcome):
            return cut.Settled.NO_ATTACK, None
        return (cut.Settled.ATTACK, found.policy) if safe else (cut.Settled.DEPENDS, None)

    patch.setattr(cut, "settled", settled)


EITHER_HALF = """
connection a  : alice -> apns { tcp 1; to 192.0.2.0/31; datagrams }
connection b0 : alice -> apns { tcp 1; to 192.0.2.0; datagrams }
connection b1 : alice -> apns { tcp 1; to 192.0.2.1; datagrams }
flow uno  : apns -> alice on a  { usual 200 }
flow zero  : apns -> alice on b0 { usual 200 }
flow one   : apns -> alice on b1 { usual 200 }
function f = uno
function g = zero or one
adversary eve { on access; sees ip; may drop }
check ask : eve cannot block f sparing g
"""

# Tunnels, hops, services

TUNNEL = """
connection t : alice -> vps  { udp 1; datagrams }
connection c : alice -> site { tcp 2; via t; datagrams }
flow page : site -> alice on c { usual 200 }
function f = page
policy p on access { drop udp 1 }
check ask : f works under p
"""


def _one_hop(patch: Patch) -> None:
    original = Fate._hops

    def hops(self: Fate, flow: Any, fresh: bool) -> Iterator[Any]:
        yield from list(original(self, flow, fresh))[:1]

    patch.setattr(Fate, "_hops", hops)


HOPS = """
connection c : each of alice, bob -> apns { tcp 1; datagrams }
flow text : alice -> apns -> bob on c { usual 200 }
function f = text
policy p on access_b { drop tcp 1 }
check ask : f dies under p
"""

SERVICE = """
connection c : alice -> apns { tcp 1; datagrams }
flow text : apns -> alice on c { topic "chat"; usual 200 }
function f = text
policy p on apns { drop topic "chat" }
check ask : f dies under p
"""

# Acts


def _throttle_is_drop(patch: Patch) -> None:
    original = SearchingActs._effect

    def effect(self: SearchingActs, shown: Any, ends: Any = None) -> Effect:
        found = original(self, shown, ends)
        return Effect(lost=self._logic.either(found.lost, *(literal for _, literal in found.slow)), torn=found.torn)

    patch.setattr(SearchingActs, "_effect", effect)


THROTTLED = """
connection c : alice -> apns { tcp 1; datagrams }
connection d : alice -> apns { tcp 2; datagrams }
flow text : apns -> alice on c { usual 200; need 10 kbit }
flow news : apns -> alice on d { usual 200; need 1 kbit }
function f = text
function g = news
adversary eve { on access; sees port; may throttle 2 kbit }
check ask : eve cannot block f sparing g
"""


def _need_alone(patch: Patch) -> None:
    """What else runs on the stream is forgotten."""
    patch.setattr(throttle, "_beside", lambda *_: [])


TOGETHER = """
connection c : alice -> apns { tcp 1; stream }
flow text : apns -> alice on c { usual 200; need 10 kbit }
flow news : apns -> alice on c { usual 300; need 10 kbit }
function f = text
function g = news
policy p on access { throttle 15 kbit }
check ask : f is strained under p
"""


def _resets_datagrams(patch: Patch) -> None:
    original = Channel._effect

    def effect(self: Channel, item: Any, load: int, unit: int) -> Effect:
        found = original(self, item, load, unit)
        return replace(found, torn=self._acts.record(self.instance, item, load, unit).torn)

    patch.setattr(Channel, "_effect", effect)


RESET_UDP = """
connection c : alice -> apns { udp 1; datagrams }
flow text : apns -> alice on c { usual 200 }
function f = text
policy p on access { reset size 200 }
check ask : f is clean under p
"""

# Units

PADDED = """
connection c : alice -> apns { tcp 1; datagrams }
flow text : apns -> alice on c { padded 100..300 }
function f = text
policy p on access { drop size 200..300 }
check ask : f is clean under p
"""


def _all_occurs(patch: Patch) -> None:
    """All that may occur does."""
    original = Nature.holds

    def holds(self: Nature, fact: Any) -> int:
        return TRUE if fact.kind == "occurs" else original(self, fact)

    patch.setattr(Nature, "holds", holds)


MAY_OCCUR = """
connection c : alice -> apns { tcp 1; datagrams }
connection d : alice -> apns { tcp 1; datagrams }
flow text : apns -> alice on c { usual 200 }
flow news : apns -> alice on d { size 200..300 }
function f = text
function g = news
adversary eve { on access; sees size; may drop }
check ask : eve cannot block f sparing g
"""

NONE_OCCURS = """
connection c : alice -> apns { tcp 1; datagrams }
flow text : apns -> alice on c { size 200..300 }
function f = text
policy p on access { drop size 200..250 }
check ask : f works under p with not occurs(text, 200..250)
"""

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


TWO_ARMS = """
connection c : alice -> apns { tcp 1; datagrams }
connection d : alice -> apns { tcp 2; datagrams }
flow a : apns -> alice on c { usual 200 }
flow b : apns -> alice on d { usual 200 }
function f = a or b
policy p on access { drop tcp 1 }
check ask : f is clean under p
"""

GUARDED = """
assume u open
connection c : alice -> apns { tcp 1; datagrams }
connection d : alice -> apns { tcp 1; datagrams }
flow a : apns -> alice on c { usual 200; when u }
flow b : apns -> alice on d { usual 200 }
function f = a
function g = b
adversary eve { on access; sees size; may drop }
check ask : eve cannot block f sparing g
"""

# Set-up, finding, time


def _no_set_up(patch: Patch) -> None:
    patch.setattr(Channel, "_making", lambda *_: [])


SET_UP = """
connection c : alice -> apns { tcp 1; tls sni "a.example"; datagrams }
flow a : apns -> alice on c { usual 200 }
function f = a
policy p on access { drop sni "a.example" }
check ask : f dies under p
"""

FOUND = """
connection c : alice -> apns { tcp 1; found by dns "a.example"; datagrams }
flow a : apns -> alice on c { usual 200 }
function f = a
policy p on access { drop dns "a.example" }
check ask : f dies under p
"""

EXPIRES = """
connection c : alice -> apns { tcp 1; datagrams }
flow a : alice -> apns on c { usual 200; durable expires }
function f = a
policy p on access { drop tcp 1 }
check ask : f dies under p for good
"""


def _never_expires(patch: Patch) -> None:
    original = Setting.kept

    def kept(self: Setting, keep: Any, *, expires: bool, fresh: bool) -> bool:
        return original(self, keep, expires=False, fresh=fresh)

    patch.setattr(Setting, "kept", kept)


def _nothing_fresh(patch: Patch) -> None:
    """`first F` is asked of a client that holds everything."""
    original = Fate._formula
    patch.setattr(Fate, "_formula", lambda self, formula, *, fresh: original(self, formula, fresh=False))


FIRST = """
connection c : alice -> apns { tcp 1; datagrams }
flow a : alice -> apns on c { usual 200; durable }
function f = first a
policy p on access { drop tcp 1 }
check ask : f dies under p
"""


def _nothing_runs(patch: Patch) -> None:
    """At once everything is set up anew."""
    original = Channel.__init__

    def init(self: Channel, setting: Setting, instance: Any, around: Any, *, fresh: bool) -> None:
        original(self, setting, instance, around, fresh=fresh)
        self._running = False

    patch.setattr(Channel, "__init__", init)


KEPT_UP = """
connection c : alice -> apns { tcp 1; tls sni "a.example"; stream kept up }
flow a : apns -> alice on c { usual 200 }
function f = a
policy p on access { drop sni "a.example" }
check ask : f is clean under p at once
"""


def _breaks_for_nothing(patch: Patch) -> None:
    """A running connection that was broken is taken to run on."""
    patch.setattr(Channel, "_broken", property(lambda self: FALSE if self._running else TRUE))


BROKEN = """
connection c : alice -> apns { tcp 1; tls sni "a.example"; stream kept up redelivers any order }
flow a : apns -> alice on c { usual 200 }
flow b : apns -> alice on c { usual 300 }
function f = b
function g = a
policy p on access { drop sni "a.example"; drop size 200 }
check ask : f dies under p at once
"""

# Views


def _phases_alike(patch: Patch) -> None:
    """A record and a packet that show the same are taken for one view."""
    original = SearchingActs._view

    def view(self: SearchingActs, shown: Any, ends: Any) -> Any:
        return replace(original(self, shown, ends), phase=searching.Phase.PACKET)

    patch.setattr(SearchingActs, "_view", view)


PHASES = """
connection c : alice -> apns { tcp 1; stream kept up }
connection d : alice -> apns { tcp 1; datagrams }
flow a : apns -> alice on c { usual 200 }
flow b : apns -> alice on d { usual 200 }
function f = b
function g = a
adversary eve { on access; sees port; may drop }
check ask : eve cannot block f sparing g at once
"""


def _always_directed(patch: Patch) -> None:
    """Direction is told apart by whoever looks."""
    original = SearchingActs._view

    def view(self: SearchingActs, shown: Any, ends: Any) -> Any:
        return replace(original(self, shown, ends), direction=shown.direction)

    patch.setattr(SearchingActs, "_view", view)


UNDIRECTED = """
connection c : alice -> apns { tcp 1; datagrams }
flow a : apns -> alice on c { usual 200 }
flow b : alice -> apns on c { usual 200 }
function f = a
function g = b
adversary eve { on access; sees port; may drop }
check ask : eve cannot block f sparing g
"""


def _no_pass_by_name(patch: Patch) -> None:
    """Default deny acts on records and packets whose set-up was let pass by name."""
    original = DeclaredActs._effect

    def effect(self: DeclaredActs, at: Any, item: Any, shown: Any, set_up: Any, *, making: bool) -> Effect:
        return original(self, at, item, shown, None, making=making)

    patch.setattr(DeclaredActs, "_effect", effect)


ALLOW_LIST = """
connection c : alice -> apns { tcp 1; tls sni "a.example"; datagrams }
flow a : apns -> alice on c { usual 200 }
function f = a
policy p on access { allow sni "a.example"; default deny }
check ask : f is clean under p
"""


def _bare_records(patch: Patch) -> None:
    """Records do not carry what set-up showed."""
    patch.setattr(Images, "has_set_up", lambda *_: False)


CARRIED = """
connection c : alice -> apns { tcp 1; tls sni "a.example"; stream kept up }
connection d : alice -> apns { tcp 1; tls sni "b.example"; stream kept up }
flow a : apns -> alice on c { usual 200 }
flow b : apns -> alice on d { usual 200 }
function f = a
function g = b
adversary eve { on access; sees sni; may drop }
check ask : eve can block f sparing g at once
"""

MUTATIONS: dict[str, Mutation] = {
    "the policy acts on the union of what the cut flows show": Mutation(_union_policy, TRAP),
    "a policy for each choice passes for a policy for all": Mutation(_swapped_quantifiers, EITHER_HALF),
    "control units are forgotten": Mutation(_no_control, UPWARD, caught=True),
    "in order is taken for any order": Mutation(
        _constant(Channel, "_in_order", FALSE),
        _stream("redelivers in order", "eve cannot block f sparing g"),
        caught=True,
    ),
    "any order is taken for in order": Mutation(
        _constant(Channel, "_in_order", TRUE), _stream("redelivers any order", "eve cannot block f sparing g")
    ),
    "co-flows on a stream bear on nothing": Mutation(
        _own_units_only, _stream("redelivers any order", "eve cannot block f sparing g unharmed"), caught=True
    ),
    "one alternative is forgotten": Mutation(
        _first_alternative_only, TWO_WAYS + "check ask : f works under p", caught=True
    ),
    "the client always sits at the first alternative": Mutation(
        _always_the_first, TWO_WAYS + "check ask : f works under q"
    ),
    "nobody rotates": Mutation(
        _no_rotation, TWO_WAYS.replace("datagrams", "datagrams rotate") + "check ask : f works under q", caught=True
    ),
    "pools that share addresses hand out one": Mutation(_one_value_a_class, POOLS),
    "a tunnel's fate is ignored": Mutation(_constant(Fate, "outer", None), TUNNEL),
    "the second hop is ignored": Mutation(_one_hop, HOPS),
    "what services drop is ignored": Mutation(_constant(Fate, "_silenced", FALSE), SERVICE),
    "throttle is taken for drop": Mutation(_throttle_is_drop, THROTTLED, caught=True),
    "needs do not add up": Mutation(_need_alone, TOGETHER),
    "resets hit datagrams": Mutation(_resets_datagrams, RESET_UDP, caught=True),
    "one part of a padded unit is enough": Mutation(
        lambda patch: patch.setattr(Channel, "_parts", lambda self, load, unit: [unit]), PADDED, caught=True
    ),
    "all that may occur does": Mutation(_all_occurs, MAY_OCCUR),
    "nothing at all may occur": Mutation(lambda patch: patch.setattr(World, "occurrence", []), NONE_OCCURS),
    "an `or` is clean if any arm is": Mutation(_any_clean_arm, TWO_ARMS),
    "choices in which nothing works count": Mutation(_constant(World, "honest", TRUE), GUARDED),
    "set-up is ignored": Mutation(_no_set_up, SET_UP),
    "finding is ignored": Mutation(_constant(Channel, "_found", TRUE), FOUND),
    "durable things never expire": Mutation(_never_expires, EXPIRES),
    "`first` is asked of a client that holds everything": Mutation(_nothing_fresh, FIRST),
    "nothing is kept up": Mutation(_nothing_runs, KEPT_UP, caught=True),
    "what runs is never broken": Mutation(_breaks_for_nothing, BROKEN),
    "`many` hurts nobody": Mutation(
        _constant(Channel, "stalled_beside", FALSE),
        _stream("many", "eve cannot block f sparing g"),
        caught=True,
    ),
    "phases are not told apart": Mutation(_phases_alike, PHASES),
    "direction is told apart without sight of it": Mutation(_always_directed, UNDIRECTED, caught=True),
    "default deny knows no pass by name": Mutation(_no_pass_by_name, ALLOW_LIST, caught=True),
    "records do not carry what set-up showed": Mutation(_bare_records, CARRIED),
}
