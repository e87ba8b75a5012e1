"""The confusion matrix, against scikit-learn."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix

from inspectree.server.errors import PipelineError
from inspectree.server.grammar import GRAMMAR
from inspectree.server.grammar.base import Spec

NAMES = ("ten", "nine", "one")
(STEP,) = GRAMMAR.parse([{"op": "confusion_matrix"}])


def prediction(true: list[str], predicted: list[str]) -> xr.DataArray:
    coords = {"class": ("sample", np.array(true, "U4")), "predicted": ("sample", np.array(predicted, "U4"))}
    value = xr.DataArray(np.zeros((len(true), 3)), dims=["sample", "unit"], coords=coords)
    value.coords["class"].attrs["labels"] = NAMES
    return value


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), min_size=1))
def test_scikit_learn_gives_the_same(pairs: list[tuple[str, str]]) -> None:
    """Rows are true, columns predicted classes, both in the classes' own order."""
    true, predicted = map(list, zip(*pairs, strict=True))
    result = STEP(prediction(true, predicted))
    assert result.dims == ("true", "predicted")
    assert result["true"].values.tolist() == list(NAMES)
    assert result.values.tolist() == confusion_matrix(true, predicted, labels=NAMES).tolist()


def test_samples_without_a_class_are_left_out() -> None:
    assert STEP(prediction(["one", ""], ["one", "ten"])).sum() == 1


def test_values_without_classes_are_refused() -> None:
    with pytest.raises(PipelineError) as error:
        STEP.check(Spec.of(xr.DataArray(np.zeros((2, 2)), dims=["in", "out"])))
    assert str(error.value) == "needs samples with a 'class': take a classifier's y_prediction"
