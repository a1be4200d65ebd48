"""The path rule of DESIGN.md 3."""

from __future__ import annotations

from itertools import pairwise, permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from sharedfate.model.model import Model
from sharedfate.model.network import Link, Party, Zone
from sharedfate.model.route import routes


def network(*links: str, parties: tuple[str, ...] = ()) -> Model:
    """A model from "name:left-right" and the zones that hold a party."""
    made = []
    for text in links:
        name, ends = text.split(":")
        left, right = ends.split("-")
        made.append(Link(name, (left, right)))
    zones = dict.fromkeys(zone for link in made for zone in link.ends)
    return Model(
        "m",
        zones=tuple(Zone(zone) for zone in zones),
        links=tuple(made),
        parties=tuple(Party(f"p{i}", zone) for i, zone in enumerate(parties)),
    )


def test_a_single_chain() -> None:
    assert routes(network("a:home-net", "b:net-far"), "home", "far") == [("a", "b")]


def test_links_run_both_ways() -> None:
    assert routes(network("a:home-net", "b:net-far"), "far", "home") == [("b", "a")]


def test_same_zone_is_the_empty_path() -> None:
    assert routes(network("a:home-net"), "home", "home") == [()]


def test_no_path() -> None:
    assert routes(network("a:home-net", "b:x-far"), "home", "far") == []
    assert routes(network("a:home-net"), "home", "nowhere") == []


def test_a_tie_lists_both_in_declaration_order_and_over_chooses() -> None:
    model = network("up:home-sky", "down:sky-far", "left:home-sea", "right:sea-far")
    assert routes(model, "home", "far") == [("up", "down"), ("left", "right")]
    assert routes(model, "home", "far", ("right",)) == [("left", "right")]


def test_parallel_links_tie() -> None:
    assert routes(network("cable:home-net", "radio:home-net"), "home", "net") == [("cable",), ("radio",)]


def test_no_path_through_a_third_partys_home() -> None:
    model = network("a:home-eve", "b:eve-far", "c:home-x", "d:x-y", "e:y-far", parties=("home", "eve"))
    assert routes(model, "home", "far") == [("c", "d", "e")]
    assert routes(model, "home", "eve") == [("a",)]


def test_over_can_choose_a_detour() -> None:
    model = network("a:home-far", "b:home-x", "c:x-far")
    assert routes(model, "home", "far") == [("a",)]
    assert routes(model, "home", "far", ("c",)) == [("b", "c")]
    assert routes(model, "home", "far", ("a", "c")) == []


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=7),
    st.sets(st.integers(0, 4), max_size=2),
)
def test_agrees_with_trying_every_simple_path(pairs: list[tuple[int, int]], homes: set[int]) -> None:
    links = [f"l{i}:z{a}-z{b}" for i, (a, b) in enumerate(pairs)]
    model = network(*links, parties=tuple(f"z{zone}" for zone in sorted(homes)))
    assert sorted(routes(model, "z0", "z1")) == sorted(by_trying(pairs, homes))


def by_trying(pairs: list[tuple[int, int]], homes: set[int]) -> list[tuple[str, ...]]:
    """All shortest paths from zone 0 to zone 1, by enumeration of zone sequences."""
    found: list[tuple[str, ...]] = []
    for length in range(4):
        for between in permutations(sorted({2, 3, 4} - homes), length):
            partial: list[tuple[str, ...]] = [()]
            zones = (0, *between, 1)
            for a, b in pairwise(zones):
                fitting = [f"l{i}" for i, pair in enumerate(pairs) if set(pair) == {a, b}]
                partial = [(*path, link) for path in partial for link in fitting]
            found.extend(partial)
        if found:
            return found
    return []
