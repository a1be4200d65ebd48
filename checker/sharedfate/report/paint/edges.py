"""Edges between neighbouring columns, as right angles with a round corner.

Edges of one style that share a tail (or a head) share a trunk; other trunks get lanes of their own where spans overlap.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from sharedfate.report.paint import glyphs
from sharedfate.report.paint.colours import Role
from sharedfate.report.paint.svg import Canvas, number

CORNER = 9.0
LANE = 9.0
PORT_GAP = 14.0


class Look(Enum):
    """How a line is drawn: role, width in px, dash, arrow head."""

    REACHES = (Role.MUTED, 1.2, "", True)
    STREAM = (Role.INK, 2.2, "", True)
    PASSES = (Role.OK, 2.2, "", True)
    HARMED = (Role.INK, 2.0, "", True)
    CUT = (Role.ADV, 2.0, "5 4", True)
    IN_F = (Role.INK, 1.8, "", False)
    IN_G = (Role.OK, 1.8, "", False)


@dataclass(frozen=True, slots=True)
class Edge:
    """From one box to another of the next column, by name. `mark` stands on the line, near the tail or the head."""

    tail: str
    head: str
    look: Look
    mark: glyphs.State | None = None
    mark_at_head: bool = False


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A painted box, in px."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right side."""
        return self.x + self.width

    @property
    def middle(self) -> float:
        """Half way down."""
        return self.y + self.height / 2


@dataclass(slots=True)
class _Trunk:
    """Edges that share a vertical piece; `tails` and `heads` are the heights at its two sides."""

    edges: list[Edge]
    tails: list[float] = field(default_factory=list)
    heads: list[float] = field(default_factory=list)
    lane: int = 0

    @property
    def top(self) -> float:
        return min(self.tails + self.heads)

    @property
    def bottom(self) -> float:
        return max(self.tails + self.heads)

    @property
    def is_straight(self) -> bool:
        return self.bottom - self.top < 0.5


def count_lanes(edges: list[Edge], boxes: dict[str, Rectangle], *, by_tail: bool) -> int:
    """How many lanes the edges of a gap take: 0 when all run straight."""
    trunks = _trunks(edges, _ports(edges, boxes), by_tail)
    _assign_lanes(trunks)
    return max((trunk.lane + 1 for trunk in trunks if not trunk.is_straight), default=0)


@dataclass(frozen=True, slots=True)
class Gap:
    """The room between two columns: `left` and `right` bound the lanes, boxes and frames excluded."""

    left: float
    right: float
    by_tail: bool


def paint_gap(canvas: Canvas, edges: list[Edge], boxes: dict[str, Rectangle], gap: Gap) -> None:
    """Paints the edges of one gap. Lines first, then arrow heads and marks, so that no line crosses a mark."""
    ports = _ports(edges, boxes)
    trunks = _trunks(edges, ports, gap.by_tail)
    _assign_lanes(trunks)
    lanes = max((trunk.lane for trunk in trunks if not trunk.is_straight), default=0) + 1
    pitch = min(LANE, (gap.right - gap.left) / max(lanes, 1))
    middle = (gap.left + gap.right) / 2 - pitch * (lanes - 1) / 2
    for trunk in sorted(trunks, key=lambda trunk: trunk.edges[0].look is Look.CUT):
        _paint_trunk(canvas, trunk, boxes, middle + pitch * trunk.lane)
    for edge in edges:
        _paint_ends(canvas, edge, boxes, ports, gap)


def _ports(edges: list[Edge], boxes: dict[str, Rectangle]) -> dict[tuple[str, bool, Look], float]:
    """Heights at which lines leave and enter: one a style and side of a box, spread around its middle."""
    partners: dict[tuple[str, bool], dict[Look, list[float]]] = {}
    for edge in edges:
        partners.setdefault((edge.tail, True), {}).setdefault(edge.look, []).append(boxes[edge.head].middle)
        partners.setdefault((edge.head, False), {}).setdefault(edge.look, []).append(boxes[edge.tail].middle)
    ports: dict[tuple[str, bool, Look], float] = {}
    for (name, is_tail), looks in partners.items():
        order = sorted(looks, key=lambda look: (sum(looks[look]) / len(looks[look]), look.name))
        step = min(PORT_GAP, (boxes[name].height - 16) / max(len(order) - 1, 1))
        for index, look in enumerate(order):
            ports[name, is_tail, look] = boxes[name].middle + (index - (len(order) - 1) / 2) * step
    for edge in edges:
        _straighten(edge, edges, boxes, ports)
    return ports


