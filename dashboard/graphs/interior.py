"""The inside of a layer's box: operations in a row, below them the variables that feed them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from inspectree.dashboard.graphs import pictograms
from inspectree.dashboard.graphs.architecture import Architecture
from inspectree.dashboard.graphs.drawing import shape_text, text_width
from inspectree.dashboard.unit import Unit

Json = dict[str, Any]

OPERATION, VARIABLE = 42, 32
TOP, FOOT = 76, 34
ROW, VARIABLE_ROW = 78, 46
COLUMN_GAP = 40
MOST_OPERATIONS = 8
"""More operations than that are told by their number; descending shows the layer's values."""


@dataclass(frozen=True)
class Interior:
    """Pictograms with their places in a box of this size; links join them by index."""

    width: float
    height: float
    pictograms: list[Json]
    links: list[tuple[int, int]]

    def widened(self, width: float) -> "Interior":
        """Return the same in the middle of a box of another width."""
        by = (width - self.width) / 2
        return replace(
            self, width=width, pictograms=[{**item, "x": item["x"] + by} for item in self.pictograms]
        )


def interior(
    model: str, architecture: Architecture, node: Json, fitting: Callable[[Unit], list[str]]
) -> Interior:
    """Return what a layer's box shows inside."""
    operations = architecture.operations(node["id"])
    inner_layers = len(architecture.layers(node["id"]))
    if inner_layers:
        return _single(f"{inner_layers} layers inside", "group")
    if node["kind"] == "operation":
        return _single(node["type"].lower(), pictograms.operation(node["type"]))
    if not operations or len(operations) > MOST_OPERATIONS:
        label = f"{len(operations)} operations" if operations else ""
        return _with_variables(
            model, architecture, node, [], fitting, _single(label, pictograms.layer(node["type"]))
        )
    return _with_variables(model, architecture, node, operations, fitting, None)


def _single(label: str, pictogram: str) -> Interior:
    """Return one pictogram that stands for the whole."""
    width = max(184.0, text_width(label, 10.5) + 40)
    item = {
        "kind": "whole",
        "pictogram": pictogram,
        "label": label,
        "x": width / 2,
        "y": TOP,
        "size": OPERATION,
    }
    return Interior(width, TOP + OPERATION / 2 + FOOT, [item], [])


def _with_variables(
    model: str,
    architecture: Architecture,
    node: Json,
    operations: list[Json],
    fitting: Callable[[Unit], list[str]],
    whole: Interior | None,
) -> Interior:
    columns = _columns(architecture, node["id"], operations)
    uses = dict(reversed(architecture.uses(node["id"])))
    below: dict[int, list[Json]] = {}
    for variable in node["variables"]:
        below.setdefault(columns.get(uses.get(variable["name"], ""), 0), []).append(variable)
    count = max([*columns.values(), *below], default=0) + 1
    widths = [_column_width(operations, columns, below, index) for index in range(count)]
    centres = [24 + sum(widths[:index]) + index * COLUMN_GAP + OPERATION / 2 for index in range(count)]
    natural = sum(widths) + COLUMN_GAP * (count - 1) + 48
    rows = max((list(columns.values()).count(index) for index in range(count)), default=1) or 1
    items, places = _operations(model, operations, columns, centres)
    if whole:
        items = [{**whole.pictograms[0], "x": centres[0]}]
    total = max(natural, whole.width) if whole else natural
    links = [(places[a], places[b]) for a, b in architecture.links(node["id"]) if a in places and b in places]
    for column, variables in below.items():
        for row, variable in enumerate(variables):
            y = TOP + (rows - 1) * ROW + OPERATION / 2 + 34 + row * VARIABLE_ROW
            target = places.get(uses.get(variable["name"], ""))
            if target is not None and row == 0:
                links.append((len(items), target))
            items.append(_variable(model, node, variable, centres[column], y, fitting))
    deepest = max((item["y"] + item["size"] / 2 for item in items), default=TOP)
    return Interior(natural, deepest + FOOT, items, links).widened(total)


def _columns(architecture: Architecture, layer: str, operations: list[Json]) -> dict[str, int]:
    """Return each operation's column: its longest distance from the layer's input."""
    column = {operation["id"]: 0 for operation in operations}
    for source, target in architecture.links(layer):  # the graph lists operations in the order they run
        if source in column and target in column:
            column[target] = max(column[target], column[source] + 1)
    return column


def _column_width(
    operations: list[Json], columns: dict[str, int], below: dict[int, list[Json]], index: int
) -> float:
    labels = [text_width(op["type"], 10.5) for op in operations if columns[op["id"]] == index]
    variables = [
        VARIABLE + 8 + max(text_width(v["name"], 10.5), text_width(shape_text(v["shape"]), 9.5))
        for v in below.get(index, [])
    ]
    return max([OPERATION, *labels, *variables])


def _operations(
    model: str, operations: list[Json], columns: dict[str, int], centres: list[float]
) -> tuple[list[Json], dict[str, int]]:
    items: list[Json] = []
    places: dict[str, int] = {}
    filled = dict.fromkeys(range(len(centres)), 0)
    for operation in operations:
        column = columns[operation["id"]]
        places[operation["id"]] = len(items)
        items.append(
            {
                "kind": "operation",
                "uoa": f"{model}/{operation['id']}",
                "pictogram": pictograms.operation(operation["type"]),
                "label": operation["type"].lower(),
                "x": centres[column],
                "y": TOP + filled[column] * ROW,
                "size": OPERATION,
                "fits": [],
                "tip": _operation_tip(operation),
            }
        )
        filled[column] += 1
    return items, places


def _operation_tip(operation: Json) -> str:
    lines = [operation["type"].lower()]
    lines += [
        f"{name}: {value}" for name, value in operation["config"].items() if value not in (None, "", [])
    ]
    lines += [f"→ ({shape_text(output['shape'][1:])}) {output['dtype']}" for output in operation["outputs"]]
    return "\n".join(lines)


def _variable(
    model: str, node: Json, variable: Json, x: float, y: float, fitting: Callable[[Unit], list[str]]
) -> Json:
    uoa = f"{model}/{node['id']}/{variable['name']}"
    unit = Unit(
        uoa, "weights", variable["name"], node["type"], tuple(variable["dims"]), tuple(variable["shape"])
    )
    trainable = "trainable" if variable["trainable"] else "not trainable"
    lines = [
        variable["name"],
        f"shape {shape_text(variable['shape'])} ({', '.join(variable['dims'])})",
        trainable,
    ]
    lines += [f"initialiser {variable['initializer']}"] * bool(variable["initializer"])
    return {
        "kind": "weights",
        "uoa": uoa,
        "pictogram": pictograms.variable(variable["name"]),
        "label": variable["name"],
        "sub": shape_text(variable["shape"]) or "scalar",
        "x": x,
        "y": y,
        "size": VARIABLE,
        "fits": fitting(unit),
        "tip": "\n".join(lines),
    }
