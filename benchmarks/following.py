"""Measure how long after a file has its name the server tells of it.

    .venv/bin/python -I benchmarks/following.py

`inspectree serve` starts on an empty store; another process logs models with the logger's own writer, at
irregular intervals, without a deep-learning framework. A listener of `/api/events` notes when each event
comes. The delay counts from the file's last change of status (ctime), which on Linux' file systems is its
atomic renaming.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx
import numpy as np
import orjson

from inspectree.logger.architecture.model_graph import Edge, ModelGraph, Node, Tensor, Variable
from inspectree.logger.header import Header
from inspectree.logger.store.layout import MODEL_FILE, checkpoint_file, model_folder
from inspectree.logger.store.record import CheckpointRecord, LayerRecord, Output, Samples
from inspectree.logger.store.writer import ModelWriter

COUNT, INPUTS, UNITS = 1000, 784, 256
CLASSES = tuple("0123456789")
PAUSES = (0.05, 1.5)
"""Seconds between two checkpoints, drawn evenly: no multiple of the server's own second."""

QUIET = 10
"""Seconds in which something has to come: an event that was lost ends this with an error."""

INSPECTREE = "from inspectree.server.cli import main; raise SystemExit(main())"


def graph() -> ModelGraph:
    """Return input → dense, of MNIST's size."""
    shape = (INPUTS, UNITS)
    kernel = Variable(name="kernel", shape=shape, dims=("in", "out"), dtype="float32", trainable=True)
    nodes = (_node("image", "input", "InputLayer", INPUTS), _node("dense", "layer", "Dense", UNITS, kernel))
    edges = (Edge(source="image", target="dense"),)
    return ModelGraph(
        name="m", type="Functional", framework="keras", nodes=nodes, edges=edges, outputs=("dense",)
    )


def _node(name: str, kind: Any, type_: str, size: int, *variables: Variable) -> Node:
    output = Tensor(shape=(None, size), dtype="float32", dims=("sample", "unit"))
    return Node(id=name, kind=kind, type=type_, name=name, outputs=(output,), variables=variables)


def log(store: Path, models: int, checkpoints: int) -> None:
    """Log models one after the other, each checkpoint after a pause."""
    rng, pauses = np.random.default_rng(0), random.Random(0)
    classes = np.arange(COUNT) % len(CLASSES)
    inputs = {"image": rng.random((COUNT, INPUTS), dtype=np.float32)}
    samples = Samples(inputs, np.arange(COUNT), classes=classes, class_names=CLASSES)
    for number in range(models):
        writer = ModelWriter(store, Header(id=f"{number:08d}", name=f"model_{number}"))
        writer.start(graph(), {}, samples)
        for step in range(checkpoints):
            time.sleep(pauses.uniform(*PAUSES))
            weights = {"kernel": rng.normal(size=(INPUTS, UNITS)).astype(np.float32)}
            layer = LayerRecord(
                "dense",
                {"activations": Output.of(rng.random((COUNT, UNITS), dtype=np.float32))},
                weights=weights,
            )
            writer.checkpoint(CheckpointRecord(step, step, step, time.time(), {}, [layer]))
        writer.finish()


@contextmanager
def serving(store: Path) -> Iterator[str]:
    """Serve a store on a free port of this machine, and yield the address."""
    command = [sys.executable, "-u", "-c", INSPECTREE, "serve", str(store), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield next(word for word in server.stdout.readline().split() if word.startswith("http"))
        finally:
            server.terminate()


def events(address: str) -> Iterator[dict[str, Any]]:
    """Yield what the server tells, and when it came."""
    with httpx.stream("GET", f"{address}api/events", timeout=httpx.Timeout(5, read=QUIET)) as answer:
        for line in answer.iter_lines():
            if line.startswith("data: "):
                yield {**orjson.loads(line.removeprefix("data: ")), "came": time.time()}
            elif line.startswith(":"):
                yield {"kind": "listening"}


def delay(store: Path, event: dict[str, Any]) -> float:
    """Return the milliseconds between a file's name and the event of it."""
    folder = model_folder(store, event["model"])
    number = event["checkpoint"]
    file = folder / MODEL_FILE if number is None else checkpoint_file(folder, number)
    return (float(event["came"]) - file.stat().st_ctime) * 1000


def measure(store: Path, models: int, checkpoints: int) -> dict[str, list[float]]:
    """Return the delays in milliseconds, by kind of event."""
    found: dict[str, list[float]] = {"model_added": [], "checkpoint_added": []}
    logger: subprocess.Popen[bytes] | None = None
    with serving(store) as address:
        for event in events(address):
            if event["kind"] == "listening" and logger is None:
                logger = subprocess.Popen(
                    [sys.executable, "-I", __file__, "--log", store, *map(str, (models, checkpoints))]
                )
            elif event["kind"] in found:
                found[event["kind"]].append(delay(store, event))
            if len(found["checkpoint_added"]) == models * checkpoints:
                break
    if logger is not None:
        logger.wait()
    return found


def main() -> None:
    """Print one table."""
    options = argparse.ArgumentParser(description="how long after a file has its name the server tells of it")
    options.add_argument("--models", type=int, default=4)
    options.add_argument("--checkpoints", type=int, default=15, help="of each model")
    options.add_argument("--log", nargs=3, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.log:
        log(Path(given.log[0]), *map(int, given.log[1:]))
        return
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), given.models, given.checkpoints)
    print("event             count  median ms   95 % ms   max ms")
    for kind, delays in found.items():
        high = quantiles(delays, n=20, method="inclusive")[-1] if len(delays) > 1 else delays[0]
        print(f"{kind:16}  {len(delays):5}  {median(delays):9.0f}  {high:8.0f}  {max(delays):7.0f}")


if __name__ == "__main__":
    main()
