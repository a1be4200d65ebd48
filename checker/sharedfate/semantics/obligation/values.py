"""What each pool can hand out, as far as anybody asked about can tell it apart (spec A4)."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain

from sharedfate.model.facts import FactKind, FactLiteral, FactName
from sharedfate.model.network import ByBag, ByDns
from sharedfate.model.policy import MatchIp, MatchName, MatchPort, Redirect, Rule
from sharedfate.model.wire import DNS, HOST, IP, PORT, SNI, Dialect, Field, Prefix, Range
from sharedfate.semantics.lens import Lens
from sharedfate.semantics.obligation.address_classes import (
    IntegerClass,
    Interval,
    classes,
    of_prefix,
    of_range,
)
from sharedfate.semantics.obligation.name_classes import Language, is_literal, names_by_class, of_pattern, of_rule
from sharedfate.semantics.obligation.nature import Concrete, PoolValue
from sharedfate.semantics.stage import Instance, PoolKind, PoolUse, Stage, StagedAlternative

MAX_EXPANDED = 64
"""So many prefixes are written out in the text of one class."""

Values = Mapping[FactName, tuple[PoolValue, ...]]


@dataclass(frozen=True)
class Cuts:
    """What rules and given facts name, besides what the pools themselves tell apart."""

    prefixes: tuple[Prefix, ...] = ()
    ports: tuple[Interval, ...] = ()
    names: tuple[tuple[str, Dialect], ...] = ()
    whole: bool = True
    """Classes may be made of several prefixes; False for adversaries whose rules are counted."""


def cuts_of(rules: Iterable[Rule], given: Sequence[FactLiteral]) -> Cuts:
    """Everything that rules and given facts can tell apart."""
    prefixes: dict[Prefix, None] = {}
    ports: dict[Interval, None] = {}
    names: dict[tuple[str, Dialect], None] = {}
    for rule in rules:
        if isinstance(rule.action, Redirect) and rule.action.prefix is not None:
            prefixes[rule.action.prefix] = None
        for match in rule.matches:
            if isinstance(match, MatchIp):
                prefixes.update(dict.fromkeys(match.prefixes))
            elif isinstance(match, MatchPort):
                ports.update(dict.fromkeys(of_range(one) for one in match.ranges))
            elif isinstance(match, MatchName):
                names.update(dict.fromkeys((name.lower(), match.dialect) for name in match.names))
    for literal in given:
        if literal.fact.kind == FactKind.HANDS_OUT.value and literal.value is not None:
            _given(literal.value, prefixes, ports, names)
    return Cuts(tuple(prefixes), tuple(ports), tuple(names))


def _given(
    text: str,
    prefixes: dict[Prefix, None],
    ports: dict[Interval, None],
    names: dict[tuple[str, Dialect], None],
) -> None:
    prefix = parse_prefix(text)
    if prefix is not None:
        prefixes[prefix] = None
    elif text.isdecimal():
        ports[int(text), int(text)] = None
    else:
        names[text.lower(), Dialect.EXACT] = None


def parse_prefix(text: str) -> Prefix | None:
    """A prefix or a single address, or None."""
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    return Prefix(network.version, int(network.network_address), network.prefixlen)


def pool_values(stage: Stage, lens: Lens, cuts: Cuts) -> Values:
    """The values of every pool on the stage, by fact, in a fixed order.

    Raises name_classes.TooManyNames when name patterns are beyond the budget.
    """
    found: dict[FactName, tuple[PoolValue, ...]] = {}
    fronts = {
        segment.through
        for instance in stage.instances
        for item in instance.alternatives
        for segment in item.segments
        if segment.through is not None
    }
    for instances in _apart(stage, lens):
        shown: list[Instance] = []
        unseen: list[Instance] = []
        for instance in instances:
            (shown if instance.id in fronts or _shows(instance, lens) else unseen).append(instance)
        found |= _values(unseen, replace(lens, fields=frozenset(), controls=frozenset()), Cuts())
        found |= _values(shown, lens, cuts)
    return found


def _apart(stage: Stage, lens: Lens) -> list[list[Instance]]:
    """Instances in groups whose pools never have to be told apart: by client, where the client's address shows."""
    tunnels = any(item.alternative.via for instance in stage.instances for item in instance.alternatives)
    by_client = lens.fields is not None and IP in lens.fields and not tunnels and not lens.counted
    groups: dict[str, list[Instance]] = {}
    for instance in stage.instances:
        groups.setdefault(instance.id.client if by_client else "", []).append(instance)
    return list(groups.values())


