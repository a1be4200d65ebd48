"""Hops of flows, sizes, and functions."""

from __future__ import annotations

import pytest

from sharedfate.model.guard import ALWAYS, Assumed
from sharedfate.model.model import Model
from sharedfate.model.traffic import (
    AllOf,
    AnyOf,
    Arm,
    First,
    Formula,
    Hop,
    NeedsFlow,
    NeedsFunction,
    SizeKind,
    Sizes,
    Topic,
)
from sharedfate.model.wire import Direction, Field, Range
from support import model_of

UP, DOWN = Direction.UP, Direction.DOWN
WORLD = """
model m
zone home_a, home_b, net
link access_a : home_a -- net
link access_b : home_b -- net
party alice at home_a
party bob at home_b
service apns, ids, shop at net
assume g open
field shade at record
connection courier : each of alice, bob -> apns { tcp 5223; stream }
connection direct : alice -> bob { udp 5000 }
connection feed : shop -> apns { tcp 2197 }
"""


def hops(path: str) -> tuple[Hop, ...]:
    return model_of(f"{WORLD}flow f : {path}\nfunction it = f\n").flow["f"].hops


def test_up_one_courier_and_down_another() -> None:
    assert hops("alice -> apns -> bob on courier") == (
        Hop("alice", "apns", "courier", "alice", UP),
        Hop("apns", "bob", "courier", "bob", DOWN),
    )


def test_a_hop_between_services_without_a_connection_is_internal() -> None:
    assert hops("alice -> apns -> ids -> apns -> alice on courier") == (
        Hop("alice", "apns", "courier", "alice", UP),
        Hop("apns", "ids"),
        Hop("ids", "apns"),
        Hop("apns", "alice", "courier", "alice", DOWN),
    )


def test_a_hop_between_services_takes_the_connection_that_is_declared() -> None:
    assert hops("shop -> apns -> alice on courier")[0] == Hop("shop", "apns", "feed", "shop", UP)
    assert hops("alice -> apns -> shop on courier")[1] == Hop("apns", "shop", "feed", "shop", DOWN)


def test_one_entry_a_hop() -> None:
    assert hops("shop -> apns -> alice on feed, courier")[0].connection == "feed"
    assert hops("shop -> apns -> alice on internal, courier")[0] == Hop("shop", "apns")
    assert hops("shop -> apns -> alice on -, courier")[0].connection is None


def test_a_list_for_the_whole_path() -> None:
    assert hops("alice -> apns -> ids -> apns -> bob on courier, feed") == (
        Hop("alice", "apns", "courier", "alice", UP),
        Hop("apns", "ids"),
        Hop("ids", "apns"),
        Hop("apns", "bob", "courier", "bob", DOWN),
    )


def test_between_two_parties() -> None:
    assert hops("bob -> alice on direct") == (Hop("bob", "alice", "direct", "alice", DOWN),)


def test_silence_takes_the_only_connection() -> None:
    assert hops("alice -> bob") == (Hop("alice", "bob", "direct", "alice", UP),)


def test_what_a_flow_says() -> None:
    flow = model_of(
        WORLD + 'flow f : apns -> alice on courier { topic "t"; account "a"; usual 9, 1..5 when g; size 1..9; padded 3;'
        'need 2.5 kbit; durable expires; hidden shade "dark"; when g; source "s" }\nfunction it = f\n'
    ).flow["f"]
    sizes = [(item.kind, item.ranges, item.guard) for item in flow.sizes]
    assert sizes == [
        (SizeKind.USUAL, (Range(1, 5), Range(9, 9)), Assumed("g")),
        (SizeKind.POSSIBLE, (Range(1, 9),), ALWAYS),
        (SizeKind.PADDED, (Range(3, 3),), ALWAYS),
    ]
    assert (flow.topic, flow.account, flow.need) == (Topic("t"), "a", 2500)
    assert flow.hidden == ((Field("shade"), "dark"),)
    assert (flow.durable, flow.cached, flow.expires) == (True, False, True)
    assert flow.guard == Assumed("g")


def test_silence_about_a_flow() -> None:
    flow = model_of(WORLD + "flow f : apns -> alice on courier { topic other }\nfunction it = f\n").flow["f"]
    assert flow.sizes == tuple[Sizes]()
    assert (flow.need, flow.topic, flow.guard) == (None, Topic(None), ALWAYS)


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("f", NeedsFlow("f")),
        ("whole", NeedsFunction("whole")),
        ("f and whole and h", AllOf((NeedsFlow("f"), NeedsFunction("whole"), NeedsFlow("h")))),
        ("first f", First(NeedsFlow("f"))),
        ("first (f and h)", First(AllOf((NeedsFlow("f"), NeedsFlow("h"))))),
        ("f or degraded h when g", AnyOf((Arm(NeedsFlow("f")), Arm(NeedsFlow("h"), True, Assumed("g"))))),
        ("f and (h or whole)", AllOf((NeedsFlow("f"), AnyOf((Arm(NeedsFlow("h")), Arm(NeedsFunction("whole"))))))),
        ("h when g", AnyOf((Arm(NeedsFlow("h"), False, Assumed("g")),))),
    ],
)
def test_formulas(text: str, formula: Formula) -> None:
    model: Model = model_of(
        f"{WORLD}flow f : alice -> bob\nflow h : bob -> alice\nfunction it = {text}\nfunction whole = f and h\n"
    )
    assert model.function["it"].formula == formula
