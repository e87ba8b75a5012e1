"""The view in the address bar."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectree.dashboard.address import read, write
from inspectree.dashboard.selections import Selection
from inspectree.dashboard.view import Group, View, WidgetSpec

names = st.text(min_size=1, max_size=8)
settings = st.dictionaries(
    names, st.none() | st.booleans() | st.integers(-(2**53), 2**53) | names, max_size=3
)
pins = st.none() | st.integers(0, 999)
specs = st.builds(WidgetSpec, st.integers(1, 999).map("w{}".format), names, names, settings, pins)
numbers = st.sets(st.integers(0, 99), min_size=1).map(lambda found: tuple(sorted(found)))
selections = st.builds(Selection, names, names, numbers)
views = st.builds(
    View,
    compared=st.just(""),
    unfolded=st.lists(names, max_size=3).map(tuple),
    selections=st.lists(selections, max_size=3, unique_by=lambda each: each.name).map(tuple),
    focus=names.filter(lambda name: "#" not in name).map("aaaa/{}".format),
    level=st.sampled_from(["L2", "L1"]),
    checkpoint=st.just("last") | st.integers(0, 10**6),
    off=st.lists(names, max_size=4, unique=True).map(tuple),
    measure=names | st.just(""),
    baseline=names | st.just(""),
    scored=st.sampled_from(["", "weights", "activations"]),
    located=st.lists(names.filter(lambda name: "," not in name), max_size=3, unique=True).map(tuple),
    selected=names | st.just(""),
    edges=st.integers(1, 200),
    widgets=st.lists(specs, max_size=4, unique_by=lambda spec: spec.id).map(tuple),
)


def test_the_page_at_its_start_has_no_address() -> None:
    assert write(View()) == ""
    assert read("") == read("#") == View()


def test_addresses_can_be_read_by_people() -> None:
    view = View(focus="0999a51f/conv", level="L1", checkpoint=3, off=("zero",), selected="0999a51f/conv#7")
    text = "at=0999a51f/conv&level=L1&checkpoint=3&off=[%22zero%22]&selected=0999a51f/conv%237"
    assert write(view) == text
    assert read(text) == view


@given(views)
def test_a_view_comes_back_from_its_address(view: View) -> None:
    """Whatever its units, classes and notes are called."""
    assert read(write(view)) == view


@given(views, st.data())
def test_a_damaged_address_gives_a_view_that_can_be_shown(view: View, data: Any) -> None:
    """Addresses are cut off and garbled on their way: what is left is shown, and has an address again."""
    text = write(view)
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    found = read(text[:start] + data.draw(st.text(max_size=4)) + text[end:])
    usable(found)


@pytest.mark.parametrize(
    "field", ["at", "level", "checkpoint", "off", "located", "edges", "widgets", "groups", "samples", "x"]
)
@given(
    value=st.text(max_size=30) | st.from_regex(r'\[?(\{?"?[a-z0-9]*"?[:,]?[\[\]{}]?){1,4}\]?', fullmatch=True)
)
def test_a_damaged_part_leaves_the_others(field: str, value: str) -> None:
    from urllib.parse import quote

    found = read(f"measure=change&{field}={quote(value)}&selected=aaaa")
    assert (found.measure, found.selected) == ("change", "aaaa")
    usable(found)


def usable(view: View) -> None:
    assert (view.level == "L3") == (view.focus == "")
    assert view.edges > 0
    assert view.checkpoint == "last" or isinstance(view.checkpoint, int)
    assert all(isinstance(name, str) for name in (*view.off, *view.located))
    assert len({widget.id for widget in view.widgets}) == len(view.widgets)
    assert all(isinstance(widget.settings, dict) for widget in view.widgets)
    assert {view.lit, view.filtered} <= {"", *(selection.name for selection in view.selections)}
    assert read(write(view)) == view


@pytest.mark.parametrize(
    "widgets",
    [
        "1",
        "{}",
        "[1]",
        '[{"id":"w1"}]',
        '[{"id":1,"tool":"note","uoa":"a","settings":{}}]',
        '[{"id":"x","tool":"note","uoa":"a","settings":{}}]',
        '[{"id":"w1","tool":"note","uoa":"a","settings":[]}]',
        '[{"id":"w1","tool":"note","uoa":"a","settings":{},"more":1}]',
        '[{"id":"w' + "9" * 5000 + '","tool":"note","uoa":"a","settings":{}}]',
        '[{"id":"w1","tool":"note","uoa":"a","settings":{"text":"\\ud800"}}]',
        "[" * 100_000,
    ],
)
def test_what_is_no_widget_is_left_out(widgets: str) -> None:
    assert read(f"at=aaaa&level=L2&widgets={widgets}") == View(focus="aaaa", level="L2")


@pytest.mark.parametrize("number", ["-1", "1e3", "²", "9" * 5000, "NaN", " "])
def test_what_is_no_number_is_as_at_the_start(number: str) -> None:
    assert read(f"checkpoint={number}&edges={number}") == View()


def test_a_level_that_the_place_does_not_have_is_the_nearest() -> None:
    assert read("level=L1") == View()
    assert read("at=aaaa") == read("at=aaaa&level=L3") == View(focus="aaaa", level="L2")
    assert read("at=aaaa&level=L1") == View(focus="aaaa", level="L2")


def test_of_classes_only_names_are_read_and_each_once() -> None:
    assert read('off=["zero",1,null,["one"],"two","zero"]') == View(off=("zero", "two"))
    assert read("located=skip,,skip,Dense") == View(located=("skip", "Dense"))
    twice = '[{"id":"w1","tool":"note","uoa":"%s","settings":{}}]'
    both = (twice % "a").removesuffix("]") + "," + (twice % "b").removeprefix("[")
    assert read(f"widgets={both}") == View(widgets=(WidgetSpec("w1", "note", "a"),))


def test_groups_and_selections_come_back() -> None:
    widgets = tuple(WidgetSpec(f"w{n}", "note", "a", pin=0 if n == 1 else None) for n in (3, 2, 1))
    view = View(
        focus="aaaa", level="L2", compared="bbbb", widgets=widgets,
        groups=(Group("g1", ("w1", "w2"), merged=True),),
        selections=(Selection("odd ones", "0f", (1, 2, 3, 9)),), lit="odd ones", filtered="odd ones",
    )  # fmt: skip
    assert read(write(view)) == view


@pytest.mark.parametrize(
    "groups",
    [
        '[{"id":"g1","members":["w1"]}]',
        '[{"id":"g1","members":["w1","w9"]}]',
        '[{"id":"x","members":["w1","w2"]}]',
        '[{"id":"g1","members":["w1","w2"],"common":1}]',
        '[{"id":"g1","members":"w1"}]',
        "7",
    ],
)
def test_what_is_no_group_is_left_out(groups: str) -> None:
    widgets = '[{"id":"w1","tool":"note","uoa":"a"},{"id":"w2","tool":"note","uoa":"a"}]'
    assert read(f"widgets={widgets}&groups={groups}").groups == ()


@pytest.mark.parametrize(
    "samples", ['[["a","s",""]]', '[["","s","1"]]', '[["a","s","1-999999999"]]', '[["a","s",3]]']
)
def test_what_is_no_selection_is_left_out(samples: str) -> None:
    assert read(f"samples={samples}&lit=a&filter=a") == View()
