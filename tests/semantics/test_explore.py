"""F: verdicts by brute force; DESIGN.md's worked answers; one policy at a time agrees with all at once."""

from __future__ import annotations

from random import Random

import pytest
from tests.fuzz.generator import seeded_case
from tests.semantics.worlds import (
    IF_U,
    OPEN_U,
    cannot,
    control,
    down,
    dropped,
    eve,
    fact,
    link_to,
    occurs,
    on_access,
    on_port,
    order,
    pool,
    sizes,
    tcp,
    under,
    up,
    world,
)

from sharedfate.model.adversary import Adversary, Limit
from sharedfate.model.facts import FactKind, FactLiteral
from sharedfate.model.model import Model
from sharedfate.model.network import Order, Via
from sharedfate.model.policy import Drop, Rule, Throttle
from sharedfate.model.question import AlwaysRides, CanCut, Check, Horizon, Rung, VerdictKind
from sharedfate.model.traffic import AnyOf, Arm, NeedsFlow, Topic
from sharedfate.model.wire import FLOW, IP, PORT, SIZE, SNI, TOPIC
from sharedfate.semantics.choices import TooManyError, literal_holds
from sharedfate.semantics.explore import AllPolicies, Ruling, maximal_sets, rule
from sharedfate.semantics.fate import Fate, fate
from sharedfate.semantics.lens import lens_of_adversary
from sharedfate.semantics.policies import ViewPolicy
from sharedfate.semantics.staging import stage

PROVED, VIOLATED, CONDITIONAL, VACUOUS = (
    VerdictKind.PROVED, VerdictKind.VIOLATED, VerdictKind.CONDITIONAL, VerdictKind.VACUOUS,
)  # fmt: skip
DEAD, HURT, STRAINED, CLEAN = Rung


def safe_when(ruling: Ruling, *conditions: tuple[FactLiteral, ...]) -> bool:
    """Whether there is no attack exactly under the choices that meet one of the conditions."""
    meets = {
        index
        for index, choice in enumerate(ruling.choices)
        if any(all(literal_holds(one, choice) for one in condition) for condition in conditions)
    }
    return meets == ruling.safe


# DESIGN.md 3, worked answers: received text (200..15360) and app push (1..4096) in one pinned stream

COURIER = link_to("courier", "apns", tcp(5223, pool(1), "c.x"), stream=True, pinned=True,
                  control_up=control("5..64"), control_down=control("5..64"))  # fmt: skip
TEXT = down("text", "courier", sizes=sizes("200..15360"), topic=Topic("madrid"))
PUSH = down("push", "courier", sizes=sizes("1..4096"), topic=Topic(None))
IN_ORDER = (FactLiteral(order("courier")),)
NAMES = eve(IP, PORT, SNI)


def courier(adversary: Adversary, *flows: object) -> object:
    """The world of the worked answers."""
    return world((COURIER,), flows or (TEXT, PUSH), adversary=adversary)  # type: ignore[arg-type]


@pytest.mark.parametrize("cut", [DEAD, HURT])
def test_worked_names_alone_neither_block_nor_degrade(cut: Rung) -> None:
    assert rule(courier(NAMES), cannot("text", "push", cut=cut)).verdict is PROVED  # type: ignore[arg-type]


def test_worked_sizes_cannot_block_where_pushes_of_these_sizes_are_usual() -> None:
    assert rule(courier(eve(SIZE)), cannot("text", "push")).verdict is PROVED  # type: ignore[arg-type]


def test_worked_sizes_block_in_any_order_where_pushes_of_these_sizes_do_not_occur() -> None:
    open_push = down("push", "courier", sizes=sizes(possible="1..4096"), topic=Topic(None))
    ruling = rule(courier(eve(SIZE), TEXT, open_push), cannot("text", "push"))  # type: ignore[arg-type]
    assert ruling.verdict is CONDITIONAL
    assert safe_when(ruling, IN_ORDER, (FactLiteral(occurs("push", "200..4096")),))
    # Drop all text sizes, hitting no other: one policy for all the rest.
    assert ruling.served == (frozenset(range(len(ruling.choices))) - ruling.safe,)


