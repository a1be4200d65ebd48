"""Plain DOT with labels, for people who have a Graphviz of their own (`--format dot`). Marks become words."""

from __future__ import annotations

from sharedfate.evidence.answer import Answer
from sharedfate.model.model import Model
from sharedfate.model.question import CanCut
from sharedfate.report.paint import glyphs
from sharedfate.report.paint.colours import Role
from sharedfate.report.paint.svg import identifier
from sharedfate.report.pictures import words
from sharedfate.report.pictures.cone import Cone, Placed, cone_of, flows_of, fold_text, state_at
from sharedfate.report.pictures.finding import Finding, Part, from_answer
from sharedfate.report.pictures.needs import passengers, rides
from sharedfate.report.pictures.wire import Crossings, image, remark

MAX_CLASSES = 24
_INK = Role.INK.light
_PART_COLOURS = {Part.CUT: (Role.ADV.light, Role.ADV_TINT.light), Part.KEPT: (Role.OK.light, Role.OK_TINT.light)}


def write(model: Model, answer: Answer | None) -> str:
    """DOT of a finding, or of what is shared; else of the whole model."""
    finding = from_answer(model, answer) if answer else None
    graph = _Graph(model.name if finding is None else finding.name)
    if finding is None and answer and answer.shared:
        graph = _Graph(answer.check.name)
        _write_shared(graph, answer)
    elif finding is None:
        _write_model(graph, model)
    else:
        _write_finding(graph, finding, cone_of(finding))
    return graph.text()


class _Graph:
    """A thin layer over the graphviz package, which quotes everything; lines become left-justified labels."""

    def __init__(self, name: str) -> None:
        import graphviz

        self.escape = graphviz.escape
        self.dot = graphviz.Digraph(identifier(name))
        self.dot.attr(rankdir="LR", fontname="Helvetica", fontsize="12", nodesep="0.3", ranksep="0.7")
        face = {"fontname": "Helvetica", "fontcolor": _INK, "color": _INK}
        self.dot.attr("node", shape="box", fontsize="12", margin="0.15,0.08", style="filled", fillcolor="white", **face)
        self.dot.attr("edge", fontname="Helvetica", fontsize="11", color=Role.MUTED.light, arrowsize="0.7")

    def node(self, name: str, lines: list[str], **look: str) -> None:
        self.dot.node(identifier(name), "".join(self.escape(line) + "\\l" for line in lines), **look)

    def edge(self, tail: str, head: str, label: str = "", **look: str) -> None:
        self.dot.edge(identifier(tail), identifier(head), self.escape(label) if label else None, **look)

    def text(self) -> str:
        return str(self.dot.source)


def _write_finding(graph: _Graph, finding: Finding, cone: Cone) -> None:
    graph.dot.attr(label=graph.escape(finding.caption.headline), labelloc="t")
    for item in finding.asked:
        fate = finding.fate_of(item.function)
        colour, tint = _PART_COLOURS[item.part]
        lines = [f"{item.function}: {str(fate.rung).upper()}"]
        for flow in flows_of(finding, item.function):
            where = words.listed(rides(finding.model, flow.flow)) or "internal"
            lines.append(f"{flow.flow} {str(flow.rung).upper()} on {where}")
        graph.node(f"fn-{item.function}", lines, color=colour, fillcolor=tint, penwidth="2")
    seat = finding.seat
    rules = [" ".join([plate.heading, *plate.code]) for plate in finding.plates]
    title = f"{words.places_text(seat.links, seat.services)} · {seat.who}"
    graph.node("rules", [title, *rules], color=Role.ADV.light, fillcolor=Role.ADV_TINT.light)
    for placed in cone.drawn:
        _write_connection(graph, finding, cone, placed)
    fold = fold_text(finding, cone)
    if fold:
        graph.node("rest", [fold], style="dotted", fontcolor=Role.MUTED.light, color=Role.LINE.light)
    for item in finding.asked:
        for name in dict.fromkeys(
            name for flow in flows_of(finding, item.function) for name in rides(finding.model, flow.flow)
        ):
            graph.edge(f"fn-{item.function}", f"on-{name}", color=_PART_COLOURS[item.part][0])


