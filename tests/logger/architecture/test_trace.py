"""The graph of a live model, compared with what is known by hand and with Keras' own record."""

import json
from typing import Any

import keras
import numpy as np
import pytest

from inspectree.logger.architecture.model_graph import ModelGraph, Node
from inspectree.logger.architecture.trace import trace
from inspectree.logger.capture.inputs import fit_samples
from inspectree.logger.samples import as_samples

L = keras.layers


def _graph(model: Any, *shapes: tuple[int, ...], dtype: str = "float32") -> ModelGraph:
    arrays = [np.ones((4, *shape), dtype) for shape in shapes or (model.input_shape[1:],)]
    _, inputs = fit_samples(model, as_samples(arrays[0] if len(arrays) == 1 else arrays))
    return trace(model, inputs).graph


def _edges(graph: ModelGraph, parent: str | None = None) -> set[tuple[str, str]]:
    return {(edge.source, edge.target) for edge in graph.edges_below(parent)}


def _types(graph: ModelGraph, parent: str) -> list[str]:
    return [node.type for node in graph.children(parent)]


@pytest.fixture
def functional() -> Any:
    """Return a model with all that functional models can have, and two inputs and outputs."""
    left, right = keras.Input((6,), name="left"), keras.Input((6,), name="right")
    shared = L.Dense(6, activation="relu", name="shared")
    one, two = shared(left), shared(right)
    skip = L.Add(name="skip")([one, left])
    summed = keras.ops.tanh(skip + two)
    inner_in = keras.Input((6,))
    inner = keras.Model(inner_in, L.Dense(4, name="deep")(L.Dense(5, name="flat")(inner_in)), name="inner")
    joined = L.Concatenate(name="joined")([inner(summed), two])
    return keras.Model([left, right], [L.Dense(2, name="a")(joined), L.Dense(1, name="b")(one)], name="both")


def test_parameters_are_counted_as_keras_does(functional: Any) -> None:
    functional.get_layer("shared").trainable = False
    graph = _graph(functional, (6,), (6,))
    trainable = sum(int(np.prod(weight.shape)) for weight in functional.trainable_weights)
    assert (graph.parameters, graph.trainable_parameters) == (functional.count_params(), trainable)


def test_a_shared_layer_has_a_node_per_call_and_its_variables_once(functional: Any) -> None:
    by_id = _graph(functional, (6,), (6,)).by_id
    assert [variable.name for variable in by_id["shared"].variables] == ["kernel", "bias"]
    assert (by_id["shared:1"].call_of, by_id["shared:1"].variables) == ("shared", ())


def test_operations_between_layers_stand_on_the_top_level(functional: Any) -> None:
    graph = _graph(functional, (6,), (6,))
    operations = {node.type: node for node in graph.children() if node.kind == "operation"}
    assert set(operations) == {"Add", "Tanh"}
    assert all(node.parent is None for node in operations.values())


def test_a_nested_model_is_a_group_whose_edges_stay_inside(functional: Any) -> None:
    graph = _graph(functional, (6,), (6,))
    assert _edges(graph, "inner") == {
        ("inner", "inner/flat"),
        ("inner/flat", "inner/deep"),
        ("inner/deep", "inner"),
    }
    assert graph.by_id["inner"].type == "Functional"


def test_inputs_and_outputs_keep_their_order(functional: Any) -> None:
    graph = _graph(functional, (6,), (6,))
    assert [node.id for node in graph.inputs] == ["left", "right"]
    assert graph.outputs == ("a", "b")
    assert (graph.name, graph.type, graph.framework) == ("both", "Functional", "keras")


def test_ports_tell_the_order_of_inputs(functional: Any) -> None:
    graph = _graph(functional, (6,), (6,))
    assert [node.id for node in graph.inputs_of("skip")] == ["shared", "left"]
    assert [node.id for node in graph.inputs_of("joined")] == ["inner", "shared:1"]


