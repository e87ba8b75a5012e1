"""Models whose calls use operations of the backend itself: exact edges, and no exception whatever they do."""

from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspectree.logger.architecture.model_graph import ModelGraph
from tests.logger.architecture import raw_models
from tests.logger.architecture.calls import edges, floats, layers_called, layers_drawn, traced

L = keras.layers


def _built(model: Any, *arrays: Any) -> Any:
    model(*map(keras.ops.convert_to_tensor, arrays))
    return model


def _graph(model: Any, *arrays: Any) -> ModelGraph:
    return traced(_built(model, *arrays), *arrays).graph


def test_a_skip_through_raw_operations_is_not_lost() -> None:
    graph = _graph(raw_models.Skip(), floats(4))
    assert edges(graph) == {
        ("x", "one"),
        ("one", "raw"),
        ("x", "raw"),
        ("raw", "two"),
        ("two", "raw:1"),
        ("one", "raw:1"),
    }
    assert graph.outputs == ("raw:1",)
    output = graph.by_id["raw:1"]
    assert (output.type, output.outputs[0].shape, output.dims) == ("Raw", (None, 7), ("sample", "unit"))


def test_layers_between_raw_operations_show_their_inside() -> None:
    graph = _graph(raw_models.Skip(), floats(4))
    assert [node.type for node in graph.children("one")] == ["Matmul", "Add"]
    assert ("one/kernel", "one/matmul") in edges(graph, "one")


def test_the_names_of_the_raw_operations_are_told_in_their_order() -> None:
    graph = _graph(raw_models.Skip(), floats(4))
    names = {
        "tensorflow": [["Relu", "AddV2"], ["Tanh", "ConcatV2"]],
        "jax": [["max", "add"], ["tanh", "concatenate"]],
        "torch": [["relu", "add"], ["tanh", "cat"]],
    }
    told = [node.config["operations"] for node in graph.nodes if node.type == "Raw"]
    assert told == names[keras.backend.backend()]


def test_a_raw_layer_in_a_raw_model_is_a_group_with_its_variables() -> None:
    graph = _graph(raw_models.Nested(), floats(4))
    assert edges(graph, "block") == {
        ("block", "block/raw"),
        ("block/scale", "block/raw"),
        ("block/raw", "block/dense"),
        ("block/dense", "block"),
    }
    assert {("block:1", "block:1/raw"), ("block/scale", "block:1/raw")} <= edges(graph, "block:1")
    assert graph.by_id["block:1"].call_of == "block"


def test_a_loop_over_layers_with_a_branch_is_drawn_as_it_ran() -> None:
    graph = _graph(raw_models.Nested(deep=False), floats(4))
    assert edges(graph) == {
        ("x", "raw"),
        ("raw", "block"),
        ("block", "dense"),
        ("block", "raw:1"),
        ("dense", "raw:1"),
        ("raw:1", "dense@2"),
        ("dense@2", "dense@3"),
        ("dense@2", "raw:2"),
        ("dense@3", "raw:2"),
        ("dense@2", "raw:3"),
        ("dense@3", "raw:3"),
    }
    assert graph.outputs == ("raw:2", "raw:3")


def test_a_layer_that_is_called_on_constants_is_a_node_with_its_edges() -> None:
    graph = _graph(raw_models.Positions(), np.ones((4, 5), "int32"))
    assert edges(graph) == {("x", "tokens"), ("tokens", "raw:1"), ("places", "raw:1"), ("raw:1", "head")}
    assert graph.by_id["places"].outputs[0].shape == (5, 4)


def test_a_compiled_call_is_seen_though_it_was_called_before() -> None:
    graph = _graph(raw_models.Compiled(), floats(4))
    assert edges(graph) == {("x", "one"), ("one", "raw"), ("raw", "two"), ("two", "raw:1")}


def test_a_shape_is_no_value_and_a_mask_is_one() -> None:
    graph = _graph(raw_models.Started(), np.ones((4, 5), "int32"))
    (mask,) = (node.id for node in graph.children() if node.type == "NotEqual")
    assert edges(graph) == {
        ("x", "tokens"),
        ("x", mask),
        ("tokens", "masked"),
        (mask, "masked"),
        ("start", "raw:2"),
        ("tokens", "raw:1"),
        ("raw:1", "plain"),
        ("masked", "raw:2"),
        ("plain", "raw:2"),
        ("raw:2", "end"),
    }


