"""A real Redis, and one of each kind of cache."""

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from inspectree.server.cache import Cache, made

PATIENCE = 10.0


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a Redis of our own on a free port of this machine; return its address."""
    program = shutil.which("redis-server")
    assert program is not None, "tests need a Redis: make redis"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("redis")
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    address = f"redis://127.0.0.1:{port}/0"
    try:
        _wait(address)
        yield address
    finally:
        process.terminate()
        process.wait()


def _wait(address: str) -> None:
    end = time.monotonic() + PATIENCE
    with redis.Redis.from_url(address) as client:
        while True:
            try:
                client.ping()
                return
            except redis.ConnectionError:
                assert time.monotonic() < end, "the Redis does not answer"
                time.sleep(0.02)


@pytest.fixture(params=["memory", "folder", "redis"])
def cache_of(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[int], Cache]:
    """Return what makes a cache of so many bytes; those that share keep the same answers."""
    if request.param == "redis":
        address: str = request.getfixturevalue("redis_server")
        with redis.Redis.from_url(address) as client:
            client.flushdb()
        return lambda limit: made(address, limit)
    setting = "memory" if request.param == "memory" else str(tmp_path / "answers")
    return lambda limit: made(setting, limit)
