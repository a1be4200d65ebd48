"""Adversaries that deny by default: their witnesses are lists that C2 judges, legal, short and replayed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from engines.small import PLACES, answer
from sharedfate.evidence.rule_words import witness_words
from sharedfate.model.policy import Allow, Drop, MatchName, MatchPort, WitnessRule
from sharedfate.model.question import VerdictKind
from sharedfate.model.wire import SNI, Phase, Range
from sharedfate.report.exitcodes import Exit
from sharedfate.report.json_out import Checked, report
from sharedfate.semantics.allow_lists import listed, unlisted
from support import model_of

SPEC = Path(__file__).parents[2] / "spec"
NAMES = (
    PLACES
    + """
connection c0 : phone -> site { tcp 443; to 192.0.2.1; tls sni "f.example" }
connection c1 : phone -> site { tcp 443; to 192.0.2.1; tls sni "g.example" }
connection c2 : phone -> site { tcp 443; to 192.0.2.1; tls sni "h.example" }
flow f0 : site -> phone on c0 { usual 9 }
flow f1 : site -> phone on c1 { usual 9 }
flow f2 : site -> phone on c2 { usual 9 }
function f = f0
function g = f1
function h = f2
adversary eve { on access; sees ip, port, sni; may drop; limited to 2 rules; default deny }
"""
)
"""Three connections that only their names tell apart."""


def test_a_list_spares_what_it_can_with_as_few_rules() -> None:
    """Only g must live; h can as well, for there is a second rule. Neither rule needs an address or a port."""
    found = answer(NAMES, "eve can block f sparing g")
    assert found.verdict is VerdictKind.PROVED
    (attack,) = found.attacks
    assert [witness_words(rule) for rule in attack.rules] == [
        'allow sni "g.example" matching exact',
        'allow sni "h.example" matching exact',
        "default deny",
    ]
    assert {fate.function: str(fate.rung) for fate in attack.fates} == {"f": "dead", "g": "clean", "h": "clean"}


def test_a_list_of_one_rule_spares_one() -> None:
    found = answer(NAMES.replace("limited to 2 rules", "limited to 1 rules"), "eve can block f sparing g, h")
    assert found.verdict is VerdictKind.VIOLATED
    assert [proof.shows.value for proof in found.proofs] == ["no attack"]


def test_a_list_as_json_fits_the_schema() -> None:
    found = answer(NAMES, "eve can block f sparing g")
    text = json.loads(report([Checked("m.fate", "small", (), (found,))], Exit.MET))
    Draft202012Validator(json.loads((SPEC / "answer.schema.json").read_text(encoding="utf-8"))).validate(text)
    rules = text["files"][0]["answers"][0]["attacks"][0]["rules"]
    assert [(rule["phase"], rule["text"].split(" ")[0]) for rule in rules][-2:] == [(None, "allow"), (None, "default")]


def test_too_many_rules_are_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sharedfate.engines.blocking.allow_lists.MAX_RULES", 3)
    found = answer(NAMES, "eve can block f sparing g")
    assert found.verdict is VerdictKind.UNKNOWN
    assert "rules of an allow-list" in found.reason


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (WitnessRule("up", Allow(), None, ()), "not at a place of its own"),
        (WitnessRule("access", Allow(), Phase.SETUP, ()), "for every phase"),
        (WitnessRule("access", Allow(), None, (MatchName(("t",), field=None),)), "does not see"),
        (
            WitnessRule("access", Allow(), None, (MatchPort((Range(1, 1),)), MatchPort((Range(1, 2),)))),
            "more than one thing of a field",
        ),
    ],
)
def test_what_is_no_list_of_the_adversary(rule: WitnessRule, problem: str) -> None:
    eve = model_of(NAMES).adversary["eve"]
    legal = WitnessRule("access", Allow(), None, (MatchName(("t",), field=SNI),))
    assert not list(unlisted(listed([legal], ["access"]), eve))
    assert any(problem in text for text in unlisted(listed([rule], ["access"]), eve))


def test_a_list_has_no_rule_too_many_and_denies_the_rest() -> None:
    eve = model_of(NAMES).adversary["eve"]
    three = [WitnessRule("access", Allow(), None, (MatchPort((Range(port, port),)),)) for port in (1, 2, 3)]
    assert "limited to 2" in " ".join(unlisted(listed(three, ["access"]), eve))
    assert list(unlisted(three[:1], eve))
    assert list(unlisted([WitnessRule("access", Drop(), None, ()), three[0]], eve))
    assert list(unlisted(listed(three[:1], ["access"]), replace(eve, limit=None)))