def test_dense_is_matmul_add_relu() -> None:
    model = keras.Sequential([keras.Input((3,)), L.Dense(2, activation="relu", name="dense")])
    graph = _graph(model)
    assert _edges(graph, "dense") == {
        ("dense", "dense/matmul"),
        ("dense/kernel", "dense/matmul"),
        ("dense/matmul", "dense/add"),
        ("dense/bias", "dense/add"),
        ("dense/add", "dense/relu"),
        ("dense/relu", "dense"),
    }
    assert graph.type == "Sequential"


def test_every_edge_joins_siblings_or_a_node_and_its_parent_or_comes_from_a_variable(functional: Any) -> None:
    graph = _graph(functional, (6,), (6,))
    variables = {f"{node.id}/{variable.name}" for node in graph.nodes for variable in node.variables}
    for edge in graph.edges:
        target = graph.by_id[edge.target]
        if edge.source in variables:
            continue
        source = graph.by_id[edge.source]
        assert source.parent == target.parent or source.parent == target.id or target.parent == source.id


def test_a_convolution_names_its_axes() -> None:
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            L.Conv2D(4, 3, name="conv"),
            L.BatchNormalization(name="norm"),
            L.GlobalAveragePooling2D(name="pool"),
        ]
    )
    by_id = _graph(model).by_id
    assert by_id["conv"].dims == by_id["norm"].dims == ("sample", "y", "x", "channel")
    assert by_id["conv"].outputs[0].shape == (None, 6, 6, 4)
    assert by_id["pool"].dims == ("sample", "unit")
    assert {v.name: v.dims for v in by_id["norm"].variables} == dict.fromkeys(
        ("gamma", "beta", "moving_mean", "moving_variance"), ("channel",)
    )
    assert [v.trainable for v in by_id["norm"].variables] == [True, True, False, False]
    assert by_id["conv"].variables[0].initializer == "GlorotUniform"


def test_a_one_dimensional_convolution_works_in_space_and_an_lstm_in_time() -> None:
    model = keras.Sequential(
        [
            keras.Input((8, 3)),
            L.Conv1D(4, 3, name="conv"),
            L.ReLU(name="relu"),
            L.LSTM(5, return_sequences=True, name="lstm"),
        ]
    )
    by_id = _graph(model).by_id
    assert by_id["conv"].dims == by_id["relu"].dims == ("sample", "x", "channel")
    assert by_id["lstm"].dims == ("sample", "time", "unit")


def _ports(graph: ModelGraph, node: str) -> dict[str, tuple[str, ...]]:
    return {output.name: output.dims for output in graph.by_id[node].outputs}


def test_every_output_has_a_name_and_axis_names() -> None:
    x = keras.Input((5, 3))
    states = L.LSTM(4, return_sequences=True, return_state=True, name="lstm")(x)
    attended = L.MultiHeadAttention(2, 4, name="attention")(x, x, return_attention_scores=True)
    graph = _graph(keras.Model(x, [*states, *attended]))
    assert _ports(graph, "lstm") == {
        "activations": ("sample", "time", "unit"),
        "activations.1": ("sample", "unit"),
        "activations.2": ("sample", "unit"),
    }
    assert _ports(graph, "attention") == {
        "activations": ("sample", "time", "unit"),
        "activations.1": ("sample", "head", "query", "key"),
    }
    assert [output.shape for output in graph.by_id["attention"].outputs] == [(None, 5, 3), (None, 2, 5, 5)]


class _Scored(L.Layer):  # type: ignore[misc]  # Keras ships no types
    """A layer that gives out a dict."""

    def call(self, x: Any) -> Any:
        return {"out": x * 2, "more": {"scores": keras.ops.softmax(x), "sum": keras.ops.sum(x, axis=1)}}


