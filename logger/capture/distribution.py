"""Which of several processes that train one model together is the one that logs it."""

from collections.abc import Callable
from typing import Any

import keras


def is_chief(model: keras.Model) -> bool:
    """Tell whether this process is the first, or the only one, of those that train ``model``."""
    return _CHIEFS[keras.backend.backend()](model)


def _tensorflow(model: keras.Model) -> bool:
    return bool(model.distribute_strategy.extended.should_checkpoint)


def _jax(model: keras.Model) -> bool:  # noqa: ARG001 - JAX itself knows
    import jax

    return bool(jax.process_index() == 0)


def _torch(model: keras.Model) -> bool:  # noqa: ARG001 - PyTorch itself knows
    from torch import distributed

    return not (distributed.is_available() and distributed.is_initialized()) or distributed.get_rank() == 0


_CHIEFS: dict[str, Callable[[Any], bool]] = {"tensorflow": _tensorflow, "jax": _jax, "torch": _torch}
