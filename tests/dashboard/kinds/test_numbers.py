"""The numbers that tools of samples and predictions show, against Keras, NumPy, SciPy and scikit-learn."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import gaussian_kde
from sklearn.calibration import calibration_curve
from sklearn.decomposition import PCA
from sklearn.metrics import (
    confusion_matrix,
    mean_absolute_error,
    precision_recall_fscore_support,
    r2_score,
    root_mean_squared_error,
)

from inspectree.dashboard.view import View

CLASSIFIERS = ("colours", "binary", "tokens", "several")


def predicted(kinds: Any, name: str) -> tuple[Any, Any, Any]:
    """Return probabilities (sample, class), true and predicted classes, as Keras' predictions tell them."""
    scores, y = kinds.predictions(name), kinds.specimens[name].y
    if name == "several":
        scores, y = scores["kind"], y["kind"]
    if name == "binary":
        second = 1 / (1 + np.exp(-scores[:, 0].astype(float)))
        return np.stack([1 - second, second], axis=1), y, (scores[:, 0] > 0).astype(int)
    return scores, y, scores.argmax(axis=1)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_confusion(kinds: Any, name: str) -> None:
    """Also of one score, which is no probability, and of one of several outputs."""
    scores, y, found = predicted(kinds, name)
    (cells,) = kinds.card("confusion_matrix", name)["figure"]["data"]
    assert cells["z"] == confusion_matrix(y, found, labels=range(scores.shape[1])).tolist()


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_precision_recall_f1_and_support(kinds: Any, name: str) -> None:
    scores, y, found = predicted(kinds, name)
    expected = precision_recall_fscore_support(y, found, labels=range(scores.shape[1]), zero_division=np.nan)
    table = kinds.card("class_metrics", name)["table"]
    assert [column["name"] for column in table["columns"]] == ["class", "precision", "recall", "f1", "count"]
    rows = np.array([row[1:] for row in table["rows"][:-1]], float)
    np.testing.assert_allclose(rows.T, np.array(expected, float))
    np.testing.assert_allclose(
        np.array(table["rows"][-1][1:4], float), [np.nanmean(each) for each in expected[:3]]
    )


def test_metrics_over_checkpoints_are_those_that_were_stored(kinds: Any) -> None:
    content = kinds.card("class_metrics", "colours", show="over checkpoints", metric="recall")
    model = kinds.page.store["colours"]
    stored = [checkpoint.class_metrics()["recall"].to_numpy() for checkpoint in model.checkpoints]
    for index, trace in enumerate(content["figure"]["data"][:3]):
        np.testing.assert_allclose(np.array(trace["y"], float), [each[index] for each in stored])
    assert content["figure"]["data"][0]["x"] == [checkpoint.number for checkpoint in model.checkpoints]


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_calibration(kinds: Any, name: str) -> None:
    scores, y, found = predicted(kinds, name)
    right, sure = calibration_curve(y == found, scores.max(axis=1), n_bins=7)
    content = kinds.card("class_probabilities", name, show="reliability", bins=7)
    curve = content["figure"]["data"][1]
    np.testing.assert_allclose(curve["x"], sure, rtol=1e-5)
    np.testing.assert_allclose(curve["y"], right, rtol=1e-5)
    counts = [len(samples) for samples in curve["meta"]["samples"]]
    error = np.average(np.abs(right - sure), weights=counts)
    assert content["caption"].startswith(f"expected calibration error {error:.1%} of 36 samples")


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_probabilities(kinds: Any, name: str) -> None:
    """Of one sample, and of the true class of all of them."""
    scores, y, _ = predicted(kinds, name)
    (bars,) = kinds.card("class_probabilities", name, show="one sample", sample=5)["figure"]["data"]
    np.testing.assert_allclose(bars["y"], scores[5], rtol=1e-5)
    of_true = scores[np.arange(len(y)), y]
    (bars,) = kinds.card("class_probabilities", name, show="true class, histogram")["figure"]["data"]
    assert bars["y"] == np.histogram(of_true, 10, (0, 1))[0].tolist()
    boxes = kinds.card("class_probabilities", name)["figure"]["data"]
    for index, box in enumerate(boxes):
        assert box["median"][0] == pytest.approx(np.median(of_true[y == index]), rel=1e-5)


def truth(kinds: Any, name: str, output: str = "") -> tuple[Any, Any]:
    found, y = kinds.predictions(name), kinds.specimens[name].y
    if output:
        found, y = found[output], y[output]
    return found.reshape(len(found), -1), y.reshape(len(y), -1)


