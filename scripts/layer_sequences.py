"""Learn which layer follows which from every architecture of keras.applications, and write it down.

Run it after an update of Keras: ``python -I scripts/layer_sequences.py``. The weights are random and nothing
is fetched; the same Keras gives the same file. Takes about a minute.
"""

import inspect
from collections import Counter
from pathlib import Path
from typing import Any

import keras
import numpy as np
from rich.progress import track

from inspectree.logger.architecture.model_graph import ModelGraph
from inspectree.logger.architecture.trace import trace
from inspectree.logger.capture.inputs import fit_samples
from inspectree.logger.samples import as_samples
from inspectree.server.interestingness.sequences import words
from inspectree.server.interestingness.sequences.learned import FILE, Learned, encode

TARGET = Path(__file__).parent.parent / "server" / "interestingness" / "sequences" / FILE

SIDES = (32, 71, 75)
"""Sides of images; the first that an architecture takes is the one."""


def made(name: str) -> Any:
    """Return a model of an architecture for the smallest images that it takes."""
    make, error = getattr(keras.applications, name), ValueError(name)
    for side in SIDES:
        try:
            return make(weights=None, input_shape=(side, side, 3), classes=3)
        except ValueError as refused:  # images of this size are too small
            error = refused
    raise error


def graph_of(model: Any) -> ModelGraph:
    """Return a model's graph as a log of it would hold it."""
    images = np.zeros((1, *model.input_shape[1:]), np.float32)
    return trace(model, fit_samples(model, as_samples(images))[1]).graph


def main() -> None:
    """Write the file."""
    names = sorted(name for name, value in vars(keras.applications).items() if inspect.isfunction(value))
    counts: Counter[words.Path] = Counter()
    for name in track(names, "architectures"):
        counts += words.count(words.paths(graph_of(made(name))))
        keras.utils.clear_session()
    TARGET.write_bytes(encode(Learned(keras.__version__, tuple(names), counts)))


if __name__ == "__main__":
    main()
