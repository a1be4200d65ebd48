"""Syntax errors in human words: what was found, what could stand there, and what was probably meant."""

from __future__ import annotations

from sharedfate.language.diagnostics import Code, Diagnostic, Fix, Label, Severity
from sharedfate.language.lalr import END, Machine, tables
from sharedfate.language.suggest import nearest
from sharedfate.language.tokens import RESERVED, Kind, Token
from sharedfate.model.source import Span

_PHRASES = {
    "NAME": "a name",
    "STRING": "a quoted string",
    "NUMBER": "a number",
    "RANGE": "a range such as 5..64",
    "DECIMAL": "a decimal number",
    "ADDRESS": "an address or prefix",
    "_SEP": "a line end",
}
_HIDDEN = frozenset({END, "LATER", "NOT_YET"})
_GROUPS: tuple[tuple[str, str], ...] = (
    (
        "a new declaration",
        "MODEL USE ZONE LINK PARTY SERVICE ASSUME FIELD POOL CONNECTION FLOW FUNCTION ADVERSARY POLICY CHECK",
    ),
    ("an attribute (`tcp`, `to`, `tls`, `via`, …)", "TO V4 V6 TCP UDP QUIC BEARER TLS VIA HOST FOUND NAME"),
    (
        "a setting (`stream`, `pinned`, …)",
        "STREAM DATAGRAMS KEPT MANY ROTATE PINNED PLAIN REDELIVERS GIVES PRESENTS CONTROL OVER",
    ),
    (
        "a clause (`usual`, `size`, `topic`, `durable`, …)",
        "TOPIC ACCOUNT USUAL SIZE PADDED NEED DURABLE CACHED EXPIRES HIDDEN",
    ),
    ("a clause (`on`, `controls`, `sees`, `may`, …)", "ON CONTROLS WATCHES SEES INFERS MAY HOLDS LIMITED DEFAULT"),
    ("a rule (`allow`, `drop`, …)", "ALLOW DROP RESET INTERCEPT THROTTLE REDIRECT DEFAULT"),
    (
        "what it matches (`ip`, `port`, `name`, `size`, …)",
        "IP PORT TCP UDP ANY_NAME SNI DNS HOST SIZE UP DOWN CLIENT NAME",
    ),
    ("a horizon (`at once`, `on reconnect`, `for good`)", "AT ON FOR"),
    ("a verdict (`proved`, `violated`, `conditional`, …)", "PROVED VIOLATED CONDITIONAL BOUNDED VACUOUS UNKNOWN"),
)
_LONGEST = 7


def syntax_error(machine: Machine, before: Token | None, token: Token | None, opened: Token | None) -> Diagnostic:
    """The diagnostic of `token` (None: the end of the stretch) after `before`; `opened` is the innermost open brace."""
    expected = machine.tables.expected(machine.stack, machine.end)
    if token is not None and token.problem:
        return _error(token.problem, token.span)
    wanted = _list(expected, token is None)
    if token is None or (before is not None and _is_later(before, token) and END not in expected):
        place = _after(before, token)
        unclosed = token is None and "RBRACE" in expected and opened is not None
        labels = (Label(opened.span, "opened here"),) if unclosed and opened else ()
        if unclosed:
            return _error("this block is not closed: expected `}`", place, labels)
        behind = f" after `{before.text}`" if before else ""
        return _error(f"expected {wanted}{behind}", place, labels)
    if token.text in RESERVED and "NAME" in expected:
        return _error(f"`{token.text}` is a reserved word and cannot be a name", token.span)
    shown = "the end of the line" if token.kind is Kind.SEPARATOR else f"`{token.text}`"
    near = nearest(token.text, _words(expected)) if token.kind is Kind.WORD else None
    fixes = (Fix(token.span, near, f"did you mean `{near}`?"),) if near else ()
    return _error(f"expected {wanted}, found {shown}", token.span, fixes=fixes)


def _error(message: str, span: Span, labels: tuple[Label, ...] = (), fixes: tuple[Fix, ...] = ()) -> Diagnostic:
    return Diagnostic(Code.SYNTAX, Severity.ERROR, message, span, labels, (), fixes)


def _is_later(before: Token, token: Token) -> bool:
    return token.span.line > before.span.end_line


def _after(before: Token | None, token: Token | None) -> Span:
    """One column behind the last token, where something is missing."""
    if before is None:
        return token.span if token else Span("", 1, 1, 1, 1)
    end = before.span
    return Span(end.file, end.end_line, end.end_column, end.end_line, end.end_column + 1)


def _words(expected: frozenset[str]) -> list[str]:
    return [text for text, name in tables().words.items() if name in expected and text[0].isalpha()]


def _list(expected: frozenset[str], at_end: bool) -> str:
    left = set(expected) - _HIDDEN
    phrases = []
    for phrase, members in _GROUPS:
        group = set(members.split())
        if group <= left:
            phrases.append(phrase)
            left -= group
    if phrases and not at_end:
        left -= {"_SEP", "SOURCE"}
    literal = {name: text for text, name in tables().words.items()}
    plain = sorted(_PHRASES[name] for name in left if name in _PHRASES)
    words = sorted(f"`{literal[name]}`" for name in left if name in literal)
    shown = [*phrases, *plain, *words]
    if not shown:
        return "nothing more"
    if len(shown) > _LONGEST:
        return ", ".join(shown[:_LONGEST]) + ", …"
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " or " + shown[-1]
