"""How a route answers: encoded once, with an ETag that lets a browser keep what it has, packed, in pieces."""

import asyncio
import gzip
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from inspectree.server.jsontext import dumps
from inspectree.server.model import Model
from inspectree.server.questions.body import JSON
from inspectree.server.service import Asked, Service

__all__ = ["JSON", "answer", "asked", "sent", "tagged"]

PACKED_FROM = 1024
LEVEL = 1
"""How well answers are packed: better takes twenty times as long."""

LARGE = 1 << 20
"""Bytes from which an answer is sent in pieces."""

PIECE = 1 << 18

PACKS_WELL = ("application/json", "text/", "application/vnd.apache.arrow", "application/x-npy")


def answer(request: Request, content: Any) -> Response:
    """Return ``content`` as JSON."""
    return tagged(request, dumps(content), JSON)


def tagged(request: Request, body: bytes, media_type: str) -> Response:
    """Return a body with its ETag, or 304 where the client already has it."""
    # Weak, because the same answer also goes out compressed.
    tag = f'W/"{blake2b(body, digest_size=16).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return sent(request, body, media_type, headers)


def sent(request: Request, body: bytes, media_type: str, headers: dict[str, str] | None = None) -> Response:
    """Return a body, packed where the client can unpack it and it pays; a large one in pieces."""
    headers = {**(headers or {}), "Vary": "Accept-Encoding"}
    if len(body) >= PACKED_FROM and media_type.startswith(PACKS_WELL) and _unpacks(request):
        body = gzip.compress(body, LEVEL, mtime=0)
        headers["Content-Encoding"] = "gzip"
    if len(body) < LARGE:
        return Response(body, media_type=media_type, headers=headers)
    headers["Content-Length"] = str(len(body))
    return StreamingResponse(_pieces(body), media_type=media_type, headers=headers)


async def asked(
    request: Request,
    service: Service,
    question: str,
    models: Sequence[Model] | None,
    given: Mapping[str, Any],
    *,
    deep: bool = True,
    slow: bool = False,
) -> Response:
    """Return what a worker answers about the models (None: the whole store), as `Service.ask` does."""
    body, content = await service.ask(Asked(question, given, models, deep, slow), request.is_disconnected)
    send = tagged if request.method == "GET" else sent
    if len(content) < PACKED_FROM:
        return send(request, content, body.media_type)
    return await asyncio.to_thread(send, request, content, body.media_type)


def _unpacks(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


def _pieces(body: bytes) -> Iterator[bytes]:
    view = memoryview(body)
    yield from (bytes(view[start : start + PIECE]) for start in range(0, len(body), PIECE))
