"""Small models as text, and the engine's answer to one of their checks."""

from __future__ import annotations

from sharedfate.engines import Budget, answer_checks
from sharedfate.evidence.answer import Answer
from support import model_of

PLACES = """
model small
zone home, net, far
link access : home -- net tagged last_mile
link up     : net -- far
party phone at home
service apns, site at far
service vps at net
"""

PUSH = (
    PLACES
    + """
connection courier : phone -> apns { tcp 5223; to 192.0.2.0/24; tls sni "courier.example" pinned; stream }
connection photos  : phone -> site { tcp 443; to 198.51.100.0/24; tls sni "photos.example"; datagrams }
flow message : apns -> phone on courier { usual 200..4096 }
flow news    : apns -> phone on courier { usual 1..4096 }
flow photo   : site -> phone on photos  { usual 4096..65536 }
function texts         = message
function notifications = news
function pictures      = photo
adversary isp       { on access; sees ip, port, sni; may drop, reset }
adversary isp_sizes extends isp { sees size }
policy shut on access { drop tcp 443 }
"""
)
"""Texts and notifications on one stream, pictures apart."""


def answer(text: str, check: str = "", budget: Budget | None = None) -> Answer:
    """The answer to `check` (without its name) in the model of a text, or to the last check that the text has."""
    model = model_of(text + (f"check asked : {check}\n" if check else ""))
    (found,) = answer_checks(model, model.checks[-1:], budget or Budget())
    return found
