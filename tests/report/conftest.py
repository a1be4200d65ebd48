"""Worlds for the pictures, built by hand: no parser and no engine is needed to draw."""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from types import SimpleNamespace

import pytest

from sharedfate.evidence.answer import Answer, Attack, FlowFate, FunctionFate, Shared, WitnessRule
from sharedfate.model.adversary import Act, Adversary
from sharedfate.model.facts import FactLiteral, FactName
from sharedfate.model.guard import Assumed
from sharedfate.model.model import Model
from sharedfate.model.network import (
    Alternative,
    Assumption,
    ByDns,
    Connection,
    Link,
    Party,
    Pool,
    Service,
    Tls,
    Zone,
)
from sharedfate.model.policy import Allow, Drop, Match, MatchName, MatchPort, MatchSize, MatchValue, Policy, Rule
from sharedfate.model.question import CanCut, Check, Rung, UnderPolicies, VerdictKind
from sharedfate.model.traffic import AllOf, AnyOf, Arm, First, Flow, Function, Hop, NeedsFlow, NeedsFunction
from sharedfate.model.wire import (
    ALPN,
    DNS,
    IP,
    PORT,
    SIZE,
    SNI,
    TOPIC,
    Dialect,
    Direction,
    NamePattern,
    Phase,
    Prefix,
    Range,
    Transport,
)

CLEAN, STRAINED, HURT, DEAD = Rung.CLEAN, Rung.STRAINED, Rung.HURT, Rung.DEAD
ISP = Adversary("isp", links=("access_a",), sees=(IP, PORT, SNI, ALPN), acts=(Act.DROP, Act.RESET))
MEDIA = (Range(3478, 3497), Range(16384, 16387), Range(16393, 16402))


def prefix(text: str) -> Prefix:
    """CIDR text as a prefix."""
    network = ipaddress.ip_network(text)
    return Prefix(network.version, int(network.network_address), network.prefixlen)


V4 = tuple(map(prefix, ("17.249.0.0/16", "17.252.0.0/16", "17.57.144.0/22", "17.188.128.0/18", "17.188.20.0/23")))
V6 = tuple(map(prefix, ("2620:149:a44::/48", "2403:300:a42::/48", "2403:300:a51::/48", "2a01:b740:a42::/48")))


def tcp(port: int, sni: str = "", **more: object) -> Alternative:
    """One TCP alternative with an SNI."""
    tls = Tls(NamePattern(sni)) if sni else None
    return Alternative(f"tcp {port}", Transport.TCP, (Range(port, port),), tls=tls, **more)  # type: ignore[arg-type]


def courier() -> Connection:
    """Four alternatives in one pinned stream."""
    tls = Tls(NamePattern("courier.push.apple.com"), alpn=("apns-security-v3", "apns-pack-v1"))
    alternatives = tuple(
        Alternative(f"v{version} tcp {port}", Transport.TCP, (Range(port, port),), Pool(pool), version, tls)
        for version, pool in ((4, V4), (6, V6))
        for port in (5223, 443)
    )
    return Connection("courier", ("alice", "bob"), "apns", alternatives, stream=True, kept_up=True, pinned=True)


def hops(*path: str) -> tuple[Hop, ...]:
    """`alice apns@courier bob@courier`: each later stop with the connection that leads to it."""
    found, here = [], path[0]
    for stop in path[1:]:
        name, _, connection = stop.partition("@")
        client = here if here in ("alice", "bob", "phone") else name
        direction = Direction.UP if client == here else Direction.DOWN
        found.append(Hop(here, name, connection or None, client if connection else None, direction))
        here = name
    return tuple(found)


def flow(name: str, *path: str, **more: bool) -> Flow:
    """A flow over hops."""
    return Flow(name, hops(*path), **more)


def need(*names: str) -> AllOf:
    """All of these; a leading capital F means a function."""
    return AllOf(tuple(NeedsFunction(name[2:]) if name.startswith("F ") else NeedsFlow(name) for name in names))


