"""What every region of the page shows, found through the table of callbacks."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from plotly.io.json import to_json_plotly

from inspectree.dashboard import regions
from inspectree.dashboard.callbacks import FIELDS, REGIONS, Region
from inspectree.dashboard.selections import Selection
from inspectree.dashboard.view import KINDS, Group, View, WidgetSpec
from inspectree.dashboard.written import written

each_region = pytest.mark.parametrize(
    ("region", "outputs"), [(region, outputs) for region, outputs, _ in REGIONS],
    ids=[region.__name__ for region, _, _ in REGIONS],
)  # fmt: skip


def text(value: Any) -> str:
    """Return components and values as the browser gets them."""
    return json.dumps(json.loads(to_json_plotly(value), parse_constant=pytest.fail))


def places(ids: Any) -> list[View]:
    """Return a view of every level, and of what a link may ask for that is not there."""
    model = ids["digits_conv_skip"]
    everything = {
        "off": ("one",),
        "measure": "saturation",
        "baseline": "layers",
        "located": ("skip_connection", "Dense"),
        "checkpoint": 1,
    }
    return [
        View(),
        View(focus=model, level="L2", selected=f"{model}/conv_1/kernel", tool="histogram"),
        View(focus=f"{model}/conv_2", level="L1", selected=f"{model}/conv_2#1"),
        View(focus=f"{model}/output", level="L1", selected=f"{model}/output"),
        View(focus=f"{model}/flatten", level="L1"),
        View(focus=f"{model}/image", level="L1"),
        View(focus=f"{model}/output", level="L1", **everything),
        View(focus="gone", level="L2", selected="gone/conv"),
        View(focus="gone/conv", level="L1", selected="gone/conv#3"),
        View(focus=f"{model}/gone", level="L2", selected=f"{model}/gone"),
        View(focus=f"{model}/gone", level="L1", selected=f"{model}/conv_1#99999"),
        View(focus=f"{model}/conv_1/convolution", level="L1", selected=f"{model}/conv_1/gone"),
        View(
            widgets=(WidgetSpec("w1", "note", "gone"), WidgetSpec("w2", "histogram", f"{model}/conv_1")),
            checkpoint=99,
        ),
    ]


@each_region
def test_it_shows_every_place_that_an_address_can_name(
    page: Any, ids: Any, region: Region, outputs: tuple[Any, ...]
) -> None:
    """As many values as it fills properties, all of which survive JSON; also where nothing is."""
    for view in places(ids):
        shown = page.show(region, view)
        if len(outputs) > 1:
            assert len(shown) == len(outputs)
        text(shown)


def test_a_region_is_drawn_anew_when_something_changes_that_it_shows(page: Any, ids: Any) -> None:
    """What a callback does not listen to makes no difference to what its region shows."""
    model = ids["digits_conv_skip"]
    base = View(focus=f"{model}/conv_2", level="L1", selected=f"{model}/conv_2")
    changes: dict[str, Any] = {
        "off": ("one", "two"), "measure": "variance", "baseline": "layers", "scored": "weights",
        "located": ("Dense",), "edges": 5, "checkpoint": 0, "tool": "histogram",
        "selected": f"{model}/conv_1",
        "widgets": (WidgetSpec("w1", "note", model),), "groups": (Group("g1", ("w1", "w2")),),
        "selections": (Selection("some", "s", (1,)),), "lit": "some", "filtered": "some",
        "compared": ids["digits_conv"], "unfolded": (f"{model}/conv_1",),
    }  # fmt: skip
    assert {*changes, "focus", "level"} == set(FIELDS)
    for region, _, fields in REGIONS:
        before = text(page.show(region, base))
        for field in changes.keys() - set(fields):
            after = text(page.show(region, View(**{**vars(base), field: changes[field]})))
            assert after == before, f"{region.__name__} shows {field} and does not listen to it"


def test_the_breadcrumbs_lead_back(page: Any, ids: Any) -> None:
    model = ids["digits_conv"]
    crumbs, watching, levels = page.show(regions.header, View(focus=f"{model}/conv_1", level="L1"))
    events = [json.loads(crumb.to_plotly_json()["props"]["data-action"]) for crumb in crumbs[::2]]
    assert events == [
        {"type": "focus", "uoa": "", "level": "L3"},
        {"type": "focus", "uoa": model, "level": "L2"},
        {"type": "focus", "uoa": f"{model}/conv_1", "level": "L1"},
    ]
    assert watching[1] == "watching runs · 3 models"
    pressed = [level.to_plotly_json()["props"]["aria-pressed"] for level in levels]
    assert pressed == ["false", "false", "true"]


def test_classes_are_shown_with_their_mean_image(page: Any, tree: Any, ids: Any) -> None:
    shown = text(page.show(regions.classes, View(focus=ids["digits_conv"], level="L2", off=("two",))))
    assert shown.count("data:image/png;base64") == 10
    assert shown.count('"aria-pressed": "false"') == 1
    assert '"data-class": "two"' in shown


def test_the_matrix_holds_the_mean_of_every_unit_for_every_class(
    page: Any, store: Any, tree: Any, ids: Any
) -> None:
    matrix = page.show(
        regions.matrix, View(focus=f"{ids['digits_dense']}/hidden_2", level="L1", off=("one",))
    )
    values = store["digits_dense"].checkpoint("last")["hidden_2/activations"].values.astype(np.float64)
    expected = np.array([values[tree.y == digit].mean(axis=0) for digit in range(10)]).T
    np.testing.assert_allclose(matrix["values"], expected, atol=2e-3)
    assert (matrix["low"], matrix["high"]) == (np.min(matrix["values"]), np.max(matrix["values"]))
    assert [item["name"] for item in matrix["classes"] if item["off"]] == ["one"]
    assert matrix["kind"] == "unit"


def test_the_checkpoint_bar_tells_epochs_and_metrics(page: Any, tree: Any, ids: Any) -> None:
    bar = page.show(regions.bar, View(focus=ids["digits_conv"], level="L2", checkpoint=1))
    history = tree.histories["digits_conv"]
    assert (bar["numbers"], bar["epochs"], bar["at"], bar["title"]) == (
        [0, 1, 2],
        [0, 1, 2],
        1,
        "Convolutional",
    )
    assert bar["metrics"] == [
        "",
        *(
            f"val_accuracy {accuracy:.3f}   val_loss {loss:.3f}"
            for accuracy, loss in zip(history["val_accuracy"], history["val_loss"], strict=True)
        ),
    ]


def test_scores_are_of_the_units_in_sight(page: Any, ids: Any) -> None:
    """On L3 of models, inside a model of its layers and variables only."""
    models = page.show(regions.scores, View(measure="saturation"))
    assert set(models) <= {*ids.values(), page.index.experiments[0]["id"]}
    assert models
    inside = page.show(regions.scores, View(focus=ids["digits_dense"], level="L2", measure="saturation"))
    assert f"{ids['digits_dense']}/hidden_1" in inside
    assert all(uoa.partition("/")[0] == ids["digits_dense"] for uoa in inside)
    assert page.show(regions.scores, View()) == {}


def test_the_chosen_measure_offers_its_baselines(page: Any, ids: Any) -> None:
    """Those that need no settings; the scores are those against the chosen one, and say so."""
    model = ids["digits_conv_skip"]
    own = View(focus=model, level="L2", measure="variance")
    other = View(focus=model, level="L2", measure="variance", baseline="parent")
    panels = [text(page.show(regions.measures, view)) for view in (View(), own, other)]
    assert [panel.count('"className": "baseline"') for panel in panels] == [0, 6, 6]
    pressed = [
        [each["props"]["children"] for each in found(page.show(regions.measures, view), "baseline", "true")]
        for view in (own, other)
    ]
    assert pressed == [["The other layers"], ["The parent model"]]
    tips = [page.show(regions.scores, view)[f"{model}/conv_1/kernel"]["tip"] for view in (own, other)]
    assert "others of kernel" in tips[0]
    assert "conv_1/kernel of Convolutional" in tips[1]


def test_a_measure_is_restricted_to_weights_or_to_activations(page: Any, ids: Any) -> None:
    """A kernel's little skewness is the most among kernels: beside all activations it may be nothing."""
    view = View(focus=ids["digits_conv_skip"], level="L2", measure="skew")
    kinds = {kind: page.show(regions.scores, replace(view, scored=kind)) for kind in ("", *KINDS)}
    weights, activations = (
        {uoa for uoa in kinds[kind] if uoa.endswith(("/kernel", "/bias", "/activations"))} for kind in KINDS
    )
    assert {uoa.rpartition("/")[2] for uoa in weights} == {"kernel", "bias"}
    assert not any(uoa.endswith(("kernel", "bias")) for uoa in kinds["activations"])
    assert weights | activations == {u for u in kinds[""] if u.endswith(("/kernel", "/bias", "/activations"))}
    panel = page.show(regions.measures, replace(view, scored="weights"))
    assert [each["props"]["children"] for each in found(panel, "kind", "true")] == ["weights"]
    assert found(page.show(regions.measures, replace(view, measure="dead_units")), "kind", "true") == []


