"""What an attack or a policy does, in words: its rules, what falls, what is spared, everything else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sharedfate.evidence.answer import Attack, FlowFate, FunctionFate, WitnessRule
from sharedfate.evidence.rule_words import witness_words
from sharedfate.model.question import Horizon, Rung
from sharedfate.model.wire import Phase
from sharedfate.report.lines import Line, Piece, Style, labelled, line, rung

_PHASE = {
    Phase.PACKET: "packets",
    Phase.SETUP: "set-up",
    Phase.RECORD: "records",
    Phase.MESSAGE: "messages",
}


_LONG = 50  # a reason of so many columns is not given twice in one answer


def attack_lines(attack: Attack, title: str, cut: Sequence[str], spared: Sequence[str]) -> Iterator[Line]:
    """One attack: when it works, the policy rule by rule, and what it does to every function."""
    when = " and ".join(map(str, attack.condition))
    yield line(Piece(f"    {title}", Style.STRONG), f", if {when}" if when else ", whatever nature chooses")
    yield from rule_lines(attack.rules, 6)
    yield from classifier_lines(attack, 6)
    yield from labelled("replayed with", [str(literal) for literal in attack.example], 6)
    yield from fate_lines(attack.fates, cut, spared, 6)


def rule_lines(rules: Sequence[WitnessRule], indent: int) -> Iterator[Line]:
    """The rules of a policy that was found: place, phase and what each does."""
    for number, rule in enumerate(rules, 1):
        phase = "" if rule.phase is None else f", {_PHASE[rule.phase]}"
        yield from labelled(f"rule {number} at {rule.place}{phase}:", witness_words(rule).split(" "), indent, "")


def classifier_lines(attack: Attack, indent: int) -> Iterator[Line]:
    """Which guesses of a classifier the rules of an attack use."""
    for field, error in attack.inferred:
        rate = "error rate not stated" if error is None else f"wrong in {error:g} %"
        yield line(Piece(f"{' ' * indent}rests on a classifier of {field} ({rate})", Style.WARN))


def counted(number: int, noun: str) -> str:
    """A number and its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def fate_lines(fates: Sequence[FunctionFate], cut: Sequence[str], spared: Sequence[str], indent: int) -> Iterator[Line]:
    """F and G with every flow and why, the other functions by rung, and where another horizon says otherwise."""
    named = [fate for name in (*cut, *spared) for fate in fates if fate.function == name]
    width = max((len(fate.function) for fate in named), default=0)
    told: dict[str, str] = {}
    for fate in named:
        role = "spared" if fate.function in spared else ""
        yield line(" " * indent, Piece(fate.function.ljust(width), Style.STRONG), "  ", rung(fate.rung, 8), f"  {role}")
        for flow in fate.flows:
            yield _flow(flow, indent + 2, max(len(item.flow) for item in fate.flows), told)
    others = [fate for fate in fates if fate not in named]
    for level in Rung:
        there = [fate.function for fate in others if fate.rung is level]
        yield from labelled(f"others {str(level).upper()}:", there, indent)
    yield from _horizons(fates, indent)


def _flow(flow: FlowFate, indent: int, width: int, told: dict[str, str]) -> Line:
    """One flow and why; `told` has the flow for which each longer reason was given already."""
    rules = f" [rule {', '.join(str(number + 1) for number in flow.cut_by)}]" if flow.cut_by else ""
    reason = told_once(flow, told)
    why = Piece(f"{reason}{rules}", Style.FAINT, hangs=True)
    return line(" " * indent, flow.flow.ljust(width), "  ", rung(flow.rung, 8), "  ", why)


def told_once(flow: FlowFate, told: dict[str, str]) -> str:
    """Why a flow is not clean; a long reason that `told` has already is `as` the flow for which it was told."""
    reason = flow.reason or flow.cause
    first = told.setdefault(reason, flow.flow)
    return f"as {first}" if len(reason) > _LONG and first != flow.flow else reason


def _horizons(fates: Sequence[FunctionFate], indent: int) -> Iterator[Line]:
    """The functions that stand elsewhere at another horizon, those with the same course together."""
    courses: dict[tuple[tuple[Horizon, Rung], ...], list[str]] = {}
    for fate in fates:
        if len({value for _, value in fate.at_horizon}) > 1:
            courses.setdefault(fate.at_horizon, []).append(fate.function)
    for course, functions in courses.items():
        words = ", ".join(f"{horizon.value} {str(value).upper()}" for horizon, value in course)
        yield from labelled(f"{words}:", functions, indent)
