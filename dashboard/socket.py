"""The widgets' own way to the server: each asks for its content, is told how far it is, can be given up.

A message of the page is ``{"id", "question"}``, which takes the place of the one that the same widget asked
before, or ``{"id"}`` alone, which gives it up. What is answered is ``{"id", "question", "asked",
"answered"}`` while it is under way, and in the end ``{"id", "question", "card"}``, or ``"error"`` instead.
"""

import asyncio
from typing import Any

import orjson
from fastapi import WebSocket, WebSocketDisconnect

from inspectree.dashboard import address
from inspectree.dashboard.client import Client, Listener, ServerError
from inspectree.dashboard.index import read_index
from inspectree.dashboard.selections import Selection
from inspectree.dashboard.view import View, WidgetSpec
from inspectree.dashboard.widgets import draw_widget

Json = dict[str, Any]

AT_ONCE = 8
"""Widgets of a page that are drawn at the same time; the others wait."""

LONGEST = 1 << 20
"""Characters of a message."""

TOO_LONG = 1009
"""The socket's way to say that a message was too long (RFC 6455, section 7.4.1)."""


async def answer_widgets(client: Client, socket: WebSocket) -> None:
    """Draw what a page asks for until it goes; what is under way then is given up."""
    await socket.accept()
    drawing = Drawing(client, socket)
    try:
        while True:
            text = await socket.receive_text()
            if len(text) > LONGEST:
                await socket.close(TOO_LONG)
                return
            drawing.take(text)
    except WebSocketDisconnect:
        pass
    finally:
        drawing.end()


class Drawing:
    """The widgets of one page that are being drawn."""

    def __init__(self, client: Client, socket: WebSocket) -> None:
        self._client, self._socket = client, socket
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._turns = asyncio.Semaphore(AT_ONCE)

    def take(self, text: str) -> None:
        """Begin or give up what a message says; one that says nothing is left alone."""
        message = _object(text)
        id_, question = message.get("id"), message.get("question")
        if not isinstance(id_, str):
            return
        if (before := self._tasks.pop(id_, None)) is not None:
            before.cancel()
        if isinstance(question, str):
            self._tasks[id_] = asyncio.create_task(self._draw(id_, question))

    def end(self) -> None:
        """Give everything up."""
        for task in self._tasks.values():
            task.cancel()

    async def _draw(self, id_: str, question: str) -> None:
        about = {"id": id_, "question": question}
        try:
            async with self._turns:
                answer = await self._answer(question, self._listener(about))
            await self._tell({**about, **answer})
        except (WebSocketDisconnect, RuntimeError):
            pass  # the page has gone
        finally:
            if self._tasks.get(id_) is asyncio.current_task():
                del self._tasks[id_]

    async def _answer(self, question: str, listener: Listener) -> Json:
        wanted = wanted_widget(question)
        if wanted is None:
            return {"error": "the page asks in a way that this server does not understand: reload it"}
        try:
            index = await read_index(self._client)
        except ServerError as error:
            return {"error": str(error)}
        return {"card": await draw_widget(self._client, *wanted, index, listener)}

    def _listener(self, about: Json) -> Listener:
        """Return what tells the page how many questions were asked for a widget, how many answered."""
        counts = {"asked": 0, "answered": 0}
        tellings: set[asyncio.Task[None]] = set()

        def listen(_question: Json, answered: bool) -> None:
            counts["answered" if answered else "asked"] += 1
            telling = asyncio.create_task(self._tell({**about, **counts}))
            tellings.add(telling)
            telling.add_done_callback(tellings.discard)

        return listen

    async def _tell(self, message: Json) -> None:
        await self._socket.send_text(orjson.dumps(message).decode())


def wanted_widget(question: str) -> tuple[WidgetSpec, View] | None:
    """Return the widget that a question is about, and the view that it is seen in.

    None where the text is no question.
    """
    asked = _object(question)
    spec, checkpoint, off = address.widget(asked.get("widget")), asked.get("checkpoint"), asked.get("off")
    is_checkpoint = checkpoint == "last" or (type(checkpoint) is int and checkpoint >= 0)
    if spec is None or not is_checkpoint or not _are(off, str):
        return None
    view = View(checkpoint=checkpoint, off=tuple(off))
    selection = asked.get("selection")
    if selection is None:
        return spec, view
    if not isinstance(selection, dict) or selection.keys() != {"name", "space", "samples"}:
        return None
    if not (_are([selection["name"], selection["space"]], str) and _are(selection["samples"], int)):
        return None
    chosen = Selection(**{**selection, "samples": tuple(selection["samples"])})
    return spec, View(checkpoint=checkpoint, off=tuple(off), selections=(chosen,), filtered=chosen.name)


def _are(found: Any, kind: type) -> bool:
    return isinstance(found, list) and all(type(item) is kind for item in found)


def _object(text: str) -> Json:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
