"""Runs the server with its dashboard."""

import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path
from socket import gethostname
from urllib.parse import urlencode

import typer

from inspectree.server.api.app import create_app
from inspectree.server.api.hosts import names_for
from inspectree.server.api.serving import WebServer, listen
from inspectree.server.api.token import token_for
from inspectree.server.cache import Cache
from inspectree.server.cli.arguments import HOST, PORT
from inspectree.server.limits import Limits
from inspectree.server.store import existing

EVERYWHERE = {"0.0.0.0", "::"}


def serve_store(
    path: Path,
    host: str = HOST,
    port: int = PORT,
    *,
    token: str | None = None,
    cache: Cache | None = None,
    limits: Limits | None = None,
    steps: Sequence[Path] = (),
    in_browser: bool = False,
    ends: Callable[[], None] | None = None,
) -> None:
    """Serve until told to end, and then call ``ends``."""
    token = token_for(host, token)
    existing(path)
    with listen(host, port) as listening:  # first, so that a wrong port is told at once
        app = create_app(path, cache=cache, limits=limits, token=token, hosts=names_for(host), steps=steps)
        app.state.watcher.begin()
        from inspectree.dashboard.app import mount  # which takes a while: the store is read meanwhile

        mount(app, token)
        address = _address(host, listening.getsockname()[1], token)
        typer.echo(f"{path} is served at {address} (Ctrl-C ends it)")
        if in_browser:
            webbrowser.open(address)
        try:
            WebServer(app, ends, log_level="warning").run(sockets=[listening])
        except KeyboardInterrupt:
            typer.echo("ended")


def _address(host: str, port: int, token: str | None) -> str:
    """Return where others reach the server: one that listens everywhere has no address of that name."""
    reachable = gethostname() if host in EVERYWHERE else host
    name = f"[{reachable}]" if ":" in reachable else reachable
    return f"http://{name}:{port}/" + (f"?{urlencode({'token': token})}" if token else "")
