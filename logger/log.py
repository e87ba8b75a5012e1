"""A model's log while the model is trained: trouble with it is told, and the training goes on."""

import logging
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, Literal

from inspectree.logger.capture.distribution import is_chief
from inspectree.logger.capture.observer import Observer
from inspectree.logger.capture.saving import Keep, save_model
from inspectree.logger.capture.scalars import iterations_of
from inspectree.logger.cost import Cost, peak_memory
from inspectree.logger.ending import finish, reason_of, watch
from inspectree.logger.errors import InspectreeError, StoreError
from inspectree.logger.header import Header
from inspectree.logger.progress import Progress
from inspectree.logger.settings import Settings
from inspectree.logger.store.process import State
from inspectree.logger.store.reader import ModelReader
from inspectree.logger.store.resuming import Training, find, steps_done
from inspectree.logger.store.superseding import NOTHING
from inspectree.logger.store.writer import ModelWriter

LONGEST_WAIT = 10.0
"""Seconds that a checkpoint waits for the one before to be written; then it is left out."""

messages = logging.getLogger("inspectree")


class Log:
    """The log of one model: begun, recorded into, and ended, as often as the model is trained.

    Raises
    ------
    InspectreeError
        When the store cannot be written, or holds another model with the id.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.header = settings.header
        self.progress = Progress()
        self.is_open = False
        self._writer = self._written_by(settings.header, resumes=settings.names_id)
        self._observer: Observer | None = None
        self._cost = Cost()
        self._told: set[str] = set()
        self._in_hand = 0, 0
        self._awaits: Literal["first", "gap"] | None = None
        self._given_up = False
        self._early_end: weakref.finalize[Any, Any] | None = None

    def _written_by(self, header: Header, *, resumes: bool) -> ModelWriter:
        return ModelWriter(self.settings.store, header, self.settings.precision, resumes=resumes)

    # the life of the log

    def begin(
        self, owner: Any, model: Any, training: Mapping[str, Any], *, step: int | None, epoch: int | None
    ) -> None:
        """Open the log, or go on with one, when ``step`` and ``epoch`` are done; None where it is not told.

        The log ends with ``owner`` at the latest.

        Raises
        ------
        InspectreeError
            When the samples or layers do not fit the model, or the store's model is another one.
        """
        if self._given_up:
            return
        self.end("interrupted")  # Keras tells nothing of Ctrl-C: the run before may still be open
        self._cost.begin()
        with self._guarding(self._refuse):
            if not is_chief(model):
                self._give_way()
                return
            self._open(model, training, step, epoch)
            self._early_end = watch(owner, partial(finish, self._writer, self._cost))
            self._cost.step_seconds(self.progress.step)
            self.is_open = True

    def record_first(self) -> None:
        """Record the state that training begins with, unless it is there."""
        awaits, self._awaits = self._awaits, None
        if awaits == "first":
            self.record({}, first=True)
        elif awaits == "gap":
            self.record_if_due([self.progress.step], {})

    def record_if_due(self, steps: Iterable[int], metrics: Mapping[str, float]) -> None:
        """Record a checkpoint where the schedule says so after one of ``steps``."""
        due = False
        if self.is_open:
            with self._guarding(self._give_up):
                due = any(self.settings.schedule(step, self.progress.epoch) for step in steps)
        if due:
            self.record(metrics)

    def record(self, metrics: Mapping[str, float], *, first: bool = False) -> None:
        """Record a checkpoint, unless the disk is busy for too long."""
        if self.is_open:
            with self._guarding(self._miss):
                if self._is_ready():
                    self._record(0 if first else max(1, self._writer.next_number), metrics)

    def note(self, seconds: float, metrics: Mapping[str, float]) -> None:
        """Append scalars to the history."""
        progress = self.progress
        if self.is_open:
            with self._guarding(self._tell):
                self._writer.scalars(
                    epoch=progress.epoch, step=progress.step, seconds=seconds, metrics=metrics
                )

    def end(self, state: State = "finished", error: str | None = None) -> None:
        """Wait until everything is written, and close the log."""
        if self.is_open:
            with self._guarding(self._give_up):
                if self._observer is not None:
                    self._observer.stop()
                self._writer.wait()
                self._check_last()
                self._stop_watching()  # not before: Ctrl-C may come while it waits
            if self.is_open:
                self.is_open = False
                with self._guarding(self._tell):
                    finish(self._writer, self._cost, state, error)

    # how it begins

    def _open(self, model: Any, training: Mapping[str, Any], step: int | None, epoch: int | None) -> None:
        if self._observer is None:
            settings = self.settings
            observer = Observer(model, settings.samples, settings.request, raises=settings.raises)
            iterations = iterations_of(model)
            anew = not (step or epoch or iterations)
            known = Training(self.header, self.settings.names_id, observer.graph, observer.samples, anew)
            found = find(self.settings.store, known)
            if found is None or not self._resume(observer, found, anew, step, epoch):
                self._start(observer, training, step or 0, epoch or 0, iterations)
            self._observer = observer
            print(f"inspectree: {len(observer.samples)} samples, {observer.plan}")
        elif self._observer.model is model:
            self._writer.reopen()
        else:
            raise InspectreeError(
                f"this TreeLogger logs {self.header.name!r} already: use another for each model"
            )
        self._observer.watch()

    def _start(
        self, observer: Observer, training: Mapping[str, Any], step: int, epoch: int, iterations: int
    ) -> None:
        settings = observer.hyperparameters({**training, "iterations_before": iterations - step})
        if self.settings.hyperparameters:
            settings["user"] = dict(self.settings.hyperparameters)
        self._writer.start(observer.graph, settings, observer.samples)
        self.progress.go_to(step, epoch)
        self._awaits = "first"
        print(f"inspectree: {self.header.title} ({self.header.id}) into {self._writer.folder}")

    def _resume(
        self, observer: Observer, found: ModelReader, anew: bool, step: int | None, epoch: int | None
    ) -> bool:
        """Go on with a log; tell whether that could be done: another process may have been faster."""
        if step is None:
            step = 0 if anew else steps_done(found, epoch, iterations_of(observer.model))
        try:
            writer = self._written_by(found.header, resumes=True)
            aside = writer.resume(observer.graph, observer.samples, NOTHING if anew else step, epoch)
        except StoreError:
            if self.settings.names_id:
                raise
            return False
        if found.header.id != self.header.id:
            self._writer.abandon()
        self.header, self._writer = found.header, writer
        kept = found.checkpoint_numbers()
        last = found.checkpoint(kept[-1]) if kept else None
        self._awaits = "first" if last is None else "gap" if last.step < step else None
        self.progress.go_to(step, epoch if epoch is not None else last.epoch if last else 0)
        later = f", {aside} later checkpoint{'s' * (aside != 1)} set aside" if aside else ""
        print(
            f"inspectree: {self.header.title} ({self.header.id}) goes on in {writer.folder} "
            f"after step {step}{later}"
        )
        return True

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
            if self.settings.raises:
                raise
            self._miss(error, self._in_hand)

    def _record(self, number: int, metrics: Mapping[str, float]) -> None:
        assert self._observer is not None  # set when the log was opened
        progress = self.progress
        self._in_hand = progress.step, progress.epoch
        self._writer.checkpoint(self._observer.record(number, progress.step, progress.epoch, metrics))
        self._note_cost(number)
        if self.settings.save_model is not None:
            self._save(number, self.settings.save_model)

    def _note_cost(self, number: int) -> None:
        step, epoch = self._in_hand
        numbers = {"step_seconds": self._cost.step_seconds(step), "peak_memory": peak_memory()}
        with suppress(StoreError):  # of a full disk, which the checkpoint meets, too
            self._writer.event("checkpoint", number=number, step=step, epoch=epoch, **numbers)

    def _save(self, number: int, keep: Keep) -> None:
        assert self._observer is not None  # set when the log was opened
        try:
            save_model(self._observer.model, self._writer.folder, number, keep)
        except Exception as error:  # a user's layer may have arguments that it cannot give back
            if self.settings.raises:
                raise
            self._say(f"the model could not be saved: {reason_of(error)}")

    # what is done about trouble

    @contextmanager
    def _guarding(self, meet: Callable[[Exception], None]) -> Iterator[None]:
        """Count the time as held, and ``meet`` what goes wrong, unless it is to end the training."""
        with self._cost.holding():
            try:
                yield
            except Exception as error:
                if self.settings.raises:
                    raise
                meet(error)

    def _refuse(self, error: Exception) -> None:
        """Raise what is wrong use, before the first step; else train without a log."""
        self._writer.abandon()
        if isinstance(error, InspectreeError):
            raise error
        self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        self.is_open, self._given_up = False, True
        self._stop_watching()
        reason = reason_of(error)
        messages.warning("inspectree stopped logging %r, training goes on: %s", self.header.name, reason)
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
        self._say(f"{reason} (such checkpoints are left out, as history.jsonl tells)")
        with suppress(StoreError):  # the disk that takes no checkpoint may not take this, either
            self._writer.event("missed", step=step, epoch=epoch, reason=reason)

    def _tell(self, error: Exception) -> None:
        self._say(reason_of(error))

    def _say(self, text: str) -> None:
        if text not in self._told:
            self._told.add(text)
            messages.warning("inspectree, logging %r: %s", self.header.name, text)

    def _stop_watching(self) -> None:
        if self._early_end is not None:
            self._early_end.detach()
