"""A budget is a promise: no checkpoint exceeds it, whatever the values turn out to be."""

from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest

from inspectree.logger import TreeLogger
from inspectree.logger.capture.observer import Observer
from inspectree.logger.plan import Request
from inspectree.logger.samples import as_samples

L = keras.layers
ROWS = 300


def _noise(*shape: int) -> Any:
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def _masked() -> Any:
    tokens = np.random.default_rng(1).integers(0, 50, (ROWS, 90))
    layers = [L.Embedding(50, 12, mask_zero=True), L.GRU(4), L.Dense(1, name="out")]
    return keras.Sequential([keras.Input((90,), dtype="int32"), *layers]), tokens, _noise(ROWS, 1)


def _tiny_weights() -> Any:
    layers = [L.Dense(400, kernel_initializer=keras.initializers.RandomNormal(stddev=1e-9)), L.Dense(1)]
    return keras.Sequential([keras.Input((300,)), *layers]), _noise(ROWS, 300), _noise(ROWS, 1)


def _out_of_range() -> Any:
    layers = [L.Dense(1000), L.Rescaling(1e7), L.Dropout(0.1), L.Rescaling(1e-9), L.Dense(1)]
    return keras.Sequential([keras.Input((20,)), *layers]), _noise(ROWS, 20), _noise(ROWS, 1)


ASKED = {
    "masks": (_masked, {}),
    "weights that cannot be rounded": (_tiny_weights, {"weights_precision": "float16"}),
    "values out of range": (_out_of_range, {}),
    "gradients": (_out_of_range, {"gradients": True}),
    "updates": (_out_of_range, {"updates": True}),
    "single precision": (_out_of_range, {"precision": "float32"}),
}


@pytest.mark.parametrize("share", [1.0, 0.75])
@pytest.mark.parametrize("case", ASKED)
def test_no_checkpoint_exceeds_its_budget(case: str, share: float, tmp_path: Path) -> None:
    """Neither what its datasets hold nor its file; with a ``share`` of what all takes, some is left out."""
    make, asked = ASKED[case]
    model, x, y = make()
    model.compile("sgd", "mse")
    budget = int(share * _planned(model, (x, y), asked))
    logger = TreeLogger(tmp_path, name="m", samples=(x, y), budget=budget, on_error="raise", **asked)
    model.fit(x, y, epochs=1, batch_size=100, verbose=0, callbacks=[logger])
    files = sorted(tmp_path.glob("models/*/checkpoints/*.h5"))
    assert len(files) == 2
    for path in files:
        assert path.stat().st_size <= budget
        with h5py.File(path) as file:
            assert _bytes(file) <= budget
            assert len(file.attrs["recomputed"]) > 0 or share == 1.0


def _planned(model: Any, source: Any, asked: dict[str, Any]) -> int:
    """Return what a checkpoint with everything takes by the plan."""
    request = {key: value for key, value in asked.items() if key != "weights_precision"}
    return Observer(model, as_samples(source), Request(**request)).plan.size


def _bytes(group: Any) -> int:
    """Return what the datasets of a file hold, those behind links excepted."""
    total = 0
    for name in group:
        if isinstance(group.get(name, getlink=True), h5py.HardLink):
            node = group[name]
            total += _bytes(node) if isinstance(node, h5py.Group) else node.nbytes
    return total
