"""What the page shows, as one value."""

from dataclasses import asdict, dataclass, field
from typing import Any

from inspectree.dashboard.selections import Selection
from inspectree.dashboard.unit import Level

EDGES = 40
"""Weights that L1 draws as edges, until the slider says otherwise."""

Json = dict[str, Any]


@dataclass(frozen=True)
class WidgetSpec:
    """A widget on the panel: a tool applied to a unit, with the settings that were changed.

    ``pin`` is the checkpoint that it stays at; None where it follows the checkpoint bar.
    """

    id: str
    tool: str
    uoa: str
    settings: Json = field(default_factory=dict)
    pin: int | None = None


@dataclass(frozen=True)
class Group:
    """Widgets that are seen together, at the place of the first: on a common scale, merged into one chart."""

    id: str
    members: tuple[str, ...]
    common: bool = False
    merged: bool = False


@dataclass(frozen=True)
class View:
    """The whole state of the page; it lives in the address bar.

    ``focus`` is the path that the inspection panel is inside of (empty: all experiments), ``compared`` the
    model that the one in focus is seen beside, ``unfolded`` the boxes that show what is inside them.
    ``checkpoint`` is a number or ``last``, ``baseline`` the kind that the measure is compared with (empty:
    its own), ``scored`` the kind of variables that it scores (empty: all), ``off`` the classes that are off,
    ``located`` the unit types and patterns that wear badges.
    ``lit`` names the selection of samples that is marked everywhere, ``filtered`` the one in force.
    Sets are kept in the order of the alphabet.
    """

    focus: str = ""
    level: Level = "L3"
    compared: str = ""
    unfolded: tuple[str, ...] = ()
    checkpoint: int | str = "last"
    off: tuple[str, ...] = ()
    measure: str = ""
    baseline: str = ""
    scored: str = ""
    located: tuple[str, ...] = ()
    selected: str = ""
    tool: str = ""
    edges: int = EDGES
    widgets: tuple[WidgetSpec, ...] = ()
    groups: tuple[Group, ...] = ()
    selections: tuple[Selection, ...] = ()
    lit: str = ""
    filtered: str = ""

    def __post_init__(self) -> None:
        for name in SETS:
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))

    def selection(self, name: str) -> Selection | None:
        """Return the selection of a name; None where there is none."""
        return next((selection for selection in self.selections if selection.name == name), None)

    def as_slices(self) -> Json:
        """Return the fields as JSON values."""
        return asdict(self) | {name: list(getattr(self, name)) for name in SETS}

    @classmethod
    def from_slices(cls, slices: Json) -> "View":
        """Return the view whose fields these are."""
        sets = {name: tuple(slices[name]) for name in SETS}
        widgets = tuple(WidgetSpec(**widget) for widget in slices["widgets"])
        groups = tuple(Group(**{**group, "members": tuple(group["members"])}) for group in slices["groups"])
        selections = tuple(
            Selection(**{**selection, "samples": tuple(selection["samples"])})
            for selection in slices["selections"]
        )
        return cls(**{**slices, **sets, "widgets": widgets, "groups": groups, "selections": selections})


KINDS = ("weights", "activations")
"""What a measure may be restricted to."""

SETS = ("unfolded", "off", "located")
"""The fields of a view that are sets of names."""
