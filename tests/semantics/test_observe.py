"""B: what shows where, and what an adversary sees of it."""

from __future__ import annotations

from tests.semantics.worlds import DOWN, UP, down, eve, link_to, pool, sizes, tcp, udp, up, world

from sharedfate.model.adversary import Adversary
from sharedfate.model.model import Model
from sharedfate.model.network import ByBag, ByDns, Via
from sharedfate.model.question import Horizon
from sharedfate.model.traffic import Topic
from sharedfate.model.wire import (
    ALPN,
    CLIENT,
    DIRECTION,
    DNS,
    FLOW,
    HOST,
    IP,
    PORT,
    SIZE,
    SNI,
    TOPIC,
    Field,
    NamePattern,
    OwnField,
    Phase,
    Range,
    Transport,
)
from sharedfate.semantics.choices import choices
from sharedfate.semantics.explore import Watching
from sharedfate.semantics.fate import Fate
from sharedfate.semantics.hits import Hits, OneEffect
from sharedfate.semantics.lens import lens_of_adversary
from sharedfate.semantics.observe import Observation, Seen, view_of
from sharedfate.semantics.policies import Nothing
from sharedfate.semantics.staging import stage


class Noting(OneEffect):
    """Does nothing and keeps what it is shown."""

    def __init__(self) -> None:
        super().__init__(Nothing())
        self.shown: list[Observation] = []

    def hits(self, seen: Seen) -> Hits:
        self.shown.append(seen.observation)
        return super().hits(seen)


def observations(model: Model, function: str, place: str, phase: Phase) -> list[dict[str, object]]:
    """The distinct observations of a phase at a place, as field values by name."""
    on = stage(model, [function], lens_of_adversary(model.adversaries[0]))
    noting = Noting()
    for choice in choices(model, on):
        Fate(model, on, noting, choice, Horizon.ON_RECONNECT).function(function)
    found: list[dict[str, object]] = []
    for one in noting.shown:
        fields = {field.name: value for field, value in one.fields}
        if (one.place, one.phase) == (place, phase) and fields not in found:
            found.append(fields)
    return found


TAG = Field("tag")


def test_b3_packets_show_the_far_end_in_both_directions() -> None:
    model = world((link_to("c", "apns", tcp(5223, pool(7))),), (down("f", "c"),), adversary=eve(IP))
    seen = observations(model, "f", "up", Phase.PACKET)
    far = {"ip": (4, 0x0A000007), "port": ("tcp", 5223), "client": "alice"}
    assert seen == [{**far, "direction": UP}, {**far, "direction": DOWN}]
    assert observations(model, "f", "access_b", Phase.PACKET) == []


def test_b3_a_bearer_shows_no_address_and_no_port() -> None:
    bearer = udp(7)
    bearer = type(bearer)(key="radio", transport=Transport.BEARER)
    model = world((link_to("c", "apns", bearer),), (down("f", "c"),), adversary=eve(IP))
    assert observations(model, "f", "access", Phase.PACKET) == [
        {"client": "alice", "direction": UP},
        {"client": "alice", "direction": DOWN},
    ]
    assert observations(model, "f", "access", Phase.SETUP) == []


def test_b4_set_up_shows_the_name_the_alpns_and_the_host() -> None:
    way = tcp(443, pool(1), "A.x", alpn=("h2", "h3"), host="h.x", own=((TAG, "7"),))
    model = world((link_to("c", "apns", way),), (down("f", "c"),), adversary=eve(IP),
                  own_fields=(OwnField(TAG, Phase.SETUP),))  # fmt: skip
    (setup,) = observations(model, "f", "access", Phase.SETUP)
    assert setup == {
        "ip": (4, 0x0A000001), "port": ("tcp", 443), "client": "alice", "direction": UP, "sni": "a.x",
        "alpn": ("h2", "h3"), "host": "h.x", "tag": "7",
    }  # fmt: skip
    assert "tag" not in observations(model, "f", "access", Phase.PACKET)[0]
    (record,) = observations(model, "f", "access", Phase.RECORD)
    assert record["sni"] == "a.x"
    assert record["direction"] is DOWN
    quic = world((link_to("c", "apns", udp(443, sni="a.x")),), (down("f", "c"),), adversary=eve(IP))
    assert len(observations(quic, "f", "access", Phase.SETUP)) == 1
    plain = world((link_to("c", "apns", udp(443)),), (down("f", "c"),), adversary=eve(IP))
    assert observations(plain, "f", "access", Phase.SETUP) == []


