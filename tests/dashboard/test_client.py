"""The dashboard's way to data, through the real interface."""

import asyncio
from typing import Any

import numpy as np
import pytest

from inspectree.dashboard.client import ServerError, decode


def test_values_arrive_with_their_axes_and_labels(page: Any, store: Any, tree: Any, ids: Any) -> None:
    values = asyncio.run(page.client.values(f"{ids['digits_dense']}@1/hidden_2/activations"))
    stored = store["digits_dense"].checkpoint(1)["hidden_2/activations"]
    assert values.dims == ("sample", "unit")
    np.testing.assert_array_equal(values.values, stored.values)
    assert values.dtype == stored.dtype
    assert values["class"].values.tolist() == [store["digits_dense"].class_names[y] for y in tree.y]


def test_what_is_not_finite_arrives_as_such() -> None:
    answer = {
        "kind": "array", "name": "x", "dims": ["unit"], "shape": [3], "dtype": "float64",
        "coords": {"left": {"dims": ["unit"], "values": ["-Infinity", 0.0, "NaN"]}, "unit": ["a", "b", "c"]},
        "values": ["NaN", "Infinity", 1.0],
    }  # fmt: skip
    array = decode(answer)
    np.testing.assert_array_equal(array.values, [np.nan, np.inf, 1.0])
    np.testing.assert_array_equal(array["left"].values, [-np.inf, 0.0, np.nan])
    assert array["unit"].values.tolist() == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("dtype", "values"), [("bool", [True, False]), ("int64", [1, -2]), ("str", ["a", "b"])]
)
def test_every_kind_of_value_keeps_its_kind(dtype: str, values: list[Any]) -> None:
    answer = {"dims": ["unit"], "shape": [2], "dtype": dtype, "coords": {}, "values": values}
    array = decode(answer)
    assert array.values.tolist() == values
    assert dtype == "str" or array.dtype == dtype


def test_all_samples_that_are_asked_for_arrive(page: Any, tree: Any, ids: Any) -> None:
    """However many."""
    wanted = list(range(299, 49, -1))
    answer = asyncio.run(page.client.samples(ids["digits_conv"], wanted))
    (images,) = answer["x"].values()
    np.testing.assert_array_equal(images.values, tree.x[wanted])
    assert answer["class"] == tree.y[wanted].tolist()


def test_what_the_server_declines_is_told_in_its_own_words(page: Any, ids: Any) -> None:
    with pytest.raises(ServerError, match=r"^there is no model 'nobody'; "):
        asyncio.run(page.client.model("nobody"))
    with pytest.raises(ServerError, match=r"there is no measure 'beauty'"):
        asyncio.run(page.client.interestingness([{"measure": "beauty"}]))
    with pytest.raises(ServerError, match=r"conv_9"):
        asyncio.run(page.client.values(f"{ids['digits_conv']}/conv_9/kernel"))
