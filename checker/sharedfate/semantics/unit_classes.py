"""Cuts the sizes of flows and control units into unit classes (spec A7)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import combinations
from typing import TypeVar

from sharedfate.model.facts import FactKind, FactName
from sharedfate.model.guard import ALWAYS, Always
from sharedfate.model.model import Model
from sharedfate.model.network import Alternative, ControlSizes
from sharedfate.model.traffic import SizeKind, Sizes
from sharedfate.model.wire import ALPN, IP, PORT, SNI, Direction, Field, NamePattern, Range
from sharedfate.semantics.cone import Traffic
from sharedfate.semantics.lens import Lens
from sharedfate.semantics.stage import InstanceId, Segment, UnitClass

SILENT_CONTROL = ControlSizes((Range(1, 64),))
"""What silence on control means: usual 1..64 in both directions (assumption control(c))."""
MAX_SIZE = 65535
"""A flow without sizes has units up to this many bytes, or up to the largest size that cuts it."""
MAX_PAIRWISE = 300
"""Above so many instances that are near each other all are taken to show the same views: that only cuts finer."""

Ways = Mapping[InstanceId, Sequence[tuple[Segment, ...]]]
UnitKey = tuple[str, ...]
"""("flow", f) or ("control", connection, up|down)."""
Edges = tuple[int, ...]
"""Sizes at which a piece begins, ascending."""
T = TypeVar("T")


class Classes:
    """Unit classes by what they are classes of, made when they are first asked for."""

    def __init__(self, model: Model, cuts: Mapping[UnitKey, Edges]) -> None:
        """`cuts`: the edges for each kind of unit whose size somebody sees."""
        self._model = model
        self._cuts = cuts
        self._found: dict[UnitKey, tuple[UnitClass, ...]] = {}

    def of_flow(self, name: str) -> tuple[UnitClass, ...]:
        """The classes of a flow."""
        return self._of(("flow", name))

    def of_control(self, connection: str, direction: Direction) -> tuple[UnitClass, ...]:
        """The classes of a stream's control units in one direction."""
        return self._of(("control", connection, direction.value))

    def _of(self, key: UnitKey) -> tuple[UnitClass, ...]:
        if key not in self._found:
            self._found[key] = tuple(_classes(key, _clauses(self._model, key), self._cuts.get(key)))
        return self._found[key]


def unit_classes(model: Model, lens: Lens, traffic: Traffic, ids: Sequence[InstanceId], ways: Ways) -> Classes:
    """Classes of every flow of the model and of the control units of every stream."""
    groups = _groups(model, lens, traffic, ids, ways) if lens.sizes else ()
    return Classes(model, _cuts(model, lens, groups))


def _clauses(model: Model, key: UnitKey) -> tuple[Sizes, ...]:
    if key[0] == "flow":
        return model.flow[key[1]].sizes
    connection = model.connection[key[1]]
    declared = connection.control_up if key[2] == Direction.UP.value else connection.control_down
    sizes = declared or SILENT_CONTROL
    clauses = (Sizes(SizeKind.USUAL, sizes.usual), Sizes(SizeKind.POSSIBLE, sizes.possible))
    return tuple(clause for clause in clauses if clause.ranges)


def _edges(clauses: Iterable[Sizes]) -> set[int]:
    """Where pieces begin: low ends, and one past high ends."""
    return {edge for clause in clauses for part in clause.ranges for edge in (part.low, part.high + 1)}


def _cuts(model: Model, lens: Lens, groups: Iterable[Sequence[UnitKey]]) -> dict[UnitKey, Edges]:
    """For each kind of unit whose size somebody sees: the edges that cut it. `groups`: units seen together."""
    rules = {edge for part in lens.cuts for edge in (part.low, part.high + 1)}
    listed = [group for group in groups if group]
    if lens.fields is None:
        together = [[key] for key in dict.fromkeys(key for group in listed for key in group)]
    else:
        together = _joined(listed)
    cuts: dict[UnitKey, Edges] = {}
    for members in together:
        edges = tuple(sorted(rules.union(*(_edges(_clauses(model, key)) for key in members))))
        cuts |= dict.fromkeys(members, edges)
    return cuts


def _joined(groups: Iterable[Sequence[T]]) -> list[list[T]]:
    """The groups, those with a common member made one: what cuts a flow in one group cuts the others of its others."""
    leader: dict[T, T] = {}

    def find(one: T) -> T:
        while leader[one] != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    for group in groups:
        for one in group:
            leader.setdefault(one, one)
            leader[find(one)] = find(group[0])
    found: dict[T, list[T]] = {}
    for one in leader:
        found.setdefault(find(one), []).append(one)
    return list(found.values())


