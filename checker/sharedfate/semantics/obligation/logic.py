"""Boolean formulas as literals over a table of variables and hash-consed conjunctions, and their clauses.

A literal is a non-zero int: node n, or -n for its negation. Node 1 is the constant true.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

Lit = int
Clause = tuple[Lit, ...]

TRUE: Lit = 1
FALSE: Lit = -1


class TooLarge(Exception):
    """The formula has more nodes than the budget allows."""


class Logic:
    """A growing table of nodes. Equal conjunctions are one node, so that equal things are equal literals."""

    def __init__(self, limit: int = 4_000_000) -> None:
        self._parts: list[Clause | None] = [None, None]  # index 0 is unused; node 1 is true; None marks a variable
        self._known: dict[Clause, Lit] = {}
        self._limit = limit
        self.names: dict[Lit, object] = {}

    def variable(self, name: object) -> Lit:
        """A new variable; `name` is what it stands for."""
        node = self._node(None)
        self.names[node] = name
        return node

    def _node(self, parts: Clause | None) -> Lit:
        if len(self._parts) >= self._limit:
            raise TooLarge
        self._parts.append(parts)
        return len(self._parts) - 1

    def all(self, parts: Iterable[Lit]) -> Lit:
        """The conjunction."""
        wanted: set[Lit] = set()
        for part in parts:
            if part == FALSE or -part in wanted:
                return FALSE
            if part != TRUE:
                wanted.add(part)
        if not wanted:
            return TRUE
        if len(wanted) == 1:
            return wanted.pop()
        key = tuple(sorted(wanted))
        if key not in self._known:
            self._known[key] = self._node(key)
        return self._known[key]

    def any(self, parts: Iterable[Lit]) -> Lit:
        """The disjunction."""
        return -self.all(-part for part in parts)

    def both(self, *parts: Lit) -> Lit:
        """The conjunction of the arguments."""
        return self.all(parts)

    def either(self, *parts: Lit) -> Lit:
        """The disjunction of the arguments."""
        return self.any(parts)

    def choose(self, test: Lit, then: Lit, other: Lit) -> Lit:
        """`then` if `test`, else `other`."""
        return self.both(self.either(-test, then), self.either(test, other))

    def definitions(self, roots: Iterable[Lit], known: set[Lit] | None = None) -> list[Clause]:
        """Clauses that fix the value of every node that the roots depend on (Tseitin 1968, both directions).

        In order of node number; nodes keep their numbers. Nodes in `known`, with all that they depend on, are left
        out; those defined now are added to it.
        """
        found: list[Clause] = []
        fresh = self._reached(roots, known or ())
        for node in sorted(fresh):
            parts = self._parts[node]
            if parts is not None:
                found.extend((-node, part) for part in parts)
                found.append((node, *(-part for part in parts)))
        if known is not None:
            known |= fresh
        return found

    def clauses(self, roots: Sequence[Lit]) -> list[Clause]:
        """Clauses that are satisfiable exactly when all roots can hold together.

        Variables are numbered from 1 without gaps, in the order of the nodes, so that the clauses do not depend on
        what else was asked of the table before.
        """
        numbers = {node: number for number, node in enumerate(sorted({TRUE, *self._reached(roots)}), 1)}
        plain = [(TRUE,), *self.definitions(roots), *((root,) for root in roots)]
        return [tuple(numbers[one] if one > 0 else -numbers[-one] for one in clause) for clause in plain]

    def _reached(self, roots: Iterable[Lit], known: Container[Lit] = ()) -> set[Lit]:
        seen: set[Lit] = set()
        todo = [node for root in roots if (node := abs(root)) not in known]
        while todo:
            node = todo.pop()
            if node not in seen:
                seen.add(node)
                parts = self._parts[node]
                if parts is not None:
                    todo.extend(other for part in parts if (other := abs(part)) not in known)
        return seen

    def bearing(self, roots: Sequence[Lit], target: Lit) -> list[Lit]:
        """The target and those roots that share variables with it, directly or through other roots.

        If all roots cannot hold together because of the target, then these cannot either.
        """
        supports = {root: set(self.support((root,))) for root in roots if root != target}
        reached = set(self.support((target,)))
        chosen: dict[Lit, None] = {}
        grown = True
        while grown:
            grown = False
            for root, support in supports.items():
                if root not in chosen and support & reached:
                    chosen[root] = None
                    reached |= support
                    grown = True
        return [*(root for root in roots if root in chosen or root == -TRUE), target]

    def replaced(self, root: Lit, known: dict[Lit, Lit]) -> Lit:
        """The formula with some variables replaced by literals; `known` remembers what every node became."""
        known[TRUE] = TRUE
        for node in sorted(self._reached((root,), known)):
            parts = self._parts[node]
            if parts is None:
                known[node] = node
            else:
                known[node] = self.all(known[part] if part > 0 else -known[-part] for part in parts)
        return known[root] if root > 0 else -known[-root]

    def support(self, roots: Iterable[Lit]) -> list[Lit]:
        """The variables that the roots depend on, in order of creation."""
        return sorted(node for node in self._reached(roots) if node in self.names)

    def value(self, root: Lit, of: Mapping[Lit, bool]) -> bool:
        """The value of a literal, where variables that `of` does not name are false."""
        known: dict[Lit, bool] = {TRUE: True}
        for node in sorted(self._reached((root,))):
            parts = self._parts[node]
            if parts is None:
                known[node] = node == TRUE or of.get(node, False)
            else:
                known[node] = all(known[abs(part)] == (part > 0) for part in parts)
        return known[abs(root)] == (root > 0)
