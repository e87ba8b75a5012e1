"""How a distribution moves, against NumPy's histogram of every checkpoint."""

from typing import Any

import numpy as np
import xarray as xr

from inspectree.dashboard.tools.histogram_over_checkpoints import outlines
from inspectree.dashboard.view import View


def test_every_checkpoint_s_counts_are_numpy_s_in_the_same_bins(page: Any, store: Any, ids: Any) -> None:
    card = page.card("histogram_over_checkpoints", f"{ids['digits_conv']}/conv_2/kernel", bins=20)
    values = [c["conv_2/kernel"].values.astype(float) for c in store["digits_conv"].checkpoints]
    edges = np.histogram_bin_edges(np.concatenate([value.ravel() for value in values]), bins=20)
    drawn = card["content"]["figure"]["data"]
    assert [ridge["text"] for ridge in drawn] == ["checkpoint 0", "checkpoint 1", "checkpoint 2"]
    for ridge, value in zip(drawn, values, strict=True):
        assert ridge["customdata"] == np.histogram(value, bins=edges)[0].tolist()
        np.testing.assert_allclose(ridge["x"][:20], (edges[:-1] + edges[1:]) / 2, atol=1e-6)
    assert card["content"]["caption"] == "checkpoints 0 … 2, the last in front"


def test_activations_are_those_of_the_classes_that_are_on(page: Any, store: Any, tree: Any, ids: Any) -> None:
    view = View(off=("nine",))
    card = page.card("histogram_over_checkpoints", f"{ids['digits_dense']}/hidden_1#3", view, bins=10)
    values = [
        c["hidden_1/activations"].values[tree.y != 9, 3].astype(float)
        for c in store["digits_dense"].checkpoints
    ]
    edges = np.histogram_bin_edges(np.concatenate(values), bins=10)
    assert [ridge["customdata"] for ridge in card["content"]["figure"]["data"]] == [
        np.histogram(value, bins=edges)[0].tolist() for value in values
    ]


def test_each_ridge_stands_a_row_below_the_one_before_and_the_tallest_reaches_its_overlap() -> None:
    counts = xr.DataArray(
        [[0, 4], [2, 1]],
        dims=("checkpoint", "bin"),
        coords={"checkpoint": [0, 7], "left": ("bin", [0.0, 1.0]), "right": ("bin", [1.0, 2.0])},
    )
    first, last = outlines(counts)["data"]
    assert first["y"] == [1.0, 3.6, 1, 1]
    assert last["y"] == [1.3, 0.65, 0, 0]
    assert first["x"] == [0.5, 1.5, 1.5, 0.5]
    assert outlines(counts)["layout"]["yaxis"]["ticktext"] == ["0", "7"]


def test_it_shows_all_checkpoints_whichever_is_in_force(page: Any, ids: Any) -> None:
    uoa = f"{ids['digits_conv']}/conv_1/bias"
    content = page.card("histogram_over_checkpoints", uoa)["content"]
    assert page.card("histogram_over_checkpoints", uoa, View(checkpoint=0))["content"] == content
