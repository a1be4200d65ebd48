"""One form for all that a policy picture tells: a witness policy or declared ones, and what every function does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePosixPath

from sharedfate.evidence.answer import Answer, Attack, FlowFate, FunctionFate, WitnessRule
from sharedfate.evidence.rule_words import action_words
from sharedfate.model.model import Model
from sharedfate.model.policy import Allow, Match, Rule
from sharedfate.model.question import AlwaysRides, CanCut, Horizon, Rung, UnderPolicies, VerdictKind
from sharedfate.report.paint import glyphs
from sharedfate.report.paint.block import Plate
from sharedfate.report.paint.caption import Caption
from sharedfate.report.pictures import words
from sharedfate.report.pictures.needs import behind, open_flows, rides
from sharedfate.report.pictures.wire import fields_of, may_match

STATE_OF = {
    Rung.CLEAN: glyphs.State.CLEAN,
    Rung.STRAINED: glyphs.State.STRAINED,
    Rung.HURT: glyphs.State.HURT,
    Rung.DEAD: glyphs.State.DEAD,
}
MAX_PLATES = 6
"""So many rules are written out."""
STAMP_OF = {kind: glyphs.Stamp(kind.value) for kind in VerdictKind}


class Part(Enum):
    """The part that a function plays in a property."""

    CUT = "cut"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Asked:
    """A function of the property, its part, and what is asked of it in words."""

    function: str
    part: Part
    words: str


@dataclass(frozen=True, slots=True)
class Seat:
    """Where the adversary or the policies sit, what is seen there, and what stands in the frame's title."""

    who: str
    links: tuple[str, ...]
    services: tuple[str, ...]
    sees: frozenset[str]
    details: tuple[str, ...]
    verbs: tuple[tuple[str, str], ...]  # service, what it does


@dataclass(frozen=True, slots=True)
class Finding:
    """All of a policy picture. `rules`: the matches that `FlowFate.cut_by` counts; `plates`: what is shown of them."""

    name: str
    model: Model
    caption: Caption
    asked: tuple[Asked, ...]
    fates: dict[str, FunctionFate]
    rules: tuple[tuple[Match, ...], ...]
    plates: tuple[Plate, ...]
    acts: tuple[str, ...]  # the verb of each of `rules`
    seat: Seat
    denies: bool = False  # a policy that denies by default
    horizon: Horizon = Horizon.ON_RECONNECT
    declared: bool = False  # policies of the model, not an attack that was found
    one_list: bool = True  # `rules` is one list, so that the indices of `cut_by` hold

    def fate_of(self, function: str) -> FunctionFate:
        """The fate of a function; one that the answer does not list counts as clean, without flows."""
        return self.fates.get(function) or FunctionFate(function, Rung.CLEAN, ())

    def touched(self, fate: FlowFate) -> tuple[str, ...]:
        """The connections at which rules hit a flow that is not clean.

        The rules that bear on the flow say so; with several candidates their matches tell these apart. Where no rule is
        named, a default that denies may have hit.
        """
        if fate.rung is Rung.CLEAN:
            return ()
        there = behind(self.model, fate.flow)
        at = tuple(name for name in fate.connections or rides(self.model, fate.flow) if name in there)
        likely = tuple(name for name in at if self._hitting(name, fate) or self._denied(name))
        return likely or (at if fate.cut_by else ())

    def held(self, flow: str, functions: Iterable[str] = ()) -> bool:
        """Whether the client has a flow already, so that it need not arrive for any of these functions.

        Without any named: for none of those that the property asks about.
        """
        names = tuple(functions) or tuple(item.function for item in self.asked)
        needing = [name for name in names if any(fate.flow == flow for fate in self.fate_of(name).flows)]
        return bool(needing) and all(flow not in open_flows(self.model, name, self.horizon) for name in needing)

    def rules_at(self, connection: str) -> list[int]:
        """Indices of the rules that hit something on a connection."""
        fates = [fate for item in self.fates.values() for fate in item.flows if connection in self.touched(fate)]
        return sorted({rule for fate in fates for rule in self._hitting(connection, fate)})

    def _hitting(self, connection: str, fate: FlowFate) -> list[int]:
        """Of the rules that bear on a flow (all, where none is named), those that may match at this connection."""
        declared = self.model.connection[connection]
        named = [rule for rule in fate.cut_by if rule < len(self.rules)] if self.one_list else []
        rules = named or range(len(self.rules))
        return [rule for rule in rules if self.acts[rule] != "allow" and may_match(self.rules[rule], declared)]

    def _denied(self, connection: str) -> bool:
        """Whether a default may have hit here: no rule allows what this connection shows."""
        declared = self.model.connection[connection]
        allowed = (rule for rule, act in enumerate(self.acts) if act == "allow")
        return self.denies and not any(may_match(self.rules[rule], declared) for rule in allowed)


