"""Every component's id."""

EVENT = "event"
ADDRESS = "address"
LIVE = "live"

GRAPH = "graph"
WIDGETS = "widget-panel"
MATRIX = "matrix"
CHECKPOINTS = "checkpoint-bar"

BREADCRUMBS = "breadcrumbs"
WATCHING = "watching"
LEVEL = "level-switch"
SEARCH = "search"
FINDABLE = "findable"
WRITTEN = "written"
TOOLBOX = "toolbox"
CLASSES = "classes"
INTERESTINGNESS = "interestingness"
LOCALISATION = "localisation"
SELECTION = "selection"
SAMPLES = "samples"
EMPTY = "empty-store"
NOTICE = "notice"


def shown(region: str) -> str:
    """Return the id of the store that tells which state of the server's data a region shows."""
    return f"shown-{region}"


def view(field: str) -> str:
    """Return the id of the store that holds one field of the view."""
    return f"view-{field}"