@pytest.mark.skipif(keras.backend.backend() != "jax", reason="JAX hands other objects to such a function")
def test_what_is_calculated_again_for_the_gradients_shows_its_layers() -> None:
    import jax

    model = raw_models.Compiled()
    _built(model, floats(4))
    model.inside = jax.checkpoint(model._inside)
    graph = traced(model, floats(4)).graph
    assert [node.id for node in graph.children() if node.type != "Raw"] == ["x", "one", "two"]
    assert ("x", "one") in edges(graph)
    assert [_layers_before(graph, node) for node in ("two", graph.outputs[0])] == [{"one"}, {"two"}]


MODELS = {
    "skip": (raw_models.Skip, floats(4)),
    "nested": (raw_models.Nested, floats(4)),
    "positions": (raw_models.Positions, np.ones((4, 5), "int32")),
    "compiled": (raw_models.Compiled, floats(4)),
}


@pytest.mark.parametrize(("make", "array"), MODELS.values(), ids=MODELS)
def test_every_call_of_a_real_forward_pass_is_a_node(make: Any, array: Any) -> None:
    keras.config.disable_traceback_filtering()
    model = _built(make(), array)
    found = traced(model, array)
    if make is raw_models.Compiled and keras.backend.backend() != "torch":
        model.inside = model._inside
    assert layers_drawn(found) == layers_called(model, array)
    assert found.graph.parameters == model.count_params()
    assert all(node.inside == "traced" for node in found.graph.nodes)


def test_a_lambda_with_raw_operations_shows_them() -> None:
    x = keras.Input((4,), name="x")
    y = L.Lambda(lambda z: raw_models.raw.relu(z), output_shape=(4,), name="odd")(x)
    graph = traced(keras.Model(x, L.Dense(2, name="after")(y)), floats(4)).graph
    assert edges(graph) == {("x", "odd"), ("odd", "after")}
    assert edges(graph, "odd") == {("odd", "odd/raw"), ("odd/raw", "odd")}


def test_a_raw_result_is_not_taken_for_the_layer_s_own() -> None:
    """Dropout hands on what it got, which is not what the layer before the raw operation gave out."""

    class Model(keras.Model):  # type: ignore[misc]  # Keras ships no types
        def __init__(self) -> None:
            super().__init__()
            self.dense, self.drop = L.Dense(4, name="dense"), L.Dropout(0.5, name="drop")

        def call(self, x: Any) -> Any:
            return self.drop(raw_models.raw.relu(self.dense(x)))

    graph = _graph(Model(), floats(4))
    assert [node.id for node in graph.inputs_of("drop")] == ["raw"]


def test_a_layer_that_needs_values_is_a_node_without_inside() -> None:
    x = keras.Input((4,), name="x")
    odd = raw_models.Values(name="odd")
    odd.compute_output_shape = lambda shape: (*shape[:-1], 3)  # type: ignore[method-assign]
    graph = traced(keras.Model(x, L.Dense(2, name="after")(odd(x))), floats(4)).graph
    assert graph.by_id["odd"].inside == "opaque"
    assert edges(graph) == {("x", "odd"), ("odd", "after")}
    assert [v.name for v in graph.by_id["odd/inner"].variables] == ["kernel", "bias"]


class _Around(keras.Model):  # type: ignore[misc]  # Keras ships no types
    """A model around a layer of which not even the shape is known without values."""

    def __init__(self) -> None:
        super().__init__(name="around")
        self.odd, self.after = raw_models.Values(name="odd"), L.Dense(2, name="after")

    def build(self, shape: Any) -> None:
        self.odd.build(shape)
        self.after.build((None, 3))

    def call(self, x: Any) -> Any:
        return self.after(self.odd(x) + x[:, :3])


def test_a_model_around_a_layer_that_needs_values_has_all_edges() -> None:
    model = _Around()
    model.build((None, 4))
    graph = traced(model, floats(4)).graph
    assert graph.by_id["odd"].inside == "opaque"
    assert graph.by_id["odd"].outputs[0].shape == (None, 3)
    assert {("x", "odd"), ("odd", "add"), ("add", "after")} <= edges(graph)
    assert graph.parameters == model.count_params()


def test_a_model_that_needs_values_itself_still_has_a_graph() -> None:
    model = raw_models.Eager()
    model.build((None, 4))
    graph = traced(model, floats(4)).graph
    assert [node.id for node in graph.nodes] == ["x", "odd", "odd/inner", "after"]
    assert [output.shape for output in graph.by_id["odd"].outputs] == [(None, 3)]
    assert graph.parameters == model.count_params()
    assert (graph.outputs, graph.edges, graph.flops) == (("after",), (), None)


