"""The statistics that can be chosen, under the names that people know, and the steps that make them."""

from collections.abc import Sequence
from typing import Any

from inspectree.dashboard.tools.base import Json, Setting

OPERATIONS = {
    "mean": "mean",
    "standard deviation": "std",
    "minimum": "min",
    "maximum": "max",
    "median": "median",
    "norm": "norm",
    "share of zeros": "fraction_zero",
    "skewness": "skew",
    "kurtosis": "kurtosis",
    "entropy": "entropy",
}

NOTHING = "there is no finite value: choose other samples or classes"
"""What to say where a statistic is of nothing."""

HELP = "Of all finite values. Share of zeros: how many are exactly 0; entropy: of their histogram, in bits."


def statistic_setting(name: str = "statistic", title: str = "Statistic", default: str = "mean") -> Setting:
    """Return the choice of a statistic."""
    return Setting(name, title, "choice", default, choices=tuple(OPERATIONS), help=HELP)


def chosen(wanted: Any, offered: Sequence[str], usual: str = "") -> str:
    """Return what was asked for, where it is offered, else the usual, else the first of what is."""
    return next((name for name in (wanted, usual) if name in offered), offered[0])


def step(statistic: str, **fields: Any) -> Json:
    """Return the step that makes a statistic."""
    return {"op": OPERATIONS[statistic], **fields}


def stacked(statistics: Sequence[str], **fields: Any) -> list[Json]:
    """Return the steps that make several statistics of the same values, along the dim ``statistic``."""
    columns = {name: [step(name, **fields)] for name in statistics}
    return [{"op": "branch", "columns": columns}, {"op": "merge", "how": "stack", "dim": "statistic"}]
