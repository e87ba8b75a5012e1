"""Where boxes of a graph are placed."""

from itertools import combinations, pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from inspectree.dashboard.graphs.layered import Placement, Point, layered

Graph = tuple[dict[str, Point], list[tuple[str, str]]]

EPSILON = 1e-6


@st.composite
def graphs(draw: Any) -> Graph:
    """Draw up to nine boxes of any size, and edges that never lead back, some of them skipping."""
    count = draw(st.integers(1, 9))
    names = [f"n{index}" for index in range(count)]
    length = st.floats(20, 400)
    sizes = {name: (draw(length), draw(length)) for name in draw(st.permutations(names))}
    pairs = list(combinations(names, 2))
    edges = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=14)) if pairs else []
    return sizes, edges


def overlap(a: Point, a_size: Point, b: Point, b_size: Point) -> bool:
    return all(abs(a[i] - b[i]) < (a_size[i] + b_size[i]) / 2 - EPSILON for i in (0, 1))


def crosses(start: Point, end: Point, centre: Point, size: Point) -> bool:
    """Tell whether a straight line enters a box, by cutting it at the box's sides (Liang and Barsky)."""
    first, last = 0.0, 1.0
    for axis in (0, 1):
        delta = end[axis] - start[axis]
        low = centre[axis] - size[axis] / 2 + EPSILON - start[axis]
        high = centre[axis] + size[axis] / 2 - EPSILON - start[axis]
        if abs(delta) < EPSILON:
            if not low < 0 < high:
                return False
            continue
        enter, leave = sorted((low / delta, high / delta))
        first, last = max(first, enter), min(last, leave)
    return first < last - EPSILON


def test_a_chain_is_a_column() -> None:
    """Heights 40, 60 and 20 with gaps of 44: centres at 20, 40 + 44 + 30 and 40 + 44 + 60 + 44 + 10."""
    sizes = {"a": (100.0, 40.0), "b": (60.0, 60.0), "c": (80.0, 20.0)}
    placement = layered(sizes, [("a", "b"), ("b", "c")], gap_y=44)
    assert placement == Placement({"a": (0.0, 20.0), "b": (0.0, 114.0), "c": (0.0, 198.0)}, {})


def test_siblings_stand_side_by_side() -> None:
    """Two boxes 100 and 60 wide, 40 apart, are 120 from centre to centre; below the same parent."""
    sizes = {"top": (50.0, 30.0), "left": (100.0, 30.0), "right": (60.0, 30.0)}
    centres = layered(sizes, [("top", "left"), ("top", "right")], gap_x=40, gap_y=10).centres
    assert centres["right"][0] - centres["left"][0] == 120
    assert centres["left"][1] == centres["right"][1] == 55
    assert centres["left"][0] < centres["top"][0] < centres["right"][0]


def test_an_edge_that_skips_a_row_bends_around_its_boxes() -> None:
    sizes = dict.fromkeys("abc", (100.0, 40.0))
    placement = layered(sizes, [("a", "b"), ("b", "c"), ("a", "c")])
    assert list(placement.bends) == [2]
    assert all(abs(x - placement.centres["b"][0]) > 50 for x, _ in placement.bends[2])


def test_a_circle_is_drawn_all_the_same() -> None:
    placement = layered(dict.fromkeys("ab", (10.0, 10.0)), [("a", "b"), ("b", "a")])
    assert placement.centres.keys() == {"a", "b"}


def test_nothing_is_nowhere() -> None:
    assert layered({}, []) == Placement({}, {})


@given(graphs())
def test_no_two_boxes_overlap(graph: Graph) -> None:
    sizes, edges = graph
    centres = layered(sizes, edges).centres
    assert centres.keys() == sizes.keys()
    for a, b in combinations(sizes, 2):
        assert not overlap(centres[a], sizes[a], centres[b], sizes[b])


@given(graphs())
def test_data_flows_down(graph: Graph) -> None:
    """The target begins below the source's end, with room for the arrow."""
    sizes, edges = graph
    centres = layered(sizes, edges, gap_y=44).centres
    for source, target in edges:
        bottom = centres[source][1] + sizes[source][1] / 2
        assert centres[target][1] - sizes[target][1] / 2 >= bottom + 44 - EPSILON


@given(graphs())
def test_edges_keep_out_of_boxes(graph: Graph) -> None:
    """All the way from box to box; and bends lie in order between the two ends."""
    sizes, edges = graph
    placement = layered(sizes, edges)
    for index, (source, target) in enumerate(edges):
        (x0, y0), (x1, y1) = placement.centres[source], placement.centres[target]
        below, above = (x0, y0 + sizes[source][1] / 2), (x1, y1 - sizes[target][1] / 2)
        way = [below, *placement.bends.get(index, []), above]
        heights = [y for _, y in way]
        assert heights == sorted(heights)
        for start, end in pairwise(way):
            for name, centre in placement.centres.items():
                assert not crosses(start, end, centre, sizes[name]), (edges[index], name)


@given(graphs())
def test_the_same_graph_is_placed_the_same_way(graph: Graph) -> None:
    assert layered(*graph) == layered(*graph)
