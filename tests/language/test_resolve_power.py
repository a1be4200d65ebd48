"""Adversaries, policies, checks and facts."""

from __future__ import annotations

import pytest

from sharedfate.model.adversary import Act, Adversary, Inferred, Limit
from sharedfate.model.facts import FactLiteral, FactName
from sharedfate.model.policy import (
    Allow,
    Drop,
    Intercept,
    MatchDirection,
    MatchIp,
    MatchName,
    MatchPort,
    MatchSize,
    MatchTransport,
    MatchValue,
    Redirect,
    Reset,
    Throttle,
)
from sharedfate.model.question import (
    AlwaysRides,
    CanCut,
    Check,
    Expectation,
    Horizon,
    Rung,
    UnderPolicies,
    VerdictKind,
)
from sharedfate.model.traffic import NeedsFlow
from sharedfate.model.wire import CLIENT, DNS, FLOW, IP, PORT, SIZE, SNI, TOPIC, Dialect, Direction, Range, Transport
from support import model_of

WORLD = """
model m
zone home, net, far
link access : home -- net tagged last_mile, border
link radio : home -- net tagged radio
link up : net -- far tagged border
party phone, tablet at home
service apns, ids at far operated by apple role relay
service shop at far
assume g open
assume h
connection courier : each of phone, tablet -> apns { tcp 5223; to 192.0.2.0/24; stream; over access }
connection web : phone -> shop { either tcp 443 or tcp 80; over access; tls sni "<1..5>-x.example" }
flow push : apns -> phone on courier { usual 1..4096 }
flow text : phone -> apns -> tablet on courier { size 200..4096 }
flow page : shop -> phone on web
function notifications = push
function send_text = text
adversary isp { on any link tagged border; sees ip, port; may drop, reset }
"""


def adversary(text: str) -> Adversary:
    return model_of(WORLD + text).adversary["a"]


def test_places_by_tag_role_operator_and_name() -> None:
    assert adversary("adversary a { on any link tagged border, radio; sees ip }").links == ("access", "radio", "up")
    assert adversary("adversary a { controls the relay }").services == ("apns", "ids")
    assert adversary("adversary a { controls any service operated by apple }").services == ("apns", "ids")
    mixed = adversary("adversary a { on up, shop; sees ip; watches ids }")
    assert (mixed.links, mixed.services, mixed.watched) == (("up",), ("shop",), ("ids",))
    assert adversary("adversary a { on link up; sees ip }").links == ("up",)


def test_who_controls_a_service_may_drop_there_unless_it_says_what_it_may() -> None:
    assert adversary("adversary a { controls apns }").acts == (Act.DROP,)
    assert adversary("adversary a { on up; sees ip }").acts == ()
    assert adversary("adversary a { on up; controls apns; sees ip }").acts == ()


def test_extends_adds() -> None:
    more = adversary(
        "adversary a extends b { sees size; infers flow error 4%; holds root }\n"
        "adversary b extends isp { on radio; limited to 3 rules; default deny; may throttle 64 kbit }"
    )
    assert more.links == ("access", "up", "radio")
    assert more.sees == (IP, PORT, SIZE)
    assert more.infers == (Inferred(FLOW, 4.0),)
    assert more.acts == (Act.DROP, Act.RESET, Act.THROTTLE)
    assert more.throttle_rate == 64_000
    assert more.limit == Limit(3, True)
    assert more.holds_root


def test_a_long_chain_of_extends_is_no_deep_recursion() -> None:
    chain = "".join(
        f"adversary a{n} extends {f'a{n + 1}' if n < 3000 else 'isp'} {{ sees size }}\n" for n in range(3001)
    )
    assert model_of(WORLD + chain).adversary["a0"].links == ("access", "up")


def test_the_library_fits_any_model_and_gives_way_to_the_models_own() -> None:
    model = model_of(WORLD.replace("model m\n", "model m\nuse std.adversaries\n"))
    assert model.adversary["isp"].sees == (IP, PORT)
    assert model.adversary["compelled_relay"].services == ("apns", "ids")
    assert model.adversary["isp_sizes"].links == ("access", "up")
    assert model.adversary["isp_sizes"].source is not None


