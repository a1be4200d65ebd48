"""Readable names of alternatives, unique within their connection: "v4 tcp 5223"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import assert_never

from sharedfate.language.resolve.guards import written
from sharedfate.language.resolve.values import print_prefix
from sharedfate.model.guard import Always
from sharedfate.model.network import Alternative, BuiltIn, ByBag, ByDns, ByFlow, Finding
from sharedfate.model.wire import Range, Transport

Quic = frozenset[tuple[Range, ...]]


def keyed(made: Sequence[Alternative], quic: Quic) -> tuple[Alternative, ...]:
    """The alternatives with their keys: the transport, and whatever else tells one from another."""
    pieces: list[Callable[[Alternative], str]] = [_version, lambda item: _transport(item, quic)]
    pieces += [_via, _address, _shown, _found, _guard]
    keys = [""] * len(made)
    for piece in pieces:
        texts = [piece(item) for item in made]
        if piece is pieces[1] or len(set(texts)) > 1:
            keys = [f"{key} {text}".strip() for key, text in zip(keys, texts, strict=True)]
        if piece is not pieces[0] and len(set(keys)) == len(keys):
            break
    seen: dict[str, int] = {}
    result = []
    for item, key in zip(made, keys, strict=True):
        seen[key] = seen.get(key, 0) + 1
        result.append(replace(item, key=key if seen[key] == 1 else f"{key} #{seen[key]}"))
    return tuple(result)


def _version(item: Alternative) -> str:
    return f"v{item.version}" if item.version else ""


def _transport(item: Alternative, quic: Quic) -> str:
    if item.transport is Transport.BEARER:
        return "bearer"
    word = "quic" if item.transport is Transport.UDP and item.tls and item.ports in quic else item.transport.value
    return f"{word} {', '.join(str(ports) for ports in item.ports)}"


def _via(item: Alternative) -> str:
    return f"via {item.via.connection}" if item.via else ""


def _address(item: Alternative) -> str:
    if item.pool is None:
        return ""
    if item.pool.name:
        return f"to {item.pool.name}"
    first = print_prefix(item.pool.prefixes[0])
    return f"to {first}" if len(item.pool.prefixes) == 1 else f"to {first}, …"


def _shown(item: Alternative) -> str:
    names = [item.tls.outer or item.tls.sni if item.tls else None, item.host]
    alpn = item.tls.alpn if item.tls else ()
    return " ".join([*(name.text for name in names if name), *alpn, *(value for _, value in item.own)])


def _found(item: Alternative) -> str:
    return f"found by {' then '.join(_step(step) for step in item.found)}" if item.found else ""


def _step(step: Finding) -> str:
    match step:
        case ByDns(names=names):
            return "dns " + ", ".join(name.text for name in names)
        case ByBag(host=host):
            return f"bag {host.text}"
        case ByFlow(flow=flow):
            return f"flow {flow}"
        case BuiltIn():
            return "built in"
        case _:
            assert_never(step)


def _guard(item: Alternative) -> str:
    return "" if isinstance(item.guard, Always) else f"when {written(item.guard)}"
