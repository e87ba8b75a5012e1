"""Which classes a model takes for which, against scikit-learn."""

from typing import Any

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from inspectree.dashboard.view import View

MODELS = ("digits_dense", "digits_conv", "digits_conv_skip")


@pytest.mark.parametrize("name", MODELS)
def test_the_counts_are_scikit_learn_s_of_keras_predictions(
    page: Any, tree: Any, ids: Any, name: str
) -> None:
    card = page.card("confusion_matrix", ids[name])
    predicted = tree.models[name].predict(tree.x, verbose=0).argmax(axis=1)
    expected = confusion_matrix(tree.y, predicted, labels=range(10))
    (cells,) = card["content"]["figure"]["data"]
    assert cells["z"] == expected.tolist()
    right = int((predicted == tree.y).sum())
    assert card["content"]["caption"] == f"{right} of 300 samples right ({right / 300:.1%}) · checkpoint 2"


def test_rows_are_true_and_columns_predicted_classes(page: Any, store: Any, ids: Any) -> None:
    figure = page.card("confusion_matrix", ids["digits_conv"])["content"]["figure"]
    (cells,) = figure["data"]
    assert cells["y"] == cells["x"] == list(store["digits_conv"].class_names)
    assert figure["layout"]["yaxis"]["title"]["text"] == "true"
    assert figure["layout"]["xaxis"]["title"]["text"] == "predicted"


def test_classes_that_are_off_lose_their_row_and_their_samples(
    page: Any, store: Any, tree: Any, ids: Any
) -> None:
    """What the others are taken for stays: they may be taken for a class that is off."""
    card = page.card("confusion_matrix", ids["digits_conv"], View(off=("zero", "four")))
    predicted = store["digits_conv"].checkpoint("last")["y_prediction"].values.argmax(axis=1)
    on = np.isin(tree.y, [0, 4], invert=True)
    expected = confusion_matrix(tree.y[on], predicted[on], labels=range(10))
    (cells,) = card["content"]["figure"]["data"]
    assert cells["z"] == np.delete(expected, [0, 4], axis=0).tolist()
    right = int((predicted == tree.y)[on].sum())
    assert card["content"]["caption"].startswith(f"{right} of {int(on.sum())} samples right")


@pytest.mark.parametrize("of", ["true", "predicted"])
def test_shares_are_of_the_true_or_the_predicted_class(
    page: Any, store: Any, tree: Any, ids: Any, of: str
) -> None:
    card = page.card("confusion_matrix", ids["digits_conv"], normalise=f"shares of the {of} class")
    predicted = store["digits_conv"].checkpoint("last")["y_prediction"].values.argmax(axis=1)
    expected = confusion_matrix(
        tree.y, predicted, labels=range(10), normalize="true" if of == "true" else "pred"
    )
    np.testing.assert_allclose(card["content"]["figure"]["data"][0]["z"], expected)
    assert card["content"]["figure"]["data"][0]["text"][0][0] == f"{expected[0][0]:.0%}"


def test_it_shows_the_checkpoint_in_force(page: Any, store: Any, tree: Any, ids: Any) -> None:
    card = page.card("confusion_matrix", ids["digits_conv"], View(checkpoint=0))
    predicted = store["digits_conv"].checkpoint(0)["y_prediction"].values.argmax(axis=1)
    expected = confusion_matrix(tree.y, predicted, labels=range(10))
    assert card["content"]["figure"]["data"][0]["z"] == expected.tolist()
    assert card["content"]["caption"].endswith("checkpoint 0")


def test_cells_hold_their_samples(page: Any, store: Any, tree: Any, ids: Any) -> None:
    """A click on a cell selects them."""
    card = page.card("confusion_matrix", ids["digits_conv"], View(off=("two",)))
    predicted = store["digits_conv"].checkpoint("last")["y_prediction"].values.argmax(axis=1)
    samples = card["content"]["figure"]["data"][0]["meta"]["samples"]
    for row, true in zip(samples, [0, 1, *range(3, 10)], strict=True):
        for column, cell in enumerate(row):
            assert cell == np.flatnonzero((tree.y == true) & (predicted == column)).tolist()
    assert card["content"]["space"] == page.index.models[ids["digits_conv"]]["samples"]


def test_of_an_experiment_one_of_its_models_is_chosen(page: Any, ids: Any) -> None:
    experiment = page.index.experiments[0]["id"]
    for name in MODELS:
        label = page.index.models[ids[name]]["label"]
        content = page.card("confusion_matrix", experiment, model=label)["content"]
        own = page.card("confusion_matrix", ids[name])["content"]
        assert content["figure"] == own["figure"]
        assert label in content["caption"]
        assert label in content["choices"]["model"]
