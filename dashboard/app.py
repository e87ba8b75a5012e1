"""The dashboard on the server's application: assembly only."""

from pathlib import Path

import httpx
import plotly
from dash import Dash
from fastapi import FastAPI, WebSocket
from starlette.staticfiles import StaticFiles

from inspectree.dashboard.callbacks import register
from inspectree.dashboard.client import Client
from inspectree.dashboard.page import INDEX, page
from inspectree.dashboard.socket import answer_widgets

FOLDER = Path(__file__).parent
PLOTLY = Path(plotly.__file__).parent / "package_data"


def mount(api: FastAPI, token: str | None = None) -> Dash:
    """Serve the dashboard at ``/`` of an application that serves the REST API below ``/api``.

    ``token`` is what the API asks for, if anything.
    """
    api.mount("/static/js", StaticFiles(directory=FOLDER / "js"))
    api.mount("/static/plotly", StaticFiles(directory=PLOTLY))
    app = Dash(
        "inspectree.dashboard",
        server=api,
        assets_folder=str(FOLDER / "assets"),
        index_string=INDEX,
        title="inspectree",
        update_title="",
    )
    app.layout = page
    headers = {"authorization": f"Bearer {token}"} if token else {}
    client = Client(httpx.ASGITransport(app=api), headers)
    register(app, client)

    @api.websocket("/page/widgets")
    async def widgets(socket: WebSocket) -> None:
        await answer_widgets(client, socket)

    api.state.scripts = app.csp_hashes()  # only these may run inline
    api.user_middleware.append(api.user_middleware.pop(0))  # Dash reads bodies: behind what refuses them
    return app
