"""The samples that a model gets wrong, against Keras' own predictions."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from inspectree.dashboard.tools import misclassified
from inspectree.dashboard.view import View


@pytest.mark.parametrize("name", ["digits_dense", "digits_conv", "digits_conv_skip"])
def test_the_samples_are_the_truly_misclassified_ones(page: Any, tree: Any, ids: Any, name: str) -> None:
    """All of them, also where they are most of the samples."""
    predicted = tree.models[name].predict(tree.x, verbose=0).argmax(axis=1)
    content = page.card("misclassified", ids[name], most=400)["content"]
    shown = [picture["sample"] for picture in content["pictures"]]
    assert sorted(shown) == np.flatnonzero(predicted != tree.y).tolist()
    assert content["caption"].startswith(f"{len(shown)} of 300 samples wrong, by true class · ")
    names = page.index.models[ids[name]]["class_names"]
    assert [picture["label"] for picture in content["pictures"]] == [
        f"{names[tree.y[sample]]} → {names[predicted[sample]]}" for sample in shown
    ]


def test_the_wrong_ones_of_a_class_stand_together(page: Any, tree: Any, ids: Any) -> None:
    content = page.card("misclassified", ids["digits_dense"])["content"]
    true = [picture["label"].partition("→")[0] for picture in content["pictures"]]
    changes = sum(a != b for a, b in pairwise(true))
    assert changes == len(set(true)) - 1


def test_pictures_are_the_samples_themselves(page: Any, tree: Any, ids: Any, decode: Any) -> None:
    for picture in page.card("misclassified", ids["digits_dense"], most=3)["content"]["pictures"]:
        image = tree.x[picture["sample"], ..., 0].astype(float)
        expected = (image - image.min()) / (image.max() - image.min()) * 255
        assert np.abs(decode(picture)[..., 0] - expected).max() <= 1


def test_no_more_are_shown_than_were_asked_for_and_how_many_there_are_is_said(page: Any, ids: Any) -> None:
    content = page.card("misclassified", ids["digits_dense"], most=3)["content"]
    assert len(content["pictures"]) == 3
    assert ", the first 3, " in content["caption"]


def test_only_classes_that_are_on_are_looked_at(page: Any, tree: Any, ids: Any) -> None:
    off = ("zero", "one", "two", "three", "four")
    content = page.card("misclassified", ids["digits_dense"], View(off=off), most=400)["content"]
    shown = [picture["sample"] for picture in content["pictures"]]
    predicted = tree.models["digits_dense"].predict(tree.x, verbose=0).argmax(axis=1)
    assert sorted(shown) == np.flatnonzero((predicted != tree.y) & (tree.y > 4)).tolist()


@pytest.mark.parametrize(("order", "sign"), [("surest first", -1), ("least sure first", 1)])
def test_they_can_be_ordered_by_how_sure_the_model_is(
    page: Any, tree: Any, ids: Any, order: str, sign: int
) -> None:
    scores = tree.models["digits_conv"].predict(tree.x, verbose=0)
    content = page.card("misclassified", ids["digits_conv"], order=order, most=400)["content"]
    confidence = scores.max(axis=1)[[picture["sample"] for picture in content["pictures"]]]
    assert (np.diff(sign * confidence) >= -1e-6).all()


def test_only_models_that_the_table_has_room_for_are_asked(
    page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(misclassified, "MOST_MODELS", 2)
    experiment = page.index.experiments[0]
    card = page.card("misclassified", experiment["id"])
    asked = {
        query["body"]["uoa"].partition("@")[0] for query in card["queries"] if "uoa" in (query["body"] or {})
    }
    assert len(asked) == 2
    assert [column["name"] for column in card["content"]["table"]["columns"]][3:] == [
        model["id"] for model in experiment["models"][:2]
    ]
    assert card["content"]["caption"].endswith(" · the first 2 of 3 models")


def test_models_may_be_called_as_the_columns_are(
    page: Any, ids: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, title in (("digits_dense", "sample"), ("digits_conv", "true")):
        monkeypatch.setitem(page.index.models[ids[name]], "label", title)
    columns = page.card("misclassified", page.index.experiments[0]["id"])["content"]["table"]["columns"]
    assert {"sample", "true"} < {column["title"] for column in columns}
    assert len({column["name"] for column in columns}) == len(columns) == 6


@pytest.mark.parametrize(
    ("whose", "least", "most"),
    [("any model", 1, 3), ("most models", 2, 3), ("all models", 3, 3), ("one model only", 1, 1)],
)
def test_an_experiment_s_models_stand_side_by_side(
    page: Any, tree: Any, ids: Any, whose: str, least: int, most: int
) -> None:
    """A row per sample, a column per model with what it says, those that most get wrong first."""
    predicted = {
        page.index.models[ids[name]]["label"]: model.predict(tree.x, verbose=0).argmax(axis=1)
        for name, model in tree.models.items()
    }
    counts = np.sum([each != tree.y for each in predicted.values()], axis=0)
    content = page.card("misclassified", page.index.experiments[0]["id"], whose=whose, most=400)["content"]
    table, names = content["table"], page.index.models[ids["digits_conv"]]["class_names"]
    assert sorted(table["samples"]) == np.flatnonzero((counts >= least) & (counts <= most)).tolist()
    assert (np.diff(counts[table["samples"]]) <= 0).all()
    titles = [column["title"] for column in table["columns"]][3:]
    assert sorted(titles) == sorted(predicted)
    for sample, row in zip(table["samples"], table["rows"], strict=True):
        assert row[0] == sample
        assert row[2] == names[tree.y[sample]]
        said = [predicted[title][sample] for title in titles]
        assert row[3:] == ["✓" if each == tree.y[sample] else names[each] for each in said]
