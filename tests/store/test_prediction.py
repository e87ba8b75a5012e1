"""Which class the stored predictions say, and whether it is right."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inspectree.logger.header import Header
from inspectree.logger.store.prediction import binary_cut
from inspectree.logger.store.reader import CheckpointReader, ModelReader
from inspectree.logger.store.writer import ModelWriter

NAN = float("nan")


def _logged(
    training: SimpleNamespace,
    store: Path,
    scores: list[Any],
    classes: list[int],
    names: tuple[str, ...],
    loss: Any = None,
) -> CheckpointReader:
    """Log one checkpoint with these predictions of the first samples."""
    made, record, count = training.samples(), training.record(0), len(classes)
    samples = replace(
        made,
        inputs={name: values[:count] for name, values in made.inputs.items()},
        ids=made.ids[:count],
        labels={},
        classes=np.array(classes),
        class_names=names,
    )
    writer = ModelWriter(store, Header(id="model", name="m"))
    writer.start(training.graph(), {"loss": loss}, samples)
    prediction = {"block": np.array(scores, np.float32)}
    writer.checkpoint(replace(record, layers=(), predictions=prediction))
    writer.finish()
    return ModelReader(writer.folder).checkpoint(0)


def _coords(checkpoint: CheckpointReader) -> tuple[list[str], list[bool | None]]:
    value = checkpoint.read("y_prediction")
    return value["predicted"].values.tolist(), value["correct"].values.tolist()


def test_the_largest_score_is_predicted(training: SimpleNamespace, tmp_path: Path) -> None:
    scores = [[0, 1, 0], [-3, -2, -1], [5, 5, 5]]
    checkpoint = _logged(training, tmp_path, scores, [1, 0, 0], ("a", "b", "c"))
    assert _coords(checkpoint) == (["b", "c", "a"], [True, False, True])
    assert checkpoint.read("y_prediction")["correct"].dtype == bool


def test_a_row_that_holds_nan_predicts_nothing_and_is_neither_right_nor_wrong(
    training: SimpleNamespace, tmp_path: Path
) -> None:
    scores = [[NAN, 0, 1], [0, 1, NAN], [NAN, NAN, NAN], [0, np.inf, 1]]
    checkpoint = _logged(training, tmp_path, scores, [0, 1, 2, 1], ("a", "b", "c"))
    assert _coords(checkpoint) == (["", "", "", "b"], [None, None, None, True])


def test_a_sample_without_a_class_is_neither_right_nor_wrong(
    training: SimpleNamespace, tmp_path: Path
) -> None:
    checkpoint = _logged(training, tmp_path, [[0, 1], [1, 0], [1, 0]], [-1, -1, 1], ("a", "b"))
    assert _coords(checkpoint) == (["b", "a", "a"], [None, None, False])
    assert checkpoint.read("y_prediction")["class"].values.tolist() == ["", "", "b"]


LOGITS = {"class": "BinaryCrossentropy", "from_logits": True}


@pytest.mark.parametrize(
    ("loss", "predicted"),
    [
        (LOGITS, ["a", "b", "b", ""]),
        ([LOGITS], ["a", "b", "b", ""]),
        ({"out": LOGITS}, ["a", "b", "b", ""]),
        ({**LOGITS, "from_logits": False}, ["a", "a", "b", ""]),
        ("binary_crossentropy", ["a", "a", "b", ""]),
        (None, ["a", "a", "b", ""]),
    ],
)
@pytest.mark.parametrize("shape", [(4,), (4, 1)])
def test_a_single_score_is_cut_where_its_loss_says(
    shape: tuple[int, ...], loss: Any, predicted: list[str], training: SimpleNamespace, tmp_path: Path
) -> None:
    scores: NDArray[Any] = np.array([-0.1, 0.2, 0.7, NAN]).reshape(shape)
    checkpoint = _logged(training, tmp_path, scores.tolist(), [0, 1, 0, 1], ("a", "b"), loss)
    expected = [None if not name else name == true for name, true in zip(predicted, "abab", strict=True)]
    assert _coords(checkpoint) == (predicted, expected)


@pytest.mark.parametrize("loss", ["mse", None, {}, [], 5, {"from_logits": "yes"}])
def test_a_loss_that_says_nothing_of_logits_is_of_probabilities(loss: Any) -> None:
    assert binary_cut(loss) == 0.5


@pytest.mark.parametrize(
    ("scores", "names"), [([[1, 2]], ("a", "b", "c")), ([1], ("a",)), ([[[1, 2]]], ("a", "b"))]
)
def test_other_predictions_say_no_class(
    scores: list[Any], names: tuple[str, ...], training: SimpleNamespace, tmp_path: Path
) -> None:
    coords = _logged(training, tmp_path, scores, [0], names).read("y_prediction").coords
    assert {"class", "id"} <= set(coords)
    assert not {"predicted", "correct"} & set(coords)
