"""An answer for the terminal (VISUAL.md 7): the verdict, what it depends on, and the evidence, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from sharedfate.evidence.answer import Answer, Condition, Proof, Shared, Shows
from sharedfate.model.question import AlwaysRides, CanCut, Question, UnderPolicies, VerdictKind
from sharedfate.report.lines import VERDICT_GLYPH, VERDICT_STYLE, Line, Piece, Style, glued, labelled, line
from sharedfate.report.table import table
from sharedfate.report.text_attack import attack_lines, classifier_lines, counted, fate_lines, rule_lines

OUTSIDE = "memory beyond a connection's own set-up, chance, timing, active probing"
"""What no proof here covers; every PROVED says so (DESIGN.md 3, policy)."""

BRIEF_RULES = 3
BRIEF_FACTS = 6
"""So many rules of an attack, and facts leaned on, are shown of an answer in brief; the rest is counted."""


def answer_lines(answer: Answer) -> Iterator[Line]:
    """All of one answer, as lines; deterministic, independent of the terminal."""
    kind = answer.verdict
    yield _head(answer)
    yield from _expectation(answer)
    if answer.reason:
        yield from labelled("because", answer.reason.split(" "), 4, "")
    yield from _sides(answer)
    cut, spared = subjects(answer.check.question)
    for number, attack in enumerate(answer.attacks, 1):
        title = "attack" if len(answer.attacks) == 1 else f"attack {number}"
        yield from attack_lines(attack, title, cut, spared)
    if answer.fates:
        yield from fate_lines(answer.fates, cut, spared, 4)
    for place, text in answer.guilty:
        yield line(
            Piece("    by ", Style.FAINT), Piece(f"{text} ", hangs=True), Piece(glued(f"({place})"), Style.FAINT)
        )
    if not answer.attacks or kind is VerdictKind.CONDITIONAL:  # else the attack tells it
        yield from shared_lines(answer.shared, kind is VerdictKind.PROVED)
    yield from _proofs(answer)
    yield from labelled("leans on", answer.leaned_on, 4)
    for neighbour in answer.neighbours:
        label = "stronger" if neighbour.stronger else "weaker  "
        verdict = Piece(neighbour.verdict.value.upper(), VERDICT_STYLE[neighbour.verdict])
        yield line(Piece(f"    {label} ", Style.FAINT), Piece(f"{neighbour.statement}: ", hangs=True), verdict)


def in_brief(answer: Answer) -> bool:
    """Whether a few lines do for an answer: it is the expected one, and it does answer the question."""
    return answer.met and answer.verdict in (VerdictKind.PROVED, VerdictKind.VIOLATED, VerdictKind.CONDITIONAL)


def brief_lines(answer: Answer) -> Iterator[Line]:
    """The verdict, its conditions, the rules of the attack and what it leans on, without the evidence."""
    yield _head(answer)
    if answer.verdict is not VerdictKind.CONDITIONAL:  # else the two sides are what was expected
        yield from _expectation(answer)
    yield from _sides(answer)
    for attack in answer.attacks:
        yield from rule_lines(attack.rules[:BRIEF_RULES], 4)
        more = len(attack.rules) - BRIEF_RULES
        if more > 0:
            yield line(Piece(f"    + {counted(more, 'rule')}", Style.FAINT))
        yield from classifier_lines(attack, 4)
    leaned = answer.leaned_on[:BRIEF_FACTS]
    more = len(answer.leaned_on) - len(leaned)
    yield from labelled("leans on", (*leaned, f"{more} more") if more else leaned, 4)


def _head(answer: Answer) -> Line:
    kind = answer.verdict
    return line(
        Piece(f"{VERDICT_GLYPH[kind]} {kind.value.upper()}", VERDICT_STYLE[kind]),
        "  ",
        Piece(answer.check.name, Style.STRONG),
        f": {answer.statement}",
    )


def _sides(answer: Answer) -> Iterator[Line]:
    """Under which conditions the property is proved and under which it is violated."""
    if answer.verdict is VerdictKind.CONDITIONAL:
        yield from _conditions("proved if", answer.proved_if)
        yield from _conditions("violated if", answer.violated_if)
    if answer.partial:
        yield line(Piece("    the list of conditions is cut short by the budget", Style.WARN))


def subjects(question: Question) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The functions that a question wants cut (or asks about), and those that it wants spared."""
    match question:
        case CanCut(function=function, spared=spared):
            return (function,), spared
        case UnderPolicies(functions=functions):
            return functions, ()
        case AlwaysRides(function=function):
            return (function,), ()


def summary_lines(answers: Sequence[Answer], brief: bool = False) -> Iterator[Line]:
    """The end of a run: what is not as expected, and in the last line verdicts and met expectations, counted.

    `brief`: some answers were shown in brief, so it says how to see all of them.
    """
    if brief:
        yield line(Piece("what is as expected is in brief; --only NAME or --verbose shows the evidence", Style.FAINT))
    missed = [answer.check.name for answer in answers if not answer.met]
    yield from labelled("not as expected:", missed, 0)
    counts = Counter(answer.verdict for answer in answers)
    verdicts = ", ".join(f"{counts[kind]} {kind.value}" for kind in VerdictKind if counts[kind])
    noun = "property" if len(answers) == 1 else "properties"
    yield line(
        Piece(glued(f"{len(answers)} {noun}"), Style.STRONG),
        glued(f": {verdicts}. "),  # one line, also where it is long: programs read the last line
        Piece(
            glued(f"{len(answers) - len(missed)} of {len(answers)} as expected"), Style.BAD if missed else Style.GOOD
        ),
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
    yield from table(
        header, [(*key, "; ".join(glued(row.endpoint) for row in there)) for key, there in classes.items()], 6
    )
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
    words = [text.split(" and ") for text in condition_words(conditions)] or [["none"]]
    for number, literals in enumerate(words):
        shown = [*(f"{literal} and" for literal in literals[:-1]), literals[-1]]
        yield from labelled("or".rjust(len(label)) if number else label, shown, 4, "")


def _proofs(answer: Answer) -> Iterator[Line]:
    for proof in answer.proofs:
        yield _proof(proof)
    if any(proof.shows is Shows.NO_ATTACK for proof in answer.proofs):
        yield line(Piece(f"    outside  {OUTSIDE}", Style.FAINT))


def _proof(proof: Proof) -> Line:
    when = f" if {' and '.join(map(str, proof.condition))}" if proof.condition else ""
    size = f"{counted(proof.clauses, 'clause')}, {counted(proof.steps, 'step')}"
    return line(
        Piece("    proof    ", Style.FAINT),
        Piece(f"{proof.shows.value}: {size}, accepted by the kernel{when} ", hangs=True),
        Piece(glued(f"(sha256 {proof.certificate[:16]} of {proof.obligation[:16]})"), Style.FAINT),
    )