def test_worked_sizes_degrade_in_any_order() -> None:
    ruling = rule(courier(eve(SIZE)), cannot("text", "push", cut=HURT))  # type: ignore[arg-type]
    assert ruling.verdict is CONDITIONAL
    assert safe_when(ruling, IN_ORDER)


def test_worked_a_classifier() -> None:
    told_apart = courier(eve(SIZE, FLOW))
    ruling = rule(told_apart, cannot("text", "push"))  # type: ignore[arg-type]
    assert ruling.verdict is CONDITIONAL
    assert safe_when(ruling, IN_ORDER)
    assert rule(told_apart, cannot("text", "push", kept=CLEAN)).verdict is PROVED  # type: ignore[arg-type]


def test_worked_two_connections() -> None:
    ways = (link_to("a", "apns", tcp(5223, pool(1), "a.x")), link_to("b", "apns", tcp(5223, pool(1), "b.x")))
    model = world(ways, (down("text", "a"), down("push", "b")), adversary=eve(SNI))
    assert rule(model, cannot("text", "push")).verdict is VIOLATED


def test_worked_sending_goes_up_where_hardly_anything_else_goes() -> None:
    send = up("text", "courier", sizes=sizes("200..4096"))
    assert rule(courier(NAMES, send, PUSH), cannot("text", "push")).verdict is PROVED  # type: ignore[arg-type]
    topics = link_to("courier", "apns", tcp(5223, pool(1), "c.x"), stream=True, pinned=True,
                     control_up=control("5..64", "5..4096"), control_down=control("5..64"))  # fmt: skip
    ruling = rule(world((topics,), (send, PUSH), adversary=eve(SIZE)), cannot("text", "push"))
    assert ruling.verdict is CONDITIONAL
    large = FactLiteral(occurs("control", "courier", "up", "200..4096"))
    assert safe_when(ruling, IN_ORDER, (large,))


@pytest.mark.parametrize("horizon", list(Horizon))
def test_worked_without_control_units_direction_is_enough(horizon: Horizon) -> None:
    # Nothing goes upwards but text: drop every record that does.
    bare = link_to("courier", "apns", tcp(5223, pool(1), "c.x"), kept_up=True)
    model = world((bare,), (up("text", "courier"), down("push", "courier")), adversary=eve(IP))
    assert rule(model, cannot("text", "push", at=horizon)).verdict is VIOLATED


# F1 to F4


def test_f3_conditional_on_what_is_handed_out_and_where_it_sits() -> None:
    ways = (link_to("a", "apns", tcp(to=pool(1, 2))), link_to("b", "apns", tcp(to=pool(1))))
    model = world(ways, (down("f", "a"), down("g", "b")), adversary=eve(IP))
    ruling = rule(model, cannot("f", "g"))
    assert ruling.verdict is CONDITIONAL
    assert safe_when(ruling, (FactLiteral(fact(FactKind.HANDS_OUT, "a", "v4"), True, "10.0.0.1"),))


def test_f3_every_choice_has_an_attack_but_no_policy_serves_all() -> None:
    ways = (link_to("a", "apns", tcp(to=pool(1, 2))), link_to("b", "apns", tcp(to=pool(1, 2))))
    model = world(ways, (down("f", "a"), down("g", "b")), adversary=eve(IP))
    ruling = rule(model, cannot("f", "g"))
    assert ruling.verdict is CONDITIONAL
    assert len(ruling.safe) == 2  # where both are handed the same
    assert [len(one) for one in ruling.served] == [1, 1]


def test_f3_the_positive_form_changes_places() -> None:
    ways = (link_to("a", "apns", tcp(1)), link_to("b", "apns", tcp(2)))
    model = world(ways, (down("f", "a"), down("g", "b")), adversary=eve(PORT))
    assert rule(model, cannot("f", "g")).verdict is VIOLATED
    assert rule(model, cannot("f", "g", positive=True)).verdict is PROVED


def test_f2_only_honest_choices_count() -> None:
    ways = (link_to("a", "apns", tcp(1, guard=IF_U)), link_to("b", "apns", tcp(2)))
    model = world(ways, (down("f", "a"), down("g", "b")), adversary=eve(PORT), assumptions=(OPEN_U,))
    ruling = rule(model, cannot("f", "g"))
    assert ruling.verdict is VIOLATED
    assert len(ruling.choices) == 1
    dead = rule(model, cannot("f", "g", given=(FactLiteral(fact(FactKind.ASSUMPTION, "u"), False),)))
    assert (dead.verdict, dead.choices) == (VACUOUS, ())


