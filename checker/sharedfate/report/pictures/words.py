"""Words for pictures: rules, places, conditions and findings, from the typed model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import assert_never

from sharedfate.evidence.answer import Condition
from sharedfate.evidence.rule_words import action_words, match_words
from sharedfate.model.adversary import Adversary
from sharedfate.model.guard import Always, Assumed, Every, Guard, Some
from sharedfate.model.policy import Action, Match, MatchIp, MatchName, MatchPort, MatchSize, MatchValue
from sharedfate.model.question import CanCut, Check, Horizon, Rung
from sharedfate.model.wire import Phase

_MANY = 6
"""So many prefixes or names of one rule are written out; the others become a count."""


def plural(count: int, noun: str) -> str:
    """`1 flow`, `2 flows`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def listed(names: Sequence[str], last: str = " and ") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + last + names[-1]


def some(texts: Sequence[str], most: int = _MANY, noun: str = "") -> str:
    """The first texts joined by commas, then how many more there are."""
    if len(texts) <= most:
        return ", ".join(texts)
    rest = f"+\u00a0{len(texts) - most}\u00a0more"
    return ", ".join([*texts[:most], f"{rest} {noun}".rstrip()])


def match_text(match: Match) -> str:
    """One match in the words of a policy rule; a long list becomes its first entries and a count."""
    match match:
        case MatchIp(prefixes=items) if len(items) > _MANY:
            return f"{match_words(replace(match, prefixes=items[:_MANY]))} + {len(items) - _MANY} more"
        case MatchPort(ranges=ranges) | MatchSize(ranges=ranges) if len(ranges) > 2 * _MANY:
            return f"{match_words(replace(match, ranges=ranges[: 2 * _MANY]))} + {len(ranges) - 2 * _MANY} more"
        case MatchName(names=names) if len(names) > _MANY:
            return f"{match_words(replace(match, names=names[:_MANY]))} + {len(names) - _MANY} more"
        case MatchValue(values=values) if len(values) > _MANY:
            return f"{match_words(replace(match, values=values[:_MANY]))} + {len(values) - _MANY} more"
        case _:
            return match_words(match)


def verb(action: Action) -> str:
    """What a service does that has this rule: `drops`."""
    return action_words(action).split(" ")[0] + "s"


def phase_text(phase: Phase | None) -> str:
    """When a rule acts."""
    match phase:
        case None:
            return "in every phase"
        case Phase.PACKET:
            return "on packets"
        case Phase.SETUP:
            return "at set-up"
        case Phase.RECORD:
            return "on records"
        case Phase.MESSAGE:
            return "on messages"
        case _:
            assert_never(phase)


def guard_text(guard: Guard) -> str:
    """`a`, `not a`, `a and b`; empty without a guard."""
    match guard:
        case Always():
            return ""
        case Assumed(name=name, positive=positive):
            return name if positive else f"not {name}"
        case Every(parts=parts):
            texts = [(part, guard_text(part)) for part in parts]
            return " and ".join(f"({text})" if isinstance(part, Some) else text for part, text in texts)
        case Some(parts=parts):
            return " or ".join(guard_text(part) for part in parts)
        case _:
            assert_never(guard)


def when(guard: Guard) -> str:
    """` when a`, or nothing."""
    text = guard_text(guard)
    return f" when {text}" if text else ""


def condition_text(conditions: Sequence[Condition]) -> str:
    """`a and not b or c`; `none` without any, `always` for the empty conjunction."""
    if not conditions:
        return "none"
    texts = [" and ".join(map(str, literals)) or "always" for literals in conditions]
    shown = " or ".join(texts[:3])
    return shown if len(texts) <= 3 else f"{shown} or {len(texts) - 3} more"


def places_text(links: Iterable[str], services: Iterable[str]) -> str:
    """`link a`, `links a, b`, `service s`, or both kinds."""
    parts = []
    for noun, names in (("link", tuple(links)), ("service", tuple(services))):
        if names:
            parts.append(f"{noun if len(names) == 1 else noun + 's'} {some(names, 4)}")
    return ", ".join(parts)


def sight_text(adversary: Adversary, *, name_services: bool = True) -> str:
    """What an adversary sees, guesses, controls (if `name_services`) and may do, in a line."""
    parts = []
    if adversary.sees:
        parts.append("sees " + ", ".join(field.name for field in adversary.sees))
    for item in adversary.infers:
        rate = "" if item.error_percent is None else f" ({item.error_percent:g} % wrong)"
        parts.append(f"guesses {item.field.name}{rate}")
    if adversary.services and name_services:
        parts.append("controls " + some(adversary.services, 4))
    if adversary.acts:
        parts.append("may " + ", ".join(act.value for act in adversary.acts))
    return " · ".join(parts)


def property_text(check: Check) -> str:
    """The property as the file says it."""
    return f"check {check.name}: {check.text}" if check.text else f"check {check.name}"


def over_time(rungs: Iterable[tuple[Horizon, Rung]]) -> str:
    """`at once clean, for good dead`, kept together where a line breaks."""
    return ", ".join(f"{horizon.value} {rung}".replace(" ", "\u00a0") for horizon, rung in rungs)


def later(horizon: Horizon) -> str:
    """` for good`: the horizon of a finding; nothing for the usual one."""
    return "" if horizon is Horizon.ON_RECONNECT else f" {horizon.value}"


def cut_headline(question: CanCut, possible: bool) -> str:
    """The finding of a cut question as a sentence."""
    can = "can" if possible else "cannot"
    verb_ = "block" if question.cut is Rung.DEAD else "degrade"
    spared = listed(question.spared)
    match question.kept:
        case Rung.HURT | Rung.DEAD:
            rest = f" without killing {spared}"
        case Rung.STRAINED:
            rest = f" and spare {spared}"
        case Rung.CLEAN:
            rest = f" and leave {spared} unharmed"
        case _:
            assert_never(question.kept)
    return f"{question.adversary} {can} {verb_} {question.function}{rest if spared else ''}{later(question.horizon)}"
