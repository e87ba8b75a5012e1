import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from inspectree.logger.errors import SamplesError
from inspectree.logger.samples import STREAMED, as_samples

X = np.arange(24, dtype=np.float32).reshape(12, 2)
Y = np.arange(12) % 3


class _Batches(keras.utils.PyDataset):  # type: ignore[misc]  # Keras ships no types
    def __len__(self) -> int:
        return 3

    def __getitem__(self, index: int) -> Any:
        rows = slice(4 * index, 4 * index + 4)
        return X[rows], Y[rows]


def _tf_dataset(tmp_path: Path) -> Any:
    tf = pytest.importorskip("tensorflow", reason="only the TensorFlow backend brings tf.data")
    return tf.data.Dataset.from_tensor_slices((X, Y)).batch(5)


def _torch_loader(tmp_path: Path) -> Any:
    torch = pytest.importorskip("torch", reason="only the PyTorch backend brings DataLoader")
    data = torch.utils.data.TensorDataset(torch.from_numpy(X), torch.from_numpy(Y))
    return torch.utils.data.DataLoader(data, batch_size=5)


def _npz(keys: tuple[str, str]) -> Callable[[Path], Any]:
    def write(tmp_path: Path) -> Path:
        np.savez(tmp_path / "data.npz", **dict(zip(keys, (X, Y), strict=True)))
        return tmp_path / "data.npz"

    return write


SOURCES: dict[str, Callable[[Path], Any]] = {
    "tuple": lambda _: (X, Y),
    "with sample weights": lambda _: (X, Y, np.ones(12)),
    "nested lists": lambda _: (X.tolist(), Y.tolist()),
    "PyDataset": lambda _: _Batches(),
    "batches": lambda _: [(X[:7], Y[:7]), (X[7:], Y[7:])].__iter__(),
    "npz": _npz(("x", "y")),
    "npz of keras": _npz(("x_test", "y_test")),
    "path as text": lambda folder: str(_npz(("x", "y"))(folder)),
    "tf.data": _tf_dataset,
    "DataLoader": _torch_loader,
}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_every_kind_of_source_gives_the_same_samples(source: Callable[[Path], Any], tmp_path: Path) -> None:
    samples = as_samples(source(tmp_path))
    np.testing.assert_array_equal(samples.inputs["x"], X)
    np.testing.assert_array_equal(samples.labels["y"], Y)
    np.testing.assert_array_equal(samples.ids, np.arange(12))
    assert samples.classes is not None
    np.testing.assert_array_equal(samples.classes, Y)
    assert samples.class_names == ("0", "1", "2")


def test_the_chosen_rows_belong_together() -> None:
    samples = as_samples((X, {"class": Y, "value": X[:, 0]}), max_samples=6, seed=4)
    assert len(samples) == 6
    np.testing.assert_array_equal(samples.inputs["x"], X[samples.ids])
    np.testing.assert_array_equal(samples.labels["class"], Y[samples.ids])
    np.testing.assert_array_equal(samples.labels["value"], X[samples.ids, 0])
    assert samples.classes is not None
    assert np.bincount(samples.classes).tolist() == [2, 2, 2]


def test_an_array_alone_has_neither_labels_nor_classes() -> None:
    samples = as_samples(X)
    assert (samples.labels, samples.classes, samples.class_names) == ({}, None, ())


def test_several_inputs_keep_their_names() -> None:
    samples = as_samples(({"left": X, "right": X + 1}, Y))
    assert list(samples.inputs) == ["left", "right"]


def test_several_inputs_without_names_are_numbered() -> None:
    assert list(as_samples([X, X + 1]).inputs) == ["input_0", "input_1"]


def test_several_labels_without_names_are_numbered() -> None:
    assert list(as_samples((X, [Y, X])).labels) == ["output_0", "output_1"]


def test_arrays_in_structures_are_named_by_the_keys_to_them() -> None:
    x = {"image": X, "text": [X + 1, {"long": X + 2}]}
    samples = as_samples((x, (Y, [X, X + 1])))
    assert list(samples.inputs) == ["image", "text.0", "text.1.long"]
    assert samples.structure == {"image": "image", "text": ["text.0", {"long": "text.1.long"}]}
    assert list(samples.labels) == ["output_0", "output_1.0", "output_1.1"]
    np.testing.assert_array_equal(samples.inputs["text.1.long"], X + 2)


def test_structures_keep_their_form() -> None:
    assert as_samples(X).structure == "x"
    assert as_samples([X]).structure == "x"
    assert as_samples(((X, X), Y)).structure == ("input_0", "input_1")
    assert as_samples(iter([({"a": X}, Y)])).structure == {"a": "a"}


def test_numbers_of_numpy_in_a_list_are_one_array() -> None:
    np.testing.assert_array_equal(as_samples((X, list(Y))).labels["y"], Y)