IMESSAGE = Model(
    "imessage",
    "iMessage over APNs; alice and bob, one iPhone each",
    zones=tuple(map(Zone, ("home_a", "home_b", "internet", "apple_net", "cdn_net", "phone_net"))),
    links=(
        Link("access_a", ("home_a", "internet"), ("last_mile", "national_border")),
        Link("access_b", ("home_b", "internet"), ("last_mile",)),
        Link("peering", ("internet", "apple_net")),
        Link("edge", ("internet", "cdn_net")),
        Link("radio_a", ("home_a", "phone_net"), ("radio",)),
        Link("radio_b", ("home_b", "phone_net"), ("radio",)),
    ),
    parties=(Party("alice", "home_a"), Party("bob", "home_b")),
    services=(
        Service("apns", "apple_net", "apple", ("relay",)),
        Service("ids", "apple_net", "apple", ("directory",)),
        Service("albert", "apple_net", "apple"),
        Service("quickrelay", "apple_net", "apple"),
        Service("mmcs", "cdn_net", "apple"),
        Service("gateway", "phone_net", "mobile"),
        Service("smsc", "phone_net", "mobile"),
    ),
    assumptions=(Assumption("sms_fallback", True),),
    connections=(
        courier(),
        Connection("ess", ("alice", "bob"), "ids", (tcp(443, "identity.ess.apple.com"),), pinned=True),
        Connection("act", ("alice", "bob"), "albert", (tcp(443, "albert.apple.com"),), pinned=True),
        Connection("blobs", ("alice", "bob"), "mmcs", (tcp(443, "*.icloud-content.com"),)),
        Connection(
            "direct", ("alice",), "bob", (Alternative("udp", Transport.UDP, MEDIA),), over=("access_a", "access_b")
        ),
        Connection("relayed", ("alice", "bob"), "quickrelay", (Alternative("udp", Transport.UDP, MEDIA[:1]),)),
        Connection("sms", ("alice", "bob"), "smsc", (Alternative("radio", Transport.BEARER),), plain=True),
    ),
    flows=(
        flow("activation", "alice", "albert@act", durable=True),
        flow("register", "alice", "ids@ess", durable=True, expires=True),
        flow("register_b", "bob", "ids@ess"),
        flow("proof", "alice", "smsc@sms", "gateway"),
        flow("lookup", "alice", "apns@courier", "ids", "apns", "alice@courier"),
        flow("text", "alice", "apns@courier", "bob@courier"),
        flow("incoming", "bob", "apns@courier", "alice@courier"),
        flow("receipt", "bob", "apns@courier", "alice@courier"),
        flow("app_push", "apns", "alice@courier"),
        flow("mm_auth", "alice", "apns@courier", "alice@courier"),
        flow("blob", "alice", "mmcs@blobs", "bob@blobs"),
        flow("ring", "alice", "apns@courier", "bob@courier"),
        flow("p2p", "alice", "bob@direct"),
        flow("relay_media", "alice", "quickrelay@relayed", "bob@relayed"),
        flow("plain_sms", "alice", "smsc@sms", "bob@sms"),
    ),
    functions=(
        Function("notifications", NeedsFlow("app_push")),
        Function("enrolled", need("activation", "register")),
        Function("send_text", need("F enrolled", "lookup", "text")),
        Function("receive_text", need("F enrolled", "incoming")),
        Function("send_picture", need("F send_text", "mm_auth", "blob")),
        Function("ringing", need("F enrolled", "ring")),
        Function(
            "call",
            AllOf((NeedsFunction("ringing"), AnyOf((Arm(NeedsFlow("p2p")), Arm(NeedsFlow("relay_media")))))),
        ),
        Function("new_device", First(NeedsFunction("send_text"))),
        Function(
            "reach_bob",
            AnyOf(
                (
                    Arm(NeedsFunction("send_text")),
                    Arm(NeedsFlow("plain_sms"), degraded=True, guard=Assumed("sms_fallback")),
                )
            ),
        ),
    ),
    adversaries=(
        ISP,
        replace(ISP, name="isp_sizes", sees=(*ISP.sees, SIZE)),
        Adversary("carrier", services=("gateway", "smsc")),
        Adversary("compelled_apple", services=("apns", "ids"), acts=(Act.DROP,)),
    ),
    policies=(
        Policy(
            "airline_free",
            ("access_a", "access_b"),
            (),
            (
                Rule(Allow(), (MatchPort((Range(53, 53),)),)),
                Rule(Allow(), (MatchName(("*.push.apple.com",), Dialect.GLOB),)),
            ),
            default_deny=True,
        ),
    ),
)

