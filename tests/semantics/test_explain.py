"""Reasons for the rung of a flow, and the rules that touch it."""

from __future__ import annotations

from tests.semantics.worlds import (
    at_resolver,
    control,
    down,
    dropped,
    link_to,
    named,
    on_access,
    on_port,
    sizes,
    tcp,
    udp,
    world,
)

from sharedfate.model.model import Model
from sharedfate.model.network import ByDns, Keep, Order, Via
from sharedfate.model.policy import MatchSize, Policy, Reset, Rule, Throttle
from sharedfate.model.question import Horizon
from sharedfate.model.traffic import Topic
from sharedfate.model.wire import NamePattern, Range
from sharedfate.semantics.choices import choices
from sharedfate.semantics.explain import FlowReason, flow_reason
from sharedfate.semantics.fate import fate
from sharedfate.semantics.lens import lens_of_policies
from sharedfate.semantics.policies import DeclaredPolicies
from sharedfate.semantics.staging import stage

CONTROL = {"control_up": control("1"), "control_down": control("1")}


def why(model: Model, name: str = "f", at: Horizon = Horizon.ON_RECONNECT) -> FlowReason:
    """The reason for a flow's rung under the model's policies, under nature's first choice."""
    on = stage(model, [function.name for function in model.functions], lens_of_policies(model.policies))
    choice = next(iter(choices(model, on, throttled=True)))
    return flow_reason(fate(model, on, DeclaredPolicies(model.policies), choice, at), name)


def under(policy: Policy, *connections: object, flows: tuple[object, ...] = ()) -> Model:
    """A world with f on c (and others) under a policy."""
    listed = flows or (down("f", "c", sizes=sizes("1..2")),)
    return world(connections, listed, policies=(policy,))  # type: ignore[arg-type]


def test_clean_needs_no_reason() -> None:
    found = why(under(on_access("p", dropped(on_port(80))), link_to("c", "apns")))
    assert (found.reason, found.cause, found.decisions) == ("", "", ())
    assert found.connections == ("c",)


def test_set_up_refused_names_the_alternatives_and_the_rules() -> None:
    policy = on_access("p", dropped(on_port(80)), dropped(on_port(1)), dropped(on_port(2)))
    found = why(under(policy, link_to("c", "apns", tcp(1), tcp(2))))
    assert found.cause == "set-up refused"
    assert found.reason == "c cannot be set up (tcp 1: its set-up is refused; tcp 2: its set-up is refused)"
    assert found.cut_by == (1, 2)


def test_not_found() -> None:
    step = ByDns((NamePattern("a.x"),), resolver="resolver", keep=Keep.CACHED)
    model = under(at_resolver("p", dropped(named("a.x"))), link_to("c", "apns", tcp(found=(step,))))
    assert why(model).reason == "c cannot be set up: not found by dns a.x"
    assert why(model).cause == "not found"
    assert why(model, at=Horizon.AT_ONCE).cause == ""


def test_control_units_and_stalled_streams() -> None:
    connection = link_to("c", "apns", stream=True, order=Order.IN_ORDER, **CONTROL)
    flows = (down("f", "c", sizes=sizes("2")), down("g", "c", sizes=sizes("5")))
    small = on_access("p", dropped(MatchSize((Range(1, 1),))))
    assert why(under(small, connection, flows=flows)).cause == "control units lost"
    large = on_access("p", dropped(MatchSize((Range(5, 5),))))
    found = why(under(large, connection, flows=flows))
    assert (found.cause, found.cut_by) == ("stream stalls", (0,))
    assert "units of g" in found.reason
    assert why(under(large, connection, flows=flows), "g").cause == "units dropped"


def test_throttled_reset_and_messages() -> None:
    slow = on_access("p", Rule(Throttle(5)))
    model = world((link_to("c", "apns"),), (down("f", "c", need=6),), policies=(slow,))
    assert why(model).cause == "throttled"
    resets = on_access("p", Rule(Reset(), (MatchSize((Range(1, 2),)),)))
    assert why(under(resets, link_to("c", "apns"))).cause == "units touched"
    topics = Policy("p", (), ("apns",), (dropped(),))
    model = world((link_to("c", "apns"),), (down("f", "c", topic=Topic("t")),), policies=(topics,))
    assert why(model).reason == "its messages are dropped at apns"


def test_tunnels() -> None:
    ways = (link_to("t", "vps", udp(7)), link_to("c", "apns", tcp(via=Via("t"))))
    found = why(under(on_access("p", dropped()), *ways))
    assert found.cause == "tunnel down"
    assert found.connections == ("c", "t")
    assert found.cut_by == (0,)
    part = on_access("p", dropped(MatchSize((Range(1, 2),))))
    assert "inside its tunnel" in why(under(part, *ways)).reason


def test_broken_off_at_once() -> None:
    connection = link_to("c", "apns", kept_up=True, stream=True, order=Order.ANY_ORDER, **CONTROL)
    flows = (down("f", "c", sizes=sizes("2")), down("g", "c", sizes=sizes("5")))
    policy = on_access("p", dropped(MatchSize((Range(5, 5),))))
    found = why(under(policy, connection, flows=flows), at=Horizon.AT_ONCE)
    assert found.cause == "broken"