def from_attack(model: Model, answer: Answer, attack: Attack) -> Finding | None:
    """The finding of a cut question's first attack; None for other questions."""
    question = answer.check.question
    if not isinstance(question, CanCut):
        return None
    verb = "blocked" if question.cut is Rung.DEAD else "degraded"
    keep = {Rung.CLEAN: "to stay unharmed", Rung.STRAINED: "to be spared"}.get(question.kept, "to stay alive")
    asked = [Asked(question.function, Part.CUT, f"to be {verb}")]
    asked += [Asked(name, Part.KEPT, keep) for name in question.spared]
    rules = [rule for rule in attack.rules if not _is_default(rule)]
    return Finding(
        answer.check.name,
        model,
        _attack_caption(answer, attack),
        tuple(asked),
        {fate.function: fate for fate in attack.fates},
        tuple(rule.matches for rule in rules),
        _plates(attack.rules),
        tuple(action_words(rule.action) for rule in rules),
        _attack_seat(model, question.adversary, attack.rules),
        horizon=question.horizon,
        denies=len(rules) < len(attack.rules),
    )


def _is_default(rule: WitnessRule) -> bool:
    """The default of a list, which drops what no rule allows."""
    return rule.phase is None and not isinstance(rule.action, Allow)


def _attack_caption(answer: Answer, attack: Attack) -> Caption:
    question = answer.check.question
    assert isinstance(question, CanCut)
    headline = words.cut_headline(question, possible=True)
    conditions: list[str] = []
    notes: list[str] = []
    if attack.condition:
        condition = words.condition_text((attack.condition,))
        headline += f" if {condition}" if len(attack.condition) == 1 else ", under a condition"
    if answer.verdict is VerdictKind.CONDITIONAL:
        conditions.append("proved if " + words.condition_text(answer.proved_if))
        conditions.append(
            "violated if "
            + words.condition_text(answer.violated_if or tuple(item.condition for item in answer.attacks))
        )
    if attack.inferred:
        guesses = [f"{name} ({rate:g} % wrong)" if rate is not None else name for name, rate in attack.inferred]
        notes.append(f"The attack rests on guesses of {words.listed(guesses)}.")
    if len(answer.attacks) > 1:
        notes.append(f"One of {len(answer.attacks)} attacks; each works under conditions of its own.")
    return Caption(
        headline, STAMP_OF[answer.verdict], words.property_text(answer.check), tuple(conditions), tuple(notes)
    )


def _plates(rules: tuple[WitnessRule, ...]) -> tuple[Plate, ...]:
    """One plate a rule, at most MAX_PLATES; then one that counts the others."""
    shown = rules if len(rules) <= MAX_PLATES + 1 else rules[:MAX_PLATES]
    plates = tuple(_plate(rules, index) for index in range(len(shown)))
    return plates if len(shown) == len(rules) else (*plates, Plate(f"{len(rules) - len(shown)} more rules", "", ()))


def _plate(rules: tuple[WitnessRule, ...], index: int) -> Plate:
    rule = rules[index]
    several = len({item.place for item in rules}) > 1
    remark = words.phase_text(rule.phase) + (f", {rule.place}" if several else "")
    everything = "" if rule.matches else " everything else" if _is_default(rule) else " everything"
    heading = f"Rule {index + 1} of {len(rules)}: {action_words(rule.action)}{everything}"
    return Plate(heading, remark, tuple(map(words.match_text, rule.matches)))


def _attack_seat(model: Model, name: str, rules: tuple[WitnessRule, ...]) -> Seat:
    adversary = model.adversary.get(name)
    verbs = {rule.place: words.verb(rule.action) for rule in rules if rule.place in model.service}
    links = tuple(dict.fromkeys(rule.place for rule in rules if rule.place in model.link))
    if adversary is None:  # a service as the subject controls itself
        services = tuple(dict.fromkeys([*([name] if name in model.service else []), *verbs]))
        return Seat(
            name, links, services, frozenset(), (), tuple((item, verbs.get(item, "reads")) for item in services)
        )
    services = tuple(dict.fromkeys([*adversary.services, *verbs]))
    sees = frozenset(field.name for field in adversary.sees) | {item.field.name for item in adversary.infers}
    doing = [(item, verbs.get(item, "reads")) for item in services]
    doing += [(item, "watched") for item in adversary.watched if item not in services]
    sight = words.sight_text(adversary, name_services=bool(adversary.links))
    details = (sight,) if sight else ()
    return Seat(name, adversary.links or links, services, sees, details, tuple(doing))


