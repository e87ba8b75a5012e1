"""Kill a training that logs at random moments: what it has written is whole, and a restarted one goes on.

A small convolutional network is trained in a process of its own; every step is a checkpoint, and the model
itself is kept too. It is ended by SIGKILL at a moment that is drawn evenly. Then, each time: every checkpoint
that has its name is read completely with h5py alone, in a process without inspectree; the readers list these
checkpoints and no other; `inspectree check` finds nothing but what a killed process leaves; a training that
is restarted from the saved model goes on with the same log, loses no checkpoint of it, and ends well. The
processes are forked from one that has imported Keras, but computed nothing yet.
``python benchmarks/killing.py [--kills 100] [--longest 4] [--seed 0]``
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import keras
import numpy as np
import typer
from rich.console import Console
from rich.table import Table
from sklearn.datasets import load_digits

from inspectree.logger import Every, TreeLogger
from inspectree.logger.store.layout import CHECKPOINTS, MODELS, SAVED, checkpoint_file, model_folder
from inspectree.server import open_store
from inspectree.server.check import check
from inspectree.server.inspector import Inspector

SAMPLES, BATCH = 300, 32
NAME = "killed"

STEPS = 5
"""The steps that a restarted training does."""

PLAIN = """
import sys, h5py, hdf5plugin
def read(name, node):
    if isinstance(node, h5py.Dataset):
        node[()]
def walk(group):
    group.visititems(read)
    for name in group:
        link = group.get(name, getlink=True)
        if isinstance(link, h5py.HardLink):
            if isinstance(group[name], h5py.Group):
                walk(group[name])
        elif isinstance(group[name], h5py.Dataset):
            group[name][()]
        else:
            group[name].visititems(read)
for path in sys.argv[1:]:
    try:
        with h5py.File(path) as file:
            walk(file)
    except Exception as error:
        print(path, repr(error))
