"""Which layers hand on their input's values when nothing is trained."""

from collections.abc import Sequence
from typing import Any

from inspectree.logger.architecture.model_graph import Tensor

AT_INFERENCE = frozenset(
    {
        "ActivityRegularization",
        "AlphaDropout",
        "Dropout",
        "Flatten",
        "GaussianDropout",
        "GaussianNoise",
        "Identity",
        "Reshape",
        "SpatialDropout1D",
        "SpatialDropout2D",
        "SpatialDropout3D",
    }
)


def passes_through(layer: Any, inputs: Sequence[Any], outputs: Sequence[Tensor]) -> bool:
    """Tell whether a Keras layer's only output holds its only input's values, in their order and dtype."""
    if len(inputs) != 1 or len(outputs) != 1 or inputs[0].dtype != outputs[0].dtype:
        return False
    kind = type(layer)
    if not kind.__module__.startswith("keras."):
        return False  # a user's layer of the same name may do something else
    if kind.__name__ == "Activation":
        return getattr(layer.activation, "__name__", None) == "linear"
    if kind.__name__ == "Flatten" and len(inputs[0].shape) > 2:
        return bool(layer.data_format == "channels_last")  # else it moves the channels
    return kind.__name__ in AT_INFERENCE
