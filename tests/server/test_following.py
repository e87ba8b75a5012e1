"""What is told of a store that changes."""

import asyncio
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from inspectree.logger.header import Header
from inspectree.logger.store.writer import ModelWriter
from inspectree.server import open_store
from inspectree.server.api.app import create_app
from inspectree.server.changes import Change, changes
from inspectree.server.hub import Hub
from inspectree.server.watch import Watcher

PATIENCE = 20
"""Seconds after which what has not come will not come; how fast it comes is measured in benchmarks/."""


def test_what_differs_between_two_looks_is_told(
    tmp_path: Path, write_model: Callable[..., ModelWriter]
) -> None:
    store = open_store(tmp_path)
    empty = store.catalog
    writer = write_model(tmp_path, Header(id="aaaa", name="a"), (0,), state="training")
    first = store.refresh()
    assert changes(empty, first) == [Change("model_added", "aaaa"), Change("checkpoint_added", "aaaa", 0)]
    assert changes(first, store.refresh()) == []

    writer.scalars(epoch=1, step=9, seconds=1.0, metrics={})
    second = store.refresh()
    assert changes(first, second) == [Change("model_changed", "aaaa")]

    folder = tmp_path / "models/aaaa"
    shutil.copy(folder / "checkpoints/000000.h5", folder / "checkpoints/000005.h5")
    third = store.refresh()
    assert changes(second, third) == [Change("checkpoint_added", "aaaa", 5)]

    writer.finish()
    fourth = store.refresh()
    assert changes(third, fourth) == [Change("model_changed", "aaaa")]

    shutil.rmtree(folder)
    assert changes(fourth, store.refresh()) == [Change("model_removed", "aaaa")]


@pytest.mark.parametrize("polling", ["", "1"])
def test_a_watcher_tells_what_is_new(
    tmp_path: Path, write_model: Callable[..., ModelWriter], monkeypatch: pytest.MonkeyPatch, polling: str
) -> None:
    """By the file system's notifications, and by polling where these are switched off."""
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", polling)
    seen: list[Change] = []
    told = threading.Event()

    def publish(found: list[Change]) -> None:
        seen.extend(found)
        if Change("checkpoint_added", "aaaa", 1) in seen:
            told.set()

    with Watcher(open_store(tmp_path), publish):
        write_model(tmp_path, Header(id="aaaa", name="a"), (0, 1))
        assert told.wait(PATIENCE)
    assert seen[0] == Change("model_added", "aaaa")


WITHOUT_FILES = """
import json, logging, resource, sys, time
from pathlib import Path
from inspectree.server import open_store
from inspectree.server.watch import Watcher

ready, runs = map(Path, sys.argv[1:])
told, seen = [], []
handler = logging.Handler()
handler.emit = lambda record: told.append(record.getMessage())
logging.getLogger("inspectree").addHandler(handler)
watcher = Watcher(open_store(runs), seen.extend)

def wait_until(holds):
    for _ in range(1000):
        if holds():
            return
        time.sleep(0.02)
    raise TimeoutError

soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
with watcher:
    wait_until(lambda: "cannot be looked at" in (watcher.trouble or ""))
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    ready.rename(runs / "models" / ready.name)
    wait_until(lambda: any(change.kind == "checkpoint_added" for change in seen))
    wait_until(lambda: "cannot be looked at" not in watcher.trouble)
    print(json.dumps({"by": watcher.by, "trouble": watcher.trouble, "told": told}))
"""
"""Follow a store in a process that may open no file for a while: neither notifications nor folders."""


def test_a_watcher_goes_on_without_notifications(
    tmp_path: Path, write_model: Callable[..., ModelWriter]
) -> None:
    """It polls, says each trouble once, and forgets one that has passed."""
    writer = write_model(tmp_path / "ready", Header(id="aaaa", name="a"), (0,))
    runs = tmp_path / "runs"
    (runs / "models").mkdir(parents=True)
    command = [sys.executable, "-I", "-c", WITHOUT_FILES, str(writer.folder), str(runs)]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert found["by"] == "polling"
    assert [line.partition(":")[0] for line in found["told"]] == [
        "the store cannot be looked at",
        "the file system does not notify, so the store is polled",
    ]
    assert found["trouble"] == found["told"][1]


def test_the_server_says_how_it_follows_the_store(client: httpx.Client) -> None:
    health = client.get("/api/health").json()
    assert (health["following"], health["trouble"]) == ("notifications", None)


def test_a_listener_who_comes_back_misses_nothing() -> None:
    async def listen() -> list[tuple[int, Change]]:
        hub = Hub()
        hub.publish([Change("model_added", "a"), Change("model_added", "b")])
        found = []
        async for numbered in hub.listen(after=1):
            found.append(numbered)
            if len(found) == 1:
                hub.publish([Change("model_changed", "b")])
            else:
                hub.close()
        return found

    assert asyncio.run(listen()) == [(2, Change("model_added", "b")), (3, Change("model_changed", "b"))]


def test_a_number_from_before_a_restart_is_no_reason_to_wait_for_it() -> None:
    async def listen() -> tuple[int, Change]:
        hub = Hub()
        stream = hub.listen(after=900)
        asyncio.get_running_loop().call_later(0.05, hub.publish, [Change("model_added", "a")])
        return await anext(stream)

    assert asyncio.run(listen()) == (1, Change("model_added", "a"))


def test_events_reach_a_client_and_end_with_the_server(
    tmp_path: Path,
    write_model: Callable[..., ModelWriter],
    serving: Callable[[FastAPI], AbstractContextManager[httpx.Client]],
) -> None:
    lines: list[str] = []
    seen, listening = threading.Event(), threading.Event()

    def listen(address: httpx.URL) -> None:
        with httpx.stream("GET", address.join("/api/events"), timeout=20) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            assert "content-encoding" not in answer.headers
            for line in answer.iter_lines():
                lines.append(line)
                listening.set()
                if "checkpoint_added" in line:
                    seen.set()

    with serving(create_app(open_store(tmp_path))) as client:
        thread = threading.Thread(target=listen, args=[client.base_url])
        thread.start()
        assert listening.wait(PATIENCE)
        write_model(tmp_path, Header(id="aaaa", name="a"), (0,))
        assert seen.wait(PATIENCE)
    thread.join(PATIENCE)
    assert not thread.is_alive()
    start = lines.index("event: model_added")
    assert lines[start + 1] == 'data: {"kind": "model_added", "model": "aaaa", "checkpoint": null}'
    assert lines[start + 2] == "id: 1"
