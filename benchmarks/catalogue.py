"""Measure what it costs to open a store, to look at it again, and to tell its overview.

    .venv/bin/python -I benchmarks/catalogue.py [--models 100] [--checkpoints 50]

A store of models in a tree is written with the logger's own writer; all files are in the system's cache. The
overview is asked for over HTTP, on this machine, as the dashboard asks after every event. Medians where
something is done more than once.
"""

import argparse
import shutil
import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter

import httpx
import numpy as np

from inspectree.logger.architecture.model_graph import Edge, ModelGraph, Node, Tensor, Variable
from inspectree.logger.header import Header
from inspectree.logger.store.layout import checkpoint_file, model_folder
from inspectree.logger.store.record import CheckpointRecord, LayerRecord, Output, Samples
from inspectree.logger.store.writer import ModelWriter
from inspectree.server import open_store
from inspectree.server.api.app import create_app
from inspectree.server.api.serving import serving

LAYERS, UNITS, COUNT = 6, 8, 20
CLASSES = ("a", "b")
CHILDREN = 3
TIMES = 7


def graph() -> ModelGraph:
    """Return an input and some dense layers."""
    outputs = (Tensor(shape=(None, UNITS), dtype="float32", dims=("sample", "unit")),)
    kernel = Variable(name="kernel", shape=(UNITS,) * 2, dims=("in", "out"), dtype="float32", trainable=True)
    names = [f"dense_{number}" for number in range(LAYERS)]
    layers = (
        Node(id=name, kind="layer", type="Dense", name=name, variables=(kernel,), outputs=outputs)
        for name in names
    )
    return ModelGraph(
        name="plain",
        type="Functional",
        framework="keras",
        nodes=(Node(id="image", kind="input", type="InputLayer", name="image", outputs=outputs), *layers),
        edges=tuple(Edge(source=a, target=b) for a, b in pairwise(["image", *names])),
        outputs=(names[-1],),
    )


def write(store: Path, models: int, checkpoints: int) -> None:
    """Log models; the checkpoints of the first are copied to the others."""
    rng = np.random.default_rng(0)
    inputs = {"image": rng.random((COUNT, UNITS), dtype=np.float32)}
    samples = Samples(inputs, np.arange(COUNT), classes=np.arange(COUNT) % 2, class_names=CLASSES)
    for number in range(models):
        parents = (_id((number - 1) // CHILDREN),) if number else ()
        writer = ModelWriter(store, Header(id=_id(number), name=f"model_{number}", parents=parents))
        writer.start(graph(), {"batch_size": 32}, samples)
        for step in range(checkpoints):
            writer.scalars(epoch=step, step=step, seconds=1.0, metrics=_metrics(step))
            if number == 0:
                writer.checkpoint(_record(step, rng))
        writer.finish()
        if number:
            shutil.copytree(
                model_folder(store, _id(0)) / "checkpoints", writer.folder / "checkpoints", dirs_exist_ok=True
            )


def _id(number: int) -> str:
    return f"{number:08d}-model"


def _metrics(step: int) -> dict[str, float]:
    return {"loss": 1 / (step + 1), "val_loss": abs(step - 9) + 0.5}


def _record(step: int, rng: np.random.Generator) -> CheckpointRecord:
    layers = [
        LayerRecord(
            f"dense_{number}",
            {"activations": Output.of(rng.random((COUNT, UNITS), dtype=np.float32))},
            weights={"kernel": rng.normal(size=(UNITS, UNITS)).astype(np.float32)},
        )
        for number in range(LAYERS)
    ]
    return CheckpointRecord(step, step, step, 1_700_000_000.0 + step, _metrics(step), layers)


def milliseconds(work: Callable[[], object]) -> float:
    """Return how long something takes."""
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000


def measure(folder: Path) -> dict[str, float]:
    """Return milliseconds by what was done."""
    found: dict[str, float] = {}
    start = perf_counter()
    store = open_store(folder)
    found["open the store"] = (perf_counter() - start) * 1000
    found["look again, nothing new"] = median(milliseconds(store.refresh) for _ in range(TIMES))
    with serving(create_app(store)) as address, httpx.Client(base_url=address, timeout=600) as client:
        client.get("/api/health")

        def overview() -> object:
            return client.get("/api/experiments").raise_for_status()

        found["overview, the first time"] = milliseconds(overview)
        found["overview, again"] = median(milliseconds(overview) for _ in range(TIMES))
        refreshes, overviews = [], []
        for number in range(1000, 1000 + TIMES):
            model = model_folder(folder, _id(0))
            shutil.copy(checkpoint_file(model, 1), checkpoint_file(model, number))
            refreshes.append(milliseconds(store.refresh))
            overviews.append(milliseconds(overview))
        found["look again, one new checkpoint"] = median(refreshes)
        found["overview after that"] = median(overviews)
        locate = median(milliseconds(lambda: client.post("/api/locate", json={})) for _ in range(TIMES))
        found["localisation of everything, again"] = locate
    return found


def main() -> None:
    """Print one table."""
    options = argparse.ArgumentParser(description="what a store's overview costs")
    options.add_argument("--models", type=int, default=100)
    options.add_argument("--checkpoints", type=int, default=50, help="of each model")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), given.models, given.checkpoints)
        found = measure(Path(folder))
    print(f"{f'{given.models} models, {given.checkpoints} checkpoints each':36}        ms")
    for what, took in found.items():
        print(f"{what:36}  {took:8.1f}")


if __name__ == "__main__":
    main()
