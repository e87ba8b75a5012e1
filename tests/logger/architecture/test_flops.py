"""Floating-point operations and bytes, counted by hand and by what frameworks count themselves."""

from math import prod
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectree.logger.architecture.costs import MOVING, PER_INPUT, PER_OUTPUT
from inspectree.logger.architecture.flops import FORMULAS, operation_flops
from inspectree.logger.architecture.model_graph import ModelGraph, Tensor, Variable
from tests.logger.architecture import raw_models
from tests.logger.architecture.calls import floats, traced

L = keras.layers


def _graph(layer: Any, *shape: int) -> ModelGraph:
    x = keras.Input(shape)
    return traced(keras.Model(x, layer(x)), floats(*shape)).graph


LAYERS = {
    "dense: 2·3·4 and a bias": (lambda: L.Dense(4), (3,), 24 + 4),
    "dense over time: 5 steps": (lambda: L.Dense(4), (5, 3), 5 * 28),
    "relu: 1 per element": (lambda: L.Dense(4, activation="relu"), (3,), 24 + 4 + 4),
    "softmax: 5 per element": (lambda: L.Dense(4, activation="softmax"), (3,), 24 + 4 + 20),
    "conv: 6·6 places, 5 filters of 3·3·2": (lambda: L.Conv2D(5, 3), (8, 8, 2), 36 * 5 * (2 * 18 + 1)),
    "conv, same": (lambda: L.Conv2D(5, 3, padding="same"), (8, 8, 2), 64 * 5 * (2 * 18 + 1)),
    "conv, strides": (lambda: L.Conv2D(5, 3, strides=2, use_bias=False), (8, 8, 2), 9 * 5 * 2 * 18),
    "conv, dilated": (lambda: L.Conv2D(5, 3, dilation_rate=2, use_bias=False), (8, 8, 2), 16 * 5 * 2 * 18),
    "conv, 2 groups": (lambda: L.Conv2D(6, 3, groups=2, use_bias=False), (8, 8, 4), 36 * 6 * 2 * 18),
    "conv 1d": (lambda: L.Conv1D(5, 3, use_bias=False), (8, 2), 6 * 5 * 2 * 6),
    "conv 3d": (lambda: L.Conv3D(5, 2, use_bias=False), (3, 3, 3, 2), 8 * 5 * 2 * 16),
    "depthwise, 2 filters each": (
        lambda: L.DepthwiseConv2D(3, depth_multiplier=2, use_bias=False),
        (8, 8, 3),
        36 * 6 * 2 * 9,
    ),
    "separable: 3·3 per channel, then 1·1": (
        lambda: L.SeparableConv2D(5, 3, use_bias=False),
        (8, 8, 4),
        36 * (4 * 2 * 9 + 5 * 2 * 4),
    ),
    "transposed: each of 4·4·3 inputs into 3·3·5": (
        lambda: L.Conv2DTranspose(5, 3, strides=2, padding="same", use_bias=False),
        (4, 4, 3),
        48 * 2 * 45,
    ),
    "einsum: b,d,e summed over d": (
        lambda: L.EinsumDense("abc,cd->abd", output_shape=(None, 4)),
        (5, 3),
        2 * 5 * 3 * 4,
    ),
    "max pooling: 2·2 per element": (lambda: L.MaxPooling2D(2), (8, 8, 3), 16 * 3 * 4),
    "average over all": (lambda: L.GlobalAveragePooling2D(), (8, 8, 3), 192),
    "batch normalisation: scale and shift": (lambda: L.BatchNormalization(), (8, 8, 3), 2 * 192),
    "batch normalisation without scale": (lambda: L.BatchNormalization(scale=False), (8, 8, 3), 2 * 192),
    "layer normalisation: 8 per element": (lambda: L.LayerNormalization(), (5, 3), 8 * 15),
    "hard silu: 5 per element": (lambda: L.Activation("hard_silu"), (7,), 35),
    "rescaling: scale and shift": (lambda: L.Rescaling(1 / 255, 0.5), (4, 4, 1), 2 * 16),
    "nothing at inference": (lambda: L.Dropout(0.5), (7,), 0),
    "moving": (lambda: L.Flatten(), (4, 4), 0),
    "simple cell: two products, a sum, a bias, tanh": (
        lambda: L.SimpleRNN(4),
        (5, 3),
        5 * (2 * 3 * 4 + 2 * 4 * 4 + 4 + 4 + 4),
    ),
    "lstm: 4 gates, 3 sigmoids (4 each), 2 tanh, 3 products, 1 sum": (
        lambda: L.LSTM(4),
        (5, 3),
        5 * (2 * 3 * 16 + 2 * 4 * 16 + 16 + 16 + 4 * (3 * 4 + 2 + 3 + 1)),
    ),
    "gru: 3 gates with two biases, 2 sigmoids, 1 tanh, 3 products, 5 sums": (
        lambda: L.GRU(4),
        (5, 3),
        5 * (2 * 3 * 12 + 12 + 2 * 4 * 12 + 12 + 4 * (2 * 4 + 1 + 3 + 5)),
    ),
    "both directions, joined": (
        lambda: L.Bidirectional(L.SimpleRNN(4)),
        (5, 3),
        2 * 5 * (2 * 3 * 4 + 2 * 4 * 4 + 12),
    ),
    "time distributed": (lambda: L.TimeDistributed(L.Dense(4)), (5, 3), 5 * 28),
}


