"""Predict the next value of a noisy oscillation: a regressor without classes, checkpoints far apart.

Run it with ``python -m inspectree.sample_experiments.time_series STORE``.
"""

from typing import Annotated

import keras
import numpy as np
import typer
from keras import layers

from inspectree.logger import Every, TreeLogger

WINDOW = 32


def windows(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return windows (sample, time, 1) of two waves with noise, and the value after each (sample, 1)."""
    rng = np.random.default_rng(seed)
    time = np.arange(count + WINDOW)
    values = np.sin(time / 5) + 0.5 * np.sin(time / 17) + 0.1 * rng.normal(size=time.size)
    x = np.lib.stride_tricks.sliding_window_view(values[:-1], WINDOW)
    return x[..., np.newaxis].astype("float32"), values[WINDOW:, np.newaxis].astype("float32")


def build() -> keras.Model:
    """Return causal convolutions that look further and further back."""
    past = keras.Input((WINDOW, 1), name="past")
    x = past
    for dilation in (1, 2, 4):
        convolution = layers.Conv1D(
            8, 3, padding="causal", dilation_rate=dilation, activation="relu", name=f"conv_{dilation}"
        )
        x = convolution(x)
    x = layers.GRU(8, name="gru")(x)
    return keras.Model(past, layers.Dense(1, name="next")(x))


def main(
    store: Annotated[str, typer.Argument(help="the folder to log to")], epochs: int = 20, count: int = 2000
) -> None:
    """Train the regressor, and log it into ``store``."""
    keras.utils.set_random_seed(0)
    model = build()
    model.compile("adam", "mse", metrics=["mae"])
    test = windows(500, seed=1)
    log = TreeLogger(store, name="time_series", samples=test, every=Every.epochs(2), updates=True)
    model.fit(*windows(count, seed=0), validation_data=test, epochs=epochs, verbose=0, callbacks=[log])


if __name__ == "__main__":
    typer.run(main)
