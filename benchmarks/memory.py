"""How much memory logging takes: the peak of a training with it minus that of one without.

Two processes take turns, several times; medians are printed. The model is a stack of convolutions whose
activations on the samples are about 500 MB in float32: one checkpoint, uncompressed. It is logged at every
epoch. The peak is the most memory that the process had resident, as the operating system tells.
``python benchmarks/memory.py [--rounds 3] [--samples 1000]``
"""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
from math import prod
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from inspectree.logger.store.reader import ModelReader

SHAPE = (32, 32, 3)
FILTERS, LAYERS = 16, 8
BATCH, EPOCHS = 128, 3


def train(store: Path | None, samples: int) -> int:
    """Train in this process, logged into a store where there is one; return the peak in bytes."""
    import keras
    import numpy as np

    from inspectree.logger import TreeLogger

    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input(SHAPE)])
    for _ in range(LAYERS):
        model.add(keras.layers.Conv2D(FILTERS, 3, padding="same", activation="relu"))
    model.add(keras.layers.GlobalAveragePooling2D())
    model.add(keras.layers.Dense(10, activation="softmax"))
    model.compile("adam", "sparse_categorical_crossentropy")
    chance = np.random.default_rng(0)
    x, y = chance.random((samples, *SHAPE), dtype=np.float32), chance.integers(0, 10, samples)
    callbacks: list[Any] = []
    if store is not None:
        callbacks = [TreeLogger(store, name="m", samples=(x, y), max_samples=samples, budget="2 GB")]
    model.fit(x, y, batch_size=BATCH, epochs=EPOCHS, verbose=0, callbacks=callbacks)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def peak(samples: int, store: Path | None) -> int:
    """Return the peak in bytes of a training in a process of its own."""
    given = [] if store is None else ["--store", str(store)]
    command = [sys.executable, __file__, "--only", "--samples", str(samples), *given]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(json.loads(done.stdout.splitlines()[-1]))


def uncompressed(store: Path) -> tuple[int, int]:
    """Return the bytes of the last checkpoint's values in float32, and of its file."""
    (folder,) = store.glob("models/*")
    model = ModelReader(folder)
    checkpoint = model.checkpoint(model.checkpoint_numbers()[-1])
    values = sum(4 * prod(entry.shape) for entry in checkpoint.entries.values())
    return values, checkpoint.path.stat().st_size


def main(
    rounds: int = 3,
    samples: int = 1000,
    only: Annotated[bool, typer.Option("--only", hidden=True)] = False,
    store: Annotated[Path | None, typer.Option(hidden=True)] = None,
) -> None:
    """Train both ways in turn, and print what logging adds to the peak."""
    if only:
        print(json.dumps(train(store, samples)))
        return
    folder = Path(tempfile.mkdtemp())
    without, logged = [], []
    for number in range(rounds):
        without.append(peak(samples, None))
        logged.append(peak(samples, folder / f"{number}"))
    values, size = uncompressed(folder / "0")
    added = median(logged) - median(without)
    table = Table("what", "MB")
    table.add_row("peak without logging, median", f"{median(without) / 1e6:.0f}")
    table.add_row("peak with logging, median", f"{median(logged) / 1e6:.0f}")
    table.add_row("added by logging", f"{added / 1e6:.0f}")
    table.add_row("one checkpoint's values in float32", f"{values / 1e6:.0f}")
    table.add_row("one checkpoint's file", f"{size / 1e6:.0f}")
    table.add_row("added, in checkpoints (limit 1.5)", f"{added / values:.2f} ×")
    Console().print(table)
    shutil.rmtree(folder)


if __name__ == "__main__":
    typer.run(main)