@pytest.mark.parametrize(("name", "output"), [("regressor", ""), ("series", ""), ("several", "price")])
def test_regression(kinds: Any, name: str, output: str) -> None:
    """Of several outputs the one with numbers for labels is shown by itself."""
    found, y = truth(kinds, name, output)
    last = y.shape[1] - 1
    content = kinds.card("regression", name, component=last)
    _, points = content["figure"]["data"]
    np.testing.assert_allclose(points["x"], y[:, last], rtol=1e-6)
    np.testing.assert_allclose(points["y"], found[:, last], rtol=1e-4, atol=1e-5)
    assert points["meta"]["samples"] == list(range(36))
    pair = y[:, last], found[:, last]
    assert (
        f"MAE {mean_absolute_error(*pair):.4g} · RMSE {root_mean_squared_error(*pair):.4g}"
        in content["caption"]
    )
    assert f"R² {r2_score(*pair):.3f}" in content["caption"]


def test_residuals(kinds: Any) -> None:
    found, y = truth(kinds, "regressor")
    (bars,) = kinds.card("regression", "regressor", show="residuals", bins=6)["figure"]["data"]
    counts, edges = np.histogram(found - y, bins=6)
    assert bars["y"] == counts.tolist()
    np.testing.assert_allclose(bars["customdata"], np.stack([edges[:-1], edges[1:]], axis=1), rtol=1e-4)
    assert [len(samples) for samples in bars["meta"]["samples"]] == counts.tolist()


def test_errors_over_checkpoints(kinds: Any) -> None:
    _, y = truth(kinds, "regressor")
    drawn = kinds.card("regression", "regressor", show="error over checkpoints")["figure"]["data"]
    stored = [c["y_prediction"].values for c in kinds.page.store["regressor"].checkpoints]
    for trace, error in zip(drawn, (mean_absolute_error, root_mean_squared_error), strict=True):
        np.testing.assert_allclose(trace["y"], [error(y, each) for each in stored], rtol=1e-5)


@pytest.mark.parametrize("measure", ["mean squared error", "mean absolute error"])
def test_reconstruction(kinds: Any, measure: str) -> None:
    """The worst first, with what goes in, comes out and differs."""
    found, y = truth(kinds, "autoencoder")
    differences = found - y
    errors = (differences**2 if "squared" in measure else np.abs(differences)).mean(axis=1)
    content = kinds.card("reconstruction", "autoencoder", measure=measure, most=36)
    table = content["table"]
    assert [column["name"] for column in table["columns"]] == [
        "sample", "given", "found", "difference", "error",
    ]  # fmt: skip
    np.testing.assert_allclose([row[-1] for row in table["rows"]], np.sort(errors)[::-1], rtol=1e-4)
    np.testing.assert_allclose(errors[table["samples"]], np.sort(errors)[::-1], rtol=1e-4)
    assert f"mean {errors.mean():.4g}" in content["caption"]


def test_projection(kinds: Any) -> None:
    """Principal components up to their signs, and what they explain."""
    values = kinds.page.store["colours"].checkpoint("last")["pool/activations"].values
    content = kinds.card("projection", "colours", "/pool")
    fitted = PCA(2).fit(values)
    expected = fitted.transform(values)
    placed = np.zeros((36, 2))
    for trace in content["figure"]["data"]:
        placed[trace["meta"]["samples"]] = np.stack([trace["x"], trace["y"]], axis=1)
    np.testing.assert_allclose(np.abs(placed), np.abs(expected), atol=1e-4)
    first, second = fitted.explained_variance_ratio_
    assert f"{first:.1%} and {second:.1%} of the variance" in content["caption"]
    assert [trace["name"] for trace in content["figure"]["data"]] == ["red", "green", "blue"]


def test_projection_of_a_regressor_is_coloured_by_its_target(kinds: Any) -> None:
    (points,) = kinds.card("projection", "regressor", "/hidden")["figure"]["data"]
    y = kinds.specimens["regressor"].y
    np.testing.assert_allclose(points["marker"]["color"], y[points["meta"]["samples"]], rtol=1e-6)


def test_words_of_an_embedding_are_laid_out(kinds: Any) -> None:
    content = kinds.card("projection", "tokens", "/embedding/embeddings")
    words = kinds.specimens["tokens"].options["vocabulary"]
    (points,) = content["figure"]["data"]
    assert points["text"] == ["token 0", *words[1:]]
    values = kinds.page.store["tokens"].checkpoint("last")["embedding/embeddings"].values
    expected = PCA(2).fit_transform(values)
    np.testing.assert_allclose(np.abs([points["x"], points["y"]]), np.abs(expected.T), atol=1e-5)


