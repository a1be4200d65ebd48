"""How much work a question may cost before the answer is UNKNOWN."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


class Exhausted(Exception):
    """A budget ran out; the text names the resource."""


@dataclass(slots=True)
class Budget:
    """Steps decide, so that two runs agree; the clock is a backstop.

    `rlimit`: Z3's resource units a call. `calls`: solver calls a property. `seconds`: wall clock a property.
    """

    rlimit: int = 20_000_000
    calls: int = 20_000
    seconds: float = 60.0
    _left: int = field(default=0, init=False)
    _deadline: float = field(default=0.0, init=False)

    def start(self) -> None:
        """Begins a property."""
        self._left = self.calls
        self._deadline = time.monotonic() + self.seconds

    def spend(self) -> None:
        """Counts one solver call. Raises Exhausted."""
        self._left -= 1
        if self._left < 0:
            raise Exhausted(f"{self.calls} solver calls")
        if time.monotonic() > self._deadline:
            raise Exhausted(f"wall clock: {self.seconds:g} s (another run may get further)")
