"""What is told of an operation besides its data: its own settings and the plain numbers it is called with."""

import inspect
from typing import Any

from inspectree.logger.architecture.config import plain

TRANSPARENT = frozenset({"Cast", "ConvertToTensor", "StopGradient"})
"""Operations that are no step of the calculation: edges go through them."""

PLAIN = (bool, int, float, str)


def operation_config(
    operation: Any, args: tuple[Any, ...], kwargs: dict[str, Any], batch: int
) -> dict[str, Any]:
    """Return an operation's settings, and those arguments of its call that are no tensors, by name.

    In shapes, the size ``batch`` that the samples had while the model was followed becomes None.
    """
    settings = {name: value for name, value in vars(operation).items() if not name.startswith("_")}
    settings.pop("name", None)
    try:
        arguments = inspect.signature(operation.call).bind(*args, **kwargs).arguments
    except TypeError:  # a signature that only the operation itself understands
        arguments = {}
    found = {name: plain(value) for name, value in {**settings, **arguments}.items() if _is_plain(value)}
    return {name: _without_batch(value, batch) for name, value in found.items()}


def _without_batch(value: Any, batch: int) -> Any:
    return [None, *value[1:]] if isinstance(value, list) and value[:1] == [batch] else value


def _is_plain(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return all(_is_plain(item) or item is None for item in value)
    return isinstance(value, PLAIN)
