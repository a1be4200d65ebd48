"""What a model says, as text: every declaration is there, streams and separate units look different."""

from __future__ import annotations

import pytest

from sharedfate.language import load_text
from sharedfate.report.lines import plain
from sharedfate.report.overview_text import overview_lines

MODEL = """
model m "a title"
zone home, net, far
link access : home -- net tagged last_mile
link up : net -- far
party phone at home
service push at far operated by acme
service box at net
assume claimed open
assume old
connection tunnel : phone -> box { udp 51820; to 203.0.113.7 }
connection courier : phone -> push {
  either v4 to 192.0.2.0/24 or v6 to 2001:db8::/32
  tcp 5223 ; via tunnel when claimed
  found by bag "bag.example" durable then dns "*-c.example" cname "c.cdn.example" cached resolved at box
  tls sni "courier.example" alpn "a", "b" pinned
  stream kept up
  source "a fact"
}
connection web : phone -> push { tcp 443; tls ech outer "outer.example" }
flow text : push -> phone on courier
flow news : push -> phone on courier
flow page : push -> phone on web
flow pic : push -> phone on web
function one = text and (page or degraded pic when claimed)
function two = first (news and text)
adversary isp { on any link tagged last_mile; sees ip, sni; infers flow error 2 %; may drop, reset }
adversary limited { on access; sees ip; may drop; limited to 3 rules }
policy list on access { drop at set-up tcp 443; reset ip 192.0.2.0/24 ; default allow }
check together : isp cannot block one sparing two
"""


@pytest.fixture(scope="module")
def text() -> str:
    loaded = load_text(MODEL)
    assert loaded.model is not None, loaded.diagnostics
    return " ".join(plain(overview_lines(loaded.model)).split())


@pytest.mark.parametrize(
    "row",
    [
        "model m a title",
        "home: phone",
        "home --access-- net last_mile",
        "courier: phone -> push [text-news]",
        "web: phone -> push [page] [pic]",
        "carries courier",
        "is one stream, kept up, pinned",
        'shows tcp 5223, to 192.0.2.0/24, tls sni "courier.example" alpn "a" "b", via tunnel, when claimed',
        'found by bag "bag.example" durable then dns "*-c.example" cname "c.cdn.example" resolved at box cached',
        "source a fact",
        'shows tcp 443, tls outer name "outer.example"',
        "one = text and (page or degraded pic when claimed)",
        "two = first (news and text)",
        "claimed: open",
        "old: holds",
        "isp: on access; sees ip, sni; guesses flow, wrong in 2 %; may drop, reset",
        "limited: on access; sees ip; may drop; limited to 3 rules",
        "policy list on access",
        "drop at set-up tcp 443",
        "reset ip 192.0.2.0/24",
        "default allow",
        "together: isp cannot block one sparing two",
    ],
)
def test_it_is_said(text: str, row: str) -> None:
    assert f" {row} " in f" {text} "
