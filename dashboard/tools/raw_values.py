"""The numbers themselves: a part of a plane through a variable."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from inspectree.dashboard.client import Client
from inspectree.dashboard.tools.base import Column, Content, Context, Json, Setting, Table, Tool, ToolError
from inspectree.dashboard.tools.charts.figures import figure, heatmap
from inspectree.dashboard.tools.questions.axes import others, unit_dim
from inspectree.dashboard.tools.questions.following import followed
from inspectree.dashboard.tools.questions.source import class_selection, has_values, values_uoa
from inspectree.dashboard.tools.questions.statistics import chosen
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import parse

STYLES = ("heat map", "table")
MOST_WRITTEN = 7
"""Columns of a heat map in whose cells the numbers can be read."""

NOTHING = "(none)"


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw rows and columns of values at chosen positions of all other axes; only these are read."""
    number = context.number(parse(unit.uoa).model)
    dims = _dims(unit)
    rows, columns = _plane(dims, context.settings)
    at = positions(context.settings["at"], [dim for dim in dims if dim not in {rows, columns}])
    steps = [*class_selection(unit, context), *_window(rows, columns, at, context.settings)]
    values = await client.values(values_uoa(unit, number), steps)
    if not values.size:
        raise ToolError("nothing lies there: begin at a lower row or column, or choose more samples")
    plane = _laid_out(values, rows, columns)
    totals = await _totals(client, unit, context, [rows, columns])
    table = chosen(context.settings["style"], STYLES) == "table"
    content: Content = {
        "caption": f"{_told(plane, rows, columns, at, totals)} · checkpoint {number}",
        "choices": {"rows": [NOTHING, *dims], "columns": list(dims)},
        "space": context.space(parse(unit.uoa).model),
    }
    return {**content, "table": _table(plane, rows)} if table else {**content, "figure": _cells(plane, rows)}


def _dims(unit: Unit) -> list[str]:
    """Return the axes of what is read: a unit is one position of its axis."""
    return others(unit.dims, unit_dim(unit)) if unit.kind == "unit" else list(unit.dims)


def _plane(dims: list[str], settings: Mapping[str, Any]) -> tuple[str, str]:
    """Return the axes of rows and columns; empty where there is none."""
    usual = (
        ("y", "x")
        if {"y", "x"} <= set(dims)
        else (dims[0] if len(dims) > 1 else "", dims[-1] if dims else "")
    )
    columns = settings["columns"] if settings["columns"] in dims else usual[1]
    rows = settings["rows"] if settings["rows"] in dims else usual[0]
    if settings["rows"] == NOTHING:
        rows = ""
    if rows == columns:
        rows = next((dim for dim in dims if dim != columns), "") if settings["rows"] not in dims else ""
    return rows, columns


def positions(text: str, dims: list[str]) -> dict[str, int]:
    """Return the positions along the axes that are no rows or columns: ``sample=3, channel=1``, else 0.

    Raises
    ------
    ToolError
        Where the text says something else.
    """
    found = dict.fromkeys(dims, 0)
    for part in filter(None, (part.strip() for part in text.split(","))):
        dim, _, number = (piece.strip() for piece in part.partition("="))
        if dim not in found or not number.isdecimal():
            example = ", ".join(f"{dim}=0" for dim in dims) or "nothing: every axis is shown"
            raise ToolError(f"Position: {part!r} is not understood; it can be {example}")
        found[dim] = int(number)
    return found


def _window(rows: str, columns: str, at: dict[str, int], settings: Mapping[str, Any]) -> list[Json]:
    starts = {rows: settings["row"], columns: settings["column"]}
    size = int(settings["size"])
    window = {dim: [start, start + size] for dim, start in starts.items() if dim}
    return [{"op": "select", "slice": window, "position": at}] if window or at else []


def _laid_out(values: xr.DataArray, rows: str, columns: str) -> xr.DataArray:
    """Return values (row, column): one row or column stands for an axis that there is not."""
    wanted = [rows or "row", columns or "column"]
    missing = [dim for dim in wanted if dim not in values.dims]
    return values.expand_dims(missing).transpose(*wanted)


