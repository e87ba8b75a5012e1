"""inspectree beside TensorBoard, ModelCheckpoint, MLflow and Weights & Biases, on the same training run.

``make comparison`` installs them into an environment of their own, `.venv-comparison`, and runs this;
``make comparison COMPARISON='--rounds 1 --count 2000 --epochs 3 --runs 20'`` is a quick try.

1. What logging costs: the same network on the same images from the same seed, all ways in turn, several
   rounds, each round begun by another way; medians, and ratios to the plain training of the same round. The
   processor's time includes that of processes which a tool has begun. What a tool does at its end counts.
2. What can be asked afterwards: see `comparison_asked.py`.
3. How long it takes to open a store of many runs: see `comparison_stores.py`.
"""

import gc
import logging
import os
import resource
import shutil
import statistics
import time
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, NamedTuple

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import psutil
import typer
from comparison_asked import EPOCH, QUESTIONS, Truth, asked
from comparison_stores import opened
from comparison_ways import BATCH, WAYS, network
from data import Images, images
from report import machine, markdown

SAMPLES = 1000
PACKAGES = ("keras", "tensorflow-cpu", "tensorboard", "mlflow", "wandb")
ASKED = 2000
"""Images that the training whose logs are asked takes."""


class Cost(NamedTuple):
    """What one training took: seconds of the clock and of processors, bytes that it has left."""

    seconds: float
    processor: float
    size: int


def measure(way: str, folder: Path, data: tuple[Any, Any], epochs: int) -> Cost:
    """Train once, watched in one way; where the machine was too busy to keep every checkpoint, say so."""
    x, y = data
    model = network()
    gc.collect()
    begun, worked = time.perf_counter(), processor_seconds()
    with WAYS[way](folder, (x[:SAMPLES], y[:SAMPLES])) as callbacks:
        model.fit(x, y, epochs=epochs, batch_size=BATCH, verbose=0, callbacks=callbacks)
        begun_processes = processor_seconds() - worked  # before those that the tool has begun are gone
    seconds = time.perf_counter() - begun
    kept = len([*folder.glob("models/*/checkpoints/*.h5")])
    if way.startswith("inspectree") and kept <= epochs:
        print(f"{way}: {epochs + 1 - kept} checkpoints were missed: measure on a quiet machine")
    return Cost(seconds, max(begun_processes, processor_seconds() - worked), size(folder))


def processor_seconds() -> float:
    """Return the processors' time that this process and all that it has begun have taken."""
    alive = [process.cpu_times() for process in psutil.Process().children(recursive=True)]
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    living = sum(times.user + times.system for times in alive)
    return time.process_time() + living + ended.ru_utime + ended.ru_stime


def size(folder: Path) -> int:
    """Return the bytes of a folder's files; links count nothing."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return sum(path.stat().st_size for path in files)


def costs(folder: Path, data: tuple[Any, Any], rounds: int, epochs: int) -> dict[str, list[Cost]]:
    """Train in every way, in every round, after one training whose compilations nobody is charged for."""
    measure("without", folder / "first", data, 1)
    found: dict[str, list[Cost]] = {way: [] for way in WAYS}
    names = list(WAYS)
    for number in range(rounds):
        for way in names[number:] + names[:number]:
            place = folder / f"{names.index(way)}-{number}"
            found[way].append(measure(way, place, data, epochs))
            shutil.rmtree(place, ignore_errors=True)
    return found


def cost_table(found: dict[str, list[Cost]], epochs: int) -> str:
    """Return medians, and medians of the ratios to the plain training of the same round."""
    rows = []
    for way, each in found.items():
        pairs = list(zip(each, found["without"], strict=True))
        clock = statistics.median(a.seconds / b.seconds for a, b in pairs)
        processor = statistics.median(a.processor / b.processor for a, b in pairs)
        more = statistics.median((a.processor - b.processor) / epochs for a, b in pairs)
        seconds = statistics.median(cost.seconds for cost in each)
        megabytes = statistics.median(cost.size for cost in each) / 1e6
        rows.append(
            (way, f"{seconds:.1f}", f"{clock:.3f}", f"{processor:.3f}", f"{more:.2f}", f"{megabytes:.1f}")
        )
    head = ("", "fit, s", "× of the clock", "× of the processor", "more processor per epoch, s", "MB left")
    return markdown(head, rows)


def question_table(folder: Path, data: tuple[Any, Any], epochs: int) -> str:
    """Return what each way's files answer."""
    x, y = (values[:ASKED] for values in data)
    columns = {}
    for number, way in enumerate(list(WAYS)[1:]):
        place = folder / f"asked-{number}"
        truth = Truth((x[:SAMPLES], y[:SAMPLES]))
        with WAYS[way](place, truth.samples) as callbacks:
            network().fit(x, y, epochs=epochs, batch_size=BATCH, verbose=0, callbacks=[*callbacks, truth])
        columns[way] = list(asked(way, place, truth))
    rows = [(question, *answer) for question, *answer in zip(QUESTIONS, *columns.values(), strict=True)]
    return markdown(("", *columns), rows)


def main(
    images_file: Images = None,
    rounds: int = 3,
    epochs: int = 5,
    count: Annotated[int, typer.Option(help="images to train on")] = 20_000,
    runs: Annotated[list[int] | None, typer.Option(help="of the stores that are opened; 0: none")] = None,
    at: Annotated[Path | None, typer.Option(help="where stores of many runs are kept; else removed")] = None,
) -> None:
    """Print three tables."""
    if epochs < EPOCH:
        raise typer.BadParameter(f"questions are about epoch {EPOCH}: --epochs {EPOCH} or more")
    logging.getLogger("inspectree").setLevel(logging.WARNING)
    print(f"{machine()}, {', '.join(f'{name} {version(name)}' for name in PACKAGES)}\n")
    data = images(images_file, max(count, ASKED))
    sizes = [each for each in sorted(runs or [100, 1000]) if each]
    with TemporaryDirectory() as name:
        folder = Path(name)
        print(cost_table(costs(folder, data, rounds, epochs), epochs), "\n", flush=True)
        print(question_table(folder, data, epochs), "\n", flush=True)
        if sizes:
            print(opened(at or folder / "stores", sizes))


if __name__ == "__main__":
    typer.run(main)
