"""A plot of some curves on two logarithmic axes, as SVG: light and dark, readable without colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 860, 500
LEFT, RIGHT, TOP, BOTTOM = 80, 300, 60, 60
GAP = 16
"""Between the labels at the curves' ends, in pixels."""

STYLE = """
svg { background: #fff; color: #17212b; font: 13px Helvetica, Arial, 'Liberation Sans', sans-serif }
text { fill: currentColor } .muted { fill: #505e6b } .grid { stroke: #d3dae0 }
.title { font-size: 16px; font-weight: 700 }
.line { fill: none; stroke-width: 2 } .dash { stroke-dasharray: 6 4 }
.c0 { color: #005291 } .c1 { color: #a83200 } .c2 { color: #6b4fa0 } .c3 { color: #1a7a4c } .c4 { color: #75838f }
.c5 { color: #8a6100 } .line, .lead { stroke: currentColor } .dot { fill: currentColor }
@media screen and (prefers-color-scheme: dark) {
svg { background: #10171e; color: #e8edf2 } .muted { fill: #a9b7c4 } .grid { stroke: #33414d }
.c0 { color: #7cc0f7 } .c1 { color: #ff9e6b } .c2 { color: #c3aef0 } .c3 { color: #74d3a4 } .c4 { color: #7f91a1 }
.c5 { color: #f1c453 } }
"""


@dataclass(frozen=True, slots=True)
class Curve:
    """Points (x, y), both positive. `dashed` for what is compared with."""

    name: str
    points: tuple[tuple[float, float], ...]
    dashed: bool = False


def plot(title: str, across: str, up: str, curves: Sequence[Curve]) -> str:
    """The picture. Raises ValueError without a point."""
    drawn = [curve for curve in curves if curve.points]
    xs = [x for curve in drawn for x, _ in curve.points]
    ys = [y for curve in drawn for _, y in curve.points]
    scale = _Scale(_decades(xs), _decades(ys))
    body = [*scale.grid(across, up)]
    places = _apart([scale.y(curve.points[-1][1]) for curve in drawn])
    for number, (curve, place) in enumerate(zip(drawn, places, strict=True)):
        body += _drawn(curve, scale, number % 6, place)
    head = f'<text class="title" x="{LEFT}" y="30">{escape(title)}</text>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-label="{escape(title)}">\n<style>{STYLE}</style>\n{head}\n' + "\n".join(body) + "\n</svg>\n"
    )


def _decades(values: Sequence[float]) -> tuple[int, int]:
    low, high = floor(log10(min(values)) + 1e-9), ceil(log10(max(values)) - 1e-9)
    return low, max(high, low + 1)


@dataclass(frozen=True, slots=True)
class _Scale:
    across: tuple[int, int]
    up: tuple[int, int]

    def x(self, value: float) -> float:
        low, high = self.across
        return LEFT + (log10(value) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        low, high = self.up
        return HEIGHT - BOTTOM - (log10(value) - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    def grid(self, across: str, up: str) -> list[str]:
        found = []
        under = HEIGHT - BOTTOM + 20
        for power in range(self.across[0], self.across[1] + 1):
            x = self.x(10.0**power)
            found.append(f'<line class="grid" x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}"/>')
            found.append(f'<text class="muted" x="{x:.1f}" y="{under}" text-anchor="middle">{_shown(power)}</text>')
        for power in range(self.up[0], self.up[1] + 1):
            y = self.y(10.0**power)
            found.append(f'<line class="grid" x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}"/>')
            found.append(f'<text class="muted" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_shown(power)}</text>')
        middle = (LEFT + WIDTH - RIGHT) / 2
        found.append(f'<text x="{middle:.0f}" y="{HEIGHT - 14}" text-anchor="middle">{escape(across)}</text>')
        found.append(f'<text x="{LEFT - 60}" y="{TOP - 12}">{escape(up)}</text>')
        return found


def _shown(power: int) -> str:
    return f"{10**power:,}" if power >= 0 else f"{10.0**power:.{-power}f}"


def _apart(wanted: Sequence[float]) -> list[float]:
    """Heights for labels, as near as possible to where they are wanted, from the top, none on another."""
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    places = list(wanted)
    last = -float("inf")
    for place in order:
        places[place] = last = max(wanted[place], last + GAP)
    over = max(places, default=0) - (HEIGHT - BOTTOM)
    return [place - over if over > 0 else place for place in places]


def _drawn(curve: Curve, scale: _Scale, colour: int, place: float) -> list[str]:
    points = [(scale.x(x), scale.y(y)) for x, y in curve.points]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    edge = WIDTH - RIGHT + 14
    return [
        f'<g class="c{colour}"><polyline class="line{" dash" if curve.dashed else ""}" points="{line}"/>',
        *(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in points),
        f'<line class="lead" stroke-width="0.7" x1="{x + 5:.1f}" y1="{y:.1f}" x2="{edge}" y2="{place:.1f}"/>',
        f'<text x="{edge + 4}" y="{place + 4:.1f}">{escape(curve.name)}</text></g>',
    ]
