"""C2 to C4: what declared policies decide, observation by observation."""

from __future__ import annotations

import pytest
from tests.semantics.worlds import DOWN, UP, allowed, dropped, eve, ip, named, on_access, on_port

from sharedfate.model.adversary import Act
from sharedfate.model.policy import (
    Allow,
    Drop,
    Match,
    MatchAbsent,
    MatchDirection,
    MatchIp,
    MatchPort,
    MatchSize,
    MatchTransport,
    MatchValue,
    Policy,
    Reset,
    Rule,
    Throttle,
    WitnessRule,
)
from sharedfate.model.wire import (
    ALPN,
    DIRECTION,
    DNS,
    FLOW,
    HOST,
    IP,
    PORT,
    SIZE,
    SNI,
    TOPIC,
    Dialect,
    Field,
    Phase,
    Range,
    Transport,
)
from sharedfate.semantics.observe import Observation, Shown
from sharedfate.semantics.policies import DeclaredPolicies, ViewPolicy, WitnessPolicy, decide, illegal

FAR: dict[Field, Shown] = {IP: (4, 0x0A000001), PORT: ("tcp", 443)}


def seen(phase: Phase, *, making: bool = False, chain: tuple[str, ...] = (), **more: Shown) -> Observation:
    """An observation on the access link, upwards, of 10.0.0.1 tcp 443."""
    fields = {**FAR, DIRECTION: UP, **{Field(name): value for name, value in more.items()}}
    ordered = tuple(sorted(fields.items(), key=lambda pair: pair[0].name))
    return Observation("access", phase, UP, ordered, making, (), chain, Transport.TCP)


PACKET, MAKING = seen(Phase.PACKET), seen(Phase.PACKET, making=True)
SETUP = seen(Phase.SETUP, making=True, sni="a.x", alpn=("h2",))
RECORD = seen(Phase.RECORD, sni="a.x", alpn=("h2",), size=Range(1, 2))
ASKED = seen(Phase.SETUP, making=True, chain=("b.y", "c.z"), dns="a.x")


def kind(policy: Policy, one: Observation, setup: Observation | None = SETUP) -> type:
    """The type of what is decided."""
    return type(decide(policy, one, setup).action)


@pytest.mark.parametrize(
    ("match", "phases"),
    [
        (MatchIp((ip(1),)), "packet setup record"),
        (MatchIp((ip(2),)), ""),
        (on_port(443), "packet setup record"),
        (on_port(443, transport=Transport.UDP), ""),
        (MatchPort((Range(400, 500),)), "packet setup record"),
        (MatchTransport(Transport.TCP), "packet setup record"),
        (MatchTransport(Transport.UDP), ""),
        (MatchDirection(UP), "packet setup record"),
        (MatchDirection(DOWN), ""),
        (MatchSize((Range(1, 5),)), "record"),
        (MatchSize((Range(2, 5),)), ""),
        (named("a.x"), "setup"),  # a name rule acts on set-up only, though records carry the name too
        (named("a.x", field=SNI), "setup"),
        (named("a.x", field=DNS), ""),
        (named("x", dialect=Dialect.SUFFIX), "setup"),
        (MatchValue(ALPN, ("h2",)), "setup record"),
        (MatchValue(TOPIC, ("t",)), ""),  # what does not show is not matched
        (MatchAbsent(DNS), ""),  # absence is for witnesses
    ],
)
def test_c2_where_each_matcher_matches(match: Match, phases: str) -> None:
    policy = on_access("p", dropped(match))
    hit = [one.phase.value for one in (PACKET, SETUP, RECORD) if kind(policy, one) is Drop]
    assert hit == phases.split()


def test_c2_the_first_match_decides_and_silence_allows() -> None:
    policy = on_access("p", allowed(MatchIp((ip(1),))), dropped())
    assert decide(policy, PACKET, None).rule == 0
    assert kind(policy, PACKET) is Allow
    assert decide(on_access("p", deny=True), PACKET, None).rule is None
    assert kind(on_access("p", deny=True), PACKET) is Drop
    assert kind(on_access("p"), PACKET) is Allow


def test_c2_at_set_up() -> None:
    policy = on_access("p", dropped(at_setup=True))
    assert [kind(policy, one) for one in (PACKET, MAKING, SETUP, RECORD)] == [Allow, Drop, Drop, Allow]


def test_c2_a_packet_passes_while_an_allow_rule_could_still_match() -> None:
    policy = on_access("p", allowed(named("a.x")), deny=True)
    assert kind(policy, MAKING) is Allow
    other_port = on_access("p", allowed(named("a.x"), on_port(80)), deny=True)
    stranger = seen(Phase.SETUP, making=True, sni="b.x")
    assert kind(other_port, MAKING, stranger) is Drop  # its other matchers do not hold
    dropping = on_access("p", dropped(named("a.x")), deny=True)
    assert kind(dropping, MAKING, stranger) is Drop  # only allow rules do that
    assert kind(policy, MAKING, stranger) is Allow
    assert kind(policy, stranger, stranger) is Drop


