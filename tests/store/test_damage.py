"""Files that were cut short or written over: one clear line, or the right values."""

import json
from collections.abc import Callable
from pathlib import Path

import h5py
import pytest

from inspectree.logger.errors import StoreError
from inspectree.logger.store.reader import ModelReader


def _read_all(model: ModelReader) -> None:
    again = ModelReader(model.folder)
    assert again.graph
    assert again.hyperparameters
    for name in again.samples():
        again.read_samples(name)
    checkpoint = again.checkpoint(1)
    for path in checkpoint.entries:
        checkpoint.read(path)


def _told(file: Path, read: Callable[[], object]) -> str:
    with pytest.raises(StoreError) as caught:
        read()
    text = str(caught.value)
    assert "\n" not in text
    assert text.startswith(f"{file} ")
    return text


@pytest.mark.parametrize("name", ["model.h5", "checkpoints/000001.h5"])
@pytest.mark.parametrize("part", [0, 0.001, 0.1, 0.5, 0.9, 1])
def test_a_file_that_was_cut_short_is_told(name: str, part: float, model: ModelReader) -> None:
    path = model.folder / name
    whole = path.read_bytes()
    path.write_bytes(whole[: int(part * (len(whole) - 1))])
    assert "cannot be read as an HDF5 file" in _told(path, lambda: _read_all(model))


def test_the_other_checkpoints_of_a_damaged_one_are_read(model: ModelReader) -> None:
    (model.folder / "checkpoints" / "000001.h5").write_bytes(b"")
    assert model.checkpoint_numbers() == [0, 1]
    assert model.checkpoint(0).read("conv/activations").shape == (30, 96, 96, 2)


def test_a_chunk_that_was_written_over_is_told(model: ModelReader) -> None:
    path = model.folder / "checkpoints" / "000001.h5"
    with h5py.File(path) as file:
        chunk = file["layers/conv/activations"].id.get_chunk_info(0)
    with path.open("r+b") as raw:
        raw.seek(chunk.byte_offset)
        raw.write(bytes(chunk.size))
    text = _told(path, lambda: model.checkpoint(1).read("conv/activations"))
    assert " is damaged: OSError: " in text


@pytest.mark.parametrize("name", ["number", "metrics", "time"])
def test_an_attribute_that_is_missing_is_told(name: str, model: ModelReader) -> None:
    path = model.folder / "checkpoints" / "000001.h5"
    with h5py.File(path, "r+") as file:
        del file.attrs[name]
    assert "is damaged: KeyError" in _told(path, lambda: model.checkpoint(1))


@pytest.mark.parametrize("name", ["header", "class_names", "state", "writer"])
def test_a_missing_attribute_of_the_model_is_told(name: str, model: ModelReader) -> None:
    path = model.folder / "model.h5"
    with h5py.File(path, "r+") as file:
        del file.attrs[name]
    assert "is damaged: KeyError" in _told(path, lambda: ModelReader(model.folder))


@pytest.mark.parametrize("state", ["", "Training", "<img src=x onerror=alert(1)>", 3])
def test_a_state_that_is_none_is_told(state: object, model: ModelReader) -> None:
    path = model.folder / "model.h5"
    with h5py.File(path, "r+") as file:
        file.attrs["state"] = state
    text = _told(path, lambda: ModelReader(model.folder))
    expected = f"its state is {str(state)!r}, none of training, finished, failed, interrupted"
    assert text == f"{path} is damaged: ValueError: {expected}"


@pytest.mark.parametrize("text", ["{", "[]", '{"id": "model", "name": 5}', '{"id": "model"}'])
def test_a_header_that_is_no_header_is_told(text: str, model: ModelReader) -> None:
    path = model.folder / "model.h5"
    with h5py.File(path, "r+") as file:
        file.attrs["header"] = text
    assert "is damaged: ValidationError" in _told(path, lambda: ModelReader(model.folder))


def test_a_header_without_an_id_is_told(model: ModelReader) -> None:
    path = model.folder / "model.h5"
    with h5py.File(path, "r+") as file:
        file.attrs["header"] = '{"name": "a"}'
    text = _told(path, lambda: ModelReader(model.folder))
    assert text.endswith("is damaged: ValueError: its header has no id")


def test_an_architecture_that_is_missing_is_told(model: ModelReader) -> None:
    path = model.folder / "model.h5"
    with h5py.File(path, "r+") as file:
        del file["architecture"]
    assert "is damaged: architecture: " in _told(path, lambda: ModelReader(model.folder).graph)


@pytest.mark.parametrize("line", [b"{", b"5", b"{}", b'{"metrics": {"loss": "much"}}', b"\xff\xfe"], ids=repr)
def test_a_damaged_history_is_told(line: bytes, model: ModelReader) -> None:
    path = model.folder / "history.jsonl"
    path.write_bytes(path.read_bytes() + line + b"\n")
    assert " is damaged: " in _told(path, model.history)


def test_the_last_line_without_an_end_is_left_out(model: ModelReader) -> None:
    path = model.folder / "history.jsonl"
    whole = path.read_bytes()
    for cut in range(len(whole) - 1, whole.rindex(b"\n", 0, -1), -1):
        path.write_bytes(whole[:cut])
        assert [line["epoch"] for line in model.history()] == [0]


def test_without_a_history_there_are_no_scalars(model: ModelReader) -> None:
    (model.folder / "history.jsonl").unlink()
    assert model.history() == []


def test_a_link_to_a_model_file_that_is_missing_is_told(model: ModelReader) -> None:
    (model.folder / "model.h5").unlink()
    checkpoint = model.checkpoint(1)
    assert "does not exist" in _told(model.path, lambda: checkpoint.read("conv/activations"))


def test_history_is_one_json_object_per_line(model: ModelReader) -> None:
    first, *lines = (model.folder / "history.jsonl").read_text().splitlines()
    assert json.loads(first) == {"kind": "history", "version": "1.0"}
    told = [json.loads(line) for line in lines]
    assert [(line.get("kind"), line["epoch"]) for line in told] == [
        ("checkpoint", 0),
        (None, 0),
        ("checkpoint", 1),
        (None, 1),
    ]
