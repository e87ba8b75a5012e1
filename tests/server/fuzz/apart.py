"""A server in a process of its own: what brings it down does not end the tests."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

SERVER = """
import sys
from pathlib import Path
from inspectree.server.api.app import create_app
from inspectree.server.api.serving import WebServer, listen
from inspectree.server.limits import Limits

with listen("127.0.0.1", 0) as listening:
    print(listening.getsockname()[1], flush=True)
    app = create_app(Path(sys.argv[1]), limits=Limits(seconds=3))
    WebServer(app, log_level="error").run(sockets=[listening])
"""
SECONDS = 30
"""Within which every answer has to come, on a busy machine, too."""


@dataclass(frozen=True)
class Apart:
    """A server, and a client of it that many threads may use."""

    process: "subprocess.Popen[str]"
    client: httpx.Client


@contextmanager
def apart(store: Path) -> Iterator[Apart]:
    """Serve a store in another process; it has looked at all models."""
    command = [sys.executable, "-c", SERVER, str(store)]
    kept = httpx.Limits(keepalive_expiry=1)  # sooner than the server ends what is idle
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        try:
            address = f"http://127.0.0.1:{process.stdout.readline().strip()}"
            with httpx.Client(base_url=address, timeout=SECONDS, limits=kept) as client:
                _wait(client)
                yield Apart(process, client)
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # with the workers, whatever they are doing


def _wait(client: httpx.Client) -> None:
    """Wait until the server has looked at all models.

    Raises
    ------
    TimeoutError
        When it does not come to an end with them.
    """
    last = time.monotonic() + SECONDS
    while client.get("/api/health").json()["status"] != "ok":
        if time.monotonic() > last:
            raise TimeoutError(client.get("/api/health").text)
        time.sleep(0.05)