def test_texts_are_read_from_bytes_and_objects() -> None:
    for texts in (np.array([b"caf\xc3\xa9", b"tea"]), np.array(["café", "tea"], dtype=object)):
        read = as_samples(texts).inputs["x"]
        assert read.dtype.kind == "U"
        assert read.tolist() == ["café", "tea"]


def test_of_large_samples_no_more_batches_are_read_than_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspectree.logger.samples.STREAMED_BYTES", 2 * X.nbytes)
    batches = iter([(X, Y)] * 9)
    assert len(as_samples(batches, max_samples=20)) == 20
    assert len(list(batches)) == 7


class _Augmenting(_Batches):
    """Draws random numbers wherever a data set may."""

    def __getitem__(self, index: int) -> Any:
        x, y = super().__getitem__(index)
        return x + np.random.normal() + random.random(), y  # noqa: NPY002 - what users' data sets do


def test_reading_a_data_set_takes_no_random_numbers_from_the_training() -> None:
    def drawn(read: bool) -> tuple[float, float]:
        random.seed(1)
        np.random.seed(1)  # noqa: NPY002
        if read:
            as_samples(_Augmenting())
        return random.random(), np.random.random()  # noqa: NPY002

    assert drawn(read=True) == drawn(read=False)


def test_shuffling_a_torch_loader_leaves_the_order_of_training_alone() -> None:
    torch = pytest.importorskip("torch", reason="only the PyTorch backend brings DataLoader")
    loader = torch.utils.data.DataLoader(torch.arange(20.0)[:, None], batch_size=5, shuffle=True)

    def order(read: bool) -> Any:
        torch.manual_seed(1)
        if read:
            as_samples(loader)
        return torch.cat(list(loader)).tolist()

    assert order(read=True) == order(read=False)


def test_shuffling_by_tensorflow_is_told(caplog: pytest.LogCaptureFixture) -> None:
    tf = pytest.importorskip("tensorflow", reason="only the TensorFlow backend brings tf.data")
    data = tf.data.Dataset.from_tensor_slices((X, Y))
    as_samples(data.batch(5))
    assert caplog.messages == []
    as_samples(data.shuffle(12).batch(5).prefetch(1))
    assert caplog.messages == [
        "inspectree reads the samples from a data set that shuffles: if it is trained on too, its order "
        "is another than without the logger; give one that does not shuffle"
    ]


def test_of_an_endless_data_set_the_beginning_is_read() -> None:
    def endless() -> Any:
        while True:
            yield X, Y

    samples = as_samples(endless(), max_samples=2)
    assert len(samples) == 2
    assert samples.ids.max() < STREAMED * 2 + len(X)


ERRORS: dict[str, tuple[Any, str]] = {
    "nothing": (
        None,
        "no samples were given: samples= takes an array, (x, y), a dict or list of inputs, "
        "a batched data set, or the path of an .npz file",
    ),
    "empty": (np.empty((0, 2)), "no samples: the arrays are empty"),
    "sizes": ((X, Y[:5]), "the samples differ in their number of rows: y has 5, x has 12"),
    "object": (np.array([None, 1]), "the samples' 'x' has the dtype object: numbers or strings are needed"),
    "ragged": (([[1, 2], [3]], [0, 1]), "the samples' 'x' is no array: its rows differ in shape"),
    "unbatched": (
        iter([(X[0], Y[0])]),
        "the samples' 'y' is a single value: a data set must come in batches",
    ),
    "no text": (np.array([b"\xff\xfe"]), "the samples' 'x' holds bytes that are no text (UTF-8)"),
    "exhausted": (iter([]), "no samples: the data set is empty"),
    "no data": (
        42,
        "samples cannot be read from a int: use an array, (x, y), a dict or list of inputs, "
        "a batched data set, or the path of an .npz file",
    ),
    "no file": ("nowhere.npz", "no samples: there is no file nowhere.npz"),
    "batches": (iter([(X, Y), X]), "the batches of the data set differ: 'y'"),
}


@pytest.mark.parametrize(("source", "message"), ERRORS.values(), ids=ERRORS)
def test_wrong_samples_get_one_clear_line(source: Any, message: str) -> None:
    with pytest.raises(SamplesError, match=f"^{re.escape(message)}$"):
        as_samples(source)


def test_a_file_with_other_keys_says_which(tmp_path: Path) -> None:
    np.savez(tmp_path / "odd.npz", images=X)
    with pytest.raises(SamplesError, match=r"odd.npz has none of the keys x, x_test; it has images$"):
        as_samples(tmp_path / "odd.npz")


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.npz").write_text("no zip")
    with pytest.raises(SamplesError, match=r"text.npz is no readable .npz file: "):
        as_samples(tmp_path / "text.npz")


def test_at_least_one_sample_is_needed() -> None:
    with pytest.raises(SamplesError, match=r"^max_samples=0: at least one sample is needed$"):
        as_samples(X, max_samples=0)
