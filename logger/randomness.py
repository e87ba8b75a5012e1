"""The random numbers of the process, which a training goes on with."""

import random
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

Restore = Callable[[], Any]

_ONE_AT_A_TIME = threading.RLock()


@contextmanager
def random_numbers_kept() -> Iterator[None]:
    """Take back what is drawn inside of the random numbers of Python, NumPy, PyTorch and TensorFlow.

    Data sets draw from them while they are read, and layers while they are called. Not taken back is what
    generators that somebody else holds give out. Threads wait for each other.
    """
    with _ONE_AT_A_TIME:
        restores = [restore for kept in (_python, _numpy, _torch, _tensorflow) for restore in kept()]
        try:
            yield
        finally:
            for restore in restores:
                restore()


def _python() -> Iterator[Restore]:
    state = random.getstate()
    yield lambda: random.setstate(state)


def _numpy() -> Iterator[Restore]:
    state = np.random.get_state()  # noqa: NPY002 - users' data sets and layers draw from it
    yield lambda: np.random.set_state(state)  # noqa: NPY002


def _torch() -> Iterator[Restore]:
    """Keep the generators of the processor and of every GPU."""
    torch = sys.modules.get("torch")
    if torch is None:
        return
    state = torch.get_rng_state()
    yield lambda: torch.set_rng_state(state)
    if torch.cuda.is_initialized():
        states = torch.cuda.get_rng_state_all()
        yield lambda: torch.cuda.set_rng_state_all(states)


def _tensorflow() -> Iterator[Restore]:
    """Keep the seeds of operations that run one by one, and the state of the global generator.

    Such an operation counts on by itself from its seed: another source of seeds leads to other operations.
    """
    eager = sys.modules.get("tensorflow.python.eager.context")
    context: Any = None if eager is None else eager.context()
    if hasattr(context, "_rng"):  # since there is a global seed
        seeds, context._rng = context._rng, random.Random()
        yield lambda: setattr(context, "_rng", seeds)
    generators = sys.modules.get("tensorflow.python.ops.stateful_random_ops")
    generator = getattr(generators, "global_generator", None)
    if generator is not None:
        state = generator.state.read_value()
        yield lambda: generator.state.assign(state)
