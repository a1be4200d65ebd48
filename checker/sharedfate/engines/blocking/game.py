"""Policy against nature: is there an attack, one that always works, one that works under a condition?

A goal is a formula over the policy's variables and nature's. A policy that reaches it whatever nature chooses is found
by refinement: propose one for the choices seen so far, let nature answer with a choice that defeats it, remember it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass

from sharedfate.engines.budget import Budget, Exhausted
from sharedfate.evidence.certify import InternalCheckFailed
from sharedfate.semantics.obligation.logic import FALSE, TRUE, Lit, Logic
from sharedfate.solver.sat import OutOfBudget, Sat, Solver, Unsat, Workshop

Cube = tuple[Lit, ...]
"""Literals of nature that are assumed together."""
Policy = frozenset[Lit]
"""The policy variables that are true."""
Choice = frozenset[Lit]
"""Nature's variables that are true."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What both sides chose."""

    policy: Policy
    choice: Choice


@dataclass(frozen=True, slots=True)
class Excluded:
    """Some of the literals asked for rule each other out."""

    core: Cube


@dataclass(frozen=True, slots=True)
class Sides:
    """The variables of each side, in a fixed order, and what must hold of each."""

    policy: tuple[Lit, ...]
    nature: tuple[Lit, ...]
    policy_rules: tuple[Lit, ...]
    nature_rules: tuple[Lit, ...]


class _Table:
    """A solver that is told of nodes of the logic, and of rules, as they come up."""

    def __init__(self, logic: Logic, workshop: Workshop, budget: Budget) -> None:
        self._logic = logic
        self._budget = budget
        self._known: set[Lit] = set()
        self._rules: set[Lit] = {TRUE}
        self._solver = Solver(workshop, budget.rlimit, budget.seconds)
        self._solver.add([(TRUE,)])

    def require(self, rules: Iterable[Lit]) -> None:
        """From now on these hold."""
        fresh = [rule for rule in dict.fromkeys(rules) if rule not in self._rules]
        self._rules.update(fresh)
        self._solver.add([*self._logic.definitions(fresh, self._known), *((rule,) for rule in fresh)])

    def ask(self, assumptions: Sequence[Lit], wanted: Sequence[Lit]) -> Sat | Unsat:
        """Raises Exhausted."""
        self._solver.add(self._logic.definitions(assumptions, self._known))
        self._budget.spend()
        try:
            return self._solver.check([one for one in assumptions if one != TRUE], wanted)
        except OutOfBudget as error:
            raise Exhausted(f"Z3: {error}") from error


