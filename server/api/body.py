"""How large a question may be."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inspectree.server.api.problems import problem
from inspectree.server.errors import LimitError
from inspectree.server.limits import Limits

TOO_LARGE = 413


class BodyLimit:
    """Refuse questions of more bytes than the limit ``body``: by their header, or as soon as so many came."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app, self._limits = app, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in place of the application where the body is said to be too large."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = Headers(scope=scope).get("content-length", "")
        if told.isdecimal() and (refusal := self._refusal(int(told))) is not None:
            await problem(TOO_LARGE, "Content Too Large", refusal)(scope, receive, send)
        else:
            await self._app(scope, self._counting(receive), send)

    def _counting(self, receive: Receive) -> Receive:
        """Return a ``receive`` that ends with an error where more comes than is allowed."""
        received = 0

        async def counting() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if (refusal := self._refusal(received)) is not None:
                raise HTTPException(TOO_LARGE, refusal)
            return message

        return counting

    def _refusal(self, size: int) -> str | None:
        try:
            self._limits.check("body", size, "the question has", "ask for less at once")
        except LimitError as error:
            return str(error)
        return None
