"""The painter: measuring, wrapping, escaping, colours, lanes, placing."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharedfate.report.paint import glyphs, measure
from sharedfate.report.paint.colours import Role, stylesheet
from sharedfate.report.paint.edges import Edge, Look, Rectangle, count_lanes
from sharedfate.report.paint.layout import LayoutError, Size, place
from sharedfate.report.paint.measure import STRONG
from sharedfate.report.paint.svg import Canvas, clean, identifier, number
from sharedfate.report.paint.table import Cell, ColumnHead, Table

FACES = [measure.HEADLINE, measure.NAME, measure.BODY, measure.DETAIL, measure.CODE]


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2."""
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(left: str, right: str) -> float:
    """Contrast ratio of WCAG 2."""
    bright, dim = sorted((luminance(left), luminance(right)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


TEXT_PAIRS = [
    *(
        (Role.INK, ground)
        for ground in (Role.PAPER, Role.CARD, Role.ZONE, Role.SEAL, Role.ADV_TINT, Role.OK_TINT, Role.HURT_TINT)
    ),
    *((Role.MUTED, ground) for ground in (Role.PAPER, Role.CARD, Role.ZONE, Role.ADV_TINT)),
    *((Role.ADV, ground) for ground in (Role.PAPER, Role.CARD, Role.ZONE, Role.ADV_TINT)),
    *((Role.OK, ground) for ground in (Role.PAPER, Role.CARD, Role.OK_TINT)),
]


@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_every_text_pair_can_be_read(text: Role, ground: Role) -> None:
    assert contrast(text.light, ground.light) >= 5.5
    assert contrast(text.dark, ground.dark) >= 5.5


@pytest.mark.parametrize("ground", [Role.CARD, Role.SEAL])
def test_bead_outlines_stand_out(ground: Role) -> None:
    assert contrast(Role.LINE.light, ground.light) >= 3.2
    assert contrast(Role.LINE.dark, ground.dark) >= 3.2


def test_widths_are_those_of_helvetica() -> None:
    assert measure.width("app_push", measure.Face(1000)) == 556 * 3 + 556 + 556 + 556 + 500 + 556
    assert measure.width("W", measure.Face(10, bold=True)) == 9.44
    assert measure.width("abc", measure.CODE) == pytest.approx(3 * 11 * 0.602)


@given(st.text(st.characters(codec="utf-8"), max_size=90), st.integers(20, 300), st.sampled_from(FACES))
def test_wrapping_keeps_every_character_and_the_limit(text: str, limit: int, face: measure.Face) -> None:
    lines = measure.wrap(text, limit, face)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(measure.width(line, face) <= limit or len(line) == 1 for line in lines)


def test_wrapping_breaks_at_spaces_before_punctuation() -> None:
    lines = measure.wrap("udp 3478..3497, 16384..16387", 110, measure.CODE)
    assert lines == ["udp 3478..3497,", "16384..16387"]
    assert measure.wrap("+3\u00a0v4, +4\u00a0v6", 45, measure.CODE) == ["+3\u00a0v4,", "+4\u00a0v6"]
    assert measure.wrap("a_long_name", 50, measure.BODY) == ["a_long_", "name"]


@given(st.text(max_size=40))
def test_any_text_makes_well_formed_xml(text: str) -> None:
    canvas = Canvas(text or "x")
    canvas.open(text, text)
    canvas.text(0, 10, text, measure.BODY)
    canvas.close()
    ET.fromstring(canvas.finish(10, 10, text, text))


def test_markup_control_and_bidi_characters_do_not_survive() -> None:
    assert clean("<script>&\x00\u202e") == "&lt;script&gt;&amp;\ufffd\ufffd"
    assert identifier('on-a"b<') == "on-a.22b.3c"


def test_numbers_have_one_decimal_at_most() -> None:
    assert [number(value) for value in (1, 1.25, -0.04, 12.06)] == ["1", "1.2", "0", "12.1"]


def test_dark_rules_only_hold_on_screen() -> None:
    css = stylesheet(["f-ink", "s-adv", "w14", "d2-3", "t115"])
    light, dark = css.split("@media screen and (prefers-color-scheme:dark)")
    assert Role.INK.light in light and Role.INK.dark not in light
    assert Role.INK.dark in dark and Role.ADV.dark in dark
    assert "stroke-width:1.4" in light and "stroke-dasharray:2 3" in light and "font-size:11.5px" in light


def test_same_id_twice_stays_unique() -> None:
    canvas = Canvas("p")
    for _ in range(2):
        canvas.open("a", "a")
        canvas.close()
    ids = [node.get("id") for node in ET.fromstring(canvas.finish(1, 1, "t", "d")).iter() if node.get("id")]
    assert len(ids) == len(set(ids)) == 4


def test_every_verdict_and_rung_has_a_silhouette_of_its_own() -> None:
    drawn = set()
    for stamp in glyphs.Stamp:
        canvas = Canvas("p")
        glyphs.stamp(canvas, 0, 0, stamp)
        drawn.add(canvas.finish(1, 1, "", "").split("</style>")[1])
    for state in glyphs.State:
        canvas = Canvas("p")
        glyphs.state(canvas, 0, 0, state)
        drawn.add(canvas.finish(1, 1, "", "").split("</style>")[1])
    assert len(drawn) == len(glyphs.Stamp) + len(glyphs.State)


def test_columns_keep_their_order_whatever_the_edges_pull() -> None:
    columns = [[Size(100, 40)] * 3, [Size(200, 60)] * 4, [Size(80, 30)] * 4]
    links = [((0, tail), (1, 3 - tail)) for tail in range(3)] + [((1, tail), (2, 3 - tail)) for tail in range(4)]
    spots = place(columns, links, gap=50, spacing=16)
    for column, sizes in zip(spots, columns, strict=True):
        for upper, lower, size in zip(column, column[1:], sizes, strict=False):
            assert lower.y - upper.y >= size.height + 15.5
    assert spots[1][0].x >= 100 + 49 and spots[0][0].x < spots[1][0].x < spots[2][0].x


def test_too_many_boxes_are_refused() -> None:
    with pytest.raises(LayoutError, match="fold first"):
        place([[Size(10, 10)] * 41], [], gap=10, spacing=10)


def test_trunks_that_overlap_get_lanes_and_straight_lines_none() -> None:
    boxes = {f"t{row}": Rectangle(0, 100 * row, 50, 40) for row in range(2)}
    boxes |= {f"h{row}": Rectangle(200, 100 * row, 50, 40) for row in range(2)}
    straight = [Edge("t0", "h0", Look.PASSES), Edge("t1", "h1", Look.PASSES)]
    crossed = [Edge("t0", "h1", Look.PASSES), Edge("t1", "h0", Look.CUT)]
    assert count_lanes(straight, boxes, by_tail=True) == 0
    assert count_lanes(crossed, boxes, by_tail=True) == 2


def test_a_column_as_wide_as_its_text_breaks_no_word() -> None:
    act = Cell("deny", glyphs.State.DEAD, STRONG)
    table = Table((ColumnHead("rule", 80, False),), ((act,),))
    canvas = Canvas("t")
    table.paint(canvas, 14, 14)
    assert ">deny<" in canvas.finish(200, 100, "t", "t")


def test_a_head_a_little_wider_than_its_cap_stays_within_the_lines() -> None:
    name = "carols_notifications"
    wide = measure.width(name, STRONG)
    heads = tuple(ColumnHead(name, most) for most in (wide + 1, wide - 2, wide - 23, wide - 60))
    table = Table(heads, ((Cell("x"),) * 4,))
    assert [round(item - wide) for item in table.widths()] == [0, 0, 0, -60]
