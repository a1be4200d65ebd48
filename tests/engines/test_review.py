"""Answers that a review of the semantics found wrong, each with what is right and why (spec/semantics.md)."""

from __future__ import annotations

import pytest

from sharedfate.engines.answer import answer_checks
from sharedfate.engines.budget import Budget
from support import model_of

HEAD = """model review
zone ha, hb, net, far
link la : ha -- net
link lb : hb -- net
link up : net -- far
party alice at ha
party bob at hb
service vps, v1, v2 at net
service s, apns, s1, s2, s3 at far operated by op
"""
TUNNEL = "connection t : each of alice, bob -> vps { udp 51820; to 203.0.113.7; datagrams }\n"

CASES = {
    # A7: a cut of h is a cut of f on their hop, and so of g, with which f shares the other hop.
    "cuts_are_passed_on": """
flow f : s1 -> s2 -> s3 { usual 1..100 }
flow g : s1 -> s2 { usual 1..100 }
flow h : s2 -> s3 { usual 50..100 }
function ff = f
function gg = g
function hh = h
check c : op cannot block ff sparing gg, hh
""",
    # A7: no clause of f holds, so no class of it is there, whether or not anybody looks at sizes.
    "no_clause_no_units": """
assume b open
connection c : alice -> s { udp 1000; to 192.0.2.1; datagrams }
flow f : alice -> s on c { size 1..200 when b }
function ff = f
policy none on la { drop port 9 }
policy sz on la { drop size 300 }
check blind : ff works under none without b expect violated
check sized : ff works under sz without b   expect violated
""",
    # B8: what a classifier infers it infers in a controlled tunnel server too.
    "classifier_in_a_service": TUNNEL
    + """
connection w : alice -> s { tcp 443; to 192.0.2.1; via t; stream; redelivers any order }
flow a : s -> alice on w { usual 100 }
flow b : s -> alice on w { usual 100 }
function fa = a
function fb = b
adversary ex { controls vps; infers flow error 2%; may drop }
check c : ex cannot block fa sparing fb expect violated
""",
    # B7: the tunnel's server knows whose connection it forwards.
    "exit_knows_its_clients": TUNNEL
    + """
connection w : each of alice, bob -> s { tcp 443; to 192.0.2.1; via t; stream; redelivers any order }
flow a : s -> alice on w { topic "a"; usual 100 }
flow b : s -> bob on w { topic "a"; usual 100 }
function fa = a
function fb = b
adversary exit { controls vps; may drop }
check c : exit cannot block fa sparing fb expect violated
""",
    # B7: a service knows on which of its connections a message comes.
    "service_knows_its_connections": """
connection push : alice -> apns { tcp 5223; to 192.0.2.1; stream }
connection ess  : alice -> apns { tcp 443; to 192.0.2.2; tls sni "ess.example"; stream }
flow a : alice -> apns on push { usual 100 }
flow b : alice -> apns on ess { usual 100 }
function fa = a
function fb = b
check c : apns cannot block fa sparing fb expect violated
""",
    # F6: alice's hop on bob's connection is outside her tunnel.
    "rides_at_the_wrong_end": TUNNEL
    + """
connection p2p : bob -> alice { udp 9; over lb, la; datagrams }
connection w : alice -> vps { tcp 443; via t }
flow m : alice -> bob on p2p { usual 100 }
flow n : alice -> vps on w { usual 100 }
function fm = m and n
check c : fm always rides t expect violated
""",
    # F6: inside a tunnel inside a tunnel is inside both; what passes through is in none.
    "rides_at_depth": """
connection t1 : alice -> v1 { udp 1; to 203.0.113.7; datagrams }
connection t2 : alice -> v2 { udp 2; to 203.0.113.8; via t1; datagrams }
connection w : alice -> s { udp 3; to 192.0.2.1; via t2; datagrams }
connection x : alice -> s { udp 4; to 192.0.2.1; via t1 passing through; datagrams }
flow f : alice -> s on w { usual 10 }
flow g : alice -> s on x { usual 10 }
function ff = f
function gg = g
check deep    : ff always rides t1
check through : gg always rides t1 expect violated
""",
    # A7: the second padded unit keeps the sizes that it shares with the first.
    "two_padded_units": """
connection d : alice -> s { udp 1001; to 192.0.2.1; datagrams }
flow two : alice -> s on d { padded 1..100; padded 50..150 }
flow g : alice -> s on d { usual 1..100 }
function tw = two
function gg = g
adversary a { on link la; sees size; may drop }
check c : a cannot degrade tw sparing gg
""",
    # B5: a held root opens TLS for a controlled tunnel server as for a link.
    "root_in_a_service": TUNNEL
    + """
connection w : alice -> s { tcp 443; to 192.0.2.1; tls sni "site.example"; via t; stream; redelivers any order }
flow a : s -> alice on w { topic "a"; usual 100 }
flow b : s -> alice on w { topic "b"; usual 100 }
function fa = a
function fb = b
adversary exitroot { controls vps; sees topic; may drop; holds root }
check c : exitroot cannot block fa sparing fb expect violated
""",
    # C1: redirecting refuses set-up and leaves what runs alone; that is not searched, so nothing is proved.
    "redirect_is_not_searched": """
connection run : alice -> s { udp 1000; to 192.0.2.1; kept up; datagrams }
connection new : alice -> s { udp 1000; to 192.0.2.1; datagrams }
flow f : s -> alice on new { usual 100 }
flow g : s -> alice on run { usual 100 }
flow h : alice -> s on run { usual 100 }
function ff = f
function gg = g and h
adversary dr { on link la; sees ip; may drop, redirect }
check c : dr cannot block ff sparing gg at once expect unknown
""",
    # G: what passes through a forwarder in a tunnel has no meaning yet, nor has a padded unit in one.
    "not_modelled": TUNNEL
    + """
connection front : alice -> apns { tcp 443; to 203.0.113.10; tls sni "front.example"; via t }
connection w : alice -> s { tcp 443; to 192.0.2.1; tls sni "inner.example"; via front passing through }
connection v : alice -> s { udp 1000; to 192.0.2.1; via t; datagrams }
flow f : alice -> s on w { usual 10 }
flow g : alice -> s on v { padded 1..100 }
function ff = f
function gg = g
policy n on la { drop sni "inner.example" }
check a1 : ff is clean under n expect unknown
check a2 : gg works under n expect unknown
""",
    # D6: a throttle without a rate lets nothing through that needs anything.
    "throttle_without_a_rate": """
connection a : alice -> s { udp 1; to 192.0.2.1; datagrams }
connection b : alice -> s { udp 2; to 192.0.2.2; datagrams }
flow f : s -> alice on a { usual 100; need 50 kbit }
flow g : s -> alice on b { usual 100; need 50 kbit }
function ff = f
function gg = g
adversary th { on link la; sees ip; may throttle }
check c : th cannot degrade ff sparing gg expect violated
""",
    # A witness of one client's pool does not use what another client's pool calls the same address.
    "one_address_in_several_pools": """
pool mix : 192.0.2.0/31
pool wide : 192.0.2.0/30
connection c : each of alice, bob -> s { udp 1; to pool mix; datagrams }
connection d : alice -> s { udp 2; to pool wide; datagrams }
connection e : alice -> s { udp 3; to 192.0.2.0/31; datagrams }
flow f : s -> alice on c { usual 10 }
flow b : s -> bob on c { usual 10 }
flow g : s -> alice on d { usual 10 }
flow k : s -> alice on e { usual 10 }
function ff = f
function fb = b
function gg = g
function kk = k
adversary ipa { on link la; sees ip; may drop }
check c5 : ipa cannot block kk sparing gg expect conditional
""",
}


@pytest.mark.parametrize("name", list(CASES))
def test_review(name: str) -> None:
    """Every check of the case meets what is expected of it."""
    model = model_of(HEAD + CASES[name])
    answers = list(answer_checks(model, model.checks, Budget()))
    assert answers
    assert {answer.check.name: answer.verdict.value for answer in answers if not answer.met} == {}
