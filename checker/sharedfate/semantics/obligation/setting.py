"""What all parts of one fate computation share."""

from __future__ import annotations

from dataclasses import dataclass

from sharedfate.model.model import Model
from sharedfate.model.network import Keep
from sharedfate.model.question import Horizon
from sharedfate.model.traffic import Flow
from sharedfate.semantics.obligation.effects import Acts
from sharedfate.semantics.obligation.logic import Logic
from sharedfate.semantics.obligation.nature import Nature
from sharedfate.semantics.stage import Stage


@dataclass(frozen=True)
class Setting:
    """A stage, nature, a policy and a horizon."""

    logic: Logic
    model: Model
    stage: Stage
    nature: Nature
    acts: Acts
    horizon: Horizon

    def kept(self, keep: Keep, *, expires: bool, fresh: bool) -> bool:
        """Whether what is kept so is still there for a client (`fresh`: one that holds nothing) (D1, E)."""
        if fresh:
            return False
        match keep:
            case Keep.NO:
                return False
            case Keep.CACHED:
                return self.horizon is Horizon.AT_ONCE
            case Keep.DURABLE:
                return self.horizon is not Horizon.FOR_GOOD or not expires

    def had(self, flow: Flow, *, fresh: bool) -> bool:
        """Whether the flow need not be had again."""
        durable = flow.durable and self.kept(Keep.DURABLE, expires=flow.expires, fresh=fresh)
        return durable or (flow.cached and self.kept(Keep.CACHED, expires=flow.expires, fresh=fresh))
