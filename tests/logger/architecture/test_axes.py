import pytest

from inspectree.logger.architecture.axes import Dims, output_dims, variable_dims

IMAGE = ("sample", "y", "x", "channel")


@pytest.mark.parametrize(
    ("rank", "expected"),
    [
        (1, ("sample",)),
        (2, ("sample", "unit")),
        (3, ("sample", "time", "unit")),
        (4, IMAGE),
        (5, ("sample", "dim_1", "dim_2", "dim_3", "dim_4")),
    ],
)
def test_the_rank_names_the_axes(rank: int, expected: Dims) -> None:
    assert output_dims(rank, "Dense") == expected


@pytest.mark.parametrize(
    ("rank", "data_format", "expected"),
    [
        (3, "channels_last", ("sample", "x", "channel")),
        (3, "channels_first", ("sample", "channel", "x")),
        (4, "channels_first", ("sample", "channel", "y", "x")),
        (2, "channels_last", ("sample", "unit")),
    ],
)
def test_layers_in_space_name_its_axes(rank: int, data_format: str, expected: Dims) -> None:
    assert output_dims(rank, "Conv", data_format) == expected


def test_a_layer_that_changes_no_axis_keeps_their_names() -> None:
    first = ("sample", "channel", "y", "x")
    assert output_dims(4, "ReLU", of_input=first) == first
    assert output_dims(4, "Permute", of_input=first) == IMAGE


@pytest.mark.parametrize(
    ("kind", "name", "shape", "expected"),
    [
        ("Dense", "kernel", (4, 3), ("in", "out")),
        ("Dense", "bias", (3,), ("out",)),
        ("Conv1D", "kernel", (3, 2, 5), ("x", "in", "out")),
        ("Conv2D", "kernel", (3, 3, 2, 5), ("y", "x", "in", "out")),
        ("Conv2DTranspose", "kernel", (3, 3, 5, 2), ("y", "x", "out", "in")),
        ("DepthwiseConv2D", "kernel", (3, 3, 2, 1), ("y", "x", "in", "multiplier")),
        ("SeparableConv2D", "depthwise_kernel", (3, 3, 2, 1), ("y", "x", "in", "multiplier")),
        ("SeparableConv2D", "pointwise_kernel", (1, 1, 2, 5), ("y", "x", "in", "out")),
        ("LSTMCell", "recurrent_kernel", (4, 16), ("in", "out")),
        ("Embedding", "embeddings", (100, 8), ("token", "unit")),
        ("EinsumDense", "kernel", (8, 2, 4), ("dim_0", "dim_1", "dim_2")),
        ("GRUCell", "bias", (2, 12), ("dim_0", "dim_1")),
    ],
)
def test_variables_are_named_by_their_layer(
    kind: str, name: str, shape: tuple[int, ...], expected: Dims
) -> None:
    assert variable_dims(kind, name, shape, ()) == expected


def test_normalisation_follows_what_it_normalises() -> None:
    assert variable_dims("BatchNormalization", "gamma", (4,), IMAGE) == ("channel",)
    assert variable_dims("LayerNormalization", "gamma", (4,), ("sample", "unit")) == ("unit",)