FLOWS_OF = {
    "notifications": ["app_push"],
    "enrolled": ["activation", "register"],
    "send_text": ["activation", "register", "lookup", "text"],
    "receive_text": ["activation", "register", "incoming"],
    "send_picture": ["activation", "register", "lookup", "text", "mm_auth", "blob"],
    "ringing": ["activation", "register", "ring"],
    "call": ["activation", "register", "ring", "p2p", "relay_media"],
    "new_device": ["activation", "register", "lookup", "text"],
    "reach_bob": ["activation", "register", "lookup", "text", "plain_sms"],
}


def fates(hit: dict[str, FlowFate], rungs: dict[str, Rung]) -> tuple[FunctionFate, ...]:
    """Every function of the iMessage world: flows in `hit` as given, functions in `rungs` so, all else clean."""
    return tuple(
        FunctionFate(name, rungs.get(name, CLEAN), tuple(hit.get(item, FlowFate(item, CLEAN)) for item in flows))
        for name, flows in FLOWS_OF.items()
    )


def lost(
    name: str, *connections: str, cause: str = "packets dropped", by: tuple[int, ...] = (0,), rung: Rung = DEAD
) -> FlowFate:
    """A flow that rules hit."""
    return FlowFate(name, rung, f"{name}: {cause}", cause, connections, by)


def calls() -> Answer:
    """isp can block call sparing ringing, send_text, notifications: one rule on the media ports."""
    text = "isp can block call sparing ringing, send_text, notifications"
    question = CanCut("isp", True, "call", DEAD, ("ringing", "send_text", "notifications"), STRAINED)
    rule = WitnessRule("access_a", Drop(), Phase.PACKET, (MatchPort(MEDIA, Transport.UDP),))
    hit = {"p2p": lost("p2p", "direct"), "relay_media": lost("relay_media", "relayed")}
    attack = Attack((rule,), (), (), fates(hit, {"call": DEAD}))
    return Answer(Check("calls", question, text=text), VerdictKind.PROVED, True, text, attacks=(attack,))


def send_text() -> Answer:
    """isp cannot block send_text sparing notifications: four endpoint classes, all shared."""
    text = "isp cannot block send_text sparing notifications"
    question = CanCut("isp", False, "send_text", DEAD, ("notifications",), STRAINED)
    outside = (
        ("sni", "courier.push.apple.com"),
        ("alpn", "apns-security-v3, apns-pack-v1"),
    )
    courier_rows = [
        Shared(
            "courier",
            client,
            f"{version} tcp {port}",
            ("lookup", "text"),
            ("app_push",) if client == "alice" else (),
            ("incoming", "receipt", "mm_auth", "ring"),
            True,
            (("ip", "17.57.144.0, 17.57.144.1"), ("port", f"tcp {port}"), *outside) if client == "alice" else (),
            (("topic", "com.apple.madrid"),),
        )
        for client in ("alice", "bob")
        for version in ("v4", "v6")
        for port in (5223, 443)
    ]
    held = [
        Shared(name, "alice", "tcp 443", (flows,), (), (), False, (("port", "tcp 443"), ("sni", sni)), ())
        for name, flows, sni in (
            ("ess", "register", "identity.ess.apple.com"),
            ("act", "activation", "albert.apple.com"),
        )
    ]
    rows = (*courier_rows, *held)
    return Answer(Check("shared_fate", question, text=text), VerdictKind.PROVED, True, text, shared=rows)


