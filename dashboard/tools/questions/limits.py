"""The ends of a range of values that may be given by hand."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

import xarray as xr

from inspectree.dashboard.client import Client
from inspectree.dashboard.tools.base import Json, Setting, ToolError
from inspectree.dashboard.tools.questions.statistics import stacked

LOW = Setting("low", "From", "text", "", help="Lowest value that is shown; empty: the lowest there is.")
HIGH = Setting("high", "To", "text", "", help="Highest value that is shown; empty: the highest there is.")


def limits_of(settings: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Return the two ends as numbers, None where none is given.

    Raises
    ------
    ToolError
        Where one is no number, or the range is empty.
    """
    low, high = number_of(settings["low"], "From"), number_of(settings["high"], "To")
    if low is not None and high is not None and low >= high:
        raise ToolError(f"from {low:g} to {high:g} is no range: the first has to be the smaller one")
    return low, high


def number_of(text: str, title: str) -> float | None:
    """Return a number that was typed, with a point or a comma; None where nothing was."""
    if not text.strip():
        return None
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise ToolError(f"{title}: {text!r} is no number such as -0.5")
    return number


def ranged(step: Json, low: float | None, high: float | None, extremes: tuple[float, float]) -> Json:
    """Return a step with a range, where an end is given: the other one is that of the values."""
    if low is None and high is None:
        return step
    first = extremes[0] if low is None else low
    last = extremes[1] if high is None else high
    if not first < last:
        raise ToolError(f"no value lies there: they go from {extremes[0]:.4g} to {extremes[1]:.4g}")
    return {**step, "range": [first, last]}


async def within(
    client: Client, uoa: str, selection: Sequence[Json], step: Json, settings: Mapping[str, Any]
) -> xr.DataArray:
    """Return what a step makes of selected values within the ends that are given by hand."""
    low, high = limits_of(settings)
    extremes = (0.0, 0.0)
    if (low is None) != (high is None):
        found = await client.values(uoa, [*selection, *stacked(["minimum", "maximum"])])
        extremes = float(found[0]), float(found[1])
    return await client.values(uoa, [*selection, ranged(step, low, high, extremes)])
