"""A picture of columns: sizes the boxes, has them placed, paints frames, edges, boxes, and the words around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from sharedfate.report.paint.block import Block
from sharedfate.report.paint.caption import Caption, Reasons
from sharedfate.report.paint.colours import Role
from sharedfate.report.paint.edges import LANE, Edge, Gap, Rectangle, count_lanes, paint_gap
from sharedfate.report.paint.layout import Size, Spot, place
from sharedfate.report.paint.svg import Canvas

MARGIN = 12.0
MAX_WIDTH = 860.0
FRAME = 14.0
"""Room between a frame and what it holds."""
SPACING = 16.0
"""Room between two boxes of a column."""
MARK_ROOM = 26.0
"""Room for a disc on a line, beside a frame."""


class FrameLook(Enum):
    """What a frame is: an adversary's place (dotted, vermilion) or a zone (pale)."""

    ADVERSARY = "adversary"
    ZONE = "zone"


@dataclass(frozen=True, slots=True)
class Group:
    """Boxes one below the other, with or without a frame around them."""

    blocks: tuple[Block, ...]
    frame: FrameLook | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """Groups one below the other. Boxes are as wide as the widest, between `least` and `most` px."""

    groups: tuple[Group, ...]
    least: float
    most: float

    @property
    def framed(self) -> bool:
        """Whether any group has a frame: then all boxes keep its margin."""
        return any(group.frame for group in self.groups)

    @property
    def blocks(self) -> list[Block]:
        """All boxes, top to bottom."""
        return [block for group in self.groups for block in group.blocks]


@dataclass(frozen=True, slots=True)
class Scene:
    """Columns from left to right, edges between neighbours, a caption above and reasons below."""

    columns: tuple[Column, ...]
    edges: tuple[Edge, ...]
    caption: Caption
    reasons: Reasons | None = None


def paint(scene: Scene, prefix: str, title: str, desc: str) -> str:
    """The finished SVG. Columns without boxes are left out.

    Raises:
        LayoutError: see `layout.place`.
    """
    columns = [column for column in scene.columns if column.blocks]
    widths = _widths(columns, [_gap(2, set()) for _ in columns[1:]])
    spots = _placed(columns, scene.edges, widths, [_gap(2, set()) for _ in columns[1:]])
    trial, _, _ = _rectangles(columns, spots, widths, 0, 0)
    gaps = _gaps(columns, scene.edges, trial)  # the heights tell how many lanes each gap needs: place again with that
    widths = _widths(columns, gaps)
    spots = _placed(columns, scene.edges, widths, gaps)
    body_width = max(
        spot.x + size for column, size in zip(spots, _outer(columns, widths), strict=True) for spot in column
    )
    total = max(body_width, min(480.0, MAX_WIDTH - 2 * MARGIN)) + 2 * MARGIN
    above = scene.caption.height(total - 2 * MARGIN)
    left = MARGIN + (total - 2 * MARGIN - body_width) / 2
    canvas = Canvas(prefix)
    scene.caption.paint(canvas, MARGIN, MARGIN, total - 2 * MARGIN)
    boxes, frames, bottom = _rectangles(columns, spots, widths, left, MARGIN + above)
    for look, frame in frames:
        _paint_frame(canvas, look, frame)
    _paint_edges(canvas, columns, scene.edges, boxes, frames)
    for column, size in zip(columns, widths, strict=True):
        for block in column.blocks:
            block.paint(canvas, boxes[block.name].x, boxes[block.name].y, size)
    if scene.reasons:
        bottom += 18
        scene.reasons.paint(canvas, MARGIN, bottom, total - 2 * MARGIN)
        bottom += scene.reasons.height(total - 2 * MARGIN)
    return canvas.finish(total, bottom + MARGIN, title, desc)


def _edges_between(left: Column, right: Column, edges: Sequence[Edge]) -> list[Edge]:
    tails = {block.name for block in left.blocks}
    heads = {block.name for block in right.blocks}
    return [edge for edge in edges if edge.tail in tails and edge.head in heads]


def _by_tail(edges: Sequence[Edge]) -> bool:
    """Edges share trunks on the side that has fewer ends."""
    return len({edge.tail for edge in edges}) <= len({edge.head for edge in edges})


def _gap(lanes: int, marks: set[bool]) -> float:
    """Room between two columns, frames excluded: lanes, corners, an arrow head, and discs beside tails or heads."""
    return 36 + LANE * lanes + MARK_ROOM * len(marks)


def _gaps(columns: list[Column], edges: Sequence[Edge], boxes: dict[str, Rectangle]) -> list[float]:
    gaps = []
    for left, right in pairwise(columns):
        between = _edges_between(left, right, edges)
        lanes = min(count_lanes(between, boxes, by_tail=_by_tail(between)), 10)
        gaps.append(_gap(lanes, {edge.mark_at_head for edge in between if edge.mark}))
    return gaps


