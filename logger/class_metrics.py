"""How well each class is told from the others."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from inspectree.logger.store.prediction import predicted_classes, tells_classes
from inspectree.logger.store.record import Array, Samples

DTYPE = np.dtype([("count", "<i8"), ("precision", "<f8"), ("recall", "<f8"), ("f1", "<f8")])
"""How they stand in a file (docs/format.md)."""


def class_metrics(predictions: Mapping[str, Array], samples: Samples, cut: float) -> NDArray[np.void] | None:
    """Return a record of `DTYPE` per class (class); None where no single output tells the classes apart.

    ``cut`` is the score above which the second of two classes is predicted.
    """
    scores = next(iter(predictions.values()), None)
    count = len(samples.class_names)
    if (
        samples.classes is None
        or scores is None
        or len(predictions) > 1
        or not tells_classes(scores.shape, count)
    ):
        return None
    return compared(samples.classes, predicted_classes(scores, cut), count)


def compared(true: NDArray[np.int64], predicted: NDArray[np.int64], classes: int) -> NDArray[np.void]:
    """Return precision, recall and F1 per class (class); what would divide by nothing is NaN.

    ``true`` and ``predicted`` (sample) are class indices; samples with −1, no class, in one do not count.
    """
    known = (true >= 0) & (predicted >= 0)
    true, predicted = true[known], predicted[known]
    right = np.bincount(true[true == predicted], minlength=classes)
    chosen = np.bincount(predicted, minlength=classes)
    metrics = np.zeros(classes, DTYPE)
    metrics["count"] = np.bincount(true, minlength=classes)
    with np.errstate(invalid="ignore", divide="ignore"):
        metrics["precision"] = right / chosen
        metrics["recall"] = right / metrics["count"]
        metrics["f1"] = 2 * right / (metrics["count"] + chosen)
    return metrics
