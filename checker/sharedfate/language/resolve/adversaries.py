"""Adversaries: where they sit in this model, what they see, what they may do; `extends` is worked out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sharedfate.language import syntax
from sharedfate.language.diagnostics import Code, Label
from sharedfate.language.resolve import values
from sharedfate.language.resolve.network import source
from sharedfate.language.resolve.places import Hint, Places
from sharedfate.language.resolve.scope import Kind, Scope
from sharedfate.model.adversary import Act, Adversary, Inferred, Limit
from sharedfate.model.source import Span
from sharedfate.model.wire import Field


@dataclass
class _Draft:
    """An adversary while its clauses are added; begins as a copy of what it extends."""

    links: dict[str, None] = field(default_factory=dict)
    services: dict[str, None] = field(default_factory=dict)
    watched: dict[str, None] = field(default_factory=dict)
    sees: dict[Field, None] = field(default_factory=dict)
    infers: dict[Field, Inferred] = field(default_factory=dict)
    acts: dict[Act, None] = field(default_factory=dict)
    rate: int | None = None
    holds_root: bool = False
    rules: int | None = None
    allow_list: bool = False
    says_may: bool = False


class Adversaries:
    """Resolves adversaries by name, each once."""

    def __init__(
        self, declarations: Iterable[syntax.TopDecl], places: Places, scope: Scope, own_files: frozenset[str]
    ) -> None:
        """`own_files`: in these a place that is not there is said; others may be written for many models."""
        self._declared = {item.name.text: item for item in declarations if isinstance(item, syntax.AdversaryDecl)}
        self._places = places
        self._scope = scope
        self._own_files = own_files
        self._drafts: dict[str, _Draft | None] = {}

    def all(self) -> list[Adversary]:
        """All that could be resolved, in order of declaration."""
        made = []
        for item in self._declared.values():
            draft = self._draft(item)
            if draft is not None:
                made.append(_finished(item, draft))
                self._remarks(item, made[-1])
        return made

    def _draft(self, item: syntax.AdversaryDecl) -> _Draft | None:
        """What an adversary is, after what it extends. A long chain of `extends` is no deep recursion."""
        chain: list[syntax.AdversaryDecl] = []
        at: syntax.AdversaryDecl | None = item
        while at is not None and at.name.text not in self._drafts:
            if at in chain:
                self._circle(chain[chain.index(at) :])
                for one in chain:
                    self._drafts[one.name.text] = None
                return None
            chain.append(at)
            base = at.base
            at = None
            if base is not None and self._scope.find(base, Kind.ADVERSARY):
                at = self._declared.get(base.text)
        for one in reversed(chain):
            if one.name.text not in self._drafts:
                self._drafts[one.name.text] = self._extended(one)
        return self._drafts[item.name.text]

    def _extended(self, item: syntax.AdversaryDecl) -> _Draft | None:
        base = self._drafts.get(item.base.text, _Draft()) if item.base else _Draft()
        if base is None:  # part of a circle
            return None
        draft = _Draft(
            dict(base.links), dict(base.services), dict(base.watched), dict(base.sees), dict(base.infers),
            dict(base.acts), base.rate, base.holds_root, base.rules, base.allow_list, base.says_may,
        )  # fmt: skip
        for clause in item.clauses:
            self._add(draft, clause)
        return draft

    def _circle(self, circle: Sequence[syntax.AdversaryDecl]) -> None:
        shown = " extends ".join(f"`{item.name.text}`" for item in (*circle, circle[0]))
        labels = tuple(Label(item.name.span, "and this one") for item in circle[1:4])
        message = f"an adversary extends itself: {shown}"
        self._scope.found.error(Code.EXTENDS_CYCLE, message, circle[0].name.span, labels=labels)

    def _add(self, draft: _Draft, clause: syntax.AdversaryClause) -> None:
        match clause:
            case syntax.OnClause(place=place):
                links, services = self._places.place(place)
                draft.links.update(dict.fromkeys(links))
                draft.services.update(dict.fromkeys(services))
            case syntax.ControlsClause(target=target):
                draft.services.update(dict.fromkeys(self._places.target(target)))
            case syntax.WatchesClause(target=target):
                draft.watched.update(dict.fromkeys(self._places.target(target)))
            case syntax.SeesClause(fields=fields):
                draft.sees.update({Field(name.text): None for name in fields if self._scope.find(name, Kind.FIELD)})
            case syntax.InfersClause(fields=fields):
                self._infers(draft, fields)
            case syntax.MayClause(acts=acts):
                self._may(draft, acts)
            case syntax.HoldsRoot():
                draft.holds_root = True
            case syntax.LimitedClause(rules=rules):
                if rules < 1:
                    notes = ("leave the limit out, or give it one rule at least",)
                    message = "limited to no rules, it can do nothing"
                    self._scope.found.error(Code.ZERO_RULES, message, clause.span, notes=notes)
                draft.rules = max(1, rules)
            case syntax.DenyClause():
                draft.allow_list = True

    def _infers(self, draft: _Draft, fields: Iterable[syntax.InferredField]) -> None:
        for item in fields:
            if not self._scope.find(item.field, Kind.FIELD):
                continue
            error = float(item.error_percent) if item.error_percent is not None else None
            if error is not None and not 0 <= error <= 100:
                message = f"an error rate of {item.error_percent} percent is out of range"
                self._scope.found.error(Code.NUMBER_RANGE, message, item.span)
            name = Field(item.field.text)
            draft.infers[name] = Inferred(name, error)

    def _may(self, draft: _Draft, acts: Iterable[syntax.MayAct]) -> None:
        draft.says_may = True
        for item in acts:
            draft.acts[item.act] = None
            if item.rate is not None:
                draft.rate = values.rate(item.rate.amount, item.rate.unit.text, item.rate.span, self._scope.found)

    def _remarks(self, item: syntax.AdversaryDecl, made: Adversary) -> None:
        """Warnings about an adversary that was written for this model."""
        if item.span.file not in self._own_files:
            return
        hints = [hint for clause in item.clauses for hint in self._hints(clause)]
        for hint in hints:
            self._scope.found.warning(Code.SITS_NOWHERE, hint.message, hint.span, fixes=hint.fixes)
        if not hints and not (made.links or made.services or made.watched):
            notes = ("it sits where a link has its tag, or a service its name or role",)
            message = f"adversary `{made.name}` sits nowhere in this model"
            self._scope.found.warning(Code.SITS_NOWHERE, message, item.name.span, notes=notes)
        elif made.links and made.acts and not (made.sees or made.infers):
            notes = ("it acts on everything on its links, or on nothing; say `sees ip, port, …`",)
            message = f"adversary `{made.name}` sees nothing"
            self._scope.found.warning(Code.SEES_NOTHING, message, item.name.span, notes=notes)

    def _hints(self, clause: syntax.AdversaryClause) -> Iterator[Hint]:
        match clause:
            case syntax.OnClause(place=place):
                yield from self._places.hints(place)
            case syntax.ControlsClause(target=target) | syntax.WatchesClause(target=target):
                yield from self._places.hints(target)
            case _:
                pass


def _finished(item: syntax.AdversaryDecl, draft: _Draft) -> Adversary:
    """Who controls a service and does not say what it may, may drop there: control is that already."""
    acts = tuple(draft.acts)
    if not draft.says_may and draft.services and not draft.links:
        acts = (Act.DROP,)
    limited = draft.rules is not None or draft.allow_list
    return Adversary(
        name=item.name.text,
        links=tuple(draft.links),
        services=tuple(draft.services),
        watched=tuple(draft.watched),
        sees=tuple(draft.sees),
        infers=tuple(draft.infers.values()),
        acts=acts,
        throttle_rate=draft.rate,
        holds_root=draft.holds_root,
        limit=Limit(draft.rules, draft.allow_list) if limited else None,
        span=item.name.span,
        source=source(item),
    )


def controlling(name: str, services: tuple[str, ...], span: Span) -> Adversary:
    """A service, or an operator with all its services, as an adversary."""
    return Adversary(name, services=services, acts=(Act.DROP,), span=span)
