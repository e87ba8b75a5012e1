"""Errors as problem details (RFC 9457), by one table."""

import logging
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.exceptions import HTTPException

from inspectree.logger.errors import HeaderError, InspectreeError, StoreError
from inspectree.logger.frozen import Frozen
from inspectree.server.api.headers import ALWAYS, DATA_ONLY
from inspectree.server.errors import (
    LimitError,
    PipelineError,
    RequestError,
    UnitError,
    UnknownUnitError,
)
from inspectree.server.jsontext import dumps

STATUS: dict[type[InspectreeError], tuple[int, str]] = {
    UnknownUnitError: (404, "No such unit of analysis"),
    UnitError: (422, "Not a unit of analysis"),
    PipelineError: (422, "The pipeline does not fit"),
    LimitError: (413, "The answer would cost too much"),
    HeaderError: (422, "Not a header"),
    RequestError: (422, "The question does not fit"),
    StoreError: (409, "The store cannot be read there"),
    InspectreeError: (422, "The question does not fit"),
}

MEDIA_TYPE = "application/problem+json"

PROTECTION = {**ALWAYS, "Content-Security-Policy": DATA_ONLY, "Cache-Control": "no-store"}
"""With the answer itself: what nobody expected is answered outside of all that adds headers."""

IN_JSON = {
    "valid tuple": "list",
    "valid dictionary or object to extract fields from": "JSON object",
    "valid dictionary": "JSON object",
}
"""What Python calls otherwise than whoever asks in JSON."""


class Problem(Frozen):
    """Why there is no other answer, as RFC 9457 has it: for people in ``detail``, in one line."""

    type: str
    title: str
    status: int
    detail: str
    uoa: Annotated[str, Field(description="the unit of analysis concerned, where there is one")] = ""
    step: Annotated[int, Field(description="the pipeline's step concerned, from 1, where there is one")] = 0


PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "Why there is no other answer",
        "content": {MEDIA_TYPE: {"schema": Problem.model_json_schema()}},
    }
}
"""How every route declines, as its description has it."""


def problem(status: int, title: str, detail: str, **members: Any) -> Response:
    """Return an error's answer: type, title, status, detail, and what else is known of it."""
    content = {"type": "about:blank", "title": title, "status": status, "detail": detail, **members}
    return Response(dumps(content), status_code=status, media_type=MEDIA_TYPE, headers=PROTECTION)


def add_handlers(app: FastAPI) -> None:
    """Have every error answered as a problem."""
    app.add_exception_handler(InspectreeError, _inspectree_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected_error)


def as_problem(error: InspectreeError) -> dict[str, Any]:
    """Return the members of an error's problem: status, title, detail, and what it is about."""
    status, title = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    members = {"uoa": getattr(error, "unit", None), "step": getattr(error, "step", None)}
    about = {key: value for key, value in members.items() if value is not None}
    return {"status": status, "title": title, "detail": str(error), **about}


def _inspectree_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, InspectreeError)
    return problem(**as_problem(error))


def _validation_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return problem(422, "The question does not fit", _said(error.errors()[0]))


def _said(error: dict[str, Any]) -> str:
    """Return what does not fit where, in the words of whoever asks."""
    place, message = error["loc"], str(error["msg"])
    if error["type"] == "json_invalid":
        return f"the body is not JSON: {error['ctx']['error']} at character {place[-1]}"
    for python, json in IN_JSON.items():
        message = message.replace(f"a {python}", f"a {json}")
    if error["type"] == "extra_forbidden":
        message = "there is no such field; /api/docs lists those that there are"
    return f"{'.'.join(map(str, place[1:])) or place[0]}: {message}"


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    title = HTTPStatus(error.status_code).phrase
    detail = str(error.detail) if error.detail != title else f"{request.method} {request.url.path}: {title}"
    answer = problem(error.status_code, title, detail)
    answer.headers.update(error.headers or {})
    return answer


def _unexpected_error(request: Request, error: Exception) -> Response:
    logging.getLogger("inspectree").exception("while answering %s", request.url.path, exc_info=error)
    return problem(500, "Internal error", "the server failed at this; its log says why")
