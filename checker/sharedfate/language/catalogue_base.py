"""Entries of the catalogue as data, and the model that their examples stand on."""

from __future__ import annotations

from dataclasses import dataclass

from sharedfate.language.diagnostics import Code


@dataclass(frozen=True, slots=True)
class Example:
    """A model text. `shown` is what people read; it is added to PRELUDE unless `whole`.

    `data` are the bytes of the whole file where the text cannot be shown (a nul byte, a line of 2 MB); `files` are
    further files beside it, by relative path.
    """

    shown: str
    whole: bool = False
    data: bytes | None = None
    files: tuple[tuple[str, str], ...] = ()

    def content(self) -> bytes:
        """The bytes of the model file."""
        if self.data is not None:
            return self.data
        return (self.shown if self.whole else PRELUDE + self.shown).encode()


@dataclass(frozen=True, slots=True)
class Entry:
    """One code: a title, what it is about, an example with it and the mended one (None: nothing to mend in a text)."""

    code: Code
    title: str
    explanation: str
    wrong: Example | None
    mended: Example | None


PRELUDE = """\
model example

zone home, net
link access : home -- net tagged last_mile

party phone at home
service apns at net
service resolver at home

assume falls_back open
assume old_build

connection courier : phone -> apns { tcp 5223; to 192.0.2.0/24; stream }

flow push : apns -> phone on courier { usual 1..4096 }
flow text : phone -> apns on courier { usual 200..4096 }

function notifications = push
function send_text     = text

adversary isp { on any link tagged last_mile; sees ip, port; may drop }

"""
"""What the examples stand on."""


def entry(code: Code, title: str, explanation: str, wrong: str, mended: str) -> Entry:
    """An entry whose examples are fragments that follow PRELUDE."""
    return Entry(code, title, explanation, Example(wrong), Example(mended))