@pytest.mark.parametrize(("make", "shape", "expected"), LAYERS.values(), ids=LAYERS)
def test_a_layer_takes_what_is_counted_by_hand(make: Any, shape: tuple[int, ...], expected: int) -> None:
    graph = _graph(make(), *shape)
    assert graph.flops == expected
    assert [node.flops for node in graph.children()] == [0, expected]


def _attention(time: int, size: int, heads: int, key: int) -> int:
    projections = 3 * time * heads * key * (2 * size + 1) + time * size * (2 * heads * key + 1)
    return projections + heads * time * time * (2 * key + 1 + 5 + 2 * key)


def test_attention_takes_four_projections_and_two_products_with_a_softmax() -> None:
    x = keras.Input((5, 6))
    graph = traced(keras.Model(x, L.MultiHeadAttention(2, 4, name="mha")(x, x)), floats(5, 6)).graph
    assert graph.by_id["mha"].flops == graph.flops == _attention(5, 6, 2, 4)


def test_attention_with_scores_takes_as_much() -> None:
    """Then Keras writes it as two einsums, a product and a softmax."""
    x = keras.Input((5, 6))
    attended, _ = L.MultiHeadAttention(2, 4, name="mha")(x, x, return_attention_scores=True)
    assert traced(keras.Model(x, attended), floats(5, 6)).graph.flops == pytest.approx(
        _attention(5, 6, 2, 4), rel=0.02
    )


def test_a_shared_layer_takes_its_operations_at_every_call() -> None:
    x = keras.Input((4,))
    shared = L.Dense(4, name="shared")
    graph = traced(keras.Model(x, shared(shared(x))), floats(4)).graph
    assert [graph.by_id[name].flops for name in ("shared", "shared:1")] == [36, 36]
    assert graph.flops == 72


def test_what_runs_once_for_all_samples_is_counted_once() -> None:
    model = raw_models.Constants()
    model(keras.ops.convert_to_tensor(floats(4)))
    by_id = traced(model, floats(4)).graph.by_id
    assert by_id["places"].flops == 6 * (2 * 6 * 4 + 4)
    assert by_id["after"].flops == 4 * (2 * 4 + 1)


def test_nothing_is_said_where_a_part_is_unknown() -> None:
    model = raw_models.Skip()
    model(keras.ops.convert_to_tensor(floats(4)))
    graph = traced(model, floats(4)).graph
    assert graph.by_id["raw"].flops is graph.flops is None
    assert graph.by_id["one"].flops == 36


def test_nothing_is_counted_where_a_size_is_not_fixed() -> None:
    assert operation_flops("Add", [(None, 3)], [(None, 3)], {}) is None
    assert operation_flops("Reshape", [(None, 3)], [(None, 1, 3)], {}) == 0


EINSUMS = [
    ("ij,jk->ik", [(2, 3), (3, 4)], 2 * 24),
    ("bij,bjk->bik", [(5, 2, 3), (5, 3, 4)], 2 * 120),
    ("...j,jk->...k", [(5, 2, 3), (3, 4)], 2 * 120),
    ("ab,b->ab", [(2, 3), (3,)], 6),
    ("ab->a", [(2, 3)], 6),
    ("ab->ba", [(2, 3)], 0),
    ("ij,jk,kl->il", [(2, 3), (3, 4), (4, 5)], 3 * 120),
    ("i, i -> ", [(4,), (4,)], 8),
]


@pytest.mark.parametrize(("subscripts", "shapes", "expected"), EINSUMS)
def test_an_einsum_is_a_product_and_a_sum_per_combination_of_indices(
    subscripts: str, shapes: list[tuple[int, ...]], expected: int
) -> None:
    result = np.einsum(subscripts.replace(" ", ""), *(np.ones(shape) for shape in shapes))
    assert operation_flops("Einsum", shapes, [result.shape], {"subscripts": subscripts}) == expected