def test_the_outputs_of_a_dict_are_named_by_its_keys() -> None:
    x = keras.Input((5, 3))
    graph = _graph(keras.Model(x, _Scored(name="scored")(x)))
    assert _ports(graph, "scored") == {
        "activations": ("sample", "time", "unit"),
        "activations.more.sum": ("sample", "unit"),
        "activations.out": ("sample", "time", "unit"),
    }


def test_a_node_without_outputs_has_no_axes() -> None:
    assert Node(id="a", kind="layer", type="T", name="a").dims == ()


def test_layers_that_do_nothing_at_inference_pass_through() -> None:
    layers = {
        "dropout": L.Dropout(0.5),
        "noise": L.GaussianNoise(0.5),
        "reshape": L.Reshape((2, 2, 3)),
        "linear": L.Activation("linear"),
        "identity": L.Identity(),
        "flatten": L.Flatten(),
        "relu": L.Activation("relu"),
        "dense": L.Dense(2),
    }
    for name, layer in layers.items():
        layer.name = name
    graph = _graph(keras.Sequential([keras.Input((4, 3)), *layers.values()]))
    assert {node.id for node in graph.layers if node.passthrough} == set(layers) - {"relu", "dense"}
    assert _edges(graph) >= {("dropout", "noise"), ("noise", "reshape")}


def test_a_flatten_that_moves_channels_does_not_pass_through() -> None:
    model = keras.Sequential([keras.Input((3, 4, 4)), L.Flatten(data_format="channels_first", name="flat")])
    assert not _graph(model).by_id["flat"].passthrough


def test_a_skip_around_dropout_is_not_lost() -> None:
    """Dropout hands on the very tensor that it got; both uses must stay apart."""
    x = keras.Input((4,), name="x")
    dropped = L.Dropout(0.5, name="dropped")(x)
    graph = _graph(keras.Model(x, L.Add(name="sum")([x, dropped])))
    assert _edges(graph) == {("x", "dropped"), ("x", "sum"), ("dropped", "sum")}


def test_an_lstm_shows_its_cell_once_as_a_loop() -> None:
    model = keras.Sequential([keras.Input((5, 3)), L.LSTM(4, name="lstm")])
    graph = _graph(model)
    cell = graph.children("lstm")[0]
    assert graph.by_id["lstm"].loop
    assert [v.name for v in cell.variables] == ["kernel", "recurrent_kernel", "bias"]
    assert {("lstm", cell.id), (cell.id, "lstm")} <= _edges(graph, "lstm")
    assert _types(graph, cell.id).count("Matmul") == 2
    assert graph.by_id["lstm"].outputs[0].shape == (None, 4)


SEQUENCES = {
    "states": lambda: L.LSTM(4, return_sequences=True, return_state=True),
    "bidirectional": lambda: L.Bidirectional(L.GRU(4, return_sequences=True)),
    "stacked": lambda: L.RNN([L.LSTMCell(4), L.GRUCell(3)], return_sequences=True),
    "time distributed": lambda: L.TimeDistributed(L.Dense(4)),
    "attention": lambda: _SelfAttention(),
    "transformed": lambda: L.LayerNormalization(),
}


class _SelfAttention(L.Layer):  # type: ignore[misc]  # Keras ships no types
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.attention = L.MultiHeadAttention(2, 4)

    def call(self, x: Any) -> Any:
        return x + self.attention(x, x)


@pytest.mark.parametrize("make", SEQUENCES.values(), ids=SEQUENCES)
def test_layers_over_time_are_followed_inside(make: Any) -> None:
    x = keras.Input((5, 3))
    model = keras.Model(x, make()(x))
    graph = _graph(model)
    assert all(node.inside == "traced" for node in graph.nodes)
    assert graph.parameters == model.count_params()
    _check_connected(graph)


def _check_connected(graph: ModelGraph) -> None:
    """Every node but inputs is fed, and everything fed leads to its parent's output or to the model's."""
    fed = {edge.target for edge in graph.edges}
    feeding = {edge.source for edge in graph.edges}
    for node in graph.nodes:
        assert node.kind == "input" or node.id in fed, node.id
        assert node.id in feeding or node.id in graph.outputs or node.parent is not None, node.id


