"""The numbers that are known of every model: metrics, sizes, times."""

from collections.abc import Iterable, Sequence
from math import nan

from inspectree.dashboard.tools.base import Json

SIZES = {
    "parameters": "parameters",
    "trainable parameters": "trainable_parameters",
    "layers": "layers",
    "epochs": "epochs",
    "training time in s": "seconds",
    "bytes on disk": "bytes",
}

PREFERRED = ("val_accuracy", "accuracy", "val_loss", "loss")

WHEN = ("last", "best")
"""Metrics of the last epoch, or of the checkpoint with the lowest validation loss."""


def metric_title(name: str) -> str:
    """Return what people call a metric."""
    return name.replace("val_", "validation ").replace("_", " ")


def metric_names(models: Iterable[Json]) -> list[str]:
    """Return every metric that a model has, those that say most first."""
    found = dict.fromkeys(name for model in models for name in metrics(model, "last"))
    return sorted(found, key=lambda name: PREFERRED.index(name) if name in PREFERRED else len(PREFERRED))


def metrics(model: Json, when: str) -> dict[str, float]:
    """Return a model's last or best metrics; NaN and infinity are numbers here."""
    known = model["metrics"] if when == "last" else (model["best"] or {}).get("metrics", {})
    return {name: float(value) for name, value in known.items()}


def quantities(models: Sequence[Json]) -> list[str]:
    """Return what can be chosen: each metric, last and best, and the sizes."""
    known = [metric_title(name) for name in metric_names(models)]
    return [*known, *(f"best {name}" for name in known), *SIZES]


def quantity(model: Json, name: str) -> float:
    """Return one of `quantities` of a model; NaN where it is not known."""
    if name in SIZES:
        value = model[SIZES[name]]
        return nan if value is None else float(value)
    when = "best" if name.startswith("best ") else "last"
    return {metric_title(key): value for key, value in metrics(model, when).items()}.get(
        name.removeprefix("best "), nan
    )
