"""Convolutions whose kernels are not (y, x, in, out) over all channels: what is said of them is true."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inspectree.dashboard import regions
from inspectree.dashboard.view import View
from inspectree.logger import TreeLogger


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory, open_page: Callable[[Path], Any]) -> Any:
    """Return the page of a model with convolutions in groups, depthwise and transposed."""
    import keras

    folder = tmp_path_factory.mktemp("odd")
    keras.utils.set_random_seed(3)
    model = keras.Sequential(
        [
            keras.Input((6, 6, 2), name="image"),
            keras.layers.Conv2D(4, 3, padding="same", name="plain"),
            keras.layers.Conv2D(8, 3, padding="same", groups=2, name="grouped"),
            keras.layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2, name="depthwise"),
            keras.layers.Conv2DTranspose(5, 3, padding="same", name="transposed"),
            keras.layers.GlobalAveragePooling2D(name="pool"),
            keras.layers.Dense(3, activation="softmax", name="output"),
        ]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    x, y = np.random.default_rng(0).random((30, 6, 6, 2), np.float32), np.arange(30) % 3
    logger = TreeLogger(folder, name="odd", samples=(x, y), on_error="raise")
    model.fit(x, y, epochs=1, verbose=0, callbacks=[logger])
    return open_page(folder)


def neurons(page: Any, layer: str) -> dict[str, Any]:
    """Return what L1 draws of a layer."""
    (model,) = page.index.models
    drawn: dict[str, Any] = page.show(regions.scene, View(focus=f"{model}/{layer}", level="L1"))
    return drawn


def pictures(page: Any, uoa: str) -> tuple[str, list[str]]:
    """Return the caption of a kernel's images and the units that they are of."""
    (model,) = page.index.models
    content = page.card("kernel_images", f"{model}/{uoa}")["content"]
    return content["caption"], [picture["uoa"].partition("#")[2] for picture in content["pictures"]]


def test_edges_lead_from_every_input_channel_to_every_filter(odd: Any) -> None:
    """2 channels and 4 filters have 8 windows."""
    assert len(neurons(odd, "plain")["edges"]) == 8


def test_a_transposed_convolution_s_edges_come_from_its_inputs(odd: Any) -> None:
    """16 channels come in, 5 go out: the kernel is stored the other way round."""
    drawn = neurons(odd, "transposed")
    sources = {int(edge["source"].partition("#")[2]) for edge in drawn["edges"]}
    targets = {int(edge["target"].partition("#")[2]) for edge in drawn["edges"]}
    assert max(sources) > 5
    assert max(targets) == 4


@pytest.mark.parametrize("layer", ["grouped", "depthwise"])
def test_where_the_kernel_s_inputs_are_not_the_units_before_no_edge_is_drawn(odd: Any, layer: str) -> None:
    assert neurons(odd, layer)["edges"] == []
    assert neurons(odd, layer)["nodes"]


def test_images_of_a_transposed_kernel_are_its_filters(odd: Any) -> None:
    caption, units = pictures(odd, "transposed/kernel")
    assert "(5 filters × 16 inputs)" in caption
    assert set(units) == {str(unit) for unit in range(5)}


def test_images_of_a_depthwise_kernel_lead_to_its_channels(odd: Any) -> None:
    """8 inputs with 2 filters each make the 16 channels 0 … 15; input 3's second filter makes channel 7."""
    caption, units = pictures(odd, "depthwise/kernel")
    assert "(2 filters for each of 8 inputs)" in caption
    assert sorted(map(int, units)) == list(range(16))
