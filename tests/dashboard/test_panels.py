"""What stands around the inspection panel."""

import json
from base64 import b64decode
from typing import Any
from xml.etree import ElementTree

import pytest
from plotly.io.json import to_json_plotly

from inspectree.dashboard.colors import class_color, heat
from inspectree.dashboard.graphs.pictograms import kind, layer, operation, variable
from inspectree.dashboard.panels.action import action
from inspectree.dashboard.panels.classes import class_selector
from inspectree.dashboard.panels.interestingness import HEIGHT, MOST_BARS, WIDTH, miniature
from inspectree.dashboard.panels.localisation import MOST_ROWS, badges, localisation


def rectangles(uri: str) -> list[dict[str, str]]:
    """Return the bars of a miniature, as an XML reader sees them."""
    image = ElementTree.fromstring(b64decode(uri.partition(",")[2]))
    assert (image.get("width"), image.get("height")) == (str(WIDTH), str(HEIGHT))
    return [dict(element.attrib) for element in image.iter("{http://www.w3.org/2000/svg}rect")]


def test_a_miniature_has_a_bar_per_score_as_high_as_the_score() -> None:
    bars = rectangles(miniature([0.0, 0.5, 1.0]))
    assert [float(bar["height"]) for bar in bars] == [1.5, 8.0, 16.0]
    assert [bar["fill"] for bar in bars] == [heat(0), heat(0.5), heat(1)]
    assert all(float(bar["y"]) + float(bar["height"]) == HEIGHT for bar in bars)


def test_of_many_scores_that_share_a_bar_the_highest_is_shown() -> None:
    bars = rectangles(miniature([0.0] * 99 + [1.0]))
    assert len(bars) <= MOST_BARS
    assert max(float(bar["height"]) for bar in bars) == 16.0
    assert all(float(bar["x"]) + float(bar["width"]) <= WIDTH for bar in bars)


@pytest.mark.parametrize("scores", [[], [1.0]])
def test_without_scores_to_compare_a_miniature_is_a_line(scores: list[float]) -> None:
    """The only model of a store is neither high nor low."""
    assert rectangles(miniature(scores)) == []


FOUND = {
    "types": {
        "dense": {"label": "Dense layers", "family": "layers", "total": 2},
        "layer:Mine": {"label": "Mine", "family": "layers", "total": 1},
    },
    "patterns": {
        "skip": {"label": "Skips", "family": "patterns", "total": 0, "description": "Find where …"},
    },
    "without_graph": [],
}


def test_badges_have_letters_and_colours() -> None:
    marks = badges(FOUND)
    assert {name: mark["text"] for name, mark in marks.items()} == {
        "skip": "S",
        "dense": "DL",
        "layer:Mine": "M",
    }
    assert len({mark["color"] for mark in marks.values()}) == 3


def test_types_and_patterns_stand_under_their_families_and_special_ones_are_folded() -> None:
    shown = to_json_plotly(localisation(FOUND, ("dense",)))
    assert (
        shown.index("Structure")
        < shown.index('"Skips"')
        < shown.index('"Layers"')
        < shown.index('"Dense layers"')
    )
    assert shown.count('"aria-checked":"true"') == 1
    assert '"title":"Find where …"' in shown
    assert "1 by name" in shown
    assert '"open":false' in shown
    assert '"open":true' in to_json_plotly(localisation(FOUND, ("layer:Mine",)))


def test_where_no_structure_can_be_told_is_said() -> None:
    gaps = [{"uoa": "m/own", "what": "its call could not be followed"}, {"uoa": "n", "what": "…"}]
    shown = to_json_plotly(localisation({**FOUND, "without_graph": gaps}, ()))
    assert "No structure can be told of own and 1 more: its call could not be followed." in shown
    assert "No structure" not in to_json_plotly(localisation(FOUND, ()))


def test_every_class_has_a_switch_in_its_colour() -> None:
    def texts(component: Any) -> str:
        return json.dumps([each.to_plotly_json() for each in component], default=lambda c: c.to_plotly_json())

    shown = texts(class_selector(["zero", "one"], ("one",), {"zero": "data:,"}))
    assert shown.count('"aria-pressed": "true"') == shown.count('"aria-pressed": "false"') == 1
    assert class_color(0) in shown
    assert class_color(1) in shown
    assert shown.count("data:,") == 1
    assert "logged without classes" in texts(class_selector([], (), {}))


def test_an_action_is_an_event_for_the_page() -> None:
    assert json.loads(action("toggle_class", name='a "b"')["data-action"]) == {
        "type": "toggle_class", "name": 'a "b"',
    }  # fmt: skip


@pytest.mark.parametrize(
    ("type_", "name"),
    [
        ("Conv2D", "convolution"), ("SeparableConv1D", "convolution"), ("MaxPooling2D", "pooling"),
        ("Dense", "dense"), ("BatchNormalization", "normalisation"), ("LSTM", "recurrent"),
        ("Add", "merge"), ("Flatten", "reshape"), ("MultiHeadAttention", "attention"), ("Mine", "other"),
    ],
)  # fmt: skip
def test_layer_types_are_of_a_kind(type_: str, name: str) -> None:
    assert kind(type_) == name


def test_what_has_no_pictogram_of_its_own_has_a_common_one() -> None:
    assert (operation("MatMul"), operation("my_op")) == ("matmul", "operation")
    assert (layer("Conv3D"), layer("GlobalMaxPooling1D"), layer("Mine")) == ("conv", "pool", "operation")
    assert (variable("bias"), variable("moving_mean"), variable("recurrent_kernel")) == (
        "vector", "vector", "weights",
    )  # fmt: skip


def test_of_very_many_types_the_most_frequent_are_listed_and_those_that_are_on() -> None:
    entry = next(iter(FOUND["types"].values()))
    types = {f"layer:T{n}": {**entry, "label": f"T{n}", "family": "layers", "total": n} for n in range(600)}
    shown = to_json_plotly(localisation({**FOUND, "patterns": {}, "types": types}, ("layer:T3",)))
    assert f"the {MOST_ROWS} most frequent of 600" in shown
    assert '"data-located":"layer:T599"' in shown
    assert '"data-located":"layer:T3"' in shown
    assert '"data-located":"layer:T4"' not in shown
