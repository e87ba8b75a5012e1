"""Measure how long quick questions take while the server works on a slow one.

    .venv/bin/python benchmarks/delays.py [--slow quantiles --slow tsne] [--seconds 30] [--at FOLDER]

The slow question takes 5 s or more, and is asked again and again, each time otherwise: quantiles of the
activations of a layer on 1,000 samples at several checkpoints, or t-SNE of 1,600 activations of each.
Another client asks in turns for `/api/health`, for values that are cached, and for values that are not: one
unit of a layer, another one each time. First it does so alone.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import count
from math import ceil
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import monotonic, sleep
from typing import Annotated, Any

import httpx
import typer
from live import Live, milliseconds, serving, written
from report import machine, markdown, met

SLOW = 5.0
"""Seconds that the slow question is to take at least."""

LARGEST = CHECKPOINTS = 11
STEPS = 250
PAUSE = 0.05
"""Seconds between two quick questions."""

MODEL, OTHER = "0000-mnist", "0001-mnist"
UNITS = 10

HEALTH, CACHED, COLD = "/api/health", "cached values", "one unit of a layer, not cached"
WANTED = {HEALTH: 20.0, CACHED: 50.0}

Json = dict[str, Any]
Times = dict[str, list[float]]


def quantiles_of(size: int, number: int) -> Json:
    """Return the question for quantiles at so many checkpoints; ``number`` makes it another one."""
    share = (1 + number) / 1000
    by = ["checkpoint"] * (size > 1)
    return {
        "uoa": [f"{MODEL}@{checkpoint}/conv2d/activations" for checkpoint in range(size)],
        "pipeline": [{"op": "quantile", "q": [share, 1 - share], "by": by}],
    }


def tsne_of(size: int, number: int) -> Json:
    """Return the question for t-SNE in space, in so many times 250 steps."""
    step = {"op": "tsne", "components": 3, "perplexity": 50, "iterations": STEPS * size, "seed": number}
    return {"uoa": f"{MODEL}@1/flatten/activations", "pipeline": [step]}


SLOW_ONES = {"quantiles": quantiles_of, "tsne": tsne_of}


class SlowClient:
    """Asks a slow question for as long as it is used as a context manager; ``seconds`` are its times."""

    def __init__(self, live: Live, question: Callable[[int, int], Json]) -> None:
        self.seconds: list[float] = []
        self._question, self._numbers = question, count()
        self._client = live.client()
        self._stop = Event()
        self._thread = Thread(target=self._go_on)
        self._ask(1)  # so that what is done once is done
        self._size = min(LARGEST, ceil(SLOW / self._ask(1)))

    def _ask(self, size: int) -> float:
        """Return the seconds that the question takes in a size."""
        question = self._question(size, next(self._numbers))
        return milliseconds(lambda: ask(self._client, question)) / 1000

    def __enter__(self) -> "SlowClient":
        self._thread.start()
        sleep(1)  # until it is being worked on
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _go_on(self) -> None:
        while not self._stop.is_set():
            self.seconds.append(self._ask(self._size))


def ask(client: httpx.Client, question: Json) -> None:
    """Ask for values."""
    client.post("/api/values", json=question).raise_for_status()


def quick_questions(client: httpx.Client) -> dict[str, Callable[[], object]]:
    """Return what is asked beside, by what it is; each call asks once."""
    known = {"uoa": f"{OTHER}@1/dense/kernel", "pipeline": [{"op": "quantile", "q": [0.5], "over": ["in"]}]}
    ask(client, known)
    others = (
        {"uoa": f"{OTHER}@{number % CHECKPOINTS}/dense/activations#{unit}", "pipeline": [step]}
        for number in count()
        for unit in range(UNITS)
        for step in [{"op": "clip", "low": -number - 1.0, "high": number + 1.0}]
    )
    return {
        HEALTH: lambda: client.get("/api/health").raise_for_status(),
        CACHED: lambda: ask(client, known),
        COLD: lambda: ask(client, next(others)),
    }


def measure(client: httpx.Client, seconds: float) -> Times:
    """Return milliseconds of every kind of quick question, asked in turns."""
    found: Times = defaultdict(list)
    questions = quick_questions(client)
    for ask_once in questions.values():
        ask_once()
    end = monotonic() + seconds
    while monotonic() < end:
        for what, ask_once in questions.items():
            found[what].append(milliseconds(ask_once))
            sleep(PAUSE)
    return found


def rows(alone: Times, beside: Times) -> Iterator[tuple[object, ...]]:
    """Yield a line for every kind of quick question."""
    for what, times in beside.items():
        wanted = WANTED.get(what)
        high = quantiles(times, n=20)[-1]
        numbers = median(alone[what]), max(alone[what]), median(times), high, max(times)
        goal = (f"{wanted:.0f}", met(high, wanted), met(max(times), wanted)) if wanted else ("", "", "")
        yield what, len(times), *(f"{number:.1f}" for number in numbers), *goal


HEAD = ("ms", "n", "alone", "most", "beside", "95 %", "most", "wanted", "95 % meet it", "all meet it")


def main(
    slow: Annotated[
        list[str] | None, typer.Option(help=f"{' or '.join(SLOW_ONES)}; both where none is named")
    ] = None,
    seconds: float = 30,
    at: Annotated[
        Path | None, typer.Option(help="where the store is, or is written; else it is removed")
    ] = None,
) -> None:
    """Print a table for each slow question."""
    print(f"{machine()}\n")
    with TemporaryDirectory() as folder:
        store = at or Path(folder)
        written(store, "questions")
        for name in slow or SLOW_ONES:
            with serving(store) as live, live.client() as client:
                alone = measure(client, seconds)
                with SlowClient(live, SLOW_ONES[name]) as asking:
                    beside = measure(client, seconds)
            print(f"Beside {name}, which took {median(asking.seconds):.1f} s (median):\n")
            print(markdown(HEAD, rows(alone, beside)) + "\n")


if __name__ == "__main__":
    typer.run(main)
