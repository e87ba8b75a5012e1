"""How each tool watches the same training, at the best setting that its documentation tells.

TensorBoard: histograms, graph and scalars at every epoch. ModelCheckpoint: the whole model at every epoch.
MLflow, in a local SQLite store: metrics and a checkpoint at every epoch, by its callbacks for Keras. Weights
and Biases, offline: likewise, by its callbacks; the one for tables of predictions asks the server for an
artifact, and so does not work offline. inspectree: its default; and with gradients and what every step does,
which is more than any other keeps.
"""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import keras

from inspectree.logger import TreeLogger

NAME = "network"
BATCH = 128
LAYER, BEFORE = "conv_2", "pool_1"
RATE = 1e-3

Callbacks = list[Any]
Way = Callable[[Path, Any], AbstractContextManager[Callbacks]]


def network() -> keras.Model:
    """Return two convolutions and a dense layer, compiled; the same weights each time."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(1)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1), name="image"),
            layers.Conv2D(32, 3, activation="relu", name="conv_1"),
            layers.MaxPooling2D(name=BEFORE),
            layers.Conv2D(64, 3, activation="relu", name=LAYER),
            layers.MaxPooling2D(name="pool_2"),
            layers.Flatten(name="flatten"),
            layers.Dropout(0.5, name="dropout"),
            layers.Dense(10, activation="softmax", name="output"),
        ],
        name=NAME,
    )
    adam = keras.optimizers.Adam(RATE)
    model.compile(adam, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


@contextmanager
def plain(_folder: Path, _samples: Any) -> Iterator[Callbacks]:
    """Watch nothing."""
    yield []


@contextmanager
def inspectree(folder: Path, samples: Any) -> Iterator[Callbacks]:
    """Watch by inspectree's default settings."""
    yield [TreeLogger(folder, name=NAME, samples=samples, on_error="raise")]


@contextmanager
def everything(folder: Path, samples: Any) -> Iterator[Callbacks]:
    """Watch by inspectree with gradients, and what every step does."""
    more = {"gradients": True, "updates": True}
    yield [TreeLogger(folder, name=NAME, samples=samples, on_error="raise", **more)]


@contextmanager
def tensorboard(folder: Path, _samples: Any) -> Iterator[Callbacks]:
    """Watch by Keras' callback for TensorBoard."""
    yield [keras.callbacks.TensorBoard(folder, histogram_freq=1, write_graph=True)]


@contextmanager
def checkpoints(folder: Path, _samples: Any) -> Iterator[Callbacks]:
    """Save the model at every epoch."""
    folder.mkdir(parents=True)
    yield [keras.callbacks.ModelCheckpoint(folder / "{epoch:02d}.keras", save_freq="epoch")]


@contextmanager
def mlflow(folder: Path, _samples: Any) -> Iterator[Callbacks]:
    """Watch by MLflow's callbacks, and wait until everything is written."""
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    import mlflow as tool
    from mlflow.keras import MlflowCallback
    from mlflow.tensorflow import MlflowModelCheckpointCallback

    mlflow_store(folder)
    with tool.start_run(run_name=NAME):
        saved = MlflowModelCheckpointCallback(save_best_only=False, save_freq="epoch")
        yield [MlflowCallback(), saved]
        tool.flush_async_logging()


def mlflow_store(folder: Path) -> str:
    """Have MLflow keep everything in a folder; return the experiment's id."""
    import mlflow as tool

    logging.getLogger("alembic").setLevel(logging.WARNING)
    folder.mkdir(parents=True, exist_ok=True)
    tool.set_tracking_uri(f"sqlite:///{folder}/mlflow.db")
    found = tool.get_experiment_by_name(NAME)
    there = found.experiment_id if found else tool.create_experiment(NAME, str(folder / "artifacts"))
    tool.set_experiment(experiment_id=there)
    return str(there)


@contextmanager
def wandb(folder: Path, _samples: Any) -> Iterator[Callbacks]:
    """Watch by the callbacks of Weights & Biases, offline, and wait until everything is written."""
    import wandb as tool
    from wandb.integration.keras import WandbMetricsLogger, WandbModelCheckpoint

    folder.mkdir(parents=True)
    settings = tool.Settings(silent=True, console="off")
    config = {"learning_rate": RATE, "batch_size": BATCH}
    run = tool.init(project=NAME, dir=str(folder), mode="offline", config=config, settings=settings)
    yield [WandbMetricsLogger("epoch"), WandbModelCheckpoint(str(folder / "{epoch:02d}.keras"))]
    run.finish()


WAYS: dict[str, Way] = {
    "without": plain,
    "inspectree": inspectree,
    "inspectree, gradients and updates": everything,
    "TensorBoard, histogram_freq=1": tensorboard,
    "ModelCheckpoint": checkpoints,
    "MLflow": mlflow,
    "Weights & Biases, offline": wandb,
}
