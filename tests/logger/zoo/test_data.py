"""Every form in which ``fit`` takes data, and samples from the same data, in every dtype."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from inspectree.logger import TreeLogger
from inspectree.logger.store.reader import ModelReader

L = keras.layers

ROWS, BATCH, STEPS = 20, 8, 3
X = np.random.default_rng(0).random((ROWS, 4)).astype(np.float32)
Y = np.arange(ROWS) % 3
WEIGHTS = np.linspace(0.5, 1.5, ROWS).astype(np.float32)


def _classifier(named: bool = False) -> Any:
    """Return a model that takes an array, or a dict of the one array ``x``."""
    keras.utils.set_random_seed(3)
    x = keras.Input((4,), name="x")
    hidden = L.Dropout(0.4)(L.Dense(5, activation="relu")(x))
    out = L.Dense(3, activation="softmax", name="out")(hidden)
    model = keras.Model({"x": x} if named else x, out)
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


class _Batches(keras.utils.PyDataset):  # type: ignore[misc]  # Keras ships no types
    def __len__(self) -> int:
        return STEPS

    def __getitem__(self, index: int) -> Any:
        rows = slice(BATCH * index, BATCH * index + BATCH)
        return X[rows], Y[rows]


def _generator() -> Iterator[Any]:
    while True:
        for start in range(0, ROWS, BATCH):
            yield X[start : start + BATCH], Y[start : start + BATCH]


def _tf_data(*arrays: Any) -> Any:
    tf = pytest.importorskip("tensorflow", reason="only the TensorFlow backend brings tf.data")
    return tf.data.Dataset.from_tensor_slices(arrays).batch(BATCH)


def _loader() -> Any:
    torch = pytest.importorskip("torch", reason="only the PyTorch backend brings DataLoader")
    data = torch.utils.data.TensorDataset(torch.from_numpy(X), torch.from_numpy(Y))
    return torch.utils.data.DataLoader(data, batch_size=BATCH, shuffle=True)


FORMS: dict[str, Callable[[], dict[str, Any]]] = {
    "arrays": lambda: {"x": X, "y": Y, "batch_size": BATCH},
    "arrays with sample weights": lambda: {"x": X, "y": Y, "batch_size": BATCH, "sample_weight": WEIGHTS},
    "class weights": lambda: {"x": X, "y": Y, "batch_size": BATCH, "class_weight": {0: 1, 1: 2, 2: 3}},
    "a dict": lambda: {"x": {"x": X}, "y": Y, "batch_size": BATCH},
    "tf.data": lambda: {"x": _tf_data(X, Y), "shuffle": False},
    "tf.data with sample weights": lambda: {"x": _tf_data(X, Y, WEIGHTS), "shuffle": False},
    "tf.data of dicts": lambda: {"x": _tf_data({"x": X}, Y), "shuffle": False},
    "PyDataset": lambda: {"x": _Batches()},
    "PyDataset with workers": lambda: {"x": _Batches(workers=2, max_queue_size=3), "shuffle": False},
    "DataLoader": lambda: {"x": _loader(), "shuffle": False},
    "a generator": lambda: {"x": _generator(), "steps_per_epoch": STEPS, "shuffle": False},
}
"""Arguments of ``fit``; the samples come from the same objects."""


def _fit(model: Any, data: dict[str, Any], *callbacks: Any) -> Any:
    return model.fit(**data, epochs=2, verbose=0, callbacks=list(callbacks)).history


def _log(store: Path, samples: Any) -> TreeLogger:
    return TreeLogger(store, name="m", samples=samples, on_error="raise")


def _reader(store: Path) -> ModelReader:
    (folder,) = (store / "models").iterdir()
    return ModelReader(folder)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_data_trains_as_without_the_logger(form: str, tmp_path: Path) -> None:
    named = "dict" in form
    alone = _fit(_classifier(named), FORMS[form]())
    model, data = _classifier(named), FORMS[form]()
    samples = (data["x"], data["y"]) if "y" in data else data["x"]
    if "steps_per_epoch" in data:  # of a generator every batch can be had only once
        samples = (X, Y)
    logger = _log(tmp_path, samples)
    assert _fit(model, data, logger) == alone
    reader = _reader(tmp_path)
    last = reader.checkpoint(2)
    followed = reader.read_samples("x").values
    np.testing.assert_array_equal(np.sort(followed, axis=0), np.sort(X, axis=0))
    predicted = last.read("y_prediction")
    expected = model.predict({"x": followed} if named else followed, verbose=0)
    np.testing.assert_allclose(predicted.values, expected, rtol=1e-5, atol=1e-6)
    assert sorted(predicted["class"].values.tolist()) == sorted(map(str, Y))
    assert last.step == 2 * STEPS


DTYPES = ["float64", "float16", "uint8", "int8", "int64", "bool"]


@pytest.mark.parametrize("dtype", DTYPES)
def test_inputs_of_every_dtype_are_stored_as_they_are_and_seen_as_the_model_sees_them(
    dtype: str, tmp_path: Path
) -> None:
    x = (X * 9 - 2 * (dtype == "int8")).astype(dtype)
    model = _classifier()
    _fit(model, {"x": x, "y": Y}, _log(tmp_path, (x, Y)))
    reader = _reader(tmp_path)
    stored = reader.read_samples("x").values
    assert stored.dtype == (np.float32 if dtype == "float16" else dtype)  # halves are read as singles
    np.testing.assert_array_equal(stored, x)
    expected = model.predict(x, verbose=0)
    seen = reader.checkpoint(2).read("out/activations").values
    np.testing.assert_allclose(seen, expected, rtol=2**-11, atol=1e-6)


def test_labels_that_are_texts_are_classes_where_their_order_is_given(tmp_path: Path) -> None:
    names = ["cat", "dog", "fox"]
    logger = TreeLogger(
        tmp_path, name="m", samples=(X, np.array(names)[Y]), class_names=names, on_error="raise"
    )
    model = _classifier()
    _fit(model, {"x": X, "y": Y}, logger)
    last = _reader(tmp_path).checkpoint(2)
    right = model.predict(X, verbose=0).argmax(axis=1) == Y
    assert last.read("y_prediction")["correct"].values.tolist() == right.tolist()
    assert last.read("out/mean_class_activations")["class"].values.tolist() == names


def test_of_many_samples_some_are_followed_of_every_class(tmp_path: Path) -> None:
    x, y = np.tile(X, (3000, 1)), np.arange(60_000) % 3
    model = _classifier()
    logger = TreeLogger(tmp_path, name="m", samples=(x, y), max_samples=30, on_error="raise")
    _fit(model, {"x": X, "y": Y}, logger)
    reader = _reader(tmp_path)
    ids = reader.read_samples("id").values
    assert len(set(ids.tolist())) == 30
    np.testing.assert_array_equal(reader.read_samples("x").values, x[ids])
    assert np.bincount(reader.read_samples("class").values).tolist() == [10, 10, 10]
