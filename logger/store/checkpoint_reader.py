"""One checkpoint: what it holds, and its values with names on every axis."""

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from inspectree.logger.errors import StoreError
from inspectree.logger.statistics import Statistics
from inspectree.logger.store import inside, layout
from inspectree.logger.store.catalogue import Catalogue, Stored
from inspectree.logger.store.entries import PREDICTION, Entry, lazy_array
from inspectree.logger.store.jsontext import numbers
from inspectree.logger.store.opening import opened, reading
from inspectree.logger.store.prediction import correctness, predicted_classes, tells_classes

if TYPE_CHECKING:
    from inspectree.logger.store.reader import ModelReader


class CheckpointReader:
    """A complete checkpoint file; it never changes, so all that is read of it is kept.

    ``model`` knows what is the same at every checkpoint: samples, classes and inputs. No link into another
    file is followed.

    Raises
    ------
    StoreError
        When the file is missing, damaged, or of a newer version.
    """

    def __init__(self, path: Path, model: "ModelReader") -> None:
        self.path = path
        self._model = model
        with opened(path, "checkpoint") as file:
            attributes = dict(file.attrs)
            self.number = int(attributes["number"])
            self.step = int(attributes["step"])
            self.epoch = int(attributes["epoch"])
            self.time = str(attributes["time"])
            self.metrics = numbers(json.loads(attributes["metrics"]))
            self.recomputed: tuple[str, ...] = tuple(attributes.get("recomputed", ()))
            seconds = attributes.get("inference_seconds")
            self.inference_seconds = None if seconds is None else float(seconds)
            self._stored = Stored.of(file)

    @cached_property
    def catalogue(self) -> Catalogue:
        """Return the variables and their descriptors, without reading values."""
        with reading(self.path):
            return self._stored.parsed()

    @property
    def entries(self) -> Mapping[str, Entry]:
        """Return every variable by its path, without reading values."""
        return self.catalogue.entries

    @property
    def all_statistics(self) -> Mapping[str, Statistics]:
        """Return the descriptors of every variable that has them, by path."""
        return self.catalogue.statistics

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

    def lazy(self, path: str, *, predictions: bool = True) -> xr.DataArray:
        """Return a variable whose values are read when and where they are needed.

        ``sample`` carries ``id`` and, for classifiers, ``class`` and, if ``predictions``, ``predicted`` and
        ``correct``; ``class`` carries the names of the classes. A sample without a class, true or predicted,
        has an empty name there, and None for ``correct``.
        """
        entry = self.entry(path)
        file = self.path if entry.of == "checkpoint" else self._model.path
        return lazy_array(file, entry, self._coords(entry, predictions=predictions))

    def read(self, path: str, selection: Mapping[str, Any] | None = None) -> xr.DataArray:
        """Return the chosen positions of a variable; nothing else is read."""
        return self.lazy(path).isel(dict(selection or {})).load()

    def statistics(self, path: str) -> Statistics:
        """Return the descriptors of a weight, of activations or of gradients, without reading these."""
        self.entry(path)
        if path not in self.all_statistics:
            raise StoreError(f"{self.path} holds no statistics of {path!r}")
        return self.all_statistics[path]

    def unit_statistics(self, path: str) -> pd.DataFrame:
        """Return what is known of each unit of a variable, one row per unit in their order."""
        entry = self.entry(path)
        node = layout.described(layout.UNIT_STATISTICS, entry.layer, entry.name)
        with opened(self.path, "checkpoint") as file:
            if node not in file:
                raise StoreError(f"{self.path} holds no unit statistics of {path!r}")
            return pd.DataFrame(inside.dataset(file, node)[()])

    def class_metrics(self) -> pd.DataFrame:
        """Return precision, recall, F1 and the number of samples, one row per class; none without classes."""
        with opened(self.path, "checkpoint") as file:
            name = f"{layout.SAMPLES}/{layout.CLASS_METRICS}"
            if name not in file:
                return pd.DataFrame(columns=["count", "precision", "recall", "f1"])
            return pd.DataFrame(
                inside.dataset(file, name)[()], index=pd.Index(self._model.class_names, name="class")
            )

    def updates(self) -> xr.Dataset:
        """Return ``gradient_norm`` and ``update_ratio`` (step, variable) since the checkpoint before.

        Empty where they were not recorded.
        """
        with opened(self.path, "checkpoint") as file:
            if layout.UPDATES not in file:
                return xr.Dataset()
            group = inside.node(file, layout.UPDATES)
            steps, variables = inside.dataset(group, "step")[()], list(group.attrs["variables"])
            names = ("gradient_norm", "update_ratio")
            values = {name: (("step", "variable"), inside.dataset(group, name)[()]) for name in names}
            return xr.Dataset(values, {"step": steps, "variable": variables})

    def _coords(self, entry: Entry, *, predictions: bool) -> xr.Coordinates | None:
        if "sample" in entry.dims:
            return self._predicted_coords if predictions else self._model.sample_coords
        if "class" in entry.dims:
            return xr.Coordinates({"class": [self._model.class_names[index] for index in entry.classes]})
        return None

    @cached_property
    def _predicted_coords(self) -> xr.Coordinates:
        return self._model.sample_coords.assign(self._predictions())

    def _predictions(self) -> dict[str, Any]:
        """Return which class is predicted for each sample, and whether it is the true one."""
        true, scores = self._model.sample_classes, self._scores()
        if true is None or scores is None:
            return {}
        predicted = predicted_classes(scores, self._model.cut)
        return {
            "predicted": ("sample", self._model.labels(predicted)),
            "correct": ("sample", correctness(predicted, true)),
        }

    def _scores(self) -> NDArray[Any] | None:
        """Return the predictions that tell classes; of several outputs none is the classes' own."""
        entry = self.entries.get(PREDICTION)
        if entry is None or not tells_classes(entry.shape, len(self._model.class_names)):
            return None
        return np.asarray(lazy_array(self.path, entry).values)
