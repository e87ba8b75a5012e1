"""Which log of a store a training goes on with, after a crash or an interruption."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from inspectree.logger.architecture.model_graph import ModelGraph
from inspectree.logger.errors import StoreError
from inspectree.logger.header import Header
from inspectree.logger.store import layout
from inspectree.logger.store.reader import ModelReader
from inspectree.logger.store.record import Array, Samples


@dataclass(frozen=True)
class At:
    """How many steps and epochs are done."""

    step: int
    epoch: int


@dataclass(frozen=True)
class Moment:
    """How far a training has come, as far as it tells: steps, epochs, updates of its optimizer."""

    step: int | None
    epoch: int | None
    iterations: int | None

    @property
    def is_first(self) -> bool:
        """Tell whether nothing has been done."""
        return not (self.step or self.epoch or self.iterations)

    @property
    def is_by_epoch(self) -> bool:
        """Tell whether nothing but the epoch says where the training is."""
        return self.step is None and not self.iterations

    def in_log(self, reader: ModelReader) -> At:
        """Return where this is in a log: the optimizer's updates are not always one per step."""
        epoch = self.epoch or 0
        if self.step is not None or self.is_first:
            return At(self.step or 0, epoch)
        if self.iterations:
            return At(_step_of(reader, self.iterations), epoch)
        return At(
            max((line["step"] for line in reader.history() if line["epoch"] == epoch), default=0), epoch
        )


def _step_of(reader: ModelReader, iterations: int) -> int:
    """Return the step of a log at which the optimizer had been given so many updates.

    That is known of the moments which the history tells; near to one it is reckoned at the usual rate.
    """
    known = _pairs(reader)
    (first, first_step), (last, last_step) = known[0], known[-1]
    rate = (last_step - first_step) / (last - first) if last > first else 1
    nearest, step = min(known, key=lambda pair: abs(pair[0] - iterations))
    return max(0, step + round((iterations - nearest) * rate))


def _pairs(reader: ModelReader) -> list[tuple[int, int]]:
    """Return (updates, step) of the log's moments, since a model that was compiled again counts anew."""
    pairs = [(int(reader.hyperparameters.get("iterations_before", 0)), 0)]
    for line in reader.lines():
        if "iterations" in line:
            pair = int(line["iterations"]), int(line["step"])
            pairs = [*pairs, pair] if pair[0] >= pairs[-1][0] else [pair]
    return pairs


@dataclass(frozen=True)
class Training:
    """A training that is about to begin: what is trained, and whether it begins with its first step."""

    header: Header
    names_id: bool
    graph: ModelGraph
    samples: Samples
    anew: bool


def find(store: Path, training: Training) -> ModelReader | None:
    """Return the model whose log a training goes on with; None where it gets one of its own.

    That is the model with the id that the user has chosen; else the newest with the same name, where it
    ended early and this training does not begin anew. Architecture and samples have to be the same.

    Raises
    ------
    StoreError
        When there is a model with the chosen id, but not for this training.
    """
    if training.names_id:
        return _with_id(store, training)
    return None if training.anew else _unfinished(store, training)


def _with_id(store: Path, training: Training) -> ModelReader | None:
    folder = layout.model_folder(store, training.header.id)
    if not (folder / layout.MODEL_FILE).exists():
        return None
    reader = ModelReader(folder)
    other = _difference(reader, training)
    if reader.state == "training":
        raise taken(store, training.header, "which is being trained")
    if other is not None:
        raise taken(store, training.header, f"with other {other}")
    if reader.state == "finished" and training.anew:
        raise taken(store, training.header, "which is finished, and this training begins anew")
    return reader


def _unfinished(store: Path, training: Training) -> ModelReader | None:
    named = [reader for reader in _readable(store) if reader.header.name == training.header.name]
    newest = max(named, key=_begun, default=None)
    if newest is None or newest.state in {"training", "finished"}:
        return None
    same_parents = newest.header.parents == training.header.parents
    return newest if same_parents and _difference(newest, training) is None else None


def taken(store: Path, header: Header, why: str | None = None) -> StoreError:
    """Return the error that an id is used already."""
    reason = "" if why is None else f", {why}"
    return StoreError(f"{store} already holds a model with the id {header.id}{reason}")


def _difference(reader: ModelReader, training: Training) -> str | None:
    """Return what of a logged model is not as it is in a training; None where all is the same."""
    if _shape(reader.graph) != _shape(training.graph):
        return f"architecture{_first_difference(reader.graph, training.graph)}"
    if reader.class_names != training.samples.class_names:
        return "class names"
    return None if _same_samples(reader, training.samples) else "samples"


def _first_difference(logged: ModelGraph, trained: ModelGraph) -> str:
    """Return where two graphs first have nodes of other names, of which Keras numbers those it makes."""
    for before, now in zip(logged.nodes, trained.nodes, strict=False):
        if before.id != now.id:
            return f" ({before.id} there, {now.id} here; keras.utils.clear_session() numbers layers anew)"
    return ""


def _shape(graph: ModelGraph) -> dict[str, Any]:
    """Return an architecture without what may change: which layers learn, and a name that Keras has made."""
    return graph.model_dump(
        mode="json", exclude={"name": True, "nodes": {"__all__": {"variables": {"__all__": {"trainable"}}}}}
    )


def _readable(store: Path) -> Iterator[ModelReader]:
    for folder in (store / layout.MODELS).glob("[!.]*"):
        try:
            yield ModelReader(folder)
        except StoreError:
            continue  # a model that is being created, or damaged: `inspectree check` tells


def _begun(reader: ModelReader) -> tuple[str, float]:
    """Return what sorts models by when they were begun; of one second, by when they were last changed."""
    changed = (reader.folder / layout.MODEL_FILE).stat().st_mtime
    return str(reader.hyperparameters.get("date", "")), changed


def _same_samples(reader: ModelReader, samples: Samples) -> bool:
    arrays = {"id": samples.ids, **_named("x", samples.inputs), **_named("y_label", samples.labels)}
    if samples.classes is not None:
        arrays["class"] = samples.classes
    return set(arrays) == set(reader.samples()) and all(
        _equal(reader.read_samples(name).values, values) for name, values in arrays.items()
    )


def _named(name: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Return arrays under the names that they have in the store."""
    if len(arrays) == 1:
        return {name: next(iter(arrays.values()))}
    return {f"{name}/{layout.encode(key)}": values for key, values in arrays.items()}


def _equal(stored: Array, values: Array) -> bool:
    if values.dtype.kind in "OSU":
        return np.array_equal(stored.astype(str), values.astype(str))
    values = values.astype(stored.dtype)  # bfloat16 is stored as float32
    return np.array_equal(stored, values, equal_nan=values.dtype.kind == "f")
