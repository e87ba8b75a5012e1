"""Trainings in several threads of one process, each with a logger of its own."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import keras
import numpy as np
import pytest

from inspectree.logger import TreeLogger
from inspectree.logger.capture import keras_internals
from inspectree.logger.capture.detour import Detour
from inspectree.logger.store.reader import ModelReader

L = keras.layers
ROWS = 12
X = np.random.default_rng(0).random((ROWS, 4)).astype(np.float32)
Y = np.arange(ROWS) % 3
DETOURS = [value for value in vars(keras_internals).values() if isinstance(value, Detour)]
PLAIN = [vars(detour._owner)[detour._name] for detour in DETOURS]


@pytest.fixture(autouse=True)
def _nothing_stays() -> Any:
    yield
    assert [vars(detour._owner)[detour._name] for detour in DETOURS] == PLAIN


def _model(name: str, *layers: Any) -> Any:
    """Return a classifier, always the same, whose shuffling nothing draws random numbers for."""
    keras.utils.set_random_seed(3)
    hidden = [L.Dense(4, activation="relu", name=f"{name}_{place}") for place in range(6)]
    model = keras.Sequential([keras.Input((4,)), *hidden, *layers, L.Dense(3, name="out")], name=name)
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def _losses(model: Any, *callbacks: Any) -> list[float]:
    options = {"epochs": 3, "batch_size": 4, "shuffle": False, "verbose": 0}
    losses: list[float] = model.fit(X, Y, callbacks=list(callbacks), **options).history["loss"]
    return losses


def _logger(store: Path, name: str) -> TreeLogger:
    return TreeLogger(store, name=name, samples=(X, Y), gradients=True, updates=True, on_error="raise")


def test_every_training_goes_as_if_it_were_alone_and_is_logged_whole(tmp_path: Path) -> None:
    names = ["first", "second", "third"]
    alone = [_losses(_model(name)) for name in names]
    models, loggers = [_model(name) for name in names], [_logger(tmp_path, name) for name in names]
    start = Barrier(len(names))

    def train(model: Any, logger: TreeLogger) -> list[float]:
        start.wait(10)
        return _losses(model, logger)

    with ThreadPoolExecutor(len(names)) as pool:
        assert list(pool.map(train, models, loggers)) == alone
    for name, logger in zip(names, loggers, strict=True):
        reader = ModelReader(tmp_path / "models" / logger.header.id)
        paths = [*(f"{name}_{place}" for place in range(6)), "out"]
        assert [node.id for node in reader.graph.nodes if node.kind == "layer"] == paths
        assert reader.checkpoint_numbers() == [0, 1, 2, 3]
        for number in range(4):
            entries = reader.checkpoint(number).entries
            assert {f"{path}/activations" for path in paths} <= set(entries)


class _Waiting(L.Layer):  # type: ignore[misc]  # Keras ships no types
    """Lets other threads run while it is called for its graph."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.waits, self.inside, self.go_on = False, Event(), Event()

    def call(self, x: Any) -> Any:
        if self.waits:
            self.inside.set()
            assert self.go_on.wait(20)
        return x * 2


def test_a_training_without_a_logger_does_not_see_that_another_model_is_traced(tmp_path: Path) -> None:
    alone, other = _losses(_model("other")), _model("other")
    waiting = _Waiting(name="waiting")
    model = _model("traced", waiting)
    logger = _logger(tmp_path, "traced")
    waiting.waits = True
    with ThreadPoolExecutor(1) as pool:
        entered = pool.submit(logger.attach(model).__enter__)
        assert waiting.inside.wait(20)
        try:
            assert _losses(other) == alone
            made = keras.Sequential([keras.Input((4,)), L.Dense(2)])
            assert made(X).shape == (ROWS, 2)
        finally:
            waiting.go_on.set()
        entered.result().__exit__(None, None, None)
    reader = ModelReader(tmp_path / "models" / logger.header.id)
    paths = [*(f"traced_{place}" for place in range(6)), "waiting", "out"]
    assert [node.id for node in reader.graph.nodes if node.kind == "layer"] == paths


def test_nothing_stays_of_a_trace_that_fails(tmp_path: Path) -> None:
    class Broken(L.Layer):  # type: ignore[misc]  # Keras ships no types
        def call(self, x: Any) -> Any:
            raise KeyError(f"no call goes well on {x}")

        def compute_output_shape(self, shape: Any) -> Any:
            return shape

    model = keras.Sequential([keras.Input((4,)), L.Dense(2)])
    model.build()
    model.add(Broken(name="broken"))
    logger = TreeLogger(tmp_path, name="broken", samples=X)
    with logger.attach(model):
        pass
    assert ModelReader(tmp_path / "models" / logger.header.id).checkpoint_numbers() == [0]


def test_many_logged_models_are_not_too_many_compilations(tmp_path: Path, caplog: Any) -> None:
    """TensorFlow warns of five, of what it takes for the same function."""
    for number in range(6):
        model = keras.Sequential([keras.Input((4,)), L.Dense(3)])
        model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        with _logger(tmp_path, f"model {number}").attach(model):
            pass
    assert caplog.messages == []
