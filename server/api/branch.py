"""The header of a next generation."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from inspectree.logger.frozen import Frozen
from inspectree.server.api.depends import TheStore
from inspectree.server.branch import as_python, branch
from inspectree.server.jsontext import dumps

router = APIRouter(tags=["models"])


class Question(Frozen):
    """Which model to derive from, and what to call the child."""

    parent: Annotated[str, Field(description="id, prefix or name")]
    name: Annotated[str | None, Field(description="made from the parent's where left out")] = None
    label: Annotated[str | None, Field(description="the name that people see")] = None


@router.post("/branch")
def child(question: Question, store: TheStore) -> Response:
    """Return the header of a child model with a new id, as JSON and as Python source."""
    header = branch(store[question.parent], question.name, question.label)
    return Response(dumps({"header": header, "python": as_python(header)}), media_type="application/json")