def test_b4_under_ech_the_outer_name_shows() -> None:
    way = tcp(sni="secret.x")
    way = type(way)(**{slot: getattr(way, slot) for slot in way.__slots__} | {"tls": type(way.tls)(
        NamePattern("secret.x"), NamePattern("public.x"))})  # type: ignore[misc, arg-type]  # fmt: skip
    model = world((link_to("c", "apns", way),), (down("f", "c"),), adversary=eve(IP))
    assert observations(model, "f", "access", Phase.SETUP)[0]["sni"] == "public.x"


def test_b5_records_show_sizes_and_inner_fields_only_when_opened() -> None:
    flow = down("f", "c", sizes=sizes("1..3"), topic=Topic("t"))
    for plain in (False, True):
        model = world((link_to("c", "apns", plain=plain),), (flow,), adversary=eve(SIZE))
        (record,) = observations(model, "f", "access", Phase.RECORD)
        assert record["size"] == Range(1, 3)
        assert record["flow"] == "f"
        assert ("topic" in record) is plain


def root_views(pinned: bool, holds: bool) -> set[str]:
    """Names of the fields that somebody sees of records who sees topics and may hold the root key."""
    spy = eve(TOPIC, holds_root=holds)
    way = link_to("c", "apns", tcp(sni="a.x"), pinned=pinned)
    model = world((way,), (down("f", "c", topic=Topic("t")),), adversary=spy)
    on = stage(model, ["f"], lens_of_adversary(spy))
    watching = Watching(spy)
    for choice in choices(model, on):
        Fate(model, on, watching, choice, Horizon.ON_RECONNECT).function("f")
    return {name for place, phase, fields in watching.views if phase is Phase.RECORD for name, _ in fields}


def test_b5_who_holds_the_root_key_opens_what_is_not_pinned() -> None:
    assert root_views(pinned=False, holds=True) == {"topic"}
    assert root_views(pinned=True, holds=True) == set()
    assert root_views(pinned=False, holds=False) == set()


def found_by(step: object) -> Model:
    """A connection that is found so."""
    return world((link_to("c", "apns", tcp(found=(step,))),), (down("f", "c"),), adversary=eve(DNS))  # type: ignore[arg-type]


def test_b6_a_question_crosses_the_way_to_its_resolver_and_is_a_message_there() -> None:
    near = found_by(ByDns((NamePattern("a.x"),), (NamePattern("b.y"),), "resolver"))  # resolver stands at home
    assert [one for one in observations(near, "f", "access", Phase.SETUP) if "dns" in one] == []
    assert observations(near, "f", "resolver", Phase.MESSAGE) == [{"client": "alice", "dns": "a.x"}]
    far = found_by(ByDns((NamePattern("a.x"),), (), "vps"))
    (asked,) = [one for one in observations(far, "f", "access", Phase.SETUP) if "dns" in one]
    assert asked == {"client": "alice", "ip": "resolver vps", "port": ("udp", 53), "direction": UP, "dns": "a.x"}
    assert [one for one in observations(far, "f", "up", Phase.SETUP) if "dns" in one] == []
    silent = found_by(ByDns((NamePattern("a.x"),)))
    assert [one for one in observations(silent, "f", "up", Phase.SETUP) if "dns" in one] != []
    hidden = found_by(ByDns((NamePattern("a.x"),), (), "vps", encrypted=True))
    assert [one for one in observations(hidden, "f", "access", Phase.SETUP) if "dns" in one] == []
    assert observations(hidden, "f", "vps", Phase.MESSAGE) == [{"client": "alice", "dns": "a.x"}]
    packets = [one["port"] for one in observations(hidden, "f", "access", Phase.PACKET)]
    assert set(packets) == {("tcp", 443)}


