"""Where a log starts: at its beginning, or where an earlier one is gone on with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from inspectree.logger.capture.observer import Observer
from inspectree.logger.capture.scalars import iterations_of
from inspectree.logger.errors import StoreError
from inspectree.logger.header import Header
from inspectree.logger.settings import Settings
from inspectree.logger.store.reader import ModelReader
from inspectree.logger.store.resuming import Moment, Training, find
from inspectree.logger.store.superseding import NOTHING
from inspectree.logger.store.writer import ModelWriter

Awaited = Literal["first", "gap"]
"""What is to be recorded before the first step: the initial state, or one that a crash has cost."""


@dataclass(frozen=True)
class Start:
    """A log that is open, and how far its training has come; ``known`` are the settings that it tells."""

    header: Header
    writer: ModelWriter
    step: int
    epoch: int
    awaits: Awaited | None
    known: Mapping[str, Any]


def start(
    settings: Settings, writer: ModelWriter, observer: Observer, told: Moment, training: Mapping[str, Any]
) -> Start:
    """Go on with the log that this training was cut short in, or begin one with ``writer``.

    Raises
    ------
    StoreError
        When the store's model with the chosen id is another one.
    """
    known = Training(writer.header, settings.names_id, observer.graph, observer.samples, told.is_first)
    found = find(settings.store, known)
    gone_on = None if found is None else _gone_on(settings, writer, observer, found, told)
    return gone_on or _anew(settings, writer, observer, told, training)


def _anew(
    settings: Settings, writer: ModelWriter, observer: Observer, told: Moment, training: Mapping[str, Any]
) -> Start:
    step = told.step or 0
    before = (iterations_of(observer.model) or 0) - step
    known = observer.hyperparameters({**training, "iterations_before": before})
    if settings.hyperparameters:
        known["user"] = dict(settings.hyperparameters)
    writer.start(observer.graph, known, observer.samples)
    print(f"inspectree: {writer.header.title} ({writer.header.id}) into {writer.folder}")
    return Start(writer.header, writer, step, told.epoch or 0, "first", known)


def _gone_on(
    settings: Settings, mine: ModelWriter, observer: Observer, found: ModelReader, told: Moment
) -> Start | None:
    """Go on with a log; None where another process was faster."""
    at = told.in_log(found)
    ahead_of = (NOTHING, None) if told.is_first else (at.step, at.epoch if told.is_by_epoch else None)
    try:
        writer = ModelWriter(settings.store, found.header, settings.precision, resumes=True)
        aside = writer.resume(observer.graph, observer.samples, *ahead_of)
    except StoreError:
        if settings.names_id:
            raise
        return None
    if found.header.id != mine.header.id:
        mine.abandon()
    _tell(writer, at.step, aside)
    last = _last_moment(found)
    awaits: Awaited | None = "first" if last is None else "gap" if last[0] < at.step else None
    epoch = max(at.epoch, last[1] if last else 0)
    return Start(found.header, writer, at.step, epoch, awaits, found.hyperparameters)


def _last_moment(reader: ModelReader) -> tuple[int, int] | None:
    """Return the step and epoch of the last checkpoint; None without one."""
    numbers = reader.checkpoint_numbers()
    last = reader.checkpoint(numbers[-1]) if numbers else None
    return None if last is None else (last.step, last.epoch)


def _tell(writer: ModelWriter, step: int, aside: int) -> None:
    header = writer.header
    later = f", {aside} later checkpoint{'s' * (aside != 1)} set aside" if aside else ""
    print(f"inspectree: {header.title} ({header.id}) goes on in {writer.folder} after step {step}{later}")
