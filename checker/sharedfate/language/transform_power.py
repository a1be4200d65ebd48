"""Rule values -> syntax tree: flows, functions, adversaries, policies, checks."""

from __future__ import annotations

from typing import Any

from sharedfate.language import syntax as s
from sharedfate.language.tokens import Token
from sharedfate.language.transform import (
    Context,
    Part,
    action,
    first_of,
    has,
    join,
    number,
    once,
    only,
    part,
    source_of,
)
from sharedfate.model.adversary import Act
from sharedfate.model.question import Horizon, Rung, VerdictKind
from sharedfate.model.source import Span
from sharedfate.model.traffic import SizeKind
from sharedfate.model.wire import Dialect, Transport

# ---- flows and functions


@action
def flow(context: Context, span: Span, values: list[Any]) -> Any:
    """`flow NAME : a -> b on C { … }`."""
    path = only(values[1:], s.Ident)
    on = part(values, "on")
    block = part(values, "flow_block")
    hops = tuple(value if isinstance(value, s.Ident) else None for value in on.values) if on else ()
    clauses = tuple(value for value in block.values if not isinstance(value, Part)) if block else ()
    return s.FlowDecl(values[0], path, hops, clauses, source=source_of(context, values), span=span)


@action
def topic(context: Context, span: Span, values: list[Any]) -> Any:
    """`topic "x"` or `topic other`."""
    return s.TopicClause(values[0] if isinstance(values[0], s.Text) else None, span=span)


@action
def account(context: Context, span: Span, values: list[Any]) -> Any:
    """`account "x"`."""
    return s.AccountClause(values[0], span=span)


@action
def sizes(context: Context, span: Span, values: list[Any]) -> Any:
    """`usual 5..64 [when GUARD]`."""
    return s.SizeClause(SizeKind(values[0].words), values[1], first_of(values, "when"), span=span)


@action
def need(context: Context, span: Span, values: list[Any]) -> Any:
    """`need 200 kbit`."""
    return s.NeedClause(values[0], span=span)


@action
def flow_flag(context: Context, span: Span, values: list[Any]) -> Any:
    """`durable`, `cached` or `expires`."""
    return s.FlowFlag(s.FlowWord(values[0].text), span=span)


@action
def hidden(context: Context, span: Span, values: list[Any]) -> Any:
    """`hidden FIELD "value"`."""
    return s.HiddenClause(values[0], values[1], span=span)


@action
def flow_when(context: Context, span: Span, values: list[Any]) -> Any:
    """`when GUARD` on a line of its own."""
    return s.WhenClause(values[0], span=span)


@action
def function(context: Context, span: Span, values: list[Any]) -> Any:
    """`function NAME = formula`."""
    return s.FunctionDecl(values[0], values[1], source=source_of(context, values), span=span)


@action
def formula(context: Context, span: Span, values: list[Any]) -> Any:
    """`arm or arm`; a single plain arm is its formula."""
    match values:
        case [s.FormulaArm(formula=inner, degraded=False, guard=None)]:
            return inner
        case _:
            return s.AnyOf(tuple(values), span=span)


@action
def formula_arm(context: Context, span: Span, values: list[Any]) -> Any:
    """`[degraded] X [when GUARD]`."""
    inner = next(value for value in values if not isinstance(value, Part))
    return s.FormulaArm(inner, has(values, "degraded"), first_of(values, "when"), span=span)


@action
def conjunction(context: Context, span: Span, values: list[Any]) -> Any:
    """`x and y`."""
    return values[0] if len(values) == 1 else s.AllOf(tuple(values), span=span)


@action
def ref(context: Context, span: Span, values: list[Any]) -> Any:
    """A flow or a function."""
    return s.Ref(values[0], span=span)


@action
def first(context: Context, span: Span, values: list[Any]) -> Any:
    """`first X`."""
    return s.First(values[0], span=span)


# ---- adversaries