def test_a_service_or_an_operator_as_the_subject() -> None:
    model = model_of(
        WORLD + "check c1 : apns can block send_text sparing notifications\n"
        "check c2 : apple can block send_text sparing notifications\n"
    )
    assert model.adversary["apns"].services == ("apns",)
    assert model.adversary["apple"].services == ("apns", "ids")
    assert model.adversary["apple"].acts == (Act.DROP,)


def test_rules() -> None:
    policy = model_of(
        WORLD + "policy p on any link tagged border {\n  drop at set-up udp 500, 4500\n  allow ip 192.0.2.7 tcp up\n"
        '  reset dns "x.example" matching suffix each cname\n  throttle 3 kbit name "y.example."\n'
        '  redirect to dns(sni) sni "*.z" matching glob\n  redirect to 192.0.2.9 port 1..2\n  intercept\n'
        '  drop size 157, 188 topic "t" client phone\n  default deny\n}\n'
    ).policy["p"]
    assert policy.links == ("access", "up")
    assert policy.default_deny
    assert [rule.at_setup for rule in policy.rules] == [True, *[False] * 7]
    prefix = policy.rules[1].matches[0]
    assert isinstance(prefix, MatchIp)
    assert prefix.prefixes[0].length == 32
    assert [(rule.action, rule.matches) for rule in policy.rules] == [
        (Drop(), (MatchPort((Range(500, 500), Range(4500, 4500)), Transport.UDP),)),
        (Allow(), (prefix, MatchTransport(Transport.TCP), MatchDirection(Direction.UP))),
        (Reset(), (MatchName(("x.example",), Dialect.SUFFIX, DNS, True),)),
        (Throttle(3000), (MatchName(("y.example",)),)),
        (Redirect(None), (MatchName(("*.z",), Dialect.GLOB, SNI),)),
        (Redirect(policy.rules[5].action.prefix), (MatchPort((Range(1, 2),)),)),  # type: ignore[union-attr]
        (Intercept(), ()),
        (Drop(), (MatchSize((Range(157, 157), Range(188, 188))), MatchValue(TOPIC, ("t",)),
                  MatchValue(CLIENT, ("phone",)))),
    ]  # fmt: skip


def check(text: str) -> Check:
    world = WORLD + "policy p on access { default deny }\npolicy q on up { default deny }\n"
    return model_of(f"{world}check c : {text}\n").checks[0]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("isp cannot block send_text sparing notifications",
         CanCut("isp", False, "send_text", Rung.DEAD, ("notifications",), Rung.STRAINED)),
        ("isp can block send_text without killing notifications at once",
         CanCut("isp", True, "send_text", Rung.DEAD, ("notifications",), Rung.HURT, Horizon.AT_ONCE)),
        ("isp cannot degrade send_text sparing notifications unharmed for good",
         CanCut("isp", False, "send_text", Rung.HURT, ("notifications",), Rung.CLEAN, Horizon.FOR_GOOD)),
        ("send_text works under p, q",
         UnderPolicies(("send_text",), Rung.STRAINED, Rung.CLEAN, ("p", "q"))),
        ("send_text, notifications die under p",
         UnderPolicies(("send_text", "notifications"), Rung.DEAD, Rung.DEAD, ("p",))),
        ("send_text is hurt under p", UnderPolicies(("send_text",), Rung.HURT, Rung.HURT, ("p",))),
        ("send_text always rides courier", AlwaysRides("send_text", "courier")),
    ],
)  # fmt: skip
def test_questions(text: str, question: object) -> None:
    made = check(text)
    assert made.question == question
    assert made.expect == Expectation(VerdictKind.PROVED)
    assert made.text == text


def test_sparing_itself_is_left_to_the_engine() -> None:
    assert check("isp cannot block send_text sparing send_text").question is not None


def test_a_flow_asked_about_is_a_function_of_its_own() -> None:
    model = model_of(WORLD + "policy p on access { default deny }\ncheck c : page dies under p\n")
    assert model.function["page"].formula == NeedsFlow("page")


