"""Where adversaries and policies sit: tags, roles, operators and names, as links and services of one model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from sharedfate.language import syntax
from sharedfate.language.diagnostics import Fix
from sharedfate.language.resolve.scope import Kind, Scope, near_fix
from sharedfate.model.network import Link, Service
from sharedfate.model.source import Span


@dataclass(frozen=True, slots=True)
class Hint:
    """A tag, role or operator that is not there, and a near one."""

    message: str
    span: Span
    fixes: tuple[Fix, ...]


class Places:
    """Links and services of one model, by what they are called."""

    def __init__(self, links: Iterable[Link], services: Iterable[Service], scope: Scope) -> None:
        """Diagnostics go to the scope's collector."""
        self._links = tuple(links)
        self._services = tuple(services)
        self._scope = scope

    def place(self, written: syntax.Place) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """(links, services); nothing is said of a tag or role that this model does not have: see `hints`."""
        match written:
            case syntax.TaggedLinks(tags=tags):
                wanted = {tag.text for tag in tags}
                return tuple(item.name for item in self._links if wanted & set(item.tags)), ()
            case syntax.Role():
                return (), self.target(written)
            case syntax.Named(names=names, links_only=True):
                return tuple(name.text for name in names if self._scope.find(name, Kind.LINK)), ()
            case syntax.Named(names=names):
                found = [(name.text, self._scope.find(name, Kind.LINK, Kind.SERVICE)) for name in names]
                links = tuple(name for name, kind in found if kind is Kind.LINK)
                return links, tuple(name for name, kind in found if kind is Kind.SERVICE)
            case _:
                assert_never(written)

    def target(self, written: syntax.Target) -> tuple[str, ...]:
        """Services that are controlled or watched."""
        match written:
            case syntax.Role(role=role):
                return tuple(item.name for item in self._services if role.text in item.roles)
            case syntax.OperatedBy(operator=operator):
                return self.operated_by(operator.text)
            case syntax.Named(names=names):
                return tuple(name.text for name in names if self._scope.find(name, Kind.SERVICE))
            case _:
                assert_never(written)

    def operated_by(self, operator: str) -> tuple[str, ...]:
        """The services of an operator, in order of declaration."""
        return tuple(item.name for item in self._services if item.operator == operator)

    def hints(self, written: syntax.Place | syntax.Target) -> Iterator[Hint]:
        """What is wrong with tags, roles and operators that this model does not have."""
        match written:
            case syntax.TaggedLinks(tags=tags):
                known = {tag for item in self._links for tag in item.tags}
                for tag in tags:
                    yield from self._hint(tag, known, "no link is tagged")
            case syntax.Role(role=role):
                known = {name for item in self._services for name in item.roles}
                yield from self._hint(role, known, "no service has the role")
            case syntax.OperatedBy(operator=operator):
                known = {item.operator for item in self._services if item.operator}
                yield from self._hint(operator, known, "no service is operated by")
            case syntax.Named():
                pass

    def _hint(self, name: syntax.Ident, known: set[str], what: str) -> Iterator[Hint]:
        if name.text not in known and not self._scope.found.full:
            yield Hint(f"{what} `{name.text}`", name.span, near_fix(name.span, name.text, known))
