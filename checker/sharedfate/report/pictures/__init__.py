"""Pictures of answers and models (VISUAL.md): `draw`, `overview`, `to_dot`."""

from __future__ import annotations

from sharedfate.evidence.answer import Answer
from sharedfate.model.facts import FactLiteral
from sharedfate.model.model import Model

MAX_BYTES = 30_000
"""A picture that gets larger is drawn as a table."""

__all__ = ["draw", "overview", "to_dot"]


def draw(model: Model, answer: Answer) -> str | None:
    """SVG of an answer, or None when it holds nothing to draw.

    An attack is drawn as its policy, a proof that nothing can be cut as what is shared, a property under declared
    policies as those policies. With more than seven connections in the cone, or too much for one page, it is a table.

    Raises:
        LayoutError: the layout engine is missing or failed.
    """
    from sharedfate.report.pictures import fatetable, policy, shared
    from sharedfate.report.pictures.cone import MAX_ENVELOPES, cone_of
    from sharedfate.report.pictures.finding import from_answer
    from sharedfate.report.pictures.guards import settled

    model = settled(model, closed(answer))
    finding = from_answer(model, answer)
    if finding:
        cone = cone_of(finding)
        if len(cone.drawn) <= MAX_ENVELOPES:
            picture = policy.draw(finding, cone)
            if len(picture) <= MAX_BYTES:
                return picture
        return fatetable.draw(finding, cone)
    return shared.draw(model, answer) if answer.shared else None


def overview(model: Model) -> str:
    """SVG of the whole architecture, folded; a table when it has too many connections for a graph.

    Raises:
        LayoutError: the layout engine is missing or failed.
    """
    from sharedfate.report.pictures import architecture

    return architecture.draw(model)


def to_dot(model: Model, answer: Answer | None = None) -> str:
    """Plain DOT with labels, of an answer, or of the model when there is no answer or nothing to draw in it."""
    from sharedfate.report.pictures import dot
    from sharedfate.report.pictures.guards import settled

    return dot.write(model if answer is None else settled(model, closed(answer)), answer)


def closed(answer: Answer) -> tuple[FactLiteral, ...]:
    """The facts under which an answer is drawn: what its property closes, and the condition of the attack shown."""
    return (*answer.check.given, *(answer.attacks[0].condition if answer.attacks else ()))
