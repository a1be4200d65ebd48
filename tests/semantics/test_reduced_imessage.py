"""Verdicts on iMessage with two alternatives and single addresses. Sight of sizes: see test_explore.py."""

from __future__ import annotations

import re

import pytest
from tests.support import model_of

from sharedfate.model.model import Model
from sharedfate.semantics.explore import rule

TEXT = """
model reduced "iMessage with one address each, and two ports of the courier"

zone home_a, home_b, internet, apple_net, phone_net
link access_a : home_a -- internet tagged last_mile
link access_b : home_b -- internet
link peering  : internet -- apple_net
link radio_a  : home_a -- phone_net
link radio_b  : home_b -- phone_net

party alice at home_a
party bob   at home_b
service apns, ids, mmcs, quickrelay at apple_net operated by apple
service gateway, smsc at phone_net operated by mobile

assume sms_fallback open

connection courier : each of alice, bob -> apns {
  to 17.249.0.1/32
  either tcp 5223 or tcp 443
  found by dns "1-courier.push.apple.com" cached
  tls sni "courier.push.apple.com" pinned
  stream kept up
  control up usual 5..64 down usual 5..64
}
connection ess : alice -> ids {
  to 17.249.0.2/32 tcp 443 found by built in tls sni "identity.ess.apple.com" pinned
}
connection blobs : alice -> mmcs {
  to 17.249.0.3/32 tcp 443 found by built in tls sni "x.icloud-content.com"
}
connection relayed : alice -> quickrelay {
  to 17.249.0.4/32 udp 3478 found by built in
}
connection sms : each of alice, bob -> smsc { bearer plain }

flow register  : alice -> ids on ess { durable expires }
flow text      : alice -> apns -> bob on courier { topic "madrid" usual 200..4096 }
flow incoming  : bob -> apns -> alice on courier { topic "madrid" usual 200..4096 }
flow app_push  : apns -> alice on courier { topic other usual 1..4096 }
flow ring      : alice -> apns -> bob on courier { topic "facetime" usual 200..4096 }
flow blob      : alice -> mmcs on blobs
flow media     : alice -> quickrelay on relayed
flow plain_sms : alice -> smsc -> bob on sms
flow proof     : alice -> smsc -> gateway on sms { durable expires }

function notifications = app_push
function send_text     = register and text
function receive_text  = register and incoming
function ringing       = register and ring
function send_picture  = send_text and blob
function call          = ringing and media
function new_device    = first send_text
function new_by_phone  = first (send_text and proof)
function reach_bob     = send_text or degraded plain_sms when sms_fallback

adversary isp       { on any link tagged last_mile; sees ip, port, sni; may drop }
adversary carrier   { controls gateway }
adversary apple     { controls apns; may drop }
policy shutdown on any link tagged last_mile { default deny }

check shared_fate : isp cannot block send_text sparing notifications
check enrolment   : isp can block new_device sparing send_text, notifications
check weeks_later : isp cannot block send_text sparing notifications for good    expect violated
check pictures    : isp can block send_picture sparing send_text, notifications
check calls       : isp can block call sparing ringing, send_text, notifications
check ring_shares : isp cannot block ringing sparing notifications
check by_topic    : apple can block send_text sparing notifications
check phone_veto  : carrier can block new_by_phone sparing new_device
check dark        : notifications, send_text die under shutdown
check dark_sms    : reach_bob is hurt under shutdown with sms_fallback
"""


@pytest.fixture(scope="module")
def reduced() -> Model:
    """The model, read once."""
    return model_of(TEXT)


@pytest.mark.parametrize("name", re.findall("^check (\\w+)", TEXT, re.MULTILINE))
def test_verdicts(reduced: Model, name: str) -> None:
    (check,) = (one for one in reduced.checks if one.name == name)
    assert rule(reduced, check, 20_000_000).verdict is check.expect.verdict
