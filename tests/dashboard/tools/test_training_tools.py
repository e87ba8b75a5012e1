"""Norms, update ratios and gradients over training, against NumPy on the store's values."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inspectree.dashboard.client import Client, ServerError
from inspectree.dashboard.tools.questions import over_training
from inspectree.dashboard.tools.questions.trained import windows

MODEL = "digits_conv_skip"
GUIDE = 1e-3


def weights(store: Any, path: str) -> list[NDArray[np.float64]]:
    return [point[path].values.astype(np.float64) for point in store[MODEL].checkpoints]


def lines(card: dict[str, Any]) -> dict[str, NDArray[np.float64]]:
    return {trace["name"]: np.array(trace["y"], float) for trace in card["content"]["figure"]["data"]}


def test_a_layers_norm_is_that_of_all_its_weights_together(page: Any, store: Any, ids: Any) -> None:
    drawn = lines(page.card("norms", ids[MODEL]))
    expected = [
        np.sqrt(sum(np.sum(point[f"conv_1/{name}"].values.astype(float) ** 2) for name in ("kernel", "bias")))
        for point in store[MODEL].checkpoints
    ]
    np.testing.assert_allclose(drawn["conv_1"], expected, rtol=1e-6)
    trained = dict.fromkeys(p.rpartition("/")[0] for p in weight_paths(store, trainable=True))
    assert list(drawn) == list(trained)


def weight_paths(store: Any, *, trainable: bool) -> list[str]:
    nodes = store[MODEL].architecture.nodes
    return [f"{n.id}/{v.name}" for n in nodes for v in n.variables if v.trainable or not trainable]


def test_each_variable_of_a_layer_has_its_norm(page: Any, store: Any, ids: Any) -> None:
    card = page.card("norms", f"{ids[MODEL]}/conv_2")
    drawn = lines(card)
    assert set(drawn) == {"kernel", "bias"}
    for name, line in drawn.items():
        expected = [np.linalg.norm(values) for values in weights(store, f"conv_2/{name}")]
        shown = [norm or np.nan for norm in expected]  # 0 has no place on a logarithmic axis
        np.testing.assert_allclose(line, shown, rtol=1e-5)
    assert card["content"]["figure"]["data"][0]["meta"]["uoa"] == f"{ids[MODEL]}/conv_2/kernel"
    assert card["content"]["figure"]["layout"]["yaxis"]["type"] == "log"


@pytest.mark.parametrize(
    "settings", [{"tool": "norms"}, {"tool": "update_ratio", "over": "between checkpoints"}]
)
def test_what_the_server_has_no_room_for_is_left_out_and_named(
    page: Any, ids: Any, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]
) -> None:
    """The other lines are drawn; where it has room for none, its reason is all there is."""
    asked = Client.values

    async def refused(client: Any, uoa: Any, pipeline: Any = None) -> Any:
        if any("conv_1/kernel" in each for each in uoa):
            raise ServerError("too large (limit 'held')")
        return await asked(client, uoa, pipeline)

    whole = lines(page.card(uoa=ids[MODEL], **settings))
    monkeypatch.setattr(Client, "values", refused)
    card = page.card(uoa=ids[MODEL], **settings)
    assert set(whole) - set(lines(card)) == {"conv_1"}
    assert " · left out: conv_1 (too large (limit 'held'))" in card["content"]["caption"]
    alone = page.card(uoa=f"{ids[MODEL]}/conv_1/kernel", **settings)
    assert alone["content"] == {"error": "too large (limit 'held')"}


def test_checkpoints_that_were_not_looked_at_are_told(
    page: Any, ids: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(over_training.numbers_of, "__defaults__", (2,))
    for tool, settings in (("norms", {}), ("update_ratio", {"over": "between checkpoints"})):
        caption = page.card(tool, f"{ids[MODEL]}/conv_2", **settings)["content"]["caption"]
        assert " · 2 of 3 checkpoints, evenly chosen" in caption
    boxes = page.card("violin_box", f"{ids[MODEL]}/conv_2/kernel", most=2)["content"]["caption"]
    assert boxes.startswith("2 of 3 checkpoints · ")


def test_gradients_have_norms_where_they_were_recorded(page: Any, store: Any, ids: Any) -> None:
    uoa = f"{ids[MODEL]}/conv_2/kernel"
    card = page.card("norms", uoa, of="gradients")
    expected = [np.linalg.norm(values) for values in weights(store, "conv_2/gradients/kernel")]
    np.testing.assert_allclose(lines(card)["kernel"], expected, rtol=1e-5)
    assert card["content"]["choices"]["of"] == ["weights", "gradients", "gradients per step"]
    other = page.card("norms", f"{ids['digits_conv']}/conv_2/kernel", of="gradients")["content"]
    assert "weights · no gradients were recorded (TreeLogger(…, gradients=True)" in other["caption"]
    assert other["choices"]["of"] == ["weights"]


def test_every_step_has_its_gradients_norm(page: Any, store: Any, ids: Any) -> None:
    card = page.card("norms", f"{ids[MODEL]}/conv_2", of="gradients per step")
    steps = [point.updates() for point in store[MODEL].checkpoints[1:]]
    for name, line in lines(card).items():
        recorded = [s["gradient_norm"].sel(variable=f"conv_2/{name}").values for s in steps]
        np.testing.assert_allclose(line, np.concatenate(recorded), rtol=1e-6)
    assert card["content"]["figure"]["data"][0]["x"] == np.concatenate([s["step"] for s in steps]).tolist()


def test_update_ratios_are_the_recorded_ones_with_a_line_at_a_thousandth(
    page: Any, store: Any, ids: Any
) -> None:
    card = page.card("update_ratio", ids[MODEL])
    steps = [point.updates()["update_ratio"] for point in store[MODEL].checkpoints[1:]]
    both = [[s.sel(variable=f"conv_1/{name}").values for s in steps] for name in ("kernel", "bias")]
    expected = np.median([np.concatenate(each) for each in both], axis=0)
    expected[~np.isfinite(expected)] = np.nan  # a step from 0 has no ratio: the line has a gap there
    np.testing.assert_allclose(lines(card)["conv_1"], expected, rtol=1e-6)
    (guide,) = card["content"]["figure"]["layout"]["shapes"]
    assert (guide["y0"], guide["y1"]) == (GUIDE, GUIDE)
    assert "every step" in card["content"]["choices"]["over"]


def test_between_checkpoints_the_change_is_compared_with_what_was_there(
    page: Any, store: Any, ids: Any
) -> None:
    card = page.card("update_ratio", f"{ids[MODEL]}/conv_2/kernel", over="between checkpoints")
    values = weights(store, "conv_2/kernel")
    expected = [np.linalg.norm(b - a) / np.linalg.norm(a) for a, b in pairwise(values)]
    np.testing.assert_allclose(lines(card)["kernel"], expected, rtol=1e-5)
    assert "many steps at once" in card["content"]["caption"]
    bias = page.card("update_ratio", f"{ids[MODEL]}/conv_2/bias", over="between checkpoints")
    assert bias["content"]["figure"]["data"][0]["y"][0] is None, "nothing can be told of a change from 0"


@pytest.mark.parametrize(
    ("uoa", "path"),
    [
        ("conv_2/kernel", "conv_2/gradients/kernel"),
        ("conv_2", "conv_2/gradients/activations"),
        ("conv_2#3", "conv_2/gradients/activations"),
    ],
)
def test_gradients_are_counted_in_the_same_bins_at_every_checkpoint(
    page: Any, store: Any, ids: Any, uoa: str, path: str
) -> None:
    card = page.card("gradients", f"{ids[MODEL]}/{uoa}", bins=8)
    values = weights(store, path)
    if "#" in uoa:
        values = [each[..., 3] for each in values]
    edges = np.histogram_bin_edges(np.concatenate([each.ravel() for each in values]), 8)
    for trace, each in zip(card["content"]["figure"]["data"], values, strict=True):
        np.testing.assert_allclose(trace["customdata"], np.histogram(each, edges)[0], atol=2)
        assert sum(trace["customdata"]) == each.size


def test_where_no_gradients_are_it_is_said_how_to_record_them(page: Any, ids: Any) -> None:
    told = page.card("gradients", f"{ids['digits_conv']}/conv_2/kernel")["content"]["error"]
    assert told == "no gradients of kernel were recorded: log with TreeLogger(…, gradients=True)"
    passed = page.card("gradients", f"{ids[MODEL]}/image")["content"]["error"]
    assert passed.startswith("image has no gradients, other than the rest")


def test_windows_share_their_ends() -> None:
    assert list(windows([0, 1, 2, 3, 4], 3)) == [[0, 1, 2], [2, 3, 4]]
    assert list(windows([0, 1, 2, 3], 2)) == [[0, 1], [1, 2], [2, 3]]
