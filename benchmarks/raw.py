"""The same questions given to Z3 as they are: each address a bit-vector, each prefix a constraint on its first bits.

Valid for worlds of world.py only: one alternative a service, a policy sees addresses and ports, and the port
is always 443.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

import z3
from world import Asked, World

from sharedfate.model.network import Pool
from sharedfate.model.wire import Prefix

GLANCE = 0.5
"""Seconds that suffice where the solver's preprocessing decides."""


class Told(Enum):
    """What Z3 is told of: the whole world, as the engine is, or only the services that the question names."""

    WORLD = "whole world"
    QUESTION = "only the services asked about"


class Raw:
    """A solver that was told the pools of some services. Services on one named pool share one address."""

    def __init__(self, world: World, services: Iterable[str], seconds: float) -> None:
        self._world = world
        self._services = list(services)
        self._seconds = seconds
        self._solver = z3.Solver()
        pools = {self._address(name): world.pools[name] for name in self._services}
        declared = "".join(f"(declare-const {address} (_ BitVec 32))\n" for address in pools)
        declared += "(declare-fun dropped ((_ BitVec 32)) Bool)\n"
        members = "".join(f"(assert {_member(address, pool)})\n" for address, pool in pools.items())
        self._solver.from_string(declared + members)

    def _address(self, service: str) -> str:
        return f"a_{self._world.pools[service].name or service}"

    def verdict(self, asked: Asked) -> str:
        """`proved`, `violated`, `conditional`, or `unknown` when the time is up."""
        cut, spared = self._address(asked.cut), [self._address(name) for name in asked.spared]
        kept = " ".join(f"(not (dropped {other}))" for other in spared)
        some = f"(assert (and (dropped {cut}) {kept}))"
        # One policy works whatever is handed out exactly if no hand-out gives F the address of some G.
        same = " ".join(f"(= {cut} {other})" for other in spared)
        clash = f"(assert (or false {same}))"
        # In the order that costs least: is it easily proved, is it violated, may it be either.
        if self._check(some, GLANCE) == z3.unsat:
            return "proved"
        clashes = self._check(clash, self._seconds)
        if clashes == z3.unsat:
            return "violated"
        attacked = self._check(some, self._seconds)
        if attacked == z3.unsat:
            return "proved"
        return "conditional" if attacked == clashes == z3.sat else "unknown"

    def _check(self, text: str, seconds: float) -> z3.CheckSatResult:
        self._solver.set("timeout", int(seconds * 1000))
        self._solver.push()
        self._solver.from_string(text)  # it still knows what was declared
        answer = self._solver.check()
        self._solver.pop()
        return answer


def _member(address: str, pool: Pool) -> str:
    return f"(or {' '.join(_starts(address, prefix) for prefix in pool.prefixes)})"


def _starts(address: str, prefix: Prefix) -> str:
    first = prefix.network >> (prefix.bits - prefix.length)
    return f"(= ((_ extract 31 {prefix.bits - prefix.length}) {address}) (_ bv{first} {prefix.length}))"
