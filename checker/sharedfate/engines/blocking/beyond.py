"""What the semantics has no word for yet (spec G): such questions are UNKNOWN, never answered as if simpler."""

from __future__ import annotations

from collections.abc import Sequence

from sharedfate.model.model import Model
from sharedfate.model.network import Alternative
from sharedfate.model.traffic import SizeKind
from sharedfate.semantics.cone import cone


def beyond(model: Model, functions: Sequence[str]) -> str:
    """Why a question about these functions has no answer, or nothing."""
    _, ids = cone(model, functions)
    for name in sorted({here.connection for here in ids}):
        for item in model.connection[name].alternatives:
            if item.via is None:
                continue
            if item.via.passing_through and _tunnelled(model, item.via.connection):
                return f"{name} passes through {item.via.connection}, which itself rides in a tunnel: not modelled"
            if not item.via.passing_through and _padded(model, name):
                return f"{name} carries padded units in a tunnel, whose pieces two places may hit apart: not modelled"
    return ""


def _tunnelled(model: Model, connection: str) -> bool:
    alternatives: tuple[Alternative, ...] = model.connection[connection].alternatives
    return any(item.via is not None for item in alternatives)


def _padded(model: Model, connection: str) -> bool:
    return any(
        sizes.kind is SizeKind.PADDED
        for flow in model.flows
        if any(hop.connection == connection for hop in flow.hops)
        for sizes in flow.sizes
    )
