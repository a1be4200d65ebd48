"""Open facts: what nature decides. Each has a printable name and a set of values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

_PLAIN = re.compile(r"[\w@.:/-]+")


class FactKind(Enum):
    """The kinds of DESIGN.md 3. ASSUMPTION is a declared `assume … open`; its printed name has no parentheses."""

    ASSUMPTION = "assumption"
    HANDS_OUT = "hands_out"  # which address, port or name a pool hands a client
    SITS = "sits"  # at which usable alternative a client sits that does not rotate
    ORDER = "order"  # true: a silent stream redelivers in order
    OCCURS = "occurs"  # whether a size class that may occur does
    TOGETHER = "together"  # true: flow runs together with the other flows of its stream
    NEED = "need"  # true: the flow needs more than any throttle leaves
    RESOLVES = "resolves"  # true: the shown TLS name resolves to an endpoint of the connection


@dataclass(frozen=True, slots=True, order=True)
class FactName:
    """`kind(arguments)`, for example order(courier), hands_out(courier@alice v4), occurs(app_push, 200..4096)."""

    kind: str  # a FactKind value; a plain string so that names sort and hash cheaply
    arguments: tuple[str, ...]

    def __str__(self) -> str:
        if self.kind == FactKind.ASSUMPTION.value:
            return self.arguments[0]
        shown = (text if _PLAIN.fullmatch(text) else f'"{text}"' for text in self.arguments)
        return f"{self.kind}({', '.join(shown)})"


@dataclass(frozen=True, slots=True, order=True)
class FactLiteral:
    """`fact` (positive, value None), `not fact`, or `fact is value` for facts with several values."""

    fact: FactName
    positive: bool = True
    value: str | None = None

    def __str__(self) -> str:
        text = str(self.fact) if self.value is None else f"{self.fact} is {self.value}"
        return text if self.positive else f"not {text}"