class Game:
    """One question. `always`: what is assumed of nature besides its rules. All methods raise Exhausted."""

    def __init__(
        self, logic: Logic, sides: Sides, budget: Budget, always: Sequence[Lit] = (), workshop: Workshop | None = None
    ) -> None:
        """`workshop`: shared with other games over the same logic."""
        self.logic = logic
        self.sides = sides
        self.always = tuple(always)
        self._budget = budget
        self._workshop = workshop or Workshop()
        self._tables: tuple[_Table, ...] = (
            _Table(logic, self._workshop, budget),
            _Table(logic, self._workshop, budget),
        )
        self._begin()

    def _begin(self) -> None:
        self._both, self._proposer = self._tables
        self._both.require((*self.sides.policy_rules, *self.sides.nature_rules))
        self._proposer.require(self.sides.policy_rules)
        self._is_policy = frozenset(self.sides.policy)
        self._met: dict[Lit, tuple[Lit, ...]] = {}
        self._seen: list[Choice] = []
        self._replaced: dict[Choice, dict[Lit, Lit]] = {}

    def beside(self, sides: Sides, always: Sequence[Lit], *, apart: bool = False) -> Game:
        """Another game with the same budget; with `apart` in solvers of its own, where other rules hold."""
        other = copy(self)
        other.sides = sides
        other.always = tuple(always)
        if apart:
            other._tables = tuple(_Table(self.logic, self._workshop, self._budget) for _ in range(2))
        other._begin()
        return other

    def outcome(self, literals: Sequence[Lit]) -> Outcome | Excluded:
        """A policy and a choice under which the literals hold."""
        policies = [one for literal in literals for one in self._meets(literal)]
        answer = self._both.ask((*literals, *self.always), (*policies, *self.sides.nature))
        if isinstance(answer, Unsat):
            return Excluded(answer.core)
        policy = frozenset(one for one in policies if one in answer.true)
        return Outcome(policy, frozenset(one for one in self.sides.nature if one in answer.true))

    def plain_choice(self, literals: Sequence[Lit], preferred: Sequence[Lit]) -> Choice:
        """Nature's choice in an outcome in which the literals hold, as many of the earlier `preferred` ones as can be.

        There must be such an outcome. What comes out depends on the order of `preferred` only.
        """
        assumed = list(literals)

        def settle(rest: Sequence[Lit]) -> None:
            if isinstance(self.outcome((*assumed, *rest)), Outcome):
                assumed.extend(rest)
            elif len(rest) == 1:
                assumed.append(-rest[0])
            else:
                settle(rest[: len(rest) // 2])
                settle(rest[len(rest) // 2 :])

        settle(preferred)
        found = self.outcome(assumed)
        assert isinstance(found, Outcome)
        return found.choice

    def fixed(self, policy: Policy) -> Cube:
        """The literals that say exactly this policy."""
        return tuple(one if one in policy else -one for one in self.sides.policy)

    def defeats(self, goal: Lit, policy: Policy, cube: Sequence[Lit]) -> Choice | Excluded:
        """A choice in `cube` under which the policy misses the goal; else literals of `cube` that suffice for it."""
        fixed = [one if one in policy else -one for one in self._meets(goal)]
        answer = self._both.ask((-goal, *fixed, *cube, *self.always), self.sides.nature)
        if isinstance(answer, Sat):
            return frozenset(one for one in self.sides.nature if one in answer.true)
        core = set(answer.core)
        return Excluded(tuple(one for one in cube if one in core))

    def policy_for(
        self, goal: Lit, cube: Sequence[Lit] = (), fixed: Sequence[Lit] = (), first: Policy | None = None
    ) -> Policy | None:
        """A policy that reaches the goal for every choice within `cube`, with some variables `fixed`; None: none does.

        The cube must admit a choice. Choices that defeated earlier proposals are remembered.
        """
        proposal = first if first is not None else self._propose(goal, cube, fixed)
        made = first is None
        while proposal is not None:
            answer = self.defeats(goal, proposal, cube)
            if isinstance(answer, Excluded):
                return proposal
            if made and answer in self._seen:
                raise InternalCheckFailed("a choice of nature defeats a policy that was made against it")
            self._seen.append(answer)
            proposal, made = self._propose(goal, cube, fixed), True
        return None

    def _propose(self, goal: Lit, cube: Sequence[Lit], fixed: Sequence[Lit]) -> Policy | None:
        wanted = [self._win(goal, choice) for choice in self._seen if _inside(choice, cube)]
        if FALSE in wanted:
            return None
        answer = self._proposer.ask([*wanted, *fixed], [*self._meets(goal), *(one for one in fixed if one > 0)])
        return None if isinstance(answer, Unsat) else answer.true & self._is_policy

    def _meets(self, goal: Lit) -> tuple[Lit, ...]:
        """The policy variables that a formula depends on. All others may be false: no rule asks for an act."""
        if goal not in self._met:
            self._met[goal] = tuple(one for one in self.logic.support((goal,)) if one in self._is_policy)
        return self._met[goal]

    def _win(self, goal: Lit, choice: Choice) -> Lit:
        """What a policy must be like to reach the goal against one choice of nature."""
        if choice not in self._replaced:
            self._replaced[choice] = {one: TRUE if one in choice else FALSE for one in self.sides.nature}
        return self.logic.replaced(goal, self._replaced[choice])


def _inside(choice: Choice, cube: Iterable[Lit]) -> bool:
    return all((abs(one) in choice) == (one > 0) for one in cube)
