"""The command that serves a store."""

import webbrowser
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

import typer

from inspectree.server.api.app import create_app
from inspectree.server.api.hosts import names_for
from inspectree.server.api.serving import WebServer, listen
from inspectree.server.api.token import token_for
from inspectree.server.cache import Cache, made
from inspectree.server.cli.arguments import Port
from inspectree.server.limits import Limits
from inspectree.server.store import existing
from inspectree.server.workers.worker import prepare

PORT = 8600
HOST = "127.0.0.1"
LIMITS = [field.name for field in fields(Limits)]


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
    cache: Annotated[
        str, typer.Option(metavar="memory|FOLDER|redis://…", help="where answers are kept")
    ] = "memory",
    limit: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help=f"what a question may cost: {', '.join(LIMITS)}"),
    ] = None,
    steps: Annotated[
        list[Path] | None, typer.Option(metavar="FILE.py", help="steps of your own for pipelines")
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="open it in the browser")] = False,
) -> None:
    """Serve a store: the dashboard at /, the REST interface below /api."""
    limits = Limits().with_settings(limit or ())
    serve_store(
        store, host, port, token=token, cache=made(cache), limits=limits, steps=steps or (), in_browser=open_
    )


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
        prepare()
        from inspectree.dashboard.app import mount  # every other command does without the dashboard

        app = create_app(path, cache=cache, limits=limits, token=token, hosts=names_for(host), steps=steps)
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