@given(st.lists(st.integers(1, 6), min_size=3, max_size=3))
def test_a_matrix_product_is_the_same_however_it_is_written(sizes: list[int]) -> None:
    m, k, n = sizes
    shapes, made = [(m, k), (k, n)], [(m, n)]
    counts = {
        operation_flops("Matmul", shapes, made, {}),
        operation_flops("Dot", shapes, made, {}),
        operation_flops("Tensordot", shapes, made, {"axes": 1}),
        operation_flops("Einsum", shapes, made, {"subscripts": "ij,jk->ik"}),
        operation_flops("Conv", [(m, 1, k), (1, k, n)], [(m, 1, n)], {}),
    }
    assert counts == {2 * m * k * n}


def test_every_name_in_the_tables_is_an_operation_of_keras() -> None:
    known = {cls.__name__ for cls in _subclasses(keras.Operation)}
    assert {*PER_OUTPUT, *PER_INPUT, *MOVING, *FORMULAS} - known == set()


def _subclasses(cls: type) -> set[type]:
    return {cls}.union(*map(_subclasses, type.__subclasses__(cls)))


def test_an_operation_has_one_cost() -> None:
    names = [*PER_OUTPUT, *PER_INPUT, *MOVING, *FORMULAS]
    assert len(names) == len(set(names))


def test_bytes_are_counted_from_shapes_and_dtypes() -> None:
    node = _graph(L.Dense(4, dtype="mixed_float16"), 3).children()[1]
    assert (node.variable_bytes, node.output_bytes) == (4 * (12 + 4), 2 * 4)


@pytest.mark.parametrize(
    ("dtype", "size"),
    [("float32", 4), ("bfloat16", 2), ("float8_e4m3fn", 1), ("int4", 1), ("bool", 1), ("complex64", 8)],
)
def test_a_value_takes_the_bytes_of_its_dtype(dtype: str, size: int) -> None:
    assert Tensor(shape=(None, 3), dtype=dtype).bytes == 3 * size
    variable = Variable(name="v", shape=(2, 5), dims=("in", "out"), dtype=dtype, trainable=True)
    assert variable.bytes == prod(variable.shape) * size


def test_bytes_are_unknown_where_a_size_is() -> None:
    assert Tensor(shape=(None, None, 3), dtype="float32").bytes is None


def _cnn() -> Any:
    return keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            L.Conv2D(8, 3, activation="relu", padding="same"),
            L.DepthwiseConv2D(3),
            L.BatchNormalization(),
            L.MaxPooling2D(2),
            L.Conv2D(16, 3, strides=2),
            L.GlobalAveragePooling2D(),
            L.Dense(10, activation="softmax"),
        ]
    )


def _transformer() -> Any:
    x = keras.Input((16, 32))
    normal = L.LayerNormalization()(x)
    y = x + L.MultiHeadAttention(4, 8)(normal, normal)
    hidden = L.Dense(64, activation="relu")(L.LayerNormalization()(y))
    return keras.Model(
        x, L.Dense(3, activation="softmax")(L.GlobalAveragePooling1D()(y + L.Dense(32)(hidden)))
    )


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="TensorFlow's profiler counts")
@pytest.mark.parametrize(("make", "einsums"), [(_cnn, 0), (_transformer, 2 * 2 * 4 * 16 * 16 * 8)])
def test_tensorflow_s_profiler_counts_the_same_within_two_percent(make: Any, einsums: int) -> None:
    """It leaves out einsums (the two products of attention), and writes some functions longer."""
    model = make()
    graph = traced(model, floats(*model.input_shape[1:])).graph
    assert graph.flops == pytest.approx(_profiled(model) + einsums, rel=0.02)


def _profiled(model: Any) -> int:
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    call = tf.function(lambda x: model(x, training=False), autograph=False)
    shape = tf.TensorSpec((1, *model.input_shape[1:]), "float32")
    graph = convert_variables_to_constants_v2(call.get_concrete_function(shape)).graph
    builder = tf.compat.v1.profiler.ProfileOptionBuilder
    options = builder(builder.float_operation()).with_empty_output().build()
    return int(tf.compat.v1.profiler.profile(graph, options=options).total_float_ops)


@pytest.mark.skipif(keras.backend.backend() != "torch", reason="PyTorch counts")
@pytest.mark.parametrize("make", [_cnn, _transformer])
def test_pytorch_counts_the_same_sums_of_products(make: Any) -> None:
    import torch
    from torch.nn.attention import SDPBackend, sdpa_kernel
    from torch.utils.flop_counter import FlopCounterMode

    model = make()
    graph = traced(model, floats(*model.input_shape[1:])).graph
    exact = ("Matmul", "Einsum", "Conv", "DepthwiseConv")
    ours = sum(node.flops or 0 for node in graph.nodes if node.type in exact)
    heads, time, size = 4, 16, 8
    ours += sum(4 * heads * time * time * size for node in graph.nodes if node.type == "DotProductAttention")
    with torch.no_grad(), sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
        model(torch.zeros((1, *model.input_shape[1:])), training=False)
    assert ours == counter.get_total_flops()