@action
def adversary(context: Context, span: Span, values: list[Any]) -> Any:
    """`adversary NAME [extends BASE] { … }`."""
    block = part(values, "adversary_block")
    clauses = tuple(value for value in block.values if not isinstance(value, Part)) if block else ()
    base = first_of(values, "extends")
    return s.AdversaryDecl(values[0], base, clauses, source=source_of(context, values), span=span)


@action
def on_place(context: Context, span: Span, values: list[Any]) -> Any:
    """`on PLACE`."""
    return s.OnClause(values[0], span=span)


@action
def controls(context: Context, span: Span, values: list[Any]) -> Any:
    """`controls TARGET`."""
    return s.ControlsClause(values[0], span=span)


@action
def watches(context: Context, span: Span, values: list[Any]) -> Any:
    """`watches TARGET`."""
    return s.WatchesClause(values[0], span=span)


@action
def sees(context: Context, span: Span, values: list[Any]) -> Any:
    """`sees ip, port`."""
    return s.SeesClause(values[0], span=span)


@action
def infers(context: Context, span: Span, values: list[Any]) -> Any:
    """`infers flow error 4%`."""
    return s.InfersClause(tuple(values), span=span)


@action
def inferred(context: Context, span: Span, values: list[Any]) -> Any:
    """`FIELD [error 4%]`."""
    error = part(values, "error")
    return s.InferredField(values[0], number(error.first) if error else None, span=span)


@action
def may(context: Context, span: Span, values: list[Any]) -> Any:
    """`may drop, reset`."""
    return s.MayClause(tuple(values), span=span)


@action
def may_act(context: Context, span: Span, values: list[Any]) -> Any:
    """`drop`, `reset`, `redirect`, `throttle [RATE]`."""
    return s.MayAct(Act(values[0].text), values[1] if len(values) > 1 else None, span=span)


@action
def holds_root(context: Context, span: Span, values: list[Any]) -> Any:
    """`holds root`."""
    return s.HoldsRoot(span=span)


@action
def limited(context: Context, span: Span, values: list[Any]) -> Any:
    """`limited to K rules`."""
    return s.LimitedClause(values[0].low, span=span)


@action
def deny(context: Context, span: Span, values: list[Any]) -> Any:
    """`default deny`."""
    return s.DenyClause(span=span)


# ---- policies


@action
def policy(context: Context, span: Span, values: list[Any]) -> Any:
    """`policy NAME on PLACE { … }`."""
    block = part(values, "policy_block")
    rules = tuple(value for value in block.values if not isinstance(value, Part)) if block else ()
    return s.PolicyDecl(values[0], values[1], rules, source=source_of(context, values), span=span)


@action
def default_rule(context: Context, span: Span, values: list[Any]) -> Any:
    """`default deny` or `default allow`."""
    return s.DefaultRule(values[0].words == "deny", span=span)


@action
def rule(context: Context, span: Span, values: list[Any]) -> Any:
    """`ACTION [at set-up] matches`."""
    matches = tuple(value for value in values[1:] if not isinstance(value, Part))
    return s.Rule(values[0], matches, has(values, "at_setup"), span=span)


@action
def plain_action(context: Context, span: Span, values: list[Any]) -> Any:
    """`allow`, `drop`, `reset` or `intercept`."""
    return s.Action(s.ActionKind(values[0].text), span=span)


@action
def throttle(context: Context, span: Span, values: list[Any]) -> Any:
    """`throttle RATE`."""
    return s.Action(s.ActionKind.THROTTLE, rate=values[0], span=span)


@action
def redirect(context: Context, span: Span, values: list[Any]) -> Any:
    """`redirect to ADDRESS` or `redirect to dns(sni)`."""
    return s.Action(s.ActionKind.REDIRECT, address=values[0] if values else None, span=span)


@action
def ip_match(context: Context, span: Span, values: list[Any]) -> Any:
    """`ip PREFIX, …`."""
    return s.IpMatch(values[0], span=span)


@action
def port_match(context: Context, span: Span, values: list[Any]) -> Any:
    """`port 1, 2..3`."""
    return s.PortMatch(values[0], span=span)


