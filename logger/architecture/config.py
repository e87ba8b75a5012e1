"""A layer's configuration as plain JSON, without what only Keras' loader needs."""

from collections.abc import Mapping
from typing import Any

import numpy as np

LEFT_OUT = frozenset({"name", "trainable", "layers", "input_layers", "output_layers", "build_input_shape"})
"""Keys of a layer's configuration that the graph tells by itself."""


def layer_config(layer: Any) -> dict[str, Any]:
    """Return what a layer (or any object with ``get_config``) was made with; empty where it doesn't tell."""
    try:
        config = layer.get_config()
    except Exception:  # a user's layer may have arguments that it cannot give back
        return {}
    return _arguments(config)


def plain(value: Any) -> Any:
    """Return ``value`` as JSON; a serialised Keras object becomes its class name and arguments."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Mapping):
        return _plain_object(value) if "class_name" in value else _arguments(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    return getattr(value, "__name__", None) or str(value)


def _plain_object(value: Mapping[str, Any]) -> Any:
    config = value.get("config")
    if value["class_name"] == "function":
        return config
    if value["class_name"].endswith("DTypePolicy") and isinstance(config, Mapping):
        return config.get("name")
    return {"class": value["class_name"], **(_arguments(config) if isinstance(config, Mapping) else {})}


def _arguments(config: Mapping[Any, Any]) -> dict[str, Any]:
    """Return what was set; a seed that was not is told too, since nobody can repeat such a run."""
    return {
        str(key): plain(value)
        for key, value in config.items()
        if key not in LEFT_OUT and (value is not None or key == "seed")
    }
