"""Scores of a dim's positions, by which they can be ordered: a reduction of all values at each."""

from typing import Any, Literal

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from inspectree.server.grammar.base import LABELS
from inspectree.server.grammar.entropy import Entropy
from inspectree.server.grammar.groups import NONE
from inspectree.server.grammar.moments import Kurtosis, Skew, Std, Var
from inspectree.server.grammar.quantile import Median
from inspectree.server.grammar.reduce import Max, Mean, Min, Norm, Reduce, Sum
from inspectree.server.grammar.shares import FractionNonfinite, FractionZero

Score = Literal[
    "mean", "sum", "min", "max", "std", "var", "skew", "kurtosis", "median", "norm",
    "fraction_zero", "fraction_nonfinite", "entropy",
]  # fmt: skip

REDUCTIONS: dict[str, type[Reduce]] = {
    step.model_fields["op"].default: step
    for step in (
        Mean, Sum, Min, Max, Std, Var, Skew, Kurtosis, Median, Norm, FractionZero, FractionNonfinite, Entropy
    )
}  # fmt: skip

SCORE = "reduction of the values at each position over all other dims, by its operation's name"


def scores(value: xr.DataArray, dim: str, score: Score) -> NDArray[Any]:
    """Return the score of each position along ``dim``; NaN where it has none."""
    others = tuple(str(each) for each in value.dims if each != dim)
    if not others:
        value, others = value.expand_dims("alone"), ("alone",)
    return np.asarray(REDUCTIONS[score].model_validate({"over": others})(value).values)


def keys_of(coord: xr.DataArray) -> pd.Series:
    """Return the labels of a dim's positions, in their own order if they have one; missing for no class."""
    values = pd.Series(coord.values)
    values = values.mask(values.isin(NONE))
    order = coord.attrs.get(LABELS, ())
    return values.astype(pd.CategoricalDtype(order, ordered=True)) if order else values


def ordered(keys: pd.Series, *, descending: bool) -> NDArray[np.intp]:
    """Return positions by their keys; equal ones stay in their order, and what is missing comes last."""
    ranks = keys.rank(method="dense", ascending=not descending)
    return np.argsort(ranks.to_numpy(), kind="stable")
