"""Graphs that are written by hand, and those of real Keras models, traced as the logger does."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from inspectree.logger.architecture.model_graph import Edge, ModelGraph, Node, Tensor, Variable

KERNEL = Variable(name="kernel", shape=(4, 4), dims=("in", "out"), dtype="float32", trainable=True)
WEIGHTED = {"Dense", "Conv"}

DIMS = {1: ("unit",), 2: ("time", "unit"), 3: ("y", "x", "channel")}


def make_node(id_: str, type_: str, *shape: int, **more: Any) -> Node:
    """Return a layer with an output of this shape, 4 units by default; dense layers have a kernel."""
    sizes = shape or (4,)
    output = Tensor(shape=(None, *sizes), dtype="float32", dims=("sample", *DIMS[len(sizes)]))
    kernel = (KERNEL,) if type_ in WEIGHTED else ()
    parts: dict[str, Any] = {"kind": "layer", "outputs": (output,), "variables": kernel, **more}
    return Node(id=id_, type=type_, name=id_.rpartition("/")[2], **parts)


def make_graph(nodes: Iterable[Node], edges: str, *outputs: str) -> ModelGraph:
    """Return a graph with edges such as ``"a>b b>c"``; the ports of a node are in their order."""
    ends = [edge.split(">") for edge in edges.split()]
    ports: dict[str, int] = {}
    made = []
    for source, target in ends:
        ports[target] = ports.get(target, -1) + 1
        made.append(Edge(source=source, target=target, target_port=ports[target]))
    return ModelGraph(
        name="g", type="Functional", framework="keras", nodes=tuple(nodes), edges=tuple(made), outputs=outputs
    )


@pytest.fixture(name="node", scope="session")
def node_() -> Callable[..., Node]:
    """Return `make_node`."""
    return make_node


@pytest.fixture(name="graph", scope="session")
def graph_() -> Callable[..., ModelGraph]:
    """Return `make_graph`."""
    return make_graph


def traced(model: Any) -> ModelGraph:
    """Return the graph that the logger would write."""
    import numpy as np

    from inspectree.logger.architecture.trace import trace
    from inspectree.logger.capture.inputs import fit_samples
    from inspectree.logger.samples import as_samples

    samples = as_samples(np.zeros((2, *model.input_shape[1:]), np.float32))
    return trace(model, fit_samples(model, samples)[1]).graph


@pytest.fixture(scope="session")
def resnet() -> ModelGraph:
    """Return ResNet50 of Keras: stages of 3, 4, 6 and 3 bottleneck blocks, the first of each projected."""
    import keras

    return traced(keras.applications.ResNet50(weights=None, input_shape=(32, 32, 3), classes=3))


@pytest.fixture(scope="session")
def unet() -> ModelGraph:
    """Return a small U-Net: two stages down, two up, each joined with its like."""
    import keras
    from keras import layers as L  # noqa: N812 - as Keras' own examples call it

    image = x = keras.Input((16, 16, 1), name="image")
    skips = []
    for depth in (1, 2):
        x = L.Conv2D(4 * depth, 3, padding="same", activation="relu", name=f"down_{depth}")(x)
        skips.append(x)
        x = L.MaxPooling2D(name=f"pool_{depth}")(x)
    x = L.Conv2D(16, 3, padding="same", activation="relu", name="middle")(x)
    for depth in (2, 1):
        x = L.UpSampling2D(name=f"up_{depth}")(x)
        x = L.Concatenate(name=f"join_{depth}")([x, skips[depth - 1]])
        x = L.Conv2D(4 * depth, 3, padding="same", activation="relu", name=f"out_{depth}")(x)
    return traced(keras.Model(image, L.Conv2D(1, 1, name="mask")(x)))


@pytest.fixture(scope="session")
def inception() -> ModelGraph:
    """Return two Inception blocks of four branches, the second without padding between them."""
    import keras
    from keras import layers as L  # noqa: N812 - as Keras' own examples call it

    image = x = keras.Input((8, 8, 3), name="image")
    for block in ("a", "b"):
        one = L.Conv2D(4, 1, name=f"{block}_1x1")(x)
        three = L.Conv2D(4, 3, padding="same", name=f"{block}_3x3")(
            L.Conv2D(2, 1, name=f"{block}_3x3_reduce")(x)
        )
        five = L.Conv2D(4, 5, padding="same", name=f"{block}_5x5")(
            L.Conv2D(2, 1, name=f"{block}_5x5_reduce")(x)
        )
        pooled = L.MaxPooling2D(3, 1, padding="same", name=f"{block}_pool")(x)
        x = L.Concatenate(name=block)([one, three, five, L.Conv2D(4, 1, name=f"{block}_project")(pooled)])
    return traced(keras.Model(image, L.Dense(3, name="out")(L.GlobalAveragePooling2D(name="mean")(x))))