async def _totals(client: Client, unit: Unit, context: Context, dims: list[str]) -> dict[str, int]:
    """Return how many positions there are along axes, of samples how many are selected."""
    found = {dim: unit.shape[unit.dims.index(dim)] or 0 for dim in dims if dim in unit.dims}
    if "sample" in found:
        found["sample"] = len((await followed(client, parse(unit.uoa).model, context)).samples)
    return found


def _told(plane: xr.DataArray, rows: str, columns: str, at: dict[str, int], totals: Mapping[str, int]) -> str:
    parts = [
        f"{dim} {_range(plane, dim)}{f' of {totals[dim]:,}' if plane.sizes[dim] < totals[dim] else ''}"
        for dim in (rows, columns)
        if dim
    ]
    parts += [f"{dim} {plane[dim].item() if dim in plane.coords else at[dim]}" for dim in at]
    return ", ".join(parts) or "one number"


def _range(plane: xr.DataArray, dim: str) -> str:
    names = _names(plane, dim)
    return names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}"


def _names(plane: xr.DataArray, dim: str) -> list[str]:
    if dim not in plane.coords:
        return [""] * plane.sizes[dim]
    return [str(label) for label in plane[dim].values.tolist()]


def _cells(plane: xr.DataArray, rows: str) -> Json:
    """Return a heat map; where columns are few the numbers are written into it."""
    values = plane.values.astype(np.float64)
    down, across = (_names(plane, str(dim)) for dim in plane.dims)
    template = f"{plane.dims[0]} %{{y}}<br>{plane.dims[1]} %{{x}}<br>%{{customdata}}"
    cells = heatmap(values, down, across, template=template, scale="activation", numbers=".3g")
    cells["z"] = [[_number(cell) for cell in row] for row in values]
    cells["customdata"] = [[text(cell, 6) for cell in row] for row in values]
    if (values < 0).any() and (values > 0).any():
        cells["zmid"] = 0
    if len(across) <= MOST_WRITTEN:
        cells |= {"text": [[text(cell, 3) for cell in row] for row in values], "texttemplate": "%{text}"}
    axes = {"type": "category", "nticks": 12}
    return figure(
        [cells], height=max(90, min(420, 22 * len(down) + 56)), x={**axes, "title": {"text": plane.dims[1]}},
        y={**axes, "autorange": "reversed", **({"title": {"text": rows}} if rows else {})},
    )  # fmt: skip


def _table(plane: xr.DataArray, rows: str) -> Table:
    """Return the same numbers as a table; rows that are samples are linked."""
    down, across = (_names(plane, str(dim)) for dim in plane.dims)
    heads = [
        Column(name=f"c{place}", title=name or "value", kind="number") for place, name in enumerate(across)
    ]
    table = Table(
        columns=[Column(name="row", title=rows or "", kind="text"), *heads],
        rows=[
            [name, *(cell if _number(cell) is not None else text(cell, 3) for cell in row)]
            for name, row in zip(down, plane.values.tolist(), strict=True)
        ],
    )
    if rows == "sample":
        table["samples"] = [int(name) for name in down]
    return table


def _number(cell: float) -> float | None:
    return float(cell) if np.isfinite(cell) else None


def text(cell: float, digits: int) -> str:
    """Return a number in a few digits; what is not finite in words."""
    if np.isnan(cell):
        return "NaN"
    return f"{cell:.{digits}g}" if np.isfinite(cell) else "∞" if cell > 0 else "−∞"


RAW_VALUES = Tool(
    name="raw_values",
    title="Raw values",
    icon="numbers",
    description="The numbers themselves: two axes of a kernel or of activations, the others at a position.",
    fits=has_values,
    draw=draw,
    settings=(
        Setting("rows", "Rows", "choice", ""),
        Setting("columns", "Columns", "choice", ""),
        Setting("at", "Position of the others", "text", "", help="Such as sample=3, channel=1; else 0."),
        Setting("row", "First row", "number", 0, least=0),
        Setting("column", "First column", "number", 0, least=0),
        Setting("size", "Rows and columns at most", "number", 16, least=1, most=64),
        Setting("style", "Drawn as", "choice", STYLES[0], choices=STYLES),
    ),
)
