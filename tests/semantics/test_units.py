"""D1 to D6, E: what becomes of units on one connection, derived by hand from spec/semantics.md."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.semantics.worlds import (
    DOWN,
    IF_U,
    OPEN_U,
    UP,
    Acts,
    control,
    down,
    dropped,
    drops,
    eve,
    ip,
    link_to,
    on_access,
    pool,
    resets,
    rungs_of,
    sizes,
    slows,
    tcp,
    udp,
    up,
    world,
)

from sharedfate.model.network import ByBag, ByDns, ByFlow, Connection, Keep, Order, Via
from sharedfate.model.policy import Drop, Intercept, MatchTransport, Redirect, Reset, Rule, Throttle
from sharedfate.model.question import Horizon, Rung
from sharedfate.model.traffic import First, NeedsFlow
from sharedfate.model.wire import IP, SIZE, NamePattern, Phase, Range, Transport
from sharedfate.semantics.policies import Acting, Nothing

DEAD, HURT, STRAINED, CLEAN = Rung
ONCE, AGAIN, GOOD = Horizon
DNS_A = ByDns((NamePattern("a.x"),), resolver="resolver")
SMALL, LARGE = Range(1, 2), Range(3, 3)


def two_flows(connection: Connection, **rest: object) -> object:
    """f has units of 1..2 and of 3, g of 1..2, both downwards; eve sees sizes."""
    flows = (down("f", "c", sizes=sizes("1..3")), down("g", "c", sizes=sizes("1..2")))
    return world((connection,), flows, adversary=eve(SIZE), **rest)  # type: ignore[arg-type]


CONTROL = {"control_up": control("1"), "control_down": control("1")}


@pytest.mark.parametrize(
    ("acting", "order", "expected"),
    [
        (Nothing(), True, [CLEAN, CLEAN]),
        (drops(Phase.RECORD, DOWN, size=LARGE), True, [DEAD, DEAD]),  # in order: everything behind it starves
        (drops(Phase.RECORD, DOWN, size=LARGE), False, [HURT, STRAINED]),  # any order: the rest arrives, touched
        (drops(Phase.RECORD, DOWN, size=Range(1, 1)), False, [DEAD, DEAD]),  # control units are of that size
        (drops(Phase.RECORD, UP, size=Range(1, 1)), False, [DEAD, DEAD]),  # control upwards
        (resets(Phase.RECORD, DOWN, size=LARGE), True, [STRAINED, STRAINED]),  # arrives, then torn down
        (drops(Phase.PACKET, DOWN, making=False), False, [DEAD, DEAD]),
        (drops(Phase.PACKET, UP, making=True), False, [DEAD, DEAD]),  # set-up needs both directions
        (resets(Phase.SETUP), False, [DEAD, DEAD]),
    ],
)
def test_d4_streams(acting: Acting, order: bool, expected: list[Rung]) -> None:
    model = two_flows(link_to("c", "apns", stream=True, **CONTROL))
    assert rungs_of(model, "f g", acting, order=order) == expected  # type: ignore[arg-type]


def test_d4_declared_order_leaves_nature_no_choice() -> None:
    loss = drops(Phase.RECORD, DOWN, size=LARGE)
    for order, expected in ((Order.IN_ORDER, [DEAD, DEAD]), (Order.ANY_ORDER, [HURT, STRAINED])):
        model = two_flows(link_to("c", "apns", stream=True, order=order, **CONTROL))
        assert rungs_of(model, "f g", loss) == expected  # type: ignore[arg-type]


def test_d4_datagrams_lose_only_what_is_dropped() -> None:
    model = two_flows(link_to("c", "apns"))
    assert rungs_of(model, "f g", drops(Phase.RECORD, DOWN, size=LARGE)) == [HURT, CLEAN]  # type: ignore[arg-type]
    assert rungs_of(model, "f g", resets(Phase.RECORD, DOWN, size=LARGE)) == [STRAINED, CLEAN]  # type: ignore[arg-type]


def test_d4_many_hurts_the_others_and_kills_nobody_but_by_control() -> None:
    model = two_flows(link_to("c", "apns", stream=True, many=True, **CONTROL))
    loss = drops(Phase.RECORD, DOWN, size=LARGE)
    assert rungs_of(model, "f g", loss) == [HURT, HURT]  # type: ignore[arg-type]
    assert rungs_of(model, "f g", drops(Phase.RECORD, UP)) == [DEAD, DEAD]  # type: ignore[arg-type]


def test_c6_a_reset_of_what_is_not_tcp_has_no_effect_on_records() -> None:
    model = two_flows(link_to("c", "apns", udp(), stream=True, **CONTROL))
    assert rungs_of(model, "f g", resets(Phase.RECORD)) == [CLEAN, CLEAN]  # type: ignore[arg-type]
    assert rungs_of(model, "f g", resets(Phase.PACKET)) == [DEAD, DEAD]  # type: ignore[arg-type]


def test_a7_a_padded_unit_is_lost_only_with_all_its_sizes() -> None:
    flows = (down("f", "c", sizes=sizes(padded="1..3")), down("g", "c", sizes=sizes("1..2")))
    model = world((link_to("c", "apns"),), flows, adversary=eve(SIZE))
    assert rungs_of(model, "f g", drops(Phase.RECORD, DOWN, size=SMALL)) == [CLEAN, DEAD]
    assert rungs_of(model, "f g", drops(Phase.RECORD, DOWN)) == [DEAD, DEAD]


# D1: finding


@pytest.mark.parametrize(
    ("keep", "expires", "expected"),
    [
        (Keep.NO, False, [DEAD, DEAD, DEAD]),
        (Keep.CACHED, False, [CLEAN, DEAD, DEAD]),
        (Keep.DURABLE, False, [CLEAN, CLEAN, CLEAN]),
        (Keep.DURABLE, True, [CLEAN, CLEAN, DEAD]),
    ],
)
def test_d1_what_is_kept_is_found_without_asking(keep: Keep, expires: bool, expected: list[Rung]) -> None:
    step = replace(DNS_A, keep=keep, expires=expires)
    model = world((link_to("c", "apns", tcp(found=(step,))),), (down("f", "c"),), adversary=eve(IP))
    silent = drops(Phase.MESSAGE, at="resolver")
    assert [rungs_of(model, "f", silent, at)[0] for at in Horizon] == expected
    fresh = replace(model, functions=(replace(model.functions[0], formula=First(NeedsFlow("f"))),))
    assert [rungs_of(fresh, "f", silent, at)[0] for at in Horizon] == [DEAD, DEAD, DEAD]


def test_d1_a_bag_is_asked_for_and_fetched() -> None:
    step = ByBag(NamePattern("bag.x"), "resolver")
    model = world((link_to("c", "apns", tcp(found=(step,))),), (down("f", "c"),), adversary=eve(IP))
    assert rungs_of(model, "f", drops(Phase.MESSAGE, at="resolver", dns="bag.x")) == [DEAD]
    assert rungs_of(model, "f", drops(Phase.SETUP, at="access", host="bag.x")) == [DEAD]
    assert rungs_of(model, "f", drops(Phase.PACKET, port=("tcp", 80))) == [DEAD]


def test_d1_by_flow_needs_that_it_is_not_dead() -> None:
    ways = (link_to("c", "apns"), link_to("d", "ids", udp(found=(ByFlow("f"),))))
    model = world(ways, (down("f", "c"), down("g", "d", "ids")), adversary=eve(IP))
    assert rungs_of(model, "f g", drops(Phase.RECORD, port=("tcp", 443))) == [DEAD, DEAD]
    assert rungs_of(model, "f g", resets(Phase.RECORD, port=("tcp", 443))) == [STRAINED, STRAINED]


# D2, D3, D5: where the client sits


def test_d3_sits_where_it_prefers_else_at_the_first_usable() -> None:
    connection = link_to("c", "apns", tcp(1, key="one"), tcp(2, key="two"))
    model = world((connection,), (down("f", "c"),), adversary=eve(IP))
    loss = drops(Phase.RECORD, port=("tcp", 1))
    assert rungs_of(model, "f", loss, sits="one") == [DEAD]  # it has no reason to move on
    assert rungs_of(model, "f", loss, sits="two") == [STRAINED]
    refused = drops(Phase.SETUP, port=("tcp", 1))
    assert rungs_of(model, "f", refused) == [STRAINED]  # wherever it prefers to sit
    assert rungs_of(model, "f", drops(Phase.SETUP)) == [DEAD]


def test_d5_rotate_moves_on_after_lost_records() -> None:
    connection = link_to("c", "apns", tcp(1, key="one"), tcp(2, key="two"), rotate=True)
    model = world((connection,), (down("f", "c"),), adversary=eve(IP))
    assert rungs_of(model, "f", drops(Phase.RECORD, port=("tcp", 1))) == [STRAINED]


def test_d2_guards() -> None:
    connection = link_to("c", "apns", tcp(1, key="one"), tcp(2, key="two", guard=IF_U))
    model = world((connection,), (down("f", "c"),), adversary=eve(IP), assumptions=(OPEN_U,))
    refused = drops(Phase.SETUP, port=("tcp", 1))
    assert rungs_of(model, "f", refused, u=True) == [STRAINED]
    assert rungs_of(model, "f", refused, u=False) == [DEAD]
    assert rungs_of(model, "f", drops(Phase.SETUP, port=("tcp", 2)), u=False) == [CLEAN]  # that one is not there


# D6: throttle


def needs(first: int | None, second: int | None, **rest: object) -> object:
    """Two flows with needs on one connection."""
    flows = (down("f", "c", need=first), down("g", "c", need=second))
    return world((link_to("c", "apns", **rest),), flows, adversary=eve(IP))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("needed", "together", "expected"),
    [
        ((5, 7), True, [HURT, HURT]),
        ((5, 7), False, [STRAINED, STRAINED]),
        ((11, 0), False, [HURT, STRAINED]),
        ((11, 0), True, [HURT, HURT]),  # g is short because f takes more than there is
        ((10, 0), True, [STRAINED, STRAINED]),
    ],
)
def test_d6_needs_add_up_on_a_stream(needed: tuple[int, int], together: bool, expected: list[Rung]) -> None:
    model = needs(*needed, stream=True)
    assert rungs_of(model, "f g", slows(Phase.SETUP, 10), together=together) == expected  # type: ignore[arg-type]


def test_d6_datagrams_are_each_for_themselves_and_a_silent_need_is_open() -> None:
    assert rungs_of(needs(11, 5), "f g", slows(Phase.RECORD, 10)) == [HURT, STRAINED]  # type: ignore[arg-type]
    for exceeds, expected in ((True, HURT), (False, STRAINED)):
        assert rungs_of(needs(None, 0), "f", slows(Phase.PACKET, 10), need=exceeds) == [expected]  # type: ignore[arg-type]


# C5: other acts at set-up


@pytest.mark.parametrize(
    ("action", "pinned", "expected"),
    [
        (Intercept(), True, DEAD),
        (Intercept(), False, CLEAN),
        (Redirect(ip(9)), False, DEAD),
        (Redirect(ip(1)), False, STRAINED),  # an endpoint of its own
        (Redirect(None), False, STRAINED),  # the name shown is the name that it is found by
    ],
)
def test_c5_redirect_and_intercept(action: object, pinned: bool, expected: Rung) -> None:
    way = tcp(to=pool(1), sni="a.x", found=(replace(DNS_A, keep=Keep.DURABLE),))
    policy = on_access("p", Rule(action))  # type: ignore[arg-type]
    model = world((link_to("c", "apns", way, pinned=pinned),), (down("f", "c"),), policies=(policy,))
    assert rungs_of(model, "f") == [expected]


# A5: tunnels


def tunnelled(**rest: object) -> object:
    """c rides in t; f on c, g on t itself."""
    ways = (link_to("t", "vps", udp(51820), **rest), link_to("c", "apns", tcp(via=Via("t")), stream=True, **CONTROL))
    flows = (down("f", "c", sizes=sizes("3")), down("g", "t", "vps", sizes=sizes("2")))
    return world(ways, flows, adversary=eve(SIZE, links=("access", "up")))  # type: ignore[arg-type]


def test_a5_the_wire_shows_the_tunnel_and_all_in_it_shares_its_fate() -> None:
    model = tunnelled()
    assert rungs_of(model, "f g", drops(Phase.PACKET, at="access", port=("tcp", 443))) == [CLEAN, CLEAN]  # type: ignore[arg-type]
    assert rungs_of(model, "f g", drops(Phase.PACKET, at="access", port=("udp", 51820))) == [DEAD, DEAD]  # type: ignore[arg-type]
    assert rungs_of(model, "f g", drops(Phase.PACKET, at="up", port=("tcp", 443))) == [DEAD, CLEAN]  # type: ignore[arg-type]
    assert rungs_of(model, "f g", drops(Phase.SETUP, at="vps")) == [DEAD, CLEAN]  # type: ignore[arg-type]


def test_a5_a_unit_lost_in_the_tunnel_counts_as_dropped() -> None:
    lost = drops(Phase.RECORD, DOWN, at="access", size=LARGE)
    assert rungs_of(tunnelled(), "f g", lost) == [DEAD, CLEAN]  # type: ignore[arg-type]
    in_order = tunnelled(stream=True, order=Order.IN_ORDER, **CONTROL)
    assert rungs_of(in_order, "f g", lost) == [DEAD, DEAD]  # type: ignore[arg-type]
    many = tunnelled(stream=True, many=True, **CONTROL)
    assert rungs_of(many, "f g", lost) == [DEAD, HURT]  # type: ignore[arg-type]


def test_a5_passing_through_shares_no_fate() -> None:
    ways = (link_to("t", "vps", udp(7)), link_to("c", "apns", tcp(sni="a.x", via=Via("t", True))))
    model = world(ways, (down("f", "c"), down("g", "t", "vps")), adversary=eve(IP))
    assert rungs_of(model, "f g", drops(Phase.SETUP, at="access", sni="a.x", port=("udp", 7))) == [DEAD, CLEAN]
    assert rungs_of(model, "f g", drops(Phase.RECORD, at="access", flow="g")) == [CLEAN, DEAD]


def test_d6_a_tunnels_throttle_holds_for_what_rides_in_it() -> None:
    ways = (link_to("t", "vps", udp(7), stream=True), link_to("c", "apns", tcp(via=Via("t"))))
    flows = (down("f", "c", need=6), down("g", "t", "vps", need=6))
    model = world(ways, flows, adversary=eve(IP))
    assert rungs_of(model, "f g", slows(Phase.PACKET, 10), together=True) == [HURT, HURT]
    assert rungs_of(model, "f g", slows(Phase.PACKET, 10), together=False) == [STRAINED, STRAINED]


# E3: at once


def kept_up(stream: bool, **rest: object) -> object:
    """A running connection with f and g."""
    return two_flows(link_to("c", "apns", tcp(found=(replace(DNS_A, keep=Keep.CACHED),)), stream=stream, kept_up=True,
                             order=Order.ANY_ORDER, **(CONTROL if stream else {}), **rest))  # fmt: skip


def test_e3_a_running_connection_shows_no_set_up() -> None:
    for acting in (drops(Phase.SETUP), drops(Phase.PACKET, making=True), drops(Phase.MESSAGE, making=True)):
        assert rungs_of(kept_up(True), "f g", acting, ONCE) == [CLEAN, CLEAN]  # type: ignore[arg-type]
        assert rungs_of(kept_up(True), "f g", acting, AGAIN) == [DEAD, DEAD]  # type: ignore[arg-type]


def test_e3_a_broken_one_is_evaluated_as_on_reconnect() -> None:
    class Both:
        """Breaks it, and refuses it a new set-up."""

        def __init__(self, *parts: Acts) -> None:
            self.parts = parts

        def act(self, observation: object, setup: object) -> tuple[object, ...]:
            return tuple(one for part in self.parts for one in part.act(observation, setup))  # type: ignore[arg-type]

    loss = drops(Phase.RECORD, DOWN, size=LARGE)
    assert rungs_of(kept_up(True), "f g", loss, ONCE) == [HURT, STRAINED]  # type: ignore[arg-type]
    for refusal in (drops(Phase.SETUP), drops(Phase.MESSAGE, making=True)):  # what was cached is lost
        assert rungs_of(kept_up(True), "f g", Both(loss, refusal), ONCE) == [DEAD, DEAD]  # type: ignore[arg-type]
    assert rungs_of(kept_up(False), "f g", Both(loss, drops(Phase.SETUP)), ONCE) == [HURT, CLEAN]  # type: ignore[arg-type]
    everything = Both(drops(Phase.RECORD, DOWN), drops(Phase.SETUP))
    assert rungs_of(kept_up(False), "f g", everything, ONCE) == [DEAD, DEAD]  # type: ignore[arg-type]


def test_e3_clean_looks_at_every_alternative_that_is_there() -> None:
    connection = link_to("c", "apns", tcp(1, key="one"), tcp(2, key="two"), kept_up=True, stream=True)
    model = world((connection,), (down("f", "c"),), adversary=eve(IP))
    touched = drops(Phase.RECORD, port=("tcp", 2))
    assert rungs_of(model, "f", touched, ONCE, sits="one") == [STRAINED]
    # Where it sits on the one acted on, it breaks, and is lost again there: nothing takes the endpoint away.
    assert rungs_of(model, "f", touched, ONCE, sits="two") == [DEAD]


def test_c2_at_set_up_spares_what_runs() -> None:
    for at_setup, expected in ((True, CLEAN), (False, DEAD)):
        policy = on_access("p", Rule(Drop(), (MatchTransport(Transport.UDP),), at_setup))
        model = world((link_to("c", "apns", udp(500), kept_up=True),), (down("f", "c"),), policies=(policy,))
        assert rungs_of(model, "f", at=ONCE) == [expected]
        assert rungs_of(model, "f", at=AGAIN) == [DEAD]


def test_d4_what_need_not_be_had_again_sends_nothing() -> None:
    flows = (down("f", "c", sizes=sizes("3"), durable=True, expires=True), down("g", "c", sizes=sizes("2")))
    connection = link_to("c", "apns", stream=True, order=Order.IN_ORDER, **CONTROL)
    model = world((connection,), flows, adversary=eve(SIZE))
    loss = drops(Phase.RECORD, DOWN, size=LARGE)
    assert rungs_of(model, "f g", loss, AGAIN) == [CLEAN, CLEAN]
    assert rungs_of(model, "f g", loss, GOOD) == [DEAD, DEAD]


def test_c4_the_strongest_act_wins() -> None:
    rules = (
        on_access("p", Rule(Throttle(10))),
        on_access("q", Rule(Reset()), links=("up",)),
        on_access("r", dropped()),
    )
    model = world((link_to("c", "apns"),), (down("f", "c", need=0),), policies=rules)
    assert rungs_of(model, "f") == [DEAD]
    assert rungs_of(replace(model, policies=rules[:1]), "f") == [STRAINED]
    assert rungs_of(replace(model, flows=(up("f", "c", need=11),), policies=rules[:1]), "f") == [HURT]
