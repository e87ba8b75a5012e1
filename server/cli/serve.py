"""The command that serves a store."""

from dataclasses import fields
from pathlib import Path
from typing import Annotated

import typer

from inspectree.server.cli.arguments import HOST, PORT, Port
from inspectree.server.limits import Limits
from inspectree.server.workers.forking import prepare

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
    prepare()
    from inspectree.server.cache import made  # after workers have begun to begin
    from inspectree.server.running import serve_store

    serve_store(
        store, host, port, token=token, cache=made(cache), limits=limits, steps=steps or (), in_browser=open_
    )
