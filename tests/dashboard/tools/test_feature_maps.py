"""What each channel makes of one sample, against the stored activations."""

from typing import Any

import numpy as np
import pytest

from inspectree.dashboard import client
from inspectree.dashboard.images import ACTIVATION
from inspectree.dashboard.selections import Selection
from inspectree.dashboard.tools.feature_maps import fits
from inspectree.dashboard.tools.questions import following
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.view import View


def test_each_picture_is_a_channel_all_on_one_scale(page: Any, store: Any, ids: Any, decode: Any) -> None:
    content = page.card("feature_maps", f"{ids['digits_conv']}/conv_1", sample=4)["content"]
    maps = store["digits_conv"].checkpoint("last")["conv_1/activations"].values[4].astype(float)
    own, *pictures = content["pictures"]
    assert own["label"] == "input"
    assert len(pictures) == maps.shape[-1]
    palette = np.array(ACTIVATION)
    for channel, picture in enumerate(pictures):
        levels = (maps[..., channel] - maps.min()) / (maps.max() - maps.min()) * 255
        assert np.abs(decode(picture).astype(int) - palette[levels.astype(int)]).max() <= 3
        assert picture["uoa"] == f"{ids['digits_conv']}/conv_1#{channel}"


def test_the_input_is_the_sample_itself(page: Any, tree: Any, ids: Any, decode: Any) -> None:
    """The digits' brightest pixel is white, their darkest black."""
    own = page.card("feature_maps", f"{ids['digits_conv']}/conv_1", sample=4)["content"]["pictures"][0]
    image = tree.x[4, ..., 0].astype(float)
    expected = (image - image.min()) / (image.max() - image.min()) * 255
    assert np.abs(decode(own)[..., 0] - expected).max() <= 1
    assert own["sample"] == 4


def test_the_caption_tells_sample_class_and_prediction(page: Any, store: Any, tree: Any, ids: Any) -> None:
    names = store["digits_conv"].class_names
    predicted = tree.models["digits_conv"].predict(tree.x[4:5], verbose=0).argmax()
    caption = page.card("feature_maps", f"{ids['digits_conv']}/conv_1", sample=4)["content"]["caption"]
    assert caption == f"sample 4 · class {names[tree.y[4]]} · predicted {names[predicted]}"


def test_a_sample_that_is_not_selected_gives_way_to_the_next_one(page: Any, tree: Any, ids: Any) -> None:
    off = tuple(name for name in page.index.models[ids["digits_conv"]]["class_names"] if name != "three")
    card = page.card("feature_maps", f"{ids['digits_conv']}/conv_1", View(off=off), sample=30)
    threes = np.flatnonzero(tree.y == 3)
    assert card["content"]["pictures"][0]["sample"] == threes[threes >= 30][0]


def test_it_follows_the_sample_that_is_marked_unless_one_is_set(page: Any, ids: Any) -> None:
    layer = f"{ids['digits_conv']}/conv_1"
    space = page.index.context(View()).space(ids["digits_conv"])

    def shown(own_space: str = space, **settings: Any) -> int:
        view = View(selections=(Selection("mine", own_space, (17, 21)),), lit="mine")
        return int(page.card("feature_maps", layer, view, **settings)["content"]["pictures"][0]["sample"])

    assert (shown(), shown(sample=4), shown("another")) == (17, 4, 0)


def test_a_sample_that_is_not_there_is_told(page: Any, ids: Any) -> None:
    content = page.card("feature_maps", f"{ids['digits_conv']}/conv_1", sample=300)["content"]
    assert list(content) == ["error"]
    assert "300" in content["error"]


def test_units_over_nothing_else_are_bars(page: Any, store: Any, ids: Any) -> None:
    content = page.card("feature_maps", f"{ids['digits_dense']}/hidden_1", sample=7)["content"]
    values = store["digits_dense"].checkpoint("last")["hidden_1/activations"].values[7]
    (bars,) = content["figure"]["data"]
    np.testing.assert_allclose(bars["y"], values, rtol=1e-6)
    assert bars["meta"]["uoas"][3] == f"{ids['digits_dense']}/hidden_1#3"


def test_only_what_is_made_of_samples_is_offered_it() -> None:
    assert fits(Unit("m/conv", "layer", "conv", dims=("sample", "y", "x", "channel")))
    assert fits(Unit("m/dense", "layer", "dense", dims=("sample", "unit")))
    assert not fits(Unit("m/loss", "layer", "loss", dims=("sample",)))
    assert not fits(Unit("m/conv#1", "unit", "#1", dims=("sample", "y", "x", "channel")))


def test_a_strip_tells_what_dark_and_bright_stand_for(page: Any, store: Any, ids: Any) -> None:
    content = page.card("feature_maps", f"{ids['digits_conv']}/conv_1", sample=4)["content"]
    values = store["digits_conv"].checkpoint("last")["conv_1/activations"].values[4]
    marks = content["figure"]["layout"]["xaxis"]["tickvals"]
    assert (marks[0], marks[-1]) == pytest.approx((values.min(), values.max()))


def test_more_samples_than_an_answer_holds_are_told(
    page: Any, ids: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (client, following):
        monkeypatch.setattr(module, "MOST_SAMPLES", 200)
    caption = page.card("samples", ids["digits_conv"], most=50)["content"]["caption"]
    assert caption.startswith("50 of 200 samples, of the first 200 of 300 samples, as followed")
    maps = page.card("feature_maps", f"{ids['digits_conv']}/conv_1", sample=4)["content"]["caption"]
    assert " · of the first 200 of 300 samples" in maps
