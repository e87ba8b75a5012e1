"""All that is used of Keras beyond its documented interface, in one place."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import keras
from keras.src import backend
from keras.src.backend.common import global_state
from keras.src.backend.common.masking import get_keras_mask, set_keras_mask
from keras.src.layers import layer as keras_layer
from keras.src.utils import rng_utils

from inspectree.logger.capture.detour import Detour

NAME_COUNTERS = "object_name_uids"

LAYER_CALLS = Detour(keras.Layer, "__call__")
SYMBOLIC_LAYER_CALLS = Detour(keras.Layer, "symbolic_call")
SYMBOLIC_CALLS = Detour(keras.Operation, "symbolic_call")
ADDED_LOSSES = Detour(keras.Layer, "add_loss")
CONVERSIONS = Detour(backend, "convert_to_tensor")
LAYER_NOTES = Detour(keras_layer, "Node")


def sublayers(layer: keras.Layer) -> list[keras.Layer]:
    """Return the layers directly inside ``layer``, in the order in which they were set."""
    return list(layer._flatten_layers(include_self=False, recursive=False))


def was_called(operation: keras.Operation) -> bool:
    """Tell whether an operation is part of a functional model, or was made for this call."""
    return bool(operation._inbound_nodes)


def origin_name(tensor: keras.KerasTensor) -> str:
    """Return the name of the layer that a symbolic tensor came out of."""
    return str(tensor._keras_history.operation.name)


def mask_of(tensor: Any) -> Any:
    """Return the mask that a layer has attached to its output; None without one."""
    return get_keras_mask(tensor)


def attach_mask(tensor: Any, mask: Any) -> None:
    """Attach a mask to a tensor, as layers do to their outputs."""
    set_keras_mask(tensor, mask)


def is_compiled_alone(model: keras.Model) -> bool:
    """Tell whether a model's loss is the one that it was compiled with: ``compute_loss`` is Keras' own."""
    known = type(model).compute_loss is keras.Model.compute_loss
    return known and getattr(model, "_compile_loss", None) is not None


def compiled_loss(model: keras.Model) -> Any:
    """Return what ``compute_loss`` asks for a model's loss, losses that layers add excepted; None without."""
    own = type(model).compute_loss
    return getattr(model, "_compile_loss", None) if own is keras.Model.compute_loss else own


@contextmanager
def symbolic_conversion() -> Iterator[None]:
    """Let Keras' functions that first convert their input take symbolic tensors, ``hard_silu`` for one."""

    def convert(original: Callable[..., Any], value: Any, *args: Any, **kwargs: Any) -> Any:
        convert_any = keras.ops.convert_to_tensor if isinstance(value, keras.KerasTensor) else original
        return convert_any(value, *args, **kwargs)

    with CONVERSIONS.through(convert):
        yield


class Calls:
    """The symbolic calls that Keras has noted on its operations, to be taken back."""

    def __init__(self) -> None:
        self._noted: dict[int, tuple[keras.Operation, int, int]] = {}

    def remember(self, operation: keras.Operation) -> None:
        """Remember how many calls an operation had, before the next one."""
        counts = len(operation._inbound_nodes), len(operation._outbound_nodes)
        self._noted.setdefault(id(operation), (operation, *counts))

    def forget(self) -> None:
        """Take back every call that came after the operation was remembered."""
        for operation, inbound, outbound in self._noted.values():
            del operation._inbound_nodes[inbound:], operation._outbound_nodes[outbound:]


@contextmanager
def layer_calls_unnoted() -> Iterator[None]:
    """Let layers be called on symbolic tensors without a note of it: Keras takes none of None or a number."""
    with LAYER_NOTES.through(lambda original, **call: None):  # noqa: ARG005 - what a detour hands over
        yield


@contextmanager
def names_unchanged() -> Iterator[None]:
    """Let layers made afterwards get the names that they would have had: ``dense_1``, not ``dense_7``."""
    counters = global_state.get_global_attribute(NAME_COUNTERS)
    before = None if counters is None else counters.copy()
    try:
        yield
    finally:
        global_state.set_global_attribute(NAME_COUNTERS, before)


def is_fitted(model: keras.Model) -> bool:
    """Tell whether a ``fit`` of ``model`` is going on, in any thread."""
    return any(frame.f_locals.get("self") is model for top in _threads() for frame in _fits(top))


def batch_size_of_fit() -> int | None:
    """Return the batch size of the ``fit`` that is going on in this thread; None where it is not known.

    Keras tells its callbacks the number of steps but not the batch size, so it is read from the caller.
    """
    fit = next(_fits(sys._getframe()), None)
    adapter = None if fit is None else fit.f_locals["epoch_iterator"].data_adapter
    for owner in (adapter, getattr(adapter, "py_dataset", None)):
        if isinstance(size := getattr(owner, "batch_size", None), int):
            return size
    first = getattr(adapter, "_first_batches", None)  # of a generator
    return int(keras.tree.flatten(first[0])[0].shape[0]) if first else None


def callbacks_of_fit() -> Any:
    """Return the list of callbacks that lives as long as the ``fit`` of this thread; None without one."""
    fit = next(_fits(sys._getframe()), None)
    return None if fit is None else fit.f_locals["callbacks"]


def _threads() -> Iterable[FrameType]:
    return sys._current_frames().values()


def _fits(frame: FrameType | None) -> Iterator[FrameType]:
    """Yield the frames of Keras' ``fit`` that called ``frame``, from the innermost on."""
    while frame is not None:
        if frame.f_code.co_name == "fit" and "epoch_iterator" in frame.f_locals:
            yield frame
        frame = frame.f_back


def updates_given(model: keras.Model) -> Any:
    """Return how often a model's optimizer was given gradients, those that it accumulates included."""
    optimizer = getattr(model, "optimizer", None)
    optimizer = getattr(optimizer, "inner_optimizer", optimizer)  # of one that scales the loss
    return getattr(optimizer, "_iterations", getattr(optimizer, "iterations", None))


def compile_arguments(model: keras.Model) -> dict[str, Any]:
    """Return what ``compile`` was given; empty for a model that was not compiled."""
    given = getattr(model, "_compile_config", None)
    return {} if given is None else dict(given.config)


def random_seed() -> int | None:
    """Return what `keras.utils.set_random_seed` was last given; None where it was not called."""
    seed: int | None = rng_utils.get_random_seed()
    return seed
