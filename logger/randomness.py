"""The random numbers of the process, which a training goes on with."""

import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np


@contextmanager
def random_numbers_kept() -> Iterator[None]:
    """Take back what is drawn inside of Python's, NumPy's and PyTorch's own random numbers.

    A data set that shuffles or augments draws from them while it is read.
    """
    torch = sys.modules.get("torch")
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002 - users' data sets draw from it
    drawn = None if torch is None else torch.get_rng_state()
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002
        if torch is not None:
            torch.set_rng_state(drawn)
