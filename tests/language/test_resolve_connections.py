"""Alternatives, their keys and guards, settings."""

from __future__ import annotations

import pytest

from sharedfate.model.guard import ALWAYS, Assumed, Every
from sharedfate.model.model import Model
from sharedfate.model.network import BuiltIn, ByBag, ByDns, ByFlow, Connection, ControlSizes, Keep, Order, Via
from sharedfate.model.wire import Range, Transport
from support import model_of

WORLD = """
model m
zone home, net
link access : home -- net
party phone, tablet at home
service apns, ids at net
assume g open
assume h open
pool front : 192.0.2.0/24
connection tunnel : phone -> ids { udp 51820; to 203.0.113.7/32 }
"""


def made(body: str, more: str = "") -> Connection:
    return model_of(f"{WORLD}connection c : phone -> apns {{ {body} }}\n{more}").connection["c"]


def keys(body: str, more: str = "") -> list[str]:
    return [item.key for item in made(body, more).alternatives]


def test_two_either_lines_multiply_in_order_of_preference() -> None:
    body = "either v4 to 192.0.2.0/24 or v6 to 2001:db8::/32; either tcp 5223 or tcp 443"
    assert keys(body) == ["v4 tcp 5223", "v4 tcp 443", "v6 tcp 5223", "v6 tcp 443"]
    first = made(body).alternatives[0]
    assert first.version == 4
    assert first.ports == (Range(5223, 5223),)
    assert first.pool is not None
    assert (first.pool.prefixes[0].version, first.pool.prefixes[0].length) == (4, 24)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("tcp 443", ["tcp 443"]),
        ("quic 443", ["quic 443"]),
        ("either quic 443 or udp 443", ["quic 443", "udp 443"]),
        ("udp 3478..3497, 500", ["udp 3478..3497, 500"]),
        ("bearer", ["bearer"]),
        ("v4; tcp 443; to 192.0.2.0/24", ["tcp 443"]),
        ("tcp 443; either to 192.0.2.0/24 or to 198.51.100.0/24, 203.0.113.0/24",
         ["tcp 443 to 192.0.2.0/24", "tcp 443 to 198.51.100.0/24, …"]),
        ("tcp 443; either to pool front or to 198.51.100.0/24", ["tcp 443 to front", "tcp 443 to 198.51.100.0/24"]),
        ('tcp 443; either tls sni "a.x" or tls sni "b.x"', ["tcp 443 a.x", "tcp 443 b.x"]),
        ('tcp 443; found by dns "a.x" or built in', ["tcp 443 found by dns a.x", "tcp 443 found by built in"]),
        ("either tcp 443 when g or tcp 443 when not g", ["tcp 443 when g", "tcp 443 when not g"]),
        ("either tcp 443 or tcp 443", ["tcp 443", "tcp 443 #2"]),
        ("tcp 443; via tunnel when g", ["tcp 443 via tunnel", "tcp 443"]),
    ],
)  # fmt: skip
def test_keys_are_readable_and_unique(body: str, expected: list[str]) -> None:
    assert keys(body) == expected


def test_attributes_on_the_connection_are_those_of_every_arm() -> None:
    arms = made('either tcp 5223 or tcp 443 when g; tls sni "x.example" alpn "a", "b"; to 192.0.2.0/24').alternatives
    assert [item.guard for item in arms] == [ALWAYS, Assumed("g")]
    for item in arms:
        assert item.tls is not None
        assert item.tls.sni is not None
        assert (item.tls.sni.text, item.tls.alpn) == ("x.example", ("a", "b"))
        assert item.pool is not None


def test_a_guarded_line_is_there_or_not() -> None:
    with_it, without = made("tcp 443; via tunnel when g").alternatives
    assert (with_it.via, with_it.guard) == (Via("tunnel"), Assumed("g"))
    assert (without.via, without.guard) == (None, Assumed("g", False))


def test_a_guarded_line_of_two_assumptions_is_absent_when_one_is() -> None:
    arms = made("tcp 443; via tunnel when g and h").alternatives
    assert arms[0].guard == Every((Assumed("g"), Assumed("h")))
    assert str(arms[1].guard) == str(model_guard_not_both())


def model_guard_not_both() -> object:
    from sharedfate.model.guard import Some

    return Some((Assumed("g", False), Assumed("h", False)))


def test_guards_that_exclude_each_other_make_no_alternative() -> None:
    assert keys('either tcp 1 when g or tcp 2 when not g; either host "a.x" when g or host "b.x" when not g') == [
        "tcp 1",
        "tcp 2",
    ]


def test_a_transport_with_a_guard_is_no_choice_between_it_and_nothing() -> None:
    (only,) = made("tcp 443 when g").alternatives
    assert only.guard == Assumed("g")


def test_quic_is_udp_with_tls_inside() -> None:
    (only,) = made("quic 443").alternatives
    assert only.transport is Transport.UDP
    assert only.tls is not None


def test_finding_is_a_chain_of_steps() -> None:
    body = 'tcp 443; found by bag "b.x" durable then dns "a.x" cname "c.x" then "d.x" cached resolved at ids'
    (only,) = made(body).alternatives
    bag, dns = only.found
    assert isinstance(bag, ByBag)
    assert isinstance(dns, ByDns)
    assert bag.keep is Keep.DURABLE
    assert ([name.text for name in dns.cname], dns.keep, dns.resolver) == (["c.x", "d.x"], Keep.CACHED, "ids")


def test_found_by_or_gives_alternatives() -> None:
    arms = made("tcp 443; found by flow hint or built in", "flow hint : ids -> phone on tunnel\n").alternatives
    assert [type(item.found[0]) for item in arms] == [ByFlow, BuiltIn]


def test_settings() -> None:
    whole = made(
        'tcp 443; tls sni "x.example" pinned; stream kept up; many; redelivers in order; presents token, account;'
        "control up usual 5..64 size 5..4096 down usual 5, 6"
    )
    assert whole.stream and whole.kept_up and whole.many and whole.pinned and not whole.plain
    assert whole.order is Order.IN_ORDER
    assert whole.presents == ("token", "account")
    assert whole.control_up == ControlSizes((Range(5, 64),), (Range(5, 4096),))
    assert whole.control_down == ControlSizes((Range(5, 6),))


def test_silence_stays_silent() -> None:
    bare = made("tcp 443; stream")
    assert bare.order is Order.OPEN
    assert bare.control_up is None
    assert bare.alternatives[0].pool is None
    assert bare.alternatives[0].found == ()
    assert bare.alternatives[0].version is None
    assert made("tcp 443; stream; gives up").order is Order.ANY_ORDER


def test_named_pools_are_shared() -> None:
    model = model_of(WORLD + "connection c : phone -> apns { tcp 1; to pool front }\n"
                     "connection d : phone -> ids { tcp 2; to pool front }\n")  # fmt: skip
    pools = [model.connection[name].alternatives[0].pool for name in ("c", "d")]
    assert pools[0] == pools[1]
    assert pools[0] is not None
    assert pools[0].name == "front"


def test_sources_and_several_clients() -> None:
    model = model_of(WORLD + 'connection c : each of phone, tablet -> apns { tcp 1; source "measured" }\n')
    connection = model.connection["c"]
    assert connection.clients == ("phone", "tablet")
    assert connection.source is not None
    assert connection.source.text == "measured"


def test_a_session_between_two_parties() -> None:
    model: Model = model_of(WORLD + "connection direct : phone -> tablet { udp 5000 }\n")
    assert model.connection["direct"].server == "tablet"
