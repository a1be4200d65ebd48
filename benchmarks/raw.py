"""The same questions given to Z3 as they are: each address a bit-vector, each prefix a constraint on its first bits.

Valid for worlds of world.py only: one alternative a service, a policy sees address, port (always 443) and shown name.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

import z3
from world import Asked, World

from sharedfate.model.network import Pool
from sharedfate.model.wire import Prefix


class Told(Enum):
    """What Z3 is told of: the whole world, as the engine is, or only the services that the question names."""

    WORLD = "whole world"
    QUESTION = "only the services asked about"


class Raw:
    """A solver that was told the pools of some services. Services on one named pool share one address."""

    def __init__(self, world: World, services: Iterable[str], seconds: float) -> None:
        self._world = world
        self._services = list(services)
        self._solver = z3.Solver()
        self._solver.set("timeout", int(seconds * 1000))
        pools = {self._address(name): world.pools[name] for name in self._services}
        declared = "".join(f"(declare-const {address} (_ BitVec 32))\n" for address in pools)
        declared += "(declare-fun dropped ((_ BitVec 32) Int) Bool)\n"
        members = "".join(f"(assert {_member(address, pool)})\n" for address, pool in pools.items())
        self._solver.from_string(declared + members)

    def _address(self, service: str) -> str:
        return f"a_{self._world.pools[service].name or service}"

    def _shown(self, service: str) -> str:
        tls = self._world.model.connection[f"c_{service}"].alternatives[0].tls
        assert tls is not None
        name = tls.outer or tls.sni
        assert name is not None
        return name.text

    def verdict(self, asked: Asked) -> str:
        """`proved`, `violated`, `conditional`, or `unknown` when the time is up."""
        names = {name: number for number, name in enumerate(sorted({self._shown(one) for one in self._services}))}

        def view(service: str) -> str:
            return f"{self._address(service)} {names[self._shown(service)]}"

        kept = " ".join(f"(not (dropped {view(name)}))" for name in asked.spared)
        some = self._check(f"(assert (and (dropped {view(asked.cut)}) {kept}))")
        # One policy works whatever is handed out exactly if no hand-out makes the view of F a view of some G.
        rivals = [name for name in asked.spared if self._shown(name) == self._shown(asked.cut)]
        same = " ".join(f"(= {self._address(asked.cut)} {self._address(name)})" for name in rivals)
        clash = self._check(f"(assert (or false {same}))")
        match some, clash:
            case z3.unsat, _:
                return "proved"
            case _, z3.unsat:
                return "violated"
            case z3.sat, z3.sat:
                return "conditional"
            case _:
                return "unknown"

    def _check(self, text: str) -> z3.CheckSatResult:
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
