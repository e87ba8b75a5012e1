"""What changed from one model to another."""

import re
from collections.abc import Callable, Iterable
from math import floor, isfinite, log10
from typing import Any

from inspectree.dashboard.changes import CONSEQUENCES, text, title
from inspectree.dashboard.client import Client
from inspectree.dashboard.graphs.drawing import shape_text
from inspectree.dashboard.sizes import bytes_text
from inspectree.dashboard.tools.base import (
    Action,
    Content,
    Context,
    Json,
    Row,
    Section,
    Setting,
    Tool,
    ToolError,
)
from inspectree.dashboard.tools.questions.model_numbers import metric_title
from inspectree.dashboard.unit import Unit

NUMBER = re.compile(r"_[0-9]+$")

SIZES: dict[str, tuple[str, Callable[[Any], str]]] = {
    "bytes": ("log on disk", bytes_text),
    "seconds": ("training time", "{:.3g} s".format),
}
"""What sizes with a unit are called, and how they are written."""

DIGITS, SMALLEST, LARGEST = 4, 1e-3, 1e6
"""Of metrics, and from where to where they are written without a power of ten."""


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Tell the changes since the chosen model, by default the first parent."""
    choices = named_models(unit.uoa, context)
    if not choices:
        raise ToolError("there is no other model to compare with")
    chosen = context.settings["since"]
    parents = context.models[unit.uoa]["parents"]
    before = choices.get(chosen) or next(iter(choices.values()))
    found = await client.comparison(before, unit.uoa)
    why = "" if chosen in choices or before in parents else " (it has no parent here: choose a model below)"
    return {
        "caption": f"{context.title(before)} → {context.title(unit.uoa)}{why}{_caveats(found)}",
        "series": [
            {"name": context.title(model), "color": context.colors[model], "uoa": model}
            for model in (before, unit.uoa)
        ],
        "actions": [side_by_side(before, unit.uoa)],
        "sections": sections(found),
        "choices": {"since": list(choices)},
    }


def side_by_side(before: str, model: str) -> Action:
    """Return the button that shows a model beside the one before it in the inspection panel."""
    event = {"type": "compare", "uoa": model, "with": before}
    return {"title": "Show both graphs", "icon": "columns-2", "event": event}


def named_models(model: str, context: Context) -> dict[str, str]:
    """Return the ids of the other models by their names, parents first; equal names with a part of the id."""
    parents = [parent for parent in context.models[model]["parents"] if parent in context.models]
    others = [other for other in dict.fromkeys([*parents, *context.models]) if other != model]
    titles = [context.title(other) for other in others]
    return {
        title if titles.count(title) == 1 else f"{title} ({other[:8]})": other
        for title, other in zip(titles, others, strict=True)
    }


def sections(found: Json) -> list[Section]:
    """Return the tables: layers, their settings, hyperparameters, metrics, sizes."""
    layers = found["layers"]
    return [
        _section("Layers", "the same layers, in the same order", _layers(layers)),
        _section("Settings", "the layers are set as before", _settings(layers["altered"])),
        _section("Hyperparameters", "trained with the same", _changes(found["hyperparameters"])),
        _section("Metrics", "none recorded", map(_metric, found["metrics"])),
        _section("Sizes", "", map(_size, found["sizes"])),
    ]


def _section(title: str, empty: str, rows: Iterable[Row]) -> Section:
    return {"title": title, "empty": empty, "rows": list(rows)}


def _row(kind: Any, sign: str, name: str, about: str = "", before: Any = None, after: Any = None) -> Row:
    return {"kind": kind, "sign": sign, "name": name, "about": about, "before": before, "after": after}


def _layers(layers: Json) -> list[Row]:
    """Return what came, went, moved, got another name and was connected otherwise."""
    named = {
        pair["before"]: pair["after"]
        for pair in layers["renamed"]
        if _without_number(pair["before"]) != _without_number(pair["after"])
    }
    connections = {"added": "now feeds", "removed": "no longer feeds"}
    return [
        *(_row("added", "+", layer["name"], _about(layer)) for layer in layers["added"]),
        *(_row("removed", "−", layer["name"], _about(layer)) for layer in layers["removed"]),
        *(_row("altered", "↕", pair["after"], "moved") for pair in layers["moved"]),
        *(_row("same", "=", new, "renamed", old, new) for old, new in named.items()),
        *(
            _row(
                "altered", "⇢", link["source"] or "input",
                f"{connections[link['change']]} {link['target'] or 'the output'}",
            )
            for link in layers["rewired"]
        ),
    ]  # fmt: skip


def _without_number(name: str) -> str:
    """Return a name without the number that Keras counts layers of a kind by, in each process."""
    return NUMBER.sub("", name)


def _about(layer: Json) -> str:
    parts = [layer["type"]]
    if layer["shape"]:
        parts.append(shape_text(layer["shape"][1:]))
    if layer["parameters"]:
        parts.append(f"{layer['parameters']:,} parameters")
    return " · ".join(part for part in parts if part)


def _settings(altered: list[Json]) -> list[Row]:
    """Return the settings that changed, and for other layers what followed from changes elsewhere."""
    rows = []
    for layer in altered:
        own = [change for change in layer["changes"] if change["key"] not in CONSEQUENCES]
        shown = own or [change for change in layer["changes"] if change["key"] == "output shape"]
        rows += [
            _row("altered" if own else "same", "~" if own else "=", layer["after"], title(change["key"]),
                 text(change["before"]), text(change["after"]))
            for change in shown
        ]  # fmt: skip
    return rows


def _changes(changes: list[Json]) -> list[Row]:
    return [_change(change["key"], change["before"], change["after"]) for change in changes]


def _change(name: str, before: Any, after: Any, about: str = "") -> Row:
    kind, sign = ("altered", "~") if before != after else ("same", "=")
    return _row(kind, sign, title(name), about, text(before), text(after))


def _size(change: Json) -> Row:
    """Return a size in its unit."""
    name, written = SIZES.get(change["key"], (change["key"], text))
    row = _change(name, change["before"], change["after"])
    return {**row, "before": _known(written, change["before"]), "after": _known(written, change["after"])}


def _known(written: Callable[[Any], str], value: Any) -> str:
    return text(None) if value is None else written(value)


def _metric(metric: Json) -> Row:
    before, after, difference = alike(metric["before"], metric["after"])
    name = f"{metric['when']} {metric_title(metric['name'])}"
    return {**_change(name, metric["before"], metric["after"], difference), "before": before, "after": after}


def alike(before: Any, after: Any) -> tuple[str, str, str]:
    """Return two numbers and how much more the second is, all in as many decimals: four digits of the larger.

    The difference is empty where one of them is no finite number.
    """
    if not all(isinstance(each, int | float) and isfinite(each) for each in (before, after)):
        return text(before), text(after), ""
    largest = max(abs(before), abs(after))
    if largest and not SMALLEST <= largest < LARGEST:
        return text(float(before)), text(float(after)), f"{after - before:+.4g}"
    decimals = max(0, DIGITS - 1 - floor(log10(largest))) if largest else 0
    return f"{before:.{decimals}f}", f"{after:.{decimals}f}", f"{after - before:+.{decimals}f}"


def _caveats(found: Json) -> str:
    told = {
        "other samples were logged": found["same_samples"] is False,
        "other classes": not found["same_classes"],
    }
    return "".join(f" · {what}" for what, holds in told.items() if holds)


COMPARISON = Tool(
    name="comparison",
    title="What changed",
    icon="list-details",
    description="What changed since the parent or another model: layers, settings, hyperparameters, metrics.",
    fits=lambda unit: unit.kind == "model",
    draw=draw,
    follows=("training",),
    settings=(Setting("since", "Since", "choice", ""),),
    family="models",
)
