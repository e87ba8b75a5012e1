"""Files that a newer minor version has written."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import pytest
from pydantic import ValidationError

from inspectree.logger.architecture.model_graph import ModelGraph
from inspectree.logger.header import Header
from inspectree.logger.store.reader import ModelReader, read_header

NEW = {"added": {"by": ["a", "newer", "version"]}}


@pytest.fixture
def newer(model: ModelReader) -> ModelReader:
    """Return a model whose files say more than this version knows."""
    with _changed(model.folder / "model.h5") as file:
        file.attrs["header"] = json.dumps({**json.loads(file.attrs["header"]), **NEW})
        graph = json.loads(file["architecture"][()])
        for part in _parts(graph):
            part |= NEW
        del file["architecture"]
        file["architecture"] = json.dumps(graph)
        file["more"] = [1, 2]
    with _changed(model.folder / "checkpoints" / "000001.h5") as file:
        file["layers/conv/more"] = [1, 2]
        file["layers/conv/weights/float"].attrs["added"] = "something"
    with (model.folder / "history.jsonl").open("a") as history:
        line = {"epoch": 2, "step": 3, "time": "", "seconds": 1, "metrics": {"loss": 1}}
        history.write(json.dumps(line | NEW) + "\n")
    return ModelReader(model.folder)


def _changed(path: Path) -> h5py.File:
    file = h5py.File(path, "r+")
    file.attrs["version"] = "1.1"
    file.attrs["added"] = 1
    return file


def _parts(graph: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the graph and every node, tensor, variable and edge."""
    yield graph
    yield from graph["edges"]
    for node in graph["nodes"]:
        yield node
        yield from (*node["outputs"], *node["variables"])


def test_what_a_newer_minor_version_adds_is_left_out(newer: ModelReader, compressed: ModelReader) -> None:
    assert newer.header == compressed.header == read_header(newer.folder)
    assert newer.graph == compressed.graph
    assert newer.hyperparameters == compressed.hyperparameters


def test_checkpoints_of_a_newer_minor_version_are_read(newer: ModelReader, compressed: ModelReader) -> None:
    checkpoint, known = newer.checkpoint(1), compressed.checkpoint(1)
    assert checkpoint.entries.keys() == known.entries.keys()
    for path in known.entries:
        assert checkpoint.read(path).identical(known.read(path))


def test_the_history_of_a_newer_minor_version_is_read(newer: ModelReader, compressed: ModelReader) -> None:
    assert newer.history()[:-1] == compressed.history()
    assert newer.history()[-1]["metrics"] == {"loss": 1}


@pytest.mark.parametrize("kind", [Header, ModelGraph])
def test_what_is_not_read_from_a_file_must_be_known(kind: Any, newer: ModelReader) -> None:
    value = {Header: newer.header, ModelGraph: newer.graph}[kind]
    for read in (kind.model_validate_json, lambda text: kind.model_validate(json.loads(text))):
        assert read(value.model_dump_json()) == value
        with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
            read(json.dumps({**json.loads(value.model_dump_json()), **NEW}))