@action
def transport_match(context: Context, span: Span, values: list[Any]) -> Any:
    """`tcp [ports]`, `udp [ports]`."""
    return s.TransportMatch(Transport(values[0].words), values[1] if len(values) > 1 else (), span=span)


@action
def name_match(context: Context, span: Span, values: list[Any]) -> Any:
    """`sni "x" [matching DIALECT] [each cname]`."""
    dialect = first_of(values, "matching")
    return s.NameMatch(
        s.NameField(values[0].words),
        values[1],
        Dialect(dialect.words) if dialect else None,
        has(values, "each_cname"),
        span=span,
    )


@action
def size_match(context: Context, span: Span, values: list[Any]) -> Any:
    """`size 157, 188`."""
    return s.SizeMatch(values[0], span=span)


@action
def direction_match(context: Context, span: Span, values: list[Any]) -> Any:
    """`up` or `down`."""
    return s.DirectionMatch(values[0], span=span)


@action
def value_match(context: Context, span: Span, values: list[Any]) -> Any:
    """`FIELD "x", "y"`."""
    return s.ValueMatch(values[0], values[1], span=span)


@action
def client_match(context: Context, span: Span, values: list[Any]) -> Any:
    """`client p, q`."""
    return s.ClientMatch(values[0], span=span)


# ---- checks

_OUTCOMES = {
    "works": (Rung.STRAINED, Rung.CLEAN),
    "work": (Rung.STRAINED, Rung.CLEAN),
    "dies": (Rung.DEAD, Rung.DEAD),
    "die": (Rung.DEAD, Rung.DEAD),
    **{str(rung): (rung, rung) for rung in Rung},
}


@action
def check(context: Context, span: Span, values: list[Any]) -> Any:
    """`check NAME : QUESTION …`."""
    name, question = values[:2]
    horizon = once(context, values, "horizon", "the horizon")
    given = [value for value in values if isinstance(value, Part) and value.name in ("with", "without")]
    facts = tuple(s.Given(fact, part.name == "with", span=fact.span) for part in given for fact in part.first)
    expects = only(values, s.Expect)
    last = max((value.span for value in [*given, *([horizon] if horizon else [])]), default=question.span)
    return s.CheckDecl(
        name,
        question,
        Horizon(horizon.words) if horizon else None,
        facts,
        expects[0] if expects else None,
        source=source_of(context, values),
        statement=context.written(join(question.span, max(last, question.span))),
        span=span,
    )


@action
def cut(context: Context, span: Span, values: list[Any]) -> Any:
    """`A can block F sparing G`."""
    idents = only(values, s.Ident)
    clause = part(values, "sparing") or part(values, "without_killing")
    assert clause is not None
    kept = (
        Rung.HURT
        if clause.name == "without_killing"
        else Rung.CLEAN
        if has(clause.values, "unharmed")
        else Rung.STRAINED
    )
    can = part(values, "can")
    positive = can is not None and can.words == "can"
    rung = Rung.HURT if has(values, "degrade") else Rung.DEAD
    return s.CutQuestion(idents[0], positive, rung, idents[1], clause.first, kept, span=span)


@action
def under(context: Context, span: Span, values: list[Any]) -> Any:
    """`F, G works under P`."""
    low, high = _OUTCOMES[values[1].words]
    return s.UnderQuestion(values[0], low, high, values[2], span=span)


@action
def rides(context: Context, span: Span, values: list[Any]) -> Any:
    """`F always rides C`."""
    return s.RidesQuestion(values[0], values[1], span=span)


@action
def later(context: Context, span: Span, values: list[Any]) -> Any:
    """A property of a later question, from its word on swallowed as one token."""
    token: Token = values[-1]
    can = part(values, "can")
    text = f"{can.words} {token.text}" if can else token.text
    return s.NotYetQuestion(token.text.split(None, 1)[0], values[0], text, span=span)


@action
def expect(context: Context, span: Span, values: list[Any]) -> Any:
    """`expect VERDICT [on FACT, …]`."""
    on = part(values, "on_facts")
    return s.Expect(VerdictKind(values[0].words), on.first if on else (), span=span)
