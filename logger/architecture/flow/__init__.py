"""How data flows through operations of the backend itself, of which Keras knows nothing."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import keras

from inspectree.logger.architecture.flow.base import Flow

FLOWS = {"tensorflow": "TensorFlowFlow", "jax": "JaxFlow", "torch": "TorchFlow"}
"""The flow of every backend, in the module of the backend's name; only that of the running one is loaded."""


def backend_flow(variables: Sequence[Any]) -> Flow:
    """Return a flow for the running backend, in which ``variables`` may take part."""
    backend = keras.backend.backend()
    flow: Flow = getattr(import_module(f"{__name__}.{backend}"), FLOWS[backend])(variables)
    return flow
