"""One checkpoint: what it holds, and its values with names on every axis."""

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pandas as pd
import xarray as xr

from inspectree.logger.errors import StoreError
from inspectree.logger.statistics import Statistics
from inspectree.logger.store import layout
from inspectree.logger.store.entries import PREDICTION, Entry, checkpoint_entries, lazy_array
from inspectree.logger.store.jsontext import numbers
from inspectree.logger.store.opening import opened
from inspectree.logger.store.prediction import (
    PROBABILITY_CUT,
    correctness,
    predicted_classes,
    tells_classes,
)

DESCRIBED = ("weights", "activations", "gradients")


class CheckpointReader:
    """A complete checkpoint file; it never changes, so all that is read of it is kept.

    ``cut`` is the score above which the second of two classes is predicted.

    Raises
    ------
    StoreError
        When the file is missing, damaged, or of a newer version.
    """

    def __init__(self, path: Path, class_names: tuple[str, ...] = (), cut: float = PROBABILITY_CUT) -> None:
        self.path = path
        self.class_names = class_names
        self.cut = cut
        with opened(path, "checkpoint") as file:
            self.number = int(file.attrs["number"])
            self.step = int(file.attrs["step"])
            self.epoch = int(file.attrs["epoch"])
            self.time = str(file.attrs["time"])
            self.metrics = numbers(json.loads(file.attrs["metrics"]))
            self.recomputed: tuple[str, ...] = tuple(file.attrs.get("recomputed", ()))
            seconds = file.attrs.get("inference_seconds")
            self.inference_seconds = None if seconds is None else float(seconds)

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """Return every variable by its path, without reading values."""
        with opened(self.path, "checkpoint") as file:
            return checkpoint_entries(file)

    def entry(self, path: str) -> Entry:
        """Return one variable's entry.

        Raises
        ------
        StoreError
            When the checkpoint does not hold it.
        """
        try:
            return self.entries[path]
        except KeyError:
            raise StoreError(
                f"checkpoint {self.number} of {self.path.parent.parent} holds no {path!r}"
            ) from None

    def lazy(self, path: str) -> xr.DataArray:
        """Return a variable whose values are read when and where they are needed.

        ``sample`` carries ``id`` and, for classifiers, ``class``, ``predicted`` and ``correct``;
        ``class`` carries the names of the classes. A sample without a class, true or predicted, has an
        empty name there, and None for ``correct``.
        """
        entry = self.entry(path)
        return lazy_array(self.path, "checkpoint", entry).assign_coords(self._coords(entry))

    def read(self, path: str, selection: Mapping[str, Any] | None = None) -> xr.DataArray:
        """Return the chosen positions of a variable; nothing else is read."""
        return self.lazy(path).isel(dict(selection or {})).load()

    def statistics(self, path: str) -> Statistics:
        """Return the descriptors of a weight, of activations or of gradients, without reading these."""
        return Statistics.from_record(self._table(layout.STATISTICS, path))

    def unit_statistics(self, path: str) -> pd.DataFrame:
        """Return what is known of each unit of a variable, one row per unit in their order."""
        return pd.DataFrame(self._table(layout.UNIT_STATISTICS, path))

    def _table(self, table: str, path: str) -> Any:
        entry = self.entry(path)
        node = layout.described(table, entry.layer, entry.name)
        with opened(self.path, "checkpoint") as file:
            if node not in file:
                raise StoreError(f"{self.path} holds no {table.replace('_', ' ')} of {path!r}")
            return file[node][()]

    def class_metrics(self) -> pd.DataFrame:
        """Return precision, recall, F1 and the number of samples, one row per class; none without classes."""
        with opened(self.path, "checkpoint") as file:
            found = file[layout.SAMPLES].get(layout.CLASS_METRICS)
            if found is None:
                return pd.DataFrame(columns=["count", "precision", "recall", "f1"])
            return pd.DataFrame(found[()], index=pd.Index(self.class_names, name="class"))

    def all_statistics(self) -> dict[str, Statistics]:
        """Return the descriptors of every variable that has them, by path, in one pass over the file."""
        found = {}
        with opened(self.path, "checkpoint") as file:
            for path, entry in self.entries.items():
                node = layout.described(layout.STATISTICS, entry.layer, entry.name)
                if entry.kind in DESCRIBED and node in file:
                    found[path] = Statistics.from_record(file[node][()])
        return found

    def updates(self) -> xr.Dataset:
        """Return ``gradient_norm`` and ``update_ratio`` (step, variable) since the checkpoint before.

        Empty where they were not recorded.
        """
        with opened(self.path, "checkpoint") as file:
            group = file.get(layout.UPDATES)
            if group is None:
                return xr.Dataset()
            coords = {"step": group["step"][()], "variable": list(group.attrs["variables"])}
            names = ("gradient_norm", "update_ratio")
            return xr.Dataset({name: (("step", "variable"), group[name][()]) for name in names}, coords)

    def _coords(self, entry: Entry) -> dict[str, Any]:
        if "sample" in entry.dims:
            return self._sample_coords
        if "class" in entry.dims:
            return {"class": [self.class_names[index] for index in entry.classes]}
        return {}

    @cached_property
    def _sample_coords(self) -> dict[str, Any]:
        with opened(self.path, "checkpoint") as file:
            samples = file[layout.SAMPLES]
            coords: dict[str, Any] = {
                "sample": np.arange(len(samples["id"])),
                "id": ("sample", samples["id"][()]),
            }
            if "class" not in samples:
                return coords
            names = np.array([*self.class_names, ""])  # the last stands for −1: no class
            true = samples["class"][()]
            coords["class"] = ("sample", names[true])
            scores = samples.get(PREDICTION)
            # of several outputs, which are a group, none is the classes' own
            if isinstance(scores, h5py.Dataset) and tells_classes(scores.shape, len(self.class_names)):
                predicted = predicted_classes(scores[()], self.cut)
                coords["predicted"] = ("sample", names[predicted])
                coords["correct"] = ("sample", correctness(predicted, true))
        return coords
