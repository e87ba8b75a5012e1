"""What weights are rounded to where the user asks for it."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import h5py
import numpy as np
import pytest

from inspectree.logger.header import Header
from inspectree.logger.store.checkpoint_writer import Precision
from inspectree.logger.store.reader import CheckpointReader, ModelReader
from inspectree.logger.store.writer import ModelWriter


def _written(training: SimpleNamespace, store: Path, value: float, precision: Precision) -> CheckpointReader:
    """Write a checkpoint in which one weight is ``value``."""
    record = training.record(1)
    conv, *others = record.layers
    kernel = np.full((2, 3), value, np.float32)
    layers = (replace(conv, weights={**conv.weights, "float": kernel}), *others)
    writer = ModelWriter(store, Header(id="model", name="m"), precision)
    writer.start(training.graph(), {}, training.samples())
    writer.checkpoint(replace(record, layers=[*layers]))
    writer.finish()
    return ModelReader(writer.folder).checkpoint(1)


@pytest.mark.parametrize(
    ("value", "stored", "error"),
    [(0.1, "float16", 2**-11), (1e6, "float32", 0), (-1e6, "float32", 0), (3e-9, "float32", 0)],
)
def test_weights_are_rounded_where_float16_can_hold_them(
    value: float, stored: str, error: float, training: SimpleNamespace, tmp_path: Path
) -> None:
    checkpoint = _written(training, tmp_path, value, Precision(weights="float16"))
    np.testing.assert_allclose(checkpoint.read("conv/float").values, value, rtol=max(error, 1e-7))
    assert checkpoint.entry("conv/float").stored == stored
    assert checkpoint.statistics("conv/float").maximum == checkpoint.read("conv/float").values.max()
    expected = {"precision": stored, "captured": "float32", "relative_error": error}
    assert {name: _attributes(checkpoint)[name] for name in expected} == expected


def test_weights_that_nobody_asked_to_round_are_as_they_were(
    training: SimpleNamespace, tmp_path: Path
) -> None:
    checkpoint = _written(training, tmp_path, 0.1, Precision())
    assert (checkpoint.read("conv/float").values == np.float32(0.1)).all()
    assert _attributes(checkpoint).keys() == {"dims", "trainable"}


def _attributes(checkpoint: CheckpointReader) -> dict[str, Any]:
    with h5py.File(checkpoint.path) as file:
        return dict(file["layers/conv/weights/float"].attrs)
