"""Measure how a server's costs grow with its store: 10, 100 and 1,000 models of 11 checkpoints.

    .venv/bin/python benchmarks/thousand.py [--models 10 --models 100 --models 1000] [--at FOLDER]

Each store is served by `inspectree serve` and asked over HTTP; all files are in the system's cache. Models
and checkpoints are added as the logger does it: the delay counts from a file's name, by its last change of
status (ctime), to the event at a listener of `/api/events`. Memory is that of all the server's processes;
what they share counts once. Where something is done more than once, the median is told.
"""

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import httpx
import typer
from following import delay, events
from live import Live, milliseconds, serving, written
from report import machine, markdown
from stores import Clone, add_checkpoint, add_model, model_id

from inspectree.logger.header import Header
from inspectree.logger.store.layout import model_folder

TIMES = 7
ASKED = 50
"""Models of which values are asked for."""

IDLE = 10
"""Seconds for which the server is watched while nothing happens."""

READY, OVERVIEW, MEMORY = (
    "begun, until all models are told, s",
    "/api/experiments, again, ms",
    "memory then, MB",
)
WANTED = {READY: "2", OVERVIEW: "200", MEMORY: "500"}

ORIGINAL = model_id("digits", 0)

Found = dict[str, float]


def measure(store: Path, models: int) -> Found:
    """Return what was measured, by what it is."""
    with serving(store) as live, live.client() as client:
        found = {"begun, until /api/health answers, s": live.ready}
        first = milliseconds(lambda: overview(client, models))
        found[READY] = live.ready + first / 1000
        found["/api/experiments, first, ms"] = first
        found[OVERVIEW] = median(milliseconds(lambda: overview(client, models)) for _ in range(TIMES))
        found["memory after that, MB"] = live.memory
        found[f"a reduction of a kernel, of up to {ASKED} models one by one, ms"] = median(
            asked(client, models)
        )
        found[MEMORY] = live.memory
        located = [milliseconds(lambda: client.post("/api/locate", json={})) for _ in range(1 + TIMES)]
        found["/api/locate of everything, first, ms"] = located[0]
        found["/api/locate of everything, again, ms"] = median(located[1:])
        found["processor while nothing happens, %"] = 100 * live.busy(IDLE)
        return {**found, **arrivals(live, client, store)}


def overview(client: httpx.Client, models: int) -> None:
    """Ask for everything, and see that it is there."""
    told = client.get("/api/experiments").raise_for_status().json()["experiments"]
    assert sum(len(experiment["models"]) for experiment in told) == models


def asked(client: httpx.Client, models: int) -> Iterator[float]:
    """Ask for values of some models, all over the store; yield the milliseconds that each takes."""
    for number in range(0, models, max(1, models // ASKED)):
        question = {
            "uoa": f"{model_id('digits', number)}/dense/kernel",
            "pipeline": [{"op": "median", "over": ["in"]}],
        }
        yield milliseconds(lambda body=question: client.post("/api/values", json=body).raise_for_status())  # type: ignore[misc] # mypy takes defaults of lambdas for arguments


def arrivals(live: Live, client: httpx.Client, store: Path) -> Found:
    """Add models and checkpoints; return the delays of their events, and what is asked for then."""
    original = model_folder(store, ORIGINAL)
    headers = [Header(id=f"new-{n}-model", name=f"new_{n}", parents=(ORIGINAL,)) for n in range(TIMES)]
    told = events(live.address)
    next(told)
    models, checkpoints, overviews = [], [], []
    try:
        for header in headers:
            add_model(store, Clone(original, header, timedelta()))
            models.append(delay(store, awaited(told, "model_added")))
        for number in range(TIMES):
            add_checkpoint(model_folder(store, headers[0].id), original, number)
            checkpoints.append(delay(store, awaited(told, "checkpoint_added")))
            overviews.append(milliseconds(lambda: client.get("/api/experiments").raise_for_status()))
    finally:
        for header in headers:
            shutil.rmtree(model_folder(store, header.id), ignore_errors=True)
    return {
        "a new model, until its event, ms": median(models),
        "a new checkpoint, until its event, ms": median(checkpoints),
        "/api/experiments after a new checkpoint, ms": median(overviews),
    }


def awaited(told: Iterator[dict[str, Any]], kind: str) -> dict[str, Any]:
    """Return the next event of a kind; one that does not come ends this with an error."""
    return next(event for event in told if event["kind"] == kind)


def part(store: Path, of: Path, models: int) -> Path:
    """Return a store of another one's first models, which holds whole experiments or a part of one."""
    for number in range(models):
        folder = model_folder(of, model_id("digits", number))
        if not model_folder(store, folder.name).exists():
            shutil.copytree(folder, model_folder(store, folder.name), copy_function=os.link)
    return store


def rows(found: dict[int, Found]) -> Iterator[tuple[object, ...]]:
    """Yield a line for everything that was measured; the growth is that of the last step."""
    *_, last = sizes = list(found.values())
    for what in last:
        numbers = [size[what] for size in sizes]
        growth = f"× {numbers[-1] / numbers[-2]:.1f}" if len(numbers) > 1 and numbers[-2] else ""
        yield what, *(f"{number:,.1f}" for number in numbers), growth, WANTED.get(what, "")


def main(
    models: Annotated[list[int] | None, typer.Option(help="of each store, ascending")] = None,
    at: Annotated[
        Path | None, typer.Option(help="where the stores are, or are written; else removed")
    ] = None,
) -> None:
    """Print one table."""
    print(f"{machine()}\n")
    sizes = sorted(models or [10, 100, 1000])
    with TemporaryDirectory() as folder:
        largest = (at or Path(folder)) / f"{sizes[-1]}"
        written(largest, "many", "--models", f"{sizes[-1]}")
        stores = {size: part(largest.with_name(f"{size}"), largest, size) for size in sizes}
        found = {size: measure(store, size) for size, store in stores.items()}
    head = ("models of 11 checkpoints", *(f"{size:,}" for size in sizes), "growth", "wanted")
    print(markdown(head, rows(found)))


if __name__ == "__main__":
    typer.run(main)