def test_f4_vacuous() -> None:
    ways = (link_to("a", "apns", tcp(1)), link_to("b", "apns", tcp(2), clients=("bob",)))
    flows = (down("f", "a"), down("g", "b", client="bob"))
    elsewhere = world(ways, flows, adversary=eve(PORT, links=("access_b",)))
    assert rule(elsewhere, cannot("f", "g")).verdict is VACUOUS
    here = world(ways, flows, adversary=eve(PORT))
    assert rule(here, cannot("f", "f")).verdict is VACUOUS
    assert rule(here, cannot("f", "g")).verdict is VIOLATED
    capped = {"f": AnyOf((Arm(NeedsFlow("f"), degraded=True),)), "g": NeedsFlow("g")}
    assert rule(world(ways, flows, capped, adversary=eve(PORT)), cannot("f", "g")).verdict is VIOLATED


def test_c1_in_a_service_by_topic() -> None:
    spy = Adversary("eve", services=("apns",))
    assert rule(courier(spy), cannot("text", "push")).verdict is VIOLATED  # type: ignore[arg-type]
    same = down("push", "courier", sizes=sizes("200..15360"), topic=Topic("madrid"))
    assert rule(courier(spy, TEXT, same), cannot("text", "push")).verdict is PROVED  # type: ignore[arg-type]
    assert rule(courier(eve(TOPIC)), cannot("text", "push")).verdict is PROVED  # type: ignore[arg-type]


def test_the_trap_the_union_of_views_is_not_the_best_policy() -> None:

    # Degrade text (1, 3) sparing push (1): the best hit on the stream is the one record that push does not show.
    stream = link_to(
        "c", "apns", stream=True, order=Order.ANY_ORDER, control_up=control("9"), control_down=control("9")
    )
    flows = (down("text", "c", sizes=sizes("1 3")), down("push", "c", sizes=sizes("1")))
    assert rule(world((stream,), flows, adversary=eve(SIZE)), cannot("text", "push", cut=HURT)).verdict is VIOLATED


def test_too_many_is_said() -> None:
    with pytest.raises(TooManyError):
        rule(courier(eve(SIZE)), cannot("text", "push"), bound=10)  # type: ignore[arg-type]


def test_maximal_sets() -> None:
    # Policies 0..3; choice 0 is attacked by 1 and 2, choice 1 by 2 and 3, choice 2 by 3.
    assert maximal_sets([0b0110, 0b1100, 0b1000], 0b1111) == (frozenset({0, 1}), frozenset({1, 2}))
    assert maximal_sets([0, 0], 0b11) == ()


# F7


@pytest.mark.parametrize(("rules", "verdict"), [(1, PROVED), (2, VIOLATED)])
def test_f7_counted_rules(rules: int, verdict: VerdictKind) -> None:
    # f has ports 1 and 9, g has 5 in between: no interval takes both and spares g.
    ways = (link_to("a", "apns", tcp(1, key="low"), tcp(9, key="high"), rotate=True), link_to("b", "apns", tcp(5)))
    spy = eve(PORT, limit=Limit(rules))
    model = world(ways, (down("f", "a"), down("g", "b")), adversary=spy)
    assert rule(model, cannot("f", "g")).verdict is verdict
    clear = (ways[0], link_to("b", "apns", tcp(10)))
    assert rule(world(clear, model.flows, adversary=spy), cannot("f", "g")).verdict is VIOLATED


def test_f7_a_prefix_takes_all_between() -> None:
    def ways(*apart: int) -> object:
        low, high = (tcp(to=pool(one), key=f"to {one}") for one in apart)
        connections = (link_to("a", "apns", low, high, rotate=True), link_to("b", "apns", tcp(to=pool(6))))
        return world(connections, (down("f", "a"), down("g", "b")), adversary=eve(IP, limit=Limit(1)))

    assert rule(ways(4, 5), cannot("f", "g")).verdict is VIOLATED  # type: ignore[arg-type]  # 10.0.0.4/31
    assert rule(ways(4, 7), cannot("f", "g")).verdict is PROVED  # type: ignore[arg-type]  # 10.0.0.4/30 has 6 in it


