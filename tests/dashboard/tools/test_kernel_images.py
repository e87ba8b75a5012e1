"""Filters as images, against Keras' own kernels."""

from typing import Any

import numpy as np

from inspectree.dashboard.images import SIGNED
from inspectree.dashboard.tools.kernel_images import MOST
from inspectree.dashboard.view import View


def test_each_picture_is_a_filter_blue_below_and_red_above_zero(
    page: Any, tree: Any, ids: Any, decode: Any
) -> None:
    kernel = tree.models["digits_conv"].get_layer("conv_1").kernel.numpy()
    pictures = page.card("kernel_images", f"{ids['digits_conv']}/conv_1/kernel")["content"]["pictures"]
    assert len(pictures) == kernel.shape[3]
    most = np.abs(kernel).max()
    palette = np.array(SIGNED)
    for index, picture in enumerate(pictures):
        expected = palette[((kernel[:, :, 0, index].astype(float) + most) / (2 * most) * 255).astype(int)]
        assert np.abs(decode(picture).astype(int) - expected).max() <= 2
        assert picture["uoa"] == f"{ids['digits_conv']}/conv_1#{index}"
        assert picture["label"] == str(index)


def test_with_several_inputs_there_is_a_picture_for_each_filter_by_filter(
    page: Any, ids: Any, tree: Any
) -> None:
    content = page.card("kernel_images", f"{ids['digits_conv']}/conv_2/kernel")["content"]
    inputs, filters = tree.models["digits_conv"].get_layer("conv_2").kernel.shape[2:]
    assert [picture["label"] for picture in content["pictures"][: inputs + 1]] == [
        *(f"{source}→0" for source in range(inputs)), "0→1",
    ]  # fmt: skip
    assert len(content["pictures"]) == MOST
    assert content["caption"].startswith(
        f"the first {MOST} of {inputs * filters} images ({filters} filters × {inputs} inputs)"
    )


def test_the_caption_tells_the_scale(page: Any, tree: Any, ids: Any) -> None:
    kernel = tree.models["digits_conv"].get_layer("conv_1").kernel.numpy()
    most = float(np.abs(kernel).max())
    caption = page.card("kernel_images", f"{ids['digits_conv']}/conv_1/kernel")["content"]["caption"]
    assert caption == f"8 images (8 filters × 1 inputs) · {-most:.2g} blue … {most:.2g} red"


def test_it_shows_the_checkpoint_in_force(page: Any, ids: Any, store: Any) -> None:
    uoa = f"{ids['digits_conv']}/conv_1/kernel"
    most = float(np.abs(store["digits_conv"].checkpoint(0)["conv_1/kernel"].values).max())
    caption = page.card("kernel_images", uoa, View(checkpoint=0))["content"]["caption"]
    assert caption.endswith(f"{-most:.2g} blue … {most:.2g} red")
