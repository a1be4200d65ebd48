"""The cone of influence of a finding: which connections are drawn, what state each is in, and what folds away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sharedfate.evidence.answer import FlowFate
from sharedfate.model.question import Rung
from sharedfate.report.paint import glyphs
from sharedfate.report.pictures.finding import STATE_OF, Finding, Part
from sharedfate.report.pictures.needs import aboard, carriers, needed, passengers, rides
from sharedfate.report.pictures.words import plural

MAX_ENVELOPES = 7
"""With more envelopes in the cone there is no graph but a fate table."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A connection of the cone: whether a rule hits it, and what became of what rides on it (None: all passes)."""

    name: str
    hit: bool
    state: glyphs.State | None


@dataclass(frozen=True, slots=True)
class Cone:
    """Connections in declaration order, by who needs them, and the flows of F and of G."""

    drawn: tuple[Placed, ...]
    folded: tuple[str, ...]
    cut_flows: frozenset[str]
    kept_flows: frozenset[str]
    worst: dict[str, FlowFate]  # of each flow, over the functions asked about, or over all when none of those needs it
    hit: frozenset[str]  # the connections that rules hit, drawn or folded


def flows_of(finding: Finding, function: str) -> list[FlowFate]:
    """The fates of a function's flows in the order of its formula; flows that only the answer names come last."""
    fates = {fate.flow: fate for fate in finding.fate_of(function).flows}
    order = [item.flow for item in needed(finding.model, function)]
    return [fates[name] for name in order if name in fates] + [
        fate for name, fate in fates.items() if name not in order
    ]


def cone_of(finding: Finding) -> Cone:
    """Connections that F or G needs, and in an attack all that its rules hit.

    What declared policies hit besides does not bear on the property: it is folded, with a count.
    """
    model = finding.model
    cut = {fate.flow for item in finding.asked if item.part is Part.CUT for fate in flows_of(finding, item.function)}
    kept = {fate.flow for item in finding.asked if item.part is Part.KEPT for fate in flows_of(finding, item.function)}
    worst = _worst(finding)
    hit = {name for fates in finding.fates.values() for fate in fates.flows for name in finding.touched(fate)}
    asked = cut | kept
    beside = {name for flow in asked for name in carriers(model, flow)} if finding.declared else hit
    wanted = {name for flow in asked for name in rides(model, flow)} | (hit & beside)
    drawn = [item.name for item in model.connections if item.name in wanted]
    placed = tuple(Placed(name, name in hit, _state(finding, worst, name, name in hit)) for name in drawn)
    folded = tuple(item.name for item in model.connections if item.name not in wanted)
    return Cone(placed, folded, frozenset(cut), frozenset(kept), worst, frozenset(hit))


def _worst(finding: Finding) -> dict[str, FlowFate]:
    asked = [fate for item in finding.asked for fate in finding.fate_of(item.function).flows]
    others = [fate for item in finding.fates.values() for fate in item.flows]
    worst: dict[str, FlowFate] = {}
    for fates in (asked, others):
        here: dict[str, FlowFate] = {}
        for fate in fates:
            if fate.flow not in worst and (fate.flow not in here or fate.rung < here[fate.flow].rung):
                here[fate.flow] = fate
        worst |= here
    return worst


def state_at(finding: Finding, fate: FlowFate, connection: str) -> Rung:
    """The rung of a flow as far as this connection is to blame: clean where another one was hit."""
    touched = finding.touched(fate)
    return Rung.CLEAN if touched and connection not in touched else fate.rung


def _state(finding: Finding, worst: dict[str, FlowFate], connection: str, hit: bool) -> glyphs.State | None:
    """All flows dead: DEAD. Some of them harmed: HURT. At worst strained: STRAINED."""
    if not hit:
        return None
    rungs = [state_at(finding, worst[flow], connection) for flow in aboard(finding.model, connection) if flow in worst]
    if not rungs or min(rungs) is Rung.CLEAN:
        return None
    if max(rungs) is Rung.DEAD:
        return glyphs.State.DEAD
    return glyphs.State.STRAINED if min(rungs) is Rung.STRAINED else glyphs.State.HURT


def summary(rungs: Iterable[Rung]) -> str:
    """A count's state: `all pass`, `all dead`, `2 dead, 1 hurt`."""
    every = list(rungs)
    harmed = [(rung, every.count(rung)) for rung in (Rung.DEAD, Rung.HURT, Rung.STRAINED) if rung in every]
    if not harmed:
        return "all pass" if len(every) > 1 else "passes"
    if harmed[0][1] == len(every):
        return f"all {harmed[0][0]}" if len(every) > 1 else str(harmed[0][0])
    return ", ".join(f"{count} {rung}" for rung, count in harmed)


def fold_text(finding: Finding, cone: Cone) -> str:
    """Both of `fold_lines` in one; empty when every connection is drawn."""
    return "; ".join(fold_lines(finding, cone))


def fold_lines(finding: Finding, cone: Cone) -> list[str]:
    """A line for the connections that are not drawn but hit, one for those that are not touched."""
    shown = {flow for item in cone.drawn for flow in passengers(finding.model, item.name)}
    texts: list[str] = []
    for names, state in (
        ([name for name in cone.folded if name in cone.hit], "hit"),
        ([name for name in cone.folded if name not in cone.hit], "not touched"),
    ):
        flows = dict.fromkeys(flow for name in names for flow in passengers(finding.model, name) if flow not in shown)
        shown |= set(flows)
        rungs = [cone.worst[flow].rung if flow in cone.worst else Rung.CLEAN for flow in flows]
        if names:
            what = [plural(len(names), "connection" if texts else "more connection")]
            text = f"{', '.join(what + [plural(len(flows), 'flow')] * bool(flows))}: {state}"
            lost_elsewhere = state != "hit" and any(rung is not Rung.CLEAN for rung in rungs)
            texts.append(text if lost_elsewhere or not rungs else f"{text}, {summary(rungs)}")
    return texts


def state_of(rung: Rung) -> glyphs.State:
    """The mark of a rung."""
    return STATE_OF[rung]
