"""Catalogue: names and values (F030 to F048)."""

from __future__ import annotations

from sharedfate.language.catalogue_base import Entry, entry
from sharedfate.language.diagnostics import Code


def _conn(body: str) -> str:
    return f"connection web : phone -> apns {{ {body} }}\n"


ENTRIES: tuple[Entry, ...] = (
    entry(
        Code.UNKNOWN_NAME,
        "unknown name",
        "Nothing of this kind has the name. When one with a similar name exists, the message offers it.",
        "function pushes = pusj\n",
        "function pushes = push\n",
    ),
    entry(
        Code.DUPLICATE_NAME,
        "name declared twice",
        "Names are unique. Parties and services share their names, and so do flows and functions, adversaries, "
        "services and operators, because one line can name any of them. A connection with several builds is one "
        "declaration with `either … when A or … when not A`.",
        "function push = text\n",
        "function pushes = text\n",
    ),
    entry(
        Code.WRONG_KIND,
        "a name of another kind",
        "The name exists, but names something that cannot stand here.",
        "check c : isp cannot block phone sparing notifications\n",
        "check c : isp cannot block send_text sparing notifications\n",
    ),
    entry(
        Code.WRONG_UNIT,
        "wrong unit",
        "Rates are given in bit, kbit, Mbit or Gbit (a second), sizes in bytes without a unit.",
        "flow film : apns -> phone on courier { need 200 km }\nfunction cinema = film\n",
        "flow film : apns -> phone on courier { need 200 kbit }\nfunction cinema = film\n",
    ),
    Entry(
        Code.EMPTY_LIST,
        "empty list",
        "A list of addresses and domains (`--allow-list`, `--deny-list`) has one entry at least: an empty one is more "
        "often a wrong file than a wish to block everything or nothing.",
        None,
        None,
    ),
    entry(
        Code.HOST_BIT,
        "host bit set in a prefix",
        "A prefix names its first address: all bits after the prefix length are 0. Either the length or the address "
        "is not what was meant.",
        _conn("tcp 443; to 198.51.100.7/24"),
        _conn("tcp 443; to 198.51.100.0/24"),
    ),
    entry(
        Code.PREFIX_LENGTH,
        "prefix length out of range",
        "An IPv4 prefix has 0 to 32 bits, an IPv6 prefix 0 to 128.",
        _conn("tcp 443; to 198.51.100.0/33"),
        _conn("tcp 443; to 198.51.100.0/24"),
    ),
    entry(
        Code.BAD_ADDRESS,
        "malformed address",
        "An IPv4 address has four numbers from 0 to 255 without leading zeros, an IPv6 address up to eight groups of "
        "four hexadecimal digits with `::` once at most.",
        _conn("tcp 443; to 198.51.300.0/24"),
        _conn("tcp 443; to 198.51.100.0/24"),
    ),
    entry(
        Code.RANGE_TURNED,
        "range turned round",
        "A range runs from its lower to its upper end, both included.",
        _conn("udp 3497..3478"),
        _conn("udp 3478..3497"),
    ),
    entry(
        Code.PORT_RANGE,
        "port out of range",
        "Ports are 1 to 65535.",
        _conn("tcp 70000"),
        _conn("tcp 443"),
    ),
    entry(
        Code.NUMBER_RANGE,
        "number out of range",
        "Sizes are 1 to 1,000,000,000,000 bytes, rates at least 1 bit/s, error rates 0 to 100 percent.",
        "flow film : apns -> phone on courier { usual 0..4096 }\nfunction cinema = film\n",
        "flow film : apns -> phone on courier { usual 1..4096 }\nfunction cinema = film\n",
    ),
    entry(
        Code.BAD_NAME,
        "malformed host name",
        "A host name is not empty, holds no blanks, and may hold `*` (any text) and `<1..50>` (a decimal number). "
        "`?` is a wildcard of glob rules only.",
        _conn('tcp 443; tls sni "a b.example"'),
        _conn('tcp 443; tls sni "<1..50>-courier.example"'),
    ),
)
