"""The callback that a training script adds: it forwards what Keras tells, and decides nothing."""

import logging
import time
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import keras

from inspectree.logger.budget import parse_size
from inspectree.logger.capture.keras_internals import batch_size_of_fit
from inspectree.logger.capture.observer import Observer
from inspectree.logger.capture.saving import Keep, save_model
from inspectree.logger.ending import one_line, watch
from inspectree.logger.errors import InspectreeError, StoreError
from inspectree.logger.header import Header, as_header
from inspectree.logger.plan import Request, as_patterns
from inspectree.logger.progress import Progress
from inspectree.logger.samples import as_samples
from inspectree.logger.schedule import Schedule, as_schedule, asked_after_steps
from inspectree.logger.store.checkpoint_writer import Precision
from inspectree.logger.store.parents import resolve_parents
from inspectree.logger.store.writer import ModelWriter

PRECISIONS = ("float16", "float32")

messages = logging.getLogger("inspectree")


class TreeLogger(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no types
    """Log a model into a store while it is trained: ``model.fit(x, y, callbacks=[TreeLogger(...)])``.

    Parameters
    ----------
    store
        The folder that holds the logged models; it is made when it is missing.
    header
        The model's `Header`, or a mapping with its keys; or give ``name`` and the others by themselves.
    samples
        What is followed through training: arrays, ``(x, y)``, a dict of named inputs, a list of inputs, a
        ``tf.data.Dataset``, a torch ``DataLoader``, a Keras ``PyDataset``, or the path of an ``.npz`` file.
    max_samples, seed
        So many samples are chosen, stratified over the classes; the same for the same ``seed``.
    class_names
        The names of the classes, in the order of their indices.
    every
        When a checkpoint is recorded besides the initial one: ``"epoch"``, `Every.epochs`, `Every.steps`,
        `Every.log_spaced`, or a function of the steps and epochs done, which is asked after every step; of
        several steps in one execution (``steps_per_execution``) after the last, about each.
    layers, exclude
        Names or globs of the layers to record, and not to record.
    precision, weights_precision
        What activations and weights are rounded to, where its range allows: ``"float16"`` or ``"float32"``;
        by default weights keep their own dtype.
    budget
        The size of a checkpoint before compression; the largest activations are left out to keep it.
    save_model
        Also keep the model itself, as it was at the ``"last"`` checkpoint or at ``"every"`` one.
    on_error
        With ``"warn"`` trouble with logging is told once, and training goes on without; with ``"raise"`` it
        ends the training.

    Raises
    ------
    InspectreeError
        When there are no samples, a parent doesn't exist, or the store cannot be written; and when ``fit``
        begins with a model that the samples or ``layers`` don't fit.
    ValueError
        When another argument has no meaning.

    Notes
    -----
    It follows ``fit``: hand-written training loops and gradients are not logged.
    """

    def __init__(
        self,
        store: str | Path,
        header: Header | Mapping[str, Any] | None = None,
        *,
        name: str | None = None,
        label: str | None = None,
        parents: Sequence[str] | None = None,
        tags: Sequence[str] | None = None,
        notes: str | None = None,
        id: str | None = None,  # noqa: A002 - the header's own word
        samples: Any = None,
        max_samples: int = 1000,
        seed: int = 0,
        class_names: Sequence[str] | None = None,
        every: str | Schedule = "epoch",
        layers: str | Sequence[str] | None = None,
        exclude: str | Sequence[str] = (),
        precision: str = "float16",
        weights_precision: str | None = None,
        budget: str | int = "512 MB",
        save_model: Keep | None = None,
        on_error: Literal["warn", "raise"] = "warn",
    ) -> None:
        super().__init__()
        fields = {"id": id, "name": name, "label": label, "parents": parents, "tags": tags, "notes": notes}
        self._schedule = as_schedule(every)
        self._request = Request(
            layers=as_patterns(layers),
            exclude=as_patterns(exclude) or (),
            budget=parse_size(budget),
            precision=_one_of("precision", precision, PRECISIONS),
            weights_precision=_one_of("weights_precision", weights_precision, (None, *PRECISIONS)),
        )
        self._save = _one_of("save_model", save_model, (None, "last", "every"))
        self._raises = _one_of("on_error", on_error, ("warn", "raise")) == "raise"
        checked = as_header(header, **{key: value for key, value in fields.items() if value is not None})
        self.header = checked.model_copy(update={"parents": resolve_parents(Path(store), checked.parents)})
        self._samples = as_samples(samples, max_samples=max_samples, seed=seed, class_names=class_names)
        self._writer = ModelWriter(Path(store), self.header, Precision(precision, weights_precision))
        self._observer: Observer | None = None
        self._progress = Progress()
        self._checkpoints = 0
        self._epoch_began = 0.0
        self._broken = False
        self._early_end: weakref.finalize[Any, Any] | None = None

    @property
    def async_safe(self) -> bool:
        """Tell Keras that it need not wait for the batches' results where none of them is recorded."""
        return not asked_after_steps(self._schedule)

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002 - Keras' signature
        """Open the log."""
        self._try(self._begin)

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002 - Keras' signature
        """Record the initial state, before the first step."""
        self._progress.begin_epoch(epoch, self.params.get("steps"))
        self._epoch_began = time.perf_counter()
        if self._checkpoints == 0:
            self._try(self._record, {})

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Record, where the schedule asks after steps."""
        self._progress.end_batch(batch)
        if asked_after_steps(self._schedule):
            self._try(self._record_if_due, self._progress.new_steps(), logs or {})

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002 - counted by Progress
        """Note the epoch's scalars; record, where the schedule asks after epochs."""
        seconds = time.perf_counter() - self._epoch_began
        self._progress.end_epoch()
        self._try(self._note, seconds, logs or {})
        if not asked_after_steps(self._schedule):
            self._try(self._record_if_due, [self._progress.step], logs or {})

    def on_train_end(self, logs: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002 - Keras' signature
        """Wait until everything is written, and close the log."""
        self._try(self._end)

    def _begin(self) -> None:
        if self._observer is None:
            observer = Observer(self.model, self._samples, self._request)
            settings = observer.hyperparameters(
                {
                    "batch_size": batch_size_of_fit(),
                    "epochs": self.params.get("epochs"),
                    "steps_per_epoch": self.params.get("steps"),
                }
            )
            self._writer.start(observer.graph, settings, observer.samples)
            self._observer = observer
            print(f"inspectree: {self.header.title} ({self.header.id}) into {self._writer.folder}")
            print(f"inspectree: {len(self._samples)} samples, {observer.plan}")
        elif self._observer.model is self.model:
            self._writer.reopen()
        else:
            raise InspectreeError(
                f"this TreeLogger logs {self.header.name!r} already: use another for each model"
            )
        self._stop_watching()  # of a run before that was interrupted
        self._early_end = watch(self, self._writer)

    def _record_if_due(self, steps: Iterable[int], logs: Mapping[str, Any]) -> None:
        if any(self._schedule(step, self._progress.epoch) for step in steps):
            self._record(logs)

    def _record(self, logs: Mapping[str, Any]) -> None:
        assert self._observer is not None  # set by `_begin`, without which nothing is tried
        number, progress = self._checkpoints, self._progress
        record = self._observer.record(number, progress.step, progress.epoch, _numbers(logs))
        self._checkpoints += 1  # before it is handed over: no number is ever written twice
        self._writer.checkpoint(record)
        if self._save is not None:
            save_model(self.model, self._writer.folder, number, self._save)

    def _note(self, seconds: float, logs: Mapping[str, Any]) -> None:
        progress = self._progress
        self._writer.scalars(
            epoch=progress.epoch, step=progress.step, seconds=seconds, metrics=_numbers(logs)
        )

    def _end(self) -> None:
        self._stop_watching()
        self._writer.finish()

    def _stop_watching(self) -> None:
        if self._early_end is not None:
            self._early_end.detach()

    def _try(self, action: Callable[..., None], *args: Any) -> None:
        """Let no trouble with logging end the training, unless the user asked for that or used us wrongly."""
        if self._broken:
            return
        try:
            action(*args)
        except Exception as error:
            wrong_use = isinstance(error, InspectreeError) and not isinstance(error, StoreError)
            if self._raises or wrong_use:
                raise
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        self._broken = True
        self._stop_watching()
        reason = str(error) if isinstance(error, InspectreeError) else one_line(error)
        messages.warning("inspectree stopped logging %r, training goes on: %s", self.header.name, reason)
        try:
            self._writer.finish("failed", f"logging stopped: {reason}")
        except Exception:  # what broke the log may keep its state from being written too: that was told
            return


def _numbers(logs: Mapping[str, Any]) -> dict[str, float]:
    return {name: float(value) for name, value in logs.items() if getattr(value, "ndim", 0) == 0}


def _one_of(name: str, value: Any, valid: Sequence[Any]) -> Any:
    if value not in valid:
        raise ValueError(f"{name}={value!r} is none of {', '.join(map(repr, valid))}")
    return value
