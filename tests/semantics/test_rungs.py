"""D7 and D8: rungs of flows over their hops, and of functions."""

from __future__ import annotations

import pytest
from tests.semantics.worlds import (
    DOWN,
    IF_NOT_U,
    IF_U,
    OPEN_U,
    UP,
    down,
    drops,
    eve,
    link_to,
    resets,
    rungs_of,
    sizes,
    tcp,
    udp,
    world,
)

from sharedfate.model.question import Horizon, Rung
from sharedfate.model.traffic import AllOf, AnyOf, Arm, First, Flow, Formula, Hop, NeedsFlow, NeedsFunction, Topic
from sharedfate.model.wire import IP, SIZE, Phase, Range
from sharedfate.semantics.policies import Nothing

DEAD, HURT, STRAINED, CLEAN = Rung


def across(**rest: object) -> Flow:
    """alice -> apns -> bob on c."""
    return Flow("f", (Hop("alice", "apns", "c", "alice", UP), Hop("apns", "bob", "c", "bob", DOWN)), **rest)  # type: ignore[arg-type]


def two_ended(*flows: Flow, **rest: object) -> object:
    """alice and bob each have c."""
    return world((link_to("c", "apns", clients=("alice", "bob")),), flows or (across(sizes=sizes("1..2 3")), down(
        "g", "c", sizes=sizes("1..2"))), adversary=eve(SIZE, links=("access", "access_b")), **rest)  # type: ignore[arg-type]  # fmt: skip


def test_d7_a_flow_needs_every_hop() -> None:
    model = two_ended()
    assert rungs_of(model, "f g", drops(Phase.RECORD, at="access_b")) == [DEAD, CLEAN]  # type: ignore[arg-type]
    assert rungs_of(model, "f g", drops(Phase.RECORD, UP, at="access")) == [DEAD, CLEAN]  # type: ignore[arg-type]
    assert rungs_of(model, "f g", resets(Phase.RECORD, UP)) == [STRAINED, CLEAN]  # type: ignore[arg-type]


def test_d7_classes_are_intersected_over_hops() -> None:
    class Halves:
        """Small units are lost on alice's side, large ones on bob's."""

        def act(self, observation: object, setup: object) -> object:
            for one in (
                drops(Phase.RECORD, at="access", size=Range(1, 2)),
                drops(Phase.RECORD, at="access_b", size=Range(3, 3)),
            ):
                if found := one.act(observation, setup):  # type: ignore[arg-type]
                    return found
            return ()

    assert rungs_of(two_ended(), "f", Halves()) == [DEAD]  # type: ignore[arg-type]
    one_side = drops(Phase.RECORD, at="access_b", size=Range(3, 3))
    assert rungs_of(two_ended(), "f", one_side) == [HURT]  # type: ignore[arg-type]


def test_d7_services_on_the_way_drop_messages() -> None:
    flows = (across(topic=Topic("t")), down("g", "c", topic=Topic("u")), down("h", "c", topic=Topic(None)))
    model = two_ended(*flows)
    assert rungs_of(model, "f g h", drops(Phase.MESSAGE, at="apns", topic="t")) == [DEAD, CLEAN, CLEAN]  # type: ignore[arg-type]
    assert rungs_of(model, "f g h", drops(Phase.MESSAGE, at="apns", client="bob")) == [CLEAN, CLEAN, CLEAN]  # type: ignore[arg-type]
    assert rungs_of(model, "f g h", drops(Phase.MESSAGE, at="apns", receiver="bob")) == [DEAD, CLEAN, CLEAN]  # type: ignore[arg-type]
    assert rungs_of(model, "f g h", drops(Phase.MESSAGE, at="ids")) == [CLEAN, CLEAN, CLEAN]  # type: ignore[arg-type]


def test_b7_an_internal_hop_is_seen_by_the_service_that_sends_it() -> None:
    flow = Flow("f", (Hop("alice", "apns", "c", "alice", UP), Hop("apns", "ids"), Hop("ids", "apns")))
    model = world((link_to("c", "apns"),), (flow,), adversary=eve(IP))
    for place, expected in (("ids", DEAD), ("apns", DEAD), ("vps", CLEAN)):
        assert rungs_of(model, "f", drops(Phase.MESSAGE, at=place)) == [expected]


