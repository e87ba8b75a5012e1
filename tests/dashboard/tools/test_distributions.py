"""Densities, boxes, violins and ridges against SciPy and NumPy on what the store holds."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import gaussian_kde


def stored(store: Any, name: str, path: str, checkpoint: Any = "last") -> Any:
    return store[name].checkpoint(checkpoint)[path].values.astype(np.float64)


def drawn(page: Any, tool: str, uoa: str, view: Any = None, **settings: Any) -> dict[str, Any]:
    content: dict[str, Any] = page.card(tool, uoa, view, **settings)["content"]
    assert "error" not in content, content["error"]
    return content


def error(page: Any, tool: str, uoa: str, **settings: Any) -> str:
    return str(page.card(tool, uoa, **settings)["content"]["error"])


def test_a_density_is_scipy_s(page: Any, store: Any, ids: Any) -> None:
    content = drawn(page, "density", f"{ids['digits_conv']}/conv_2/kernel", points=50)
    (curve,) = content["figure"]["data"]
    kernel = stored(store, "digits_conv", "conv_2/kernel").ravel()
    assert curve["x"] == pytest.approx(np.linspace(kernel.min(), kernel.max(), 50))
    assert curve["y"] == pytest.approx(gaussian_kde(kernel)(curve["x"]), rel=1e-6)
    assert content["merge"] == "densities"


def test_densities_of_classes_lie_over_the_same_range(page: Any, store: Any, tree: Any, ids: Any) -> None:
    uoa = f"{ids['digits_dense']}/hidden_2#5"
    content = drawn(page, "density", uoa, split=True, points=20, low="0,1", high="0.9")
    values = stored(store, "digits_dense", "hidden_2/activations")[:, 5]
    assert len(content["series"]) == len(content["figure"]["data"]) == 10
    for digit, curve in enumerate(content["figure"]["data"]):
        assert curve["x"] == pytest.approx(np.linspace(0.1, 0.9, 20))
        assert curve["y"] == pytest.approx(gaussian_kde(values[tree.y == digit])(curve["x"]), rel=1e-6)


def test_of_one_end_the_other_is_that_of_the_values(page: Any, store: Any, ids: Any) -> None:
    uoa, kernel = f"{ids['digits_conv']}/conv_1/kernel", stored(store, "digits_conv", "conv_1/kernel")
    (curve,) = drawn(page, "density", uoa, low="0", points=10)["figure"]["data"]
    assert curve["x"] == pytest.approx(np.linspace(0, kernel.max(), 10))
    content = drawn(page, "histogram", uoa, high="0", bins=4)
    counts, _ = np.histogram(kernel, bins=4, range=(kernel.min(), 0))
    assert content["figure"]["data"][0]["y"] == counts.tolist()


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [("a", "", "'a' is no number"), ("1", "0", "is no range"), ("99", "", "no value lies there")],
)
def test_ends_that_make_no_range_are_told(page: Any, ids: Any, low: str, high: str, told: str) -> None:
    uoa = f"{ids['digits_conv']}/conv_1/kernel"
    for tool in ("histogram", "density"):
        assert told in error(page, tool, uoa, low=low, high=high)


def titles(content: dict[str, Any]) -> list[str]:
    """Return what the two axes say that they are."""
    layout = content["figure"]["layout"]
    return [layout[axis]["title"]["text"] for axis in ("xaxis", "yaxis")]


def test_axes_say_what_is_counted(page: Any, ids: Any) -> None:
    layer = f"{ids['digits_conv']}/conv_1"
    kernel = f"{layer}/kernel"
    assert titles(drawn(page, "histogram", kernel)) == ["value", "weights"]
    assert titles(drawn(page, "histogram", f"{layer}#1")) == ["value", "activations"]
    assert titles(drawn(page, "histogram", layer, share=True)) == ["value", "share of the activations"]
    assert titles(drawn(page, "density", kernel)) == ["value", "density"]
    assert titles(drawn(page, "layer_over_models", kernel)) == ["value", "density"]
    for style in ("ridges", "heat map"):
        shown = drawn(page, "histogram_over_checkpoints", kernel, style=style)
        assert titles(shown) == ["value", "checkpoint"]


def test_where_nothing_lies_a_histogram_says_so(page: Any, ids: Any) -> None:
    assert "no finite value" in error(
        page, "histogram", f"{ids['digits_conv']}/conv_1/kernel", low="50", high="60"
    )


def test_a_histogram_s_shares_add_up_to_one(page: Any, ids: Any) -> None:
    uoa = f"{ids['digits_dense']}/hidden_2"
    for split in (False, True):
        content = drawn(page, "histogram", uoa, share=True, split=split, bins=8)
        assert [sum(bars["y"]) for bars in content["figure"]["data"]] == pytest.approx(
            [1] * (10 if split else 1)
        )
    assert content["merge"] == "histogram"


def boxes(content: dict[str, Any]) -> list[list[float]]:
    """Return the five numbers of each box."""
    names = ("lowerfence", "q1", "median", "q3", "upperfence")
    return [[each[name][0] for name in names] for each in content["figure"]["data"]]


QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def test_boxes_of_classes_are_numpy_s_quantiles(page: Any, store: Any, tree: Any, ids: Any) -> None:
    content = drawn(page, "violin_box", f"{ids['digits_conv']}/conv_1")
    values = stored(store, "digits_conv", "conv_1/activations")
    expected = [np.quantile(values[tree.y == digit], QUANTILES) for digit in range(10)]
    assert np.array(boxes(content)) == pytest.approx(np.array(expected), abs=1e-6)
    assert content["figure"]["layout"]["xaxis"]["ticktext"][:2] == ["zero", "one"]
    assert content["merge"] == "boxes"


def test_boxes_of_units_are_those_with_the_highest_means(page: Any, store: Any, ids: Any) -> None:
    content = drawn(page, "violin_box", f"{ids['digits_conv']}/conv_2", by="units", most=3)
    values = stored(store, "digits_conv", "conv_2/activations")
    top = np.argsort(-values.mean(axis=(0, 1, 2)))[:3]
    assert np.array(boxes(content)) == pytest.approx(
        np.array([np.quantile(values[..., unit], QUANTILES) for unit in top]), abs=1e-6
    )
    assert [each["meta"]["uoa"] for each in content["figure"]["data"]] == [
        f"{ids['digits_conv']}/conv_2#{unit}" for unit in top
    ]


def test_boxes_of_checkpoints_follow_a_kernel(page: Any, store: Any, ids: Any) -> None:
    content = drawn(page, "violin_box", f"{ids['digits_conv']}/conv_1/kernel")
    expected = [np.quantile(stored(store, "digits_conv", "conv_1/kernel", n), QUANTILES) for n in range(3)]
    assert np.array(boxes(content)) == pytest.approx(np.array(expected), abs=1e-6)


def test_violins_are_as_wide_as_the_density(page: Any, store: Any, tree: Any, ids: Any) -> None:
    content = drawn(page, "violin_box", f"{ids['digits_dense']}/hidden_2#5", shape="violins")
    outlines = [trace for trace in content["figure"]["data"] if trace.get("fill") == "toself"]
    values = stored(store, "digits_dense", "hidden_2/activations")[:, 5]
    at = np.linspace(values.min(), values.max(), 80)
    heights = np.array([gaussian_kde(values[tree.y == digit])(at) for digit in range(10)])
    for place, outline in enumerate(outlines):
        half = place - np.array(outline["x"][:80])
        assert half == pytest.approx(0.42 * heights[place] / heights.max(), rel=1e-6, abs=1e-9)
        assert outline["y"][:80] == pytest.approx(at)
    medians = [trace["y"][0] for trace in content["figure"]["data"] if trace["mode"] == "markers"]
    assert medians == pytest.approx([np.median(values[tree.y == digit]) for digit in range(10)], abs=1e-6)


def test_a_heat_map_over_checkpoints_has_the_same_counts_as_ridges(page: Any, store: Any, ids: Any) -> None:
    uoa = f"{ids['digits_conv']}/conv_1/kernel"
    (cells,) = drawn(page, "histogram_over_checkpoints", uoa, style="heat map", bins=9)["figure"]["data"]
    ridges = drawn(page, "histogram_over_checkpoints", uoa, style="ridges", bins=9)["figure"]["data"]
    kernels = [stored(store, "digits_conv", "conv_1/kernel", number) for number in range(3)]
    edges = np.histogram_bin_edges(np.stack(kernels), bins=9)
    expected = [np.histogram(kernel, bins=edges)[0].tolist() for kernel in kernels]
    assert cells["z"] == expected
    assert [ridge["customdata"] for ridge in ridges] == expected


def test_a_layer_over_models_is_found_by_matching(page: Any, store: Any, ids: Any) -> None:
    """The dense model has no convolution; the others' kernels lie over one range."""
    uoa = f"{ids['digits_conv']}/conv_1/kernel"
    content = drawn(page, "layer_over_models", uoa, bins=10)
    kernels = {
        name: stored(store, name, "conv_1/kernel").ravel() for name in ("digits_conv", "digits_conv_skip")
    }
    curves = {curve["meta"]["uoa"]: curve for curve in content["figure"]["data"]}
    assert set(curves) == {f"{ids[name]}/conv_1/kernel" for name in kernels}
    every = np.concatenate(list(kernels.values()))
    for name, kernel in kernels.items():
        curve = curves[f"{ids[name]}/conv_1/kernel"]
        assert curve["x"] == pytest.approx(np.linspace(every.min(), every.max(), 20))
        assert curve["y"] == pytest.approx(gaussian_kde(kernel)(curve["x"]), rel=1e-6)
        assert curve["line"]["color"] == page.index.colors[ids[name]]
    assert content["caption"].endswith("in 2 models · 1 hold no such layer")


def test_ridges_of_models_are_shares_of_the_same_bins(page: Any, store: Any, ids: Any) -> None:
    content = drawn(page, "layer_over_models", f"{ids['digits_conv']}/output", style="ridges", bins=8)
    assert len(content["figure"]["data"]) == 3
    for ridge in content["figure"]["data"]:
        name = next(name for name, id_ in ids.items() if ridge["meta"]["uoa"].startswith(id_))
        values = stored(store, name, "output/activations")
        edges = np.histogram_bin_edges(
            np.concatenate([stored(store, each, "output/activations").ravel() for each in ids]), bins=8
        )
        assert ridge["customdata"] == pytest.approx(np.histogram(values, bins=edges)[0] / values.size)