def test_densities(kinds: Any) -> None:
    values = kinds.page.store["autoencoder"].checkpoint("last")["latent/activations"].values
    content = kinds.card("feature_densities", "autoencoder", "/latent", normal=True)
    *curves, normal = content["figure"]["data"]
    assert len(curves) == 2
    for unit, curve in enumerate(curves):
        np.testing.assert_allclose(curve["y"], gaussian_kde(values[:, unit])(curve["x"]), rtol=1e-3)
    assert max(normal["y"]) == pytest.approx(1 / np.sqrt(2 * np.pi), rel=1e-3)


@pytest.mark.parametrize(("which", "sign"), [("most", -1), ("least", 1)])
@pytest.mark.parametrize("over", ["maximum", "mean"])
def test_top_samples(kinds: Any, which: str, sign: int, over: str) -> None:
    values = kinds.page.store["colours"].checkpoint("last")["conv/activations"].values[..., 2]
    reduced = values.max(axis=(1, 2)) if over == "maximum" else values.mean(axis=(1, 2))
    table = kinds.card("top_samples", "colours", "/conv#2", which=which, over=over, most=5)["table"]
    np.testing.assert_allclose(
        [row[-1] for row in table["rows"]], reduced[np.argsort(sign * reduced)][:5], rtol=1e-5
    )
    for sample, row in zip(table["samples"], table["rows"], strict=True):
        y, x = np.unravel_index(values[sample].argmax(), values[sample].shape)
        assert row[3] == f"y {y}, x {x}"


def test_attention_is_a_map_per_head(kinds: Any) -> None:
    content = kinds.card("feature_maps", "tokens", "/attention", output="activations.1", sample=3)
    assert [picture["label"] for picture in content["pictures"]] == ["head 0", "head 1"]
    assert content["choices"]["output"] == ["activations", "activations.1"]


def test_units_over_time_are_rows(kinds: Any) -> None:
    values = kinds.page.store["series"].checkpoint("last")["conv/activations"].values[4]
    (cells,) = kinds.card("feature_maps", "series", "/conv", sample=4)["figure"]["data"]
    np.testing.assert_allclose(cells["z"], values.T, rtol=1e-6)
    lines = kinds.card("feature_maps", "series", "/conv", sample=4, style="lines")["figure"]["data"]
    np.testing.assert_allclose([line["y"] for line in lines], values.T, rtol=1e-6)


def test_models_with_the_same_samples_stand_side_by_side(kinds: Any) -> None:
    experiment = next(e["id"] for e in kinds.page.index.experiments if e["label"] == "colours")
    content = kinds.page.card("misclassified", experiment)["content"]
    assert [column["title"] for column in content["table"]["columns"][3:]] == ["colours", "colours_child"]
    assert content["space"] == kinds.page.index.models[kinds.ids["colours"]]["samples"] != ""


def test_samples_are_followed_by_class_and_order(kinds: Any) -> None:
    scores, y, _ = predicted(kinds, "colours")
    pictures = kinds.card("samples", "colours", order="surest first", each=2)["pictures"]
    shown = [picture["sample"] for picture in pictures]
    assert np.bincount(y[shown]).tolist() == [2, 2, 2]
    for index in range(3):
        own = np.flatnonzero(y == index)
        best = own[np.argsort(-scores[own].max(axis=1))][:2]
        assert {sample for sample in shown if y[sample] == index} == set(best.tolist())


def test_classes_that_are_off_are_left_out(kinds: Any) -> None:
    y = kinds.specimens["colours"].y
    pictures = kinds.card("samples", "colours", view=View(off=("green",)))["pictures"]
    assert [picture["sample"] for picture in pictures] == np.flatnonzero(y != 1).tolist()


def test_samples_of_a_regressor_say_what_is_true_and_what_is_predicted(kinds: Any) -> None:
    found, y = truth(kinds, "regressor")
    content = kinds.card("samples", "regressor")
    pairs = [tuple(map(float, picture["label"].split(" → "))) for picture in content["pictures"]]
    np.testing.assert_allclose(pairs, np.hstack([y, found])[: len(pairs)], rtol=2e-3, atol=1e-6)
    assert "true → predicted" in content["caption"]
