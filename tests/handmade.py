"""Answers made by hand, one of every verdict, for tests of what prints them: no parser and no engine is needed."""

from __future__ import annotations

from sharedfate.evidence.answer import (
    Answer,
    Attack,
    FlowFate,
    FunctionFate,
    Neighbour,
    Proof,
    Shared,
    Shows,
    WitnessRule,
)
from sharedfate.evidence.audit import AuditCell, AuditReport, AuditRow, Guilty
from sharedfate.model.facts import FactLiteral, FactName
from sharedfate.model.model import Model
from sharedfate.model.policy import (
    Allow,
    Drop,
    Intercept,
    MatchAbsent,
    MatchDirection,
    MatchIp,
    MatchName,
    MatchPort,
    MatchSize,
    MatchTransport,
    MatchValue,
    Redirect,
    Reset,
    Throttle,
)
from sharedfate.model.question import (
    AlwaysRides,
    CanCut,
    Check,
    Expectation,
    Horizon,
    Rung,
    UnderPolicies,
    VerdictKind,
)
from sharedfate.model.source import Source, Span
from sharedfate.model.wire import (
    CLIENT,
    SNI,
    TOPIC,
    Dialect,
    Direction,
    Phase,
    Prefix,
    Range,
    Transport,
)

IN_ORDER = FactLiteral(FactName("order", ("courier",)))
ANY_ORDER = FactLiteral(FactName("order", ("courier",)), positive=False)
V4 = Prefix(4, 17 << 24, 8)
V6 = Prefix(6, 0x26200149 << 96, 48)
PROOF = Proof("ab" * 32, "cd" * 32, 1234, 56)
CLAIM = Proof("ab" * 32, "cd" * 32, 12, 3, shows=Shows.CLAIM_HOLDS)

EVERY_RULE = tuple(
    WitnessRule("access", action, phase, matches)
    for action, phase, matches in (
        (Drop(), Phase.PACKET, (MatchIp((V4, V6)), MatchPort((Range(443, 443), Range(5223, 5224)), Transport.TCP))),
        (Reset(), Phase.SETUP, (MatchName(("a.example", "b.example"), Dialect.GLOB, SNI),)),
        (Throttle(64_000), Phase.RECORD, (MatchSize((Range(1, 64),)), MatchDirection(Direction.UP))),
        (Allow(), Phase.SETUP, (MatchName(("c.example",), Dialect.SUFFIX, None, each_cname=True),)),
        (Redirect(Prefix(4, 1, 32)), Phase.PACKET, (MatchTransport(Transport.UDP),)),
        (Redirect(), Phase.SETUP, ()),
        (Intercept(), Phase.SETUP, (MatchAbsent(SNI),)),
        (Drop(), Phase.MESSAGE, (MatchValue(TOPIC, ("com.example",)), MatchValue(CLIENT, ("alice",)))),
    )
)


def check(name: str, verdict: VerdictKind = VerdictKind.PROVED, on: tuple[str, ...] = ()) -> Check:
    """A question of blocking on line 7 of model.fate."""
    question = CanCut("isp", False, "text", Rung.DEAD, ("push",), Rung.STRAINED)
    span = Span("model.fate", 7, 1, 7, 60)
    text = "isp cannot block text sparing push"
    return Check(name, question, (IN_ORDER,), Expectation(verdict, on, span), text, span, Source("F 1.1", span))


def fates() -> tuple[FunctionFate, ...]:
    """Text is dead, push clean, calls dead as well; registration lasts only at once."""
    dead = FlowFate("message", Rung.DEAD, "set-up is refused at every endpoint", "set-up refused", ("courier",), (0, 2))
    over_time = ((Horizon.AT_ONCE, Rung.CLEAN), (Horizon.ON_RECONNECT, Rung.DEAD), (Horizon.FOR_GOOD, Rung.DEAD))
    always = tuple((horizon, Rung.CLEAN) for horizon in Horizon)
    return (
        FunctionFate("text", Rung.DEAD, (FlowFate("register", Rung.CLEAN), dead), over_time),
        FunctionFate("push", Rung.CLEAN, (FlowFate("news", Rung.CLEAN),), always),
        FunctionFate("calls", Rung.DEAD, ()),
        FunctionFate("photos", Rung.HURT, ()),
    )


