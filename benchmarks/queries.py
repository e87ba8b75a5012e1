"""What is asked of a store whose answers are timed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import floors
import numpy as np
from floors import BINS, CHECKPOINTS, MEASURED, ONE, TOP, Floor, Values

Json = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """What is asked of models, and the floor: what bare h5py and NumPy do for the same.

    ``body`` takes the ids of ``count`` models and which variant is asked, all of which cost the same; so does
    ``floor``, with the models' folders. ``found`` are the numbers in an answer that the floor finds, too.
    ``unrelated`` is a small variable; ``op`` a step that the grammar may not have.
    """

    what: str
    models: str
    route: str
    body: Callable[[list[str], int], Json]
    floor: Floor
    found: Callable[[Json], Values] = lambda answer: np.array(answer["values"], float)
    op: str | None = None
    unrelated: str = ""
    count: int = 1
    checkpoints: tuple[int, ...] = tuple(CHECKPOINTS)


def values(uoa: Callable[[str, int], str | list[str]], *pipeline: Json) -> Callable[[list[str], int], Json]:
    """Return the body of a question about values of one model."""
    return lambda models, variant: {"uoa": uoa(models[0], variant), "pipeline": pipeline}


def over_training(path: str) -> Callable[[str, int], list[str]]:
    """Return the addresses of a variable at every checkpoint."""
    return lambda model, _: [f"{model}@{number}/{path}" for number in CHECKPOINTS]


def raw_values(answer: Json) -> Values:
    """Return what the floor returns, of the raw values that the server tells."""
    found: dict[str, list[float]] = {}
    for score in answer["scores"]:
        if score["level"] == "variable":
            found.setdefault(score["type"], []).append(score["raw"])
    return floors.spread(found)


QUESTIONS = (
    Question(
        "histogram of a kernel over 11 checkpoints (3 × 3 × 32 × 64)",
        "mnist",
        "values",
        values(over_training("conv2d_1/kernel"), {"op": "histogram", "bins": BINS, "by": ["checkpoint"]}),
        floors.histograms,
        unrelated="conv2d/bias",
    ),
    Question(
        "class means of a layer, as stored (10 × 5 × 5 × 64)",
        "mnist",
        "values",
        values(
            lambda model, variant: f"{model}@{ONE + variant}/max_pooling2d_1/activations",
            {"op": "mean", "over": ["sample"], "by": ["class"]},
        ),
        floors.stored_class_means,
        unrelated="conv2d/bias",
    ),
    Question(
        "channels' means by predicted class (of 1,000 × 11 × 11 × 64)",
        "mnist",
        "values",
        values(
            lambda model, variant: f"{model}@{ONE + variant}/conv2d_1/activations",
            {"op": "mean", "over": ["sample", "y", "x"], "by": ["predicted"]},
        ),
        floors.predicted_class_means,
        unrelated="conv2d/bias",
    ),
    Question(
        "one unit over 1,000 samples and 11 checkpoints",
        "mnist",
        "values",
        lambda models, variant: {
            "uoa": [f"{models[0]}@{number}/dense/activations#{variant}" for number in CHECKPOINTS]
        },
        floors.one_unit,
        unrelated="conv2d/bias",
    ),
    Question(
        "the 200 largest weights of a kernel of 4096 × 4096",
        "wide",
        "values",
        values(lambda model, variant: f"{model}@{variant % 2}/wide/kernel", {"op": "top_k", "k": TOP}),
        floors.largest,
        unrelated="wide/bias",
        checkpoints=(0, 1),
    ),
    Question(
        "two principal components of 1,000 × 1,600 activations",
        "mnist",
        "values",
        values(lambda model, variant: f"{model}@{ONE + variant}/flatten/activations", {"op": "pca"}),
        floors.by_covariance,
        found=lambda answer: np.abs(np.array(answer["values"], float)),
        op="pca",
        unrelated="conv2d/bias",
    ),
    Question(
        "confusion matrix of 1,000 samples",
        "mnist",
        "values",
        values(lambda model, variant: f"{model}@{ONE + variant}/y_prediction", {"op": "confusion_matrix"}),
        floors.confusion,
        unrelated="conv2d/bias",
    ),
    Question(
        "interestingness of an experiment of 10 models",
        "tree",
        "interestingness",
        lambda models, variant: {"models": models, "measure": MEASURED[variant % len(MEASURED)]},
        floors.deviations,
        found=raw_values,
        unrelated="conv2d/bias",
        count=10,
    ),
)