"""
"""Reads files to the last value, links included, and prints those where that fails."""


@dataclass(frozen=True)
class Aftermath:
    """What one kill has left; the lists name what should not be."""

    moment: float
    checkpoints: int
    leftovers: int
    unreadable: list[str]
    misread: list[str]
    unsound: list[str]
    went_on: bool

    @property
    def well(self) -> bool:
        """Tell whether nothing is lost."""
        return self.went_on and not (self.unreadable or self.misread or self.unsound)


def network() -> keras.Model:
    """Return a small convolutional network, compiled."""
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.Flatten(),
            layers.Dropout(0.2),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train(store: Path, epochs: int, steps: int | None = None) -> None:
    """Train, from the model that the log has saved where there is one, with a checkpoint at every step."""
    digits = load_digits()
    images = (digits.images[..., np.newaxis] / 16).astype(np.float32)
    saved = sorted(model_folder(store, NAME).glob(f"{SAVED}/[!.]*"))
    model = keras.saving.load_model(saved[-1]) if saved else network()
    log = TreeLogger(
        store,
        id=NAME,
        name=NAME,
        samples=(images[:SAMPLES], digits.target[:SAMPLES]),
        every=Every.steps(1),
        save_model="last",
        on_error="raise",
    )
    model.fit(
        images,
        digits.target,
        batch_size=BATCH,
        epochs=epochs,
        steps_per_epoch=steps,
        verbose=0,
        callbacks=[log],
    )


def forked(output: Path, action: Callable[[], None]) -> int:
    """Do something in a process of its own, which prints into a file; return its id."""
    process = os.fork()
    if process:
        return process
    with output.open("a") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        try:
            action()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)


def killed(store: Path, output: Path, moment: float) -> None:
    """Train, and end it by SIGKILL after so many seconds."""
    process = forked(output, lambda: train(store, epochs=10_000))
    time.sleep(moment)
    os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    if not os.WIFSIGNALED(status):
        raise RuntimeError(f"the training ended by itself: {output.read_text()}")


def goes_on(store: Path, output: Path) -> bool:
    """Tell whether a restarted training ends well, with all its checkpoints."""
    before = _identities(store)
    process = forked(output, lambda: train(store, epochs=1, steps=STEPS))
    _, status = os.waitpid(process, 0)
    if status:
        return False
    (model,) = open_store(store).models
    complete = model.state == "finished" and model.checkpoint_numbers == tuple(range(len(model.checkpoints)))
    after = _identities(store)
    return complete and before <= after and len(after) - len(before) >= STEPS and not _unsound(store)


def aftermath(store: Path, output: Path, moment: float) -> Aftermath:
    """Kill one training and look at what is left."""
    killed(store, output, moment)
    announced, leftovers = _announced(store), len(list(store.rglob(".*.tmp*")))
    return Aftermath(
        moment=moment,
        checkpoints=len(announced),
        leftovers=leftovers,
        unreadable=_unreadable(announced),
        misread=_misread(store, announced),
        unsound=_unsound(store),
        went_on=goes_on(store, output),
    )


def _identities(store: Path) -> set[int]:
    """Return what stays of every checkpoint when it is moved; the log moves those that are done again."""
    return {path.stat().st_ino for path in store.glob(f"{MODELS}/*/*/[!.]*.h5")}


def _announced(store: Path) -> list[str]:
    """Return the checkpoints that have their names."""
    return sorted(map(str, store.glob(f"{MODELS}/*/{CHECKPOINTS}/[!.]*")))


def _unreadable(files: list[str]) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-I", "-c", PLAIN, *files], capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def _misread(store: Path, announced: list[str]) -> list[str]:
    """Return the files that the readers list without their being checkpoints, or the other way round."""
    models = open_store(store).models if store.is_dir() else []
    listed = {str(checkpoint_file(model.folder, c.number)) for model in models for c in model.checkpoints}
    return sorted(listed ^ set(announced))


def _unsound(store: Path) -> list[str]:
    """Return what `inspectree check` calls damage."""
    if not store.is_dir():
        return []
    with Inspector() as inspector:
        found = [finding for finding in check(store, inspector) if finding is not None]
    return [f"{finding.where}: {finding.what}" for finding in found if not finding.harmless]


def report(found: list[Aftermath]) -> None:
    """Print one table, and every failure."""
    table = Table("what", "value")
    table.add_row("kills", str(len(found)))
    table.add_row("before the first checkpoint", str(sum(each.checkpoints == 0 for each in found)))
    table.add_row("with a half-written file left", str(sum(each.leftovers > 0 for each in found)))
    table.add_row("checkpoints announced, median", f"{median(each.checkpoints for each in found):.0f}")
    table.add_row("checkpoints announced, all", str(sum(each.checkpoints for each in found)))
    table.add_row("not readable with plain h5py", str(sum(len(each.unreadable) for each in found)))
    table.add_row("temporary files taken for checkpoints, or the reverse", str(_count(found, "misread")))
    table.add_row("stores that `inspectree check` calls unsound", str(_count(found, "unsound")))
    table.add_row("restarted trainings that failed", str(sum(not each.went_on for each in found)))
    console = Console()
    console.print(table)
    for each in found:
        if not each.well:
            console.print(each)


def _count(found: list[Aftermath], name: str) -> int:
    return sum(bool(getattr(each, name)) for each in found)


def main(kills: int = 100, longest: float = 4, seed: int = 0) -> None:
    """Kill so many trainings, each within ``longest`` seconds of its begin, and print what is left."""
    moments = random.Random(seed)
    found = []
    folder = Path(tempfile.mkdtemp())
    for number in range(kills):
        typer.echo(f"kill {number + 1} of {kills}", err=True)
        store = folder / f"{number}"
        found.append(aftermath(store, folder / "output", moments.uniform(0, longest)))
        shutil.rmtree(store, ignore_errors=True)
        (folder / "output").unlink()
    report(found)
    shutil.rmtree(folder)
    raise typer.Exit(not all(each.well for each in found))


if __name__ == "__main__":
    typer.run(main)
