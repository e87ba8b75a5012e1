"""Nothing is followed out of a file: hostile ones name others in every way that HDF5 knows."""

import os
from collections.abc import Iterator
from pathlib import Path

import h5py
import hdf5plugin
import numpy as np
import pytest

from inspectree.logger.errors import StoreError
from inspectree.logger.store.inside import dataset, node, text


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[h5py.File]:
    """Return a file that names a secret one beside it, and a pipe that nobody writes."""
    secret = tmp_path / "secret.h5"
    with h5py.File(secret, "w") as file:
        file["group/values"] = np.arange(5)
    os.mkfifo(tmp_path / "pipe.h5")
    with h5py.File(tmp_path / "hostile.h5", "w") as file:
        file["own/values"] = np.arange(3)
        file["own/alias"] = h5py.SoftLink("/own/values")
        file["own/round"] = h5py.SoftLink("/own/round")
        file["linked"] = h5py.ExternalLink(str(secret), "/group/values")
        file["linked group"] = h5py.ExternalLink("secret.h5", "/group")
        file["by a detour"] = h5py.SoftLink("/linked group/values")
        file["pipe"] = h5py.ExternalLink("pipe.h5", "/")
        file.create_dataset("raw", (40,), "u1", external=[(str(secret), 0, 40)])
        layout = h5py.VirtualLayout((5,), "i8")
        layout[:] = h5py.VirtualSource(secret, "group/values", (5,))
        file.create_virtual_dataset("virtual", layout)
        file["text"] = "of any length"
        file.create_dataset("long text", (), "S2000000000")
        file.create_dataset("packed text", (1,), "S1000000", chunks=(1,), compression="gzip")
        file.create_dataset("packed", data=np.zeros(100), chunks=(100,), **hdf5plugin.LZ4())
        file.create_dataset("packed by Blosc2", data=np.zeros(100), chunks=(100,), **hdf5plugin.Blosc2())
    with h5py.File(tmp_path / "hostile.h5", "r") as file:
        yield file


@pytest.mark.parametrize("path", ["own/values", "/own/values", "own/alias"])
def test_what_a_file_holds_is_read(hostile: h5py.File, path: str) -> None:
    assert dataset(hostile, path)[()].tolist() == [0, 1, 2]
    assert isinstance(node(hostile, "own"), h5py.Group)
    assert dataset(hostile["own"], "values")[()].tolist() == [0, 1, 2]
    assert (dataset(hostile, "packed by Blosc2")[()] == 0).all()


@pytest.mark.parametrize("path", ["linked", "linked group/values", "by a detour", "pipe/x", "own/round"])
def test_no_link_leads_out_of_it(hostile: h5py.File, path: str) -> None:
    with pytest.raises(StoreError, match=f"hostile.h5 is damaged: {path}: "):
        node(hostile, path)


@pytest.mark.parametrize("path", ["raw", "virtual"])
def test_values_that_are_kept_elsewhere_are_refused(hostile: h5py.File, path: str) -> None:
    with pytest.raises(StoreError, match=f"the values of {path} are in another file$"):
        dataset(hostile, path)


def test_only_known_filters_unpack(hostile: h5py.File) -> None:
    with pytest.raises(
        StoreError, match=r"packed is packed by the filter 32004, none of deflate, .*, Blosc2$"
    ):
        dataset(hostile, "packed")


@pytest.mark.parametrize("path", ["own", "nothing", "own/nothing", "a\0b", "", "x" * 70_000])
def test_what_is_no_dataset_is_told(hostile: h5py.File, path: str) -> None:
    with pytest.raises(StoreError, match=r"hostile\.h5 is damaged: "):
        dataset(hostile, path)


def test_a_text_is_no_longer_than_its_file(hostile: h5py.File) -> None:
    """One of gigabytes takes no space until it is written, and hardly any when it is packed."""
    assert text(hostile, "text") == b"of any length"
    for path in ("long text", "packed text", "own/values"):
        with pytest.raises(StoreError, match=f"{path} is no plain text$"):
            text(hostile, path)
