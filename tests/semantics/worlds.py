"""Short forms for building the small models of these tests, and the worlds of DESIGN.md's worked answers."""

from __future__ import annotations

from dataclasses import replace

from sharedfate.model.adversary import Act, Adversary
from sharedfate.model.facts import FactKind, FactLiteral, FactName
from sharedfate.model.guard import ALWAYS, Assumed, Guard
from sharedfate.model.model import Model
from sharedfate.model.network import (
    Alternative,
    Assumption,
    Connection,
    ControlSizes,
    Finding,
    Link,
    Order,
    Party,
    Pool,
    Service,
    Tls,
    Via,
    Zone,
)
from sharedfate.model.policy import Policy, Rule
from sharedfate.model.question import CanCut, Check, Horizon, Rung, UnderPolicies
from sharedfate.model.traffic import AllOf, AnyOf, Arm, Flow, Formula, Function, Hop, NeedsFlow, Sizes, SizeKind
from sharedfate.model.wire import Direction, Field, NamePattern, Prefix, Range, Transport

UP, DOWN = Direction.UP, Direction.DOWN


def ip(last: int, length: int = 32) -> Prefix:
    """10.0.0.`last`."""
    return Prefix(4, 0x0A000000 + last, length)


def pool(*last: int, name: str | None = None) -> Pool:
    """A pool of single addresses 10.0.0.x."""
    return Pool(tuple(ip(one) for one in last), name)


def tcp(
    port: int = 443,
    to: Pool | None = None,
    sni: str | None = None,
    *,
    key: str = "",
    found: tuple[Finding, ...] = (),
    guard: Guard = ALWAYS,
    via: Via | None = None,
    alpn: tuple[str, ...] = (),
    host: str | None = None,
    own: tuple[tuple[Field, str], ...] = (),
) -> Alternative:
    """A TCP alternative."""
    tls = None if sni is None else Tls(NamePattern(sni), alpn=alpn)
    shown = None if host is None else NamePattern(host)
    return Alternative(key or f"tcp {port}", Transport.TCP, (Range(port, port),), to, tls=tls, found=found, guard=guard,
                       via=via, host=shown, own=own)  # fmt: skip


def udp(port: int = 3478, to: Pool | None = None, **rest: object) -> Alternative:
    """A UDP alternative."""
    return replace(tcp(port, to, **rest), transport=Transport.UDP, key=rest.get("key") or f"udp {port}")  # type: ignore[arg-type]


def link_to(name: str, server: str, *ways: Alternative, clients: tuple[str, ...] = ("alice",), **rest: object) -> Connection:
    """A connection of alice (or others)."""
    return Connection(name, clients, server, ways or (tcp(),), **rest)  # type: ignore[arg-type]


def sizes(usual: str = "", possible: str = "", padded: str = "", guard: Guard = ALWAYS) -> tuple[Sizes, ...]:
    """Size clauses from texts such as "1..4 7"."""
    kinds = ((SizeKind.USUAL, usual), (SizeKind.POSSIBLE, possible), (SizeKind.PADDED, padded))
    return tuple(Sizes(kind, ranges(text), guard) for kind, text in kinds if text)


def ranges(text: str) -> tuple[Range, ...]:
    """Ranges from "1..4 7"."""
    parts = (part.partition("..") for part in text.split())
    return tuple(Range(int(low), int(high or low)) for low, _, high in parts)


def control(usual: str, possible: str = "") -> ControlSizes:
    """Control sizes of one direction."""
    return ControlSizes(ranges(usual), ranges(possible))


def up(name: str, connection: str, server: str = "apns", client: str = "alice", **rest: object) -> Flow:
    """A flow of one hop from a client."""
    return Flow(name, (Hop(client, server, connection, client, UP),), **rest)  # type: ignore[arg-type]


def down(name: str, connection: str, server: str = "apns", client: str = "alice", **rest: object) -> Flow:
    """A flow of one hop to a client."""
    return Flow(name, (Hop(server, client, connection, client, DOWN),), **rest)  # type: ignore[arg-type]


def both_of(*names: str) -> Formula:
    """`a and b`."""
    return AllOf(tuple(NeedsFlow(name) for name in names))


def any_of(*names: str) -> Formula:
    """`a or b`."""
    return AnyOf(tuple(Arm(NeedsFlow(name)) for name in names))


def world(
    connections: tuple[Connection, ...],
    flows: tuple[Flow, ...],
    functions: dict[str, Formula] | None = None,
    adversary: Adversary | None = None,
    policies: tuple[Policy, ...] = (),
    **rest: object,
) -> Model:
    """alice at home, bob at den, everything else far; links access (home), access_b (den), up. Functions by default: one a flow."""
    named = functions or {flow.name: NeedsFlow(flow.name) for flow in flows}
    servers = dict.fromkeys([*(item.server for item in connections), "apns", "ids"])
    places = {"vps": "net", "resolver": "home"}
    services = tuple(Service(name, places.get(name, "far")) for name in dict.fromkeys([*servers, "vps", "resolver"]))
    return Model(
        "small",
        zones=tuple(map(Zone, ("home", "den", "net", "far"))),
        links=(Link("access", ("home", "net")), Link("access_b", ("den", "net")), Link("up", ("net", "far"))),
        parties=(Party("alice", "home"), Party("bob", "den")),
        services=services,
        connections=connections,
        flows=flows,
        functions=tuple(Function(name, formula) for name, formula in named.items()),
        adversaries=() if adversary is None else (adversary,),
        policies=policies,
        **rest,  # type: ignore[arg-type]
    )


def eve(*sees: Field, acts: tuple[Act, ...] = (Act.DROP,), links: tuple[str, ...] = ("access",), **rest: object) -> Adversary:
    """An adversary on the access link."""
    return Adversary("eve", links, sees=sees, acts=acts, **rest)  # type: ignore[arg-type]


def cannot(
    f: str,
    *spared: str,
    cut: Rung = Rung.DEAD,
    kept: Rung = Rung.STRAINED,
    at: Horizon = Horizon.ON_RECONNECT,
    given: tuple[FactLiteral, ...] = (),
    positive: bool = False,
) -> Check:
    """`eve cannot block f sparing …`."""
    return Check("ask", CanCut("eve", positive, f, cut, spared, kept, at), given)


def under(
    f: str, low: Rung, high: Rung, *policies: str, at: Horizon = Horizon.ON_RECONNECT, given: tuple[FactLiteral, ...] = ()
) -> Check:
    """`f in low..high under policies`."""
    return Check("ask", UnderPolicies((f,), low, high, policies, at), given)


def fact(kind: FactKind, *arguments: str) -> FactName:
    """A fact's name."""
    return FactName(kind.value, arguments)


def order(connection: str) -> FactName:
    """order(c)."""
    return fact(FactKind.ORDER, connection)


def occurs(*arguments: str) -> FactName:
    """occurs(…)."""
    return fact(FactKind.OCCURS, *arguments)


def on_access(name: str, *rules: Rule, deny: bool = False, links: tuple[str, ...] = ("access",)) -> Policy:
    """A declared policy on the access link."""
    return Policy(name, links, (), rules, default_deny=deny)


def at_resolver(name: str, *rules: Rule, deny: bool = False) -> Policy:
    """A declared policy on the resolver."""
    return Policy(name, (), ("resolver",), rules, default_deny=deny)


OPEN_U = Assumption("u", True)
IF_U, IF_NOT_U = Assumed("u"), Assumed("u", False)
__all__ = [name for name in dir() if not name.startswith("_")]
