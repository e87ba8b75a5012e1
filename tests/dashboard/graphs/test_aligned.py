"""Which layers of two models stand level: by hand, then laws over random pairs of models."""

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from inspectree.dashboard.graphs.aligned import Link, Side, rows

Models = tuple[Side, Side, dict[str, str]]


def chain(*ids: str) -> Side:
    return Side(ids, list(pairwise(ids)))


def test_what_was_added_leaves_a_gap_beside_it() -> None:
    found = rows(
        chain("in", "a", "out"), chain("in", "a", "new", "out"), {"in": "in", "a": "a", "out": "out"}
    )
    assert found.a == {"in": 0, "a": 1, "out": 3}
    assert found.b == {"in": 0, "a": 1, "new": 2, "out": 3}


def test_what_took_the_place_of_another_stands_beside_it() -> None:
    found = rows(chain("in", "old", "out"), chain("in", "new", "out"), {"in": "in", "out": "out"})
    assert found.a["old"] == found.b["new"] == 1
    assert found.order == ["<in", "<old", ">new", "<out"]


def test_of_two_that_changed_places_one_stays_level() -> None:
    """``c`` went before ``a`` and ``b``: these two are more."""
    names = {name: name for name in ("in", "a", "b", "c", "out")}
    found = rows(chain("in", "a", "b", "c", "out"), chain("in", "c", "a", "b", "out"), names)
    assert found.pairs.keys() == {"in", "a", "b", "out"}
    assert all(found.a[name] == found.b[name] for name in found.pairs)
    assert found.b["c"] < found.b["a"] < found.a["c"]


def test_branches_may_be_listed_in_any_order() -> None:
    links = [("in", "l"), ("in", "r"), ("l", "add"), ("r", "add")]
    a, b = Side(["in", "l", "r", "add"], links), Side(["in", "r", "l", "add"], links[::-1])
    found = rows(a, b, {name: name for name in a.ids})
    assert found.a == found.b == {"in": 0, "l": 1, "r": 1, "add": 2}


@st.composite
def models(draw: Any) -> Models:
    """Draw a graph, and another that has some of its layers in about the same order, and others."""
    count = draw(st.integers(1, 9))
    ids = [f"a{index}" for index in range(count)]
    kept = [id_ for id_ in ids if draw(st.booleans())]
    others = [f"x{index}" for index in range(draw(st.integers(0, 4)))]
    order = draw(st.permutations([f"b {id_}" for id_ in kept] + others))
    return _linked(draw, ids), _linked(draw, order), {id_: f"b {id_}" for id_ in kept}


def _linked(draw: Any, ids: list[str]) -> Side:
    """Link layers forwards, in the order in which they are listed."""
    pairs = [(a, b) for index, a in enumerate(ids) for b in ids[index + 1 :]]
    links: list[Link] = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=14)) if pairs else []
    return Side(ids, links)


@given(models())
def test_pairs_are_level_and_every_edge_points_down(drawn: Models) -> None:
    a, b, pairs = drawn
    found = rows(a, b, pairs)
    assert found.pairs.items() <= pairs.items()
    assert all(found.a[of_a] == found.b[of_b] for of_a, of_b in found.pairs.items())
    for side, rank in ((a, found.a), (b, found.b)):
        assert rank.keys() == set(side.ids)
        assert all(rank[source] < rank[target] for source, target in side.links)


@given(models())
def test_the_order_of_both_is_one_that_data_flow_in(drawn: Models) -> None:
    a, b, pairs = drawn
    found = rows(a, b, pairs)
    names = {of_b: f"<{of_a}" for of_a, of_b in found.pairs.items()}
    place = {name: index for index, name in enumerate(found.order)}
    assert len(place) == len(a.ids) + len(b.ids) - len(found.pairs)
    assert all(place[f"<{source}"] < place[f"<{target}"] for source, target in a.links)
    links = [[names.get(end, f">{end}") for end in link] for link in b.links]
    assert all(place[source] < place[target] for source, target in links)


@given(models())
def test_where_the_order_is_the_same_every_pair_is_level(drawn: Models) -> None:
    a, _, pairs = drawn
    b = Side([pairs[id_] for id_ in a.ids if id_ in pairs], [])
    b = Side(b.ids, [(pairs[s], pairs[t]) for s, t in a.links if s in pairs and t in pairs])
    assert rows(a, b, pairs).pairs == pairs
