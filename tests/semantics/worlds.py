"""Short forms for building the small models of these tests, and the worlds of DESIGN.md's worked answers."""

from __future__ import annotations

from collections.abc import Callable
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
    Party,
    Pool,
    Service,
    Tls,
    Via,
    Zone,
)
from sharedfate.model.policy import Action, Allow, Drop, Match, MatchName, MatchPort, Policy, Reset, Rule, Throttle
from sharedfate.model.question import CanCut, Check, Horizon, Rung, UnderPolicies
from sharedfate.model.traffic import AllOf, AnyOf, Arm, Flow, Formula, Function, Hop, NeedsFlow, SizeKind, Sizes
from sharedfate.model.wire import Dialect, Direction, Field, NamePattern, Phase, Prefix, Range, Transport
from sharedfate.semantics.choices import Value, choices
from sharedfate.semantics.fate import fate
from sharedfate.semantics.lens import lens_of_adversary, lens_of_policies
from sharedfate.semantics.observe import Observation
from sharedfate.semantics.policies import Acting, Decision, DeclaredPolicies
from sharedfate.semantics.staging import stage

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


def link_to(
    name: str, server: str, *ways: Alternative, clients: tuple[str, ...] = ("alice",), **rest: object
) -> Connection:
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
    """alice at home, bob at den, the rest far; links access, access_b, up. By default a function for each flow."""
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


def eve(
    *sees: Field, acts: tuple[Act, ...] = (Act.DROP,), links: tuple[str, ...] = ("access",), **rest: object
) -> Adversary:
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
    f: str,
    low: Rung,
    high: Rung,
    *policies: str,
    at: Horizon = Horizon.ON_RECONNECT,
    given: tuple[FactLiteral, ...] = (),
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


def dropped(*matches: Match, at_setup: bool = False) -> Rule:
    """`drop …`."""
    return Rule(Drop(), matches, at_setup)


def allowed(*matches: Match, at_setup: bool = False) -> Rule:
    """`allow …`."""
    return Rule(Allow(), matches, at_setup)


def named(*names: str, dialect: Dialect = Dialect.EXACT, field: Field | None = None, each: bool = False) -> MatchName:
    """A name matcher."""
    return MatchName(names, dialect, field, each)


def on_port(*numbers: int, transport: Transport | None = Transport.TCP) -> MatchPort:
    """A port matcher."""
    return MatchPort(tuple(Range(number, number) for number in numbers), transport)


def rungs_of(
    model: Model, functions: str, acting: Acting | None = None, at: Horizon = Horizon.ON_RECONNECT, **facts: Value
) -> list[Rung]:
    """The rungs of functions (names with blanks) under a policy, or the model's declared ones.

    `facts` close facts by kind for whatever they are about: `order=False`, `sits="tcp 443"`. All the others may vary,
    and the rungs must not depend on them.
    """
    names = functions.split()
    policy = acting or DeclaredPolicies(model.policies)
    lens = lens_of_adversary(model.adversaries[0]) if model.adversaries else lens_of_policies(model.policies)
    on = stage(model, names, lens)
    found = {
        tuple(one.function(name).rung for name in names)
        for choice in choices(model, on, throttled=True)
        if all(choice.get(name, value) == value for name in choice for kind, value in facts.items()
               if name.kind == kind or str(name) == kind)
        for one in [fate(model, on, policy, choice, at)]
    }  # fmt: skip
    assert len(found) == 1, found
    return list(found.pop())


class Acts:
    """A policy for tests: what it does to the observations that a test picks."""

    def __init__(self, action: Action, picks: Callable[[Observation], bool]) -> None:
        self.action = action
        self.picks = picks

    def act(self, observation: Observation, setup: Observation | None) -> tuple[Decision, ...]:
        """The action where it is to be done."""
        return (Decision(self.action, 0),) if self.picks(observation) else ()


def drops(
    phase: Phase, way: Direction | None = None, making: bool | None = None, at: str | None = None, **shown: object
) -> Acts:
    """Drops what is seen in a phase, at a direction, with field values (`size` by Range, anything else by value)."""
    return Acts(Drop(), picker(phase, way, making, at, **shown))


def resets(phase: Phase, way: Direction | None = None, making: bool | None = None, **shown: object) -> Acts:
    """Resets likewise."""
    return Acts(Reset(), picker(phase, way, making, None, **shown))


def slows(phase: Phase, rate: int, way: Direction | None = None, making: bool | None = None, **shown: object) -> Acts:
    """Throttles likewise."""
    return Acts(Throttle(rate), picker(phase, way, making, None, **shown))


def picker(
    phase: Phase, way: Direction | None, making: bool | None, at: str | None, **shown: object
) -> Callable[[Observation], bool]:
    """Whether an observation is the one meant."""

    def picks(seen: Observation) -> bool:
        return (
            seen.phase is phase
            and way in (None, seen.direction)
            and making in (None, seen.making)
            and at in (None, seen.place)
            and all(seen.get(Field(name)) == value for name, value in shown.items())
        )

    return picks


OPEN_U = Assumption("u", True)
IF_U, IF_NOT_U = Assumed("u"), Assumed("u", False)
