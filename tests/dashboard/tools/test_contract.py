"""What every tool has to do, found through its table, for every unit of a trained model."""

import asyncio
import json
from base64 import b64decode
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, get_args

import plotly.graph_objects as go
import pytest
from PIL import Image
from plotly.io.json import to_json_plotly

from inspectree.dashboard import app, regions
from inspectree.dashboard.tools import BY_NAME, TOOLS, fitting
from inspectree.dashboard.tools.base import Content, Tool
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.view import View

CONTENT = Content.__annotations__.keys()

DECLINES = {
    "gradients": "has no gradients, other than the rest",
    "norms": "has no variables",
    "update_ratio": "has no variables",
    "density": "these values are all the same",
    "layer_over_models": "these values are all the same",
    "dead_units": "has no ReLU, sigmoid or tanh",
}
"""What tools say of units that lack what they need, although by their type they could have it."""

MOST_POINTS = 2000
"""Points of a trace that is drawn as SVG."""

ELSEWHERE = {"regression", "reconstruction"}
"""Tools that fit nothing in this store: they are drawn in ``tests/dashboard/kinds``."""

each_tool = pytest.mark.parametrize(
    "tool", [tool for tool in TOOLS if tool.name not in ELSEWHERE], ids=lambda tool: tool.name
)


@pytest.fixture(scope="module")
def units(page: Any, ids: Mapping[str, str]) -> list[Unit]:
    """Return every unit of the model with the skip connection, a neuron per layer, and the experiment."""
    model = ids["digits_conv_skip"]
    graph = asyncio.run(page.client.architecture(model))
    uoas = [page.index.experiments[0]["id"], model]
    for node in graph["nodes"]:
        uoas.append(f"{model}/{node['id']}")
        uoas += [f"{model}/{node['id']}/{variable['name']}" for variable in node["variables"]]
        if node["kind"] == "layer":
            uoas.append(f"{model}/{node['id']}#1")
    return [page.unit(uoa) for uoa in uoas]


def checked(content: dict[str, Any]) -> dict[str, Any]:
    """Return a card's content after it was looked at as the browser would."""
    assert content.keys() <= CONTENT, content.get("error")
    assert content.keys() & {"figure", "pictures", "table", "sections", "html", "code"}
    if "figure" in content:
        assert go.Figure(content["figure"]).data, "a figure that draws something"
        for trace in content["figure"]["data"]:
            assert not trace["type"].endswith("gl"), "browsers have few contexts for WebGL"
            assert len(trace.get("x") or []) <= MOST_POINTS
            assert "samples" not in trace.get("meta", {}) or "space" in content
    if "table" in content:
        check_table(content["table"])
    assert content.get("merge") in {None, *get_args(Content.__annotations__["merge"])}
    for picture in content.get("pictures", []):
        header, _, data = picture["src"].partition(",")
        assert header == "data:image/png;base64"
        Image.open(BytesIO(b64decode(data))).verify()
    return content


def check_table(table: dict[str, Any]) -> None:
    """Every row has a cell per column, of its kind, and what stands for rows stands for all of them."""
    kinds = [column["kind"] for column in table["columns"]]
    assert len({column["name"] for column in table["columns"]}) == len(kinds)
    for row in table["rows"]:
        assert len(row) == len(kinds)
        for kind, cell in zip(kinds, row, strict=True):
            assert cell is None or isinstance(cell, str if kind in {"text", "image"} else int | float | str)
    for name in ("uoas", "samples"):
        assert len(table.get(name, table["rows"])) == len(table["rows"])


def declined(tool: Tool, card: dict[str, Any]) -> bool:
    """Tell whether a tool has said in one line that a unit lacks what it needs."""
    error = card["content"].get("error", "")
    return tool.name in DECLINES and DECLINES[tool.name] in error


def first(tool: Tool, page: Any, units: list[Unit]) -> Unit:
    """Return the first unit that a tool draws."""
    return next(u for u in units if tool.fits(u) and not declined(tool, page.card(tool.name, u.uoa)))


@each_tool
def test_it_draws_every_unit_that_it_fits(tool: Tool, page: Any, units: list[Unit]) -> None:
    """A valid figure, images or text, that survives JSON; never a failure."""
    cards = [(unit, page.card(tool.name, unit.uoa)) for unit in units if tool.fits(unit)]
    drawn = [(unit, card) for unit, card in cards if not declined(tool, card)]
    assert drawn
    for unit, card in drawn:
        content = checked(card["content"])
        assert content.get("caption") or "html" in content
        json.loads(to_json_plotly(card), parse_constant=pytest.fail)
        assert (card["tool"], card["uoa"], card["level"]) == (tool.name, unit.uoa, unit.level)
        assert card["where"]


def test_tools_that_are_drawn_elsewhere_fit_nothing_here(units: list[Unit]) -> None:
    assert not [unit for unit in units for name in ELSEWHERE if BY_NAME[name].fits(unit)]


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_it_refuses_units_that_it_does_not_fit(tool: Tool, page: Any, units: list[Unit]) -> None:
    """It is not offered for them; a link that asks for it all the same is told why not."""
    for unit in units:
        if not tool.fits(unit):
            assert tool.name not in fitting(unit)
            told = page.card(tool.name, unit.uoa)["content"]
            assert told == {"error": f"{tool.title} does not fit {unit.name}: {tool.description}"}


@each_tool
def test_it_draws_with_classes_switched_off(tool: Tool, page: Any, units: list[Unit]) -> None:
    """Of what does not follow the classes nothing changes, and the card says so."""
    view = View(off=("zero", "five"))
    unit = first(tool, page, units)
    before, after = page.card(tool.name, unit.uoa), page.card(tool.name, unit.uoa, view)
    checked(after["content"])
    assert after["unaffected"] is tool.ignores_classes(unit)
    if tool.ignores_classes(unit):  # a branch has a new id each time
        assert after["content"] == before["content"]


