"""How an address is found: DNS, a bag of hosts, another flow, or built in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from sharedfate.language import syntax
from sharedfate.language.diagnostics import Code
from sharedfate.language.resolve import values
from sharedfate.language.resolve.scope import Kind, Scope
from sharedfate.model.network import BuiltIn, ByBag, ByDns, ByFlow, Finding, Keep
from sharedfate.model.wire import NamePattern


def chain(steps: Iterable[syntax.Step], scope: Scope) -> tuple[Finding, ...]:
    """The steps of one chain; all of them are needed."""
    return tuple(made for step in steps if (made := _step(step, scope)) is not None)


def _step(step: syntax.Step, scope: Scope) -> Finding | None:
    match step:
        case syntax.BuiltInStep():
            return BuiltIn(step.span)
        case syntax.DnsStep():
            _expires(step, scope)
            resolver = _resolver(step.resolver, scope)
            names, cname = _names(step.names, scope), _names(step.cname, scope)
            return ByDns(names, cname, resolver, step.encrypted, step.keep, step.expires, step.span)
        case syntax.BagStep():
            _expires(step, scope)
            hosts = _names((step.host,), scope)
            resolver = _resolver(step.resolver, scope)
            return ByBag(hosts[0], resolver, step.keep, step.expires, step.span) if hosts else None
        case syntax.FlowStep(flow=flow):
            _expires(step, scope)
            scope.find(flow, Kind.FLOW)
            return ByFlow(flow.text, step.keep, step.expires, step.span)
        case _:
            assert_never(step)


def _resolver(name: syntax.Ident | None, scope: Scope) -> str | None:
    return name.text if name and scope.find(name, Kind.SERVICE) else None


def _names(texts: Iterable[syntax.Text], scope: Scope) -> tuple[NamePattern, ...]:
    made = [values.name_pattern(text.value, text.span, scope.found) for text in texts]
    return tuple(name for name in made if name is not None)


def _expires(step: syntax.DnsStep | syntax.BagStep | syntax.FlowStep, scope: Scope) -> None:
    if step.expires and step.keep is Keep.NO:
        notes = ("say `durable expires`, or leave `expires` out",)
        scope.found.error(Code.NONSENSE, "what is not kept cannot expire", step.span, notes=notes)
