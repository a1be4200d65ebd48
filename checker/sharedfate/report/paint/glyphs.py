"""The marks of the visual language, as paths: never font characters, for some fonts lack them (VISUAL.md 3)."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import assert_never

from sharedfate.report.paint.colours import Role
from sharedfate.report.paint.svg import Canvas, number


class State(Enum):
    """What a mark says of a flow, a function or a connection; the words are the rungs of DESIGN.md 3."""

    CLEAN = "clean"
    STRAINED = "strained"
    HURT = "hurt"
    DEAD = "dead"


class Stamp(Enum):
    """A verdict's mark."""

    PROVED = "proved"
    VIOLATED = "violated"
    CONDITIONAL = "conditional"
    BOUNDED = "bounded"
    VACUOUS = "vacuous"
    UNKNOWN = "unknown"


def _at(*points: tuple[float, float]) -> str:
    return "L".join(f"{number(x)} {number(y)}" for x, y in points)


def _tick(canvas: Canvas, x: float, y: float, size: float, role: Role, line: float = 2.2) -> None:
    step = size / 2
    points = ((x - step * 0.95, y), (x - step * 0.2, y + step * 0.72), (x + step * 0.95, y - step * 0.72))
    canvas.path("M" + _at(*points), stroke=role, line=line, round_ends=True)


def _cross(canvas: Canvas, x: float, y: float, size: float, role: Role, line: float = 2) -> None:
    half = size / 2
    falling = _at((x - half, y - half), (x + half, y + half))
    rising = _at((x + half, y - half), (x - half, y + half))
    canvas.path(f"M{falling}M{rising}", stroke=role, line=line, round_ends=True)


def state(canvas: Canvas, x: float, y: float, kind: State, size: float = 12) -> None:
    """The mark of a rung, centred at (x, y): tick, two bars, half disc, white cross in a filled square."""
    half = size / 2
    match kind:
        case State.CLEAN:
            _tick(canvas, x, y, size * 0.72, Role.OK)
        case State.STRAINED:
            left, right = number(x - size * 0.21), number(x + size * 0.21)
            top, bottom = number(y - half * 0.75), number(y + half * 0.75)
            canvas.path(f"M{left} {top}V{bottom}M{right} {top}V{bottom}", stroke=Role.ADV, line=2.4)
        case State.HURT:
            r = half * 0.92
            canvas.circle(x, y, r, fill=Role.CARD, stroke=Role.INK, line=1.4)
            arc = f"M{number(x)} {number(y - r)}A{number(r)} {number(r)} 0 0 0 {number(x)} {number(y + r)}Z"
            canvas.path(arc, fill=Role.HURT, stroke=Role.INK, line=1.2)
        case State.DEAD:
            canvas.rect(x - half, y - half, size, size, fill=Role.ADV, radius=2)
            _cross(canvas, x, y, size * 0.5, Role.PAPER)
        case _:
            assert_never(kind)


def beside_word(canvas: Canvas, x: float, y: float, kind: State, size: float = 12) -> None:
    """The mark of a rung beside its word, which alone is read out."""
    canvas.open_hidden()
    state(canvas, x, y, kind, size)
    canvas.close()


def eye(canvas: Canvas, x: float, y: float, role: Role = Role.MUTED) -> None:
    """A field that the adversary sees, 13 px wide, centred; vermilion where a rule matches it."""
    lid = f"M{number(x - 6.5)} {number(y)}q6.5 -7 13 0q-6.5 7 -13 0Z"
    canvas.path(lid, stroke=role, line=1.4)
    canvas.circle(x, y, 2, fill=role)


def lock(canvas: Canvas, x: float, y: float) -> None:
    """What is inside is hidden; 9 px wide, centred."""
    canvas.path(f"M{number(x - 2.8)} {number(y)}v-2.2a2.8 2.8 0 0 1 5.6 0v2.2", stroke=Role.MUTED, line=1.5)
    canvas.rect(x - 4.5, y, 9, 7, fill=Role.MUTED, radius=1.5)


