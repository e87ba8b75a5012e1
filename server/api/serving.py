"""The process's web server."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import EADDRINUSE
from threading import Thread
from typing import Any

import uvicorn
from fastapi import FastAPI

from inspectree.server.errors import ServingError
from inspectree.server.service import Service

PATIENCE = 5
"""Seconds that an answer under way may still take when the server is told to end."""

LAST = 1
"""Of these, the seconds in which what is under way is given up; it would end in tracebacks otherwise."""

NEAR_PORTS = 100


class WebServer(uvicorn.Server):
    """Uvicorn, which first ends the streams of events: it would wait for them to end by themselves.

    ``ends`` is called when the server is told to end, by whatever signal.
    """

    def __init__(self, app: FastAPI, ends: Callable[[], None] | None = None, **settings: Any) -> None:
        self._service: Service = app.state.service
        self._ends = ends
        super().__init__(uvicorn.Config(app, timeout_graceful_shutdown=PATIENCE, **settings))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then everything else, at last what nobody can wait for any more."""
        self._service.hub.close()
        asyncio.get_running_loop().call_later(PATIENCE - LAST, self._service.give_up)
        if self._ends is not None:
            self._ends()
        await super().shutdown(sockets)


@contextmanager
def serving(app: FastAPI, port: int = 0) -> Iterator[str]:
    """Serve an application on this machine beside one's own work, at the address that is yielded."""
    with listen("127.0.0.1", port) as listening:
        server = WebServer(app, log_level="warning")
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        finally:
            server.should_exit = True
            thread.join()


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 takes any free one.

    Raises
    ------
    ServingError
        When that is not possible; where the port is in use it names a free one.
    """
    try:
        return _listen(host, port)
    except OSError as error:
        if error.errno == EADDRINUSE and (free := _free_port(host, port)):
            raise ServingError(f"port {port} is in use; {free} is free: --port {free}") from None
        reason = str(error.strerror).partition(" (while")[0]  # Python repeats the address there
        raise ServingError(f"cannot listen on {host}, port {port}: {reason}") from None


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def _free_port(host: str, port: int) -> int | None:
    for candidate in range(port + 1, min(port + NEAR_PORTS, 2**16)):
        try:
            with _listen(host, candidate):
                return candidate
        except OSError:
            continue
    return None
