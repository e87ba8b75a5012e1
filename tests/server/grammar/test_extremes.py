"""Numbers at the ends of what their types can hold give an answer or one line, never a warning."""

from typing import Any

import numpy as np
import pytest
import xarray as xr

from inspectree.server.errors import PipelineError
from inspectree.server.grammar import GRAMMAR, STEPS
from inspectree.server.grammar.base import Spec, Step

FAMILIES = {"select", "reshape", "reduce", "map", "bin", "rank"}

EXTREMES: dict[str, Any] = {
    "wide": np.array([-1.7e308, 1.7e308, 1, 2]),
    "wide in float32": np.array([-3e38, 3e38, 1, 2], np.float32),
    "wide in float16": np.array([65504, -65504, 6e-8, 0], np.float16),
    "subnormal": np.array([0, 5e-324, 1e-323, 1e-310]),
    "subnormal in float32": np.array([0, 1e-45, 3e-45, 1e-40], np.float32),
    "close": np.array([1, 1 + 2**-52, 1, 1]),
    "large": np.array([1e300, 1.1e300, 1e300, 2e300]),
    "signed": np.array([2**63 - 1, -(2**63), 0, 1]),
    "unsigned": np.array([2**64 - 1, 0, 3, 1], np.uint64),
    "infinite": np.array([np.inf, -np.inf, np.nan, np.inf], np.float32),
}


def activations(values: Any) -> xr.DataArray:
    """Return them repeated along the dims that the examples speak of."""
    sizes = {"sample": 12, "y": 3, "x": 2, "channel": 4}
    coords = {
        "sample": np.arange(12),
        "class": ("sample", np.array(["zero", "one", "two"])[np.arange(12) % 3]),
        "correct": ("sample", np.arange(12) % 2 == 0),
    }
    return xr.DataArray(np.resize(values, tuple(sizes.values())), coords, list(sizes))


def fitting() -> list[type[Step]]:
    return [step for step in STEPS if step.family in FAMILIES and "in" not in step.example.get("over", ())]


@pytest.mark.parametrize("name", EXTREMES)
@pytest.mark.parametrize("step", fitting(), ids=lambda step: step.model_fields["op"].default)
def test_every_step_has_an_answer_or_says_why_not(step: type[Step], name: str) -> None:
    (made,) = GRAMMAR.parse([step.example])
    value = activations(EXTREMES[name])
    made.check(Spec.of(value))
    try:
        made(value)
    except PipelineError as error:
        assert "too narrow or too wide" in str(error)  # noqa: PT017 - an answer is as good


@pytest.mark.parametrize("name", EXTREMES)
@pytest.mark.parametrize(
    "step",
    [
        {"op": "histogram", "log": True},
        {"op": "histogram", "bins": 10_000},
        {"op": "histogram", "range": [-1e308, 1e308]},
        {"op": "entropy", "of": "probabilities"},
        {"op": "normalise", "method": "z_score"},
        {"op": "density"},
        {"op": "cluster", "dim": "channel", "k": 3},
        {"op": "top", "dim": "channel", "score": "kurtosis"},
    ],
    ids=str,
)
def test_other_settings_have_one_too(step: dict[str, Any], name: str) -> None:
    (made,) = GRAMMAR.parse([step])
    value = activations(EXTREMES[name])
    try:
        made(value)
    except PipelineError as error:
        assert "too narrow or too wide" in str(error)  # noqa: PT017 - an answer is as good
