"""How many classes a log has, by the labels and by the model."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from inspectree.logger import SamplesError, TreeLogger
from inspectree.logger.store.reader import ModelReader

X = np.random.default_rng(0).random((27, 4)).astype(np.float32)
Y = np.arange(27) % 9
CLASSIFIER = "sparse_categorical_crossentropy"
LOGITS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def _read(
    store: Path, width: int, y: Any, loss: Any, activation: str | None = None, **options: Any
) -> ModelReader:
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(width, activation, name="out")], name="m")
    model.compile("sgd", loss)
    logger = TreeLogger(store, name="m", samples=(X, y), on_error="raise", **options)
    model.fit(X, y, verbose=0, callbacks=[logger])
    return ModelReader(store / "models" / logger.header.id)


def _numbers(count: int) -> tuple[str, ...]:
    return tuple(map(str, range(count)))


@pytest.mark.parametrize("loss", [CLASSIFIER, LOGITS, [LOGITS]], ids=["name", "object", "list"])
@pytest.mark.parametrize("names", [None, _numbers(9), _numbers(12)], ids=["none", "too few", "too many"])
def test_numbered_classes_are_as_many_as_the_model_tells_apart(names: Any, loss: Any, tmp_path: Path) -> None:
    reader = _read(tmp_path, 10, Y, loss, class_names=names)
    assert reader.class_names == _numbers(10)
    checkpoint = reader.checkpoint(1)
    prediction = checkpoint.read("y_prediction")
    best = prediction.values.argmax(axis=1)
    assert prediction["predicted"].values.tolist() == [str(index) for index in best]
    assert prediction["correct"].values.tolist() == (best == Y).tolist()
    means = checkpoint.read("out/mean_class_activations")
    assert tuple(means["class"].values) == _numbers(9)


def test_a_softmax_tells_classes_apart_whatever_the_loss(tmp_path: Path) -> None:
    def own_loss(y: Any, scores: Any) -> Any:
        return -keras.ops.log(keras.ops.max(scores, axis=-1))

    assert _read(tmp_path, 10, Y, own_loss, "softmax").class_names == _numbers(10)


def test_two_classes_of_which_the_labels_hold_one(tmp_path: Path) -> None:
    reader = _read(tmp_path, 1, np.zeros(27, int), "binary_crossentropy", "sigmoid")
    assert reader.class_names == ("0", "1")
    assert "predicted" in reader.checkpoint(1).read("y_prediction").coords


@pytest.mark.parametrize("width", [1, 12], ids=["regression", "another task"])
def test_what_is_no_classifier_leaves_the_labels_classes(width: int, tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(width)])
    model.compile("sgd", "mse")
    logger = TreeLogger(tmp_path, name="m", samples=(X, Y), on_error="raise")
    model.fit(X, np.zeros((27, width)), verbose=0, callbacks=[logger])
    reader = ModelReader(tmp_path / "models" / logger.header.id)
    assert reader.class_names == _numbers(9)
    assert "predicted" not in reader.checkpoint(1).read("y_prediction").coords


@pytest.mark.parametrize("count", [9, 12])
def test_names_that_are_not_as_many_as_the_scores_are_told_before_the_first_step(
    count: int, tmp_path: Path
) -> None:
    message = f"^class_names has {count} names, but the output 'out' of the model 'm' tells 10 classes apart$"
    with pytest.raises(SamplesError, match=message):
        _read(tmp_path, 10, Y, LOGITS, class_names=[f"class {index}" for index in range(count)])