def _straighten(
    edge: Edge, edges: list[Edge], boxes: dict[str, Rectangle], ports: dict[tuple[str, bool, Look], float]
) -> None:
    """Moves the port of a line that is alone there to the height of its other end, where box and ports allow it."""
    tail, head = (edge.tail, True, edge.look), (edge.head, False, edge.look)
    for mine, other, name in ((tail, head, edge.tail), (head, tail, edge.head)):
        alone = (
            sum(1 for item in edges if item.look is edge.look and (item.tail if mine[1] else item.head) == name) == 1
        )
        box, target = boxes[name], ports[other]
        inside = box.y + 12 <= target <= box.y + box.height - 12
        near = [ports[key] for key in ports if key[:2] == mine[:2] and key != mine]
        if alone and inside and abs(target - ports[mine]) <= 24 and all(abs(target - port) >= 10 for port in near):
            ports[mine] = target
            return


def _trunks(edges: list[Edge], ports: dict[tuple[str, bool, Look], float], by_tail: bool) -> list[_Trunk]:
    trunks: dict[tuple[str, Look], _Trunk] = {}
    for edge in edges:
        trunk = trunks.setdefault((edge.tail if by_tail else edge.head, edge.look), _Trunk([]))
        trunk.edges.append(edge)
        trunk.tails.append(ports[edge.tail, True, edge.look])
        trunk.heads.append(ports[edge.head, False, edge.look])
    return list(trunks.values())


def _assign_lanes(trunks: list[_Trunk]) -> None:
    """The leftmost free lane each. Falling trunks from the bottom up, rising ones from the top down: so fewer cross."""
    bent = [trunk for trunk in trunks if not trunk.is_straight]
    falling = [trunk for trunk in bent if sum(trunk.heads) * len(trunk.tails) >= sum(trunk.tails) * len(trunk.heads)]
    rising = [trunk for trunk in bent if trunk not in falling]
    falling.sort(key=lambda trunk: -max(trunk.tails))
    rising.sort(key=lambda trunk: min(trunk.tails))
    taken: list[_Trunk] = []
    for trunk in falling + rising:
        crossing = {
            other.lane for other in taken if other.top < trunk.bottom + CORNER and trunk.top < other.bottom + CORNER
        }
        trunk.lane = next(lane for lane in range(len(bent) + 1) if lane not in crossing)
        taken.append(trunk)


def _paint_trunk(canvas: Canvas, trunk: _Trunk, boxes: dict[str, Rectangle], lane: float) -> None:
    role, line, dash, _ = trunk.edges[0].look.value
    pieces: dict[str, None] = {}
    for edge, tail, head in zip(trunk.edges, trunk.tails, trunk.heads, strict=True):
        start, end = boxes[edge.tail].right, boxes[edge.head].x
        if abs(tail - head) < 0.5:
            pieces[f"M{number(start)} {number(tail)}H{number(end)}"] = None
            continue
        down = 1 if head > tail else -1
        bend = min(CORNER, abs(head - tail) / 2, abs(lane - start), abs(end - lane))
        turn, fall = number(bend), number(bend * down)
        first = f"M{number(start)} {number(tail)}H{number(lane - bend)}q{turn} 0 {turn} {fall}"
        pieces[f"{first}V{number(head - bend * down)}q0 {fall} {turn} {fall}H{number(end)}"] = None
    canvas.path("".join(pieces), stroke=role, line=line, dash=dash)


def _paint_ends(
    canvas: Canvas, edge: Edge, boxes: dict[str, Rectangle], ports: dict[tuple[str, bool, Look], float], gap: Gap
) -> None:
    role, _, _, has_head = edge.look.value
    tail, head = ports[edge.tail, True, edge.look], ports[edge.head, False, edge.look]
    if has_head:
        glyphs.arrow(canvas, boxes[edge.head].x, head, role)
    if edge.mark and edge.mark_at_head:
        glyphs.disc(canvas, boxes[edge.head].x - 26, head, edge.mark)
    elif edge.mark:
        glyphs.disc(canvas, gap.left - 13, tail, edge.mark)
