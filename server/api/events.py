"""What happens in the store, as it happens."""

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.sse import EventSourceResponse, ServerSentEvent

from inspectree.server.api.depends import TheService

router = APIRouter(tags=["events"])


@router.get("/events", response_class=EventSourceResponse)
async def events(
    service: TheService, last_event_id: Annotated[int | None, Header()] = None
) -> AsyncIterator[ServerSentEvent]:
    """Send each change of the store as an event of its kind; a client that comes back misses nothing.

    The kinds are ``model_added``, ``model_changed``, ``model_removed`` and ``checkpoint_added``.
    """
    yield ServerSentEvent(comment="listening")
    async for number, change in service.hub.listen(last_event_id):
        yield ServerSentEvent(data=asdict(change), event=change.kind, id=str(number))
