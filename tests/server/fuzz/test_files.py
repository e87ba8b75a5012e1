"""A thousand damaged files, asked for from a running server: each has an answer, and all else goes on.

Half of them have the digest of what was written, as a failing disk leaves them; the others one that fits,
as a hostile writer makes it.
"""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from inspectree.logger.header import Header
from inspectree.logger.store.digest import sealed
from inspectree.server.api.app import create_app
from inspectree.server.store import open_store
from tests.server.fuzz.apart import Apart, apart
from tests.server.fuzz.variants import Variant, variants

Serving = Callable[[FastAPI], AbstractContextManager[httpx.Client]]

SOUND = "sound000-model"
ALL = [
    *variants(175, "model", honest=True, start=0),
    *variants(175, "model", honest=False, start=200),
    *variants(250, "checkpoint", honest=True, start=400),
    *variants(250, "checkpoint", honest=False, start=700),
    *variants(150, "history", honest=True, start=1000),
]

VALUES: list[dict[str, Any]] = [
    {"uoa": "dense/kernel"},
    {"uoa": "conv/activations", "pipeline": [{"op": "mean", "over": ["sample"]}]},
    {"uoa": "flatten/activations", "pipeline": [{"op": "histogram", "bins": 8}]},
    {"uoa": "conv/mean_class_activations"},
    {"uoa": "image/activations", "pipeline": [{"op": "max"}]},
]


def name(variant: Variant) -> str:
    """Return the id of the model whose file is damaged, as long as that of the sound one."""
    return f"variant-{variant.number:06d}"


def questions(variant: Variant) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Yield what is asked of one model: mostly what the damaged file has to tell."""
    about = f"/api/models/{name(variant)}"
    values = VALUES[variant.number % len(VALUES)]
    if variant.file == "history":
        yield f"{about}/history", None
    elif variant.file == "checkpoint":
        yield f"{about}/checkpoints", None
        yield "/api/values", {**values, "uoa": f"{name(variant)}@0/{values['uoa']}"}
    else:
        parts = ("", "/architecture", "/samples")
        yield about + parts[variant.number % len(parts)], None
        yield f"/api/samples/{name(variant)}/{('0', 'classes')[variant.number % 2]}.png", None


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, write_model: Callable[..., object]) -> Path:
    """Write a sound model, and one for each variant: what isn't damaged is linked, not copied."""
    path = tmp_path_factory.mktemp("damaged")
    write_model(path, Header(id=SOUND, name="sound"), (0,))
    for variant in ALL:
        _damage(path / "models" / SOUND, path / "models" / name(variant), variant)
    return path


def _damage(sound: Path, folder: Path, variant: Variant) -> None:
    files = {"model": "model.h5", "checkpoint": "checkpoints/000000.h5", "history": "history.jsonl"}
    folder.joinpath("checkpoints").mkdir(parents=True)
    for kind, place in files.items():
        content = (sound / place).read_bytes()
        if kind == "model":
            content = _renamed(content, name(variant))
        if kind == variant.file:
            content = variant.made_of(content)
        (folder / place).write_bytes(content)


def _renamed(model: bytes, id_: str) -> bytes:
    content = bytearray(model.replace(SOUND.encode(), id_.encode()))
    sealed(memoryview(content))
    return bytes(content)


@pytest.fixture(scope="module")
def server(store: Path) -> Iterator[Apart]:
    with apart(store) as server:
        yield server


@pytest.fixture(scope="module")
def asked(server: Apart) -> httpx.Client:
    return server.client


def test_every_question_about_a_damaged_file_is_answered(asked: httpx.Client) -> None:
    """No answer says that the server failed, and none fails to come."""

    def ask(variant: Variant) -> list[str]:
        failures = []
        for path, body in questions(variant):
            begun = time.monotonic()
            try:
                answer = asked.get(path) if body is None else asked.post(path, json=body)
                if answer.status_code < 500 and answer.headers["content-type"]:
                    continue
                what = f"{answer.status_code} {answer.text}"
            except httpx.HTTPError as error:
                what = f"{type(error).__name__} after {time.monotonic() - begun:.0f} s"
            failures.append(f"{variant}: {path} {json.dumps(body)}: {what}")
        return failures

    with ThreadPoolExecutor(4) as several:
        failures = [failure for found in several.map(ask, ALL) for failure in found]
    assert not failures, "\n".join(failures)


def test_every_damaged_model_is_listed_or_told_of(asked: httpx.Client) -> None:
    told = asked.get("/api/experiments").json()
    listed = {model["id"] for experiment in told["experiments"] for model in experiment["models"]}
    problems = {problem["where"]: problem["what"] for problem in told["problems"]}
    assert SOUND in listed
    assert {name(variant) for variant in ALL} <= listed | problems.keys()


def test_what_is_sound_is_answered_as_if_it_were_alone(
    asked: httpx.Client, serving: Serving, store: Path, tmp_path: Path
) -> None:
    shutil.copytree(store / "models" / SOUND, tmp_path / "models" / SOUND)
    with serving(create_app(open_store(tmp_path))) as alone:
        for question in VALUES:
            body = {**question, "uoa": f"{SOUND}@0/{question['uoa']}"}
            answers = [client.post("/api/values", json=body).json() for client in (asked, alone)]
            assert answers[0]["values"] == answers[1]["values"]


def test_the_server_is_still_there(server: Apart) -> None:
    assert server.client.get("/api/health").json()["status"] == "ok"
    assert server.process.poll() is None