def _shows(instance: Instance, lens: Lens) -> bool:
    """Something of the instance's own endpoints shows at a place of the lens."""
    segments = [
        segment
        for item in instance.alternatives
        for segment in (*item.segments, *(one for step in item.found for one in (*step.question, *step.fetch)))
    ]
    places = {place for segment in segments if segment.outer is None for place in (*segment.links, segment.exit)}
    steps = [step.step for item in instance.alternatives for step in item.found]
    places |= {step.resolver for step in steps if isinstance(step, ByDns | ByBag)}
    return bool(places & lens.places)


def _values(instances: Sequence[Instance], lens: Lens, cuts: Cuts) -> dict[FactName, tuple[PoolValue, ...]]:
    items = [item for instance in instances for item in instance.alternatives]
    uses: dict[FactName, PoolUse] = {}
    for item in items:
        for use in (item.address, item.port, *(use for _, use in item.names)):
            if use is not None:
                uses.setdefault(use.fact, use)
    searching = lens.fields is not None
    found: dict[FactName, tuple[PoolValue, ...]] = {}
    for version in (4, 6):
        pools = {fact: use for fact, use in uses.items() if use.prefixes and use.prefixes[0].version == version}
        found |= _addresses(pools, version, _told(lens, IP), cuts, searching)
    found |= {fact: (_own(use),) for fact, use in uses.items() if use.own}
    ports = {fact: use for fact, use in uses.items() if use.kind is PoolKind.PORT}
    found |= _ports(ports, _told(lens, PORT), cuts, searching)
    names = {fact: use for fact, use in uses.items() if use.kind is PoolKind.NAME}
    told = {text.lower() for item in items for text in _told_names(item, lens)}
    return found | _names(names, told, cuts, searching)


def _told(lens: Lens, one: Field) -> bool:
    """Whether somebody may tell values of this field apart; declared rules are in the cuts."""
    return lens.fields is None or one in lens.fields or bool(lens.controls)


def _told_names(item: StagedAlternative, lens: Lens) -> Iterator[str]:
    """The patterns whose names somebody may tell apart, by the fields in which they show."""
    tls, host = item.alternative.tls, item.alternative.host
    if tls is not None and _told(lens, SNI):
        yield from (name.text for name in (tls.sni, tls.outer) if name is not None)
    if host is not None and _told(lens, HOST):
        yield host.text
    for staged in item.found:
        match staged.step:
            case ByDns(names=names, cname=cname) if _told(lens, DNS):
                yield from (name.text for name in (*names, *cname))
            case ByBag(host=name) if _told(lens, DNS) or _told(lens, HOST):
                yield name.text
            case _:
                pass


def _own(use: PoolUse) -> PoolValue:
    return PoolValue(f"an address of {use.own}'s own", use.own)


def _addresses(
    pools: Mapping[FactName, PoolUse], version: int, told: bool, cuts: Cuts, copies: bool
) -> dict[FactName, tuple[PoolValue, ...]]:
    users: dict[Hashable, list[Interval]] = {
        fact: [of_prefix(one) for one in use.prefixes] for fact, use in pools.items()
    }
    rules = [[of_prefix(one)] for one in cuts.prefixes if one.version == version]
    if not told:
        return {fact: (_whole(users[fact], version),) for fact in pools}
    found = classes(users, rules, merge=cuts.whole)
    known: dict[int, tuple[PoolValue, ...]] = {}
    for one in chain.from_iterable(found.values()):
        if id(one) not in known:
            known[id(one)] = tuple(_address_values(one, version, copies))
    return {fact: tuple(value for one in found[fact] for value in known[id(one)]) for fact in pools}