def test_b6_a_bag_is_fetched_over_plain_http() -> None:
    model = found_by(ByBag(NamePattern("bag.x"), "resolver"))
    (fetched,) = [one for one in observations(model, "f", "access", Phase.SETUP) if "host" in one]
    assert fetched["host"] == "bag.x"
    assert fetched["port"] == ("tcp", 80)


def test_b7_messages_at_services() -> None:
    model = world((link_to("c", "apns"),), (up("f", "c", topic=Topic("t"), account="acc"),), adversary=eve(IP))
    assert observations(model, "f", "apns", Phase.MESSAGE) == [
        {
            "topic": "t",
            "account": "acc",
            "client": "alice",
            "sender": "alice",
            "receiver": "apns",
            "connection": "c",
        }
    ]


def test_b7_topic_other_is_like_no_other_and_no_topic_is_one_value() -> None:
    flows = (up("f", "c", topic=Topic(None)), up("g", "c", topic=Topic(None)), up("h", "c"), up("i", "c"))
    model = world((link_to("c", "apns"),), flows, adversary=eve(IP))
    f, g, h, i = (observations(model, name, "apns", Phase.MESSAGE)[0].get("topic") for name in "fghi")
    assert f != g
    assert (h, i) == (None, None)


def test_a5_inside_a_tunnel_only_the_tunnel_shows() -> None:
    ways = (link_to("t", "vps", udp(7, pool(9))), link_to("c", "apns", tcp(sni="a.x", via=Via("t"))))
    model = world(ways, (down("f", "c", sizes=sizes("5"), topic=Topic("t")),), adversary=eve(SIZE))
    assert observations(model, "f", "access", Phase.RECORD) == [
        {
            "ip": (4, 0x0A000009),
            "port": ("udp", 7),
            "client": "alice",
            "direction": DOWN,
            "size": Range(5, 5),
            "flow": "f",
        }
    ]
    for place, client in (
        ("up", "vps"),
        ("vps", "alice"),
    ):  # beyond it the inner image shows; its server knows whose it is
        (record,) = observations(model, "f", place, Phase.RECORD)
        assert (record["sni"], record["port"], record["client"]) == ("a.x", ("tcp", 443), client)


def test_a5_passing_through_shows_the_inner_names_at_the_outer_address() -> None:
    ways = (link_to("t", "vps", udp(7, pool(9))), link_to("c", "apns", tcp(sni="a.x", via=Via("t", True))))
    model = world(ways, (down("f", "c"),), adversary=eve(IP))
    (setup,) = observations(model, "f", "access", Phase.SETUP)
    assert (setup["sni"], setup["port"], setup["ip"]) == ("a.x", ("udp", 7), (4, 0x0A000009))


def seen_fields(spy: Adversary, place: str = "access") -> set[str] | None:
    """Names of the fields of a rich record that somebody sees."""
    fields = ((ALPN, ("h2",)), (CLIENT, "alice"), (DIRECTION, UP), (FLOW, "f"), (HOST, "h"), (IP, "own"),
              (PORT, ("tcp", 1)), (SIZE, Range(1, 2)), (SNI, "a.x"))  # fmt: skip
    view = view_of(spy, Observation(place, Phase.RECORD, UP, fields))
    return None if view is None else {name for name, _ in view[2]}


def test_b8_views() -> None:
    assert seen_fields(eve(IP)) == {"ip", "direction", "client"}
    assert seen_fields(eve(SIZE)) == {"size", "direction"}
    assert seen_fields(eve(SNI, PORT)) == {"sni", "port"}
    assert seen_fields(eve(IP), "elsewhere") is None
    everything = seen_fields(Adversary("eve", services=("apns",)), "apns")
    assert everything == {"alpn", "client", "direction", "host", "ip", "port", "size", "sni"}
