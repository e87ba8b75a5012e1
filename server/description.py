"""What is known of one unit of analysis, without its values."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from inspectree.logger.errors import StoreError
from inspectree.logger.store.reader import Entry
from inspectree.server.checkpoint import Checkpoint
from inspectree.server.model import Model
from inspectree.server.resolve import Unit
from inspectree.server.summary import detail

LISTED = ("dims", "shape", "dtype", "stored", "kind", "layer")
"""What a checkpoint's catalogue tells of each variable."""


def describe(unit: Unit) -> dict[str, Any]:
    """Return a model's details, a checkpoint's catalogue, a layer's node, or a variable's descriptors."""
    about: dict[str, Any] = {"uoa": str(unit), "level": unit.level}
    if unit.entry is not None and unit.checkpoint is not None:
        return {**about, **_variable(unit.entry, unit.checkpoint), **_one(unit, unit.entry, unit.checkpoint)}
    if unit.node is not None:
        parameters = {
            "parameters": unit.node.parameters,
            "trainable_parameters": unit.node.trainable_parameters,
        }
        return {**about, **unit.node.model_dump(), "dims": unit.node.dims, **parameters}
    if unit.checkpoint is not None:
        return {**about, **catalogue(unit.checkpoint)}
    return {**about, **detail(unit.model).model_dump(), "flops": unit.model.architecture.flops}


def catalogue(checkpoint: Checkpoint) -> dict[str, Any]:
    """Return when a checkpoint was taken, its metrics, and what it holds."""
    variables = {
        path: {field: getattr(entry, field) for field in LISTED} for path, entry in checkpoint.entries.items()
    }
    return {**moment(checkpoint), "variables": variables}


def moment(checkpoint: Checkpoint) -> dict[str, Any]:
    """Return when a checkpoint was taken, its metrics, its size, and which layers it was too small for."""
    return {
        "number": checkpoint.number,
        "step": checkpoint.step,
        "epoch": checkpoint.epoch,
        "time": checkpoint.time,
        "metrics": checkpoint.metrics,
        "bytes": checkpoint.nbytes,
        "left_out": list(checkpoint.recomputed),
    }


def costs(model: Model, checkpoints: Iterable[Checkpoint]) -> list[dict[str, Any]]:
    """Return what training and a pass of all ``samples`` took at checkpoints; None where it is not told."""
    told, samples = {moment.number: moment for moment in model.moments}, model.samples["id"].shape[0]
    return [
        {
            "step_seconds": getattr(told.get(checkpoint.number), "step_seconds", None),
            "peak_memory": getattr(told.get(checkpoint.number), "peak_memory", None),
            "inference_seconds": checkpoint.inference_seconds,
            "samples": samples,
        }
        for checkpoint in checkpoints
    ]


def _one(unit: Unit, entry: Entry, checkpoint: Checkpoint) -> dict[str, Any]:
    """Return what is told of one unit instead of the whole variable, where that was recorded."""
    if unit.index is None:
        return {}
    try:
        row = checkpoint.unit_statistics(entry.path).iloc[unit.index]
    except StoreError:
        return {"statistics": None}
    return {"statistics": row.to_dict()}


def _variable(entry: Entry, checkpoint: Checkpoint) -> dict[str, Any]:
    fields = ("layer", "name", "kind", "dims", "shape", "dtype", "stored", "nbytes")
    statistics = checkpoint.statistics.get(entry.path)
    return {
        **{field: getattr(entry, field) for field in fields},
        "step": checkpoint.step,
        "epoch": checkpoint.epoch,
        "statistics": None if statistics is None else asdict(statistics),
    }