def _groups(
    model: Model, lens: Lens, traffic: Traffic, ids: Sequence[InstanceId], ways: Ways
) -> Iterator[list[UnitKey]]:
    seen = [here for here in ids if _places(ways[here]) & lens.places]
    if lens.counted:  # one rule may have to hit what other fields, or the direction, could tell apart
        flows: list[UnitKey] = [("flow", flow.name) for flow in model.flows]
        controls = [key for here in seen for way in Direction for key in _units(model, traffic, here, way)]
        yield list(dict.fromkeys([*flows, *controls]))
        return
    for together in _coinciding(model, lens, seen, ways):
        for direction in Direction:
            yield list(dict.fromkeys(key for here in together for key in _units(model, traffic, here, direction)))
    yield from _message_groups(model, lens)


def _places(ways: Iterable[tuple[Segment, ...]]) -> set[str]:
    return {
        place
        for way in ways
        for segment in way
        if segment.outer is None
        for place in (*segment.links, *((segment.exit,) if segment.exit else ()))
    }


def _units(model: Model, traffic: Traffic, here: InstanceId, direction: Direction) -> Iterator[UnitKey]:
    """What an instance carries in a direction, riders included."""
    for flow, way in traffic.own(here):
        if way is direction:
            yield ("flow", flow)
    if model.connection[here.connection].stream:
        yield ("control", here.connection, direction.value)
    for rider in dict.fromkeys(item.instance for item in traffic.riders(here)):
        yield from _units(model, traffic, rider, direction)


def _message_groups(model: Model, lens: Lens) -> Iterator[list[UnitKey]]:
    groups: dict[tuple[str, ...], list[UnitKey]] = {}
    for flow in model.flows:
        for hop in flow.hops:
            for service in {hop.sender, hop.receiver} & lens.controls:
                topic = "" if flow.topic is None else flow.topic.value or f"other {flow.name}"
                groups.setdefault((service, hop.sender, hop.receiver, hop.connection or "", topic), []).append(
                    ("flow", flow.name)
                )
    yield from groups.values()


def _coinciding(model: Model, lens: Lens, ids: Sequence[InstanceId], ways: Ways) -> list[list[InstanceId]]:
    """Instances grouped by whether their views could be equal; a group too many only cuts finer."""
    alone = [[here] for here in ids]
    if lens.fields is None:
        return alone
    places = {here: _places(ways[here]) & lens.places for here in ids}
    pairs: list[list[InstanceId]] = []
    for near in _near(model, lens.fields, ids):
        if len(near) > MAX_PAIRWISE:
            pairs.append(near)
            continue
        for left, right in combinations(near, 2):
            if places[left] & places[right] and _may_coincide(model, lens, left, right):
                pairs.append([left, right])
    return _joined([*alone, *pairs])


def _near(model: Model, fields: Set[Field], ids: Sequence[InstanceId]) -> Iterator[list[InstanceId]]:
    """Groups such that instances whose views could be equal are in a common one; made by sorting, not by comparing."""
    items = [(here, item) for here in ids for item in model.connection[here.connection].alternatives]
    if any(item.via is not None for _, item in items):
        yield list(ids)
        return
    patterns = any(shown and _is_pattern(shown) for shown in (_shown(item) for _, item in items))
    alike: dict[object, list[tuple[InstanceId, Alternative]]] = {}
    for here, item in items:
        name = _shown(item)
        key = (
            here.client if IP in fields else None,
            (item.transport, bool(item.ports)) if PORT in fields else None,
            name.text.lower() if SNI in fields and name and not patterns else None,
            _alpn(item) if ALPN in fields else None,
        )
        alike.setdefault(key, []).append((here, item))
    found: dict[tuple[InstanceId, ...], None] = {}
    for members in alike.values():
        groups = _overlapping(members) if IP in fields else [[here for here, _ in members]]
        found |= dict.fromkeys(tuple(sorted(set(group))) for group in groups)
    yield from map(list, found)


def _overlapping(members: Iterable[tuple[InstanceId, Alternative]]) -> Iterator[list[InstanceId]]:
    """Those without a pool; and, run by run of addresses without a gap, those that draw on it."""
    group = [here for here, item in members if item.pool is None]
    spans = [
        (prefix.version, prefix.first, prefix.last, here)
        for here, item in members
        if item.pool is not None
        for prefix in item.pool.prefixes
    ]
    last = (0, -1)
    for version, low, high, here in sorted(spans):
        if (version, low) > last:
            yield group
            group = []
        group.append(here)
        last = max(last, (version, high))
    yield group


