"""Turns a solver's log of learned clauses into a certificate with hints, and drops what the proof does not need.

Nothing here is trusted: the kernel checks what comes out.
"""

from __future__ import annotations

from collections.abc import Sequence

from sharedfate.evidence.kernel.clausal import Clause, Step


class NotDerivable(Exception):
    """A logged clause does not follow by unit propagation, or the log ends without a conflict."""


class _Propagator:
    """Unit propagation with two watched literals (Moskewicz et al., DAC 2001) that remembers reasons."""

    def __init__(self) -> None:
        self.clauses: list[tuple[int, ...]] = []
        self._watching: dict[int, list[int]] = {}
        self._units: list[int] = []
        self._empty: int | None = None

    def add(self, clause: Clause) -> None:
        """Adds a clause; it gets the next number."""
        number = len(self.clauses)
        literals = tuple(dict.fromkeys(clause))
        self.clauses.append(literals)
        if not literals:
            self._empty = number
        elif len(literals) == 1:
            self._units.append(number)
        else:
            for literal in literals[:2]:
                self._watching.setdefault(literal, []).append(number)

    def conflict(self, assumed: Sequence[int]) -> tuple[int, list[int], dict[int, int]] | None:
        """Assumes literals; the number of a false clause, the trail and the reason of each literal on it, or None."""
        if self._empty is not None:
            return self._empty, [], {}
        true: set[int] = set()
        trail: list[int] = []
        reason: dict[int, int] = {}
        for literal in assumed:
            if literal not in true:
                true.add(literal)
                trail.append(literal)
        for number in self._units:
            literal = self.clauses[number][0]
            if -literal in true:
                return number, trail, reason
            if literal not in true:
                true.add(literal)
                trail.append(literal)
                reason[literal] = number
        found = self._run(true, trail, reason)
        return None if found is None else (found, trail, reason)

    def _run(self, true: set[int], trail: list[int], reason: dict[int, int]) -> int | None:
        head = 0
        while head < len(trail):
            falsified = -trail[head]
            head += 1
            watchers = self._watching.get(falsified, [])
            kept: list[int] = []
            for index, number in enumerate(watchers):
                moved, unit = self._visit(number, falsified, true)
                if moved:
                    continue
                kept.append(number)
                if unit is None or unit in true:
                    continue
                if -unit in true:
                    kept.extend(watchers[index + 1 :])
                    self._watching[falsified] = kept
                    return number
                true.add(unit)
                trail.append(unit)
                reason[unit] = number
            self._watching[falsified] = kept
        return None

    def _visit(self, number: int, falsified: int, true: set[int]) -> tuple[bool, int | None]:
        """Moves the watch off a falsified literal if it can, else names the only literal that may still be true."""
        literals = self.clauses[number]
        first, second = literals[0], literals[1]
        other = second if first == falsified else first
        if other in true:
            return False, None
        for place in range(2, len(literals)):
            literal = literals[place]
            if -literal not in true:
                rest = [one for index, one in enumerate(literals) if index > 1 and index != place]
                self.clauses[number] = (other, literal, falsified, *rest)
                self._watching.setdefault(literal, []).append(number)
                return True, None
        return False, other


def certificate(clauses: Sequence[Clause], learned: Sequence[Clause]) -> tuple[Step, ...]:
    """Steps that the kernel accepts, out of learned clauses in the order in which the solver found them.

    Raises NotDerivable when the log is no derivation by unit propagation.
    """
    base = len(clauses)
    propagator = _Propagator()
    for clause in clauses:
        propagator.add(clause)
    hints: list[tuple[int, ...]] = []
    kept: list[tuple[int, ...]] = []
    for clause in (*learned, ()):
        literals = tuple(dict.fromkeys(clause))
        hints.append(_derive(propagator, literals))
        kept.append(literals)
        propagator.add(literals)
        if not literals:
            break
    return _trim(base, kept, hints)


def _derive(propagator: _Propagator, clause: tuple[int, ...]) -> tuple[int, ...]:
    found = propagator.conflict([-literal for literal in clause])
    if found is None:
        raise NotDerivable
    conflict, trail, reason = found
    needed: set[int] = {-literal for literal in propagator.clauses[conflict]}
    used: list[int] = [conflict]
    for literal in reversed(trail):
        if literal in needed and literal in reason:
            used.append(reason[literal])
            needed |= {-other for other in propagator.clauses[reason[literal]] if other != literal}
    return tuple(reversed(used))


def _trim(base: int, clauses: list[tuple[int, ...]], hints: list[tuple[int, ...]]) -> tuple[Step, ...]:
    """Keeps the steps that the last one reaches, and numbers them anew."""
    needed = {len(clauses) - 1}
    for index in range(len(clauses) - 1, -1, -1):
        if index in needed:
            needed.update(hint - base for hint in hints[index] if hint >= base)
    number = {old: base + new for new, old in enumerate(sorted(needed))}
    return tuple(
        Step(clauses[old], tuple(hint if hint < base else number[hint - base] for hint in hints[old]))
        for old in sorted(needed)
    )
