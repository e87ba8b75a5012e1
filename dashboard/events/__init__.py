"""How the page's view changes after what happens: one pure function."""

from dataclasses import replace

from inspectree.dashboard.events.event import Event, Handler
from inspectree.dashboard.events.groups import GROUPS, tidied
from inspectree.dashboard.events.looks import LOOKS
from inspectree.dashboard.events.places import PLACES
from inspectree.dashboard.events.samples import SAMPLES
from inspectree.dashboard.events.undo import UNDO
from inspectree.dashboard.events.widgets import WIDGETS
from inspectree.dashboard.view import View

HANDLERS: dict[str, Handler] = PLACES | LOOKS | WIDGETS | GROUPS | SAMPLES | UNDO


def step(view: View, event: Event) -> View:
    """Return the view after something happened; what doesn't concern it leaves it as it is."""
    handler = HANDLERS.get(event.get("type", ""))
    if handler is None:
        return view
    after = tidied(handler(view, event))
    # Two models stand side by side only as long as one looks at the two of them.
    elsewhere = after.focus != view.focus and after.compared == view.compared
    return replace(after, compared="") if elsewhere else after
