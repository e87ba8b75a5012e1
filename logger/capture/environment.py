"""On what a model is trained."""

from typing import Any

import keras

from inspectree.logger.capture.keras_internals import random_seed


def environment() -> dict[str, Any]:
    """Return the versions of Keras and its backend, the devices, and the seed where one was set for all."""
    return {
        "seed": random_seed(),
        "keras": keras.version(),
        "backend": keras.backend.backend(),
        "backend_version": _backend_version(),
        "devices": _devices(),
    }


def _backend_version() -> str:
    module = __import__(keras.backend.backend())
    return str(module.__version__)


def _devices() -> list[str]:
    if keras.backend.backend() == "torch":
        import torch

        return [str(torch.get_default_device())]
    return [str(device) for device in keras.distribution.list_devices()]
