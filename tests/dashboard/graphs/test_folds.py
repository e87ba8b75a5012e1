"""What repeats is folded, what is open shows all of it, and no edge is lost on the way."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectree.dashboard.graphs import unfolding
from inspectree.dashboard.graphs.architecture import Architecture
from inspectree.dashboard.graphs.columns import in_columns
from inspectree.dashboard.graphs.folds import Fold, folded, ordered
from inspectree.dashboard.graphs.layered import layered
from inspectree.dashboard.graphs.layers import draw_layers
from inspectree.dashboard.graphs.shelves import shelves
from inspectree.dashboard.graphs.unfolding import Unfolded

Json = dict[str, Any]

TYPES = "ABC"


def found(types: str, extra: tuple[tuple[int, int], ...] = ()) -> list[Any]:
    """Fold a chain of layers of these types; return runs as (first, period, count), layers as positions."""
    ids = [str(index) for index in range(len(types))]
    links = [*pairwise(ids), *((str(source), str(target)) for source, target in extra)]
    items = folded(ids, links, [dict(zip(ids, types, strict=True))], most=0)
    return [
        (int(item.members[0]), item.period, item.count) if isinstance(item, Fold) else int(item)
        for item in items
    ]


def test_a_chain_of_equal_layers_is_one_run() -> None:
    """The first is fed by nothing: it is not like the others."""
    assert found("AAAAAAAA") == [0, (1, 1, 7)]


def test_blocks_of_several_layers_are_one_run_of_the_shortest_period() -> None:
    assert found("XABABABABY") == [0, (1, 2, 4), 9]


def test_a_run_is_cut_where_a_block_begins() -> None:
    """Skips lead from before each block to its last layer: three blocks A B C."""
    skips = ((0, 3), (3, 6), (6, 9))
    assert found("XABCABCABCY", skips) == [0, (1, 3, 3), 10]


def test_blocks_that_are_fed_from_elsewhere_are_no_run() -> None:
    """One skip leads two layers back, the others three."""
    assert found("XABCABCABC", ((0, 3), (4, 6), (6, 9))) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_what_feeds_every_block_does_not_hinder() -> None:
    """A mask goes into the second layer of eight blocks."""
    masks = tuple((0, place) for place in range(3, 18, 2))
    assert found("MX" + "AB" * 8, masks) == [0, 1, (2, 2, 8)]


def test_little_is_not_folded() -> None:
    assert found("XABABY") == [0, 1, 2, 3, 4, 5]


@given(st.text(TYPES, min_size=1, max_size=40), st.data())
def test_folding_keeps_every_layer_once_and_in_order(types: str, data: Any) -> None:
    ids = [str(index) for index in range(len(types))]
    places = st.integers(0, len(ids) - 1)
    pairs = data.draw(st.lists(st.tuples(places, places).filter(lambda pair: pair[0] < pair[1]), max_size=12))
    links = list(dict.fromkeys([*pairwise(ids), *((ids[a], ids[b]) for a, b in pairs)]))
    items = folded(ids, links, [dict(zip(ids, types, strict=True))], most=0)
    flat = [member for item in items for member in (item.members if isinstance(item, Fold) else (item,))]
    assert flat == ordered(ids, links) == ids  # a chain has one order
    for item in items:
        if isinstance(item, Fold):
            blocks = [
                "".join(types[int(id_)] for id_ in item.members[start : start + item.period])
                for start in range(0, len(item.members), item.period)
            ]
            assert len(set(blocks)) == 1
            assert len(blocks) >= 2


# ---- whole models: groups and runs, folded and open


def node(id_: str, type_: str, kind: str = "layer") -> Json:
    """Return a layer of one number per sample."""
    parent, _, name = id_.rpartition("/")
    output = {"shape": [None, 1], "dtype": "float32", "name": "activations", "dims": ["sample", "unit"]}
    return {
        "id": id_, "kind": kind, "type": type_, "name": name, "parent": parent or None, "outputs": [output],
        "config": {}, "variables": [], "call_of": None, "passthrough": False, "inside": "traced",
        "loop": False,
    }  # fmt: skip


def edge(source: str, target: str, source_port: int = 0, target_port: int = 0) -> Json:
    return {"source": source, "target": target, "source_port": source_port, "target_port": target_port}


def residual(blocks: int) -> Json:
    """Return input → group (a → b) → blocks of (dense, relu, add), each with a skip → out."""
    nodes = [
        node("in", "InputLayer", "input"),
        node("g", "Functional"),
        node("g/a", "Dense"),
        node("g/b", "ReLU"),
    ]
    edges = [edge("in", "g"), edge("g", "g/a"), edge("g/a", "g/b"), edge("g/b", "g")]
    last = "g"
    for number in range(blocks):
        names = [f"{kind}_{number}" for kind in ("dense", "relu", "add")]
        nodes += [node(name, type_) for name, type_ in zip(names, ("Dense", "ReLU", "Add"), strict=True)]
        edges += [edge(a, b) for a, b in pairwise([last, *names])] + [edge(last, names[-1], target_port=1)]
        last = names[-1]
    edges.append(edge(last, "out"))
    return {"nodes": [*nodes, node("out", "Softmax")], "edges": edges, "outputs": ["out"]}


@pytest.fixture(scope="module")
def architecture() -> Architecture:
    return Architecture(residual(20))


RUN = "dense_0..add_19"


def drawn(architecture: Architecture, *opened: str) -> Unfolded:
    return Unfolded(architecture, None, frozenset(opened))


def test_a_big_model_folds_by_itself(architecture: Architecture) -> None:
    graph = drawn(architecture)
    assert [item.key for item in graph.drawn] == ["in", "g", RUN, "out"]
    assert graph.links == [("in", "g"), ("g", RUN), (RUN, "out")]


def test_a_small_model_does_not() -> None:
    small = Architecture(residual(4))
    assert len(Unfolded(small, None).drawn) == 2 + 3 * 4 + 1


def test_an_open_group_shows_its_layers_and_the_edges_that_lead_into_it(architecture: Architecture) -> None:
    graph = drawn(architecture, "g")
    assert [item.key for item in graph.drawn] == ["in", "g/a", "g/b", RUN, "out"]
    assert graph.links == [("in", "g/a"), ("g/a", "g/b"), ("g/b", RUN), (RUN, "out")]
    assert graph.ways["g/a"] == ("g",)


def test_an_open_run_shows_every_layer(architecture: Architecture) -> None:
    graph = drawn(architecture, "g", RUN)
    layers = [each["id"] for each in architecture.graph["nodes"] if each["id"] != "g"]
    assert [item.key for item in graph.drawn] == layers
    assert ("g/b", "dense_0") in graph.links
    assert ("g/b", "add_0") in graph.links
    assert ("add_19", "out") in graph.links


def test_ports_lead_where_they_do() -> None:
    """A group with two inputs and two outputs: each edge goes on from its own port."""
    nodes = [node(id_, "Dense") for id_ in ("a", "b", "g", "g/x", "g/y", "c", "d")]
    edges = [
        edge("a", "g"), edge("b", "g", 0, 1), edge("g", "g/x", 0), edge("g", "g/y", 1),
        edge("g/x", "g", 0, 1), edge("g/y", "g", 0, 0), edge("g", "c", 0), edge("g", "d", 1),
    ]  # fmt: skip
    graph = Unfolded(Architecture({"nodes": nodes, "edges": edges}), None, frozenset({"g"}))
    assert set(graph.links) == {("a", "g/x"), ("b", "g/y"), ("g/y", "c"), ("g/x", "d")}


@given(st.sets(st.sampled_from(["g", RUN, "nothing"])))
def test_folding_loses_no_edge(opened: set[str]) -> None:
    """What is drawn is everything unfolded, with each layer replaced by the box that it is folded in."""
    architecture = Architecture(residual(20))
    graph, everything = drawn(architecture, *opened), drawn(architecture, "g", RUN)
    boxes = {member: item.key for item in graph.drawn for member in item.members}
    boxes |= {id_: "g" for id_ in ("g/a", "g/b") if "g" in boxes}
    expected = {(boxes[source], boxes[target]) for source, target in everything.links}
    assert set(graph.links) == {pair for pair in expected if pair[0] != pair[1]}


@given(st.sets(st.sampled_from(["g", RUN])))
def test_open_frames_hold_what_is_in_them_and_nothing_else(opened: set[str]) -> None:
    model = {"id": "m", "label": "M", "type": "F", "class_names": [], "inputs": None, "outputs": None}
    drawing = draw_layers(
        model, Architecture(residual(20)), None, "red", lambda _: [], [f"m/{key}" for key in opened]
    )
    frames = {frame["uoa"]: frame for frame in drawing["frames"] if frame.get("folds")}
    assert frames.keys() == {f"m/{key}" for key in opened}
    inside = {
        "m/g": {"m/g/a", "m/g/b"},
        f"m/{RUN}": {f"m/{kind}_{n}" for kind in ("dense", "relu", "add") for n in range(20)},
    }
    for uoa, frame in frames.items():
        held = {
            box["uoa"]
            for box in drawing["nodes"]
            if frame["x"] < box["x"] < frame["x"] + frame["w"]
            and frame["y"] < box["y"] < frame["y"] + frame["h"]
        }
        assert held == inside[uoa]


def test_a_fold_tells_what_it_stands_for(architecture: Architecture) -> None:
    model = {"id": "m", "label": "M", "type": "F", "class_names": [], "inputs": None, "outputs": None}
    drawing = draw_layers(model, architecture, None, "red", lambda _: ["x"])
    (box,) = [box for box in drawing["nodes"] if box["kind"] == "fold"]
    assert (box["name"], box["fits"], box["uoa"]) == ("×20 block of 3 layers", [], f"m/{RUN}")
    assert box.get("members", [])[:3] == ["m/dense_0", "m/relu_0", "m/add_0"]
    assert box["more"]["picture"] == ["dense", "activation", "merge"]


# ---- columns and shelves


def test_a_long_chain_stands_in_columns_without_overlaps() -> None:
    """Two hundred boxes: the whole is no longer a line, and an edge still goes from each to the next."""
    sizes = {f"n{index}": (200.0, 100.0) for index in range(200)}
    links = list(pairwise(sizes))
    placement = in_columns(sizes, links, layered(sizes, links))
    x, y = ({centre[axis] for centre in placement.centres.values()} for axis in (0, 1))
    width, height = max(x) - min(x) + 200, max(y) - min(y) + 100
    assert 0.4 < width / height < 2.5
    assert len(set(placement.centres.values())) == 200
    assert len(x) == len(placement.bends) + 1, "an edge bends where it goes over to the next column"


def test_a_short_chain_stays_a_column() -> None:
    sizes = {f"n{index}": (200.0, 100.0) for index in range(20)}
    placement = layered(sizes, list(pairwise(sizes)))
    assert in_columns(sizes, list(pairwise(sizes)), placement) is placement


@given(st.lists(st.tuples(st.floats(50, 900), st.floats(50, 900)), max_size=30))
def test_shelves_hold_everything_side_by_side(sizes: list[tuple[float, float]]) -> None:
    corners = shelves(sizes, 20)
    assert len(corners) == len(sizes)
    areas = [(*corner, corner[0] + w, corner[1] + h) for corner, (w, h) in zip(corners, sizes, strict=True)]
    for index, (left, top, right, bottom) in enumerate(areas):
        for other in areas[:index]:
            assert left >= other[2] or right <= other[0] or top >= other[3] or bottom <= other[1]


def test_many_alike_make_a_sheet_of_the_panels_shape() -> None:
    corners = shelves([(100.0, 100.0)] * 100, 10)
    width, height = (max(corner[axis] for corner in corners) + 100 for axis in (0, 1))
    assert 1.1 < width / height < 1.7


def test_the_threshold_is_where_the_docs_say() -> None:
    """48 layers are drawn as they are, 49 are folded."""
    for blocks, expected in ((15, 48), (16, 4)):
        model = residual(blocks)
        assert len([each for each in model["nodes"] if each["parent"] is None]) == 3 + 3 * blocks
        assert len(Unfolded(Architecture(model), None).drawn) == expected
    assert unfolding.FOLDS_FROM == 48
