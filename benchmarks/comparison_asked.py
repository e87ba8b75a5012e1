"""What can be asked after the training: every question is asked of each tool's files by code.

An answer counts when it is read back and equals what the live model said at that epoch. It is ``yes`` where
the tool's own files or interface give it; ``again`` where they give a saved model, which Keras has to load,
and which has to be run on the data, if the data are still there; ``upload`` where the files hold it, but only
the tool's server reads them, which was not tried; ``no`` where nothing works.
"""

import json
import math
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
from comparison_ways import BEFORE, LAYER, NAME, RATE, mlflow_store
from numpy.typing import NDArray

EPOCH, SAMPLE, CLASS = 2, 7, 3
TOLERANCE = {"rtol": 2e-3, "atol": 2e-3}
"""Of values that may be kept in float16."""

Array = NDArray[Any]
Facts = dict[str, Any]
Read = Callable[[], Any]

LOSSES = "the loss after every epoch"
RATES = "the learning rate that was set"
FEEDS = "which layer feeds conv_2"
KERNEL = "the kernel of conv_2 after epoch 2"
HISTOGRAM = "the histogram of this kernel after epoch 2"
ACTIVATIONS = "what conv_2 gave out for sample 7 after epoch 2"
MEANS = "the mean of conv_2 over the samples of class 3 after epoch 2"
PREDICTION = "the prediction for sample 7 after epoch 2"
GRADIENT = "the norm of the gradient of this kernel on the samples after epoch 2"

UPLOADED = {"Weights & Biases, offline": {LOSSES}}
"""What lies in a file of an own format that nothing in the tool's package reads."""

QUESTIONS = (LOSSES, RATES, FEEDS, KERNEL, HISTOGRAM, ACTIVATIONS, MEANS, PREDICTION, GRADIENT)


class Truth(keras.callbacks.Callback):  # type: ignore[misc] # Keras ships no types
    """What the live model says, asked by Keras itself."""

    def __init__(self, samples: tuple[Array, Array]) -> None:
        super().__init__()
        self.samples = samples
        self.losses: list[float] = []
        self.facts: Facts = {RATES: RATE, FEEDS: BEFORE, LOSSES: self.losses}

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Ask, at the epoch in question."""
        self.losses.append(float((logs or {})["loss"]))
        if epoch + 1 == EPOCH:
            self.facts |= of_model(self.model, self.samples)


def of_model(model: keras.Model, samples: tuple[Array, Array]) -> Facts:
    """Return what a model that can be run tells, when it is given the samples again."""
    x, y = samples
    inside = keras.Model(model.inputs, model.get_layer(LAYER).output).predict(x, verbose=0)
    kernel = model.get_layer(LAYER).kernel.numpy()
    return {
        KERNEL: kernel,
        HISTOGRAM: kernel,
        ACTIVATIONS: inside[SAMPLE],
        MEANS: inside[y == CLASS].mean(axis=0),
        PREDICTION: model.predict(x, verbose=0)[SAMPLE],
        GRADIENT: gradient(model, x, y),
        FEEDS: before(model.get_config()["layers"]),
        RATES: float(model.optimizer.learning_rate.numpy()),
    }


def gradient(model: keras.Model, x: Array, y: Array) -> float:
    """Return the norm of the mean loss' gradient with respect to the kernel."""
    import tensorflow as tf

    kernel = model.get_layer(LAYER).kernel.value
    with tf.GradientTape() as tape:
        tape.watch(kernel)
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, model(x, training=False)))
    return float(tf.norm(tape.gradient(loss, kernel)))


def before(layers: list[Any]) -> str:
    """Return the name of the layer before the one in question, of a model whose layers are in a row."""
    names = [layer["config"]["name"] for layer in layers]
    return str(names[names.index(LAYER) - 1])


def of_inspectree(folder: Path) -> dict[str, Read]:
    """Return how inspectree's store is asked; Keras is not needed for it."""
    from inspectree.server import open_store

    model = open_store(folder)[NAME]
    moment = next(moment for moment in model.moments if moment.epoch == EPOCH)
    checkpoint = model.checkpoint(moment.number)
    edges, gradients = model.architecture.edges, f"{LAYER}/gradients/kernel"
    recorded = {GRADIENT: lambda: float(np.linalg.norm(checkpoint[gradients].values))}
    return {
        LOSSES: lambda: model.history["loss"].tolist(),
        RATES: lambda: model.hyperparameters["optimizer"]["learning_rate"],
        FEEDS: lambda: next(e.source for e in edges if e.target == LAYER and "/" not in e.source),
        KERNEL: lambda: checkpoint[f"{LAYER}/kernel"].values,
        HISTOGRAM: lambda: bins(checkpoint.statistics[f"{LAYER}/kernel"]),
        ACTIVATIONS: lambda: checkpoint[f"{LAYER}/activations"].values[SAMPLE],
        MEANS: lambda: checkpoint[f"{LAYER}/mean_class_activations"].values[CLASS],
        PREDICTION: lambda: checkpoint["y_prediction"].values[SAMPLE],
        **(recorded if gradients in checkpoint else {}),
    }