def from_policies(model: Model, answer: Answer) -> Finding | None:
    """The finding of a property under declared policies; None for other questions."""
    question = answer.check.question
    if not isinstance(question, UnderPolicies):
        return None
    fates = answer.fates or (answer.attacks[0].fates if answer.attacks else ())
    if not fates:
        return None
    by_name = {fate.function: fate for fate in fates}
    policies = [model.policy[name] for name in question.policies if name in model.policy]
    rules = [rule for policy in policies for rule in policy.rules]
    asked = []
    for name in question.functions:
        alive = name in by_name and by_name[name].rung >= Rung.STRAINED
        asked.append(Asked(name, Part.KEPT if alive else Part.CUT, _asked_words(question)))
    seen = frozenset(name for rule in rules for match in rule.matches for name in fields_of(match))
    links = tuple(dict.fromkeys(link for policy in policies for link in policy.links))
    services = tuple(dict.fromkeys(name for policy in policies for name in policy.services))
    noun = "policy" if len(question.policies) == 1 else "policies"
    verbs = tuple(
        (name, _service_verb([rule for policy in policies if name in policy.services for rule in policy.rules]))
        for name in services
    )
    plates = _guilty_plates(answer.guilty)
    details = () if plates else ("no entry hits what is asked about",)
    seat = Seat(f"{noun} {words.listed(question.policies)}", links, services, seen, details, verbs)
    matches, acts = tuple(rule.matches for rule in rules), tuple(action_words(rule.action) for rule in rules)
    return Finding(
        answer.check.name,
        model,
        _policy_caption(answer, by_name),
        tuple(asked),
        by_name,
        matches,
        plates,
        acts,
        seat,
        denies=any(policy.default_deny for policy in policies),
        horizon=question.horizon,
        declared=True,
        one_list=len(policies) == 1,
    )


def _service_verb(rules: list[Rule]) -> str:
    return next((words.verb(rule.action) for rule in rules if not isinstance(rule.action, Allow)), "filters")


def _asked_words(question: UnderPolicies) -> str:
    if question.low is question.high:
        return "does it die?" if question.low is Rung.DEAD else f"is it {question.low}?"
    works = (question.low, question.high) == (Rung.STRAINED, Rung.CLEAN)
    return "does it work?" if works else f"is it {question.low} to {question.high}?"


def _policy_caption(answer: Answer, fates: dict[str, FunctionFate]) -> Caption:
    question = answer.check.question
    assert isinstance(question, UnderPolicies)
    by_rung: dict[Rung, list[str]] = {}
    for name in question.functions:
        by_rung.setdefault(fates[name].rung if name in fates else Rung.CLEAN, []).append(name)
    parts = [f"{words.listed(names)} {'is' if len(names) == 1 else 'are'} {rung}" for rung, names in by_rung.items()]
    conditions = []
    if answer.verdict is VerdictKind.CONDITIONAL:
        conditions = [
            "proved if " + words.condition_text(answer.proved_if),
            "violated if " + words.condition_text(answer.violated_if),
        ]
    headline = f"Under {words.listed(question.policies)}, {', '.join(parts)}{words.later(question.horizon)}"
    return Caption(headline, STAMP_OF[answer.verdict], words.property_text(answer.check), tuple(conditions))


def _guilty_plates(guilty: tuple[tuple[str, str], ...]) -> tuple[Plate, ...]:
    """One plate an entry, at most MAX_PLATES; then one that counts the others."""
    plates = []
    for index, (where, text) in enumerate(guilty[:MAX_PLATES]):
        action = text if text.startswith("default") else text.split(" ")[0]
        code = text.removeprefix(action).strip()
        plates.append(
            Plate(f"Rule {index + 1} of {len(guilty)}: {action}", PurePosixPath(where).name, (code,) if code else ())
        )
    if len(guilty) > MAX_PLATES:
        plates.append(Plate(f"{len(guilty) - MAX_PLATES} more rules hit", "", ()))
    return tuple(plates)


def from_answer(model: Model, answer: Answer) -> Finding | None:
    """The finding that a policy picture tells, if the answer holds one."""
    match answer.check.question:
        case CanCut():
            return from_attack(model, answer, answer.attacks[0]) if answer.attacks else None
        case UnderPolicies():
            return from_policies(model, answer)
        case AlwaysRides():
            return None