def open_lock(canvas: Canvas, x: float, y: float) -> None:
    """What is inside can be read; 9 px wide, centred."""
    canvas.path(f"M{number(x - 2.8)} {number(y)}v-3.6a2.8 2.8 0 0 1 5.4 -1", stroke=Role.MUTED, line=1.5)
    canvas.rect(x - 4.5, y, 9, 7, fill=Role.MUTED, radius=1.5)


def disc(canvas: Canvas, x: float, y: float, kind: State) -> None:
    """The disc on a line: crossed where it is cut, else the mark of the rung; radius 11."""
    if kind is State.DEAD:
        canvas.circle(x, y, 11, fill=Role.PAPER, stroke=Role.ADV, line=1.6)
        _cross(canvas, x, y, 9.2, Role.ADV, 2.4)
    else:
        canvas.circle(x, y, 11, fill=Role.PAPER, stroke=Role.INK, line=1.4)
        state(canvas, x, y, kind, 12)


def arrow(canvas: Canvas, x: float, y: float, role: Role) -> None:
    """An arrow head that points right, its tip at (x, y)."""
    canvas.path(f"M{number(x)} {number(y)}l-8 -3.6v7.2Z", fill=role)


def _proved(canvas: Canvas, x: float, y: float) -> None:
    canvas.rect(x - 10, y - 10, 20, 20, fill=Role.OK, radius=2.5)
    _tick(canvas, x, y, 11, Role.PAPER, 2.6)


def _violated(canvas: Canvas, x: float, y: float) -> None:
    canvas.path(f"M{number(x - 4.3)} {number(y - 10.5)}h8.6l6.2 6.2v8.6l-6.2 6.2h-8.6l-6.2 -6.2v-8.6Z", fill=Role.ADV)
    _cross(canvas, x, y, 8, Role.PAPER, 2.8)


def _conditional(canvas: Canvas, x: float, y: float) -> None:
    canvas.path(f"M{number(x - 9)} {number(y + 9)}v-18h18Z", fill=Role.OK)
    canvas.rect(x - 9, y - 9, 18, 18, stroke=Role.OK, line=2, radius=2.5)


def _bounded(canvas: Canvas, x: float, y: float) -> None:
    canvas.rect(x - 9, y, 18, 9, fill=Role.OK)
    canvas.rect(x - 9, y - 9, 18, 18, stroke=Role.OK, line=2, radius=2.5)


def _vacuous(canvas: Canvas, x: float, y: float) -> None:
    canvas.circle(x, y, 9.2, stroke=Role.MUTED, line=1.8, dash="3.2 2.4")
    canvas.path(f"M{number(x - 5)} {number(y + 5)}l10 -10", stroke=Role.MUTED, line=1.8)


def _unknown(canvas: Canvas, x: float, y: float) -> None:
    canvas.circle(x, y, 9.2, stroke=Role.MUTED, line=1.8)
    hook = f"M{number(x - 2.6)} {number(y - 2.4)}a2.7 2.7 0 1 1 4 2.4q-1.4 .8 -1.4 2.2"
    canvas.path(hook, stroke=Role.MUTED, line=1.9, round_ends=True)
    canvas.circle(x, y + 5, 1.2, fill=Role.MUTED)


_STAMPS: dict[Stamp, Callable[[Canvas, float, float], None]] = {
    Stamp.PROVED: _proved,
    Stamp.VIOLATED: _violated,
    Stamp.CONDITIONAL: _conditional,
    Stamp.BOUNDED: _bounded,
    Stamp.VACUOUS: _vacuous,
    Stamp.UNKNOWN: _unknown,
}
STAMP_ROLE = {
    Stamp.PROVED: Role.OK,
    Stamp.VIOLATED: Role.ADV,
    Stamp.CONDITIONAL: Role.OK,
    Stamp.BOUNDED: Role.OK,
    Stamp.VACUOUS: Role.MUTED,
    Stamp.UNKNOWN: Role.MUTED,
}


def stamp(canvas: Canvas, x: float, y: float, kind: Stamp) -> None:
    """A verdict's mark, 21 px wide, centred. Silhouettes differ; the word always stands beside it."""
    _STAMPS[kind](canvas, x, y)
