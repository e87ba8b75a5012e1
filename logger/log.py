"""A model's log while the model is trained: trouble with it is told, and the training goes on."""

import weakref
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from inspectree.logger.capture.distribution import is_chief
from inspectree.logger.capture.keras_internals import is_fitted
from inspectree.logger.capture.observer import Observer
from inspectree.logger.capture.saving import Keep, save_model
from inspectree.logger.capture.scalars import checked_count, checked_number, iterations_of, numbers
from inspectree.logger.cost import Cost, peak_memory
from inspectree.logger.ending import finish, watch
from inspectree.logger.errors import InspectreeError, StoreError, reason_of
from inspectree.logger.hyperparameters import changes, run_settings
from inspectree.logger.progress import Progress
from inspectree.logger.settings import Settings
from inspectree.logger.start import Awaited, start
from inspectree.logger.store.process import State
from inspectree.logger.store.resuming import Moment
from inspectree.logger.store.writer import ModelWriter
from inspectree.logger.trouble import Trouble

LONGEST_WAIT = 10.0
"""Seconds that a checkpoint waits for the one before to be written; then it is left out."""

_LOGS: "weakref.WeakSet[Log]" = weakref.WeakSet()


class Log:
    """The log of one model: begun, recorded into, and ended, as often as the model is trained.

    Raises
    ------
    InspectreeError
        When the store cannot be written, or holds another model with the id.
    """

    def __init__(self, settings: Settings) -> None:
        _end_left(settings)
        self.settings = settings
        self.header = settings.header
        self.progress = Progress()
        self.is_open = False
        self._writer = ModelWriter(
            settings.store, settings.header, settings.precision, resumes=settings.names_id
        )
        self._observer: Observer | None = None
        self._cost = Cost()
        self._trouble = Trouble(settings.header.name, self._cost, raises=settings.raises)
        self._in_hand = 0, 0
        self._awaits: Awaited | None = None
        self._known: Mapping[str, Any] = {}
        self._changed: Mapping[str, Any] = {}
        self._given_up = self._in_loop = False
        self._early_end: weakref.finalize[Any, Any] | None = None
        _LOGS.add(self)

    @property
    def is_left(self) -> bool:
        """Tell whether this is open although nothing is trained any more, as after Ctrl-C in a notebook."""
        return self.is_open and not (self._in_loop or is_fitted(self._model))

    @property
    def _model(self) -> Any:
        assert self._observer is not None  # set when the log was opened
        return self._observer.model

    # the life of the log

    def begin(
        self,
        owner: Any,
        model: Any,
        training: Callable[[], Mapping[str, Any]],
        *,
        step: Any = None,
        epoch: Any = None,
        in_loop: bool = False,
    ) -> None:
        """Open the log, or go on with one, when ``step`` and ``epoch`` are done; None where it is not told.

        The log ends with ``owner`` at the latest. ``in_loop`` says that this is a hand-written one.

        Raises
        ------
        InspectreeError
            When the samples or layers do not fit the model, or the store's model is another one.
        """
        if self._given_up:
            return
        self.end("interrupted")  # Keras tells nothing of Ctrl-C: the run before may still be open
        self._cost.begin()
        with self._trouble.guarding(self._refuse):
            if not is_chief(model):
                self._give_way()
                return
            told = Moment(_count("step", step), _count("epoch", epoch), iterations_of(model))
            self._open(model, training(), told)
            self._in_loop = in_loop
            finishing = partial(finish, self._writer, self._cost, self._changed)
            self._early_end = watch(owner, self._writer, finishing)
            self._cost.step_seconds(self.progress.step)
            self.is_open = True

    def record_first(self) -> None:
        """Record the state that training begins with, unless it is there."""
        awaits, self._awaits = self._awaits, None
        if awaits == "first":
            self.record({}, first=True)
        elif awaits == "gap":
            self.record_if_due([self.progress.step], {})

    def record_if_due(self, steps: Iterable[int], metrics: Mapping[str, Any]) -> None:
        """Record a checkpoint where the schedule says so after one of ``steps``."""
        due = False
        if self.is_open:
            with self._trouble.guarding(self._give_up):
                due = any(self.settings.schedule(step, self.progress.epoch) for step in steps)
        if due:
            self.record(metrics)

    def record(self, metrics: Mapping[str, Any], *, first: bool = False) -> None:
        """Record a checkpoint, metrics that are numbers included, unless the disk is busy for too long."""
        if self.is_open:
            with self._trouble.guarding(self._miss):
                if self._is_ready():
                    self._record(0 if first else max(1, self._writer.next_number), numbers(metrics))

    def note(self, seconds: float, metrics: Mapping[str, Any]) -> None:
        """Append those of the metrics that are numbers to the history."""
        progress = self.progress
        if self.is_open:
            with self._trouble.guarding(self._trouble.tell):
                moment = {"epoch": progress.epoch, "step": progress.step, **self._iterations()}
                self._writer.scalars(**moment, seconds=seconds, metrics=numbers(metrics))

    def checked(self, metrics: Mapping[str, Any]) -> dict[str, float]:
        """Return the metrics that are numbers, and tell of those that are none."""
        found: dict[str, float] = {}
        for name, value in metrics.items():
            with self._trouble.guarding(self._trouble.tell):
                found[str(name)] = checked_number(name, value)
        return found

    def count(self, name: str, value: Any) -> int | None:
        """Return a count that a loop gives; None where it gives none, or no whole number, which is told."""
        with self._trouble.guarding(self._trouble.tell):
            return _count(name, value)
        return None

    def end(self, state: State = "finished", error: str | None = None) -> None:
        """Wait until everything is written, and close the log."""
        if self.is_open:
            with self._trouble.guarding(self._give_up):
                if self._observer is not None:
                    self._observer.stop()
                self._writer.wait()
                self._check_last()
                self._stop_watching()  # not before: Ctrl-C may come while it waits
            if self.is_open:
                self.is_open = False
                with self._trouble.guarding(self._trouble.tell):
                    finish(self._writer, self._cost, self._changed, state, error)

    # how it begins

    def _open(self, model: Any, training: Mapping[str, Any], told: Moment) -> None:
        if self._observer is None:
            settings = self.settings
            observer = Observer(model, settings.samples, settings.request, raises=settings.raises)
            self._start(observer, training, told)
            self._observer = observer
            print(f"inspectree: {len(observer.samples)} samples, {observer.plan}")
        elif self._observer.model is model:
            self._writer.reopen()
        else:
            raise InspectreeError(
                f"this TreeLogger logs {self.header.name!r} already: use another for each model"
            )
        self._changed = changes(run_settings(model, training), self._known)
        self._observer.watch()

    def _start(self, observer: Observer, training: Mapping[str, Any], told: Moment) -> None:
        begun = start(self.settings, self._writer, observer, told, training)
        self.header, self._writer = begun.header, begun.writer
        self._awaits, self._known = begun.awaits, begun.known
        self.progress.go_to(begun.step, begun.epoch)

    def _give_way(self) -> None:
        """Leave the log to the process that is the chief of those that train the model."""
        self._given_up = True
        self._writer.abandon()

    # how it is recorded into

    def _is_ready(self) -> bool:
        """Wait for the checkpoint before, so that never two are in memory."""
        if not self._writer.wait(LONGEST_WAIT):
            self._missed(
                f"the disk is slow, the checkpoint before was still being written after {LONGEST_WAIT:g} s"
            )
            return False
        self._check_last()
        return self.is_open

    def _check_last(self) -> None:
        try:
            self._writer.check()
        except StoreError as error:
            if self._trouble.raises:
                raise
            self._miss(error, self._in_hand)

    def _record(self, number: int, metrics: Mapping[str, float]) -> None:
        assert self._observer is not None  # set when the log was opened
        progress = self.progress
        self._in_hand = progress.step, progress.epoch
        record = self._observer.record(number, progress.step, progress.epoch, metrics)
        self._writer.checkpoint(record, **self._iterations(), **self._costs(progress.step))
        if self.settings.save_model is not None:
            self._save(number, self.settings.save_model)

    def _costs(self, step: int) -> dict[str, Any]:
        return {"step_seconds": self._cost.step_seconds(step), "peak_memory": peak_memory()}

    def _iterations(self) -> dict[str, int]:
        """Return the updates that the optimizer was given, by which a training that goes on is found here."""
        iterations = iterations_of(self._model)
        return {} if iterations is None else {"iterations": iterations}

    def _save(self, number: int, keep: Keep) -> None:
        try:
            save_model(self._model, self._writer.folder, number, keep)
        except Exception as error:  # a user's layer may have arguments that it cannot give back
            if self._trouble.raises:
                raise
            self._trouble.say(f"the model could not be saved: {reason_of(error)}")

    # what is done about trouble

    def _refuse(self, error: Exception) -> None:
        """Raise what is wrong use, before the first step; else train without a log."""
        self._writer.abandon()
        if isinstance(error, InspectreeError):
            raise error
        self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        self.is_open, self._given_up = False, True
        self._stop_watching()
        if self._observer is not None:
            self._observer.stop()
        reason = reason_of(error)
        self._trouble.last_word(reason)
        with suppress(Exception):  # what broke the log may keep its state from being written: that was told
            self._writer.finish("failed", f"logging stopped: {reason}")

    def _miss(self, error: Exception, moment: tuple[int, int] | None = None) -> None:
        """Do without a checkpoint; the next one is tried again, unless there is nowhere to write it."""
        if self._writer.vanished:
            self._give_up(error)
        else:
            self._missed(reason_of(error), moment)

    def _missed(self, reason: str, moment: tuple[int, int] | None = None) -> None:
        step, epoch = moment or (self.progress.step, self.progress.epoch)
        self._cost.missed += 1
        self._trouble.say(f"{reason} (such checkpoints are left out, as history.jsonl tells)")
        with suppress(StoreError):  # the disk that takes no checkpoint may not take this, either
            self._writer.event("missed", step=step, epoch=epoch, reason=reason)

    def _stop_watching(self) -> None:
        if self._early_end is not None:
            self._early_end.detach()


def _count(name: str, value: Any) -> int | None:
    return None if value is None else checked_count(name, value)


def _end_left(settings: Settings) -> None:
    """End what this process has left open of a log that stands where another is about to."""
    for log in list(_LOGS):
        same = log.header.id == settings.header.id or log.header.name == settings.header.name
        if same and log.settings.store == settings.store and log.is_left:
            log.end("interrupted")
