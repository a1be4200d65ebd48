"""Small random models and questions for the referee: every construct of spec/semantics.md, few policies each.

`question_cases()` is a strategy of (model, check), `seeded_case(n)` makes the n-th. Models are dataclasses, not
text. Lists of values begin with the simplest, so that hypothesis shrinks towards it; repeated ones come more often.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import strategies as st

from sharedfate.model.adversary import Act, Adversary, Inferred, Limit
from sharedfate.model.facts import FactKind, FactLiteral, FactName
from sharedfate.model.guard import ALWAYS, Assumed, Guard
from sharedfate.model.model import Model
from sharedfate.model.network import (
    Alternative,
    Assumption,
    BuiltIn,
    ByBag,
    ByDns,
    ByFlow,
    Connection,
    ControlSizes,
    Finding,
    Keep,
    Link,
    Order,
    Party,
    Pool,
    Service,
    Tls,
    Via,
    Zone,
)
from sharedfate.model.policy import (
    Action,
    Allow,
    Drop,
    Intercept,
    Match,
    MatchDirection,
    MatchIp,
    MatchName,
    MatchPort,
    MatchSize,
    MatchTransport,
    MatchValue,
    Policy,
    Redirect,
    Reset,
    Rule,
    Throttle,
)
from sharedfate.model.question import AlwaysRides, CanCut, Check, Horizon, Rung, UnderPolicies
from sharedfate.model.traffic import (
    AllOf,
    AnyOf,
    Arm,
    First,
    Flow,
    Formula,
    Function,
    Hop,
    NeedsFlow,
    NeedsFunction,
    SizeKind,
    Sizes,
    Topic,
)
from sharedfate.model.wire import (
    ALPN,
    CLIENT,
    DNS,
    FLOW,
    HOST,
    IP,
    PORT,
    SIZE,
    SNI,
    TOPIC,
    Dialect,
    Direction,
    Field,
    NamePattern,
    OwnField,
    Phase,
    Prefix,
    Range,
    Transport,
)

_NET = 0x0A000000
ONE, TWO = Prefix(4, _NET, 32), Prefix(4, _NET + 1, 32)
BOTH = Prefix(4, _NET, 31)
SIX = Prefix(6, 1, 128)
POOLS = (None, Pool((ONE,)), Pool((ONE,)), Pool((TWO,)), Pool((BOTH,)), Pool((BOTH,), "shared"), Pool((SIX,)))
NAMES = ("a.x", "b.x", "1.x")
WILD = "<1..2>.x"
TAG = Field("tag")
SIZES = (Range(1, 2), Range(2, 3), Range(1, 3), Range(3, 3), Range(1, 1))
KINDS = (*["cut"] * 12, *["under"] * 5, "rides")
HORIZONS = (Horizon.ON_RECONNECT, Horizon.ON_RECONNECT, Horizon.AT_ONCE, Horizon.FOR_GOOD)


FEATURES = (
    "two parties", "tunnel", "ways", "pools", "ports", "names", "order", "control", "possible", "padded", "guards",
    "finding", "hops", "needs", "many", "rotate", "durable", "odd fields", "kept up", "datagrams",
)  # fmt: skip
"""A model has some of these, so that what it has matters and what it has not does not multiply its choices."""


class _Draw:
    """Draws from lists of values; `index(n)` gives a number below n."""

    def __init__(self, index: Callable[[int], int]) -> None:
        self.index = index
        self.features = frozenset(name for name in FEATURES if self.chance(40))

    def of(self, *values: Any) -> Any:
        """One of the values."""
        return values[self.index(len(values))]

    def chance(self, percent: int, feature: str | None = None) -> bool:
        """True in so many of a hundred, if the model has the feature."""
        return (feature is None or feature in self.features) and self.index(100) >= 100 - percent


@st.composite
def question_cases(draw: st.DrawFn, kinds: tuple[str, ...] = KINDS) -> tuple[Model, Check]:
    """A model and a check of one of the kinds `cut`, `under`, `rides`; shrinks well."""
    return _case(_Draw(lambda count: draw(st.integers(0, count - 1))), kinds)


def seeded_case(seed: int, kinds: tuple[str, ...] = KINDS) -> tuple[Model, Check]:
    """The same by a number: faster, and more various than what hypothesis draws, but it does not shrink."""
    return _case(_Draw(Random(seed).randrange), kinds)


def _model(d: _Draw) -> Model:
    """A small model with an adversary `eve`, policies `p` and `q`, functions `f` and `g`."""
    two = d.chance(80, "two parties")
    parties = (Party("alice", "home"), *([Party("bob", "den")] if two else []))
    zones = ("home", "den", "net", "far") if two else ("home", "net", "far")
    links = [Link("access", ("home", "net")), Link("up", ("net", "far"))]
    if two:
        links.append(Link("access_b", ("den", "net")))
    resolver = Service("resolver", d.of("net", "home"))
    services = (Service("relay", "far"), Service("site", "far"), Service("vps", "net"), resolver)
    connections = _connections(d, two)
    flows = _flows(d, connections, two)
    connections = _found_by_flow(d, connections, flows)
    functions = _functions(d, flows)
    return Model(
        name="random",
        zones=tuple(map(Zone, zones)),
        links=tuple(links),
        parties=parties,
        services=services,
        assumptions=(Assumption("u", True), Assumption("v", False)),
        own_fields=(OwnField(TAG, d.of(Phase.SETUP, Phase.PACKET, Phase.RECORD)),),
        connections=connections,
        flows=flows,
        functions=functions,
        adversaries=(_adversary(d, two),),
        policies=tuple(_policy(d, name, two) for name in ("p", "q")),
    )


def _guard(d: _Draw, percent: int = 30) -> Guard:
    if not d.chance(percent, "guards"):
        return ALWAYS
    return d.of(Assumed("u"), Assumed("u", False), Assumed("v"))


def _connections(d: _Draw, two: bool) -> tuple[Connection, ...]:
    count = d.of(1, 2, 2, 2, 3)
    tunnel = d.chance(70, "tunnel")
    found = [_connection(d, f"c{number}", two, tunnel) for number in range(count)]
    if tunnel:
        clients = ("alice", "bob") if two else ("alice",)
        outer = _connection(d, "tun", two, False)
        found.append(replace(outer, clients=clients, server="vps", rotate=outer.rotate and d.chance(50)))
    return tuple(found)


def _connection(d: _Draw, name: str, two: bool, tunnel: bool) -> Connection:
    clients = d.of(("alice",), ("alice",), ("alice", "bob"), ("bob",)) if two else ("alice",)
    count = d.of(1, 2, 2, 3) if d.chance(80, "ways") else 1
    stream = not d.chance(60, "datagrams")
    return Connection(
        name,
        clients,
        server=d.of("relay", "relay", "site"),
        alternatives=tuple(_alternative(d, f"way {number}", tunnel) for number in range(count)),
        stream=stream,
        order=Order.OPEN if d.chance(90, "order") else d.of(Order.IN_ORDER, Order.ANY_ORDER),
        kept_up=d.chance(70, "kept up"),
        many=d.chance(50, "many"),
        rotate=d.chance(50, "rotate"),
        pinned=d.chance(40),
        plain=d.chance(30, "odd fields"),
        control_up=_control(d) if stream else None,
        control_down=_control(d) if stream else None,
    )


def _control(d: _Draw) -> ControlSizes:
    if not d.chance(60, "control"):
        return ControlSizes((Range(1, 1),))
    usual = (d.of(*SIZES),)
    return d.of(
        ControlSizes(usual),
        ControlSizes((Range(1, 1),)),
        ControlSizes((Range(1, 1),), (Range(1, 3),)),
        ControlSizes((), (Range(1, 2),)),
    )


def _alternative(d: _Draw, key: str, tunnel: bool) -> Alternative:
    transport = d.of(*[Transport.TCP] * 6, *[Transport.UDP] * 3, Transport.BEARER)
    tls = None
    if d.chance(60):
        name = _name(d)
        outer = NamePattern("o.x") if d.chance(10) else None
        tls = Tls(name if d.chance(90) else None, outer, d.of((), (), ("h2",), ("h2", "h3")))
    single = (d.of(Range(443, 443), Range(443, 443), Range(80, 80)),)
    ports = (Range(443, 444),) if d.chance(60, "ports") else single
    bearer = transport is Transport.BEARER
    pool = None if bearer else d.of(*POOLS[3:]) if d.chance(80, "pools") else d.of(*POOLS[:4])
    return Alternative(
        key,
        transport,
        () if bearer else ports,
        pool,
        tls=None if bearer else tls,
        host=NamePattern("a.x") if d.chance(30, "odd fields") else None,
        own=((TAG, d.of("1", "2")),) if d.chance(40, "odd fields") else (),
        via=Via("tun", d.chance(25)) if tunnel and d.chance(60) else None,
        found=() if bearer else _finding(d),
        guard=_guard(d),
    )


def _name(d: _Draw) -> NamePattern:
    return NamePattern(WILD if d.chance(60, "names") else d.of(*NAMES))


def _finding(d: _Draw) -> tuple[Finding, ...]:
    if not d.chance(70, "finding"):
        return ()
    keep = d.of(Keep.NO, Keep.CACHED, Keep.DURABLE)
    expires = d.chance(40)
    resolver = d.of(None, "resolver")
    asked = _name(d)
    cname = (NamePattern(d.of("b.x", "c.y")),) if d.chance(25) else ()
    dns = ByDns((asked,), cname, resolver, resolver is not None and d.chance(25), keep, expires)
    bag = ByBag(NamePattern("a.x"), resolver, keep, expires)
    return d.of((dns,), (dns,), (BuiltIn(),), (bag,), (bag, replace(dns, keep=Keep.CACHED)))


def _flows(d: _Draw, connections: tuple[Connection, ...], two: bool) -> tuple[Flow, ...]:
    count = d.of(2, 2, 3, 4)
    usable = [item for item in connections if item.name != "tun" or d.chance(20)] or list(connections)
    return tuple(_flow(d, f"f{number}", usable, two) for number in range(count))


def _flow(d: _Draw, name: str, connections: list[Connection], two: bool) -> Flow:
    carrier: Connection = d.of(*connections)
    client: str = d.of(*carrier.clients)
    up, down = (Hop(client, carrier.server, carrier.name, client, Direction.UP),
                Hop(carrier.server, client, carrier.name, client, Direction.DOWN))  # fmt: skip
    hops: tuple[Hop, ...] = (d.of(down, up),)
    if d.chance(60, "hops"):
        onward = [
            Hop(item.server, other, item.name, other, Direction.DOWN)
            for item in connections
            if item.server == carrier.server
            for other in item.clients
        ]
        hops = (up, d.of(*onward))
        if d.chance(20):
            second = hops[1]
            hops = (up, Hop(carrier.server, "vps"), Hop("vps", carrier.server), second)
    keep = d.of(Keep.CACHED, Keep.DURABLE) if d.chance(40, "durable") else Keep.NO
    return Flow(
        name,
        hops,
        sizes=_sizes(d),
        topic=d.of(None, Topic("t"), Topic("t"), Topic(None)),
        account="acc" if d.chance(20, "odd fields") else None,
        need=d.of(None, 5, 20) if d.chance(70, "needs") else 0,
        durable=keep is Keep.DURABLE,
        cached=keep is Keep.CACHED,
        expires=keep is Keep.DURABLE and d.chance(50),
        guard=_guard(d, 15),
    )


def _sizes(d: _Draw) -> tuple[Sizes, ...]:
    usual = Sizes(SizeKind.USUAL, (d.of(*SIZES),))
    wide = Sizes(SizeKind.POSSIBLE, (Range(1, 3),))
    if d.chance(60, "possible"):
        return d.of((usual, wide), (wide,), ())
    if d.chance(60, "padded"):
        return (Sizes(SizeKind.PADDED, (d.of(*SIZES),)),)
    if d.chance(25, "guards"):
        guarded = replace(usual, guard=Assumed("u"))
        return d.of((guarded, Sizes(SizeKind.PADDED, (Range(1, 2),), Assumed("u", False))), (guarded,))
    return (usual,)


def _found_by_flow(d: _Draw, connections: tuple[Connection, ...], flows: tuple[Flow, ...]) -> tuple[Connection, ...]:
    """Sometimes: the last connection is found by a flow that rides on the first alone."""
    inner = [item for item in connections if item.name != "tun"]
    if len(inner) < 2 or not d.chance(25, "finding"):
        return connections
    first, last = inner[0], inner[-1]
    sources = [flow for flow in flows if {hop.connection for hop in flow.hops} <= {first.name, None}]
    if not sources:
        return connections
    source: Flow = d.of(*sources)
    step = ByFlow(source.name, d.of(Keep.NO, Keep.CACHED, Keep.DURABLE), d.chance(50))
    found = replace(last, alternatives=(replace(last.alternatives[0], found=(step,)), *last.alternatives[1:]))
    return tuple(found if item is last else item for item in connections)


def _functions(d: _Draw, flows: tuple[Flow, ...]) -> tuple[Function, ...]:
    g = Function("g", _formula(d, flows[1:], 1))
    leaf = NeedsFunction("g") if d.chance(8) else None
    f = _formula(d, flows if d.chance(30) else flows[:1], 2)
    return (Function("f", AllOf((f, leaf)) if leaf else f), g)


def _formula(d: _Draw, flows: tuple[Flow, ...], depth: int) -> Formula:
    if depth == 0 or d.chance(50):
        flow: Flow = d.of(*flows)
        return NeedsFlow(flow.name)
    kind = d.of("and", "and", "or", "or", "first")
    if kind == "first":
        return First(_formula(d, flows, depth - 1))
    parts = (_formula(d, flows, depth - 1), _formula(d, flows, depth - 1))
    if kind == "and":
        return AllOf(parts)
    return AnyOf((Arm(parts[0], d.chance(10), _guard(d)), Arm(parts[1], d.chance(30), _guard(d, 40))))


# Who acts


_SIGHTS = ((IP,), (SIZE,), (SNI, SIZE), (DNS,), (IP, PORT), (HOST, TAG), (ALPN,), (CLIENT, TOPIC), (SIZE, FLOW))
_APT = {
    "pools": ((IP,), (IP,), (IP, PORT)),
    "ports": ((PORT,), (PORT,), (PORT, SIZE)),
    "names": ((SNI,), (SNI,), (SNI, DNS)),
    "finding": ((DNS,), (SNI, DNS)),
    "order": ((SIZE,), (SIZE, FLOW), (IP, SIZE)),
    "possible": ((SIZE,), (SIZE,), (SIZE, FLOW)),
    "padded": ((SIZE,),),
    "control": ((SIZE,),),
}
"""What a model has is what it is best to see."""


def _adversary(d: _Draw, two: bool) -> Adversary:
    links: tuple[str, ...] = d.of(("access",), ("access",), ("access",), ("up",), ("up",), ("access", "up"))
    if two and d.chance(70):
        links = (*links, "access_b")
    if d.chance(6):
        links = ()
    services: tuple[str, ...] = ()
    if not links or d.chance(10):
        services = d.of(("relay",), ("site",), ("resolver",), ("vps",))
    sees = d.of(*_SIGHTS, *(sight for feature, sights in _APT.items() if feature in d.features for sight in sights))
    acts = d.of((Act.DROP,), (Act.DROP,), (Act.DROP,), (Act.RESET,), (Act.THROTTLE,), (Act.DROP, Act.RESET),
                (Act.DROP, Act.THROTTLE))  # fmt: skip
    limit = Limit(d.of(1, 1, 2)) if d.chance(12) else None
    if d.chance(12) and Act.DROP in acts:
        limit = Limit(d.of(1, 1, 2, None), allow_list=True)
    if limit is None and d.chance(8):
        acts = (*acts, Act.REDIRECT)
    return Adversary(
        "eve",
        links,
        services,
        sees=sees,
        infers=(Inferred(FLOW, 5.0),) if d.chance(8) else (),
        acts=acts,
        throttle_rate=10,
        holds_root=d.chance(10),
        limit=limit,
    )


def _policy(d: _Draw, name: str, two: bool) -> Policy:
    sits = d.of(("access", True), ("access", True), ("up", True), ("resolver", False), ("relay", False), ("vps", False))
    place, is_link = sits
    count = d.of(1, 1, 2, 3)
    rules = tuple(_rule(d, is_link) for _ in range(count))
    links, services = ((place,), ()) if is_link else ((), (place,))
    return Policy(name, links, services, rules, default_deny=d.chance(35))


def _rule(d: _Draw, is_link: bool) -> Rule:
    action: Action = d.of(Allow(), Drop(), Drop(), Reset(), Throttle(10), Redirect(ONE), Redirect(None), Intercept())
    if not is_link:
        action = d.of(Allow(), Drop())
    matches = tuple(_match(d, is_link) for _ in range(d.of(1, 1, 1, 2, 0)))
    return Rule(action, matches, d.chance(20))


def _match(d: _Draw, is_link: bool) -> Match:
    name = MatchName(
        (d.of("a.x", "b.x", "1.x"),) if d.chance(60) else ("x",),
        d.of(Dialect.EXACT, Dialect.SUFFIX, Dialect.GLOB, Dialect.KEYWORD),
        d.of(None, None, SNI, DNS, HOST),
        d.chance(20),
    )
    name = replace(name, names=("?.x",)) if name.dialect is Dialect.GLOB else name
    if not is_link:
        held = (name, name, MatchValue(TOPIC, ("t",)), MatchValue(CLIENT, ("alice",)), MatchSize((Range(1, 2),)))
        return d.of(*held)
    return d.of(
        name,
        name,
        MatchIp((ONE,)),
        MatchIp((BOTH,)),
        MatchPort((Range(443, 443),), Transport.TCP),
        MatchPort((Range(53, 53), Range(80, 80))),
        MatchTransport(Transport.UDP),
        MatchTransport(Transport.TCP),
        MatchSize((Range(2, 3),)),
        MatchDirection(Direction.DOWN),
        MatchValue(ALPN, ("h2",)),
        MatchValue(TAG, ("1",)),
        MatchValue(TOPIC, ("t",)),
        MatchValue(CLIENT, ("alice",)),
    )


# Questions


def _case(d: _Draw, kinds: tuple[str, ...]) -> tuple[Model, Check]:
    model = _model(d)
    kind = d.of(*kinds)
    given = _given(d, model)
    if kind == "cut":
        cut, kept = d.of(
            (Rung.DEAD, Rung.STRAINED),
            (Rung.HURT, Rung.HURT),
            (Rung.DEAD, Rung.HURT),
            (Rung.DEAD, Rung.CLEAN),
            (Rung.HURT, Rung.STRAINED),
            (Rung.HURT, Rung.CLEAN),
        )
        spared = ("f",) if d.chance(2) else ("g",)
        cutting = CanCut("eve", d.chance(15), "f", cut, spared, kept, d.of(*HORIZONS))
        return model, Check("ask", cutting, given)
    if kind == "under":
        low, high = d.of(
            (Rung.STRAINED, Rung.CLEAN), (Rung.DEAD, Rung.DEAD), (Rung.CLEAN, Rung.CLEAN), (Rung.HURT, Rung.HURT),
            (Rung.STRAINED, Rung.STRAINED),
        )  # fmt: skip
        policies = d.of(("p",), ("p",), ("p", "q"))
        names = d.of(("f",), ("g",), ("f", "g"))
        return model, Check("ask", UnderPolicies(names, low, high, policies, d.of(*HORIZONS)), given)
    rides = d.of(*(item.name for item in model.connections))
    return model, Check("ask", AlwaysRides("f", rides), given)


def _given(d: _Draw, model: Model) -> tuple[FactLiteral, ...]:
    """Sometimes some facts are closed: an assumption, an order, where a client sits, a size."""
    given: list[FactLiteral] = []
    if d.chance(15):
        given.append(FactLiteral(FactName(FactKind.ASSUMPTION.value, ("u",)), d.chance(50)))
    carrier: Connection = d.of(*model.connections)
    if carrier.stream and carrier.order is Order.OPEN and d.chance(25):
        given.append(FactLiteral(FactName(FactKind.ORDER.value, (carrier.name,)), d.chance(50)))
    flow: Flow = d.of(*model.flows)
    if any(clause.kind is SizeKind.POSSIBLE for clause in flow.sizes) and d.chance(15):
        size: Range = d.of(*SIZES)
        given.append(FactLiteral(FactName(FactKind.OCCURS.value, (flow.name, str(size))), d.chance(50)))
    return tuple(given)