def test_c2_default_deny_spares_what_a_name_lets_pass() -> None:
    policy = on_access("p", allowed(named("a.x")), deny=True)
    assert [kind(policy, one) for one in (PACKET, SETUP, RECORD)] == [Allow, Allow, Allow]
    stranger = seen(Phase.SETUP, making=True, sni="b.x")
    assert [kind(policy, one, stranger) for one in (PACKET, stranger, RECORD)] == [Drop, Drop, Drop]
    assert kind(policy, PACKET, None) is Drop  # a connection that never shows a name gets no such pass
    by_port = on_access("p", allowed(on_port(443), at_setup=True), deny=True)
    assert kind(by_port, PACKET) is Drop  # nor one that passed by something else than a name
    explicit = on_access("p", allowed(named("a.x")), dropped())
    assert kind(explicit, RECORD) is Drop  # a rule is not the default


def test_c2_dns_needs_its_own_rule() -> None:
    by_sni = on_access("p", allowed(named("a.x", field=SNI)), deny=True)
    by_any = on_access("p", allowed(named("a.x")), deny=True)
    assert kind(by_sni, ASKED, ASKED) is Drop
    assert kind(by_any, ASKED, ASKED) is Allow


ALIAS = named("b.y", each=True)


@pytest.mark.parametrize(
    ("rules", "deny", "expected"),
    [
        ((dropped(named("b.y")),), False, Allow),  # without `each cname` only the name asked counts
        ((dropped(ALIAS),), False, Drop),
        ((allowed(named("a.x")), dropped(ALIAS)), False, Drop),  # allowing the name alone does not help
        ((allowed(named("a.x", each=True)),), True, Drop),  # b.y and c.z are not allowed
        ((allowed(named("a.x", "b.y", "c.z", each=True)),), True, Allow),
        ((allowed(named("a.x")),), True, Allow),
        ((allowed(named("a.x")), allowed(ALIAS), dropped(named("y", dialect=Dialect.SUFFIX, each=True))), False, Allow),
    ],
)
def test_c3_each_name_of_the_chain_is_judged_alone(rules: tuple[Rule, ...], deny: bool, expected: type) -> None:
    assert kind(on_access("p", *rules, deny=deny), ASKED, ASKED) is expected


def test_c4_each_place_and_each_policy_acts() -> None:
    both = DeclaredPolicies((on_access("p", dropped()), on_access("q", Rule(Reset())), on_access("r", links=("up",))))
    assert [one.policy for one in both.act(PACKET, None)] == ["p", "q"]
    assert DeclaredPolicies((on_access("p", dropped(), links=("up",)),)).act(PACKET, None) == ()


def test_c1_view_policies_act_alike_on_equal_views() -> None:
    spy = eve(SNI)
    policy = ViewPolicy(spy, {("access", Phase.SETUP, (("sni", "a.x"),)): Act.DROP})
    assert [len(policy.act(one, None)) for one in (PACKET, SETUP, RECORD)] == [0, 1, 0]


def test_witness_rules_see_names_in_records_and_absence() -> None:
    by_name = WitnessPolicy((WitnessRule("access", Drop(), Phase.RECORD, (named("a.x", field=SNI),)),))
    assert [len(by_name.act(one, None)) for one in (PACKET, SETUP, RECORD)] == [0, 0, 1]
    nameless = WitnessPolicy((WitnessRule("access", Drop(), Phase.SETUP, (MatchAbsent(DNS),)),))
    assert [len(nameless.act(one, None)) for one in (SETUP, ASKED)] == [1, 0]


def test_witness_rules_must_be_the_adversarys() -> None:
    def problems(*rules: WitnessRule) -> list[str]:
        return list(illegal(rules, eve(SNI, acts=(Act.DROP,), services=("apns",))))

    assert problems(WitnessRule("access", Drop(), Phase.SETUP, (named("a.x", field=SNI),))) == []
    assert problems(WitnessRule("up", Drop(), Phase.SETUP, ())) == ["rule 1: it does not sit at up"]
    assert problems(WitnessRule("access", Throttle(1), Phase.SETUP, ())) == ["rule 1: it may not throttle"]
    assert problems(WitnessRule("access", Drop(), Phase.SETUP, (named("h", field=HOST),))) == [
        "rule 1: it does not see host"
    ]
    assert problems(WitnessRule("access", Drop(), Phase.RECORD, (MatchSize((Range(1, 1),)),))) == [
        "rule 1: it does not see size"
    ]
    assert problems(WitnessRule("apns", Drop(), Phase.MESSAGE, (MatchValue(TOPIC, ("t",)), MatchSize(())))) == []
    assert problems(WitnessRule("apns", Reset(), Phase.MESSAGE, ())) == ["rule 1: in a service it can only drop"]
    assert problems(WitnessRule("apns", Drop(), Phase.MESSAGE, (MatchValue(FLOW, ("f",)),))) == [
        "rule 1: it does not see flow"
    ]
    assert list(illegal([WitnessRule("access", Drop(), Phase.PACKET, (MatchDirection(UP),))], eve(SIZE))) == []
