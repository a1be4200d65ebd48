"""Witnesses are minimal: fewest functions harmed, then fewest rules, then rules that say no more than they need."""

from __future__ import annotations

from dataclasses import replace

from engines.small import PLACES, PUSH, answer
from sharedfate.evidence.answer import Answer
from sharedfate.model.policy import Drop, MatchDirection, MatchIp, MatchName, MatchPort, MatchSize, WitnessRule
from sharedfate.model.question import Rung
from sharedfate.model.wire import Direction, Phase, Range
from sharedfate.semantics.choices import choices
from sharedfate.semantics.fate import fate
from sharedfate.semantics.lens import lens_of_adversary
from sharedfate.semantics.policies import WitnessPolicy
from sharedfate.semantics.staging import stage
from support import model_of


def harmed(found: Answer) -> set[str]:
    (attack,) = found.attacks
    return {one.function for one in attack.fates if one.rung is not Rung.CLEAN}


def test_fewest_functions_harmed() -> None:
    """Three ways to kill `f`, by what is dropped on access.

    Its packets: it shares the address with g1 and g2, and port 443 with g1. So by address alone three functions are
    harmed, by address and port two. Its set-up shows a name that is f's alone: one. The names of the others do not
    matter, so the rule needs neither address nor port.
    """
    text = (
        PLACES
        + """
connection c0 : phone -> site { tcp 443; to 192.0.2.1; tls sni "f.example" }
connection c1 : phone -> site { tcp 443; to 192.0.2.1; tls sni "g.example" }
connection c2 : phone -> site { tcp 444; to 192.0.2.1; tls sni "g.example" }
connection c3 : phone -> site { tcp 445; to 192.0.2.2; tls sni "h.example" }
flow f0 : site -> phone on c0 { usual 9 }
flow f1 : site -> phone on c1 { usual 9 }
flow f2 : site -> phone on c2 { usual 9 }
flow f3 : site -> phone on c3 { usual 9 }
function f = f0
function g1 = f1
function g2 = f2
function h = f3
adversary eve { on access; sees ip, port, sni; may drop }
"""
    )
    found = answer(text, "eve can block f sparing h")
    assert harmed(found) == {"f"}
    (rule,) = found.attacks[0].rules
    assert rule.place == "access"
    assert rule.action == Drop()
    assert [type(match) for match in rule.matches] == [MatchName]
    (name,) = [match for match in rule.matches if isinstance(match, MatchName)]
    assert name.names == ("f.example",)


def test_one_function_harmed_is_better_than_fewer_rules() -> None:
    """f rides two connections as `a or b`, so both must be hit. One rule on port 443 would do it and take g with it;

    two rules by address harm f alone.
    """
    text = (
        PLACES
        + """
connection a : phone -> site { tcp 443; to 192.0.2.1 }
connection b : phone -> site { tcp 443; to 192.0.2.2 }
connection c : phone -> site { tcp 443; to 192.0.2.3 }
connection d : phone -> site { tcp 444; to 192.0.2.4 }
flow fa : site -> phone on a { usual 9 }
flow fb : site -> phone on b { usual 9 }
flow fc : site -> phone on c { usual 9 }
flow fd : site -> phone on d { usual 9 }
function f = fa or fb
function g = fc
function h = fd
adversary eve { on access; sees ip, port; may drop }
"""
    )
    found = answer(text, "eve can block f sparing h")
    assert harmed(found) == {"f"}
    rules = found.attacks[0].rules
    assert len(rules) <= 2
    prefixes = {prefix.network & 0xFF for rule in rules for match in rule.matches
                if isinstance(match, MatchIp) for prefix in match.prefixes}  # fmt: skip
    assert prefixes == {1, 2}


def test_fewest_rules() -> None:
    """The same without g: now port 443 is f's alone, and one rule is enough."""
    text = (
        PLACES
        + """
connection a : phone -> site { tcp 443; to 192.0.2.1 }
connection b : phone -> site { tcp 443; to 192.0.2.2 }
connection d : phone -> site { tcp 444; to 192.0.2.4 }
flow fa : site -> phone on a { usual 9 }
flow fb : site -> phone on b { usual 9 }
flow fd : site -> phone on d { usual 9 }
function f = fa or fb
function h = fd
adversary eve { on access; sees ip, port; may drop }
"""
    )
    found = answer(text, "eve can block f sparing h")
    (rule,) = found.attacks[0].rules
    assert [type(match) for match in rule.matches] == [MatchPort]


def test_sizes_that_adjoin_are_one_rule() -> None:
    """Size is all that is seen. f's 200..9000 is cut at 301, where push ends; both classes have to go, by one rule.

    Dropping packets would do as well, but those of h look the same.
    """
    text = (
        PLACES
        + """
connection c : phone -> apns { udp 1; datagrams }
connection d : phone -> apns { udp 1; datagrams }
flow text : apns -> phone on c { usual 200..9000 }
flow push : apns -> phone on c { usual 1..300 }
flow tiny : apns -> phone on d { usual 1..150 }
function f = text
function g = push
function h = tiny
adversary eve { on access; sees size; may drop }
"""
    )
    found = answer(text, "eve can block f sparing h")
    assert harmed(found) == {"f", "g"}
    (rule,) = found.attacks[0].rules
    assert rule.phase is Phase.RECORD
    assert MatchSize((Range(200, 9000),)) in rule.matches
    assert [match for match in rule.matches if not isinstance(match, MatchSize)] in (
        [],
        [MatchDirection(Direction.DOWN)],
    )


def test_every_function_has_its_rung_in_the_attack() -> None:
    found = answer(PUSH, "isp can block pictures sparing texts")
    (attack,) = found.attacks
    rungs = {one.function: one.rung for one in attack.fates}
    assert rungs == {"texts": Rung.CLEAN, "notifications": Rung.CLEAN, "pictures": Rung.DEAD}


def test_no_rule_can_be_left_out() -> None:
    """Of a witness with several rules; asked of the executable semantics, not of the engine."""
    text = (
        PLACES
        + """
connection c : phone -> site { either tcp 1 to 192.0.2.1 or tcp 2 to 192.0.2.2 }
connection d : phone -> site { tcp 1; to 192.0.2.2 }
connection e : phone -> site { tcp 2; to 192.0.2.1 }
flow f0 : site -> phone on c { usual 9 }
flow f1 : site -> phone on d { usual 9 }
flow f2 : site -> phone on e { usual 9 }
function f = f0
function g = f1 and f2
adversary eve { on access; sees ip, port; may drop }
"""
    )
    found = answer(text, "eve can block f sparing g unharmed")
    rules = found.attacks[0].rules
    assert len(rules) == 2
    model = model_of(text + "check asked : eve can block f sparing g unharmed\n")
    staged = stage(model, ["f", "g"], lens_of_adversary(model.adversaries[0]))

    def works(kept: tuple[WitnessRule, ...]) -> bool:
        return all(
            fate(model, staged, WitnessPolicy(kept), choice, found.check.question.horizon).function("f").rung
            is Rung.DEAD
            for choice in choices(model, staged)
        )

    assert works(rules)
    for rule in rules:
        assert not works(tuple(one for one in rules if one is not rule))
        for match in rule.matches:
            wider = replace(rule, matches=tuple(one for one in rule.matches if one is not match))
            others = tuple(one for one in rules if one is not rule)
            spared = fate(model, staged, WitnessPolicy((*others, wider)), next(iter(choices(model, staged))),
                          found.check.question.horizon).function("g").rung  # fmt: skip
            assert spared is not Rung.CLEAN
