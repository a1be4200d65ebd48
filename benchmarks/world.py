"""A generated world: one person, n services with up to 50 prefixes each, some of them shared, and questions about it.

The network that cuts sees addresses and ports, so that all depends on the prefixes. By the last digit of its number a
service is
0 to 4  alone: all prefixes are its own;
5 to 7  on a content network with 19 others: one named pool for all of them;
8 or 9  at a hoster with 9 others: about half of its prefixes are in the hoster's blocks and may lie in each other, the
        others are its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from sharedfate.model.adversary import Act, Adversary
from sharedfate.model.model import Model
from sharedfate.model.network import Alternative, Connection, Link, Party, Pool, Service, Tls, Zone
from sharedfate.model.question import CanCut, Check, Rung
from sharedfate.model.traffic import Flow, Function, Hop, NeedsFlow
from sharedfate.model.wire import IP, PORT, NamePattern, Prefix, Range, Transport

MOST_PREFIXES = 50
ON_A_NETWORK = 20
AT_A_HOSTER = 10
SLOT_BITS = 20
"""Each prefix that is drawn for the first time lies in a /20 of its own, so that only what is shared overlaps."""
SCATTER = 648_391
"""Odd, so that its multiples meet every slot before they repeat."""


@dataclass(frozen=True, slots=True)
class World:
    """The model, and the pool of each service."""

    model: Model
    pools: dict[str, Pool]

    @property
    def prefixes(self) -> int:
        """How many prefixes the services list together."""
        return sum(len(pool.prefixes) for pool in self.pools.values())


class _Addresses:
    """Draws prefixes, the same ones each time."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._used = 0

    def count(self) -> int:
        return self._random.randint(1, MOST_PREFIXES)

    def fresh(self, count: int) -> list[Prefix]:
        """Prefixes that meet no other, scattered."""
        first, self._used = self._used, self._used + count
        slots = [number * SCATTER % (1 << SLOT_BITS) for number in range(first, self._used)]
        return [Prefix(4, slot << (32 - SLOT_BITS), self._random.randint(SLOT_BITS, 28)) for slot in slots]

    def of_hoster(self, blocks: Sequence[Prefix], count: int) -> list[Prefix]:
        """Some of a hoster's blocks, each as a whole or a smaller prefix at its beginning."""
        chosen = self._random.sample(list(blocks), min(count, len(blocks)))
        return [Prefix(4, block.network, self._random.randint(block.length, 28)) for block in chosen]


def world(services: int, seed: int = 1) -> World:
    """The world of so many services; the same for the same arguments."""
    addresses = _Addresses(seed)
    shared: dict[str, Pool] = {}
    blocks: dict[str, list[Prefix]] = {}
    pools: dict[str, Pool] = {}
    groups: dict[str, int] = {"cdn": 0, "hoster": 0}
    for number in range(services):
        name = f"s{number}"
        kind = number % 10
        if kind < 5:
            pools[name] = Pool(tuple(sorted(addresses.fresh(addresses.count()))))
        elif kind < 8:
            at = f"cdn{groups['cdn'] // ON_A_NETWORK}"
            groups["cdn"] += 1
            if at not in shared:
                shared[at] = Pool(tuple(sorted(addresses.fresh(MOST_PREFIXES))), name=at)
            pools[name] = shared[at]
        else:
            at = f"hoster{groups['hoster'] // AT_A_HOSTER}"
            groups["hoster"] += 1
            if at not in blocks:
                blocks[at] = addresses.fresh(MOST_PREFIXES)
            count = addresses.count()
            drawn = [*addresses.of_hoster(blocks[at], (count + 1) // 2), *addresses.fresh(count // 2)]
            pools[name] = Pool(tuple(sorted(drawn)))
    return World(_model(pools), pools)


def _model(pools: dict[str, Pool]) -> Model:
    isp = Adversary("isp", links=("border",), sees=(IP, PORT), acts=(Act.DROP, Act.RESET))
    return Model(
        name=f"world{len(pools)}",
        zones=(Zone("home"), Zone("internet")),
        links=(Link("border", ("home", "internet")),),
        parties=(Party("user", "home"),),
        services=tuple(Service(name, "internet") for name in pools),
        connections=tuple(
            Connection(
                f"c_{name}",
                ("user",),
                name,
                (_alternative(name, pool),),
                stream=True,
            )
            for name, pool in pools.items()
        ),
        flows=tuple(Flow(f"m_{name}", (Hop("user", name, f"c_{name}", "user"),)) for name in pools),
        functions=tuple(Function(f"f_{name}", NeedsFlow(f"m_{name}")) for name in pools),
        adversaries=(isp,),
    )


def _alternative(name: str, pool: Pool) -> Alternative:
    return Alternative("tcp 443", Transport.TCP, (Range(443, 443),), pool, tls=Tls(NamePattern(f"{name}.example")))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, in a word what it is an example of, and the services whose fate it is about."""

    what: str
    check: Check
    cut: str
    spared: tuple[str, ...]


def questions(services: int, many: int = 100) -> list[Asked]:
    """Single and joint questions about a world: `isp cannot block F sparing G, …`."""
    names = [f"s{number}" for number in range(services)]
    return [
        _asked("alone sparing alone", "s0", ["s1"]),
        _asked("alone sparing alone, another", "s2", ["s3"]),
        _asked("network sparing the same network", "s5", ["s6"]),
        _asked("hoster sparing the same hoster", "s8", ["s9"]),
        _asked(f"alone sparing {many}", "s0", names[1 : many + 1]),
        _asked("network sparing all others", "s5", [name for name in names if name != "s5"]),
        _asked("alone sparing all others", "s0", names[1:]),
    ]


def _asked(what: str, cut: str, spared: Sequence[str]) -> Asked:
    question = CanCut("isp", False, f"f_{cut}", Rung.DEAD, tuple(f"f_{name}" for name in spared), Rung.STRAINED)
    return Asked(what, Check(what, question), cut, tuple(spared))
