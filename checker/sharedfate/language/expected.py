"""Syntax errors in human words: what was found, what could stand there, and what was probably meant."""

from __future__ import annotations

from dataclasses import dataclass

from sharedfate.language.diagnostics import Code, Diagnostic, Fix, Label, Severity
from sharedfate.language.lalr import END, tables
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
_DECLARATION = "a new declaration"
_GROUPS: tuple[tuple[str, str], ...] = (
    (
        _DECLARATION,
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
_VERDICTS = frozenset({"proved", "violated", "conditional", "bounded", "vacuous", "unknown"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stretch does not parse: the token (None: its end), the one before, and the innermost open brace.

    `stack` is the parser's, `earlier` the one that it had when it took `before`.
    """

    token: Token | None
    before: Token | None
    opened: Token | None
    stack: list[int]
    earlier: list[int]
    end: int


def syntax_error(place: Place) -> Diagnostic:
    """The diagnostic of a place that does not parse."""
    token, before = place.token, place.before
    expected = tables().expected(place.stack, place.end)
    if token is not None and token.problem:
        return _error(token.problem, token.span)
    if before is not None and before.kind is Kind.WORD and expected == {"STRING"} and before.text not in tables().words:
        return _unknown_word(place, before)
    if token is None or (before is not None and _is_missing(before, token, expected)):
        return _missing(place, before, expected)
    if token.text in RESERVED and "NAME" in expected:
        return _error(f"`{token.text}` is a reserved word and cannot be a name", token.span)
    shown = "the end of the line" if token.text == "\n" else f"`{token.text}`"
    wanted = "a unit (`bit`, `kbit`, `Mbit`)" if _is_unit(before, expected) else _list(expected, token.first_on_line)
    near = nearest(token.text, _words(expected)) if token.kind is Kind.WORD else None
    fixes = (Fix(token.span, near, f"did you mean `{near}`?"),) if near else ()
    return _error(f"expected {wanted}, found {shown}", token.span, fixes=fixes, notes=_notes(token, before, expected))


def _unknown_word(place: Place, word: Token) -> Diagnostic:
    """A word that was taken for a field, whose quoted value does not follow: more likely it is a misspelt keyword."""
    near = nearest(word.text, _words(tables().expected(place.earlier, place.end)))
    fixes = (Fix(word.span, near, f"did you mean `{near}`?"),) if near else ()
    note = "a field that the model declares is followed by its value in quotes"
    return _error(f"`{word.text}` has no meaning here", word.span, fixes=fixes, notes=(note,))


def _missing(place: Place, before: Token | None, expected: frozenset[str]) -> Diagnostic:
    """Something should have followed `before`: the place is just behind it."""
    span = _after(before, place.token)
    if place.token is None and place.opened is not None and "RBRACE" in expected:
        return _error("this block is not closed: expected `}`", span, (Label(place.opened.span, "opened here"),))
    wanted = "a unit (`bit`, `kbit`, `Mbit`)" if _is_unit(before, expected) else _list(expected, True)
    return _error(f"expected {wanted}" + (f" after `{before.text}`" if before else ""), span)


def _is_missing(before: Token, token: Token, expected: frozenset[str]) -> bool:
    """Whether a line ended too early, rather than the next one beginning wrongly."""
    if before.text == "{" or before.kind is Kind.SEPARATOR:
        return False
    return token.span.line > before.span.end_line and END not in expected


def _is_unit(before: Token | None, expected: frozenset[str]) -> bool:
    return before is not None and before.kind in (Kind.NUMBER, Kind.DECIMAL) and expected == {"NAME"}


def _notes(token: Token, before: Token | None, expected: frozenset[str]) -> tuple[str, ...]:
    if token.text == ";" and END in expected:
        return ("`;` separates inside braces only; declarations need nothing between them",)
    if token.text == "without" and expected == {"SPARING"}:
        return ("`without killing` goes with `block` only",)
    if token.text in ("with", "without", "at") and before is not None and before.text in _VERDICTS:
        return ("`with`, `without` and the horizon stand before `expect`",)
    return ()


def _error(
    message: str,
    span: Span,
    labels: tuple[Label, ...] = (),
    notes: tuple[str, ...] = (),
    fixes: tuple[Fix, ...] = (),
) -> Diagnostic:
    return Diagnostic(Code.SYNTAX, Severity.ERROR, message, span, labels, notes, fixes)


def _after(before: Token | None, token: Token | None) -> Span:
    """One column behind the last token, where something is missing."""
    if before is None:
        return token.span if token else Span("", 1, 1, 1, 1)
    end = before.span
    return Span(end.file, end.end_line, end.end_column, end.end_line, end.end_column + 1)


def _words(expected: frozenset[str]) -> list[str]:
    return [text for text, name in tables().words.items() if name in expected and text[0].isalpha()]


def _list(expected: frozenset[str], at_line_start: bool) -> str:
    """What is expected, in words; inside a line, a new declaration can begin only once the line has ended."""
    left = set(expected) - _HIDDEN
    phrases = []
    for phrase, members in _GROUPS:
        group = set(members.split())
        if group <= left:
            phrases.append(phrase)
            left -= group
    if phrases:
        left -= {"_SEP", "SOURCE"}
    literal = {name: text for text, name in tables().words.items()}
    plain = sorted(_PHRASES[name] for name in left if name in _PHRASES)
    words = sorted(f"`{literal[name]}`" for name in left if name in literal)
    shown = [*phrases, *plain, *words]
    if phrases and phrases[0] == _DECLARATION and not at_line_start:
        shown = [*shown[1:], "the end of the line"]
    if not shown:
        return "nothing more"
    if len(shown) > _LONGEST:
        return ", ".join(shown[:_LONGEST]) + ", …"
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " or " + shown[-1]
