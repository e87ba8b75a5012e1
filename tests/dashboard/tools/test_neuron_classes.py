"""How strongly units answer to each class, against the means of the stored activations."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inspectree.dashboard.images import ACTIVATION
from inspectree.dashboard.tools.neuron_classes import fits
from inspectree.dashboard.view import View

TOLERANCE = {"rtol": 2e-3, "atol": 2e-3}
"""Activations are stored in half precision, their means are taken before that."""


def means(store: Any, y: NDArray[Any], name: str, layer: str) -> NDArray[np.float64]:
    """Return the mean activation (class, unit) over samples and space."""
    values = store[name].checkpoint("last")[f"{layer}/activations"].values.astype(np.float64)
    flat = values.reshape(len(values), -1, values.shape[-1]).mean(axis=1)
    return np.array([flat[y == digit].mean(axis=0) for digit in range(10)])


@pytest.mark.parametrize(("name", "layer"), [("digits_dense", "hidden_1"), ("digits_conv", "conv_2")])
def test_cells_are_the_means_over_each_class(
    page: Any, store: Any, tree: Any, ids: Any, name: str, layer: str
) -> None:
    card = page.card("neuron_classes", f"{ids[name]}/{layer}")
    (cells,) = card["content"]["figure"]["data"]
    units = [int(row[1:]) for row in cells["y"]]
    expected = means(store, tree.y, name, layer)
    assert sorted(units) == list(range(expected.shape[1]))
    np.testing.assert_allclose(cells["z"], expected.T[units], **TOLERANCE)
    assert cells["x"] == list(store[name].class_names)


def test_the_highest_unit_is_on_top_of_all_classes_or_of_one(page: Any, ids: Any) -> None:
    uoa = f"{ids['digits_dense']}/hidden_1"
    (cells,) = page.card("neuron_classes", uoa)["content"]["figure"]["data"]
    rows = np.mean(cells["z"], axis=1)
    assert (np.diff(rows) <= 1e-6).all()
    card = page.card("neuron_classes", uoa, sort="three")
    column = np.array(card["content"]["figure"]["data"][0]["z"])[:, 3]
    assert (np.diff(column) <= 0).all()
    assert card["content"]["caption"].endswith("sorted by three")


def test_classes_that_are_off_have_no_column(page: Any, store: Any, tree: Any, ids: Any) -> None:
    view = View(off=("zero", "one"))
    (cells,) = page.card("neuron_classes", f"{ids['digits_conv']}/conv_2", view)["content"]["figure"]["data"]
    units = [int(row[1:]) for row in cells["y"]]
    expected = means(store, tree.y, "digits_conv", "conv_2")[2:]
    np.testing.assert_allclose(cells["z"], expected.T[units], **TOLERANCE)


def test_one_neuron_is_a_bar_per_class(page: Any, store: Any, tree: Any, ids: Any) -> None:
    card = page.card("neuron_classes", f"{ids['digits_dense']}/hidden_1#7")
    (bars,) = card["content"]["figure"]["data"]
    np.testing.assert_allclose(bars["y"], means(store, tree.y, "digits_dense", "hidden_1")[:, 7], **TOLERANCE)
    assert "pictures" not in card["content"]


def test_one_channel_also_has_its_mean_map_for_each_class(
    page: Any, store: Any, tree: Any, ids: Any, decode: Any
) -> None:
    """All on one scale, after the average of them."""
    card = page.card("neuron_classes", f"{ids['digits_conv']}/conv_1#2")
    values = store["digits_conv"].checkpoint("last")["conv_1/activations"].values[..., 2].astype(np.float64)
    maps = np.array([values[tree.y == digit].mean(axis=0) for digit in range(10)])
    average, *classes = card["content"]["pictures"]
    assert average["label"] == "avg"
    assert [picture["label"] for picture in classes] == list(store["digits_conv"].class_names)
    palette = np.array(ACTIVATION)
    for picture, map_ in zip((average, *classes), (maps.mean(axis=0), *maps), strict=True):
        levels = (map_ - maps.min()) / (maps.max() - maps.min()) * 255
        nearest = np.abs(decode(picture)[:, :, None].astype(int) - palette).sum(axis=-1).argmin(axis=-1)
        assert np.abs(nearest - levels).max() <= 3


def test_layers_without_units_are_not_offered_it(page: Any, ids: Any) -> None:
    assert fits(page.unit(f"{ids['digits_conv']}/conv_1"))
    assert not fits(page.unit(f"{ids['digits_conv']}/conv_1/kernel"))
    assert not fits(page.unit(ids["digits_conv"]))