def bins(statistics: Any) -> tuple[Array, Array]:
    """Return edges and counts."""
    return np.asarray(statistics.edges), np.asarray(statistics.histogram)


def of_tensorboard(folder: Path) -> dict[str, Read]:
    """Return how TensorBoard's files are asked, by its own reader."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.util.tensor_util import make_ndarray

    events = EventAccumulator(str(folder / "train"), {"tensors": 0}).Reload()

    def read(tag: str) -> list[Array]:
        return [make_ndarray(event.tensor_proto) for event in events.Tensors(tag)]

    def histogram() -> tuple[Array, Array]:
        left, right, counts = read(f"{NAME}/{LAYER}/kernel/histogram")[EPOCH - 1].T
        return np.append(left, right[-1]), counts

    return {
        LOSSES: lambda: [float(value) for value in read("epoch_loss")],
        RATES: lambda: float(read("epoch_learning_rate")[0]),
        FEEDS: lambda: before(json.loads(str(read("keras")[0].item().decode()))["config"]["layers"]),
        HISTOGRAM: histogram,
    }


def of_saved(path: Path, samples: tuple[Array, Array]) -> dict[str, Read]:
    """Return how a saved model is asked."""
    model = keras.saving.load_model(path)
    return {question: partial(of_model(model, samples).get, question) for question in QUESTIONS[1:]}


def of_mlflow(folder: Path) -> dict[str, Read]:
    """Return how MLflow's store is asked, by its own client."""
    import mlflow

    mlflow_store(folder)
    client = mlflow.MlflowClient()
    (run,) = client.search_runs([client.get_experiment_by_name(NAME).experiment_id])

    def losses() -> list[float]:
        told = client.get_metric_history(run.info.run_id, "loss")
        return [each.value for each in sorted(told, key=lambda each: each.step)]

    return {LOSSES: losses, RATES: lambda: float(run.data.params["optimizer_learning_rate"])}


def saved_by_mlflow(folder: Path, samples: tuple[Array, Array]) -> dict[str, Read]:
    """Return how the checkpoint that MLflow has kept is asked."""
    (path,) = [path for path in folder.rglob("*.h5") if path.parent.name == f"epoch_{EPOCH - 1}"]
    return of_saved(path, samples)


def answers(way: str, folder: Path, samples: tuple[Array, Array]) -> tuple[dict[str, Read], dict[str, Read]]:
    """Return how a tool's files are asked: by themselves, and by running the model that they hold."""
    saved = folder / f"{EPOCH:02d}.keras"
    match way.partition(",")[0]:
        case "inspectree":
            return of_inspectree(folder), {}
        case "TensorBoard":
            return of_tensorboard(folder), {}
        case "ModelCheckpoint":
            return {}, of_saved(saved, samples)
        case "MLflow":
            return of_mlflow(folder), saved_by_mlflow(folder, samples)
        case "Weights & Biases":
            return {}, of_saved(saved, samples)
    raise ValueError(f"nobody knows how to ask {way}")


def asked(way: str, folder: Path, truth: Truth) -> Iterator[str]:
    """Yield, for every question, how it can be answered from what a tool has left."""
    own, again = answers(way, folder, truth.samples)
    for question in QUESTIONS:
        right = partial(is_right, question, truth=truth.facts[question])
        otherwise = "upload" if question in UPLOADED.get(way, ()) else "no"
        yield "yes" if right(own) else "again" if right(again) else otherwise


def is_right(question: str, read: dict[str, Read], *, truth: Any) -> bool:
    """Tell whether there is an answer, and it is the one that the live model gave."""
    if question not in read:
        return False
    found = read[question]()
    if isinstance(truth, str):
        return bool(found == truth)
    if question == HISTOGRAM:
        return counted(found, truth)
    return bool(np.shape(found) == np.shape(truth) and np.allclose(found, truth, **TOLERANCE))


def counted(found: Any, kernel: Array) -> bool:
    """Tell whether a histogram is the kernel's: values may lie on edges, but all are counted."""
    if isinstance(found, np.ndarray):  # of the kernel itself every histogram can be made
        return np.allclose(found, kernel, **TOLERANCE)
    edges, counts = found
    expected, _ = np.histogram(kernel, np.asarray(edges, np.float64))
    close = np.abs(np.cumsum(expected) - np.cumsum(counts)).max() <= 0.01 * kernel.size
    return bool(close and math.isclose(counts.sum(), kernel.size))
