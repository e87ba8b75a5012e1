"""What happens on the page, as the browser tells it."""

from collections.abc import Callable
from typing import Any

from inspectree.dashboard.view import View

Event = dict[str, Any]
"""Its ``type`` and the details that its handler takes."""

Handler = Callable[[View, Event], View]


def toggled(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    """Return names without one that was among them, or with one that was not."""
    return tuple(other for other in names if other != name) if name in names else (*names, name)
