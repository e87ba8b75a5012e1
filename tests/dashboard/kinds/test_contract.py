"""Every tool on every unit of every kind of model: it draws, or says in one line why not."""

import asyncio
import json
from base64 import b64decode
from dataclasses import replace
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import plotly.graph_objects as go
import pytest
from PIL import Image
from plotly.io.json import to_json_plotly

from inspectree.dashboard.selections import BRUSHED, Selection
from inspectree.dashboard.tools import TOOLS
from inspectree.dashboard.tools.base import Content, Setting, Tool
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.view import View

NAMES = ("colours", "regressor", "binary", "series", "tokens", "autoencoder", "several")

each_tool = pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
each_kind = pytest.mark.parametrize("name", NAMES)


def units_of(kinds: Any, name: str) -> list[Unit]:
    """Return the experiment, the model, every layer with its variables, and a neuron of each."""
    model = kinds.ids[name]
    graph = asyncio.run(kinds.page.client.architecture(model))
    experiment = next(e for e in kinds.page.index.experiments if model in {m["id"] for m in e["models"]})
    uoas = [experiment["id"], model]
    for node in graph["nodes"]:
        uoas.append(f"{model}/{node['id']}")
        uoas += [f"{model}/{node['id']}/{variable['name']}" for variable in node["variables"]]
        if node["kind"] == "layer":
            uoas.append(f"{model}/{node['id']}#0")
    return [kinds.page.unit(uoa) for uoa in uoas]


def different(units: list[Unit]) -> list[Unit]:
    """Return one unit of each kind, type and number of axes."""
    return list({(unit.kind, unit.type, len(unit.dims)): unit for unit in units}.values())


def checked(content: dict[str, Any]) -> dict[str, Any]:
    """Return what was drawn, looked at as the browser would, or the one line that says why not."""
    if "error" in content:
        assert content["error"]
        assert "\n" not in content["error"]
        return content
    assert content.keys() <= Content.__annotations__.keys()
    json.loads(to_json_plotly(content), parse_constant=pytest.fail)
    if "figure" in content:
        assert go.Figure(content["figure"]).data
    for picture in content.get("pictures", []):
        assert ("src" in picture) != ("text" in picture)
        looked_at(picture.get("src", ""))
    if "table" in content:
        _check_table(content["table"])
    return content


def _check_table(table: dict[str, Any]) -> None:
    assert all(len(row) == len(table["columns"]) for row in table["rows"])
    for column, cells in zip(table["columns"], zip(*table["rows"], strict=True), strict=False):
        if column["kind"] == "image":
            for cell in cells:
                looked_at(cell or "")
    for linked in ("samples", "uoas"):
        assert len(table.get(linked, table["rows"])) == len(table["rows"])


def looked_at(uri: str) -> None:
    """Decode an image as a browser would; an empty one is none."""
    header, _, data = uri.partition(",")
    if header == "data:image/svg+xml;base64":
        assert ElementTree.fromstring(b64decode(data)).tag.endswith("svg")
    elif uri:
        assert header == "data:image/png;base64"
        Image.open(BytesIO(b64decode(data))).verify()


def alternatives(setting: Setting) -> list[Any]:
    """Return other values of a setting: all that are written down."""
    return {"choice": list(setting.choices), "switch": [True, False], "number": [1], "text": []}[setting.kind]


@each_kind
@each_tool
def test_it_draws_or_says_why_not(tool: Tool, name: str, kinds: Any) -> None:
    for unit in different(units_of(kinds, name)):
        if tool.fits(unit):
            checked(kinds.page.card(tool.name, unit.uoa)["content"])


@each_kind
@pytest.mark.parametrize(
    "tool", [tool for tool in TOOLS if tool.family == "samples"], ids=lambda tool: tool.name
)
def test_so_it_does_with_other_settings(tool: Tool, name: str, kinds: Any) -> None:
    """Each setting by itself, on one unit of each kind that it fits."""
    units = {unit.kind: unit for unit in units_of(kinds, name) if tool.fits(unit)}
    for unit in units.values():
        for setting in tool.settings:
            for value in alternatives(setting):
                checked(kinds.page.card(tool.name, unit.uoa, **{setting.name: value})["content"])


@each_tool
def test_so_it_does_where_classes_are_off_and_a_filter_is_in_force(tool: Tool, kinds: Any) -> None:
    space = kinds.page.index.models[kinds.ids["colours"]]["samples"]
    view = replace(
        View(off=("red",)), selections=(Selection(BRUSHED, space, (1, 2, 3, 4, 5, 20)),), filtered=BRUSHED
    )
    for unit in different(units_of(kinds, "colours")):
        if tool.fits(unit):
            checked(kinds.page.card(tool.name, unit.uoa, view)["content"])


@pytest.mark.parametrize("name", ["regressor", "series", "autoencoder"])
def test_tools_of_classes_are_not_offered_where_there_are_none(name: str, kinds: Any) -> None:
    about_classes = {"confusion_matrix", "misclassified", "class_metrics", "class_probabilities"}
    for unit in units_of(kinds, name):
        assert not {tool.name for tool in TOOLS if tool.fits(unit)} & about_classes