def _widths(columns: list[Column], gaps: list[float]) -> list[float]:
    """Box widths: natural, within each column's limits, and shrunk evenly where the picture would get too wide."""
    wanted = [min(column.most, max(column.least, *(block.natural() for block in column.blocks))) for column in columns]
    frames = sum(2 * FRAME for column in columns if column.framed)
    excess = sum(wanted) + sum(gaps) + frames + 2 * MARGIN - MAX_WIDTH
    slack = [width - column.least for width, column in zip(wanted, columns, strict=True)]
    if excess > 0 and sum(slack) > 0:
        share = min(1.0, excess / sum(slack))
        wanted = [width - part * share for width, part in zip(wanted, slack, strict=True)]
    return (
        [int(width) + 1.0 if width != int(width) else width for width in wanted]
        if excess <= 0
        else [float(int(w)) for w in wanted]
    )


def _outer(columns: list[Column], widths: list[float]) -> list[float]:
    return [width + (2 * FRAME if column.framed else 0) for column, width in zip(columns, widths, strict=True)]


def _pads(column: Column) -> list[tuple[float, float]]:
    """Margin above and below each box of a column, for frames and for the distance between groups."""
    pads = []
    for number, group in enumerate(column.groups):
        last = len(group.blocks) - 1
        for index in range(len(group.blocks)):
            above = (FRAME if group.frame else 0) if index == 0 else 0.0
            below = (FRAME if group.frame else 0) if index == last else 0.0
            pads.append((above + (6 if number and index == 0 else 0), below))
    return pads


def _placed(columns: list[Column], edges: Sequence[Edge], widths: list[float], gaps: list[float]) -> list[list[Spot]]:
    """Asks for a uniform gap; what a wider one needs more is a margin of the column after it, taken off again here."""
    least = min(gaps, default=0.0)
    extra = [0.0] + [gap - least for gap in gaps]
    sizes = []
    for column, wide, more in zip(columns, _outer(columns, widths), extra, strict=True):
        heights = [block.height(wide - (2 * FRAME if column.framed else 0)) for block in column.blocks]
        sizes.append([Size(wide + more, tall + sum(pad)) for tall, pad in zip(heights, _pads(column), strict=True)])
    index = {
        block.name: (number, row) for number, column in enumerate(columns) for row, block in enumerate(column.blocks)
    }
    links = dict.fromkeys((index[edge.tail], index[edge.head]) for edge in edges)
    spots = place(sizes, list(links), gap=least, spacing=SPACING)
    return [[Spot(spot.x + more, spot.y) for spot in column] for column, more in zip(spots, extra, strict=True)]


def _rectangles(
    columns: list[Column], spots: list[list[Spot]], widths: list[float], left: float, top: float
) -> tuple[dict[str, Rectangle], list[tuple[FrameLook, Rectangle]], float]:
    """Boxes by name, frames, and the lowest edge of all."""
    boxes: dict[str, Rectangle] = {}
    frames: list[tuple[FrameLook, Rectangle]] = []
    bottom = 0.0
    for column, column_spots, wide in zip(columns, spots, widths, strict=True):
        inset = FRAME if column.framed else 0.0
        for block, spot, (above, below) in zip(column.blocks, column_spots, _pads(column), strict=True):
            tall = block.height(wide)
            boxes[block.name] = Rectangle(left + spot.x + inset, top + spot.y + above, wide, tall)
            bottom = max(bottom, top + spot.y + above + tall + below)
        for group in column.groups:
            if group.frame and group.blocks:
                first, last = boxes[group.blocks[0].name], boxes[group.blocks[-1].name]
                tall = last.y + last.height - first.y + 2 * FRAME
                frames.append((group.frame, Rectangle(first.x - FRAME, first.y - FRAME, wide + 2 * FRAME, tall)))
    return boxes, frames, bottom


def _paint_frame(canvas: Canvas, look: FrameLook, frame: Rectangle) -> None:
    if look is FrameLook.ADVERSARY:
        canvas.rect(
            frame.x, frame.y, frame.width, frame.height, fill=Role.ZONE, stroke=Role.ADV, line=1.6, radius=8, dash="2 3"
        )
    else:
        canvas.rect(frame.x, frame.y, frame.width, frame.height, fill=Role.ZONE, stroke=Role.HAIR, line=1.2, radius=8)


def _paint_edges(
    canvas: Canvas,
    columns: list[Column],
    edges: Sequence[Edge],
    boxes: dict[str, Rectangle],
    frames: list[tuple[FrameLook, Rectangle]],
) -> None:
    for left, right in pairwise(columns):
        between = _edges_between(left, right, edges)
        start = max(boxes[block.name].right for block in left.blocks) + (FRAME if left.framed else 0)
        end = min(boxes[block.name].x for block in right.blocks) - (FRAME if right.framed else 0)
        marks = {edge.mark_at_head for edge in between if edge.mark}
        start += MARK_ROOM if False in marks else 0
        end -= MARK_ROOM if True in marks else 0
        paint_gap(canvas, between, boxes, Gap(start, end, _by_tail(between)))
