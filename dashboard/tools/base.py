"""A tool: facts, the query that it needs, and how its answer is drawn."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NotRequired, TypedDict

from inspectree.dashboard.client import Client
from inspectree.dashboard.selections import Selection
from inspectree.dashboard.unit import Kind, Unit
from inspectree.dashboard.uoa import parse

Json = dict[str, Any]


@dataclass(frozen=True)
class Setting:
    """Something of a widget that can be changed after it was made; the form is drawn from this.

    ``default`` may depend on the unit; ``of`` are the kinds of units that it changes something of, all where
    none is named.
    """

    name: str
    title: str
    kind: Literal["number", "choice", "switch", "text"]
    default: Any | Callable[[Unit], Any]
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    help: str = ""
    of: tuple[Kind, ...] = ()

    def applies(self, unit: Unit) -> bool:
        """Tell whether it changes something of a unit."""
        return not self.of or unit.kind in self.of

    def field(self, settings: Mapping[str, Any], choices: Sequence[str] = ()) -> Json:
        """Return the field of the form with its value, and the choices that the data offer.

        It is ``optional`` where it can be left to the tool.
        """
        described = {name: value for name, value in vars(self).items() if name not in {"default", "of"}}
        offered = [*choices] or self.choices
        return {
            **described, "choices": offered, "optional": self.default == "", "value": settings[self.name]
        }  # fmt: skip

    def default_for(self, unit: Unit) -> Any:
        """Return the default for a unit."""
        return self.default(unit) if callable(self.default) else self.default

    def accepts(self, value: Any) -> bool:
        """Tell whether a value is one that the form could have sent: it may come from anybody's link."""
        if self.kind == "number":
            if value == "":
                return bool(self.default == "")
            within = isinstance(value, int) and not isinstance(value, bool)
            return within and value >= (self.least or 0) and (self.most is None or value <= self.most)
        return isinstance(value, bool if self.kind == "switch" else str)


@dataclass(frozen=True)
class Context:
    """What a tool may know besides its unit: models, their colours, classes and the checkpoint in force.

    ``selection`` is the selection of samples that is in force, ``marked`` the one that is marked, if any.
    """

    models: Mapping[str, Json]
    experiments: Mapping[str, list[str]]
    colors: Mapping[str, str]
    off: tuple[str, ...]
    checkpoint: int | str
    settings: Mapping[str, Any] = field(default_factory=dict)
    selection: Selection | None = None
    marked: Selection | None = None

    def all_classes(self, model: str) -> list[str]:
        """Return the class names of a model."""
        return list(self.models[model]["class_names"])

    def classes(self, model: str) -> list[str]:
        """Return the classes of a model that are switched on.

        Raises
        ------
        ToolError
            When none of them is.
        """
        names = self.all_classes(model)
        on = [name for name in names if name not in self.off]
        if names and not on:
            raise ToolError("every class is switched off: choose some on the left")
        return on

    def number(self, model: str) -> int:
        """Return the number of the checkpoint in force: the model's last where it has no such."""
        numbers = self.models[model]["checkpoints"]
        if not numbers:
            raise ToolError(f"{self.models[model]['name']} has no checkpoint yet")
        if self.checkpoint == "last":
            return int(numbers[-1])
        return int(min(numbers, key=lambda number: abs(number - int(self.checkpoint))))

    def space(self, model: str) -> str:
        """Return what tells the samples of a model: those with the same followed the same samples."""
        return str(self.models[model]["samples"] or model)

    def filtered(self, model: str) -> list[int] | None:
        """Return the numbers of the samples that the selection in force leaves; None without one."""
        return self._of(self.selection, model)

    def marks(self, model: str) -> list[int]:
        """Return the numbers of the samples that are marked."""
        return self._of(self.marked, model) or []

    def _of(self, selection: Selection | None, model: str) -> list[int] | None:
        if selection is None or selection.space != self.space(model):
            return None
        return list(selection.samples)

    def models_of(self, unit: Unit) -> list[str]:
        """Return the models that a unit stands for: all of an experiment, else its own."""
        return self.experiments.get(unit.uoa) or [parse(unit.uoa).model]

    def title(self, model: str) -> str:
        """Return the name of a model that people see."""
        return str(self.models[model]["label"])


