"""Answers as JSON with a versioned schema (spec/answer.schema.json). The same answers give the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from sharedfate.evidence.answer import Answer, Attack, Condition, FlowFate, FunctionFate, Shared, WitnessRule
from sharedfate.evidence.rule_words import action_words, prefix_words, witness_words
from sharedfate.language.diagnostics import Diagnostic
from sharedfate.model.policy import (
    Match,
    MatchAbsent,
    MatchDirection,
    MatchIp,
    MatchName,
    MatchPort,
    MatchSize,
    MatchTransport,
    MatchValue,
)
from sharedfate.model.question import Check, VerdictKind
from sharedfate.model.wire import Range
from sharedfate.report.diagnostics import as_data, span_as_data
from sharedfate.report.exitcodes import Exit

ANSWER_SCHEMA = "sharedfate.answer/1"
"""Raised when a key changes its meaning or goes; a new key does not raise it."""

Data = dict[str, object]


@dataclass(frozen=True, slots=True)
class Checked:
    """One file of a run: what was found wrong with it and, when it is usable, its answers."""

    file: str
    model: str | None
    diagnostics: tuple[Diagnostic, ...]
    answers: tuple[Answer, ...]
    failure: str | None = None  # an internal check that failed
    notes: tuple[str, ...] = ()  # what of the model a file of the command line takes the place of


def report(files: Sequence[Checked], code: Exit) -> str:
    """The whole run as one JSON document that ends with a line feed."""
    answers = [answer for item in files for answer in item.answers]
    return encode(
        {
            "schema": ANSWER_SCHEMA,
            "exit_code": int(code),
            "summary": {
                "properties": len(answers),
                "as_expected": sum(answer.met for answer in answers),
                "verdicts": {kind.value: sum(answer.verdict is kind for answer in answers) for kind in VerdictKind},
            },
            "files": [
                {
                    "file": item.file,
                    "model": item.model,
                    "diagnostics": [as_data(found) for found in item.diagnostics],
                    "notes": list(item.notes),
                    "answers": [answer_data(answer) for answer in item.answers],
                    "failure": item.failure,
                }
                for item in files
            ],
        }
    )


def encode(data: object) -> str:
    """Two blanks of indent, ASCII only, keys in the order given: deterministic bytes in any locale."""
    return json.dumps(data, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def answer_data(answer: Answer) -> Data:
    """One answer; every key is always there."""
    return {
        "check": _check(answer.check),
        "verdict": answer.verdict.value,
        "as_expected": answer.met,
        "statement": answer.statement,
        "reason": answer.reason,
        "proved_if": _conditions(answer.proved_if),
        "violated_if": _conditions(answer.violated_if),
        "conditions_cut_short": answer.partial,
        "attacks": [_attack(attack) for attack in answer.attacks],
        "proofs": [
            {
                "shows": proof.shows.name.lower(),
                "obligation": proof.obligation,
                "certificate": proof.certificate,
                "clauses": proof.clauses,
                "steps": proof.steps,
                "condition": [str(literal) for literal in proof.condition],
            }
            for proof in answer.proofs
        ],
        "shared": [_shared(row) for row in answer.shared],
        "functions": fates_data(answer.fates),
        "guilty": [{"place": place, "rule": rule} for place, rule in answer.guilty],
        "leaned_on": list(answer.leaned_on),
        "neighbours": [
            {
                "statement": item.statement,
                "verdict": item.verdict.value,
                "direction": "stronger" if item.stronger else "weaker",
            }
            for item in answer.neighbours
        ],
    }


def fates_data(fates: Iterable[FunctionFate]) -> list[Data]:
    """Functions with their rungs, flows and horizons."""
    return [
        {
            "function": fate.function,
            "rung": str(fate.rung),
            "flows": [flow_data(flow) for flow in fate.flows],
            "horizons": {horizon.value: str(rung) for horizon, rung in fate.at_horizon},
        }
        for fate in fates
    ]


def flow_data(flow: FlowFate) -> Data:
    """One flow; `rules` counts from 1, as the text does."""
    return {
        "flow": flow.flow,
        "rung": str(flow.rung),
        "cause": flow.cause,
        "reason": flow.reason,
        "connections": list(flow.connections),
        "rules": [number + 1 for number in flow.cut_by],
    }


def _check(check: Check) -> Data:
    return {
        "name": check.name,
        "text": check.text,
        "given": [str(literal) for literal in check.given],
        "expect": {"verdict": check.expect.verdict.value, "on": list(check.expect.on)},
        "span": span_as_data(check.span),
        "source": None if check.source is None else check.source.text,
    }


def _conditions(conditions: Iterable[Condition]) -> list[list[str]]:
    return [[str(literal) for literal in literals] for literals in conditions]


def _attack(attack: Attack) -> Data:
    return {
        "condition": [str(literal) for literal in attack.condition],
        "rules": [_rule(rule) for rule in attack.rules],
        "replayed_with": [str(literal) for literal in attack.example],
        "functions": fates_data(attack.fates),
        "inferred": [{"field": field, "error_percent": error} for field, error in attack.inferred],
    }


def _rule(rule: WitnessRule) -> Data:
    return {
        "place": rule.place,
        "phase": None if rule.phase is None else rule.phase.value,
        "action": action_words(rule.action),
        "text": witness_words(rule),
        "matches": [_match(match) for match in rule.matches],
    }


def _match(match: Match) -> Data:
    match match:
        case MatchIp(prefixes=prefixes):
            return {"field": "ip", "values": [prefix_words(prefix) for prefix in prefixes]}
        case MatchPort(ranges=ranges, transport=transport):
            return {"field": "port", "values": _ranges(ranges), "transport": transport.value if transport else None}
        case MatchTransport(transport=transport):
            return {"field": "transport", "values": [transport.value]}
        case MatchName(names=names, dialect=dialect, field=field, each_cname=each):
            name = "name" if field is None else field.name
            return {"field": name, "values": list(names), "dialect": dialect.value, "each_cname": each}
        case MatchValue(field=field, values=values):
            return {"field": field.name, "values": list(values)}
        case MatchSize(ranges=ranges):
            return {"field": "size", "values": _ranges(ranges)}
        case MatchDirection(direction=direction):
            return {"field": "direction", "values": [direction.value]}
        case MatchAbsent(field=field):
            return {"field": field.name, "values": [], "absent": True}
        case _:
            assert_never(match)


def _ranges(ranges: Iterable[Range]) -> list[str]:
    return [str(item) for item in ranges]


def _shared(row: Shared) -> Data:
    return {
        "connection": row.connection,
        "client": row.client,
        "endpoint": row.endpoint,
        "stream": row.stream,
        "cut_flows": list(row.cut_flows),
        "kept_flows": list(row.kept_flows),
        "others": list(row.others),
        "seen": [{"field": field, "value": value} for field, value in row.seen],
        "hidden": [{"field": field, "value": value} for field, value in row.hidden],
    }
