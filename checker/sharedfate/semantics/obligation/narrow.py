"""Leaves out rules of long lists that can match nothing of a model: what stays decides exactly as the whole list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sharedfate.model.model import Model
from sharedfate.model.network import ByBag, ByDns
from sharedfate.model.policy import MatchIp, MatchName, Policy, Rule
from sharedfate.model.wire import Dialect
from sharedfate.semantics.obligation.address_classes import Addresses
from sharedfate.semantics.staging import patterns_of

WORTH_IT = 64
"""Shorter policies are left as they are."""


def narrowed(model: Model, policies: Iterable[Policy]) -> tuple[Policy, ...]:
    """The policies, long ones without the rules that name no address or name of the model."""
    relevance = Relevance(model)
    return tuple(
        policy
        if len(policy.rules) < WORTH_IT
        else replace(policy, rules=tuple(rule for rule in policy.rules if relevance.of(rule)))
        for policy in policies
    )


class Relevance:
    """Whether a rule can match an address that a pool hands out, and a name that is shown or looked up."""

    def __init__(self, model: Model) -> None:
        alternatives = [item for connection in model.connections for item in connection.alternatives]
        prefixes = {prefix for item in alternatives if item.pool for prefix in item.pool.prefixes}
        self._addresses = Addresses(prefixes)
        texts = {name.text.lower() for item in alternatives for name in patterns_of(item)}
        texts |= {step.host.text.lower() for item in alternatives for step in item.found if isinstance(step, ByBag)}
        aliases = [step for item in alternatives for step in item.found if isinstance(step, ByDns)]
        texts |= {name.text.lower() for step in aliases for name in (*step.names, *step.cname)}
        self._tails = {text.rpartition("*")[2].rpartition(">")[2] for text in texts if "*" in text or "<" in text}
        self._suffixes = {end for text in texts for end in _suffixes(text)}
        self._texts = texts

    def of(self, rule: Rule) -> bool:
        """False only if some matcher can hold for nothing in the model."""
        for match in rule.matches:
            if isinstance(match, MatchIp) and not any(self._addresses.meet(prefix) for prefix in match.prefixes):
                return False
            if isinstance(match, MatchName) and not any(self._named(name, match.dialect) for name in match.names):
                return False
        return True

    def _named(self, name: str, dialect: Dialect) -> bool:
        if dialect not in (Dialect.EXACT, Dialect.SUFFIX):
            return True
        name = name.lower()
        if name in (self._suffixes if dialect is Dialect.SUFFIX else self._texts):
            return True
        return any(name.endswith(tail) or tail.endswith(name) for tail in self._tails)


def _suffixes(text: str) -> Iterable[str]:
    labels = text.split(".")
    return (".".join(labels[index:]) for index in range(len(labels)))
