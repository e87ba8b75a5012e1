"""Setting aside what a training that goes on from an earlier point will do again."""

import json
from pathlib import Path
from typing import Any

from inspectree.logger.errors import StoreError
from inspectree.logger.store import layout
from inspectree.logger.store.atomic import replacing
from inspectree.logger.store.checkpoint_reader import CheckpointReader
from inspectree.logger.store.history import FIRST_LINE, whole_lines
from inspectree.logger.store.jsontext import dumps
from inspectree.logger.store.reader import ModelReader

NOTHING = -1
"""The step that lies before every checkpoint."""


def set_aside(folder: Path, step: int, epoch: int | None) -> int:
    """Move what lies ahead of ``step`` and ``epoch`` into ``superseded/``; return how many checkpoints.

    Whenever this is cut short nothing is lost, and doing it again completes it: the history's lines are
    copied before they are taken out, and the checkpoints go from the last to the first.
    """
    history, aside = folder / layout.HISTORY_FILE, folder / layout.SUPERSEDED
    lines = whole_lines(history)
    ahead = [line for line in lines if _is_ahead(line, step, epoch)]
    numbers = _checkpoints_ahead(folder, step, epoch)
    if not ahead and not numbers:
        return 0
    aside.mkdir(exist_ok=True)
    turn = _next_turn(aside)
    if ahead:
        _write(aside / f"history.{turn}.jsonl", [(dumps(FIRST_LINE) + "\n").encode(), *ahead])
    for number in numbers:
        _move(folder, number, turn)
    if ahead:
        _write(history, [line for line in lines if not _is_ahead(line, step, epoch)])
    return len(numbers)


def _checkpoints_ahead(folder: Path, step: int, epoch: int | None) -> list[int]:
    """Return the numbers from the last down to the first one ahead; unreadable ones count as ahead."""
    ahead, model = [], ModelReader(folder)
    for path in sorted((folder / layout.CHECKPOINTS).glob("[!.]*.h5"), reverse=True):
        try:
            checkpoint = CheckpointReader(path, model)
        except StoreError:
            pass
        else:
            if not _is_later(checkpoint.step, checkpoint.epoch, step, epoch):
                break
        ahead.append(int(path.stem))
    return ahead


def _is_ahead(line: bytes, step: int, epoch: int | None) -> bool:
    """Tell whether a line of the history tells of a later moment; some tell of none."""
    try:
        told: dict[str, Any] = json.loads(line)
        return _is_later(told["step"], told["epoch"], step, epoch)
    except (ValueError, KeyError, TypeError):
        return False


def _is_later(its_step: int, its_epoch: int, step: int, epoch: int | None) -> bool:
    return its_step > step or (epoch is not None and its_epoch > epoch)


def _next_turn(aside: Path) -> int:
    """Return a number that no file there has: 1 for what is set aside first."""
    turns = [path.name.split(".")[1] for path in aside.glob("[!.]*.*.*")]
    return 1 + max((int(turn) for turn in turns if turn.isdigit()), default=0)


def _move(folder: Path, number: int, turn: int) -> None:
    """Move a checkpoint, and the model that was saved with it; its links hold from the new place, too."""
    aside = folder / layout.SUPERSEDED
    saved = folder / layout.SAVED / f"{number:06d}.keras"
    if saved.exists():
        saved.replace(aside / f"{number:06d}.{turn}.keras")
    layout.checkpoint_file(folder, number).replace(aside / f"{number:06d}.{turn}.h5")


def _write(path: Path, lines: list[bytes]) -> None:
    with replacing(path) as temporary:
        temporary.write_bytes(b"".join(lines))
