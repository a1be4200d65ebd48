"""What a question is about, laid out: instances, their routes and pools, the units they carry. See spec A1 to A7."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from sharedfate.model.facts import FactName
from sharedfate.model.guard import Guard
from sharedfate.model.network import Alternative, Connection, Finding
from sharedfate.model.traffic import Flow
from sharedfate.model.wire import Direction, Prefix, Range


@dataclass(frozen=True, slots=True, order=True)
class InstanceId:
    """Connection `connection` as `client` has it (A1)."""

    connection: str
    client: str


class PoolKind(Enum):
    """What a pool hands out."""

    ADDRESS = "address"
    PORT = "port"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class PoolUse:
    """A pool that an alternative draws on (A4). Exactly one of the three contents is used, by `kind`.

    An ADDRESS pool without prefixes is an address of its own, `own` naming it; it then has just that one value.
    `fact` identifies the pool: two uses with equal facts are handed the same value.
    """

    fact: FactName
    kind: PoolKind
    prefixes: tuple[Prefix, ...] = ()
    ports: tuple[Range, ...] = ()
    pattern: str = ""
    own: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """Part of an alternative's way (A2, A5): `links` in order, and whose image shows there.

    `outer`: the tunnel instance in which the alternative is wrapped here (None: not wrapped). `through`: the instance
    whose endpoint gives the packet fields here, for `passing through`. `exit`: the service at which this segment
    begins, a place like a link (None for the client's own segment). `near`: whose address is the client address here;
    the service at `exit` itself still tells `client`, whose connection it is.
    """

    links: tuple[str, ...]
    near: str
    outer: InstanceId | None = None
    through: InstanceId | None = None
    exit: str | None = None
    client: str = ""


@dataclass(frozen=True, slots=True)
class StagedFinding:
    """One step of finding (B6): `question`: where its DNS question shows; `fetch`: where a bag is fetched."""

    step: Finding
    question: tuple[Segment, ...]
    fetch: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class StagedAlternative:
    """An alternative of one instance with its way and its pools (`names` by pattern text)."""

    key: str
    alternative: Alternative
    segments: tuple[Segment, ...]
    address: PoolUse
    port: PoolUse | None
    names: tuple[tuple[str, PoolUse], ...]
    found: tuple[StagedFinding, ...]


@dataclass(frozen=True, slots=True)
class UnitClass:
    """One piece of the sizes of a flow (A7). `sizes` None: size is not seen, or not told. `occurs` None: it does.

    `guard` must hold for the class to be there. `padded`: the number of the padded unit that this is a part of.
    """

    sizes: Range | None
    occurs: FactName | None
    guard: Guard
    padded: int | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """What an instance carries in one direction: a flow's units, or control units (`flow` None).

    `rider`: for a tunnel, the (instance, alternative key) that goes via it and carries these itself; None for its own.
    """

    flow: str | None
    direction: Direction
    classes: tuple[UnitClass, ...]
    rider: tuple[InstanceId, str] | None = None


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance: its connection, staged alternatives, and everything that it carries, in declaration order."""

    id: InstanceId
    connection: Connection
    alternatives: tuple[StagedAlternative, ...]
    carried: tuple[Carried, ...]
    label: str  # "courier", or "courier@alice" when the connection has several clients


@dataclass(frozen=True)
class Stage:
    """The instances (outer tunnels before what rides in them) and flows that a question's functions need."""

    functions: tuple[str, ...]
    flows: tuple[Flow, ...]
    instances: tuple[Instance, ...]
    classes: dict[str, tuple[UnitClass, ...]]  # by flow name, over all its hops

    def instance(self, of: InstanceId) -> Instance:
        """The instance by id; raises KeyError if it is not on the stage."""
        return self._by_id[of]

    @cached_property
    def _by_id(self) -> dict[InstanceId, Instance]:
        return {item.id: item for item in self.instances}
