"""What logging costs: training with and without it, and with Keras' TensorBoard callback, in one process.

A convolutional network on 60,000 images of 28 × 28, batch 128; 1,000 samples whose every layer is recorded
at every epoch. The three take turns, several times; medians and ratios are printed, of the clock and of the
processor: on a shared machine the clock tells more about the neighbours. TensorBoard is left out where it is
not installed. ``python benchmarks/overhead.py [--images mnist.npz] [--rounds 3] [--epochs 3]``
"""

import shutil
import statistics
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import keras
import typer
from data import Images, images
from rich.console import Console
from rich.table import Table

from inspectree.logger import TreeLogger

IMAGES, BATCH, SAMPLES = 60_000, 128, 1000


class Held(keras.callbacks.Callback):  # type: ignore[misc] # Keras ships no types
    """Another callback, with the seconds that each of its recordings holds the training up."""

    def __init__(self, inner: keras.callbacks.Callback) -> None:
        super().__init__()
        self.inner = inner
        self.seconds: list[float] = []
        for name in dir(inner):
            if name.startswith("on_"):
                setattr(self, name, getattr(inner, name))
        self.on_epoch_end = self._on_epoch_end
        self.set_model, self.set_params = inner.set_model, inner.set_params

    @property
    def async_safe(self) -> bool:
        """Tell what the inner one tells."""
        return bool(getattr(self.inner, "async_safe", False))

    def _on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        begun = time.perf_counter()
        self.inner.on_epoch_end(epoch, logs)
        self.seconds.append(time.perf_counter() - begun)


def network() -> keras.Model:
    """Return two convolutions and two dense layers, compiled."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(64, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def main(
    images_file: Images = None,
    rounds: int = 3,
    epochs: int = 3,
) -> None:
    """Train every way in turn and print what each costs."""
    x, y = images(images_file, IMAGES)
    folder = Path(tempfile.mkdtemp())
    ways = ["without", "inspectree", *(["tensorboard"] if find_spec("tensorboard") else [])]
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    processor: dict[str, list[float]] = {way: [] for way in ways}
    held: dict[str, list[float]] = {way: [] for way in ways}
    for number in range(rounds):
        for way in ways:
            callback = watcher(way, folder / f"{way}-{number}", x, y)
            begun, worked = time.perf_counter(), time.process_time()
            network().fit(x, y, epochs=epochs, batch_size=BATCH, verbose=0, callbacks=callback)
            seconds[way].append(time.perf_counter() - begun)
            processor[way].append(time.process_time() - worked)
            held[way] += callback[0].seconds if callback else []
    report(seconds, processor, held, sorted(folder.glob("inspectree-*/models/*/checkpoints/*.h5")))
    shutil.rmtree(folder)


def watcher(way: str, folder: Path, x: Any, y: Any) -> list[Held]:
    """Return the callback that a way of training has."""
    if way == "without":
        return []
    if way == "tensorboard":
        return [Held(keras.callbacks.TensorBoard(folder, histogram_freq=1))]
    return [Held(TreeLogger(folder, name="network", samples=(x[:SAMPLES], y[:SAMPLES])))]


def report(
    seconds: dict[str, list[float]],
    processor: dict[str, list[float]],
    held: dict[str, list[float]],
    checkpoints: list[Path],
) -> None:
    """Print a table, and the checkpoint's size."""
    table = Table("fit", "median s", "ratio", "processor s", "ratio", "held per epoch, median ms", "most ms")
    for way in seconds:
        times = [part for each in (seconds, processor) for part in _median_and_ratio(each, way)]
        holds = [f"{1000 * value:.0f}" for value in _middle_and_most(held[way])] or ["", ""]
        table.add_row(way, *times, *holds)
    console = Console()
    console.print(table)
    sizes = [file.stat().st_size for file in checkpoints]
    console.print(f"a checkpoint: {statistics.median(sizes) / 1e6:.1f} MB")


def _median_and_ratio(seconds: dict[str, list[float]], way: str) -> tuple[str, str]:
    """Return the median, and that of the ratios to the training without anything in the same round."""
    ratio = statistics.median(a / b for a, b in zip(seconds[way], seconds["without"], strict=True))
    return f"{statistics.median(seconds[way]):.1f}", f"{ratio:.3f}"


def _middle_and_most(values: list[float]) -> list[float]:
    return [statistics.median(values), max(values)] if values else []


if __name__ == "__main__":
    typer.run(main)
