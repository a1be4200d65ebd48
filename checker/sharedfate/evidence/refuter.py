"""A small clause-learning search whose log is short to check: it finds the certificates of easy obligations.

Conflict-driven clause learning with the first unique implication point (Marques-Silva and Sakallah 1999). Untrusted.
"""

from __future__ import annotations

from collections.abc import Sequence

Clause = tuple[int, ...]


class GaveUp(Exception):
    """More conflicts than the budget allows, or the clauses can hold together."""


class Refuter:
    """Refutes a set of clauses, or gives up."""

    def __init__(self, clauses: Sequence[Sequence[int]], conflicts: int) -> None:
        self._budget = conflicts
        self._clauses: list[list[int]] = []
        self._watching: dict[int, list[int]] = {}
        self._level: dict[int, int] = {}
        self._reason: dict[int, int | None] = {}
        self._true: set[int] = set()
        self._trail: list[int] = []
        self._marks: list[int] = []
        self._head = 0
        self._units: list[int] = []
        self._activity: dict[int, float] = {}
        self._bump = 1.0
        for clause in clauses:
            self._add(list(dict.fromkeys(clause)))
        self._variables = list(dict.fromkeys(abs(literal) for clause in reversed(self._clauses) for literal in clause))

    def learned(self) -> list[Clause]:
        """The clauses learned on the way to the empty clause, in order. Raises GaveUp."""
        log: list[Clause] = []
        if any(not clause for clause in self._clauses):
            return log
        for number in self._units:
            if not self._assign(self._clauses[number][0], number):
                return log
        while True:
            conflict = self._propagate()
            if conflict is None:
                self._decide()
                continue
            if not self._marks:
                return log
            self._budget -= 1
            if self._budget < 0:
                raise GaveUp
            clause, back = self._analyse(conflict)
            log.append(tuple(clause))
            self._undo(back)
            number = self._add(clause)
            self._assign(clause[0], number)

    def _add(self, clause: list[int]) -> int:
        number = len(self._clauses)
        self._clauses.append(clause)
        if len(clause) == 1:
            self._units.append(number)
        for literal in clause[:2] if len(clause) > 1 else ():
            self._watching.setdefault(literal, []).append(number)
        return number

    def _assign(self, literal: int, reason: int | None) -> bool:
        if literal in self._true:
            return True
        if -literal in self._true:
            return False
        self._true.add(literal)
        self._level[abs(literal)] = len(self._marks)
        self._reason[abs(literal)] = reason
        self._trail.append(literal)
        return True

    def _propagate(self) -> int | None:
        while self._head < len(self._trail):
            falsified = -self._trail[self._head]
            self._head += 1
            watchers = self._watching.get(falsified, [])
            kept: list[int] = []
            for index, number in enumerate(watchers):
                clause = self._clauses[number]
                if clause[0] == falsified:
                    clause[0], clause[1] = clause[1], clause[0]
                if clause[0] in self._true:
                    kept.append(number)
                    continue
                if self._moved(number, clause):
                    continue
                kept.append(number)
                if not self._assign(clause[0], number):
                    kept.extend(watchers[index + 1 :])
                    self._watching[falsified] = kept
                    return number
            self._watching[falsified] = kept
        return None

    def _moved(self, number: int, clause: list[int]) -> bool:
        for place in range(2, len(clause)):
            if -clause[place] not in self._true:
                clause[1], clause[place] = clause[place], clause[1]
                self._watching.setdefault(clause[1], []).append(number)
                return True
        return False

    def _decide(self) -> None:
        best = 0
        score = -1.0
        for variable in self._variables:
            if variable not in self._level:
                known = self._activity.get(variable, 0.0)
                if known > score:
                    best, score = variable, known
        if not best:
            raise GaveUp
        self._marks.append(len(self._trail))
        self._assign(-best, None)

    def _analyse(self, conflict: int) -> tuple[list[int], int]:
        current = len(self._marks)
        seen: set[int] = set()
        below: list[int] = []
        open_here = 0
        clause = self._clauses[conflict]
        index = len(self._trail) - 1
        while True:
            for literal in clause:
                variable = abs(literal)
                if variable in seen or self._level[variable] == 0 or literal in self._true:
                    continue
                seen.add(variable)
                self._activity[variable] = self._activity.get(variable, 0.0) + self._bump
                if self._level[variable] == current:
                    open_here += 1
                else:
                    below.append(literal)
            while abs(self._trail[index]) not in seen:
                index -= 1
            literal = self._trail[index]
            index -= 1
            open_here -= 1
            if open_here == 0:
                break
            reason = self._reason[abs(literal)]
            clause = self._clauses[reason] if reason is not None else []
        self._bump *= 1.05
        below.sort(key=lambda one: -self._level[abs(one)])
        return [-literal, *below], self._level[abs(below[0])] if below else 0

    def _undo(self, level: int) -> None:
        mark = self._marks[level]
        for literal in self._trail[mark:]:
            self._true.discard(literal)
            del self._level[abs(literal)]
            del self._reason[abs(literal)]
        del self._trail[mark:]
        del self._marks[level:]
        self._head = len(self._trail)