def _whole(intervals: Sequence[Interval], version: int) -> PoolValue:
    return _address_value(sorted(intervals), version)


def _address_value(intervals: Sequence[Interval], version: int) -> PoolValue:
    members = tuple(prefix for low, high in intervals for prefix in _prefixes(low, high, version))
    return PoolValue(_address_text(members), (version, intervals[0][0]), members)


def _address_values(one: IntegerClass, version: int, copies: bool) -> Iterator[PoolValue]:
    """One value a class; where several pools draw on it, as many single addresses as there are pools."""
    count = min(len(one.users), one.size) if copies else 1
    if count == 1:
        yield _address_value(one.parts, version)
        return
    whole = _address_value(one.parts, version).members
    for address in one.first(count):
        yield replace(_address_value([(address, address)], version), whole=whole)


def _prefixes(low: int, high: int, version: int) -> Iterator[Prefix]:
    """The fewest prefixes that make up an interval, lowest first."""
    bits = 32 if version == 4 else 128
    while low <= high:
        aligned = (low & -low).bit_length() - 1 if low else bits
        host = min(aligned, (high - low + 1).bit_length() - 1)
        yield Prefix(version, low, bits - host)
        low += 1 << host


def _address_text(members: Sequence[Prefix]) -> str:
    texts = [prefix_text(one) for one in members[:MAX_EXPANDED]]
    return ", ".join([*texts, "…"] if len(members) > MAX_EXPANDED else texts)


def prefix_text(prefix: Prefix) -> str:
    """A prefix as people write it; a single address without its length."""
    if prefix.version == 4:
        address = ".".join(str(prefix.network >> shift & 255) for shift in (24, 16, 8, 0))
    else:
        address = str(ipaddress.IPv6Address(prefix.network))
    return address if prefix.length == prefix.bits else f"{address}/{prefix.length}"


def _ports(
    pools: Mapping[FactName, PoolUse], told: bool, cuts: Cuts, copies: bool
) -> dict[FactName, tuple[PoolValue, ...]]:
    users: dict[Hashable, list[Interval]] = {fact: [of_range(one) for one in use.ports] for fact, use in pools.items()}
    if not told:
        return {fact: (_port_value(users[fact]),) for fact in pools}
    found = classes(users, [[one] for one in cuts.ports], merge=cuts.whole)
    return {fact: tuple(value for one in found[fact] for value in _port_values(one, copies)) for fact in pools}


def _port_value(parts: Sequence[Interval]) -> PoolValue:
    text = ", ".join(str(low) if low == high else f"{low}..{high}" for low, high in parts)
    return PoolValue(text, parts[0][0], tuple(Range(low, high) for low, high in parts))


def _port_values(one: IntegerClass, copies: bool) -> Iterator[PoolValue]:
    count = min(len(one.users), one.size)
    if count == 1 or not copies:
        yield _port_value(one.parts)
        return
    whole = _port_value(one.parts).members
    for port in one.first(count):
        yield replace(_port_value([(port, port)]), whole=whole)


def _names(
    pools: Mapping[FactName, PoolUse], told: Set[str], cuts: Cuts, copies: bool
) -> dict[FactName, tuple[PoolValue, ...]]:
    found: dict[FactName, tuple[PoolValue, ...]] = {}
    used = Counter(text for use in pools.values() if (text := use.pattern.lower()) in told)
    kin = _Kin(used) if copies else None
    for fact, use in pools.items():
        text = use.pattern.lower()
        if is_literal(text):
            found[fact] = (PoolValue(text, text),)
        elif text not in told:
            found[fact] = (PoolValue(text, _sample(text), (as_glob(text),)),)
        else:
            others = [other for other in kin.of(text) if other != text] if kin else []
            drawing = used[text] + sum(used[other] for other in others) if kin else 1
            relevant = tuple(rule for rule in cuts.names if _rule_may_meet(_tail(text), *rule))
            found[fact] = _name_values(text, tuple(others), relevant, max(drawing, 1))
    return found