def sent() -> Answer:
    """isp_sizes cannot block send_text sparing notifications: conditional on the order of redelivery."""
    text = "isp_sizes cannot block send_text sparing notifications"
    question = CanCut("isp_sizes", False, "send_text", DEAD, ("notifications",), STRAINED)
    order = FactLiteral(FactName("order", ("courier",)))
    large = FactLiteral(FactName("occurs", ("control courier up", "200..4096")))
    rule = WitnessRule(
        "access_a",
        Drop(),
        Phase.RECORD,
        (MatchName(("courier.push.apple.com",), Dialect.EXACT, SNI), MatchSize((Range(200, 15360),))),
    )
    hit = {name: lost(name, "courier", cause="records dropped") for name in ("lookup", "text")}
    rungs = {"send_text": DEAD, "send_picture": DEAD, "new_device": DEAD, "reach_bob": HURT}
    condition = (replace(order, positive=False), replace(large, positive=False))
    attack = Attack((rule,), condition, (), fates(hit, rungs))
    return Answer(
        Check("sent", question, text=text),
        VerdictKind.CONDITIONAL,
        True,
        text,
        proved_if=((order,), (large,)),
        violated_if=(condition,),
        attacks=(attack,),
    )


def by_topic() -> Answer:
    """compelled_apple can block send_text sparing notifications: a rule inside the push service."""
    text = "compelled_apple can block send_text sparing notifications"
    question = CanCut("compelled_apple", True, "send_text", DEAD, ("notifications",), STRAINED)
    rule = WitnessRule("apns", Drop(), Phase.MESSAGE, (MatchValue(TOPIC, ("com.apple.madrid",)),))
    hit = {name: lost(name, "courier", cause="messages dropped") for name in ("lookup", "text", "incoming", "mm_auth")}
    rungs = {"send_text": DEAD, "receive_text": DEAD, "send_picture": DEAD, "new_device": DEAD, "reach_bob": HURT}
    attack = Attack((rule,), (), (), fates(hit, rungs))
    return Answer(Check("by_topic", question, text=text), VerdictKind.PROVED, True, text, attacks=(attack,))


def plane() -> Answer:
    """send_picture dies under airline_free: default deny hits everything but the courier."""
    text = "send_picture dies under airline_free"
    question = UnderPolicies(("send_picture",), DEAD, DEAD, ("airline_free",))
    hit = {
        "blob": lost("blob", "blobs", cause="set-up refused", by=()),
        "p2p": lost("p2p", "direct", by=()),
        "relay_media": lost("relay_media", "relayed", by=()),
    }
    return Answer(
        Check("plane_pics", question, text=text),
        VerdictKind.PROVED,
        True,
        text,
        fates=fates(hit, {"send_picture": DEAD, "call": DEAD}),
        guilty=(("models/architectures/imessage.fate:88", "default deny"),),
    )


def pihole() -> tuple[Model, Answer]:
    """A policy on a resolver: the name is not resolved, so the connection is never made."""
    dns = ByDns(
        (NamePattern("fcmtoken.googleapis.com"), NamePattern("firebaseinstallations.googleapis.com")),
        resolver="resolver",
    )
    rule = Rule(Drop(), (MatchName(("fcmtoken.googleapis.com",), Dialect.EXACT, DNS),))
    model = Model(
        "ha",
        zones=tuple(map(Zone, ("home", "internet", "far"))),
        links=(Link("access", ("home", "internet"), ("last_mile",)), Link("up", ("internet", "far"))),
        parties=(Party("phone", "home"),),
        services=(Service("resolver", "home"), Service("firebase", "far"), Service("apns", "far", roles=("relay",))),
        connections=(
            Connection("google", ("phone",), "firebase", (tcp(443, found=(dns,)),)),
            replace(courier(), clients=("phone",)),
        ),
        flows=(flow("token", "phone", "firebase@google"), flow("app_push", "apns", "phone@courier")),
        functions=(
            Function("ha_push", need("token", "app_push")),
            Function("reinstalled", First(NeedsFunction("ha_push"))),
        ),
        policies=(Policy("pihole", (), ("resolver",), (rule,)),),
    )
    text = "reinstalled dies under pihole"
    gone = lost("token", "google", cause="name not resolved")
    clean = FlowFate("app_push", CLEAN)
    answer = Answer(
        Check("reinstall", UnderPolicies(("reinstalled",), DEAD, DEAD, ("pihole",)), text=text),
        VerdictKind.PROVED,
        True,
        text,
        fates=(
            FunctionFate("ha_push", CLEAN, (FlowFate("token", CLEAN), clean)),
            FunctionFate("reinstalled", DEAD, (gone, clean)),
        ),
        guilty=(("cases.fate:40", 'drop dns "fcmtoken.googleapis.com" matching exact'),),
    )
    return model, answer


