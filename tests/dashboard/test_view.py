"""How the page's state changes."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectree.dashboard import address
from inspectree.dashboard.uoa import parse
from inspectree.dashboard.view import EDGES, HANDLERS, Event, View, WidgetSpec, step

MODELS = ("aaaa", "bbbb")
LAYERS = ("conv", "outer", "outer/inner")
CLASSES = ("zero", "one", "two & a half")

model = st.sampled_from(MODELS)
layer = st.builds("{}/{}".format, model, st.sampled_from(LAYERS))
kernel = layer.map(lambda uoa: f"{uoa}/kernel")
neuron = st.builds("{}#{}".format, layer, st.integers(0, 3))
experiment = model.map(lambda uoa: f"experiment:{uoa}")
uoas = st.one_of(experiment, model, layer, kernel, neuron)
widget_ids = st.integers(1, 4).map(lambda number: f"w{number}")


def happens(type_: str, **details: st.SearchStrategy[Any]) -> st.SearchStrategy[Event]:
    return st.fixed_dictionaries({"type": st.just(type_), **details})


descents = st.one_of(
    happens("descend", kind=st.just("experiment"), uoa=experiment),
    happens("descend", kind=st.just("model"), uoa=model),
    happens("descend", kind=st.just("group"), uoa=model.map("{}/outer".format)),
    happens("descend", kind=st.just("layer"), uoa=layer),
    happens("descend", kind=st.sampled_from(["weights", "operation"]), uoa=kernel),
    happens("descend", kind=st.just("neuron"), uoa=neuron),
)
jumps = st.one_of(
    happens("focus", uoa=st.one_of(st.just(""), model, experiment), level=st.just("L3")),
    happens("focus", uoa=st.one_of(model, layer), level=st.just("L2")),
    happens("focus", uoa=layer, level=st.just("L1")),
    happens("focus", uoa=kernel, level=st.just("L2"), focus=model),
)
EVENTS: dict[str, st.SearchStrategy[Event]] = {
    "descend": descents,
    "ascend": happens("ascend"),
    "focus": jumps,
    "level": st.one_of(
        happens("level", level=st.sampled_from(["L3", "L2"])),
        happens("level", level=st.just("L1"), layer=st.none() | layer),
    ),
    "select": happens("select", uoa=uoas | st.just("")),
    "tool": happens("tool", name=st.sampled_from(["select", "histogram", "note"])),
    "apply": st.one_of(
        happens("apply", uoa=uoas),
        happens("apply", uoa=uoas, tool=st.sampled_from(["histogram", "note", "branch"])),
    ),
    "remove": happens("remove", id=widget_ids),
    "set": happens("set", id=widget_ids, name=st.sampled_from(["bins", "text"]), value=st.integers()),
    "toggle_class": happens("toggle_class", name=st.sampled_from(CLASSES)),
    "classes": happens(
        "classes", which=st.sampled_from(["all", "none", "invert"]), names=st.just(list(CLASSES))
    ),
    "checkpoint": happens("checkpoint", value=st.just("last") | st.integers(0, 99)),
    "baseline": happens("baseline", name=st.sampled_from(["parent", "normal"])),
    "measure": happens("measure", name=st.sampled_from(["saturation", "change"])),
    "locate": happens("locate", name=st.sampled_from(["skip", "dense"])),
    "edges": happens("edges", value=st.integers(5, 200)),
}

views = st.lists(st.one_of(*EVENTS.values()), max_size=25).map(lambda events: _after(View(), events))


def _after(view: View, events: list[Event]) -> View:
    for event in events:
        view = step(view, event)
    return view


def test_every_event_is_among_those_tried() -> None:
    assert set(EVENTS) == set(HANDLERS)


@given(views)
def test_whatever_happens_the_view_is_one_that_can_be_shown(view: View) -> None:
    """The level is one that its place has; no widget, class or badge is there twice."""
    assert (view.level == "L3") == (view.focus == "")
    assert view.focus == "" or parse(view.focus).model in MODELS
    assert view.level != "L1" or parse(view.focus).inside in LAYERS
    ids = [widget.id for widget in view.widgets]
    assert len(set(ids)) == len(ids)
    assert all(widget.tool for widget in view.widgets)
    once = [(w.tool, w.uoa) for w in view.widgets if w.tool not in {"note", "branch"}]
    assert len(set(once)) == len(once)
    assert len(set(view.off)) == len(view.off)
    assert len(set(view.located)) == len(view.located)


@given(views)
def test_it_survives_the_browser(view: View) -> None:
    """Its fields travel as JSON, each in a store of its own."""
    assert View.from_slices(json.loads(json.dumps(view.as_slices()))) == view


@given(views)
def test_it_survives_the_address_bar(view: View) -> None:
    """But for the tool in hand, which is nothing to send to others."""
    assert address.read(address.write(view)) == replace(view, tool="")
    assert address.read("#" + address.write(view)) == replace(view, tool="")


@given(views, uoas)
def test_closing_a_widget_undoes_opening_it(view: View, uoa: str) -> None:
    opened = step(view, {"type": "apply", "tool": "note", "uoa": uoa})
    assert len(opened.widgets) == len(view.widgets) + 1
    closed = step(opened, {"type": "remove", "id": opened.widgets[0].id})
    assert closed == replace(view, selected=uoa, tool="")


@given(views, st.sampled_from(["toggle_class", "locate", "measure"]))
def test_a_switch_pressed_twice_is_as_before(view: View, type_: str) -> None:
    event = {"type": type_, "name": "skip"}
    expected = replace(view, measure="", baseline="") if type_ == "measure" else view
    assert step(step(view, event), event) == expected


@given(views)
def test_another_measure_is_compared_with_its_own_baseline(view: View) -> None:
    chosen = step(step(view, {"type": "measure", "name": "skew"}), {"type": "baseline", "name": "other"})
    assert chosen.baseline == "other"
    assert step(chosen, {"type": "measure", "name": "norm"}).baseline == ""
    assert step(chosen, {"type": "baseline", "name": ""}).baseline == ""


@given(views)
def test_inverting_the_classes_twice_is_as_before(view: View) -> None:
    event = {"type": "classes", "which": "invert", "names": list(CLASSES)}
    inverted = step(view, event)
    assert set(inverted.off) == set(CLASSES) - set(view.off)
    assert set(step(inverted, event).off) == set(view.off)


@given(views, st.sampled_from(MODELS))
def test_going_up_undoes_looking_inside(view: View, name: str) -> None:
    """Level by level, and what one comes out of is selected."""
    down: list[Callable[[View], View]] = [
        lambda view: step(view, {"type": "descend", "kind": "model", "uoa": name}),
        lambda view: step(view, {"type": "descend", "kind": "group", "uoa": f"{name}/outer"}),
        lambda view: step(view, {"type": "descend", "kind": "layer", "uoa": f"{name}/outer/inner"}),
    ]
    way = [step(view, {"type": "level", "level": "L3"})]
    for go in down:
        way.append(go(way[-1]))
    here = way[-1]
    for earlier in reversed(way[:-1]):
        below = here.focus
        here = step(here, {"type": "ascend"})
        assert (here.focus, here.level, here.selected) == (earlier.focus, earlier.level, below)
    assert step(here, {"type": "ascend"}) == here


def test_what_is_not_known_changes_nothing() -> None:
    view = View(focus="aaaa", level="L2")
    assert step(view, {"type": "explode"}) is view
    assert step(view, {}) is view


def test_the_same_tool_on_the_same_unit_shows_the_widget_that_is_there() -> None:
    event = {"type": "apply", "tool": "histogram", "uoa": "aaaa/conv"}
    once = step(View(tool="histogram"), event)
    assert once.widgets == (WidgetSpec("w1", "histogram", "aaaa/conv"),)
    assert once.tool == ""
    assert step(once, event) == once


def test_without_a_tool_in_hand_nothing_is_applied() -> None:
    view = View(focus="aaaa", level="L2")
    assert step(view, {"type": "apply", "uoa": "aaaa/conv"}) == view


def test_the_newest_widget_is_on_top_and_has_an_id_of_its_own() -> None:
    events = [{"type": "apply", "tool": "histogram", "uoa": uoa} for uoa in ("a/1", "a/2", "a/3")]
    view = step(_after(View(), events), {"type": "remove", "id": "w2"})
    view = step(view, {"type": "apply", "tool": "note", "uoa": "a/4"})
    assert [(widget.id, widget.uoa) for widget in view.widgets] == [
        ("w4", "a/4"),
        ("w3", "a/3"),
        ("w1", "a/1"),
    ]


def test_a_setting_belongs_to_one_widget() -> None:
    widgets = (WidgetSpec("w1", "histogram", "a/1", {"log": True}), WidgetSpec("w2", "histogram", "a/2"))
    view = step(View(widgets=widgets), {"type": "set", "id": "w1", "name": "bins", "value": 8})
    assert view.widgets == (replace(widgets[0], settings={"log": True, "bins": 8}), widgets[1])


def test_a_tool_chosen_again_is_put_away() -> None:
    chosen = step(View(), {"type": "tool", "name": "note"})
    assert chosen.tool == "note"
    assert step(chosen, {"type": "tool", "name": "note"}).tool == ""
    assert step(chosen, {"type": "tool", "name": "select"}).tool == ""
    assert step(chosen, {"type": "tool", "name": "branch"}).tool == "branch"


@pytest.mark.parametrize("which", ["all", "none"])
def test_all_classes_are_switched_at_once(which: str) -> None:
    view = step(View(off=("one",)), {"type": "classes", "which": which, "names": list(CLASSES)})
    assert set(view.off) == (set() if which == "all" else set(CLASSES))


def test_the_level_switch_goes_to_what_is_selected() -> None:
    """To its model; to its layer, as far as the event names one; an experiment is seen among the models."""
    view = View(selected="aaaa/conv/kernel")
    inside = step(view, {"type": "level", "level": "L2"})
    assert (inside.focus, inside.level) == ("aaaa", "L2")
    neurons = step(view, {"type": "level", "level": "L1", "layer": "aaaa/conv"})
    assert (neurons.focus, neurons.level, neurons.selected) == ("aaaa/conv", "L1", "aaaa/conv")
    assert step(view, {"type": "level", "level": "L1", "layer": None}) == view
    tree = View(selected="experiment:aaaa")
    assert step(tree, {"type": "level", "level": "L2"}) == tree


def test_a_weight_is_looked_at_among_its_layer_s_neurons() -> None:
    view = step(View(), {"type": "descend", "kind": "weights", "uoa": "aaaa/conv/kernel"})
    assert (view.focus, view.level, view.selected) == ("aaaa/conv", "L1", "aaaa/conv/kernel")


def test_edges_are_a_number_of_weights() -> None:
    assert View().edges == EDGES
    assert step(View(), {"type": "edges", "value": 5}).edges == 5


def test_checkpoints_are_followed_or_held() -> None:
    assert step(View(), {"type": "checkpoint", "value": 3}).checkpoint == 3
    assert step(View(checkpoint=3), {"type": "checkpoint", "value": "last"}).checkpoint == "last"
