"""The command that serves a store."""

import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlencode

import typer

from inspectree.server.api.app import create_app
from inspectree.server.api.hosts import names_for
from inspectree.server.api.serving import WebServer, listen
from inspectree.server.api.token import token_for
from inspectree.server.cache import Cache, MemoryCache
from inspectree.server.cli.arguments import Port
from inspectree.server.store import open_store

PORT = 8600
HOST = "127.0.0.1"
CACHES = {"memory": MemoryCache}


def serve(
    store: Annotated[Path, typer.Argument(help="the folder that the models are logged to")] = Path("runs"),
    host: Annotated[
        str, typer.Option(help="address to listen on; others than this machine's reach it then")
    ] = HOST,
    port: Port = PORT,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="INSPECTREE_TOKEN",
            help="what visitors must know; made up where others than this machine reach the server",
        ),
    ] = None,
    cache: Annotated[Literal["memory"], typer.Option(help="where answers are kept")] = "memory",
    open_: Annotated[bool, typer.Option("--open", help="open it in the browser")] = False,
) -> None:
    """Serve a store: the dashboard at /, the REST interface below /api."""
    serve_store(store, host, port, token=token, cache=CACHES[cache](), in_browser=open_)


def serve_store(
    path: Path,
    host: str = HOST,
    port: int = PORT,
    *,
    token: str | None = None,
    cache: Cache | None = None,
    in_browser: bool = False,
    ends: Callable[[], None] | None = None,
) -> None:
    """Serve until told to end, and then call ``ends``."""
    token = token_for(host, token)
    store = open_store(path)
    with listen(host, port) as listening:  # first, so that a wrong port is told at once
        from inspectree.dashboard.app import mount  # every other command does without the dashboard

        app = create_app(store, cache=cache, token=token, hosts=names_for(host))
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
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/" + (f"?{urlencode({'token': token})}" if token else "")