class ToolError(Exception):
    """Why a tool has nothing to show, in one line."""


class Picture(TypedDict):
    """A sample, a map or a kernel: an image, or words. ``uoa`` and ``sample`` link it with others."""

    label: str
    src: NotRequired[str]
    text: NotRequired[str]
    uoa: NotRequired[str]
    sample: NotRequired[int]
    mark: NotRequired[str]
    tip: NotRequired[str]


class Column(TypedDict):
    """A column of a table: the page writes and sorts numbers, and draws a bar's share of the largest."""

    name: str
    title: str
    kind: Literal["text", "number", "bar", "image"]


class Table(TypedDict):
    """Rows of values in the order of the columns; ``uoas`` and ``samples`` tell what each row stands for."""

    columns: list[Column]
    rows: list[list[Any]]
    uoas: NotRequired[list[str]]
    samples: NotRequired[list[int]]


class File(TypedDict):
    """Something that can be saved: the page asks ``path`` for it, with ``body``, when it is wanted."""

    title: str
    name: str
    accept: str
    path: str
    body: Json


class Row(TypedDict):
    """One change: ``kind`` is told by a sign and a colour; ``before`` and ``after`` may both be left out."""

    kind: Literal["added", "removed", "altered", "same"]
    sign: str
    name: str
    about: str
    before: str | None
    after: str | None


class Section(TypedDict):
    """Some changes under a title, or what to say where there are none."""

    title: str
    empty: str
    rows: list[Row]


class Action(TypedDict):
    """A button that sends an event to the page."""

    title: str
    icon: str
    event: Json


class Content(TypedDict, total=False):
    """What a widget shows, of each kind what is there, in this order.

    ``choices`` are those that the data offer, by the name of the setting; ``merge`` names the charts that
    this one can be merged with; ``space`` tells which samples the numbers of samples are of.
    """

    caption: str
    series: list[Json]
    actions: list[Action]
    pictures: list[Picture]
    table: Table
    figure: Json
    sections: list[Section]
    html: str
    files: list[File]
    code: str
    editor: str
    choices: Json
    merge: Literal["histogram", "lines", "bars", "densities", "scatter", "boxes", "table"]
    space: str


Followed = Literal["training", "classes", "checkpoint", "filter", "marked"]

Family = Literal["training", "values", "samples", "models", "functions"]
"""The part of the toolbox that a tool stands in."""

Draw = Callable[[Client, Unit, Context], Awaitable[Content]]


@dataclass(frozen=True)
class Tool:
    """One entry of the toolbox; ``draw`` asks what it needs and returns what the widget shows.

    It is drawn anew when something changes that it ``follows``; ``of_units`` is what of that only widgets of
    single neurons and channels follow.
    """

    name: str
    title: str
    icon: str
    description: str
    fits: Callable[[Unit], bool]
    draw: Draw
    follows: tuple[Followed, ...] = ("training", "classes", "checkpoint", "filter")
    settings: tuple[Setting, ...] = ()
    family: Family = "values"
    of_units: tuple[Followed, ...] = ()

    def followed(self, uoa: str) -> tuple[Followed, ...]:
        """Return what a widget of a unit follows."""
        single = bool(parse(uoa).unit)
        return tuple(what for what in self.follows if single or what not in self.of_units)

    def ignores_classes(self, unit: Unit) -> bool:
        """Tell whether data are shown that the class selector doesn't change: weights, say."""
        return bool(self.follows) and ("classes" not in self.followed(unit.uoa) or unit.kind == "weights")

    def chosen(self, changed: Mapping[str, Any], unit: Unit) -> dict[str, Any]:
        """Return every setting: as it was changed, else its default for the unit."""
        return {
            setting.name: changed[setting.name]
            if setting.accepts(changed.get(setting.name))
            else setting.default_for(unit)
            for setting in self.settings
        }