def _may_coincide(model: Model, lens: Lens, left: InstanceId, right: InstanceId) -> bool:
    lefts, rights = (model.connection[here.connection].alternatives for here in (left, right))
    tunnelled = any(item.via is not None for item in (*lefts, *rights))
    if lens.fields is not None and IP in lens.fields and left.client != right.client and not tunnelled:
        return False
    return any(_alike(lens, one, other) for one in lefts for other in rights)


def _alike(lens: Lens, left: Alternative, right: Alternative) -> bool:
    fields = lens.fields or frozenset()
    through = left.via is not None or right.via is not None
    if IP in fields and not through and not _addresses_meet(left, right):
        return False
    if PORT in fields and not through and (left.transport, bool(left.ports)) != (right.transport, bool(right.ports)):
        return False
    if PORT in fields and not through and left.ports and not _ranges_meet(left.ports, right.ports):
        return False
    if SNI in fields and not _names_meet(_shown(left), _shown(right)):
        return False
    return ALPN not in fields or _alpn(left) == _alpn(right)


def _addresses_meet(left: Alternative, right: Alternative) -> bool:
    if left.pool is None or right.pool is None:
        return left.pool is right.pool
    return any(
        one.version == other.version and one.first <= other.last and other.first <= one.last
        for one in left.pool.prefixes
        for other in right.pool.prefixes
    )


def _ranges_meet(left: Sequence[Range], right: Sequence[Range]) -> bool:
    return any(one.low <= other.high and other.low <= one.high for one in left for other in right)


def _shown(item: Alternative) -> NamePattern | None:
    return None if item.tls is None else item.tls.outer or item.tls.sni


def _alpn(item: Alternative) -> tuple[str, ...]:
    return () if item.tls is None else item.tls.alpn


def _names_meet(left: NamePattern | None, right: NamePattern | None) -> bool:
    if left is None or right is None:
        return left is None and right is None
    return left.text.lower() == right.text.lower() or _is_pattern(left) or _is_pattern(right)


def _is_pattern(name: NamePattern) -> bool:
    """It stands for more names than one."""
    return any(mark in name.text for mark in "*<")


def _classes(key: UnitKey, clauses: tuple[Sizes, ...], edges: Edges | None) -> Iterator[UnitClass]:
    if edges is None:
        yield from _unseen(clauses)
        return
    if not clauses:
        clauses = (Sizes(SizeKind.POSSIBLE, (Range(1, max([MAX_SIZE, *(edge - 1 for edge in edges[-1:])])),)),)
    found = list(_pieces(key, clauses, edges))
    if len(found) == 1:
        found = [UnitClass(found[0].sizes, None, found[0].guard, found[0].padded)]
    yield from found


def _unseen(clauses: tuple[Sizes, ...]) -> Iterator[UnitClass]:
    """Nobody sees size: one class for each guard under which something occurs."""
    guards = dict.fromkeys(clause.guard for clause in clauses) or {ALWAYS: None}
    for guard in guards:
        yield UnitClass(None, None, guard)


def _pieces(key: UnitKey, clauses: tuple[Sizes, ...], edges: Edges) -> Iterator[UnitClass]:
    usual = [part for clause in clauses if clause.kind is SizeKind.USUAL for part in clause.ranges
             if isinstance(clause.guard, Always)]  # fmt: skip
    done: set[tuple[Range, object, object]] = set()
    for number, clause in enumerate(clauses):
        for part in sorted({piece for whole in clause.ranges for piece in _cut(whole, edges)}):
            if clause.kind is SizeKind.POSSIBLE and any(one.low <= part.low and part.high <= one.high for one in usual):
                continue
            mark = (part, clause.guard, number if clause.kind is SizeKind.PADDED else clause.kind)
            if mark not in done:
                done.add(mark)
                yield _class(key, clause, part, number)


def _class(key: UnitKey, clause: Sizes, part: Range, number: int) -> UnitClass:
    match clause.kind:
        case SizeKind.USUAL:
            return UnitClass(part, None, clause.guard)
        case SizeKind.PADDED:
            return UnitClass(part, None, clause.guard, number)
        case SizeKind.POSSIBLE:
            arguments = (*(key[1:] if key[0] == "flow" else key), str(part))
            return UnitClass(part, FactName(FactKind.OCCURS.value, arguments), clause.guard)


def _cut(whole: Range, edges: Edges) -> Iterator[Range]:
    inside = edges[bisect_right(edges, whole.low) : bisect_right(edges, whole.high)]
    for low, after in zip([whole.low, *inside], [*inside, whole.high + 1], strict=True):
        yield Range(low, after - 1)
