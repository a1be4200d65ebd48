"""Print, then parse, gives the same tree; formatting twice is formatting once. On random trees of every construct.

Strategies make pairs: a text, and the tree that it has to parse to.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sharedfate.language import syntax as s
from sharedfate.language.format import format_text
from sharedfate.language.lalr import tables
from sharedfate.language.layout import WIDTH
from sharedfate.language.parse import parse
from sharedfate.language.tokens import DECLARATION_WORDS, quote
from sharedfate.model.adversary import Act
from sharedfate.model.network import Keep
from sharedfate.model.question import Horizon, Rung, VerdictKind
from sharedfate.model.traffic import SizeKind
from sharedfate.model.wire import Dialect, Direction, Phase, Transport

Pair = tuple[str, Any]
_TAKEN = set(tables().words) | DECLARATION_WORDS | {"learn", "distinguish", "forge", "accepts"}


def pairs(make: Any, *parts: Any) -> st.SearchStrategy[Pair]:
    """A strategy of pairs from a function of drawn parts."""
    return st.tuples(*parts).map(lambda drawn: make(*drawn))


def many(item: st.SearchStrategy[Pair], low: int = 1, high: int = 3, glue: str = ", ") -> st.SearchStrategy[Pair]:
    def merge(items: list[Pair]) -> Pair:
        return glue.join(text for text, _ in items), tuple(node for _, node in items)

    return st.lists(item, min_size=low, max_size=high).map(merge)


def opt(item: st.SearchStrategy[Pair], prefix: str = "") -> st.SearchStrategy[Pair]:
    return st.one_of(st.just(("", None)), item.map(lambda p: (f" {prefix}{p[0]}", p[1])))


def flag(words: str) -> st.SearchStrategy[Pair]:
    return st.sampled_from([("", False), (f" {words}", True)])


def enum(kinds: Any, *extra: Any) -> st.SearchStrategy[Pair]:
    return st.sampled_from([(kind.value, kind) for kind in kinds])


name = (
    st.from_regex(r"[a-z_][a-z0-9_]{0,6}", fullmatch=True)
    .filter(lambda n: n not in _TAKEN)
    .map(lambda n: (n, s.Ident(n)))
)
text = st.text(st.sampled_from('ab #{}";\\.*é'), max_size=6).map(lambda v: (quote(v), s.Text(v)))
number = st.integers(0, 99999)
interval = st.one_of(
    number.map(lambda n: (str(n), s.Interval(n, n))),
    st.tuples(number, number).map(lambda p: (f"{p[0]}..{p[1]}", s.Interval(*p))),
)
address = st.sampled_from(["17.249.0.0/16", "1.2.3.4", "2620:149:a44::/48", "::1", "::/0", "10.0.0.0/8"]).map(
    lambda a: (a, s.Address(a))
)
rate = pairs(lambda n, u: (f"{n} {u[0]}", s.Rate(Decimal(n), u[1])), st.sampled_from(["64", "1.5"]), name)
names, texts, ranges, prefixes = many(name), many(text), many(interval), many(address)

guard_name = pairs(lambda n, p: (n[0] if p else f"not {n[0]}", s.GuardName(n[1], p)), name, st.booleans())


def _guards(inner: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    every = many(inner, 2, 3, " and ").map(lambda p: (f"({p[0]})", s.GuardAll(p[1])))
    some = many(inner, 2, 3, " or ").map(lambda p: (f"({p[0]})", s.GuardAny(p[1])))
    return every | some


guard = st.recursive(guard_name, _guards, max_leaves=4)
when = opt(guard, "when ")

word = st.one_of(
    name.map(lambda n: (n[0], s.FactWord(n[0]))),
    pairs(lambda a, b: (f"{a[0]}@{b[0]}", s.FactWord(f"{a[0]}@{b[0]}")), name, name),
    st.just(("200..4096", s.FactWord("200..4096"))),
    address.map(lambda a: (a[0], s.FactWord(a[0]))),
)
quoted = text.map(lambda t: (t[0], s.FactWord(t[1].value, quoted=True)))
argument = many(word | quoted, 1, 2, " ").map(lambda p: (p[0], s.FactArgument(p[1])))
value = many(word, 1, 2, " ") | quoted.map(lambda p: (p[0], (p[1],)))
fact = st.one_of(
    pairs(lambda n, p: ((n[0] if p else f"not {n[0]}"), s.FactLiteral(n[1], positive=p)), name, st.booleans()),
    pairs(lambda n, a: (f"not {n[0]}({a[0]})", s.FactLiteral(n[1], a[1], positive=False)), name, many(argument)),
    pairs(
        lambda n, a, v: (f"{n[0]}({a[0]}) is {v[0]}", s.FactLiteral(n[1], a[1], value=v[1])),
        name,
        many(argument),
        value,
    ),
)
facts = many(fact)

named = names.map(lambda n: (n[0], s.Named(n[1])))
role = name.map(lambda n: (f"the {n[0]}", s.Role(n[1])))
place = st.one_of(
    named,
    role,
    names.map(lambda n: (f"any link tagged {n[0]}", s.TaggedLinks(n[1]))),
    names.map(lambda n: (f"link {n[0]}", s.Named(n[1], links_only=True))),
)
target = named | role | name.map(lambda n: (f"any service operated by {n[0]}", s.OperatedBy(n[1])))

small = st.one_of(
    pairs(lambda n, t: (f"model {n[0]}{t[0]}", s.ModelDecl(n[1], t[1])), name, opt(text)),
    text.map(lambda t: (f"use std.x, {t[0]}", s.UseDecl((s.UseStd((s.Ident("std"), s.Ident("x"))), s.UseFile(t[1]))))),
    names.map(lambda n: (f"zone {n[0]}", s.ZoneDecl(n[1]))),
    pairs(
        lambda n, a, b, t: (f"link {n[0]}: {a[0]}--{b[0]}{t[0]}", s.LinkDecl(n[1], a[1], b[1], t[1] or ())),
        name,
        name,
        name,
        opt(names, "tagged "),
    ),
    pairs(lambda n, z: (f"party {n[0]} at {z[0]}", s.PartyDecl(n[1], z[1])), names, name),
    pairs(
        lambda n, z, o, r: (f"service {n[0]} at {z[0]}{o[0]}{r[0]}", s.ServiceDecl(n[1], z[1], o[1], r[1] or ())),
        names,
        name,
        opt(name, "operated by "),
        opt(names, "role "),
    ),
    pairs(
        lambda n, o, t: (f"assume {n[0]}{o[0]}{t[0]}", s.AssumeDecl(n[1], o[1], t[1])), name, flag("open"), opt(text)
    ),
    pairs(
        lambda f, t: (f"assume {f[0]}{t[0]}", s.GivenDecl(f[1], t[1])),
        fact.filter(lambda f: bool(f[1].arguments) or not f[1].positive),
        opt(text),
    ),
    pairs(
        lambda n, p: (f"field {n[0]} at {p[0]}", s.FieldDecl(n[1], p[1])),
        name,
        st.sampled_from([("set-up", Phase.SETUP), ("packet", Phase.PACKET), ("record", Phase.RECORD)]),
    ),
    pairs(lambda n, a: (f"pool {n[0]} : {a[0]}", s.PoolDecl(n[1], a[1])), name, prefixes),
)

found_words = st.fixed_dictionaries(
    {"keep": st.sampled_from(Keep), "expires": st.booleans(), "resolver": opt(name, "resolved at ")}
)


def _words(words: dict[str, Any], *drop: str) -> tuple[str, dict[str, Any]]:
    kept = {key: item for key, item in words.items() if key not in drop}
    out = "" if kept["keep"] is Keep.NO else f" {kept['keep'].value}"
    out += " expires" if kept["expires"] else ""
    if "resolver" in kept:
        out += kept["resolver"][0]
        kept["resolver"] = kept["resolver"][1]
    return out, kept


def _dns(n: Pair, c: Pair, encrypted: Pair, words: dict[str, Any]) -> Pair:
    tail, fields = _words(words)
    cname = f" cname {c[0]}" if c[1] else ""
    return f"dns {n[0]}{cname}{tail}{encrypted[0]}", s.DnsStep(n[1], c[1], encrypted=encrypted[1], **fields)


def _bag(host: Pair, words: dict[str, Any]) -> Pair:
    tail, fields = _words(words)
    return f"bag {host[0]}{tail}", s.BagStep(host[1], **fields)


def _by_flow(flow: Pair, words: dict[str, Any]) -> Pair:
    tail, fields = _words(words, "resolver")
    return f"flow {flow[0]}{tail}", s.FlowStep(flow[1], **fields)


step = st.one_of(
    pairs(_dns, texts, many(text, 0, 2, " then "), flag("encrypted"), found_words),
    pairs(_bag, text, found_words),
    pairs(_by_flow, name, found_words),
    st.just(("built in", s.BuiltInStep())),
)
chain = many(step, 1, 2, " then ")
version = st.sampled_from([("", None), ("v4 ", 4), ("v6 ", 6)])
attribute = st.one_of(
    pairs(lambda v, a: (f"{v[0]}to {a[0]}", s.To(a[1], None, v[1])), version, prefixes),
    pairs(lambda v, n: (f"{v[0]}to pool {n[0]}", s.To((), n[1], v[1])), version, name),
    pairs(lambda c, r: (f"{c[0]} {r[0]}", s.Ports(c[1], r[1])), enum(s.Carrier), ranges),
    opt(text).map(lambda t: (f"bearer{t[0]}", s.Bearer(t[1]))),
    pairs(
        lambda a, b, c: (f"tls{a[0]}{b[0]}{c[0]}", s.Tls(a[1], b[1], c[1] or ())),
        opt(text, "sni "),
        opt(text, "ech outer "),
        opt(texts, "alpn "),
    ),
    pairs(lambda n, p: (f"via {n[0]}{p[0]}", s.Via(n[1], p[1])), name, flag("passing through")),
    text.map(lambda t: (f"host {t[0]}", s.Host(t[1]))),
    pairs(lambda n, t: (f"{n[0]} {t[0]}", s.OwnValue(n[1], t[1])), name, text),
)
by_one = chain.map(lambda c: (f"found by {c[0]}", s.FoundBy((c[1],))))
by_any = many(chain, 1, 2, " or ").map(lambda c: (f"found by {c[0]}", s.FoundBy(c[1])))
arm = pairs(lambda a, w: (f"{a[0]}{w[0]}", s.Arm(a[1], w[1])), many(attribute | by_one, 1, 2, " "), when)
control = pairs(
    lambda d, k, r: (f"{d[0]} {k[0]} {r[0]}", s.ControlPart(d[1], k[1], r[1])),
    enum(Direction),
    enum((SizeKind.USUAL, SizeKind.POSSIBLE)),
    ranges,
)
connection_clause = st.one_of(
    many(arm, 1, 3, "\n or ").map(lambda a: (f"either {a[0]}", s.Either(a[1]))),
    pairs(lambda a, w: (f"{a[0]}{w[0]}", s.Attributes(a[1], w[1])), many(attribute | by_any, 1, 2, " "), when),
    enum(s.Setting).map(lambda p: (p[0], s.Set(p[1]))),
    names.map(lambda n: (f"presents {n[0]}", s.Presents(n[1]))),
    many(control, 1, 2, " ").map(lambda c: (f"control {c[0]}", s.Control(c[1]))),
    names.map(lambda n: (f"over {n[0]}", s.Over(n[1]))),
)
size_clause = pairs(
    lambda k, r, w: (f"{k[0]} {r[0]}{w[0]}", s.SizeClause(k[1], r[1], w[1])), enum(SizeKind), ranges, when
)
flow_clause = st.one_of(
    text.map(lambda t: (f"topic {t[0]}", s.TopicClause(t[1]))),
    st.just(("topic other", s.TopicClause(None))),
    text.map(lambda t: (f"account {t[0]}", s.AccountClause(t[1]))),
    size_clause,
    rate.map(lambda r: (f"need {r[0]}", s.NeedClause(r[1]))),
    enum(s.FlowWord).map(lambda w: (w[0], s.FlowFlag(w[1]))),
    pairs(lambda n, t: (f"hidden {n[0]} {t[0]}", s.HiddenClause(n[1], t[1])), name, text),
    guard.map(lambda g: (f"when {g[0]}", s.WhenClause(g[1]))),
)
error = opt(st.sampled_from([("4%", Decimal(4)), ("2.5 %", Decimal("2.5"))]), "error ")
inferred = pairs(lambda n, e: (f"{n[0]}{e[0]}", s.InferredField(n[1], e[1])), name, error)
act = st.one_of(
    enum((Act.DROP, Act.RESET, Act.REDIRECT, Act.THROTTLE)).map(lambda a: (a[0], s.MayAct(a[1]))),
    rate.map(lambda r: (f"throttle {r[0]}", s.MayAct(Act.THROTTLE, r[1]))),
)
adversary_clause = st.one_of(
    place.map(lambda p: (f"on {p[0]}", s.OnClause(p[1]))),
    target.map(lambda p: (f"controls {p[0]}", s.ControlsClause(p[1]))),
    target.map(lambda p: (f"watches {p[0]}", s.WatchesClause(p[1]))),
    names.map(lambda n: (f"sees {n[0]}", s.SeesClause(n[1]))),
    many(inferred).map(lambda i: (f"infers {i[0]}", s.InfersClause(i[1]))),
    many(act).map(lambda a: (f"may {a[0]}", s.MayClause(a[1]))),
    st.just(("holds root", s.HoldsRoot())),
    number.map(lambda n: (f"limited to {n} rules", s.LimitedClause(n))),
    st.just(("default deny", s.DenyClause())),
)
plain = (s.ActionKind.ALLOW, s.ActionKind.DROP, s.ActionKind.RESET, s.ActionKind.INTERCEPT)
action = st.one_of(
    enum(plain).map(lambda a: (a[0], s.Action(a[1]))),
    rate.map(lambda r: (f"throttle {r[0]}", s.Action(s.ActionKind.THROTTLE, r[1]))),
    address.map(lambda a: (f"redirect to {a[0]}", s.Action(s.ActionKind.REDIRECT, None, a[1]))),
    st.just(("redirect to dns(sni)", s.Action(s.ActionKind.REDIRECT))),
)
match = st.one_of(
    prefixes.map(lambda a: (f"ip {a[0]}", s.IpMatch(a[1]))),
    ranges.map(lambda r: (f"port {r[0]}", s.PortMatch(r[1]))),
    pairs(
        lambda t, r: (f"{t[0]}{r[0]}", s.TransportMatch(t[1], r[1] or ())),
        enum((Transport.TCP, Transport.UDP)),
        opt(ranges),
    ),
    pairs(
        lambda f, t, d, e: (f"{f[0]} {t[0]}{d[0]}{e[0]}", s.NameMatch(f[1], t[1], d[1], e[1])),
        enum(s.NameField),
        texts,
        opt(enum(Dialect), "matching "),
        flag("each cname"),
    ),
    ranges.map(lambda r: (f"size {r[0]}", s.SizeMatch(r[1]))),
    enum(Direction).map(lambda d: (d[0], s.DirectionMatch(d[1]))),
    pairs(lambda n, t: (f"{n[0]} {t[0]}", s.ValueMatch(n[1], t[1])), name, texts),
    names.map(lambda n: (f"client {n[0]}", s.ClientMatch(n[1]))),
)
policy_clause = st.one_of(
    pairs(
        lambda a, e, m: (f"{a[0]}{e[0]} {m[0]}", s.Rule(a[1], m[1], e[1])),
        action,
        flag("at set-up"),
        many(match, 0, 2, " "),
    ),
    st.sampled_from([("default deny", s.DefaultRule(True)), ("default allow", s.DefaultRule(False))]),
)


def block(clause: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    """A block, on one line or several, and its clauses; no clauses: perhaps none at all."""
    glue = st.sampled_from(["; ", "\n", "\n\n  # why\n", ";;\n"])

    def lay(items: list[Pair], glue: str, comment: bool) -> Pair:
        edge = "\n" if "\n" in glue or comment else ""
        body = glue.join(text for text, _ in items)
        return f" {{{' # first' if comment else ''}{edge}{body}{edge}}}", tuple(node for _, node in items)

    return pairs(lay, st.lists(clause, max_size=4), glue, st.booleans())


def _formulas(inner: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    paren = inner.map(lambda p: (p[0] if isinstance(p[1], s.Ref) else f"({p[0]})", p[1]))
    degraded = st.sampled_from([("", False), ("degraded ", True)])
    arm = pairs(lambda d, f, w: (f"{d[0]}{f[0]}{w[0]}", s.FormulaArm(f[1], d[1], w[1])), degraded, paren, when)
    return st.one_of(
        many(paren, 2, 3, " and ").map(lambda p: (p[0], s.AllOf(p[1]))),
        many(arm, 2, 3, " or ").map(lambda p: (p[0], s.AnyOf(p[1]))),
        arm.map(lambda p: (p[0], s.AnyOf((p[1],)))).filter(lambda p: p[1].arms[0].degraded or p[1].arms[0].guard),
        paren.map(lambda p: (f"first {p[0]}", s.First(p[1]))),
    )


formula = st.recursive(name.map(lambda n: (n[0], s.Ref(n[1]))), _formulas, max_leaves=5)
hop = name | st.sampled_from([("-", None), ("internal", None)])
big = st.one_of(
    pairs(
        lambda n, c, t, b: (
            f"connection {n[0]} : each of {c[0]} -> {t[0]}{b[0]}",
            s.ConnectionDecl(n[1], c[1], t[1], b[1]),
        ),
        name,
        names,
        name,
        block(connection_clause),
    ),
    pairs(
        lambda n, p, o, b: (f"flow {n[0]} : {p[0]}{o[0]}{b[0]}", s.FlowDecl(n[1], p[1], o[1] or (), b[1])),
        name,
        many(name, 2, 4, " -> "),
        opt(many(hop), "on "),
        block(flow_clause),
    ),
    pairs(lambda n, f: (f"function {n[0]} = {f[0]}", s.FunctionDecl(n[1], f[1])), name, formula),
    pairs(
        lambda n, e, b: (f"adversary {n[0]}{e[0]}{b[0]}", s.AdversaryDecl(n[1], e[1], b[1])),
        name,
        opt(name, "extends "),
        block(adversary_clause),
    ),
    pairs(
        lambda n, p, b: (f"policy {n[0]} on {p[0]}{b[0]}", s.PolicyDecl(n[1], p[1], b[1])),
        name,
        place,
        block(policy_clause),
    ),
)

can = st.sampled_from([("can", True), ("cannot", False)])
kept = st.sampled_from(
    [
        ("block", Rung.DEAD, "sparing", "", Rung.STRAINED),
        ("block", Rung.DEAD, "sparing", " unharmed", Rung.CLEAN),
        ("block", Rung.DEAD, "without killing", "", Rung.HURT),
        ("degrade", Rung.HURT, "sparing", "", Rung.STRAINED),
        ("degrade", Rung.HURT, "sparing", " unharmed", Rung.CLEAN),
    ]
)
outcome = st.sampled_from(
    [("works", Rung.STRAINED, Rung.CLEAN), ("die", Rung.DEAD, Rung.DEAD), ("are hurt", Rung.HURT, Rung.HURT)]
)
question = st.one_of(
    pairs(
        lambda a, c, k, f, g: (
            f"{a[0]} {c[0]} {k[0]} {f[0]} {k[2]} {g[0]}{k[3]}",
            s.CutQuestion(a[1], c[1], k[1], f[1], g[1], k[4]),
        ),
        name,
        can,
        kept,
        name,
        names,
    ),
    pairs(
        lambda f, o, p: (f"{f[0]} {o[0]} under {p[0]}", s.UnderQuestion(f[1], o[1], o[2], p[1])), names, outcome, names
    ),
    pairs(lambda f, c: (f"{f[0]} always rides {c[0]}", s.RidesQuestion(f[1], c[1])), name, name),
)


def _check(n: Pair, q: Pair, h: Pair, w: Pair, wo: Pair, e: Pair, gap: str) -> Pair:
    given_facts = [s.Given(f) for f in w[1] or ()] + [s.Given(f, False) for f in wo[1] or ()]
    written = f"check {n[0]} : {q[0]}{h[0]}{w[0]}{wo[0]}{gap}{e[0]}"
    return written, s.CheckDecl(n[1], q[1], h[1], tuple(given_facts), e[1])


expect = pairs(lambda v, f: (f"{v[0]}{f[0]}", s.Expect(v[1], f[1] or ())), enum(VerdictKind), opt(facts, "on "))
check = pairs(
    _check,
    name,
    question,
    opt(enum(Horizon)),
    opt(facts, "with "),
    opt(facts, "without "),
    opt(expect, "expect "),
    st.sampled_from([" ", "\n    ", "  # so\n    "]),
)
trailing = st.sampled_from(["\n", "\n\n\n", "  # said\n", "\n# said\n", "\n\n  # said\n\n"])
document = st.lists(st.tuples(small | big | check, trailing), max_size=5)
quick = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@quick
@given(document)
def test_text_parses_to_its_tree_before_and_after_formatting(items: list[tuple[Pair, str]]) -> None:
    written = "".join(item[0] + gap for item, gap in items)
    wanted = tuple(item[1] for item, _ in items)
    result = parse(written, "t.fate")
    assert not result.diagnostics, (written, result.diagnostics)
    assert result.tree.declarations == wanted
    once = format_text(written, "t.fate")
    assert isinstance(once, str)
    assert parse(once, "t.fate").tree == result.tree
    assert format_text(once, "t.fate") == once
    assert once.count("# said") == written.count("# said")
    assert once.count("# why") == written.count("# why")
    assert not any(line != line.rstrip() for line in once.splitlines())


@quick
@given(st.lists(small | big | check, min_size=1, max_size=3))
def test_a_line_is_too_wide_only_where_it_cannot_break(items: list[Pair]) -> None:
    once = format_text("\n".join(text for text, _ in items), "t.fate")
    assert isinstance(once, str)
    for whole in once.splitlines():
        line = whole.split("  # so")[0]
        assert len(line) <= WIDTH or ", " not in line[12:WIDTH]
