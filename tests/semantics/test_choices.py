"""A4, A7, H: what nature chooses."""

from __future__ import annotations

import pytest
from tests.semantics.worlds import (
    IF_U,
    OPEN_U,
    control,
    down,
    eve,
    fact,
    link_to,
    occurs,
    order,
    pool,
    sizes,
    tcp,
    world,
)

from sharedfate.model.facts import FactKind, FactLiteral, FactName
from sharedfate.model.model import Model
from sharedfate.model.network import Pool
from sharedfate.model.wire import IP, SIZE, Prefix
from sharedfate.semantics.choices import Choice, TooManyError, choices, literal_holds
from sharedfate.semantics.lens import lens_of_adversary
from sharedfate.semantics.staging import stage


def chosen(model: Model, *given: FactLiteral, **options: bool) -> list[dict[str, object]]:
    """All choices for f, by the names of facts; facts with one value left out."""
    on = stage(model, ["f"], lens_of_adversary(model.adversaries[0], given))
    every = [{str(name): value for name, value in one.items()} for one in choices(model, on, given, **options)]
    fixed = {name for name in (every[0] if every else ()) if len({str(one[name]) for one in every}) == 1}
    return [{name: value for name, value in one.items() if name not in fixed} for one in every]


def test_a4_every_address_port_and_name_of_a_pool() -> None:
    way = tcp(to=pool(1, 2), sni="<1..3>.x")
    model = world((link_to("c", "apns", way),), (down("f", "c"),), adversary=eve(IP))
    found = chosen(model)
    assert len(found) == 6
    assert {one["hands_out(c, v4)"] for one in found} == {(4, 0x0A000001), (4, 0x0A000002)}
    assert {one['hands_out(c, "<1..3>.x")'] for one in found} == {"1.x", "2.x", "3.x"}


def test_a4_equal_lists_and_named_pools_are_one_pool() -> None:
    ways = (tcp(1, pool(1, 2), key="one"), tcp(2, pool(1, 2), key="two"))
    model = world((link_to("c", "apns", *ways),), (down("f", "c"),), adversary=eve(IP))
    assert len(chosen(model)) == 2 * 2  # one address for both, and where it sits
    shared = pool(1, 2, name="front")
    connections = (link_to("c", "apns", tcp(to=shared)), link_to("d", "apns", tcp(to=shared)))
    both = world(connections, (down("f", "c"),), adversary=eve(IP))
    assert chosen(both) == [{"hands_out(front@alice)": (4, 0x0A000001)}, {"hands_out(front@alice)": (4, 0x0A000002)}]


def test_a4_big_pools_are_refused_unless_the_caller_names_values() -> None:
    way = tcp(to=Pool((Prefix(4, 0x0A000000, 8),)))
    model = world((link_to("c", "apns", way),), (down("f", "c"),), adversary=eve(IP))
    on = stage(model, ["f"], lens_of_adversary(model.adversaries[0]))
    with pytest.raises(TooManyError):
        list(choices(model, on))
    name = on.instances[0].alternatives[0].address.fact
    found = list(choices(model, on, representatives={name: [(4, 0x0A000005)]}))
    assert [one[name] for one in found] == [(4, 0x0A000005)]


def test_a7_some_class_of_every_flow_occurs() -> None:
    model = world((link_to("c", "apns"),), (down("f", "c", sizes=sizes(possible="1 2")),), adversary=eve(SIZE))
    assert [tuple(one.values()) for one in chosen(model)] == [(True, True), (True, False), (False, True)]


def test_a7_control_units_may_be_absent_only_where_something_is_usual() -> None:
    def count(usual: str) -> int:
        up, down_ = control(usual, "1 2"), control("1")
        connection = link_to("c", "apns", stream=True, control_up=up, control_down=down_)
        flow = down("f", "c", sizes=sizes("5"))
        facts = chosen(world((connection,), (flow,), adversary=eve(SIZE)))
        return len({tuple(one[name] for name in one if name.startswith("occurs")) for one in facts})

    assert count("1") == 2  # whether units of 2 occur
    assert count("") == 3  # of 1, of 2, or both


def test_a7_a_flow_that_is_not_there_needs_no_class() -> None:
    flow = down("f", "c", sizes=sizes(possible="1 2"), guard=IF_U)
    model = world((link_to("c", "apns"),), (flow,), adversary=eve(SIZE), assumptions=(OPEN_U,))
    found = chosen(model)
    assert sum(one["u"] is True for one in found) == 3
    assert sum(one["u"] is False for one in found) == 4


def test_d_order_is_one_choice_for_all_instances() -> None:
    flows = (down("f", "c"), down("g", "c", client="bob"))
    model = world((link_to("c", "apns", clients=("alice", "bob"), stream=True),), flows, adversary=eve(IP))
    assert chosen(model) == [{"order(c)": True}, {"order(c)": False}]
    closed = chosen(model, FactLiteral(order("c"), False))
    assert closed == [{}]


def test_h_given_sizes_close_by_range() -> None:
    flows = (down("f", "c", sizes=sizes(possible="1..9")), down("g", "c", sizes=sizes("4..6")))
    model = world((link_to("c", "apns", stream=True, control_down=control("1")),), flows, adversary=eve(SIZE))
    narrow = chosen(model, FactLiteral(occurs("f", "4..9"), True), FactLiteral(order("c"), True))
    assert [one for one in narrow if one.get("occurs(f, 4..6)") is False or one.get("occurs(f, 7..9)") is False] == []
    wide = FactLiteral(occurs("f", "3..8"), False)
    for one in chosen(model, wide, FactLiteral(order("c"), True)):
        assert [name for name, value in one.items() if value is True and name.startswith("occurs(f, 4")] == []


def test_d6_needs_and_company_matter_only_where_somebody_throttles() -> None:
    flows = (down("f", "c"), down("g", "c", need=5))
    model = world((link_to("c", "apns", stream=True),), flows, adversary=eve(IP))
    assert len(chosen(model)) == 2
    names = set(chosen(model, throttled=True)[0])
    assert names == {"order(c)", "need(f)", "together(c, f)", "together(c, g)"}
    assert set(chosen(model, redirected=True)[0]) == {"order(c)", "resolves(c)"}


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        ((4, 0x0A000001), "10.0.0.1", True),
        ((4, 0x0A000001), "10.0.0.0/30", True),
        ((4, 0x0A000001), "10.0.0.2..10.0.0.9", False),
        ((4, 0x0A000001), "10.0.0.2, 10.0.0.1", True),
        ((6, 1), "::1", True),
        ((6, 1), "0.0.0.1", False),
        (443, "400..450", True),
        (443, "5223", False),
        ("a.x", "A.x", True),
        ("2.x", "<1..2>.x (like 2.x)", True),
    ],
)
def test_h_literals_of_facts_with_several_values(value: object, text: str, expected: bool) -> None:
    name = fact(FactKind.HANDS_OUT, "c", "v4")
    choice: Choice = {name: value}  # type: ignore[dict-item]
    assert literal_holds(FactLiteral(name, True, text), choice) is expected
    assert literal_holds(FactLiteral(name, False, text), choice) is not expected


def test_h_names_as_they_print() -> None:
    assert str(FactName("occurs", ("control", "c", "up", "1..4"))) == "occurs(control, c, up, 1..4)"
    assert str(FactName("assumption", ("u",))) == "u"
