"""How a route answers: encoded once, with an ETag that lets a browser keep what it has."""

from hashlib import blake2b
from typing import Any

from fastapi import Request, Response

from inspectree.server.jsontext import dumps

JSON = "application/json"


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
    return Response(body, media_type=media_type, headers=headers)
