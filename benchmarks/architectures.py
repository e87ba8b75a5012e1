"""Large architectures with the default settings: do they log, and at which cost.

ResNet50 of `keras.applications` without weights, on images of 64 × 64, and a small transformer that
classifies sequences. Each is trained for two epochs of a few steps, once without logging and once with it, in
a process of its own: what the first checkpoint holds the training for (it traces and compiles), what the
later ones do, their size, and the peak of the memory. ``python benchmarks/architectures.py [--samples 1000]``
"""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from inspectree.logger.store.reader import ModelReader

CLASSES, WORDS, LENGTH, WIDTH, HEADS, BLOCKS = 10, 2000, 64, 64, 4, 2
BATCH, TRAINED, EPOCHS = 16, 64, 2


def resnet() -> tuple[Any, Any]:
    """Return ResNet50 and images."""
    import keras
    import numpy as np

    model = keras.applications.ResNet50(weights=None, input_shape=(64, 64, 3), classes=CLASSES)
    return model, lambda count: np.random.default_rng(0).random((count, 64, 64, 3), dtype=np.float32)


def transformer() -> tuple[Any, Any]:
    """Return an encoder with attention over words, and sequences of words."""
    import keras
    import numpy as np
    from keras import layers

    inputs = keras.Input((LENGTH,), dtype="int32")
    x = layers.Embedding(WORDS, WIDTH)(inputs)
    for _ in range(BLOCKS):
        attended = layers.MultiHeadAttention(HEADS, WIDTH // HEADS)(x, x)
        x = layers.LayerNormalization()(layers.Add()([x, layers.Dropout(0.1)(attended)]))
        y = layers.Dense(WIDTH)(layers.Dense(4 * WIDTH, activation="gelu")(x))
        x = layers.LayerNormalization()(layers.Add()([x, y]))
    outputs = layers.Dense(CLASSES, activation="softmax")(layers.GlobalAveragePooling1D()(x))
    model = keras.Model(inputs, outputs)
    return model, lambda count: np.random.default_rng(0).integers(0, WORDS, (count, LENGTH), dtype=np.int32)


MODELS: dict[str, Callable[[], tuple[Any, Any]]] = {"ResNet50": resnet, "transformer": transformer}


def train(name: str, store: Path | None, samples: int) -> dict[str, Any]:
    """Train in this process; return what it took."""
    import keras
    import numpy as np

    from inspectree.logger import TreeLogger

    class Timed(TreeLogger):
        """A logger that notes how long each of its hooks that records holds the training."""

        held: list[float]

        def on_epoch_begin(self, *given: Any) -> None:
            """Record the initial state."""
            self._timed(super().on_epoch_begin, *given)

        def on_epoch_end(self, *given: Any) -> None:
            """Record the state after the epoch."""
            self._timed(super().on_epoch_end, *given)

        def _timed(self, hook: Callable[..., None], *given: Any) -> None:
            begun = time.perf_counter()
            hook(*given)
            self.held.append(time.perf_counter() - begun)

    keras.utils.set_random_seed(1)
    model, inputs = MODELS[name]()
    model.compile("adam", "sparse_categorical_crossentropy")
    x = inputs(max(samples, TRAINED))
    y = np.arange(len(x)) % CLASSES
    log = None if store is None else Timed(store, name=name, samples=(x[:samples], y[:samples]))
    if log is not None:
        log.held = []
    callbacks = [] if log is None else [log]
    begun = time.perf_counter()
    model.fit(x[:TRAINED], y[:TRAINED], batch_size=BATCH, epochs=EPOCHS, verbose=0, callbacks=callbacks)
    unit = 1 if sys.platform == "darwin" else 1024
    return {
        "seconds": time.perf_counter() - begun,
        "held": [] if log is None else [held for held in log.held if held > 1e-3],
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit,
    }


def apart(name: str, samples: int, store: Path | None) -> dict[str, Any]:
    """Train in a process of its own."""
    given = [] if store is None else ["--store", str(store)]
    command = [sys.executable, __file__, "--only", name, "--samples", str(samples), *given]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def main(
    samples: int = 1000,
    only: Annotated[str | None, typer.Option(hidden=True)] = None,
    store: Annotated[Path | None, typer.Option(hidden=True)] = None,
) -> None:
    """Train each architecture both ways, and print what logging it takes."""
    if only is not None:
        print(json.dumps(train(only, store, samples)))
        return
    table = Table("", *MODELS)
    columns = [column(name, samples) for name in MODELS]
    for what in columns[0]:
        table.add_row(what, *(cells[what] for cells in columns))
    Console().print(table)


def column(name: str, samples: int) -> dict[str, str]:
    """Return what one architecture takes, by what it is."""
    folder = Path(tempfile.mkdtemp())
    plain, logged = apart(name, samples, None), apart(name, samples, folder)
    (path,) = folder.glob("models/*")
    model = ModelReader(path)
    last = model.checkpoint(model.checkpoint_numbers()[-1])
    first, *later = logged["held"]
    kinds = [entry.kind for entry in last.entries.values()]
    cells = {
        "outputs recorded": f"{kinds.count('activations')}",
        "variables recorded": f"{kinds.count('weights')}",
        "checkpoints": f"{len(model.checkpoint_numbers())}",
        "first checkpoint holds, s": f"{first:.1f}",
        "a later one holds, s": f"{sum(later) / len(later):.2f}",
        "a checkpoint's file, MB": f"{last.path.stat().st_size / 1e6:.0f}",
        "peak without, MB": f"{plain['peak'] / 1e6:.0f}",
        "peak with, MB": f"{logged['peak'] / 1e6:.0f}",
    }
    shutil.rmtree(folder)
    return cells


if __name__ == "__main__":
    typer.run(main)
