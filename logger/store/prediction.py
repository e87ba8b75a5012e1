"""Which class a prediction says, and whether it is right."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

NO_CLASS = -1

PROBABILITY_CUT = 0.5
LOGIT_CUT = 0.0


def binary_cut(loss: Any) -> float:
    """Return above which score the second of two classes is predicted; ``loss`` as the settings tell it."""
    return LOGIT_CUT if _from_logits(loss) else PROBABILITY_CUT


def _from_logits(loss: Any) -> bool:
    if isinstance(loss, Mapping):
        return loss.get("from_logits") is True or any(map(_from_logits, loss.values()))
    return isinstance(loss, list) and any(map(_from_logits, loss))


def tells_classes(shape: tuple[int, ...], count: int) -> bool:
    """Tell whether predictions of a shape (sample, …) are scores of so many classes."""
    return shape[1:] == (count,) or (count == 2 and shape[1:] in {(), (1,)})


def predicted_classes(scores: NDArray[Any], cut: float) -> NDArray[np.int64]:
    """Return the class of each row of ``scores`` (sample, class), or of one score (sample[, 1]) for two.

    A row that holds NaN predicts none: −1.
    """
    rows = scores.reshape(len(scores), -1)
    classes = rows.argmax(axis=1) if rows.shape[1] > 1 else (rows[:, 0] > cut).astype(np.int64)
    return np.where(np.isnan(rows).any(axis=1), NO_CLASS, classes)


def correctness(predicted: NDArray[np.int64], true: NDArray[np.int64]) -> NDArray[Any]:
    """Return True and False; None (among objects) where a sample has no class, predicted or true."""
    known = (predicted != NO_CLASS) & (true != NO_CLASS)
    right: NDArray[Any] = np.equal(predicted, true)
    if not known.all():
        right = right.astype(object)
        right[~known] = None
    return right
