"""The cards of the widget panel."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from inspectree.dashboard.selections import Selection
from inspectree.dashboard.tools import TOOLS
from inspectree.dashboard.tools.base import Tool
from inspectree.dashboard.view import View, WidgetSpec
from inspectree.dashboard.widgets import draw_widget, question

each_tool = pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)


def unit_for(tool: Tool, page: Any, model: str) -> str:
    """Return a unit that a tool fits; what fits nothing in this store keeps to the rules all the same."""
    experiment = page.index.experiments[0]["id"]
    inside = ["", "/conv_1", "/conv_1/kernel", "/output", "/conv_1#1"]
    candidates = [*(model + path for path in inside), experiment]
    return next((uoa for uoa in candidates if tool.fits(page.unit(uoa))), model)


@each_tool
def test_what_changes_a_widget_changes_its_key(tool: Tool, page: Any, ids: Any) -> None:
    """Else it would show what was before; a widget with the same key is not drawn anew."""
    spec = WidgetSpec("w1", tool.name, unit_for(tool, page, ids["digits_conv"]))
    before = View()
    for after in (View(off=("one", "two")), View(checkpoint=0), View(off=("one",), checkpoint=1)):
        if question(spec, before) == question(spec, after):
            first, then = (page.card(tool.name, spec.uoa, view)["content"] for view in (before, after))
            for content in (first, then):
                content.pop("code", None)  # a branch has a new id each time
            assert then == first


@each_tool
def test_what_does_not_concern_a_widget_leaves_its_key(tool: Tool, page: Any, ids: Any) -> None:
    spec = WidgetSpec("w1", tool.name, unit_for(tool, page, ids["digits_conv"]))
    elsewhere = View(
        focus=ids["digits_dense"], level="L2", measure="variance", selected="x", tool="note", edges=5
    )
    assert question(spec, View()) == question(spec, elsewhere)


def test_a_setting_that_was_changed_changes_the_key(page: Any, ids: Any) -> None:
    uoa = f"{ids['digits_conv']}/conv_1/kernel"
    plain, changed = WidgetSpec("w1", "histogram", uoa), WidgetSpec("w1", "histogram", uoa, {"bins": 3})
    assert question(plain, View()) != question(changed, View())


def test_a_card_tells_what_it_was_drawn_from(page: Any, ids: Any) -> None:
    """Whoever sees it can ask the same, without the dashboard."""
    uoa = f"{ids['digits_conv']}/conv_1/kernel"
    (query,) = page.card("histogram", uoa, View(checkpoint=1), bins=4)["queries"]
    assert (query["method"], query["path"]) == ("POST", "/api/values")
    assert query["body"]["pipeline"] == [{"op": "histogram", "bins": 4}]
    assert query["body"]["uoa"] == f"{ids['digits_conv']}@1/conv_1/kernel"


def test_a_pinned_widget_shows_its_checkpoint_and_asks_for_no_other(page: Any, ids: Any) -> None:
    model = ids["digits_conv"]
    pinned = WidgetSpec("w1", "confusion_matrix", model, pin=1)
    assert question(pinned, View(checkpoint=0)) == question(pinned, View(checkpoint=2))
    assert question(replace(pinned, pin=2), View()) != question(pinned, View())
    card = asyncio.run(draw_widget(page.client, pinned, View(checkpoint=0), page.index))
    assert (card["pin"], card["checkpoint"]) == (1, 1)
    assert card["content"] == page.card("confusion_matrix", model, View(checkpoint=1))["content"]


def test_a_selection_in_force_changes_what_follows_it(page: Any, ids: Any) -> None:
    model = ids["digits_conv"]
    space = page.index.models[model]["samples"]
    view = View(selections=(Selection("some", space, (0, 1, 2)),), filtered="some")
    matrix, performance = (WidgetSpec("w1", tool, model) for tool in ("confusion_matrix", "performance"))
    assert question(matrix, view) != question(matrix, View())
    assert question(performance, view) == question(performance, View())


@pytest.mark.parametrize(
    ("uoa", "where", "focus"),
    [
        ("", "Convolutional", {"level": "L3"}),
        ("/conv_1", "Convolutional › conv_1", {"level": "L2", "focus": ""}),
        ("/conv_1/kernel", "Convolutional › conv_1 › kernel", {"level": "L2", "focus": ""}),
        ("/conv_1#3", "Convolutional › conv_1 › c003", {"level": "L1", "focus": "/conv_1"}),
    ],
)
def test_a_card_names_its_unit_and_leads_to_it(
    page: Any, ids: Any, uoa: str, where: str, focus: dict[str, str]
) -> None:
    model = ids["digits_conv"]
    card = page.card("note", model + uoa)
    assert card["where"] == where
    place = {"focus": model + focus["focus"]} if "focus" in focus else {}
    assert card["focus"] == {"type": "focus", "uoa": model + uoa, "level": focus["level"], **place}
    assert card["color"] == page.index.colors[model]


def test_an_experiment_s_card_leads_to_the_tree(page: Any) -> None:
    (experiment,) = page.index.experiments
    card = page.card("performance", experiment["id"])
    assert (card["where"], card["level"]) == ("all models of Dense, saturated", "L3")
    assert card["focus"] == {"type": "focus", "uoa": experiment["id"], "level": "L3"}


def test_a_table_of_stored_numbers_is_not_drawn_anew_with_the_classes() -> None:
    """They are of all samples; those of one neuron are of the classes that are on."""
    before, after = View(), View(off=("zero",))
    for uoa, same in (("m", True), ("m/conv", True), ("m/conv/kernel", True), ("m/conv#1", False)):
        spec = WidgetSpec("w1", "value_table", uoa, {})
        assert (question(spec, before) == question(spec, after)) is same