def _write_connection(graph: _Graph, finding: Finding, cone: Cone, placed: Placed) -> None:
    model, connection = finding.model, finding.model.connection[placed.name]
    inside = []
    for flow in passengers(model, placed.name):
        fate = cone.worst.get(flow)
        rung = state_at(finding, fate, placed.name) if fate else None
        inside.append(flow if rung is None else f"{flow} {str(rung).upper()}")
    lines = [f"{placed.name} ({remark(connection)})"]
    lines += [f"{item.label} {item.value}" for item in image(connection)]
    look = {"color": Role.ADV.light, "style": "filled,dashed", "penwidth": "2"} if placed.state else {}
    graph.node(f"on-{placed.name}", [*lines, "inside: " + (" - " if connection.stream else ", ").join(inside)], **look)
    graph.node(f"at-{connection.server}", [connection.server])
    dead = placed.state is glyphs.State.DEAD
    arrow = {"style": "dashed", "color": Role.ADV.light} if dead else {}
    graph.edge(f"on-{placed.name}", f"at-{connection.server}", placed.state.value if placed.state else "", **arrow)


def _write_shared(graph: _Graph, answer: Answer) -> None:
    question = answer.check.question
    headline = words.cut_headline(question, possible=False) if isinstance(question, CanCut) else answer.statement
    graph.dot.attr(label=graph.escape(headline), labelloc="t")
    names = {Part.CUT: ["F"], Part.KEPT: ["G"]}
    if isinstance(question, CanCut):
        names = {Part.CUT: [question.function], Part.KEPT: [", ".join(question.spared)]}
    for part, lines in names.items():
        graph.node(part.value, lines, color=_PART_COLOURS[part][0], penwidth="2")
    for index, row in enumerate(answer.shared[:MAX_CLASSES]):
        lines = [
            f"{row.connection} of {row.client}: {row.endpoint}",
            *(f"sees {field} {value}" for field, value in row.seen),
        ]
        flows = dict.fromkeys([*row.cut_flows, *row.kept_flows, *row.others])
        graph.node(f"class{index}", [*lines, "inside: " + (" - " if row.stream else ", ").join(flows)])
        if row.cut_flows:
            graph.edge(Part.CUT.value, f"class{index}", arrowhead="none", color=_INK)
        if row.kept_flows:
            graph.edge(f"class{index}", Part.KEPT.value, arrowhead="none", color=Role.OK.light)
    rest = len(answer.shared) - MAX_CLASSES
    if rest > 0:
        graph.node("rest", [f"{rest} more endpoint classes"], style="dotted")


def _write_model(graph: _Graph, model: Model) -> None:
    crossings = Crossings(model)
    graph.dot.attr(label=graph.escape(model.title or model.name), labelloc="t")
    for party in model.parties:
        graph.node(f"at-{party.name}", [party.name], style="filled,rounded")
    for service in model.services:
        graph.node(f"at-{service.name}", [service.name, *([", ".join(service.roles)] if service.roles else [])])
    for connection in model.connections:
        lines = [f"{connection.name} ({remark(connection)})"]
        lines += [f"{item.label} {item.value}" for item in image(connection)]
        crossed = [link.name for link in model.links if link.name in crossings.of(connection)]
        lines += ["crosses " + ", ".join(crossed)] if crossed else []
        lines.append("inside: " + (" - " if connection.stream else ", ").join(passengers(model, connection.name)))
        graph.node(f"on-{connection.name}", lines)
        for client in connection.clients:
            graph.edge(f"at-{client}", f"on-{connection.name}")
        graph.edge(f"on-{connection.name}", f"at-{connection.server}")
