"""Colours are roles; each has a light and a dark value (VISUAL.md 4). Hex is written out: some viewers lack `var()`."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Role(Enum):
    """A colour role, with its short class name, light and dark value."""

    INK = ("ink", "#17212B", "#E8EDF2")
    MUTED = ("mut", "#505E6B", "#A9B7C4")
    LINE = ("line", "#75838F", "#7F91A1")
    HAIR = ("hair", "#D3DAE0", "#33414D")
    PAPER = ("paper", "#FFFFFF", "#10171E")
    CARD = ("card", "#FFFFFF", "#1C2731")
    ZONE = ("zone", "#F4F6F8", "#161F28")
    SEAL = ("seal", "#E6EBF0", "#2A3742")
    ADV = ("adv", "#A83200", "#FF9E6B")
    ADV_TINT = ("advbg", "#FCE9DF", "#3B2114")
    OK = ("ok", "#005291", "#7CC0F7")
    OK_TINT = ("okbg", "#E1EEF8", "#122C42")
    HURT = ("hurt", "#EBAB00", "#F1C453")
    HURT_TINT = ("hurtbg", "#FFF1CC", "#352A0B")

    @property
    def short(self) -> str:
        """Class name without its prefix."""
        return self.value[0]

    @property
    def light(self) -> str:
        """Hex on white paper, and in print."""
        return self.value[1]

    @property
    def dark(self) -> str:
        """Hex on a dark screen."""
        return self.value[2]


_FIXED = {
    "b": "font-weight:700",
    "i": "font-style:italic",
    "m": "font-family:'Liberation Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace",
    "middle": "text-anchor:middle",
    "end": "text-anchor:end",
    "n": "fill:none",
    "r": "stroke-linecap:round;stroke-linejoin:round",
}


def stylesheet(classes: Iterable[str]) -> str:
    """CSS for the classes that a picture uses.

    `f-ROLE` and `s-ROLE` fill and stroke; `tN` and `wN` set size and line width in tenths of a px; `dA-B` is a dash
    (`p` for the point); the rest is fixed.
    """
    used = frozenset(classes)
    css = ".sf text{font-family:Helvetica,Arial,'Liberation Sans','Nimbus Sans',sans-serif;font-size:12px}"
    css += "".join(f".sf .{name}{{{rule}}}" for name, rule in _FIXED.items() if name in used)
    for name in sorted(used):
        if name[0] == "t" and name[1:].isdigit():
            css += f".sf .{name}{{font-size:{int(name[1:]) / 10:g}px}}"
        elif name[0] == "w" and name[1:].isdigit():
            css += f".sf .{name}{{stroke-width:{int(name[1:]) / 10:g}}}"
        elif name[0] == "d" and name[1].isdigit():
            css += f".sf .{name}{{stroke-dasharray:{name[1:].replace('-', ' ').replace('p', '.')}}}"
    css += _colours(used, dark=False)
    return css + f"@media screen and (prefers-color-scheme:dark){{{_colours(used, dark=True)}}}"


def _colours(used: frozenset[str], dark: bool) -> str:
    css = ""
    for role in Role:
        value = role.dark if dark else role.light
        for prefix, attribute in (("f", "fill"), ("s", "stroke")):
            name = f"{prefix}-{role.short}"
            if name in used:
                css += f".sf .{name}{{{attribute}:{value}}}"
    return css
