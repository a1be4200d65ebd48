"""Questions that spare many functions: only those that an attack may touch are taken seriously.

Sparing fewer functions leaves more attacks, so that no attack on F that spares some of them is no attack that spares
all. The other way round: a function none of whose packets, records or messages a policy's rules can act on stands as
it does without any policy. So the question is asked of few spared functions; if the attack found may touch others,
these are added and it is asked again. The witness is replayed with all of them before it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from sharedfate.engines.blocking.replay import Shown
from sharedfate.engines.blocking.words import statement
from sharedfate.evidence.answer import Answer, Attack
from sharedfate.evidence.certify import InternalCheckFailed
from sharedfate.model.facts import FactKind, FactName
from sharedfate.model.model import Model
from sharedfate.model.network import Alternative, BuiltIn
from sharedfate.model.policy import Match, MatchIp, MatchPort, MatchTransport, MatchValue, WitnessRule
from sharedfate.model.question import CanCut, Check, Rung, VerdictKind
from sharedfate.model.wire import SNI
from sharedfate.semantics.choices import Choice, Value, possible_values
from sharedfate.semantics.cone import flows_of
from sharedfate.semantics.fate import fate
from sharedfate.semantics.lens import lens_of_adversary
from sharedfate.semantics.obligation.address_classes import Addresses
from sharedfate.semantics.obligation.logic import TRUE
from sharedfate.semantics.obligation.name_classes import is_literal
from sharedfate.semantics.obligation.world import World, ends
from sharedfate.semantics.policies import WitnessPolicy
from sharedfate.semantics.staging import stage

MANY = 12
"""With more spared functions a question is asked in this way."""
MAX_SERIOUS = 64
"""When more of them have to be taken seriously, all are."""

Ask = Callable[[tuple[str, ...]], tuple[Answer, list[Shown]]]
"""The answer to the question with only these spared, and the witnesses that were replayed for it."""


def staged_for(model: Model, question: CanCut) -> tuple[str, ...]:
    """The functions of the world without an adversary that a question needs; all, where it needs most, to be shared."""
    if 2 * len(question.spared) > len(model.functions):
        return tuple(function.name for function in model.functions)
    return (question.function, *question.spared)


def answer_joint(peace: World, check: Check, ask: Ask) -> Answer | None:
    """The answer to a question that spares many functions; None where it has to be asked as it is.

    `peace`: the world in which nobody acts, with the functions of `staged_for`.

    Raises what `ask` raises, and InternalCheckFailed when a witness does not replay with all functions.
    """
    question = check.question
    assert isinstance(question, CanCut)
    serious = _doubtful(peace, question) or list(question.spared[:1])
    while len(serious) <= MAX_SERIOUS:
        answer, shown = ask(tuple(name for name in question.spared if name in set(serious)))
        if answer.verdict is VerdictKind.UNKNOWN:
            return None
        if answer.verdict is VerdictKind.CONDITIONAL and not _all_worked_out(answer, question):
            return None
        more = _touched(peace.model, question, answer.attacks, set(serious))
        if not more:
            return _whole(peace, check, answer, shown)
        serious += more
    return None


def _doubtful(peace: World, question: CanCut) -> list[str]:
    """The spared functions that are not spared without any policy, or only under some choices of nature."""
    low, at = question.kept, question.horizon
    return [name for name in question.spared if peace.rung(name, low, Rung.CLEAN, None, at) != TRUE]


def _all_worked_out(answer: Answer, question: CanCut) -> bool:
    under = answer.proved_if if question.positive else answer.violated_if
    return len(answer.attacks) == len(under)


def _whole(peace: World, check: Check, answer: Answer, shown: Iterable[Shown]) -> Answer:
    """The answer, said of the whole question. Conditions without an attack may be weaker than those found."""
    for rules, choice in shown:
        _replay(peace, check, rules, choice)
    return replace(
        answer,
        check=check,
        statement=statement(check),
        partial=answer.partial or answer.verdict is VerdictKind.CONDITIONAL,
        neighbours=(),
    )


# What an attack may touch


def _touched(model: Model, question: CanCut, attacks: Sequence[Attack], serious: set[str]) -> list[str]:
    """Spared functions, besides the serious ones, that some rule may act on: rather one too many."""
    rules = dict.fromkeys(rule for attack in attacks for rule in attack.rules)
    reach = [_Reach(rule) for rule in rules]
    if not reach:
        return []
    return [name for name in question.spared if name not in serious and _may_touch(model, name, reach)]


def _may_touch(model: Model, function: str, rules: Sequence[_Reach]) -> bool:
    hops = [hop for name in flows_of(model, model.function[function].formula) for hop in model.flow[name].hops]
    ends = {end for hop in hops for end in (hop.sender, hop.receiver)}
    ways = dict.fromkeys(hop.connection for hop in hops if hop.connection is not None)
    items = [item for name in ways for item in model.connection[name].alternatives]
    # What is found over the network, or rides in something else, shows elsewhere too.
    unclear = any(item.via is not None or not all(isinstance(step, BuiltIn) for step in item.found) for item in items)
    if unclear or not items:
        return True
    return any(one.place in ends if one.place in model.service else any(map(one.may_meet, items)) for one in rules)


class _Reach:
    """What a rule can act on, as far as addresses, ports and names tell."""

    def __init__(self, rule: WitnessRule) -> None:
        self.place = rule.place
        self._matches = rule.matches
        self._addresses = {match: Addresses(match.prefixes) for match in rule.matches if isinstance(match, MatchIp)}

    def may_meet(self, item: Alternative) -> bool:
        """Whether it may act on something that an alternative shows on a link."""
        return all(self._may_hold(match, item) for match in self._matches)

    def _may_hold(self, match: Match, item: Alternative) -> bool:
        match match:
            case MatchIp():
                return item.pool is None or any(map(self._addresses[match].meet, item.pool.prefixes))
            case MatchPort(ranges=ranges, transport=transport):
                meet = any(one.low <= other.high and other.low <= one.high for one in ranges for other in item.ports)
                return transport in (None, item.transport) and (meet or not item.ports)
            case MatchTransport(transport=transport):
                return item.transport is transport
            case MatchValue(field=field, values=values) if field == SNI:
                shown = None if item.tls is None else item.tls.outer or item.tls.sni
                if shown is None:
                    return False
                return not is_literal(shown.text) or shown.text.lower() in {one.lower() for one in values}
            case _:
                return True


# Replay


def _replay(peace: World, check: Check, rules: tuple[WitnessRule, ...], choice: Choice) -> None:
    """The whole question on the executable semantics, under an attack's rules and the choice it was shown with."""
    question, model = check.question, peace.model
    assert isinstance(question, CanCut)
    adversary = model.adversary[question.adversary]
    on = stage(model, (question.function, *question.spared), lens_of_adversary(adversary, (*model.given, *check.given)))
    samples = {fact: [value.sample for value in values] for fact, values in peace.values.items()}
    table = possible_values(model, on, throttled=True, redirected=True, representatives=samples)
    whole = {fact: _chosen(choice, fact, values[0]) for fact, values in table.items()}
    found = fate(model, on, WitnessPolicy(rules), whole, question.horizon)
    low = [name for name in question.spared if found.function(name).rung < question.kept]
    if found.function(question.function).rung > question.cut or low:
        raise InternalCheckFailed("a witness does not replay with all functions that are spared")


def _chosen(choice: Choice, fact: FactName, default: Value) -> Value:
    """What was chosen of a fact; of sizes that are cut finer now, what was chosen of the class that they were in."""
    if fact in choice or fact.kind != FactKind.OCCURS.value:
        return choice.get(fact, default)
    low, high = ends(fact)
    for other, value in choice.items():
        if other.kind == fact.kind and other.arguments[:-1] == fact.arguments[:-1]:
            first, last = ends(other)
            if first <= low and high <= last:
                return value
    return default
