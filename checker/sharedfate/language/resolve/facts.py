"""Facts as they are given or expected: `order(courier)`, `hands_out(courier@alice, v4) is 17.249.0.0/16`.

Names of facts are written in one way only (spec/semantics.md H); what is said in another way here is brought to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence

from sharedfate.language import syntax
from sharedfate.language.diagnostics import Code, Label
from sharedfate.language.resolve.flows import covered_sizes
from sharedfate.language.resolve.handouts import Handed, hand_outs, named_pool, value_fits
from sharedfate.language.resolve.scope import Kind, Scope, near_fix
from sharedfate.language.resolve.values import size_range
from sharedfate.model.facts import FactKind, FactLiteral, FactName
from sharedfate.model.model import Model
from sharedfate.model.source import Span
from sharedfate.model.wire import Range

_RANGE = re.compile(r"(\d{1,15})(?:\.\.(\d{1,15}))?", re.ASCII)
_KINDS = tuple(kind.value for kind in FactKind if kind is not FactKind.ASSUMPTION)
_VALUED = (FactKind.HANDS_OUT, FactKind.SITS)


class Facts:
    """Checks facts against one model (its checks and given facts may still be missing)."""

    def __init__(self, model: Model, scope: Scope) -> None:
        """Diagnostics go to the scope's collector."""
        self._model = model
        self._scope = scope

    def given(self, written: syntax.FactLiteral, holds: bool = True) -> FactLiteral | None:
        """A literal that closes a fact; with `holds` false its negation. None after a diagnostic."""
        made = self.literal(written)
        if made is None:
            return None
        if made.fact.kind == FactKind.ASSUMPTION.value and not self.is_open(written):
            return None
        if made.value is None and made.fact.kind in {kind.value for kind in _VALUED}:
            notes = (f"write `{made.fact} is VALUE`",)
            self._error(f"`{made.fact}` has several values", written.span, notes)
            return None
        return FactLiteral(made.fact, made.positive == holds, made.value)

    def literal(self, written: syntax.FactLiteral) -> FactLiteral | None:
        """A literal about a fact that this model can have."""
        fact = self.name(written)
        if fact is None:
            return None
        if not written.value:
            return FactLiteral(fact, written.positive)
        if fact.kind not in {kind.value for kind in _VALUED}:
            self._error(f"`{fact}` is true or false, and has no other value", written.span, ("leave out `is …`",))
            return None
        value = self._value(written, fact)
        return FactLiteral(fact, written.positive, value) if value is not None else None

    def name(self, written: syntax.FactLiteral) -> FactName | None:
        """The fact's name in its one form."""
        if not written.arguments:
            if written.name.text in _KINDS:
                notes = (f"write `{written.name.text}(…)`",)
                self._error(f"`{written.name.text}` needs to say what it is about", written.span, notes)
                return None
            known = self._scope.find(written.name, Kind.ASSUMPTION)
            return FactName(FactKind.ASSUMPTION.value, (written.name.text,)) if known else None
        if written.name.text not in _KINDS:
            fixes = near_fix(written.name.span, written.name.text, _KINDS)
            notes = ("kinds of facts are " + ", ".join(f"`{kind}`" for kind in _KINDS),)
            message = f"there is no kind of fact `{written.name.text}`"
            self._scope.found.error(Code.UNKNOWN_FACT, message, written.name.span, notes=notes, fixes=fixes)
            return None
        arguments = self._arguments(FactKind(written.name.text), written)
        return FactName(written.name.text, arguments) if arguments is not None else None

    def _arguments(self, kind: FactKind, written: syntax.FactLiteral) -> tuple[str, ...] | None:
        texts = [argument.text for argument in written.arguments]
        match kind:
            case FactKind.ORDER | FactKind.RESOLVES:
                return self._one(texts, written, self._connection)
            case FactKind.NEED:
                return self._one(texts, written, self._flow)
            case FactKind.SITS:
                return self._one(texts, written, self._instance)
            case FactKind.TOGETHER:
                return self._together(texts, written)
            case FactKind.HANDS_OUT:
                return self._hands_out(texts, written)
            case FactKind.OCCURS:
                return self._occurs(texts, written)
            case FactKind.ASSUMPTION:
                return None

    def _one(
        self, texts: list[str], written: syntax.FactLiteral, check: Callable[[str, Span], str | None]
    ) -> tuple[str, ...] | None:
        if len(texts) != 1:
            self._error(f"`{written.name.text}` is about one thing", written.span)
            return None
        text = check(texts[0], written.arguments[0].span)
        return (text,) if text is not None else None

    def _together(self, texts: list[str], written: syntax.FactLiteral) -> tuple[str, ...] | None:
        if len(texts) != 2:
            self._error("`together` is about a connection and a flow", written.span)
            return None
        instance = self._instance(texts[0], written.arguments[0].span)
        flow = self._flow(texts[1], written.arguments[1].span)
        return (instance, flow) if instance is not None and flow is not None else None

    def _hands_out(self, texts: list[str], written: syntax.FactLiteral) -> tuple[str, ...] | None:
        span = written.arguments[0].span
        first = written.arguments[0].words
        if len(texts) == 1 and len(first) > 1:  # `hands_out(courier@alice v4)`
            texts = [first[0].text, " ".join(word.text for word in first[1:])]
        pool, _, client = texts[0].partition("@")
        if len(texts) == 1 and self._scope.has(Kind.POOL, pool):
            if not client:
                self._missing_client(pool, span)
            return (texts[0],) if client and self._end(client, span) else None
        instance = self._instance(texts[0], span)
        if instance is None:
            return None
        offered = list(hand_outs(self._model.connection[instance.partition("@")[0]]))
        said = ", ".join(texts[1:])
        if said in offered:
            return (instance, said)
        if len(texts) == 1 and len(offered) == 1:
            return (instance, offered[0])
        where = written.arguments[-1].span
        fixes = near_fix(where, said, offered)
        notes = (f"`{instance}` is handed " + ", ".join(f'"{text}"' for text in offered),)
        message = f"`{instance}` is handed several things" if len(texts) == 1 else f'`{instance}` is handed no "{said}"'
        self._scope.found.error(Code.UNKNOWN_FACT, message, where, notes=notes, fixes=fixes)
        return None

    def _occurs(self, texts: list[str], written: syntax.FactLiteral) -> tuple[str, ...] | None:
        if len(texts) < 2:
            self._error("`occurs` is about a flow and a range of sizes", written.span, ("write `occurs(FLOW, 1..64)`",))
            return None
        span = written.arguments[-1].span
        matched = _RANGE.fullmatch(texts[-1])
        if matched is None:
            self._error(f"`{texts[-1]}` is no range of sizes", span)
            return None
        sizes = size_range(int(matched[1]), int(matched[2] or matched[1]), span, self._scope.found)
        about = " ".join(texts[:-1]).split()
        if about[0] == "control":
            whose = self._control(about[1:], written.arguments[0].span)
        else:
            flow = self._flow(" ".join(about), written.arguments[0].span)
            whose = (flow,) if flow is not None else None
        if sizes is None or whose is None:
            return None
        return (*whose, str(sizes)) if self._may_occur(whose, sizes, span) else None

    def _control(self, words: Sequence[str], span: Span) -> tuple[str, ...] | None:
        """`control courier up`, or `control up` where one connection only is a stream."""
        streams = [item.name for item in self._model.connections if item.stream]
        direction = words[-1] if words else ""
        if direction not in ("up", "down") or len(words) > 2 or (len(words) == 1 and len(streams) != 1):
            notes = ("write `occurs(control, CONNECTION, up, 1..64)`",)
            self._error("control units are those of a stream, up or down", span, notes)
            return None
        name = words[0] if len(words) == 2 else streams[0]
        connection = self._connection(name, span)
        if connection is not None and connection not in streams:
            self._error(f"`{connection}` is no stream, and has no control units", span)
            return None
        return ("control", connection, direction) if connection is not None else None

    def _may_occur(self, whose: tuple[str, ...], sizes: Range, span: Span) -> bool:
        """Whether a unit of these sizes is possible at all."""
        if whose[0] == "control":
            connection = self._model.connection[whose[1]]
            said = connection.control_up if whose[2] == "up" else connection.control_down
            known = (*said.usual, *said.possible) if said else (Range(1, 64),)
        else:
            known = covered_sizes(self._model.flow[whose[0]])
        if not known or any(item.low <= sizes.high and sizes.low <= item.high for item in known):
            return True
        shown = ", ".join(str(item) for item in known)
        self._error(f"units of {sizes} bytes cannot occur there", span, (f"the sizes are {shown}",))
        return False

    def _value(self, written: syntax.FactLiteral, fact: FactName) -> str | None:
        value = written.value_text
        if fact.kind == FactKind.HANDS_OUT.value:
            handed = self._handed(fact)
            return value if value_fits(value, handed, written.value[0].span, self._scope.found) else None
        keys = [item.key for item in self._model.connection[fact.arguments[0].partition("@")[0]].alternatives]
        if value in keys:
            return value
        span = written.value[0].span
        fixes = near_fix(span, value, keys)
        notes = ("the alternatives are " + ", ".join(f'"{key}"' for key in keys[:12]),)
        message = f'`{fact.arguments[0]}` has no alternative "{value}"'
        self._scope.found.error(Code.UNKNOWN_FACT, message, span, notes=notes, fixes=fixes)
        return None

    def _handed(self, fact: FactName) -> Handed:
        name = fact.arguments[0].partition("@")[0]
        if len(fact.arguments) == 1:
            return named_pool(self._model.connections, name)
        return hand_outs(self._model.connection[name])[fact.arguments[1]]

    def _connection(self, text: str, span: Span) -> str | None:
        return self._known(text, span, Kind.CONNECTION, self._model.connection)

    def _flow(self, text: str, span: Span) -> str | None:
        return self._known(text, span, Kind.FLOW, self._model.flow)

    def _end(self, text: str, span: Span) -> str | None:
        return self._known(text, span, Kind.PARTY, self._model.zone_of)

    def _known(self, text: str, span: Span, kind: Kind, names: Container[str]) -> str | None:
        if text in names:
            return text
        if not self._scope.has(kind, text):  # what is declared and not there has an error of its own
            self._scope.unknown(syntax.Ident(text, span=span), kind)
        return None

    def _instance(self, text: str, span: Span) -> str | None:
        """`courier@alice`, or `courier` where it has one client: without the client then, in either case."""
        name, _, client = text.partition("@")
        if self._connection(name, span) is None:
            return None
        clients = self._model.connection[name].clients
        if client and client not in clients:
            fixes = near_fix(span, text, [f"{name}@{item}" for item in clients])
            message = f"`{client}` is no client of `{name}`"
            self._scope.found.error(Code.UNKNOWN_FACT, message, span, fixes=fixes)
            return None
        if len(clients) == 1:
            return name
        if not client:
            self._missing_client(name, span, clients)
        return text if client else None

    def _missing_client(self, name: str, span: Span, clients: Sequence[str] = ()) -> None:
        shown = tuple(f"`{name}@{item}`" for item in clients[:6])
        notes = ("write " + " or ".join(shown),) if shown else (f"write `{name}@CLIENT`",)
        self._error(f"`{name}` has one for each client", span, notes)

    def is_open(self, written: syntax.FactLiteral) -> bool:
        """Whether a declared assumption is open; said when it is not."""
        name = written.name.text
        if any(item.name == name and item.is_open for item in self._model.assumptions):
            return True
        declared = self._scope.span(Kind.ASSUMPTION, name)
        label = Label(declared, "declared without `open` here")
        message = f"assumption `{name}` is not open: it holds"
        notes = (f"write `assume {name} open` to let a check decide",)
        self._scope.found.error(Code.NOT_OPEN, message, written.span, labels=(label,), notes=notes)
        return False

    def _error(self, message: str, span: Span, notes: tuple[str, ...] = ()) -> None:
        self._scope.found.error(Code.UNKNOWN_FACT, message, span, notes=notes)
