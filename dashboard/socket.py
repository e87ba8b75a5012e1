"""The widgets' own way to the server: each asks for its content, is told how far it is, can be given up.

A message of the page is ``{"id", "question"}``, which takes the place of the one that the same widget asked
before, or ``{"id"}`` alone, which gives it up. What is answered is ``{"id", "question", "asked",
"answered"}`` while it is under way, and in the end ``{"id", "question", "card"}``, or ``"error"`` instead.
"""

import asyncio
import logging
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

logger = logging.getLogger(__name__)

AT_ONCE = 8
"""Widgets of a page that are drawn at the same time; the others wait."""

LONGEST = 1 << 20
"""Characters of a message."""

TOO_LONG = 1009
"""The socket's way to say that a message was too long (RFC 6455, section 7.4.1)."""


async def answer_widgets(client: Client, socket: WebSocket) -> None:
    """Draw what a page asks for until it goes; what is under way then is given up."""
    await socket.accept()
    drawing = Drawing(client)
    sending = asyncio.create_task(_send(socket, drawing.told))
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
        sending.cancel()


async def _send(socket: WebSocket, told: asyncio.Queue[Json]) -> None:
    """Send what there is to tell, one after the other."""
    while True:
        message = await told.get()
        try:
            await socket.send_text(orjson.dumps(message, option=orjson.OPT_SERIALIZE_NUMPY).decode())
        except (WebSocketDisconnect, RuntimeError):  # the page has gone
            return


class Drawing:
    """The widgets of one page that are being drawn, and what is to be ``told`` of them."""

    def __init__(self, client: Client) -> None:
        self.told: asyncio.Queue[Json] = asyncio.Queue()
        self._client = client
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
        async with self._turns:
            answer = await self._answer(question, self._listener(about))
        self.told.put_nowait({**about, **answer})
        self._tasks.pop(id_, None)  # a task that another one took the place of is cancelled before it is here

    async def _answer(self, question: str, listener: Listener) -> Json:
        wanted = wanted_widget(question)
        if wanted is None:
            return {"error": "the page asks in a way that this server does not understand: reload it"}
        try:
            index = await read_index(self._client)
            return {"card": await draw_widget(self._client, *wanted, index, listener)}
        except ServerError as error:
            return {"error": str(error)}
        except Exception as error:  # a mistake in a tool must not leave its widget waiting for ever
            logger.exception("the tool %s failed on %s", wanted[0].tool, wanted[0].uoa)
            return {"error": f"{wanted[0].tool} failed: {type(error).__name__}: {error}"}

    def _listener(self, about: Json) -> Listener:
        """Return what tells the page how many questions were asked for a widget, how many answered."""
        counts = {"asked": 0, "answered": 0}

        def listen(_question: Json, answered: bool) -> None:
            counts["answered" if answered else "asked"] += 1
            self.told.put_nowait({**about, **counts})

        return listen


def wanted_widget(question: str) -> tuple[WidgetSpec, View] | None:
    """Return the widget that a question is about, and the view that it is seen in.

    None where the text is no question.
    """
    asked = _object(question)
    spec = address.widget(asked.get("widget"))
    checkpoint: Any = asked.get("checkpoint")
    off: Any = asked.get("off")
    is_checkpoint = checkpoint == "last" or (type(checkpoint) is int and checkpoint >= 0)
    if spec is None or not is_checkpoint or not _are(off, str):
        return None
    told = [asked.get(part) for part in ("selection", "marked")]
    chosen = [_selection(part) for part in told]
    if any(part is not None and found is None for part, found in zip(told, chosen, strict=True)):
        return None
    filtered, lit = ("" if found is None else found.name for found in chosen)
    kept = tuple(found for found in chosen if found is not None)
    return spec, View(checkpoint=checkpoint, off=tuple(off), selections=kept, filtered=filtered, lit=lit)


def _selection(found: Any) -> Selection | None:
    if not isinstance(found, dict) or found.keys() != {"name", "space", "samples"}:
        return None
    if not (_are([found["name"], found["space"]], str) and _are(found["samples"], int)):
        return None
    return Selection(found["name"], found["space"], tuple(found["samples"]))


def _are(found: Any, kind: type) -> bool:
    return isinstance(found, list) and all(type(item) is kind for item in found)


def _object(text: str) -> Json:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
