"""A classifier that has diverged: some of its scores are NaN, and a sample has no class."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from fastapi import FastAPI

from inspectree.logger.header import Header
from inspectree.logger.store.record import CheckpointRecord
from inspectree.logger.store.writer import ModelWriter
from inspectree.server import open_store
from inspectree.server.api.app import create_app

COUNT = 30
"""Samples of the classes 0, 1, 2, 0, …, the last of none."""


@pytest.fixture
def client(
    tmp_path: Path,
    write_model: Callable[..., ModelWriter],
    serving: Callable[[FastAPI], AbstractContextManager[httpx.Client]],
) -> Iterator[httpx.Client]:
    """Serve a model that predicts class 0 for all samples, and of the first three nothing."""
    scores = np.tile(np.array([1, 0, 0], np.float32), (COUNT, 1))
    scores[:3, 1] = np.nan
    writer = write_model(tmp_path, Header(id="diverged", name="diverged"), (), state="training")
    writer.checkpoint(CheckpointRecord(0, 0, 0, 0.0, {}, (), {"dense": scores}))
    writer.finish()
    with serving(create_app(open_store(tmp_path))) as client:
        yield client


def _ask(client: httpx.Client, *steps: dict[str, Any]) -> Any:
    body = {"uoa": "diverged/y_prediction", "pipeline": list(steps)}
    answer = client.post("/api/values", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_samples_without_a_prediction_have_the_index_of_no_class(client: httpx.Client) -> None:
    answer = client.get("/api/models/diverged/samples?ids=0,1,2,3").json()
    assert answer["prediction"] == [-1, -1, -1, 0]


def test_what_is_neither_right_nor_wrong_is_null(client: httpx.Client) -> None:
    coords = _ask(client)["coords"]
    assert coords["correct"]["values"][:5] == [None, None, None, True, False]
    assert coords["correct"]["values"][-1] is None
    assert coords["predicted"]["values"][:4] == ["", "", "", "zero"]


@pytest.mark.parametrize(("correct", "samples"), [(True, range(3, 30, 3)), (False, {*range(3, 29)})])
def test_a_selection_by_correctness_leaves_it_out(correct: bool, samples: Any, client: httpx.Client) -> None:
    wanted = [each for each in samples if correct or each % 3]
    assert _ask(client, {"op": "select", "correct": correct})["coords"]["sample"] == wanted


def test_a_confusion_matrix_counts_what_is_left(client: httpx.Client) -> None:
    assert _ask(client, {"op": "confusion_matrix"})["values"] == [[9, 0, 0], [9, 0, 0], [8, 0, 0]]


def test_groups_by_correctness_hold_what_is_left(client: httpx.Client) -> None:
    answer = _ask(client, {"op": "count", "over": ["sample"], "by": ["correct"]})
    assert (answer["coords"]["correct"], answer["values"]) == ([False, True], [[17] * 3, [9] * 3])


@pytest.mark.parametrize("media", ["text/csv", "application/vnd.apache.arrow.stream"])
def test_every_format_can_say_it(media: str, client: httpx.Client) -> None:
    body = {"uoa": "diverged/y_prediction", "pipeline": []}
    assert client.post("/api/values", json=body, headers={"Accept": media}).status_code == 200
