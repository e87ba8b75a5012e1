from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectree.logger.errors import StoreError
from inspectree.logger.store import digest
from inspectree.logger.store.hdf5 import in_memory, write_array


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a compressed and a small dataset."""
    path = tmp_path_factory.mktemp("files") / "file.h5"
    random = np.random.default_rng(0)
    with in_memory(path) as file:
        write_array(file, "large", random.normal(size=(64, 600)), ("sample", "unit"))
        write_array(file, "small", np.arange(3), ("sample",))
    return path


def test_a_file_has_its_digest_and_opens_with_plain_hdf5(written: Path) -> None:
    digest.verified(written)
    assert written.read_bytes().startswith(b"inspectree sha256 ")
    with h5py.File(written) as file:
        assert file["small"][()].tolist() == [0, 1, 2]


def test_a_file_that_is_changed_as_a_whole_has_a_new_one(written: Path, tmp_path: Path) -> None:
    path = tmp_path / "copy.h5"
    with in_memory(path, written) as file:
        file.attrs["state"] = "finished"
    digest.verified(path)
    with h5py.File(path) as file:
        assert file.attrs["state"] == "finished"


@given(st.data())
def test_any_bit_that_changes_is_found(written: Path, data: st.DataObject) -> None:
    content = bytearray(written.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    path = written.with_name("flipped.h5")
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"flipped\.h5 is damaged: it does not have its checksum$"):
        digest.verified(path)


@pytest.mark.parametrize("size", [0, 100, 512, 5000])
def test_a_file_that_is_cut_off_is_found(size: int, written: Path) -> None:
    path = written.with_name("short.h5")
    path.write_bytes(written.read_bytes()[:size])
    with pytest.raises(StoreError, match="does not have its checksum"):
        digest.verified(path)
