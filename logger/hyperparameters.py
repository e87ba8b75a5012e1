"""How a model is trained, found by looking."""

import inspect
import json
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np

from inspectree.logger.architecture.config import layer_config, plain
from inspectree.logger.architecture.model_graph import ModelGraph
from inspectree.logger.capture.keras_internals import compile_arguments
from inspectree.logger.provenance import git_state, script
from inspectree.logger.store.jsontext import dumps

COMPILED = ("optimizer", "loss", "loss_weights", "metrics", "weighted_metrics")


def hyperparameters(
    model: Any, graph: ModelGraph, fit: Mapping[str, Any], environment: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a model's training settings as JSON; ``fit`` and ``environment`` are added as they are."""
    return {
        **run_settings(model, fit),
        "dtype_policy": str(getattr(model.dtype_policy, "name", model.dtype_policy)),
        "parameters": graph.parameters,
        "trainable_parameters": graph.trainable_parameters,
        **environment,
        "python": platform.python_version(),
        "host": platform.node(),
        "script": script(),
        **git_state(script()),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def run_settings(model: Any, fit: Mapping[str, Any]) -> dict[str, Any]:
    """Return what may be another one in a model's next run: how it was compiled, and ``fit`` as it is."""
    return {**dict.fromkeys(COMPILED), **compile_config(model), **_further_optimizers(model), **fit}


def changes(now: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a run that are not as ``known`` of the model."""
    as_read = json.loads(dumps(dict(now)))
    before = json.loads(dumps(dict(known)))
    return {name: value for name, value in as_read.items() if value != before.get(name)}


def compile_config(model: Any) -> dict[str, Any]:
    """Return the arguments that ``compile`` was given, as JSON; empty for a model without."""
    given = compile_arguments(model)
    return {name: _described(given[name], named="metrics" in name) for name in COMPILED if name in given}


def _further_optimizers(model: Any) -> dict[str, Any]:
    """Return the optimizers of a model that has more than one, as the parts of a GAN do."""
    optimizers = {
        name: _described(value)
        for name, value in vars(model).items()
        if name != "optimizer" and not name.startswith("_") and hasattr(value, "apply_gradients")
    }
    return {"optimizers": optimizers} if optimizers else {}


def _described(value: Any, *, named: bool = False) -> Any:
    """Return an argument of ``compile`` as JSON: an object by its class and what it was made with."""
    if isinstance(value, Mapping):
        return {str(key): _described(item, named=named) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_described(item, named=named) for item in value]
    if not hasattr(value, "get_config"):
        return plain(value)
    name = {"name": value.name} if named else {}
    return {"class": type(value).__name__, **name, **_rounded(layer_config(value) or _attributes(value))}


def _attributes(value: Any) -> dict[str, Any]:
    """Return what an object was made with, as far as it keeps it: for those that cannot tell."""
    found = {}
    for name in inspect.signature(type(value)).parameters:
        kept = getattr(value, f"_{name}", getattr(value, name, None))
        if name != "name" and kept is not None and not hasattr(kept, "assign"):
            found[name] = _described(kept)
    return found


def _rounded(config: dict[str, Any]) -> dict[str, Any]:
    """Return the numbers as they were written: 0.001, of which an optimizer keeps 0.0010000000474974513."""
    return {key: _shortest(value) if isinstance(value, float) else value for key, value in config.items()}


def _shortest(value: float) -> float:
    single = np.float32(value)
    return float(str(single)) if single == value else value
