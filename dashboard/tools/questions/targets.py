"""Predictions beside what they should be, of models that tell no classes: numbers, images, series."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspectree.dashboard.client import Client
from inspectree.dashboard.tools.base import Context, ToolError
from inspectree.dashboard.tools.questions.predictions import Predicted, outputs_of, predicted_of

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Against:
    """Predicted and true numbers of the selected samples, both (sample, component)."""

    samples: tuple[int, ...]
    predicted: Floats
    true: Floats

    @property
    def residuals(self) -> Floats:
        """Return how much more is predicted than true (sample, component)."""
        return self.predicted - self.true


async def regressed(client: Client, model: str, context: Context, output: str) -> Against:
    """Return what an output predicts of the selected samples, and their labels.

    Raises
    ------
    ToolError
        When they cannot be compared.
    """
    found = await predicted_of(client, model, context, output)
    if not comparable(found):
        other = f"; choose another of {', '.join(found.names)}" if len(found.names) > 1 else ""
        raise ToolError(f"{_what(found)} cannot be compared with {_labels(found)}{other}")
    assert found.labels is not None  # they can be compared
    rows = len(found.samples)
    predicted, true = (
        array.values.astype(np.float64).reshape(rows, -1) for array in (found.values, found.labels)
    )
    return Against(found.samples, predicted, true)


async def number_outputs(client: Client, model: str, context: Context) -> list[str]:
    """Return the outputs that predict numbers for which there are labels.

    Raises
    ------
    ToolError
        When there is none.
    """
    names = await outputs_of(client, model, context)
    if len(names) == 1:
        return names
    found = [name for name in names if comparable(await predicted_of(client, model, context, name))]
    if not found:
        raise ToolError(f"no output of {context.title(model)} can be compared with labels")
    return found


def comparable(found: Predicted) -> bool:
    """Tell whether labels are numbers, as many per sample as are predicted."""
    labels = found.labels
    return labels is not None and labels.dtype.kind in "biuf" and labels.size == found.values.size


def errors_of(residuals: Floats) -> dict[str, float]:
    """Return the mean absolute and the root of the mean squared error of what is finite."""
    known = residuals[np.isfinite(residuals)]
    if not known.size:
        return {"MAE": float("nan"), "RMSE": float("nan")}
    return {"MAE": float(np.abs(known).mean()), "RMSE": float(np.sqrt((known**2).mean()))}


def explained(against: Floats, true: Floats) -> float:
    """Return R²: the share of the truth's variance that predictions explain; NaN where it has none."""
    known = np.isfinite(against) & np.isfinite(true)
    spread = ((true[known] - true[known].mean()) ** 2).sum() if known.any() else 0.0
    return float(1 - ((against - true)[known] ** 2).sum() / spread) if spread else float("nan")


def _what(found: Predicted) -> str:
    return f"the output {found.name}" if found.name else "what is predicted"


def _labels(found: Predicted) -> str:
    if found.labels is None:
        return "labels: none were logged"
    shapes: list[Any] = [list(array.shape[1:]) for array in (found.labels, found.values)]
    return f"labels of shape {shapes[0]}: its own is {shapes[1]}"
