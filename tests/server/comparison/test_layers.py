"""What changed between two graphs: by hand, then laws over random graphs."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectree.logger.architecture.model_graph import Edge, ModelGraph, Node, Tensor, Variable
from inspectree.server.comparison.change import Change
from inspectree.server.comparison.layers import LayerChanges, layer_changes

TYPES = ("Dense", "Dropout", "ReLU", "Add")


def node(id_: str, type_: str = "Dense", units: int = 4, **more: Any) -> Node:
    """Return a layer with so many units, and as many parameters."""
    output = Tensor(shape=(None, units), dtype="float32", dims=("sample", "unit"))
    bias = Variable(name="bias", shape=(units,), dims=("out",), dtype="float32", trainable=True)
    name = id_.rpartition("/")[2]
    parts: dict[str, Any] = {"kind": "layer", "config": {"units": units}, "variables": (bias,), **more}
    return Node(id=id_, type=type_, name=name, outputs=(output,), **parts)


def graph(nodes: list[Node], edges: list[tuple[str, str]], *outputs: str) -> ModelGraph:
    links = tuple(Edge(source=a, target=b, target_port=port) for port, (a, b) in enumerate(edges))
    return ModelGraph(
        name="g", type="Functional", framework="keras", nodes=tuple(nodes), edges=links, outputs=outputs
    )


def chain(*nodes: Node) -> ModelGraph:
    return graph(list(nodes), list(pairwise(each.id for each in nodes)), nodes[-1].id)


def names(changes: LayerChanges) -> dict[str, Any]:
    """Return what changed, as names."""
    told = {
        "added": [layer.name for layer in changes.added],
        "removed": [layer.name for layer in changes.removed],
        "altered": {layer.after: [change.key for change in layer.changes] for layer in changes.altered},
        "renamed": [(pair.before, pair.after) for pair in changes.renamed],
        "moved": [pair.after for pair in changes.moved],
        "rewired": [(link.change, link.source, link.target) for link in changes.rewired],
    }
    return {name: found for name, found in told.items() if found}


INPUT = node("image", "InputLayer", kind="input")


def test_a_layer_between_two_others_is_added_and_nothing_is_rewired() -> None:
    before = chain(INPUT, node("hidden"), node("out", units=3))
    after = chain(
        INPUT, node("hidden"), node("dropout", "Dropout", config={"rate": 0.5}), node("out", units=3)
    )
    changes = layer_changes(before, after)
    assert names(changes) == {"added": ["dropout"]}
    (added,) = changes.added
    assert (added.type, added.settings, added.after, added.parameters) == (
        "Dropout", {"rate": 0.5}, ("hidden",), 4
    )  # fmt: skip
    assert changes.matched == 3
    assert [(pair.before, pair.after) for pair in changes.pairs] == [
        ("image", "image"), ("hidden", "hidden"), ("out", "out"),
    ]  # fmt: skip
    assert names(layer_changes(after, before)) == {"removed": ["dropout"]}


def test_a_setting_that_changed_is_told_with_what_follows() -> None:
    before = chain(INPUT, node("hidden", units=64), node("out"))
    after = chain(INPUT, node("hidden", units=128), node("out"))
    (altered,) = layer_changes(before, after).altered
    assert altered.changes == (
        Change(key="units", before=64, after=128),
        Change(key="output shape", before=[64], after=[128]),
        Change(key="parameters", before=64, after=128),
        Change(key="trainable parameters", before=64, after=128),
    )


def test_names_that_keras_counted_are_no_evidence() -> None:
    """``dense_1`` was the output; now it is what was added before it, and the output is ``dense_2``."""
    before = chain(INPUT, node("dense", units=64), node("dense_1", units=10))
    after = chain(INPUT, node("dense", units=64), node("dense_1", units=32), node("dense_2", units=10))
    assert names(layer_changes(before, after)) == {"added": ["dense_1"], "renamed": [("dense_1", "dense_2")]}


def test_names_that_people_gave_are_evidence() -> None:
    before = chain(INPUT, node("encode", units=64), node("decode", units=10))
    after = chain(INPUT, node("encode", units=10), node("decode", units=64))
    assert names(layer_changes(before, after))["altered"].keys() == {"encode", "decode"}


def test_another_type_is_another_layer() -> None:
    before, after = chain(INPUT, node("act", "ReLU")), chain(INPUT, node("act", "Softmax"))
    assert names(layer_changes(before, after)) == {"added": ["act"], "removed": ["act"]}


def test_a_skip_connects_what_was_not_connected() -> None:
    nodes = [INPUT, node("a"), node("b"), node("add", "Add"), node("out")]
    before = chain(INPUT, node("a"), node("b"), node("out"))
    links = [("image", "a"), ("a", "b"), ("a", "add"), ("b", "add"), ("add", "out")]
    assert names(layer_changes(before, graph(nodes, links, "out"))) == {
        "added": ["add"], "rewired": [("added", "a", "out")],
    }  # fmt: skip


def test_a_layer_that_moved_is_told_as_that() -> None:
    pool = node("pool", "MaxPooling2D", variables=())
    before = chain(INPUT, node("a"), pool, node("b"), node("out"))
    after = chain(INPUT, node("a"), node("b"), pool, node("out"))
    assert names(layer_changes(before, after)) == {"moved": ["pool"]}


def test_another_output_is_rewired() -> None:
    nodes = [INPUT, node("a"), node("b")]
    links = [("image", "a"), ("a", "b")]
    changes = layer_changes(graph(nodes, links, "b"), graph(nodes, links, "a", "b"))
    assert names(changes) == {"rewired": [("added", "a", "")]}


def test_layers_in_layers_are_compared_where_both_have_those() -> None:
    def model(block: str, *inside: Node) -> ModelGraph:
        ends = [(block, inside[0].id), *pairwise(each.id for each in inside), (inside[-1].id, block)]
        nodes = [INPUT, node(block, "Functional", variables=()), *inside, node("out")]
        return graph(nodes, [("image", block), (block, "out"), *ends], "out")

    before = model("block", node("block/a", parent="block"), node("block/b", "ReLU", parent="block"))
    after = model(
        "core",
        node("core/a", units=8, parent="core"),
        node("core/drop", "Dropout", parent="core"),
        node("core/b", "ReLU", parent="core"),
    )
    told = names(layer_changes(before, after))
    assert told["added"] == ["drop"]
    assert told["renamed"] == [("block", "core")]
    assert told["altered"]["core/a"][0] == "units"
    assert "rewired" not in told


def test_a_layer_whose_code_changed_is_told_by_its_operations() -> None:
    def model(step: str) -> ModelGraph:
        inside = node("own/step", step, kind="operation", parent="own", config={})
        return graph([INPUT, node("own", "Mine"), inside], [("image", "own")], "own")

    (altered,) = layer_changes(model("Tanh"), model("Sigmoid")).altered
    assert altered.changes == (Change(key="operations", before=["Tanh"], after=["Sigmoid"]),)


def test_a_circle_which_only_a_damaged_file_holds_is_no_obstacle() -> None:
    nodes = [node("a"), node("b")]
    around = graph(nodes, [("a", "b"), ("b", "a")])
    assert layer_changes(around, around).is_empty


@st.composite
def graphs(draw: st.DrawFn) -> ModelGraph:
    """Return a graph without circles, of up to nine layers, named by people or counted."""
    count = draw(st.integers(1, 9))
    given = draw(st.booleans())
    nodes, edges = [INPUT], []
    for number in range(count):
        id_ = f"given {number}" if given else f"dense_{number}"
        nodes.append(node(id_, draw(st.sampled_from(TYPES)), draw(st.integers(1, 3))))
        sources = draw(st.lists(st.integers(0, number), min_size=1, max_size=2, unique=True))
        edges += [(nodes[source].id, id_) for source in sources]
    return graph(nodes, edges, nodes[-1].id)


def renamed(architecture: ModelGraph, to: Callable[[str], str]) -> ModelGraph:
    nodes = tuple(
        each.model_copy(update={"id": to(each.id), "name": to(each.name)}) for each in architecture.nodes
    )
    edges = tuple(
        edge.model_copy(update={"source": to(edge.source), "target": to(edge.target)})
        for edge in architecture.edges
    )
    outputs = tuple(map(to, architecture.outputs))
    return architecture.model_copy(update={"nodes": nodes, "edges": edges, "outputs": outputs})


def inserted(architecture: ModelGraph, place: int, new: Node) -> ModelGraph:
    """Return the graph with a layer on one of its edges."""
    edge = architecture.edges[place % len(architecture.edges)]
    around = tuple(
        each
        for old in architecture.edges
        for each in (
            (
                old.model_copy(update={"target": new.id, "target_port": 0}),
                old.model_copy(update={"source": new.id}),
            )
            if old is edge
            else (old,)
        )
    )
    return architecture.model_copy(update={"nodes": (*architecture.nodes, new), "edges": around})


@given(graphs())
def test_with_itself_nothing_changed(architecture: ModelGraph) -> None:
    changes = layer_changes(architecture, architecture)
    assert changes.is_empty
    assert changes == LayerChanges(matched=len(architecture.nodes), pairs=changes.pairs)
    assert {(pair.before, pair.after) for pair in changes.pairs} == {
        (each.id, each.id) for each in architecture.nodes
    }


@given(graphs(), graphs())
def test_backwards_added_is_removed(a: ModelGraph, b: ModelGraph) -> None:
    there, back = layer_changes(a, b), layer_changes(b, a)
    assert (there.added, there.removed, there.matched) == (back.removed, back.added, back.matched)
    assert {(pair.before, pair.after) for pair in there.renamed} == {
        (pair.after, pair.before) for pair in back.renamed
    }
    assert {layer.before for layer in there.altered} == {layer.after for layer in back.altered}


@given(graphs(), st.randoms(use_true_random=False))
def test_other_names_change_nothing_but_the_names(architecture: ModelGraph, random: Any) -> None:
    """Whatever the alphabet makes of their order."""
    ids = [each.id for each in architecture.nodes]
    numbers = list(range(len(ids)))
    random.shuffle(numbers)
    new = {id_: f"layer {number}" for id_, number in zip(ids, numbers, strict=True)}
    changes = layer_changes(architecture, renamed(architecture, new.__getitem__))
    assert names(changes).keys() == {"renamed"}
    assert len(changes.renamed) == changes.matched == len(ids)


@given(graphs(), st.integers(0, 20), st.sampled_from(TYPES), st.integers(1, 3), st.booleans())
def test_one_more_layer_is_one_added(
    architecture: ModelGraph, place: int, type_: str, units: int, anew: bool
) -> None:
    """Also where all the others have got other names."""
    larger = inserted(architecture, place, node("new", type_, units))
    if anew:
        larger = renamed(larger, lambda id_: f"x {id_}")
    changes = layer_changes(architecture, larger)
    assert (len(changes.added), changes.removed) == (1, ())
    assert changes.added[0].type == type_
    assert changes.matched == len(architecture.nodes)


@given(graphs(), graphs(), st.randoms(use_true_random=False))
def test_in_which_order_nodes_and_edges_are_listed_changes_nothing(
    a: ModelGraph, b: ModelGraph, random: Any
) -> None:
    nodes, edges = list(b.nodes), list(b.edges)
    random.shuffle(nodes)
    random.shuffle(edges)
    shuffled = b.model_copy(update={"nodes": tuple(nodes), "edges": tuple(edges)})
    assert layer_changes(a, b) == layer_changes(a, shuffled)


def test_a_large_model_is_told_from_a_deeper_one(resnets: tuple[ModelGraph, ModelGraph]) -> None:
    """One more block of ten layers among others that are the same; all names are counted anew."""
    small, large = resnets
    changes = layer_changes(small, large)
    assert (len(changes.added), changes.removed, changes.altered, changes.rewired) == (10, (), (), ())


@pytest.fixture(scope="module")
def resnets() -> tuple[ModelGraph, ModelGraph]:
    """Return residual networks of dense layers, of 12 and 13 blocks."""
    return residual(12), residual(13)


def residual(blocks: int) -> ModelGraph:
    nodes, edges, last = [INPUT], [], "image"
    for block in range(blocks):
        begins = last
        for number in range(10):
            type_ = "Add" if number == 9 else TYPES[number % 3]
            nodes.append(node(f"{type_.lower()}_{10 * block + number}", type_))
            edges.append((last, nodes[-1].id))
            last = nodes[-1].id
        edges.append((begins, last))
    return graph(nodes, edges, last)
