"""A model's folder as labelled values, without the framework that trained it."""

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, get_args

import h5py
import numpy as np
import xarray as xr

from inspectree.logger.architecture.model_graph import ModelGraph
from inspectree.logger.errors import StoreError
from inspectree.logger.header import Header
from inspectree.logger.store import layout
from inspectree.logger.store.checkpoint_reader import CheckpointReader
from inspectree.logger.store.entries import Entry, lazy_array, sample_entries
from inspectree.logger.store.history import whole_lines
from inspectree.logger.store.jsontext import numbers
from inspectree.logger.store.opening import opened, reading
from inspectree.logger.store.prediction import binary_cut
from inspectree.logger.store.process import State, is_running

__all__ = ["CheckpointReader", "Entry", "ModelReader", "read_header"]

Indexer = int | slice | list[int] | np.ndarray[Any, np.dtype[np.integer[Any]]]


def read_header(folder: Path) -> Header:
    """Return the header of the model in ``folder``."""
    with opened(folder / layout.MODEL_FILE, "model") as file:
        return _header(file)


class ModelReader:
    """What is known of one model: as its file was when this was made; checkpoints and history as they are.

    Raises
    ------
    StoreError
        When the model's file is missing, damaged, or of a newer version.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self._path = self.folder / layout.MODEL_FILE
        with opened(self._path, "model") as file:
            self.header = _header(file)
            self.class_names: tuple[str, ...] = tuple(json.loads(file.attrs["class_names"]))
            self.error: str | None = file.attrs.get("error")
            self._state = _state(file)
            self._writer: str = file.attrs["writer"]
            self._sample_entries = sample_entries(file)
            self.hyperparameters: dict[str, Any] = json.loads(file["hyperparameters"][()])
            self._cut = binary_cut(self.hyperparameters.get("loss"))

    @property
    def state(self) -> State:
        """Return ``training``, ``finished``, ``failed``, or ``interrupted`` (its process is gone)."""
        if self._state == "training" and not is_running(self._writer):
            return "interrupted"
        return self._state

    @cached_property
    def graph(self) -> ModelGraph:
        """Return the architecture."""
        with opened(self._path, "model") as file:
            return ModelGraph.from_stored(file["architecture"][()])

    def history(self) -> list[dict[str, Any]]:
        """Return the scalars of each epoch; a line that is still being written is left out."""
        with reading(self.folder / layout.HISTORY_FILE):
            epochs = [line for line in self.lines() if "kind" not in line]
            return [{**line, "metrics": numbers(line["metrics"])} for line in epochs]

    def events(self) -> list[dict[str, Any]]:
        """Return what else the history tells, in its order: lines that say their ``kind``."""
        with reading(self.folder / layout.HISTORY_FILE):
            return [line for line in self.lines() if "kind" in line]

    def lines(self) -> list[dict[str, Any]]:
        """Return all that the history tells, in its order."""
        with reading(self.folder / layout.HISTORY_FILE):
            return [json.loads(line) for line in whole_lines(self.folder / layout.HISTORY_FILE)[1:]]

    def checkpoint_numbers(self) -> list[int]:
        """Return the numbers of the complete checkpoints, ascending."""
        folder = self.folder / layout.CHECKPOINTS
        return sorted(int(path.stem) for path in folder.glob("*.h5") if path.stem.isdigit())

    def checkpoint(self, number: int) -> CheckpointReader:
        """Return one checkpoint."""
        return CheckpointReader(layout.checkpoint_file(self.folder, number), self.class_names, self._cut)

    def samples(self) -> dict[str, Entry]:
        """Return what is stored of the samples: ``x`` or ``x/NAME``, ``y_label``, ``class``, ``id``."""
        return dict(self._sample_entries)

    def read_samples(self, name: str, selection: Mapping[str, Indexer] | None = None) -> xr.DataArray:
        """Return inputs, labels, classes or ids (sample, …), of the chosen positions only."""
        try:
            entry = self._sample_entries[name]
        except KeyError:
            known = ", ".join(self._sample_entries)
            raise StoreError(f"{self._path} has no samples {name!r}; it has {known}") from None
        return lazy_array(self._path, "model", entry).isel(dict(selection or {})).load()


def _header(file: h5py.File) -> Header:
    header = Header.from_stored(file.attrs["header"])
    if "id" not in header.model_fields_set:
        raise ValueError("its header has no id")
    return header


def _state(file: h5py.File) -> State:
    state: State = file.attrs["state"]
    if state not in get_args(State):
        raise ValueError(f"its state is {str(state)!r}, none of {', '.join(get_args(State))}")
    return state
