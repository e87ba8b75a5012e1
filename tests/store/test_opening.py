"""Whatever is wrong with a file is said in one line that names it."""

import fcntl
import os
from pathlib import Path

import h5py
import pytest

from inspectree.logger.errors import StoreError
from inspectree.logger.store.opening import opened
from inspectree.logger.store.reader import ModelReader


def _refused(path: Path, kind: str = "checkpoint") -> str:
    with pytest.raises(StoreError) as caught, opened(path, kind):
        raise AssertionError("it was opened")
    text = str(caught.value)
    assert "\n" not in text
    assert text.startswith(str(path))
    return text.removeprefix(f"{path} ")


def _file(path: Path, **attributes: object) -> Path:
    with h5py.File(path, "w") as file:
        file.attrs.update(attributes)
    return path


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    assert _refused(tmp_path / "none.h5") == "does not exist"


@pytest.mark.parametrize("content", [b"", b"no HDF5", b"\x89HDF\r\n\x1a\n"], ids=["empty", "text", "begin"])
def test_a_file_that_is_not_hdf5(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.h5").write_bytes(content)
    assert _refused(tmp_path / "x.h5").startswith("cannot be read as an HDF5 file: ")


def test_a_folder(tmp_path: Path) -> None:
    assert _refused(tmp_path) == "is no file"


def test_a_pipe_to_which_nobody_writes(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.h5")
    assert _refused(tmp_path / "x.h5") == "is no file"


def test_a_file_of_another_program(tmp_path: Path) -> None:
    expected = "was not written by inspectree: it does not say its kind and version"
    assert _refused(_file(tmp_path / "x.h5", kind="checkpoint")) == expected
    assert _refused(_file(tmp_path / "y.h5", version="1.0")) == expected


def test_a_file_of_another_kind(model: ModelReader) -> None:
    assert _refused(model.folder / "model.h5") == "is a model file, not a checkpoint file"


def test_a_newer_major_version_is_refused_with_what_would_be_needed(tmp_path: Path) -> None:
    path = _file(tmp_path / "x.h5", kind="checkpoint", version="2.0")
    assert _refused(path) == "has format version 2.0, this inspectree reads up to 1.x"


def test_a_version_without_sense_is_damage(tmp_path: Path) -> None:
    path = _file(tmp_path / "x.h5", kind="checkpoint", version="one")
    assert _refused(path).startswith("is damaged: ValueError: ")


@pytest.mark.parametrize("version", ["1.0", "1.7", "0.9"])
def test_older_and_newer_minor_versions_are_read(version: str, tmp_path: Path) -> None:
    with opened(_file(tmp_path / "x.h5", kind="model", version=version), "model") as file:
        assert file.attrs["version"] == version


def test_an_error_of_the_reader_is_damage_of_the_file(tmp_path: Path) -> None:
    path = _file(tmp_path / "x.h5", kind="model", version="1.0")
    with (
        pytest.raises(StoreError, match=r"^[^\n]*x\.h5 is damaged: KeyError: [^\n]*$"),
        opened(path, "model") as file,
    ):
        file["not there"]


def test_an_index_out_of_range_is_the_callers(tmp_path: Path) -> None:
    path = _file(tmp_path / "x.h5", kind="model", version="1.0")
    with pytest.raises(IndexError), opened(path, "model"):
        [].pop()


def test_a_lock_of_another_program_does_not_matter(model: ModelReader) -> None:
    path = model.folder / "model.h5"
    with path.open("rb") as locked:
        fcntl.flock(locked, fcntl.LOCK_EX)
        with pytest.raises(BlockingIOError):
            h5py.File(path)
        with opened(path, "model") as file:
            assert file.attrs["kind"] == "model"
