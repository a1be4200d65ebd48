"""Which of an instance's alternatives is taken, out of those that are fit for something (spec D3)."""

from __future__ import annotations

from collections.abc import Callable

from sharedfate.model.facts import FactKind, FactName
from sharedfate.semantics.obligation.logic import Lit, Logic
from sharedfate.semantics.obligation.nature import Nature
from sharedfate.semantics.stage import Instance, StagedAlternative


def chosen(
    logic: Logic, nature: Nature, at: Instance, item: StagedAlternative, fit: Callable[[StagedAlternative], Lit]
) -> Lit:
    """The preferred alternative if it is fit, else the first fit one in order of declaration."""
    fact = FactName(FactKind.SITS.value, (at.label,))
    keys = [one.key for one in at.alternatives]

    def preferred(one: StagedAlternative) -> Lit:
        return nature.value(fact, one.key, keys)

    earlier = at.alternatives[: at.alternatives.index(item)]
    fallback = logic.both(
        logic.any(logic.both(preferred(other), -fit(other)) for other in at.alternatives if other is not item),
        *(-fit(other) for other in earlier),
    )
    return logic.both(fit(item), logic.either(preferred(item), fallback))
