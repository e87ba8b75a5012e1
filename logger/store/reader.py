"""A model's folder as labelled values, without the framework that trained it."""

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from pydantic import TypeAdapter

from inspectree.logger.architecture.model_graph import ModelGraph
from inspectree.logger.errors import StoreError
from inspectree.logger.header import Header
from inspectree.logger.store import inside, layout
from inspectree.logger.store.catalogue import Catalogue, Stored
from inspectree.logger.store.checkpoint_reader import CheckpointReader
from inspectree.logger.store.entries import Entry, lazy_array, sample_entries
from inspectree.logger.store.head import Head, stored_header
from inspectree.logger.store.history import sound_lines
from inspectree.logger.store.opening import opened
from inspectree.logger.store.prediction import binary_cut
from inspectree.logger.store.process import State, is_running

__all__ = ["CheckpointReader", "Entry", "ModelReader", "read_header"]

VOCABULARY = TypeAdapter(dict[str, tuple[str, ...]])

NUMBER = r"\d{6,9}"
"""What a checkpoint's file is called, before its ending."""

Indexer = int | slice | list[int] | np.ndarray[Any, np.dtype[np.integer[Any]]]


def read_header(folder: Path) -> Header:
    """Return the header of the model in ``folder``."""
    with opened(folder / layout.MODEL_FILE, "model") as file:
        return stored_header(file.attrs["header"])


class ModelReader:
    """What is known of one model: as its file was when this was made; checkpoints and history as they are.

    ``head`` is what its file says, where that has been read already.

    Raises
    ------
    StoreError
        When the model's file is missing, damaged, or of a newer version.
    """

    def __init__(self, folder: Path | str, head: Head | None = None) -> None:
        self.folder = Path(folder)
        self.path = self.folder / layout.MODEL_FILE
        self.head = Head.read(self.folder) if head is None else head

    @property
    def header(self) -> Header:
        """Return the identity and the parents."""
        return self.head.header

    @property
    def class_names(self) -> tuple[str, ...]:
        """Return the names of the classes; empty where there are none."""
        return self.head.class_names

    @property
    def hyperparameters(self) -> dict[str, Any]:
        """Return how the model was trained."""
        return self.head.hyperparameters

    @property
    def error(self) -> str | None:
        """Return why the training failed, where it did."""
        return self.head.error

    @property
    def state(self) -> State:
        """Return ``training``, ``finished``, ``failed``, or ``interrupted`` (its process is gone)."""
        if self.head.state == "training" and not is_running(self.head.writer):
            return "interrupted"
        return self.head.state

    @cached_property
    def graph(self) -> ModelGraph:
        """Return the architecture."""
        with opened(self.path, "model") as file:
            return ModelGraph.from_stored(inside.text(file, "architecture"))

    @cached_property
    def vocabulary(self) -> dict[str, tuple[str, ...]]:
        """Return the words that numbers in the inputs stand for, by the inputs' names; some may be empty."""
        with opened(self.path, "model") as file:
            if layout.VOCABULARY not in file:
                return {}
            return VOCABULARY.validate_json(inside.text(file, layout.VOCABULARY))

    @property
    def cut(self) -> float:
        """Return the score above which the second of two classes is predicted."""
        return binary_cut(self.hyperparameters.get("loss"))

    @cached_property
    def inputs(self) -> Catalogue:
        """Return what the file holds of the input layers."""
        with opened(self.path, "model") as file:
            return Stored.of(file).parsed()

    @cached_property
    def _sample_entries(self) -> dict[str, Entry]:
        with opened(self.path, "model") as file:
            return sample_entries(file)

    @cached_property
    def sample_ids(self) -> NDArray[np.int64]:
        """Return the samples' rows in the data set that they were chosen from (sample)."""
        return np.asarray(self.read_samples("id").values)

    @cached_property
    def sample_classes(self) -> NDArray[np.int64] | None:
        """Return the samples' indices into the class names (sample), −1: none; None where there are none."""
        return np.asarray(self.read_samples("class").values) if "class" in self.samples() else None

    @cached_property
    def sample_coords(self) -> xr.Coordinates:
        """Return what is known of the samples at every checkpoint: ``sample``, ``id``, ``class``."""
        known: dict[str, Any] = {
            "sample": np.arange(len(self.sample_ids)),
            "id": ("sample", self.sample_ids),
        }
        if (true := self.sample_classes) is None:
            return xr.Coordinates(known)
        if true.size and not -1 <= true.min() <= true.max() < len(self.class_names):
            raise StoreError(f"{self.path} is damaged: it has samples of classes that there are not")
        return xr.Coordinates({**known, "class": ("sample", self.labels(true))})

    def labels(self, classes: NDArray[np.int64]) -> NDArray[np.str_]:
        """Return the names of classes by their indices; −1 has an empty one."""
        return np.array([*self.class_names, ""])[classes]

    def history(self) -> list[dict[str, Any]]:
        """Return the scalars of each epoch; a line that is still being written is left out."""
        return [line for line in self.lines() if "kind" not in line]

    def events(self) -> list[dict[str, Any]]:
        """Return what else the history tells, in its order: lines that say their ``kind``."""
        return [line for line in self.lines() if "kind" in line]

    def lines(self) -> list[dict[str, Any]]:
        """Return all that the history tells, in its order."""
        lines, wrong = self.sound_lines()
        if wrong is not None:
            raise StoreError(wrong)
        return lines

    def sound_lines(self) -> tuple[list[dict[str, Any]], str | None]:
        """Return what the history tells, but for damaged lines; and what is wrong with the first of these."""
        lines, wrong = sound_lines(self.folder / layout.HISTORY_FILE)
        return [line for line in lines if line.get("kind") != "history"], wrong

    def checkpoint_numbers(self) -> list[int]:
        """Return the numbers of the complete checkpoints, ascending."""
        folder = self.folder / layout.CHECKPOINTS
        stems = (path.stem for path in folder.glob("*.h5"))
        return sorted(int(stem) for stem in stems if re.fullmatch(NUMBER, stem, re.ASCII))

    def checkpoint(self, number: int) -> CheckpointReader:
        """Return one checkpoint."""
        return CheckpointReader(layout.checkpoint_file(self.folder, number), self)

    def samples(self) -> dict[str, Entry]:
        """Return what is stored of the samples: ``x`` or ``x/NAME``, ``y_label``, ``class``, ``id``."""
        return dict(self._sample_entries)

    def read_samples(self, name: str, selection: Mapping[str, Indexer] | None = None) -> xr.DataArray:
        """Return inputs, labels, classes or ids (sample, …), of the chosen positions only."""
        try:
            entry = self._sample_entries[name]
        except KeyError:
            known = ", ".join(self._sample_entries)
            raise StoreError(f"{self.path} has no samples {name!r}; it has {known}") from None
        return lazy_array(self.path, entry).isel(dict(selection or {})).load()
