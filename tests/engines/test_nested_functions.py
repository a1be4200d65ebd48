"""Functions of functions that name the same one twice: 2^40 paths, 41 functions."""

from __future__ import annotations

from sharedfate.engines import Budget, answer_checks
from sharedfate.model.question import VerdictKind
from sharedfate.report.pictures.needs import needed
from support import model_of

DEPTH = 40
MODEL = """model nested
zone home, internet
link access : home -- internet tagged last_mile
party phone at home
service push at internet
connection courier : phone -> push { tcp 443; to 192.0.2.0/24 }
flow message : push -> phone on courier
policy shutdown on any link tagged last_mile { default deny }
function f0 = message
"""


def test_each_is_looked_into_once() -> None:
    functions = "".join(f"function f{one + 1} = f{one} and f{one}\n" for one in range(DEPTH))
    model = model_of(f"{MODEL}{functions}check gone : f{DEPTH} dies under shutdown\n")
    (answer,) = answer_checks(model, model.checks, Budget(seconds=20))
    assert answer.verdict is VerdictKind.PROVED
    assert [one.flow for one in needed(model, f"f{DEPTH}")] == ["message"]
