"""Where adversaries and policies sit: tags, roles, operators and names, as links and services of one model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from sharedfate.language import syntax
from sharedfate.language.diagnostics import Code
from sharedfate.language.resolve.scope import Kind, Scope, near_fix
from sharedfate.model.network import Link, Service


class Places:
    """Links and services of one model, by what they are called."""

    def __init__(self, links: Iterable[Link], services: Iterable[Service], scope: Scope) -> None:
        """Diagnostics go to the scope's collector."""
        self._links = tuple(links)
        self._services = tuple(services)
        self._scope = scope

    def place(self, written: syntax.Place, quiet: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """(links, services). With `quiet` nothing is said of a tag or role that this model does not have."""
        match written:
            case syntax.TaggedLinks(tags=tags):
                wanted = {tag.text for tag in tags}
                known = {tag for item in self._links for tag in item.tags}
                for tag in tags:
                    self._hint(tag, known, "no link is tagged", quiet)
                return tuple(item.name for item in self._links if wanted & set(item.tags)), ()
            case syntax.Role():
                return (), self.target(written, quiet)
            case syntax.Named(names=names, links_only=True):
                return tuple(name.text for name in names if self._scope.find(name, Kind.LINK)), ()
            case syntax.Named(names=names):
                found = [(name.text, self._scope.find(name, Kind.LINK, Kind.SERVICE)) for name in names]
                links = tuple(name for name, kind in found if kind is Kind.LINK)
                return links, tuple(name for name, kind in found if kind is Kind.SERVICE)
            case _:
                assert_never(written)

    def target(self, written: syntax.Target, quiet: bool) -> tuple[str, ...]:
        """Services that are controlled or watched."""
        match written:
            case syntax.Role(role=role):
                known = {name for item in self._services for name in item.roles}
                self._hint(role, known, "no service has the role", quiet)
                return tuple(item.name for item in self._services if role.text in item.roles)
            case syntax.OperatedBy(operator=operator):
                operators = {item.operator for item in self._services if item.operator}
                self._hint(operator, operators, "no service is operated by", quiet)
                return self.operated_by(operator.text)
            case syntax.Named(names=names):
                return tuple(name.text for name in names if self._scope.find(name, Kind.SERVICE))
            case _:
                assert_never(written)

    def operated_by(self, operator: str) -> tuple[str, ...]:
        """The services of an operator, in order of declaration."""
        return tuple(item.name for item in self._services if item.operator == operator)

    def _hint(self, name: syntax.Ident, known: set[str], what: str, quiet: bool) -> None:
        if quiet or name.text in known or self._scope.found.full:
            return
        fixes = near_fix(name.span, name.text, known)
        self._scope.found.warning(Code.SITS_NOWHERE, f"{what} `{name.text}`", name.span, fixes=fixes)
