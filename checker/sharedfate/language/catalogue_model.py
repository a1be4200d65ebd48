"""Catalogue: what does not fit together (F050 to F092)."""

from __future__ import annotations

from sharedfate.language.catalogue_base import PRELUDE, Entry, Example, entry
from sharedfate.language.diagnostics import Code


def _conn(body: str) -> str:
    return f"connection web : phone -> apns {{ {body} }}\n"


def _either(arm: str) -> str:
    return "either " + " or ".join(arm.format(number) for number in range(1, 18))


_TIE = "zone sea\nservice ship at sea\nlink a : home -- sea\nlink b : home -- sea\n"


def _flow(body: str) -> str:
    return f"flow film : apns -> phone on courier {{ {body} }}\nfunction cinema = film\n"


ENTRIES: tuple[Entry, ...] = (
    entry(
        Code.NO_ROUTE,
        "no path between the ends",
        "A connection needs links from its client's zone to its server's that cross no other party's zone. A link is "
        "missing, or all paths lead through somebody's home.",
        "zone island\nservice shop at island\nconnection web : phone -> shop { tcp 443 }\n",
        "zone island\nservice shop at island\nlink ferry : net -- island\nconnection web : phone -> shop { tcp 443 }\n",
    ),
    entry(
        Code.ROUTE_TIE,
        "several shortest paths",
        "Two shortest paths lead from end to end, and which one is taken decides who sees the connection. Name a "
        "link of the one that is meant with `over`.",
        _TIE + "connection boat : phone -> ship { tcp 443 }\n",
        _TIE + "connection boat : phone -> ship { tcp 443; over b }\n",
    ),
    entry(
        Code.NOT_ON_ROUTE,
        "`over` names links that no path uses",
        "No path between the ends uses all links that `over` names.",
        "zone sea\nlink strait : net -- sea\n" + _conn("tcp 443; over strait"),
        _conn("tcp 443; over access"),
    ),
    entry(
        Code.VERSION_MIX,
        "IP version and prefixes differ",
        "`v4` and `v6` say which version an alternative uses; all its prefixes are of that version.",
        _conn("v4; to 2001:db8::/32; tcp 443"),
        _conn("v6; to 2001:db8::/32; tcp 443"),
    ),
    entry(
        Code.NO_TRANSPORT,
        "no transport",
        "Each alternative says what carries it: `tcp PORT`, `udp PORT`, `quic PORT` or `bearer`. Two of them in one "
        "alternative are two alternatives: join them with `either … or …`.",
        _conn("to 198.51.100.0/24"),
        _conn("tcp 443; to 198.51.100.0/24"),
    ),
    Entry(
        Code.TOO_MANY_ALTERNATIVES,
        "too many alternatives",
        "Several `either` lines multiply. A connection may have 256 alternatives.",
        Example(
            _conn("either tcp 1 or … or tcp 17; either to 192.0.2.1 or … or to 192.0.2.17"),
            data=(PRELUDE + _conn(f"{_either('tcp {}')}; {_either('to 192.0.2.{}')}")).encode(),
        ),
        Example(_conn("either tcp 443 or tcp 80")),
    ),
    entry(
        Code.SAID_TWICE,
        "said twice",
        "The same thing is said twice here, and only one can hold.",
        _conn('tcp 443; host "a.example"; host "b.example"'),
        _conn('tcp 443; host "a.example"'),
    ),
    entry(
        Code.VIA_CYCLE,
        "tunnels inside each other",
        "A connection cannot ride inside itself, not by way of others either.",
        "connection a : phone -> apns { tcp 1; via b }\nconnection b : phone -> apns { tcp 2; via a }\n",
        "connection a : phone -> apns { tcp 1; via b }\nconnection b : phone -> apns { tcp 2 }\n",
    ),
    entry(
        Code.NEEDS_STREAM,
        "only streams have this",
        "Control units and redelivery belong to a connection on which several flows share a `stream`. On datagrams a "
        "lost unit is lost, and nothing else.",
        _conn("udp 443; control up usual 5..64"),
        _conn("tcp 443; stream; control up usual 5..64"),
    ),
    entry(
        Code.NONSENSE,
        "words that do not go together",
        "One of the words rules the other out; the message says which and why.",
        _conn('bearer; tls sni "x.example"'),
        _conn('tcp 443; tls sni "x.example"'),
    ),
    entry(
        Code.NO_CONNECTION,
        "no connection for a hop",
        "Each hop runs on the connection, named after `on`, whose two ends are the hop's. Only a hop between two "
        "services may go without.",
        "flow odd : phone -> resolver on courier\nfunction oddity = odd\n",
        "flow odd : phone -> apns -> resolver on courier\nfunction oddity = odd\n",
    ),
    entry(
        Code.AMBIGUOUS_HOP,
        "several connections for a hop",
        "Two of the connections after `on` have the hop's two ends. Name the one that is meant, or give the hop two "
        "flows.",
        _conn("tcp 443") + "flow odd : phone -> apns on courier, web\nfunction oddity = odd\n",
        _conn("tcp 443") + "flow odd : phone -> apns on web\nfunction oddity = odd\n",
    ),
    entry(
        Code.USUAL_OUTSIDE,
        "usual sizes that may not occur",
        "`size` lists all that may occur, `usual` what does: it lies within `size`. Leave `size` out when nothing "
        "else may occur.",
        _flow("usual 1..5000 size 1..4096"),
        _flow("usual 1..4096 size 1..5000"),
    ),
    entry(
        Code.UNUSED_FLOW,
        "flow that no function uses",
        "Questions are about functions, so nothing asks whether this flow lives. It still rides on its connection "
        "and is hit with it.",
        "flow idle : apns -> phone on courier\n",
        "flow idle : apns -> phone on courier\nfunction idling = idle\n",
    ),
    entry(
        Code.FUNCTION_CYCLE,
        "functions need each other in a circle",
        "A function is a formula over flows in the end; it cannot need itself.",
        "function chicken = egg\nfunction egg = chicken\n",
        "function chicken = egg\nfunction egg = push\n",
    ),
    entry(
        Code.FOUND_CYCLE,
        "an address that needs itself",
        "`found by flow` says that the address came over another flow. That flow must not ride on the connection "
        "whose address it brings, directly or by way of other connections, unless another way of finding it stands "
        "beside it with `or`.",
        _conn("tcp 443; found by flow hint") + "flow hint : apns -> phone on web\nfunction hinted = hint\n",
        _conn("tcp 443; found by flow push"),
    ),
    entry(
        Code.SITS_NOWHERE,
        "sits nowhere",
        "No link or service of this model has the tag, role or name, so the adversary or policy can do nothing, and "
        "a proof against it would be empty.",
        "adversary spy { on any link tagged submarine; sees ip; may drop }\n",
        "adversary spy { on any link tagged last_mile; sees ip; may drop }\n",
    ),
    entry(
        Code.MAY_NOTHING,
        "may nothing",
        "Without a `may` the adversary only looks on: it can block nothing.",
        "adversary idle { on any link tagged last_mile; sees ip }\n"
        "check c : idle cannot block send_text sparing notifications\n",
        "adversary idle { on any link tagged last_mile; sees ip; may drop }\n"
        "check c : idle cannot block send_text sparing notifications\n",
    ),
    entry(
        Code.SEES_NOTHING,
        "sees nothing",
        "An adversary on a link that sees no field acts on everything there or on nothing.",
        "adversary blind { on any link tagged last_mile; may drop }\n",
        "adversary blind { on any link tagged last_mile; sees ip; may drop }\n",
    ),
    entry(
        Code.EXTENDS_CYCLE,
        "adversaries extend each other in a circle",
        "`extends` adds to another adversary; it cannot come back to itself.",
        "adversary a extends b { sees ip }\nadversary b extends a { sees port }\n",
        "adversary a extends isp { sees ip }\nadversary b extends a { sees size }\n",
    ),
    entry(
        Code.ZERO_RULES,
        "limited to no rules",
        "An adversary with no rule can do nothing. Give it one at least, or leave the limit out.",
        "adversary lazy extends isp { limited to 0 rules }\n",
        "adversary lazy extends isp { limited to 1 rules }\n",
    ),
    entry(
        Code.FIELD_PLACE,
        "a field where it does not show",
        "Each field shows in its own phase. A flow gives values to fields declared `at record`; a connection to any "
        "declared field; a rule `at set-up` sees no size.",
        "field colour at set-up\n" + _flow('hidden colour "red"'),
        "field colour at record\n" + _flow('hidden colour "red"'),
    ),
    entry(
        Code.NOT_OPEN,
        "closing what is not open",
        "`with` and `without` close what nature would decide. An assumption without `open` holds already.",
        "check c : isp cannot block send_text sparing notifications with old_build\n",
        "check c : isp cannot block send_text sparing notifications with falls_back\n",
    ),
    entry(
        Code.UNKNOWN_FACT,
        "unknown fact",
        "Facts are open assumptions by name, and hands_out, sits, order, occurs, together, need, resolves with the "
        "connection or flow that they are about.",
        "check c : isp cannot block send_text sparing notifications with ordre(courier)\n",
        "check c : isp cannot block send_text sparing notifications with order(courier)\n",
    ),
    entry(
        Code.CONTRADICTION,
        "with and without the same",
        "The check closes the same fact both ways: no world fits, and anything would be true of it.",
        "check c : isp cannot block send_text sparing notifications with falls_back without falls_back\n",
        "check c : isp cannot block send_text sparing notifications with falls_back\n",
    ),
)
