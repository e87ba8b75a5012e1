"""The callback that a training script adds: it forwards what Keras tells, and decides nothing."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import keras

from inspectree.logger.budget import parse_size
from inspectree.logger.capture.keras_internals import batch_size_of_fit, is_fitted
from inspectree.logger.capture.saving import Keep
from inspectree.logger.capture.scalars import iterations_of
from inspectree.logger.errors import InspectreeError
from inspectree.logger.header import Header
from inspectree.logger.log import Log
from inspectree.logger.loop import Loop
from inspectree.logger.plan import Request, as_patterns
from inspectree.logger.samples import as_samples
from inspectree.logger.schedule import Schedule, as_schedule, asked_after_steps
from inspectree.logger.settings import PRECISIONS, Settings, as_json, one_of, resolved_header
from inspectree.logger.store.checkpoint_writer import Precision


class TreeLogger(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no types
    """Log a model into a store while it is trained: ``model.fit(x, y, callbacks=[TreeLogger(...)])``.

    For a hand-written loop: ``with TreeLogger(...).attach(model) as log:`` and in it `Loop.checkpoint`.

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
    vocabulary
        The words that numbers in the samples stand for: a list in the order of the numbers, or a dict of each
        word's number; of several inputs a dict of these by the inputs' names.
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
    gradients
        Also record the gradients of the loss on the samples, with respect to the trainable variables and to
        what layers give out; it needs labels, or losses that layers add, and costs as much as a training step
        on the samples.
    updates
        Also record of every training step the norms of the gradients and how far it moves the variables, seen
        in the model's optimizer, whose numbers of steps they have. Of very many steps between two checkpoints
        the latest are kept: 2 ** 20 numbers.
    save_model
        Also keep the model itself, as it was at the ``"last"`` checkpoint or at ``"every"`` one.
    hyperparameters
        What else is to be known of the training, as JSON; what can be found by looking is found.
    on_error
        With ``"warn"`` trouble with logging is told once, and the training goes on; with ``"raise"`` it ends.

    Raises
    ------
    InspectreeError
        When there are no samples, a parent doesn't exist, or the store cannot be written; and when ``fit``
        begins with a model that the samples or ``layers`` don't fit.
    ValueError
        When another argument has no meaning.

    Notes
    -----
    A training that was cut short goes on with its log: see `inspectree.logger.store.resuming.find`. What lies
    ahead of where it goes on is moved to the folder ``superseded``.
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
        vocabulary: Any = None,
        every: str | Schedule = "epoch",
        layers: str | Sequence[str] | None = None,
        exclude: str | Sequence[str] = (),
        precision: str = "float16",
        weights_precision: str | None = None,
        budget: str | int = "512 MB",
        gradients: bool = False,
        updates: bool = False,
        save_model: Keep | None = None,
        hyperparameters: Mapping[str, Any] | None = None,
        on_error: Literal["warn", "raise"] = "warn",
    ) -> None:
        super().__init__()
        fields = {"id": id, "name": name, "label": label, "parents": parents, "tags": tags, "notes": notes}
        rounded_weights = one_of("weights_precision", weights_precision, (None, *PRECISIONS))
        request = Request(
            layers=as_patterns(layers),
            exclude=as_patterns(exclude) or (),
            budget=parse_size(budget),
            precision=one_of("precision", precision, PRECISIONS),
            gradients=gradients,
            updates=updates,
        )
        settings = {
            "schedule": as_schedule(every),
            "save_model": one_of("save_model", save_model, (None, "last", "every")),
            "hyperparameters": as_json(hyperparameters),
            "raises": one_of("on_error", on_error, ("warn", "raise")) == "raise",
        }
        resolved, names_id = resolved_header(Path(store), header, fields)
        self._log = Log(
            Settings(
                store=Path(store),
                header=resolved,
                names_id=names_id,
                samples=as_samples(
                    samples,
                    max_samples=max_samples,
                    seed=seed,
                    class_names=class_names,
                    vocabulary=vocabulary,
                ),
                request=request,
                precision=Precision(precision, rounded_weights),
                **settings,
            )
        )
        self._asked_after_steps = asked_after_steps(self._log.settings.schedule)
        self._loop: Loop | None = None
        self._begins = False
        self._epoch_began = 0.0

    @property
    def header(self) -> Header:
        """Return the header of the model that is logged: that of an earlier log, when it is gone on with."""
        return self._log.header

    def attach(self, model: keras.Model, *, step: Any = None, epoch: Any = None) -> Loop:
        """Log a hand-written training loop: ``with TreeLogger(...).attach(model) as log:``.

        ``step`` and ``epoch`` are how many are done when a loop goes on from a state that it has restored. A
        checkpoint is recorded when the loop says so: ``every`` is not asked.

        Raises
        ------
        InspectreeError
            When ``model`` is no Keras model, or is being trained by ``fit``.
        """
        if not isinstance(model, keras.Model):
            raise InspectreeError(f"attach() takes a Keras model, not {type(model).__name__}")
        if is_fitted(model):
            raise InspectreeError("attach() is for loops without fit: give fit the TreeLogger as a callback")
        self._loop = Loop(self._log, model, step, epoch)
        return self._loop

    @property
    def async_safe(self) -> bool:
        """Tell Keras that it need not wait for the batches' results where none of them is recorded."""
        return not self._asked_after_steps

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002 - Keras' signature
        """Wait for the first epoch: before it, other callbacks may restore an earlier state."""
        self._begins = True

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002 - Keras' signature
        """Open the log and record the initial state, before the first step."""
        begins, self._begins = self._begins, False
        if begins:
            self._begin(epoch)
        self._log.progress.begin_epoch(epoch, self.params.get("steps"), iterations_of(self.model))
        self._epoch_began = time.perf_counter()
        if begins:
            self._log.record_first()

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Record, where the schedule asks after steps."""
        if self._asked_after_steps:
            self._log.progress.end_batch(batch, iterations_of(self.model))
            self._log.record_if_due(self._log.progress.new_steps(), logs or {})
        else:
            self._log.progress.end_batch(batch)

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002 - counted by Progress
        """Note the epoch's scalars; record, where the schedule asks after epochs."""
        seconds = time.perf_counter() - self._epoch_began
        self._log.progress.end_epoch(iterations_of(self.model))
        self._log.note(seconds, logs or {})
        if not self._asked_after_steps:
            self._log.record_if_due([self._log.progress.step], logs or {})

    def on_train_end(self, logs: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002 - Keras' signature
        """Wait until everything is written, and close the log."""
        self._log.end()

    def _begin(self, epoch: int) -> None:
        if self._loop is not None and self._loop.inside:
            raise InspectreeError("this TreeLogger is attached to a loop: give fit one of its own")
        self._log.begin(self, self.model, self._training, epoch=epoch)

    def _training(self) -> dict[str, Any]:
        """Return how Keras has been told to train."""
        return {
            "batch_size": batch_size_of_fit(),
            "epochs": self.params.get("epochs"),
            "steps_per_epoch": self.params.get("steps"),
        }
