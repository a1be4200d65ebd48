"""What a pool hands out, by the names that facts give it (spec/semantics.md A4 and H)."""

from __future__ import annotations

from collections.abc import Iterator

from sharedfate.model.network import Alternative, ByBag, ByDns, Connection
from sharedfate.model.wire import NamePattern


def hand_outs(connection: Connection) -> list[str]:
    """The second arguments that `hands_out(CONNECTION, …)` can have: "v4", "tcp port 5223", a name pattern."""
    lists = [item.pool.prefixes for item in connection.alternatives if item.pool and item.pool.name is None]
    made: dict[str, None] = {}
    for version in (4, 6):
        distinct = [item for item in dict.fromkeys(lists) if item[0].version == version]
        made |= dict.fromkeys(
            f"v{version}" if number == 0 else f"v{version} {number + 1}" for number in range(len(distinct))
        )
    for item in connection.alternatives:
        if item.pool is None:
            made["own address"] = None
        if item.ports:
            made[f"{item.transport.value} port {', '.join(str(ports) for ports in item.ports)}"] = None
        made |= dict.fromkeys(name.text for name in _patterns(item))
    return list(made)


def _patterns(item: Alternative) -> Iterator[NamePattern]:
    if item.tls is not None:
        yield from (name for name in (item.tls.sni, item.tls.outer) if name is not None)
    if item.host is not None:
        yield item.host
    for step in item.found:
        if isinstance(step, ByDns):
            yield from (*step.names, *step.cname)
        elif isinstance(step, ByBag):
            yield step.host
