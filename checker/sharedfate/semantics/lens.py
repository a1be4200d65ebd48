"""Where somebody acts and what can be told apart there: all that the staging of a question needs to know of him."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sharedfate.model.adversary import Adversary
from sharedfate.model.facts import FactKind, FactLiteral
from sharedfate.model.policy import MatchSize, Policy
from sharedfate.model.wire import FLOW, IP, SIZE, Field, Range


@dataclass(frozen=True, slots=True)
class Lens:
    """`places` are links and services; `fields` what is seen on links (None: declared rules, nothing coincides).

    `counted`: rules are counted, so one rule may have to hit what other fields could tell apart: all is cut alike.
    `sizes`: whether size is seen at the places; `cuts`: sizes at which rules or given facts cut besides.
    """

    places: frozenset[str]
    fields: frozenset[Field] | None
    sizes: bool
    controls: frozenset[str] = frozenset()
    cuts: tuple[Range, ...] = ()
    counted: bool = False


def lens_of_adversary(adversary: Adversary, given: Sequence[FactLiteral] = ()) -> Lens:
    """An adversary that searches: every field that it sees or infers can tell views apart."""
    fields = {*adversary.sees, *(item.field for item in adversary.infers)}
    return Lens(
        places=frozenset((*adversary.links, *adversary.services)),
        fields=frozenset(fields),
        sizes=SIZE in fields or bool(adversary.services),
        controls=frozenset(adversary.services),
        cuts=_given_cuts(given),
        counted=adversary.limit is not None,
    )


def lens_of_policies(policies: Iterable[Policy], given: Sequence[FactLiteral] = ()) -> Lens:
    """Declared policies: only the sizes that their rules name cut."""
    listed = tuple(policies)
    matches = [match for policy in listed for rule in policy.rules for match in rule.matches]
    cuts = tuple(size for match in matches if isinstance(match, MatchSize) for size in match.ranges)
    return Lens(
        places=frozenset(place for policy in listed for place in (*policy.links, *policy.services)),
        fields=None,
        sizes=bool(cuts),
        controls=frozenset(place for policy in listed for place in policy.services),
        cuts=(*cuts, *_given_cuts(given)),
    )


NOBODY = Lens(places=frozenset(), fields=None, sizes=False)


def _given_cuts(given: Sequence[FactLiteral]) -> tuple[Range, ...]:
    return tuple(
        Range(int(low), int(high or low))
        for literal in given
        if literal.fact.kind == FactKind.OCCURS.value
        for low, _, high in [literal.fact.arguments[-1].partition("..")]
    )


def shows_direction(lens: Lens) -> bool:
    """Direction shows with ip or size (B8)."""
    return lens.fields is not None and bool(lens.fields & {IP, SIZE})


def infers_flow(lens: Lens) -> bool:
    """Whether a classifier names the flow of a record."""
    return lens.fields is not None and FLOW in lens.fields
