"""A small SVG writer: one decimal, colours as classes, everything escaped, no dates, no random ids."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from sharedfate.report.paint.colours import Role, stylesheet
from sharedfate.report.paint.measure import Face

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Text for element content: characters that XML forbids, and bidi controls, become U+FFFD; markup is escaped."""
    return escape(_BIDI.sub("\ufffd", _NOT_IN_XML.sub("\ufffd", text)))


def number(value: float) -> str:
    """At most one decimal, no trailing `.0`, no `-0`."""
    text = f"{value:.1f}"
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


def identifier(text: str) -> str:
    """A name made safe for an id: letters, digits, `_` and `-`; anything else becomes its code point in hex."""
    return "".join(char if char.isascii() and (char.isalnum() or char in "_-") else f".{ord(char):x}" for char in text)


class Canvas:
    """Collects elements. Coordinates are px, y downwards. `prefix` goes before every id."""

    def __init__(self, prefix: str) -> None:
        self.prefix = identifier(prefix)
        self._parts: list[str] = []
        self._classes: dict[str, None] = {}
        self._ids: set[str] = set()

    def rect(  # noqa: PLR0913 - one keyword an SVG attribute
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        *,
        fill: Role | None = None,
        stroke: Role | None = None,
        line: float = 1,
        radius: float = 0,
        dash: str = "",
    ) -> None:
        """A rectangle with its top left corner at (x, y)."""
        size = f'x="{number(x)}" y="{number(y)}" width="{number(w)}" height="{number(h)}"'
        round_ = f' rx="{number(radius)}"' if radius else ""
        self._add(f"<rect {size}{round_}{self._look(fill, stroke, line, dash)}/>")

    def circle(
        self,
        x: float,
        y: float,
        r: float,
        *,
        fill: Role | None = None,
        stroke: Role | None = None,
        line: float = 1,
        dash: str = "",
    ) -> None:
        """A circle around (x, y)."""
        size = f'cx="{number(x)}" cy="{number(y)}" r="{number(r)}"'
        self._add(f"<circle {size}{self._look(fill, stroke, line, dash)}/>")

    def path(
        self,
        d: str,
        *,
        fill: Role | None = None,
        stroke: Role | None = None,
        line: float = 1,
        dash: str = "",
        round_ends: bool = False,
    ) -> None:
        """A path; `d` is written as given, so build it with `number`."""
        self._add(f'<path d="{d}"{self._look(fill, stroke, line, dash, round_ends)}/>')

    def text(self, x: float, y: float, text: str, face: Face, role: Role = Role.INK, *, anchor: str = "start") -> None:
        """One line with its baseline at y; `anchor`: start, middle or end."""
        if not text:
            return
        names = [f"f-{role.short}"]
        names += [name for name, on in (("b", face.bold), ("i", face.italic), ("m", face.mono)) if on]
        if face.size != 12:
            names.append(f"t{round(face.size * 10)}")
        if anchor != "start":
            names.append(anchor)
        self._add(f'<text x="{number(x)}" y="{number(y)}"{self._class(names)}>{clean(text)}</text>')

    def open(self, name: str, title: str) -> None:
        """Opens a group with an id made from `name`, and a title that assistive technology reads."""
        unique = self.prefix + "-" + identifier(name)
        while unique in self._ids:
            unique += "."
        self._ids.add(unique)
        self._add(f'<g id="{unique}"><title>{clean(title)}</title>')

    def close(self) -> None:
        """Closes the group."""
        self._add("</g>")

    def open_hidden(self) -> None:
        """Opens a group of marks that only repeat the word beside them."""
        self._add('<g aria-hidden="true">')

    def finish(self, w: float, h: float, title: str, desc: str) -> str:
        """The whole document, `w` by `h` px."""
        size = f'width="{number(w)}" height="{number(h)}" viewBox="0 0 {number(w)} {number(h)}"'
        paper = f'<rect width="{number(w)}" height="{number(h)}"{self._class(["f-paper"])}/>'
        label = quoteattr(f"{self.prefix}-title {self.prefix}-desc")
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="sf" role="img" aria-labelledby={label} {size}>\n'
            f'<title id="{self.prefix}-title">{clean(title)}</title>\n'
            f'<desc id="{self.prefix}-desc">{clean(desc)}</desc>\n'
            f"<style>{stylesheet(self._classes)}</style>\n{paper}\n" + "\n".join(self._parts) + "\n</svg>\n"
        )

    def _add(self, element: str) -> None:
        self._parts.append(element)

    def _class(self, names: list[str]) -> str:
        self._classes.update(dict.fromkeys(names))
        return f' class="{" ".join(names)}"' if names else ""

    def _look(self, fill: Role | None, stroke: Role | None, line: float, dash: str, round_ends: bool = False) -> str:
        names = [f"f-{fill.short}"] if fill else ["n"]
        if stroke:
            names.append(f"s-{stroke.short}")
            names += [f"w{round(line * 10)}"] if line != 1 else []
            names += ["d" + dash.replace(" ", "-").replace(".", "p")] if dash else []
            names += ["r"] if round_ends else []
        return self._class(names)
