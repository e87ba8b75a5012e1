import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import precision_recall_fscore_support

from inspectree.logger.class_metrics import class_metrics, compared
from inspectree.logger.store.record import Samples


def test_numbers_by_hand() -> None:
    found = compared(np.array([0, 0, 1, -1, 1]), np.array([0, 1, 1, 0, -1]), 3)
    assert found["count"].tolist() == [2, 1, 0]
    assert found["precision"][:2].tolist() == [1, 0.5]
    assert found["recall"][:2].tolist() == [0.5, 1]
    assert found["f1"][:2].tolist() == pytest.approx([2 / 3, 2 / 3])
    assert np.isnan(found[2][["precision", "recall", "f1"]].tolist()).all()


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1))
def test_scikit_learn_finds_the_same(pairs: list[tuple[int, int]]) -> None:
    true, predicted = np.array(pairs).T
    found = compared(true, predicted, 5)
    expected = precision_recall_fscore_support(true, predicted, labels=range(5), zero_division=np.nan)
    for name, values in zip(
        ("precision", "recall", "count"), (expected[0], expected[1], expected[3]), strict=True
    ):
        np.testing.assert_allclose(found[name], values, err_msg=name)
    either = (found["count"] > 0) | ~np.isnan(found["precision"])
    np.testing.assert_allclose(found["f1"][either], expected[2][either])


def _samples(classes: list[int] | None) -> Samples:
    indices = None if classes is None else np.array(classes)
    return Samples({"x": np.zeros((2, 1))}, np.arange(2), classes=indices, class_names=("a", "b"))


def test_one_score_tells_two_classes_apart_by_the_cut() -> None:
    scores = {"y": np.array([[0.3], [0.6]])}
    assert class_metrics(scores, _samples([0, 1]), 0.5)["recall"].tolist() == [1, 1]
    assert class_metrics(scores, _samples([0, 1]), 0.0)["recall"].tolist() == [0, 1]


@pytest.mark.parametrize(
    ("predictions", "classes"),
    [({}, [0, 1]), ({"y": np.zeros((2, 2))}, None), ({"y": np.zeros((2, 3))}, [0, 1])],
)
def test_without_an_output_that_tells_classes_there_are_none(
    predictions: dict[str, np.ndarray], classes: list[int] | None
) -> None:
    assert class_metrics(predictions, _samples(classes), 0.5) is None
    assert (
        class_metrics({**predictions, "other": np.zeros((2, 2))}, _samples(classes), 0.5) is None
        or not predictions
    )