def violated(met: bool = False) -> Answer:
    """With every kind of rule and an inferred field."""
    expect = VerdictKind.VIOLATED if met else VerdictKind.PROVED
    attack = Attack(EVERY_RULE, (), (IN_ORDER,), fates(), (("flow", 2.5), ("topic", None)))
    weaker = Neighbour("isp cannot block text without killing push", VerdictKind.PROVED, stronger=False)
    return Answer(
        check("cut", expect),
        VerdictKind.VIOLATED,
        met,
        "isp cannot block text sparing push",
        attacks=(attack,),
        leaned_on=("own_address(courier)", "found(courier)"),
        neighbours=(weaker,),
    )


def proved() -> Answer:
    """With a certificate and three rows of shared fate, one out of sight."""
    seen = (("ip", "17.0.0.0/8"), ("sni", "courier.example"))
    rows = (
        Shared("courier", "alice", "v4 tcp 443", ("message",), ("news",), (), True, seen, (("topic", "other"),)),
        Shared("courier", "alice", "v6 tcp 443", ("message",), ("news",), (), True, seen, ()),
        Shared("web", "alice", "tcp 443", (), ("page",), ("receipt",), False, (), ()),
    )
    return Answer(
        check("shared"), VerdictKind.PROVED, True, "isp cannot block text sparing push", proofs=(PROOF,), shared=rows
    )


def conditional() -> Answer:
    """Proved in order, violated in any order."""
    attack = Attack(EVERY_RULE[:1], (ANY_ORDER,), (ANY_ORDER,), fates())
    proof = Proof("ab" * 32, "cd" * 32, 10, 5, (IN_ORDER,))
    return Answer(
        check("sizes", VerdictKind.CONDITIONAL, ("order(courier)",)),
        VerdictKind.CONDITIONAL,
        True,
        "isp cannot block text sparing push",
        proved_if=((IN_ORDER,), (FactLiteral(FactName("occurs", ("push", "1..64"))),)),
        violated_if=((ANY_ORDER,),),
        partial=True,
        attacks=(attack,),
        proofs=(proof,),
    )


def undecided(verdict: VerdictKind, met: bool = False) -> Answer:
    """UNKNOWN, BOUNDED or VACUOUS with a reason."""
    return Answer(
        check(verdict.value, verdict if met else VerdictKind.PROVED),
        verdict,
        met,
        "isp cannot block text sparing push",
        reason="20000 solver calls",
    )


def under() -> Answer:
    """A property of a declared policy."""
    question = UnderPolicies(("text",), Rung.DEAD, Rung.DEAD, ("list",))
    asked = Check("dark", question, text="text dies under list", span=Span("model.fate", 9, 1, 9, 20))
    guilty = (("list.txt:12", 'drop dns "push.example" matching suffix'),)
    return Answer(asked, VerdictKind.PROVED, True, "text dies under list", fates=fates(), guilty=guilty)


def rides() -> Answer:
    """A property of a tunnel."""
    asked = Check("inside", AlwaysRides("text", "tunnel"), text="text always rides tunnel")
    return Answer(asked, VerdictKind.PROVED, True, "text always rides tunnel", proofs=(CLAIM,))


def every_answer() -> tuple[Answer, ...]:
    """One of each kind."""
    three = (VerdictKind.UNKNOWN, VerdictKind.BOUNDED, VerdictKind.VACUOUS)
    return (proved(), violated(), violated(met=True), conditional(), under(), rides(), *map(undecided, three))


def model(*checks: Check) -> Model:
    """A model that holds nothing but its properties."""
    return Model("tiny", "a tiny one", checks=checks, files=("model.fate",))


def audit_report() -> AuditReport:
    """Text dies from reconnecting on, or not, as nature chooses; push lives."""
    dead = FlowFate("message", Rung.DEAD, "set-up is refused", "set-up refused", ("courier",), (0,))
    cells = (
        AuditCell(Horizon.AT_ONCE, Rung.CLEAN, Rung.CLEAN),
        AuditCell(Horizon.ON_RECONNECT, Rung.DEAD, Rung.CLEAN, (dead,)),
        AuditCell(Horizon.FOR_GOOD, Rung.DEAD, Rung.DEAD, (dead,)),
    )
    clean = tuple(AuditCell(horizon, Rung.CLEAN, Rung.CLEAN) for horizon in Horizon)
    guilty = Guilty("list", Span("list.txt", 12, 1, 12, 13), 'drop dns "push.example" matching suffix', ("access",))
    rows = (AuditRow("text", cells), AuditRow("push", clean))
    return AuditReport(("list",), rows, (guilty,), ("hands_out(courier)",))
