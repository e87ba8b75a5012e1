"""Have many clients ask mixed questions, for a minute and then for another one.

    .venv/bin/python benchmarks/soak.py [--clients 64] [--seconds 60] [--at FOLDER]

Each client asks one question after the other, drawn from those that a dashboard asks of a store of 100
models. There are fewer of them than are asked in the first minute: what the server keeps of them it has
then. Wanted: no error, and no more memory (of all its processes; what they share counts once) after the
second minute than after the first.
"""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Annotated, Any

import httpx
import typer
from live import LONG, Live, serving, written
from report import machine, markdown
from stores import model_id

MODELS = 100
ASKED = 12
"""Models that are asked about."""

CHECKPOINTS = range(11)
MEASURES = ("variance", "skew", "maximum", "sparsity")
GROWTH = 5.0
"""Per cent of memory that count as none."""

SHOWN = 5


@dataclass(frozen=True)
class Question:
    """What is asked; ``body`` None stands for a GET."""

    kind: str
    path: str
    body: Any = None


@dataclass
class Minute:
    """What came of a minute: milliseconds by kind of question, and errors."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    seconds: float = 0

    @property
    def answers(self) -> int:
        """Return the number of answers."""
        return sum(map(len, self.times.values()))


def pool() -> list[Question]:
    """Return all questions; a kind that has many is drawn more often."""
    ids = [model_id("digits", number * (MODELS // ASKED)) for number in range(ASKED)]
    whole = [Question("health", "health"), Question("experiments", "experiments")] * ASKED
    each = [question for id_ in ids for question in (*about(id_), *values(id_))]
    scored = [
        Question("interestingness", "interestingness", {"models": ids[:count], "measure": measure})
        for count in (1, ASKED)
        for measure in MEASURES
    ]
    return [*whole, *each, *scored, Question("locate", "locate", {})]


def about(model: str) -> Iterator[Question]:
    """Yield questions about a model as a whole."""
    yield Question("model", f"models/{model}")
    for part in ("architecture", "checkpoints", "history"):
        yield Question(part, f"models/{model}/{part}")
    yield Question("samples", f"models/{model}/samples?ids=0,1,2,3")
    yield Question("image", f"samples/{model}/7.png?scale=4")


def values(model: str) -> Iterator[Question]:
    """Yield questions about a model's values."""
    layer = [f"{model}@{number}/conv2d" for number in CHECKPOINTS]
    by_checkpoint = {"by": ["checkpoint"]}
    several = {
        "histogram over training": {
            "uoa": [f"{each}/kernel" for each in layer],
            "pipeline": [{"op": "histogram", "bins": 30, **by_checkpoint}],
        },
        "one unit over training": {"uoa": [f"{each}/activations#1" for each in layer]},
        "confusion matrix": {"uoa": f"{model}/y_prediction", "pipeline": [{"op": "confusion_matrix"}]},
    }
    for kind, body in several.items():
        yield Question(kind, "values", body)
    for each in layer:
        mean = {"op": "mean", "over": ["sample"], "by": ["class"]}
        yield Question("class means", "values", {"uoa": f"{each}/activations", "pipeline": [mean]})
        top = {"op": "top_k", "k": 20, "magnitude": True}
        yield Question("largest weights", "values", {"uoa": f"{each}/kernel", "pipeline": [top]})


async def ask_on(address: str, questions: list[Question], seed: int, end: float, found: Minute) -> None:
    """Ask one question after the other until the time has come."""
    chance = random.Random(seed)
    async with httpx.AsyncClient(base_url=f"{address}api/", timeout=LONG) as client:
        while perf_counter() < end:
            question = chance.choice(questions)
            begun = perf_counter()
            if error := await ask(client, question):
                found.errors[f"{question.kind}: {error}"] += 1
            found.times[question.kind].append((perf_counter() - begun) * 1000)


async def ask(client: httpx.AsyncClient, question: Question) -> str | None:
    """Ask a question; return what went wrong."""
    try:
        if question.body is None:
            answer = await client.get(question.path)
        else:
            answer = await client.post(question.path, json=question.body)
    except httpx.HTTPError as error:
        return repr(error)
    return f"{answer.status_code} {answer.text[:200]}" if answer.is_error else None


async def minute(live: Live, clients: int, seconds: float, seed: int) -> Minute:
    """Have all clients ask for a while."""
    found, questions, begun = Minute(), pool(), perf_counter()
    asking = (
        ask_on(live.address, questions, seed + number, begun + seconds, found) for number in range(clients)
    )
    await asyncio.gather(*asking)
    found.seconds = perf_counter() - begun
    return found


def rows(found: Minute) -> Iterator[tuple[object, ...]]:
    """Yield a line for every kind of question."""
    for kind, times in sorted(found.times.items()):
        high = quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]
        yield kind, len(times), f"{median(times):.0f}", f"{high:.0f}", f"{max(times):.0f}"


def totals(minutes: list[Minute], memory: list[float]) -> Iterator[tuple[object, ...]]:
    """Yield a line for what counts."""
    yield "answers", *(found.answers for found in minutes), ""
    yield "answers per second", *(f"{found.answers / found.seconds:.0f}" for found in minutes), ""
    yield "errors", *(found.errors.total() for found in minutes), "0"
    growth = 100 * (memory[2] / memory[1] - 1)
    yield f"memory at the end, MB (before {memory[0]:.0f})", *(f"{each:.0f}" for each in memory[1:]), ""
    yield "growth, %", "", f"{growth:.1f}", f"{GROWTH:.0f}"


def main(
    clients: int = 64,
    seconds: float = 60,
    at: Annotated[
        Path | None, typer.Option(help="where the store is, or is written; else it is removed")
    ] = None,
) -> None:
    """Print two tables."""
    print(f"{machine()}\n")
    with TemporaryDirectory() as folder:
        store = at or Path(folder)
        written(store, "many", "--models", f"{MODELS}")
        minutes: list[Minute] = []
        with serving(store) as live:
            memory = [live.memory]
            for number in range(2):
                minutes.append(asyncio.run(minute(live, clients, seconds, number * clients)))
                memory.append(live.memory)
    print(markdown((f"{clients} clients", "first minute", "second", "wanted"), totals(minutes, memory)))
    print(f"\n{markdown(('second minute, ms', 'n', 'median', '95 %', 'most'), rows(minutes[1]))}")
    for error, times in (minutes[0].errors + minutes[1].errors).most_common(SHOWN):
        print(f"\n{times} × {error}")


if __name__ == "__main__":
    typer.run(main)
