"""A whole model. Tuples keep declaration order; the look-ups are by name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sharedfate.model.adversary import Adversary
from sharedfate.model.facts import FactLiteral
from sharedfate.model.network import Assumption, Connection, Link, Party, Service, Zone
from sharedfate.model.policy import Policy
from sharedfate.model.question import Check
from sharedfate.model.traffic import Flow, Function
from sharedfate.model.wire import OwnField


@dataclass(frozen=True)
class Model:
    """Everything that a file and the files that it uses say. Names are unique within a kind, and were resolved.

    `given` are facts that the model or the command line closes (`assume order(courier)`, `--assume`).
    """

    name: str
    title: str = ""
    zones: tuple[Zone, ...] = ()
    links: tuple[Link, ...] = ()
    parties: tuple[Party, ...] = ()
    services: tuple[Service, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    given: tuple[FactLiteral, ...] = ()
    own_fields: tuple[OwnField, ...] = ()
    connections: tuple[Connection, ...] = ()
    flows: tuple[Flow, ...] = ()
    functions: tuple[Function, ...] = ()
    adversaries: tuple[Adversary, ...] = ()
    policies: tuple[Policy, ...] = ()
    checks: tuple[Check, ...] = ()
    files: tuple[str, ...] = ()

    @cached_property
    def zone_of(self) -> dict[str, str]:
        """Zone of each party and service."""
        zones = {party.name: party.zone for party in self.parties}
        return zones | {service.name: service.zone for service in self.services}

    @cached_property
    def link(self) -> dict[str, Link]:
        """Links by name."""
        return {item.name: item for item in self.links}

    @cached_property
    def service(self) -> dict[str, Service]:
        """Services by name."""
        return {item.name: item for item in self.services}

    @cached_property
    def connection(self) -> dict[str, Connection]:
        """Connections by name."""
        return {item.name: item for item in self.connections}

    @cached_property
    def flow(self) -> dict[str, Flow]:
        """Flows by name."""
        return {item.name: item for item in self.flows}

    @cached_property
    def function(self) -> dict[str, Function]:
        """Functions by name."""
        return {item.name: item for item in self.functions}

    @cached_property
    def adversary(self) -> dict[str, Adversary]:
        """Adversaries by name."""
        return {item.name: item for item in self.adversaries}

    @cached_property
    def policy(self) -> dict[str, Policy]:
        """Policies by name."""
        return {item.name: item for item in self.policies}