@each_tool
def test_it_draws_the_first_checkpoint(tool: Tool, page: Any, units: list[Unit]) -> None:
    cards = [page.card(tool.name, unit.uoa, View(checkpoint=0)) for unit in units if tool.fits(unit)]
    for card in cards:
        if not declined(tool, card):
            checked(card["content"])


@each_tool
def test_settings_that_make_no_sense_are_as_at_the_start(tool: Tool, page: Any, units: list[Unit]) -> None:
    """Settings come from links, which anybody may have written."""
    unit = first(tool, page, units)
    defaults = {setting.name: setting.default for setting in tool.settings}
    for nonsense in (None, [], {"a": 1}, -1.5, "\x00" if "text" not in defaults else 7):
        content = page.card(tool.name, unit.uoa, **dict.fromkeys(defaults, nonsense))["content"]
        if repr(nonsense) not in content.get("error", ""):  # a text that makes no sense is quoted
            checked(content)


@each_tool
def test_its_settings_can_be_changed(tool: Tool, page: Any, units: list[Unit]) -> None:
    """Every setting takes another value of its kind, which the form shows; a choice of nothing has none."""
    unit = first(tool, page, units)
    fields = {field["name"]: field for field in page.card(tool.name, unit.uoa)["settings"]}
    for setting in tool.settings:
        if setting.name not in fields:
            assert not setting.applies(unit) or (setting.kind, setting.choices) == ("choice", ())
            continue
        field = fields[setting.name]
        values = {"number": max(3, setting.least or 0), "switch": not setting.default, "text": "one"}
        others = [choice for choice in field["choices"] if choice != field["value"]]
        value = next(iter(others), field["value"]) if setting.kind == "choice" else values[setting.kind]
        card = page.card(tool.name, unit.uoa, **{setting.name: value})
        if setting.kind == "text" and "error" in card["content"]:  # a text may make no sense: it is quoted
            assert repr(value) in card["content"]["error"]
        else:
            checked(card["content"])
        assert {field["name"]: field["value"] for field in card["settings"]}[setting.name] == value


def test_an_experiment_s_widget_has_no_settings_of_a_model_s(page: Any, ids: Mapping[str, str]) -> None:
    """They would change nothing, and would be told in reports."""

    def names(tool: str, uoa: str) -> set[str]:
        return {field["name"] for field in page.card(tool, uoa)["settings"]}

    experiment, model = page.index.experiments[0]["id"], ids["digits_conv"]
    assert names("misclassified", experiment) == {"whose", "most"}
    assert names("misclassified", model) == {"order", "most"}
    assert "size" in names("save_size", experiment) - names("save_size", model)
    assert "split" in names("histogram", f"{model}/conv_1") - names("histogram", f"{model}/conv_1/kernel")


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_it_describes_itself(tool: Tool) -> None:
    assert tool.title
    assert tool.icon
    assert tool.description.endswith((".", "?"))
    assert all(setting.title for setting in tool.settings)
    assert BY_NAME[tool.name] is tool


def test_every_name_stands_for_one_tool() -> None:
    assert len(BY_NAME) == len(TOOLS)


def test_every_tool_has_an_icon_of_its_own_that_there_is() -> None:
    style = (Path(app.__file__).parent / "assets" / "icons.css").read_text()
    icons = [tool.icon for tool in TOOLS]
    assert sorted(set(icons)) == sorted(icons)
    assert [name for name in icons if f".icon-{name}{{" not in style] == []


def test_operations_are_offered_no_tool(units: list[Unit]) -> None:
    operations = [unit for unit in units if unit.kind == "operation"]
    assert operations
    assert [fitting(unit) for unit in operations] == [[]] * len(operations)


def test_what_is_offered_is_what_fits_something_in_sight(page: Any, ids: Mapping[str, str]) -> None:
    """On the level of models no tool for kernels, inside a model none for whole models but for its frame."""

    def offered(view: View) -> set[str]:
        toolbox, _ = page.show(regions.tools, view)
        return {name for name in BY_NAME if f'"data-tool": "{name}"' in to_json_plotly(toolbox, pretty=True)}

    models = offered(View())
    assert models >= {
        "performance",
        "confusion_matrix",
        "misclassified",
        "comparison",
        "norms",
        "note",
        "branch",
    }
    assert models.isdisjoint({"histogram", "kernel_images", "gradients"})
    inside = offered(View(focus=ids["digits_conv"], level="L2"))
    assert inside >= {"histogram", "kernel_images", "gradients", "performance", "export", "note"}
    neurons = offered(View(focus=f"{ids['digits_conv']}/conv_1", level="L1"))
    assert neurons >= {"histogram", "histogram_over_checkpoints", "neuron_classes", "gradients", "note"}
    assert neurons.isdisjoint({"performance", "branch", "kernel_images", "norms"})


def test_an_unknown_tool_and_an_unknown_unit_say_so(page: Any, ids: Mapping[str, str]) -> None:
    model = ids["digits_conv"]
    assert page.card("magic", model)["content"] == {"error": "there is no tool 'magic'"}
    gone = page.card("histogram", "gone/conv_1/kernel")["content"]
    assert gone == {"error": "gone/conv_1/kernel is not in this store any more"}
    nothing = page.card("histogram", f"{model}/conv_9/kernel")["content"]
    assert nothing == {"error": "Convolutional has no layer or variable conv_9/kernel"}
