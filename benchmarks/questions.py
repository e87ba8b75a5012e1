"""Measure what an answer takes, beside the same read and arithmetic in bare h5py and NumPy.

    .venv/bin/python benchmarks/questions.py [--rounds 9] [--at FOLDER]

Each round begins a server on a store that the logger has written, asks it every question about a model
that serves for nothing else (what is imported or begun once is there then), and, taking turns with the floor:

* *first contact*: a question about a model of which the server has opened no checkpoint yet;
* *cold*: about another one, which it knows from an unrelated question (a bias of every checkpoint); nothing
  that the question reads has been asked for before;
* *warm*: the same again, three times.

Every question has models of its own. All files are in the system's cache, for the floor too. Times are the
client's, over HTTP with a connection that is kept, from the question to the parsed JSON; medians of the
rounds. The answers are compared with what the floor has found.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Annotated

import floors
import httpx
import numpy as np
import orjson
import typer
from floors import Values
from live import serving, written
from queries import QUESTIONS, Json, Question
from report import machine, markdown, met

WARM_TIMES = 3
WARMED = 4
"""How often the questions that serve for nothing else are asked: several workers may take turns."""

AS_JSON = {"Content-Type": "application/json"}

SAME_WORK, OVERHEAD, CACHED = 1.5, 10.0, 5.0
"""Wanted: a cold answer in so many times the floor and so many ms; a warm one in so many ms."""


@dataclass
class Times:
    """Milliseconds of every round."""

    floor: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """A server that is asked, and the store that it serves."""

    client: httpx.Client
    store: Path

    def ask(self, question: Question, ids: list[str], variant: int) -> tuple[float, Json]:
        """Return the milliseconds until an answer is there, and the answer."""
        body = orjson.dumps(question.body(ids, variant))
        begun = perf_counter()
        answer = self.client.post(f"/api/{question.route}", content=body, headers=AS_JSON)
        content = orjson.loads(answer.content)
        took = (perf_counter() - begun) * 1000
        if answer.is_error:
            raise SystemExit(f"{question.what}: {content['detail']}")
        return took, content

    def make_known(self, question: Question, ids: list[str]) -> None:
        """Have every checkpoint of the models opened, for something that is not asked for later."""
        for model in ids:
            uoas = [f"{model}@{number}/{question.unrelated}" for number in question.checkpoints]
            self.client.post("/api/values", json={"uoa": uoas}).raise_for_status()

    def floor(self, question: Question, ids: list[str], variant: int) -> tuple[float, Values]:
        """Return the milliseconds of the same without a server, and what was found."""
        folders = [self.store / "models" / model for model in ids]
        begun = perf_counter()
        found = question.floor(folders, variant)
        return (perf_counter() - begun) * 1000, found


def parts(questions: list[Question], store: Path) -> dict[str, list[list[str]]]:
    """Return the ids of the models that each question has in each role; in the first all have the same."""
    ids = sorted(path.name for path in (store / "models").iterdir())
    found = {}
    for models in {question.models for question in questions}:
        alike = [question for question in questions if question.models == models]
        own = [id_ for id_ in ids if id_.endswith(f"-{models}")]
        count = alike[0].count
        groups = [own[start : start + count] for start in range(0, len(own), count)]
        for place, question in enumerate(alike):
            found[question.what] = [groups[0], *groups[1 + 2 * place : 3 + 2 * place]]
    return found


def warm_up(asked: Asked, questions: list[Question], models: dict[str, list[list[str]]]) -> None:
    """Ask everything about models that serve for nothing else."""
    for variant in range(WARMED):
        for question in questions:
            asked.ask(question, models[question.what][0], variant)


def play(asked: Asked, question: Question, models: list[list[str]], times: Times) -> None:
    """Ask a question in every way, taking turns with the floor."""
    _, first, known = models
    times.first.append(asked.ask(question, first, 0)[0])
    times.floor.append(asked.floor(question, first, 0)[0])
    asked.make_known(question, known)
    took, answer = asked.ask(question, known, 1)
    times.cold.append(took)
    took, expected = asked.floor(question, known, 1)
    times.floor.append(took)
    compare(question, question.found(answer), expected)
    times.warm += [asked.ask(question, known, 1)[0] for _ in range(WARM_TIMES)]


def compare(question: Question, found: Values, expected: Values) -> None:
    """End the program where the server has found other things than the floor: it has not done the same."""
    expected = np.abs(expected) if question.op == "pca" else expected
    scale = float(np.abs(expected).max())
    if found.shape != expected.shape or not np.allclose(found, expected, rtol=1e-3, atol=1e-3 * scale):
        raise SystemExit(f"{question.what}: the server and the floor have found different things")


def answerable(store: Path) -> list[Question]:
    """Return the questions whose steps the server's grammar has, and tell which it has not."""
    with serving(store) as live, live.client() as client:
        ops = {step["op"] for step in client.get("/api/grammar").json()["steps"]}
    missing = [question for question in QUESTIONS if question.op is not None and question.op not in ops]
    for question in missing:
        print(f"not asked, for there is no step {question.op!r}: {question.what}\n")
    return [question for question in QUESTIONS if question not in missing]


def measure(store: Path, rounds: int) -> dict[str, Times]:
    """Return the times of every question."""
    projection = floors.principal_components(store / "models" / "0000-mnist")
    questions = [
        replace(question, floor=projection) if question.op == "pca" else question
        for question in answerable(store)
    ]
    models = parts(questions, store)
    found = {question.what: Times() for question in questions}
    for _ in range(rounds):
        with serving(store) as live, live.client() as client:
            asked = Asked(client, store)
            warm_up(asked, questions, models)
            for question in questions:
                play(asked, question, models[question.what], found[question.what])
    return found


def rows(found: dict[str, Times]) -> Iterator[tuple[str, ...]]:
    """Yield a line per question."""
    for what, times in found.items():
        floor, first, cold, warm = map(median, (times.floor, times.first, times.cold, times.warm))
        wanted = SAME_WORK * floor + OVERHEAD
        yield (
            what,
            *(f"{number:.1f}" for number in (floor, first, cold, wanted)),
            met(cold, wanted),
            f"{warm:.1f}",
            met(warm, CACHED),
        )


HEAD = ("ms", "floor", "first contact", "cold", "wanted", "met", "warm", f"met ({CACHED:.0f})")


def main(
    rounds: int = 9,
    at: Annotated[
        Path | None, typer.Option(help="where the store is, or is written; else it is removed")
    ] = None,
) -> None:
    """Print one table."""
    print(f"{machine()}\n")
    with TemporaryDirectory() as folder:
        store = at or Path(folder)
        written(store, "questions")
        print(markdown(HEAD, rows(measure(store, rounds))))


if __name__ == "__main__":
    typer.run(main)