def test_a_model_that_takes_no_zeros_still_has_a_graph() -> None:
    class Picky(keras.Model):  # type: ignore[misc]  # Keras ships no types
        def __init__(self) -> None:
            super().__init__(name="picky")
            self.dense = L.Dense(2, name="dense")

        def build(self, shape: Any) -> None:
            self.dense.build(shape)

        def call(self, x: Any) -> Any:
            if not float(keras.ops.convert_to_numpy(x).sum()) > 0:
                raise ValueError("positive samples are needed")
            return self.dense(x)

    model = Picky()
    model.build((None, 4))
    graph = traced(model, floats(4)).graph
    assert [node.id for node in graph.nodes] == ["x", "dense"]
    assert (graph.parameters, graph.outputs, graph.flops) == (model.count_params(), (), None)


class _Twice(L.Layer):  # type: ignore[misc]  # Keras ships no types
    """A layer that gives out one tensor under two names, and one that was not handed to it."""

    def __init__(self, seen: SimpleNamespace) -> None:
        super().__init__(name="twice")
        self.seen = seen

    def call(self, x: Any) -> Any:
        y = raw_models.raw.relu(x)
        return y, y, self.seen.first


class _Remembering(keras.Model):  # type: ignore[misc]  # Keras ships no types
    def __init__(self) -> None:
        super().__init__(name="remembering")
        self.seen = SimpleNamespace()
        self.first = L.Dense(4, name="first")
        self.twice = _Twice(self.seen)
        self.ends = [L.Dense(2, name=name) for name in "abcd"]

    def call(self, x: Any) -> Any:
        self.seen.first = self.first(x)
        tensors = (*self.twice(x), self.seen.first)
        return [end(tensor) for end, tensor in zip(self.ends, tensors, strict=True)]


def test_tensors_that_a_layer_gives_out_twice_or_did_not_get_are_told_apart() -> None:
    model = _Remembering()
    model(keras.ops.convert_to_tensor(floats(4)))
    graph = traced(model, floats(4)).graph
    ports = {(edge.source, edge.source_port, edge.target) for edge in graph.edges_below()}
    assert {("twice", 0, "a"), ("twice", 1, "b"), ("twice", 2, "c"), ("first", 0, "d")} <= ports
    assert ("first", 0, "twice") in ports


class _Drawn(keras.Model):  # type: ignore[misc]  # Keras ships no types
    """A chain in which every step joins two earlier tensors, by a raw operation or a layer."""

    def __init__(self, steps: list[tuple[int, int, bool]]) -> None:
        super().__init__(name="drawn")
        self.steps = steps
        self.dense = [L.Dense(4, name=f"d{n}") if layered else None for n, (*_, layered) in enumerate(steps)]

    def call(self, x: Any) -> Any:
        known = [x]
        for (left, right, _), dense in zip(self.steps, self.dense, strict=True):
            a, b = known[left % len(known)], known[right % len(known)]
            known.append(dense(raw_models.raw.tanh(a) + b) if dense else raw_models.raw.relu(a) * b)
        return raw_models.raw.concat(known[1:])


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.booleans()), min_size=1, max_size=6))
def test_any_layer_depends_on_the_layers_that_its_input_was_made_from(
    steps: list[tuple[int, int, bool]],
) -> None:
    """The layers reached backwards through raw nodes are those that a calculation by hand gives."""
    model = _Drawn([(left, right, layered) for left, right, layered in steps])
    graph = _graph(model, floats(4))
    origins: list[set[str]] = [{"x"}]
    expected: dict[str, set[str]] = {}
    for number, (left, right, layered) in enumerate(steps):
        joined = origins[left % len(origins)] | origins[right % len(origins)]
        if layered:
            expected[f"d{number}"] = joined
        origins.append({f"d{number}"} if layered else joined)
    assert {node: _layers_before(graph, node) for node in expected} == expected
    assert _layers_behind(graph, graph.outputs[0]) == set().union(*origins[1:])


def _layers_before(graph: ModelGraph, node: str) -> set[str]:
    return set().union(*(_layers_behind(graph, source.id) for source in graph.inputs_of(node)))


def _layers_behind(graph: ModelGraph, node: str) -> set[str]:
    return _layers_before(graph, node) if graph.by_id[node].type == "Raw" else {node}