def test_masks_are_edges_too() -> None:
    tokens = keras.Input((5,), dtype="int32", name="tokens")
    embedded = L.Embedding(7, 4, mask_zero=True, name="embedded")(tokens)
    model = keras.Model(tokens, L.LSTM(3, name="lstm")(embedded))
    graph = _graph(model, (5,), dtype="int32")
    (mask,) = (node for node in graph.children() if node.type == "NotEqual")
    assert {("tokens", mask.id), (mask.id, "lstm"), ("embedded", "lstm")} <= _edges(graph)


def test_mixed_precision_shows_no_casts() -> None:
    model = keras.Sequential([keras.Input((3,)), L.Dense(2, dtype="mixed_float16", name="dense")])
    graph = _graph(model)
    assert _types(graph, "dense") == ["Matmul", "Add"]
    assert graph.by_id["dense"].outputs[0].dtype == "float16"
    assert graph.by_id["dense"].variables[0].dtype == "float32"


class _Twins(keras.Model):  # type: ignore[misc]  # Keras ships no types
    """A subclassed model with equal names, an operation named like a layer, and one layer called twice."""

    def __init__(self) -> None:
        super().__init__(name="twins")
        self.one, self.two = L.Dense(4, name="dense"), L.Dense(4, name="dense")
        self.add = L.Dense(4, name="add")

    def call(self, x: Any) -> Any:
        return self.add(self.one(x) + self.two(self.one(x)))


def test_a_subclassed_model_is_followed_too() -> None:
    graph = _graph(_Twins(), (4,))
    assert [node.id for node in graph.children()] == ["x", "dense", "dense:1", "dense@2", "add_op", "add"]
    assert _edges(graph) == {
        ("x", "dense"),
        ("x", "dense:1"),
        ("dense:1", "dense@2"),
        ("dense", "add_op"),
        ("dense@2", "add_op"),
        ("add_op", "add"),
    }
    assert graph.type == "_Twins"


def test_nothing_is_left_behind_in_the_model(functional: Any) -> None:
    before = {op.name: (len(op._inbound_nodes), len(op._outbound_nodes)) for op in functional.operations}
    weights = functional.get_weights()
    _graph(functional, (6,), (6,))
    after = {op.name: (len(op._inbound_nodes), len(op._outbound_nodes)) for op in functional.operations}
    assert after == before
    for new, old in zip(functional.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(new, old)
    assert all(
        isinstance(layer.kernel, keras.Variable) for layer in functional.layers if hasattr(layer, "kernel")
    )


def test_layers_made_afterwards_get_the_names_that_they_would_have_had() -> None:
    keras.utils.clear_session()
    model = keras.Sequential([keras.Input((3,)), L.Dense(2, activation="relu")])
    _graph(model)
    x = keras.Input((3,))
    assert [L.Dense(1).name, L.Add().name, keras.ops.relu(x)._keras_history.operation.name] == [
        "dense_1",
        "add",
        "relu",
    ]


def test_the_graph_is_json(functional: Any) -> None:
    graph = _graph(functional, (6,), (6,))
    assert ModelGraph.model_validate_json(graph.model_dump_json()) == graph
    assert all(isinstance(json.dumps(node.config), str) for node in graph.nodes)


def test_operations_tell_their_settings() -> None:
    x = keras.Input((4, 4, 2))
    model = keras.Model(x, L.Conv2D(3, 2, strides=2, padding="same", name="conv")(x) * 2.5)
    graph = _graph(model)
    conv, times = _only(graph, "Conv"), _only(graph, "Multiply")
    assert (conv.config["strides"], conv.config["padding"]) == ([2, 2], "same")
    assert times.config["x2"] == 2.5


def _only(graph: ModelGraph, kind: str) -> Node:
    (node,) = (node for node in graph.nodes if node.type == kind)
    return node
