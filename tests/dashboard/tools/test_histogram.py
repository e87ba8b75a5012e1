"""How values are distributed, against NumPy's histograms of Keras' own values."""

from typing import Any

import numpy as np
import pytest

from inspectree.dashboard.tools.histogram import HISTOGRAM
from inspectree.dashboard.view import View


@pytest.mark.parametrize("bins", [2, 7, 64])
def test_a_kernel_s_counts_are_numpy_s(page: Any, tree: Any, ids: Any, bins: int) -> None:
    kernel = tree.models["digits_conv"].get_layer("conv_1").kernel.numpy()
    card = page.card("histogram", f"{ids['digits_conv']}/conv_1/kernel", bins=bins)
    counts, edges = np.histogram(kernel, bins=bins)
    (bars,) = card["content"]["figure"]["data"]
    assert bars["y"] == counts.tolist()
    np.testing.assert_allclose(bars["x"], (edges[:-1] + edges[1:]) / 2, atol=1e-6)
    np.testing.assert_allclose(bars["width"], np.diff(edges), rtol=1e-5)
    assert card["content"]["caption"] == f"{kernel.size} values in {bins} bins · checkpoint 2"


def test_without_a_wish_there_are_as_many_bins_as_the_unit_s_default(page: Any, tree: Any, ids: Any) -> None:
    uoa = f"{ids['digits_conv']}/conv_2/kernel"
    kernel = tree.models["digits_conv"].get_layer("conv_2").kernel.numpy()
    card = page.card("histogram", uoa)
    (bars,) = card["content"]["figure"]["data"]
    (setting,) = (field for field in card["settings"] if field["name"] == "bins")
    assert bars["y"] == np.histogram(kernel, bins=setting["value"])[0].tolist()
    assert setting["least"] <= setting["value"] <= setting["most"]


def test_activations_are_those_of_the_classes_that_are_on(page: Any, store: Any, tree: Any, ids: Any) -> None:
    view = View(off=("zero", "one", "two"))
    card = page.card("histogram", f"{ids['digits_dense']}/hidden_2", view, bins=16)
    stored = store["digits_dense"].checkpoint("last")["hidden_2/activations"].values
    counts, _ = np.histogram(stored[tree.y > 2].astype(np.float64), bins=16)
    assert card["content"]["figure"]["data"][0]["y"] == counts.tolist()


def test_a_neuron_s_values_are_one_per_sample(page: Any, store: Any, ids: Any) -> None:
    card = page.card("histogram", f"{ids['digits_dense']}/hidden_2#5", bins=8)
    stored = store["digits_dense"].checkpoint("last")["hidden_2/activations"].values[:, 5]
    assert card["content"]["figure"]["data"][0]["y"] == np.histogram(stored.astype(float), bins=8)[0].tolist()
    assert card["content"]["caption"].startswith("300 values")


def test_split_by_class_the_bins_are_the_same_for_all(page: Any, store: Any, tree: Any, ids: Any) -> None:
    view = View(off=("zero",))
    card = page.card("histogram", f"{ids['digits_dense']}/hidden_2", view, split=True, bins=8)
    stored = store["digits_dense"].checkpoint("last")["hidden_2/activations"].values.astype(np.float64)
    edges = np.histogram_bin_edges(stored[tree.y > 0], bins=8)
    drawn = card["content"]["figure"]["data"]
    assert len(drawn) == len(card["content"]["series"]) == 9
    for digit, bars in enumerate(drawn, start=1):
        assert bars["y"] == np.histogram(stored[tree.y == digit], bins=edges)[0].tolist()
    assert drawn[0]["name"] == "one"
    assert drawn[0]["marker"]["color"] == card["content"]["series"][0]["color"]


def test_weights_are_the_same_for_every_class(page: Any, ids: Any) -> None:
    uoa = f"{ids['digits_conv']}/conv_1/kernel"
    content = page.card("histogram", uoa)["content"]
    assert page.card("histogram", uoa, View(off=("one",)))["content"] == content
    assert page.card("histogram", uoa, split=True)["content"] == content


def test_it_shows_the_checkpoint_in_force(page: Any, store: Any, ids: Any) -> None:
    card = page.card("histogram", f"{ids['digits_conv']}/conv_1/kernel", View(checkpoint=0), bins=9)
    first = store["digits_conv"].checkpoint(0)["conv_1/kernel"].values
    assert card["content"]["figure"]["data"][0]["y"] == np.histogram(first, bins=9)[0].tolist()
    assert card["content"]["caption"].endswith("checkpoint 0")


def test_counts_may_be_logarithmic(page: Any, ids: Any) -> None:
    card = page.card("histogram", f"{ids['digits_conv']}/conv_1/kernel", log=True)
    assert card["content"]["figure"]["layout"]["yaxis"]["type"] == "log"


def test_layers_without_values_are_not_offered_it(page: Any, ids: Any) -> None:
    assert not HISTOGRAM.fits(page.unit(ids["digits_conv"]))
