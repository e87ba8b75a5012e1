"""The cards of the widget panel."""

import asyncio
from typing import Any

import pytest

from inspectree.dashboard.callbacks import _draw_changed
from inspectree.dashboard.tools import TOOLS
from inspectree.dashboard.tools.base import Tool
from inspectree.dashboard.view import View, WidgetSpec
from inspectree.dashboard.widgets import widget_key

each_tool = pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)


def unit_for(tool: Tool, page: Any, model: str) -> str:
    """Return a unit that a tool fits."""
    candidates = [model, f"{model}/conv_1", f"{model}/conv_1/kernel"]
    return next(uoa for uoa in candidates if tool.fits(page.unit(uoa)))


@each_tool
def test_what_changes_a_widget_changes_its_key(tool: Tool, page: Any, ids: Any) -> None:
    """Else it would show what was before; a widget with the same key is not drawn anew."""
    spec = WidgetSpec("w1", tool.name, unit_for(tool, page, ids["digits_conv"]))
    before = View()
    for after in (View(off=("one", "two")), View(checkpoint=0), View(off=("one",), checkpoint=1)):
        if widget_key(spec, before, page.index) == widget_key(spec, after, page.index):
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
    assert widget_key(spec, View(), page.index) == widget_key(spec, elsewhere, page.index)


def test_a_setting_that_was_changed_changes_the_key(page: Any, ids: Any) -> None:
    uoa = f"{ids['digits_conv']}/conv_1/kernel"
    plain, changed = WidgetSpec("w1", "histogram", uoa), WidgetSpec("w1", "histogram", uoa, {"bins": 3})
    assert widget_key(plain, View(), page.index) != widget_key(changed, View(), page.index)


def test_only_new_and_changed_cards_are_sent(page: Any, ids: Any) -> None:
    """The browser keeps the others, and drops those that were closed."""
    model = ids["digits_conv"]
    kernel, note = WidgetSpec("w1", "histogram", f"{model}/conv_1/kernel"), WidgetSpec("w2", "note", model)

    def drawn(view: View, before: dict[str, str]) -> tuple[list[tuple[str, str]], dict[str, str]]:
        patch, keys = asyncio.run(_draw_changed(page.client, view, page.index, before))
        operations = patch.to_plotly_json()["operations"]
        return [(each["operation"], each["location"][0]) for each in operations], keys

    first, keys = drawn(View(widgets=(kernel, note)), {})
    assert sorted(first) == [("Assign", "w1"), ("Assign", "w2")]
    moved, keys = drawn(View(widgets=(kernel, note), checkpoint=0), keys)
    assert moved == [("Assign", "w1")]
    closed, keys = drawn(View(widgets=(note,), checkpoint=0), keys)
    assert closed == [("Delete", "w1")]
    assert list(keys) == ["w2"]


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
    assert (card["where"], card["level"]) == ("Dense, saturated", "L3")
    assert card["focus"] == {"type": "focus", "uoa": experiment["id"], "level": "L3"}