def test_d7_guards_and_things_that_are_kept() -> None:
    flows = (down("f", "c", guard=IF_U), down("g", "c", durable=True), down("h", "c", cached=True))
    model = world((link_to("c", "apns"),), flows, adversary=eve(IP), assumptions=(OPEN_U,))
    everything = drops(Phase.PACKET)
    assert rungs_of(model, "f", Nothing(), u=False) == [DEAD]
    assert rungs_of(model, "f", Nothing(), u=True) == [CLEAN]
    assert rungs_of(model, "g h", everything, Horizon.AT_ONCE) == [CLEAN, CLEAN]
    assert rungs_of(model, "g h", everything) == [CLEAN, DEAD]
    assert rungs_of(model, "g h", everything, Horizon.FOR_GOOD) == [CLEAN, DEAD]


def test_a7_a_flow_with_no_class_there_is_dead() -> None:
    model = world((link_to("c", "apns"),), (down("f", "c", sizes=sizes("1..2", guard=IF_U)),), adversary=eve(SIZE),
                  assumptions=(OPEN_U,))  # fmt: skip
    assert rungs_of(model, "f", Nothing(), u=False) == [DEAD]
    assert rungs_of(model, "f", Nothing(), u=True) == [CLEAN]


# D8: functions of a (dead), b (strained), c (clean), d (hurt)

A, B, C, D = map(NeedsFlow, "abcd")


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (AllOf((B, C)), STRAINED),
        (AllOf((A, C)), DEAD),
        (AnyOf((Arm(A), Arm(B))), STRAINED),
        (AnyOf((Arm(A), Arm(D))), HURT),
        (AnyOf((Arm(C), Arm(C))), CLEAN),
        (AnyOf((Arm(C), Arm(B))), STRAINED),  # clean only if every arm is
        (AnyOf((Arm(C), Arm(A))), STRAINED),
        (AnyOf((Arm(A), Arm(C, degraded=True))), HURT),
        (AnyOf((Arm(C), Arm(C, degraded=True))), CLEAN),  # every arm is clean before caps
        (AnyOf((Arm(C, degraded=True),)), HURT),
        (AnyOf((Arm(C, guard=IF_U), Arm(B))), STRAINED),
        (AnyOf((Arm(A, guard=IF_U), Arm(C))), CLEAN),  # an arm that is not there does not count
        (AnyOf((Arm(C, guard=IF_U),)), DEAD),  # no arm left
        (AnyOf((Arm(C, guard=IF_NOT_U),)), CLEAN),
        (AllOf((NeedsFunction("c"), B)), STRAINED),
    ],
)
def test_d8_formulas(formula: Formula, expected: Rung) -> None:
    ways = tuple(link_to(name, "apns", tcp(port)) for port, name in enumerate("abcd", 1))
    flows = tuple(down(name, name, sizes=sizes("1..3") if name == "d" else sizes("1")) for name in "abcd")
    functions = {"goal": formula, "c": C}
    model = world(ways, flows, functions, adversary=eve(SIZE), assumptions=(OPEN_U,))

    class Mixed:
        """Takes a, resets b's records, loses a part of d."""

        def act(self, observation: object, setup: object) -> object:
            for one in (
                drops(Phase.PACKET, port=("tcp", 1)),
                resets(Phase.RECORD, port=("tcp", 2)),
                drops(Phase.RECORD, port=("tcp", 4), size=Range(1, 1)),
            ):
                if found := one.act(observation, setup):  # type: ignore[arg-type]
                    return found
            return ()

    assert rungs_of(model, "goal", Mixed(), u=False) == [expected]  # type: ignore[arg-type]


def test_d8_first_asks_for_a_client_that_holds_nothing() -> None:
    ways = (link_to("c", "apns", kept_up=True), link_to("d", "ids", udp()))
    flows = (down("f", "c"), down("g", "d", "ids", durable=True))
    formulas = {"f": NeedsFlow("f"), "g": NeedsFlow("g"), "new": First(AllOf((NeedsFunction("f"), NeedsFunction("g"))))}
    model = world(ways, flows, formulas, adversary=eve(IP))
    refused = drops(Phase.PACKET, making=True, port=("tcp", 443))
    assert rungs_of(model, "f g new", refused, Horizon.AT_ONCE) == [CLEAN, CLEAN, DEAD]
    silent = drops(Phase.RECORD, port=("udp", 3478))
    assert rungs_of(model, "f g new", silent) == [CLEAN, CLEAN, DEAD]