def as_glob(text: str) -> str:
    """A rule's glob for a model's pattern; it may match more than the pattern stands for."""
    return re.sub(r"<\d+\.\.\d+>", "*", text)


def _sample(text: str) -> str:
    """One of a pattern's names."""
    return re.sub(r"<(\d+)\.\.\d+>", r"\1", text.replace("*", "x"))


def _tail(text: str) -> str:
    """What every name of a pattern ends in."""
    return text.rpartition("*")[2].rpartition(">")[2]


class _Kin:
    """Finds the patterns that may share a name with one: those whose tail ends in its tail, or the other way round."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = {text: place for place, text in enumerate(texts)}
        self._by_tail: dict[str, list[str]] = {}
        self._by_end: dict[str, list[str]] = {}
        for text in self._texts:
            tail = _tail(text)
            self._by_tail.setdefault(tail, []).append(text)
            for end in _ends(tail):
                self._by_end.setdefault(end, []).append(text)

    def of(self, text: str) -> list[str]:
        """Itself among them, if it is one of the patterns; in their order."""
        tail = _tail(text)
        found = {*self._by_end.get(tail, ()), *(one for end in _ends(tail) for one in self._by_tail.get(end, ()))}
        return sorted(found, key=self._texts.__getitem__)


def _ends(text: str) -> list[str]:
    return [text[start:] for start in range(len(text) + 1)]


@lru_cache(maxsize=1024)
def _name_values(
    text: str, others: tuple[str, ...], relevant: tuple[tuple[str, Dialect], ...], drawing: int
) -> tuple[PoolValue, ...]:
    """The classes of a pattern's names, `drawing` names of each where several pools draw on it."""
    if not others and not relevant and drawing == 1:
        return (PoolValue(text, _sample(text), (as_glob(text),)),)
    languages: list[Language] = [of_pattern(other) for other in others]
    languages += [of_rule(name, dialect) for name, dialect in relevant]
    found = names_by_class(of_pattern(text), languages, samples=drawing)
    values: list[PoolValue] = []
    for members, names in found.items():
        if len(found) == 1 and drawing == 1:
            values.append(PoolValue(text, names[0], (as_glob(text),)))
        elif len(names) == 1 or drawing == 1:
            single = any(is_literal(other) and other == names[0] for other in _named(others, relevant, members))
            values.append(PoolValue(names[0] if single else f"{text} (like {names[0]})", names[0]))
        else:
            whole = (as_glob(text),) if len(found) == 1 else ()
            values += [PoolValue(name, name, whole=whole) for name in names]
    return tuple(values)


def _named(others: Sequence[str], relevant: Sequence[tuple[str, Dialect]], members: frozenset[int]) -> list[str]:
    listed = [*others, *(name for name, _ in relevant)]
    return [listed[index] for index in sorted(members)]


def _rule_may_meet(tail: str, name: str, dialect: Dialect) -> bool:
    """Cheap test that keeps long lists away from the product of automata."""
    if dialect in (Dialect.EXACT, Dialect.SUFFIX):
        return name.endswith(tail) or (dialect is Dialect.SUFFIX and tail.endswith(name))
    return True


def matching(value: Concrete, text: str) -> bool:
    """Whether a value that a pool hands out is the one that a given fact names, or lies in it."""
    if isinstance(value, tuple):
        prefix = parse_prefix(text)
        return prefix is not None and prefix.version == value[0] and prefix.first <= value[1] <= prefix.last
    return str(value).lower() == text.lower()