def found(shown: Any, class_name: str, pressed: str) -> list[Any]:
    """Return the elements of a class that are pressed, or not."""
    elements = []
    stack = json.loads(to_json_plotly(shown))
    while stack:
        each = stack.pop()
        if not isinstance(each, dict):
            continue
        props = each["props"]
        if (props.get("className"), props.get("aria-pressed")) == (class_name, pressed):
            elements.append(each)
        inside = props.get("children")
        stack += inside if isinstance(inside, list) else [inside]
    return elements


def test_what_was_located_wears_its_badge(page: Any, ids: Any) -> None:
    """Every layer of a pattern does, and what contains it."""
    model = ids["digits_conv_skip"]
    panel, badges = page.show(regions.located, View(located=("skip_connection",)))
    assert {badge["title"] for badge in badges[model]} == {"Skip connections: 1"}
    members = {uoa.partition("/")[2] for uoa in badges if uoa.startswith(f"{model}/")}
    assert members == {"pool_1", "conv_2", "add_skip"}
    assert ids["digits_dense"] not in badges
    assert text(panel).count('"aria-checked": "true"') == 1
    _, none = page.show(regions.located, View())
    assert none == {}


def test_inside_a_model_only_its_own_units_are_counted(page: Any, ids: Any) -> None:
    """A pattern that is switched on and occurs elsewhere only is no error."""
    view = View(focus=ids["digits_dense"], level="L2", located=("skip_connection", "kernel"))
    panel, badges = page.show(regions.located, view)
    assert {uoa.partition("/")[0].partition(":")[2] or uoa.partition("/")[0] for uoa in badges} <= {
        ids["digits_dense"], page.index.experiments[0]["id"].partition(":")[2],
    }  # fmt: skip
    assert "Skip connections" not in text(panel)


