"""What single steps did, over checkpoints, by hand-made records."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inspectree.logger.header import Header
from inspectree.logger.store.record import CheckpointRecord, StepsRecord
from inspectree.logger.store.writer import ModelWriter
from inspectree.server import Store, open_store
from inspectree.server.api.app import create_app
from inspectree.server.updates import updates

VARIABLES = ("conv/kernel", "conv/bias", "conv_2/kernel")


def recorded(number: int) -> CheckpointRecord:
    """Return a checkpoint after four steps, whose norms are 10 × step + variable, the ratios a tenth."""
    steps = np.arange(4, dtype=np.int64) + 4 * (number - 1)
    norms = (10 * steps[:, None] + np.arange(3)).astype(np.float32)
    told = StepsRecord(steps, VARIABLES, norms, norms / 10) if number else None
    return CheckpointRecord(number, 4 * number, number, 1.0, {}, [], updates=told)


@pytest.fixture
def stepping(tmp_path: Path, write_model: Callable[..., ModelWriter]) -> Store:
    """Return a store of one model with twelve recorded steps."""
    header = Header(id="cccc0000-steps", name="steps")
    writer = write_model(tmp_path, header, numbers=(), state="training")
    for number in range(4):
        writer.checkpoint(recorded(number))
    writer.finish("finished")
    return open_store(tmp_path)


def test_the_steps_of_all_checkpoints_follow_one_another(stepping: Store) -> None:
    found = updates(stepping["steps"])
    assert found["step"].values.tolist() == list(range(12))
    assert found["variable"].values.tolist() == list(VARIABLES)
    assert found["gradient_norm"].sel(step=7, variable="conv/bias") == 71
    assert found["update_ratio"].sel(step=7, variable="conv/bias") == pytest.approx(7.1)
    assert found.attrs["total"] == 12


def test_a_layer_has_its_own_variables_and_no_others(stepping: Store) -> None:
    """``conv`` is not ``conv_2``."""
    assert updates(stepping["steps"], "conv")["variable"].values.tolist() == ["conv/kernel", "conv/bias"]
    assert updates(stepping["steps"], "conv_2/kernel")["variable"].values.tolist() == ["conv_2/kernel"]


def test_of_many_steps_some_are_told_from_the_first_to_the_last(stepping: Store) -> None:
    found = updates(stepping["steps"], points=4)
    assert found["step"].values.tolist() == [0, 4, 7, 11]
    assert found.attrs["total"] == 12


def test_the_interface_tells_them_by_variable(stepping: Store, serving: Any) -> None:
    with serving(create_app(stepping)) as client:
        answer = client.get("/api/models/steps/updates?below=conv&points=3").json()
    assert answer == {
        "total": 12,
        "steps": [0, 6, 11],
        "variables": ["conv/kernel", "conv/bias"],
        "gradient_norm": [[0, 60, 110], [1, 61, 111]],
        "update_ratio": [[0, 6, 11], pytest.approx([0.1, 6.1, 11.1])],
    }


def test_a_model_without_them_has_none(client: Any, store: Store) -> None:
    assert updates(store["root"]).attrs == {"total": 0}
    answer = client.get("/api/models/root/updates").json()
    assert answer == {"total": 0, "steps": [], "variables": [], "gradient_norm": [], "update_ratio": []}