def wide(connections: int, spared: int = 2) -> tuple[Model, Answer]:
    """A world with many separate connections, each hit by a rule; `spared` functions on a courier live."""
    names = [f"conn_{index}" for index in range(connections)]
    model = Model(
        "wide",
        zones=tuple(map(Zone, ("home", "far"))),
        links=(Link("access", ("home", "far")),),
        parties=(Party("phone", "home"),),
        services=(Service("apns", "far"), *(Service(f"srv_{index}", "far") for index in range(connections))),
        connections=(
            replace(courier(), clients=("phone",)),
            *(
                Connection(name, ("phone",), f"srv_{index}", (tcp(443, f"host{index}.example"),))
                for index, name in enumerate(names)
            ),
        ),
        flows=(
            *(flow(f"push_{index}", "apns", "phone@courier") for index in range(spared)),
            *(flow(f"load_{index}", "phone", f"srv_{index}@{name}") for index, name in enumerate(names)),
        ),
        functions=(
            *(Function(f"note_{index}", NeedsFlow(f"push_{index}")) for index in range(spared)),
            Function("browse", need(*(f"load_{index}" for index in range(connections)))),
        ),
        adversaries=(replace(ISP, links=("access",)),),
    )
    text = "isp can block browse sparing " + ", ".join(f"note_{index}" for index in range(spared))
    question = CanCut("isp", True, "browse", DEAD, tuple(f"note_{index}" for index in range(spared)), STRAINED)
    rule = WitnessRule("access", Drop(), Phase.SETUP, (MatchName(("*.example",), Dialect.GLOB, SNI),))
    dead = tuple(lost(f"load_{index}", name, cause="set-up refused") for index, name in enumerate(names))
    all_fates = [FunctionFate(f"note_{index}", CLEAN, (FlowFate(f"push_{index}", CLEAN),)) for index in range(spared)]
    attack = Attack((rule,), (), (), (*all_fates, FunctionFate("browse", DEAD, dead)))
    return model, Answer(Check("wide", question, text=text), VerdictKind.PROVED, True, text, attacks=(attack,))


def renamed(old: str) -> tuple[Model, Answer]:
    """One connection and one flow, every name being `old`."""
    match: tuple[Match, ...] = (MatchName((old,), Dialect.EXACT, SNI),)
    model = Model(
        old,
        old,
        zones=(Zone("home"), Zone("far")),
        links=(Link(old, ("home", "far"), (old,)),),
        parties=(Party(old + "p", "home"),),
        services=(Service(old, "far", old, (old,)),),
        connections=(Connection(old, (old + "p",), old, (tcp(443, old),), stream=True),),
        flows=(Flow(old, (Hop(old + "p", old, old, old + "p"),)),),
        functions=(Function(old, NeedsFlow(old)),),
        adversaries=(replace(ISP, name=old, links=(old,)),),
    )
    check = Check(old, CanCut(old, True, old, DEAD, (), STRAINED), text=old)
    fate = FunctionFate(old, DEAD, (FlowFate(old, DEAD, old, old, (old,), (0,)),))
    attack = Attack((WitnessRule(old, Drop(), Phase.SETUP, match),), (), (), (fate,))
    return model, Answer(check, VerdictKind.VIOLATED, False, old, attacks=(attack,))


@pytest.fixture(scope="session")
def worlds() -> SimpleNamespace:
    """The builders and the iMessage model."""
    return SimpleNamespace(
        imessage=IMESSAGE,
        calls=calls,
        send_text=send_text,
        sent=sent,
        by_topic=by_topic,
        plane=plane,
        pihole=pihole,
        wide=wide,
        renamed=renamed,
    )