def test_words_are_found_anywhere_in_the_store(page: Any, ids: Any) -> None:
    """A layer is shown among its neighbours, a variable in its layer; the model is named."""
    model = ids["digits_conv_skip"]

    def found(typed: str) -> list[Any]:
        groups = asyncio.run(written(page.client, typed))
        return [(item["label"], json.loads(item["value"])) for group in groups for item in group["items"]]

    (first, *_) = found("skip add")
    assert first[0].startswith("add_skip · ")
    assert (first[1]["uoa"], first[1]["focus"], first[1]["by"]) == (f"{model}/add_skip", model, "words")
    assert found("digits seven")[0][0].endswith("(classes)")
    kernels = {event["focus"] for _, event in found("conv_2 kernle")}
    assert kernels == {ids["digits_conv"], model}
    assert found("  ") == found("xyzzy") == []


def test_the_search_box_finds_models_layers_and_tools(page: Any, ids: Any) -> None:
    model = ids["digits_conv"]
    groups = page.show(regions.findable, View(focus=model, level="L2", selected=f"{model}/conv_1/kernel"))
    assert [group["group"] for group in groups] == ["Models", "Layers of Convolutional", "Tools for kernel"]
    models, layers, tools = ([json.loads(item["value"]) for item in group["items"]] for group in groups)
    assert {event["uoa"] for event in models} == set(ids.values())
    assert {"type": "focus", "uoa": f"{model}/conv_1", "level": "L2", "focus": model} in layers
    offered = {event["tool"] for event in tools}
    assert offered >= {"histogram", "histogram_over_checkpoints", "kernel_images", "note"}
    assert not offered & {"feature_maps", "confusion_matrix", "branch"}


def test_a_chosen_tool_is_in_hand_where_it_fits_something(page: Any, ids: Any) -> None:
    _, tool = page.show(regions.tools, View(tool="branch"))
    assert tool["name"] == "branch"
    _, tool = page.show(regions.tools, View(tool="kernel_images"))
    assert tool is None


def test_widgets_are_in_the_flap_of_their_unit_s_level(page: Any, ids: Any) -> None:
    model = ids["digits_conv"]
    uoas = {"w4": "gone", "w3": model, "w2": f"{model}/conv_1/kernel", "w1": f"{model}/conv_1#1"}
    widgets = tuple(WidgetSpec(id_, "note", uoa) for id_, uoa in uoas.items())
    slots, groups, lit, about = page.show(regions.widgets, View(widgets=widgets))
    levels = [(slot["id"], slot["level"]) for slot in slots]
    assert levels == [("w4", "L3"), ("w3", "L3"), ("w2", "L2"), ("w1", "L1")]
    assert (groups, lit) == ([], None)
    named = {name: page.index.answer[name] for name in ("store", "version")}
    assert about == {**named, "checkpoint": "last"}


def test_with_every_class_off_units_have_no_colour_and_widgets_say_why(page: Any, ids: Any) -> None:
    off = tuple(page.index.models[ids["digits_conv"]]["class_names"])
    view = View(focus=f"{ids['digits_conv']}/conv_1", level="L1", off=off)
    assert {box["more"]["text"] for box in page.show(regions.scene, view)["nodes"]} == {""}
    told = page.card("confusion_matrix", ids["digits_conv"], view)["content"]
    assert told == {"error": "every class is switched off: choose some on the left"}


def test_classes_and_checkpoints_are_of_the_selected_model(page: Any, ids: Any) -> None:
    """Among the models, as long as none is in focus."""
    for name in ("digits_dense", "digits_conv"):
        assert (
            page.show(regions.bar, View(selected=ids[name]))["title"] == page.index.models[ids[name]]["label"]
        )


def test_without_a_model_the_switch_leads_to_no_other_level(page: Any, ids: Any) -> None:
    *_, nowhere = page.show(regions.header, View())
    *_, selected = page.show(regions.header, View(selected=ids["digits_conv"]))
    assert [button.disabled for button in nowhere] == [False, True, True]
    assert [button.disabled for button in selected] == [False, False, False]