# F5 and F6


def test_f5_declared() -> None:
    ways = (link_to("a", "apns", tcp(1), tcp(2, guard=IF_U, key="other")), link_to("b", "apns", tcp(3)))
    policies = (on_access("p", dropped(on_port(1))), on_access("q", Rule(Throttle(1), (on_port(3),))))
    model = world(ways, (down("f", "a"), down("g", "b")), policies=policies, assumptions=(OPEN_U,))
    assert rule(model, under("f", STRAINED, CLEAN, "p")).verdict is CONDITIONAL
    assert rule(model, under("f", DEAD, STRAINED, "p")).verdict is PROVED
    assert rule(model, under("f", CLEAN, CLEAN, "p")).verdict is VIOLATED
    assert rule(model, under("g", STRAINED, STRAINED, "q")).verdict is CONDITIONAL  # need(g)
    assert rule(model, under("g", CLEAN, CLEAN, "p")).verdict is PROVED


def test_f5_dies_of_what_is_dead_anyway_is_vacuous() -> None:
    ways = (link_to("a", "apns", tcp(1, guard=IF_U)),)
    model = world(ways, (down("f", "a"),), policies=(on_access("p", Rule(Drop())),), assumptions=(OPEN_U,))
    never = (FactLiteral(fact(FactKind.ASSUMPTION, "u"), False),)
    assert rule(model, under("f", DEAD, DEAD, "p", given=never)).verdict is VACUOUS
    assert rule(model, under("f", DEAD, DEAD, "p")).verdict is PROVED
    no_such = (FactLiteral(fact(FactKind.ASSUMPTION, "u")), *never)
    assert rule(model, under("f", CLEAN, CLEAN, "p", given=no_such)).verdict is VACUOUS


def test_f6_always_rides() -> None:
    ways = (
        link_to("t", "vps"),
        link_to("c", "apns", tcp(via=Via("t")), tcp(guard=IF_U, key="bare")),
        link_to("d", "ids"),
    )
    flows = (down("f", "c"), down("g", "d", "ids"), down("h", "t", "vps"))
    model = world(ways, flows, assumptions=(OPEN_U,))
    verdicts = [rule(model, Check("ask", AlwaysRides(name, "t"))).verdict for name in "fgh"]
    assert verdicts == [CONDITIONAL, VIOLATED, PROVED]
    bobs = (link_to("t", "vps", clients=("bob",)), link_to("c", "apns"))
    elsewhere = world(bobs, (down("f", "c"),))
    assert rule(elsewhere, Check("ask", AlwaysRides("f", "t"))).verdict is VACUOUS


# All policies at once


MANY_VIEWS = 12
"""All policies at once are numbers of as many bits as there are policies: at most 3**12."""


def test_many_policies_at_once_agree_with_each_alone() -> None:
    compared = 0
    for seed in range(90):
        model, check = seeded_case(seed, ("cut",))
        try:
            ruling = rule(model, check, 100_000, 64)
        except TooManyError:
            continue
        if ruling.views and len(ruling.views) <= MANY_VIEWS:
            compared += 1
            compare(model, check, ruling, Random(seed))
    assert compared > 30


def compare(model: Model, check: Check, ruling: Ruling, random: Random) -> None:
    """Some policies of a question, alone and among all."""
    question = check.question
    assert isinstance(question, CanCut)
    adversary = model.adversary["eve"]
    on = stage(model, ["f", "g"], lens_of_adversary(adversary, check.given))
    policies = AllPolicies(adversary, ruling.views)
    for _ in range(4):
        choice = random.choice(ruling.choices)
        together = Fate(model, on, policies, choice, question.horizon)
        number = random.randrange(policies.count)
        alone = fate(model, on, ViewPolicy(adversary, policies.acts_of(number)), choice, question.horizon)
        for flow in on.flows:
            for fresh in (False, True):
                rungs = together.flow(flow.name, fresh).rungs
                at = [where >> number & 1 for where in (rungs.hurt, rungs.strained, rungs.clean)]
                assert at == sorted(at, reverse=True)  # a ladder: no higher rung without the lower
                assert Rung(sum(at)) is alone.flow(flow.name, fresh).rungs.rung
