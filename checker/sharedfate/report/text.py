"""An answer for the terminal (VISUAL.md 7): the verdict, what it depends on, and the evidence, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from sharedfate.evidence.answer import Answer, Condition, Proof, Shared, Shows
from sharedfate.model.question import AlwaysRides, CanCut, Question, UnderPolicies, VerdictKind
from sharedfate.report.lines import VERDICT_GLYPH, VERDICT_STYLE, Line, Piece, Style, labelled, line
from sharedfate.report.table import table
from sharedfate.report.text_attack import attack_lines, fate_lines

OUTSIDE = "memory beyond a connection's own set-up, chance, timing, active probing"
"""What no proof here covers; every PROVED says so (DESIGN.md 3, policy)."""


def answer_lines(answer: Answer) -> Iterator[Line]:
    """All of one answer, as lines; deterministic, independent of the terminal."""
    kind = answer.verdict
    yield line(
        Piece(f"{VERDICT_GLYPH[kind]} {kind.value.upper()}", VERDICT_STYLE[kind]),
        "  ",
        Piece(answer.check.name, Style.STRONG),
        f": {answer.statement}",
    )
    yield from _expectation(answer)
    if answer.reason:
        yield from labelled("because", [answer.reason], 4)
    if kind is VerdictKind.CONDITIONAL:
        yield from _conditions("proved if", answer.proved_if)
        yield from _conditions("violated if", answer.violated_if)
    if answer.partial:
        yield line(Piece("    the list of conditions is cut short by the budget", Style.WARN))
    cut, spared = subjects(answer.check.question)
    for number, attack in enumerate(answer.attacks, 1):
        title = "attack" if len(answer.attacks) == 1 else f"attack {number}"
        yield from attack_lines(attack, title, cut, spared)
    if answer.fates:
        yield from fate_lines(answer.fates, cut, spared, 4)
    for place, text in answer.guilty:
        yield line(Piece("    by ", Style.FAINT), f"{text} ", Piece(f"({place})", Style.FAINT))
    if not answer.attacks or kind is VerdictKind.CONDITIONAL:  # else the attack tells it
        yield from shared_lines(answer.shared, kind is VerdictKind.PROVED)
    yield from _proofs(answer)
    yield from labelled("leans on", answer.leaned_on, 4)
    for neighbour in answer.neighbours:
        label = "stronger" if neighbour.stronger else "weaker  "
        verdict = Piece(neighbour.verdict.value.upper(), VERDICT_STYLE[neighbour.verdict])
        yield line(Piece(f"    {label} ", Style.FAINT), f"{neighbour.statement}: ", verdict)


def subjects(question: Question) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The functions that a question wants cut (or asks about), and those that it wants spared."""
    match question:
        case CanCut(function=function, spared=spared):
            return (function,), spared
        case UnderPolicies(functions=functions):
            return functions, ()
        case AlwaysRides(function=function):
            return (function,), ()


def summary_lines(answers: Sequence[Answer]) -> Iterator[Line]:
    """The last line of a run: how many properties, verdicts by kind, and how many expectations are met."""
    counts = Counter(answer.verdict for answer in answers)
    verdicts = ", ".join(f"{counts[kind]} {kind.value}" for kind in VerdictKind if counts[kind])
    met = sum(answer.met for answer in answers)
    noun = "property" if len(answers) == 1 else "properties"
    style = Style.GOOD if met == len(answers) else Style.BAD
    yield line(
        Piece(f"{len(answers)} {noun}", Style.STRONG),
        f": {verdicts}. ",
        Piece(f"{met} of {len(answers)} as expected", style),
    )


def condition_words(conditions: Iterable[Condition]) -> list[str]:
    """Each condition as `fact and not fact`; the empty conjunction is `whatever nature chooses`."""
    return [" and ".join(map(str, literals)) or "whatever nature chooses" for literals in conditions]


def shared_lines(rows: Sequence[Shared], proved: bool) -> Iterator[Line]:
    """The shared-fate table: endpoints where the same flows ride and the same fields show are one row.

    Endpoints that the adversary does not see are counted only. When the cut is `proved` impossible, the last line
    counts those that carry what is spared without what is cut.
    """
    if not rows:
        return
    classes: dict[tuple[str, ...], list[Shared]] = {}
    for row in (row for row in rows if row.seen):
        sight = ", ".join(field for field, _ in row.seen)
        stream = "one stream" if row.stream else "separate"
        flows = (" ".join(row.cut_flows) or ".", " ".join(row.kept_flows) or ".")
        classes.setdefault((f"{row.connection} of {row.client}", *flows, stream, sight), []).append(row)
    yield line(Piece("    shared fate", Style.FAINT))
    header = ("connection", "cut", "spared", "units", "seen", "at")
    yield from table(header, [(*key, "; ".join(row.endpoint for row in there)) for key, there in classes.items()], 6)
    unseen = sum(not row.seen for row in rows)
    if unseen:
        yield line(Piece(f"      + {unseen} endpoint{'s' * (unseen > 1)} out of sight", Style.FAINT))
    if proved:
        alone = sum(bool(row.kept_flows) and not row.cut_flows for row in rows)
        yield line(f"      spared but not cut: {alone}")


def _expectation(answer: Answer) -> Iterator[Line]:
    expect = answer.check.expect
    wanted = expect.verdict.value + (f" on {', '.join(expect.on)}" if expect.on else "")
    if not answer.met:
        yield line(Piece(f"    NOT AS EXPECTED: expected {wanted}", Style.BAD), f" ({answer.check.span})")
    elif expect.verdict is not VerdictKind.PROVED:
        yield line(Piece(f"    as expected: {wanted}", Style.FAINT))


def _conditions(label: str, conditions: Sequence[Condition]) -> Iterator[Line]:
    words = condition_words(conditions) or ["none"]
    yield from labelled(label, [words[0]], 4)
    for other in words[1:]:
        yield from labelled("or".rjust(len(label)), [other], 4)


def _proofs(answer: Answer) -> Iterator[Line]:
    for proof in answer.proofs:
        yield _proof(proof)
    if any(proof.shows is Shows.NO_ATTACK for proof in answer.proofs):
        yield line(Piece(f"    outside  {OUTSIDE}", Style.FAINT))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _proof(proof: Proof) -> Line:
    when = f" if {' and '.join(map(str, proof.condition))}" if proof.condition else ""
    size = f"{_counted(proof.clauses, 'clause')}, {_counted(proof.steps, 'step')}"
    return line(
        Piece("    proof    ", Style.FAINT),
        f"{proof.shows.value}: {size}, accepted by the kernel{when} ",
        Piece(f"(sha256 {proof.certificate[:16]} of {proof.obligation[:16]})", Style.FAINT),
    )