def fact(kind: str, *arguments: str) -> FactName:
    return FactName(kind, arguments)


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("with g", FactLiteral(fact("assumption", "g"))),
        ("without g", FactLiteral(fact("assumption", "g"), False)),
        ("with not g", FactLiteral(fact("assumption", "g"), False)),
        ("without not g", FactLiteral(fact("assumption", "g"))),
        ("with order(courier)", FactLiteral(fact("order", "courier"))),
        ("with need(page)", FactLiteral(fact("need", "page"))),
        ("with resolves(web@phone)", None),
        ("with resolves(web)", FactLiteral(fact("resolves", "web"))),
        ("with together(courier@tablet, push)", FactLiteral(fact("together", "courier@tablet", "push"))),
        ("with occurs(text, 200..300)", FactLiteral(fact("occurs", "text", "200..300"))),
        ("with occurs(control, courier, up, 1..64)", FactLiteral(fact("occurs", "control", "courier", "up", "1..64"))),
        ("with occurs(control up, 1..64)", FactLiteral(fact("occurs", "control", "courier", "up", "1..64"))),
        ("without occurs(control courier down, 7)",
         FactLiteral(fact("occurs", "control", "courier", "down", "7"), False)),
        ('with sits(web) is "tcp 80"', FactLiteral(fact("sits", "web"), True, "tcp 80")),
        ("with sits(web@phone) is tcp 80", FactLiteral(fact("sits", "web"), True, "tcp 80")),
        ("with sits(courier) is tcp 5223", None),
        ("with hands_out(courier@phone, v4) is 192.0.2.0/25",
         FactLiteral(fact("hands_out", "courier@phone", "v4"), True, "192.0.2.0/25")),
        ("with hands_out(courier@phone v4) is 192.0.2.9",
         FactLiteral(fact("hands_out", "courier@phone", "v4"), True, "192.0.2.9")),
        ("with hands_out(courier@phone, tcp port 5223) is 5223",
         FactLiteral(fact("hands_out", "courier@phone", "tcp port 5223"), True, "5223")),
        ('with hands_out(web, "<1..5>-x.example") is "3-x.example"',
         FactLiteral(fact("hands_out", "web", "<1..5>-x.example"), True, "3-x.example")),
    ],
)  # fmt: skip
def test_facts_have_one_name(text: str, literal: FactLiteral | None) -> None:
    statement = f"isp cannot block send_text sparing notifications {text}"
    if literal is None:
        with pytest.raises(AssertionError, match="F0"):
            check(statement)
    else:
        assert check(statement).given == (literal,)


def test_facts_of_the_model_and_of_expectations() -> None:
    model = model_of(
        WORLD + 'assume order(courier) "a guess"\nassume not need(push)\n'
        "check c : isp cannot block send_text sparing notifications "
        "expect conditional on g, occurs(control up, 1..64)\n"
    )
    assert model.given == (FactLiteral(fact("order", "courier")), FactLiteral(fact("need", "push"), False))
    assert model.checks[0].expect.on == ("g", "occurs(control, courier, up, 1..64)")


@pytest.mark.parametrize(
    ("fact_text", "fits"),
    [
        ('hands_out(web, "<1..5>-x.example") is "5-x.example"', True),
        ('hands_out(web, "<1..5>-x.example") is "6-x.example"', False),
        ('hands_out(web, "<1..5>-x.example") is "x.example"', False),
        ("hands_out(web, tcp port 443) is 443", True),
        ("hands_out(web, tcp port 443) is 1..442", False),
        ("hands_out(courier@phone, v4) is 192.0.0.0/16", True),
        ("hands_out(courier@phone, v4) is 192.0.3.0", False),
        ("hands_out(courier@phone, v4) is 2001:db8::", False),
        ("hands_out(courier@phone, v4) is v4", False),
        ("hands_out(web, own address) is 192.0.2.1", False),
    ],
)
def test_only_what_a_pool_holds_is_handed_out(fact_text: str, fits: bool) -> None:
    statement = f"isp cannot block send_text sparing notifications with {fact_text}"
    if fits:
        assert len(check(statement).given) == 1
    else:
        with pytest.raises(AssertionError, match=r"F0[49]"):
            check(statement)
