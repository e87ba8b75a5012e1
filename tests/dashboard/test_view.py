"""How the page's state changes."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectree.dashboard import address
from inspectree.dashboard.events import HANDLERS, Event, step
from inspectree.dashboard.selections import BRUSHED, Selection
from inspectree.dashboard.uoa import parse
from inspectree.dashboard.view import EDGES, Group, View, WidgetSpec

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
group_ids = st.integers(1, 3).map(lambda number: f"g{number}")
spaces = st.sampled_from(["s1", "s2"])
selections = st.sampled_from([BRUSHED, "odd ones", "sevens & ones"])


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
    "scored": happens("scored", name=st.sampled_from(["", "weights", "activations"])),
    "measure": happens("measure", name=st.sampled_from(["saturation", "change"])),
    "locate": happens("locate", name=st.sampled_from(["skip", "dense"])),
    "edges": happens("edges", value=st.integers(5, 200)),
    "compare": st.builds(lambda uoa, other: {"type": "compare", "uoa": uoa, "with": other}, model, model),
    "unfold": happens("unfold", uoa=layer),
    "pin": happens("pin", id=widget_ids, checkpoint=st.none() | st.integers(0, 99)),
    "reapply": happens("reapply", id=widget_ids, uoa=uoas),
    "duplicate": happens("duplicate", id=widget_ids),
    "move": happens("move", id=widget_ids, before=widget_ids | st.none()),
    "group": happens("group", id=widget_ids, onto=widget_ids),
    "leave": happens("leave", id=widget_ids),
    "ungroup": happens("ungroup", id=group_ids),
    "common": happens("common", id=group_ids),
    "merged": happens("merged", id=group_ids),
    "put": happens(
        "put",
        widgets=st.lists(
            st.fixed_dictionaries(
                {
                    "widget": st.fixed_dictionaries(
                        {"id": widget_ids | st.just("x"), "tool": st.just("note"), "uoa": uoas}
                    ),
                    "before": widget_ids | st.none(),
                }
            ),
            max_size=3,
        ),
        groups=st.lists(
            st.fixed_dictionaries({"id": group_ids, "members": st.lists(widget_ids, max_size=3)}), max_size=1
        ),
    ),
    "samples": happens("samples", space=spaces, samples=st.lists(st.integers(0, 30), max_size=6)),
    "toggle_sample": happens("toggle_sample", space=spaces, sample=st.integers(0, 30)),
    "rename_selection": happens("rename_selection", name=selections, to=selections | st.just(" ")),
    "drop_selection": happens("drop_selection", name=selections),
    "light": happens("light", name=selections),
    "filter": happens("filter", name=selections),
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
    members = [member for group in view.groups for member in group.members]
    assert len(set(members)) == len(members)
    assert set(members) <= set(ids)
    assert all(len(group.members) > 1 for group in view.groups)
    assert len({group.id for group in view.groups}) == len(view.groups)
    names = [selection.name for selection in view.selections]
    assert len(set(names)) == len(names)
    assert all(selection.samples for selection in view.selections)
    assert {view.lit, view.filtered} <= {"", *names}
    assert not view.compared or view.level == "L2"
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
    expected = replace(view, measure="", baseline="", scored="") if type_ == "measure" else view
    assert step(step(view, event), event) == expected


@given(views)
def test_another_measure_is_compared_with_its_own_baseline(view: View) -> None:
    chosen = step(step(view, {"type": "measure", "name": "skew"}), {"type": "baseline", "name": "other"})
    assert chosen.baseline == "other"
    restricted = step(chosen, {"type": "scored", "name": "weights"})
    assert restricted == replace(chosen, scored="weights")
    other = step(restricted, {"type": "measure", "name": "norm"})
    assert (other.baseline, other.scored) == ("", "")
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


def test_a_pinned_widget_stays_at_its_checkpoint() -> None:
    view = step(
        View(widgets=(WidgetSpec("w1", "histogram", "a/1"),)), {"type": "pin", "id": "w1", "checkpoint": 0}
    )
    assert view.widgets == (WidgetSpec("w1", "histogram", "a/1", pin=0),)
    assert step(view, {"type": "pin", "id": "w1", "checkpoint": None}).widgets[0].pin is None


def test_a_copy_of_a_widget_is_changed_by_itself() -> None:
    first = WidgetSpec("w1", "histogram", "a/1", {"bins": 5}, pin=2)
    view = step(View(widgets=(first,)), {"type": "duplicate", "id": "w1"})
    assert view.widgets == (replace(first, id="w2"), first)
    view = step(view, {"type": "reapply", "id": "w2", "uoa": "a/2"})
    assert view.widgets == (replace(first, id="w2", uoa="a/2"), first)
    assert step(view, {"type": "duplicate", "id": "w9"}) == view


def test_the_same_tool_with_other_settings_is_another_widget() -> None:
    view = View(widgets=(WidgetSpec("w1", "histogram", "a/1", {"bins": 5}),))
    assert len(step(view, {"type": "apply", "tool": "histogram", "uoa": "a/1"}).widgets) == 2


def test_widgets_are_put_in_another_order() -> None:
    view = View(widgets=tuple(WidgetSpec(f"w{n}", "note", "a") for n in (1, 2, 3)))

    def order(event: Event) -> list[str]:
        return [widget.id for widget in step(view, {"type": "move", **event}).widgets]

    assert order({"id": "w3", "before": "w1"}) == ["w3", "w1", "w2"]
    assert order({"id": "w1", "before": None}) == ["w2", "w3", "w1"]
    assert order({"id": "w2", "before": "w2"}) == ["w1", "w2", "w3"]


def test_a_group_grows_and_ends_with_its_last_but_one() -> None:
    view = View(widgets=tuple(WidgetSpec(f"w{n}", "note", "a") for n in (1, 2, 3)))
    view = step(view, {"type": "group", "id": "w3", "onto": "w1"})
    assert view.groups == (Group("g1", ("w1", "w3")),)
    view = step(view, {"type": "group", "id": "w2", "onto": "w3"})
    assert view.groups == (Group("g1", ("w1", "w3", "w2")),)
    view = step(view, {"type": "merged", "id": "g1"})
    assert view.groups[0].merged
    assert not view.groups[0].common
    view = step(view, {"type": "remove", "id": "w1"})
    assert view.groups == (Group("g1", ("w3", "w2"), merged=True),)
    assert step(view, {"type": "leave", "id": "w2"}).groups == ()


def kept(view: View) -> Event:
    """Return the event that puts back every widget and group of a view, as the page sends it."""
    ids = [*(widget.id for widget in view.widgets), None]
    widgets = [
        {"widget": asdict(widget), "before": before}
        for widget, before in zip(view.widgets, ids[1:], strict=True)
    ]
    groups = [{**asdict(group), "members": list(group.members)} for group in view.groups]
    return {"type": "put", "widgets": widgets, "groups": groups}


@given(views)
def test_what_was_closed_can_be_put_back(view: View) -> None:
    """All widgets at once, to where they stood and as they were grouped."""
    closed = _after(view, [{"type": "remove", "id": widget.id} for widget in view.widgets])
    assert closed.widgets == ()
    assert step(closed, kept(view)) == view


def test_a_widget_comes_back_into_its_group_and_takes_no_other_s_id() -> None:
    widgets = tuple(WidgetSpec(f"w{n}", "note", "a") for n in (3, 2, 1))
    view = View(widgets=widgets, groups=(Group("g1", ("w3", "w1"), merged=True),))
    lost = kept(view)
    lost["widgets"] = lost["widgets"][:1]
    closed = step(view, {"type": "remove", "id": "w3"})
    assert closed.groups == ()
    assert step(closed, lost) == view
    meanwhile = step(closed, {"type": "apply", "tool": "note", "uoa": "b"})
    assert meanwhile.widgets[0] == WidgetSpec("w3", "note", "b")
    back = step(meanwhile, lost)
    assert [(widget.id, widget.uoa) for widget in back.widgets] == [
        ("w3", "b"), ("w4", "a"), ("w2", "a"), ("w1", "a"),
    ]  # fmt: skip
    assert back.groups == (Group("g1", ("w4", "w1"), merged=True),)


def test_samples_are_brushed_kept_and_filtered_by() -> None:
    view = step(View(), {"type": "samples", "space": "s", "samples": [3, 1, 3]})
    assert view.selections == (Selection(BRUSHED, "s", (1, 3)),)
    assert view.lit == BRUSHED
    view = step(view, {"type": "toggle_sample", "space": "s", "sample": 1})
    view = step(view, {"type": "filter", "name": BRUSHED})
    view = step(view, {"type": "rename_selection", "name": BRUSHED, "to": " threes "})
    assert view.selections == (Selection("threes", "s", (3,)),)
    assert (view.lit, view.filtered) == ("threes", "threes")
    view = step(view, {"type": "samples", "space": "s", "samples": [7]})
    assert (view.lit, view.filtered, len(view.selections)) == (BRUSHED, "threes", 2)
    view = step(view, {"type": "drop_selection", "name": "threes"})
    assert view.selections == (Selection(BRUSHED, "s", (7,)),)
    assert view.filtered == ""
    assert step(view, {"type": "toggle_sample", "space": "s", "sample": 7}).selections == ()


def test_samples_of_other_data_begin_another_selection() -> None:
    view = step(View(), {"type": "samples", "space": "s", "samples": [1]})
    view = step(view, {"type": "toggle_sample", "space": "t", "sample": 2})
    assert view.selections == (Selection(BRUSHED, "t", (2,)),)


def test_two_models_stand_side_by_side_until_one_goes_elsewhere() -> None:
    view = step(View(), {"type": "compare", "uoa": "aaaa", "with": "bbbb"})
    assert (view.focus, view.level, view.compared) == ("aaaa", "L2", "bbbb")
    assert step(view, {"type": "select", "uoa": "bbbb/conv"}).compared == "bbbb"
    assert step(view, {"type": "ascend"}).compared == ""


def test_what_is_folded_folds_what_is_unfolded_in_it() -> None:
    view = View(unfolded=("a/x", "a/x/y", "a/xz"))
    assert step(view, {"type": "unfold", "uoa": "a/x"}).unfolded == ("a/xz",)
    assert step(view, {"type": "unfold", "uoa": "a/b"}).unfolded == ("a/b", "a/x", "a/x/y", "a/xz")
