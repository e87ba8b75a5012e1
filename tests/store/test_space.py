"""What tells the samples of models apart."""

from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from inspectree.logger.store.reader import ModelReader
from inspectree.logger.store.record import Samples
from inspectree.logger.store.space import space_of

LABELLED = Samples(
    inputs={"x": np.zeros((3, 2), np.float32)},
    ids=np.array([4, 7, 9], np.int64),
    labels={"y": np.array([0, 1, 1])},
)
BARE = replace(LABELLED, labels={})


def test_it_is_the_digest_that_the_format_tells() -> None:
    """BLAKE2b of 8 bytes, of shapes and numbers in double precision: ids, then labels."""
    expected = blake2b(b"(3,)" + np.array([4.0, 7, 9]).tobytes() + b"(3,)", digest_size=8)
    expected.update(np.array([0.0, 1, 1]).tobytes())
    assert space_of(LABELLED) == expected.hexdigest()


def test_strings_are_told_apart_where_they_end() -> None:
    first, second = (
        replace(BARE, labels={"y": np.array(words)}) for words in (["ab", "c", "é"], ["a", "bc", "é"])
    )
    assert space_of(first) != space_of(second)
    expected = blake2b(b"(3,)" + np.array([4.0, 7, 9]).tobytes() + b"(3,)", digest_size=8)
    expected.update("ab\0c\0é\0".encode())
    assert space_of(first) == expected.hexdigest()


@pytest.mark.parametrize(
    "same",
    [
        {"inputs": {"x": np.ones((3, 5))}},
        {"labels": {"another": np.array([0, 1, 1])}},
        {"labels": {"y": np.array([0, 1, 1], np.float32)}},
        {"class_names": ("a", "b"), "classes": np.array([0, 1, 1])},
    ],
    ids=["inputs of another shape", "names of outputs", "dtypes", "names of classes"],
)
def test_models_may_be_given_the_same_samples_otherwise(same: dict[str, Any]) -> None:
    assert space_of(replace(LABELLED, **same)) == space_of(LABELLED)


@pytest.mark.parametrize(
    "other",
    [
        {"ids": np.array([4, 7, 8])},
        {"labels": {"y": np.array([0, 1, 0])}},
        {"labels": {"y": np.array([[0], [1], [1]])}},
        {"labels": {}},
    ],
    ids=["rows", "labels", "shapes of labels", "no labels"],
)
def test_other_samples_are_told(other: dict[str, Any]) -> None:
    assert space_of(replace(LABELLED, **other)) != space_of(LABELLED)


def test_without_labels_inputs_count() -> None:
    assert space_of(replace(BARE, inputs={"x": np.ones((3, 2))})) != space_of(BARE)


def test_without_samples_it_is_empty() -> None:
    assert space_of(Samples({"x": np.zeros((0, 2))}, np.zeros(0, np.int64))) == ""


def test_a_model_s_file_holds_it(logged: ModelReader, training: Any) -> None:
    assert logged.head.samples == space_of(training.samples())


def test_a_file_that_lacks_it_tells_nothing(model: ModelReader) -> None:
    with h5py.File(model.path, "r+") as file:
        del file.attrs["samples"]
    assert ModelReader(Path(model.folder)).head.samples == ""
