"""L1: what is drawn of a layer's units."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from inspectree.dashboard.colors import NO_NUMBER, heat
from inspectree.dashboard.graphs.units import BLUE, EXTREMES, RED, Column, Weights, draw_units, shown

NOTHING = np.array([], np.int64)


@pytest.fixture
def columns() -> list[Column]:
    """Return two units before three outputs."""
    return [
        Column("hidden", "unit", np.array([1.0, -3.0]), 2),
        Column("output", "unit", np.array([0.1, 0.7, 0.2]), 3, ("a", "b", "c")),
    ]


@pytest.fixture
def weights() -> Weights:
    """Return 2 from u0 to c, -1 from u1 to a."""
    return Weights(np.array([2.0, -1.0]), np.array([0, 1]), np.array([2, 0]))


def test_the_highest_unit_is_on_top(columns: list[Column], fitting: Any) -> None:
    boxes = draw_units("aaaa", columns, None, fitting)["nodes"]
    outputs = sorted((box for box in boxes if "/output#" in box["uoa"]), key=lambda box: box["y"])
    assert [box["name"] for box in outputs] == ["b", "c", "a"]
    assert [box["uoa"] for box in outputs] == ["aaaa/output#1", "aaaa/output#2", "aaaa/output#0"]
    assert all(box["fits"] == ["unit"] for box in boxes)


def test_the_layer_stands_to_the_right_of_the_one_before(columns: list[Column], fitting: Any) -> None:
    boxes = draw_units("aaaa", columns, None, fitting)["nodes"]
    before = {box["x"] for box in boxes if "/hidden#" in box["uoa"]}
    after = {box["x"] for box in boxes if "/output#" in box["uoa"]}
    assert len(before) == len(after) == 1
    assert max(before) < min(after)


def test_colours_go_from_the_layer_s_lowest_to_its_highest(columns: list[Column], fitting: Any) -> None:
    boxes = {box["uoa"]: box["more"] for box in draw_units("aaaa", columns, None, fitting)["nodes"]}
    assert boxes["aaaa/output#1"]["fill"] == heat(1)
    assert boxes["aaaa/output#0"]["fill"] == heat(0)
    assert boxes["aaaa/output#2"]["fill"] == heat((0.2 - 0.1) / (0.7 - 0.1))


def test_a_unit_tells_its_value_and_its_share_of_the_layer(columns: list[Column], fitting: Any) -> None:
    """|-3| is three quarters of |1| + |-3|."""
    boxes = {box["uoa"]: box for box in draw_units("aaaa", columns, None, fitting)["nodes"]}
    assert boxes["aaaa/hidden#1"]["more"]["text"] == "-3 · 75%"
    assert boxes["aaaa/hidden#1"]["tip"] == "hidden #1\nmean activation -3\n75.0% of the layer's sum"
    assert boxes["aaaa/hidden#1"]["name"] == "u001"


def test_weights_are_red_or_blue_and_the_largest_is_the_widest(
    columns: list[Column], weights: Weights, fitting: Any
) -> None:
    positive, negative = draw_units("aaaa", columns, weights, fitting)["edges"]
    assert (positive["source"], positive["target"]) == ("aaaa/hidden#0", "aaaa/output#2")
    assert (positive["color"], negative["color"]) == (RED, BLUE)
    assert positive["width"] > negative["width"] > 0
    assert positive["tip"] == "u000 → c\nweight 2"


def test_a_convolution_s_edges_are_norms_without_a_sign(columns: list[Column], fitting: Any) -> None:
    norms = Weights(np.array([2.0]), np.array([0]), np.array([2]), signed=False)
    (edge,) = draw_units("aaaa", columns, norms, fitting)["edges"]
    assert edge["color"] not in {RED, BLUE}
    assert edge["tip"] == "u000 → c\nnorm of the filter's window 2"


def test_of_many_units_the_extremes_and_those_on_edges_are_shown() -> None:
    means = np.arange(100.0)
    units = shown(Column("hidden", "unit", means, 100), np.array([50, 3]))
    highest, lowest = list(range(99, 99 - EXTREMES, -1)), list(range(EXTREMES - 1, -1, -1))
    assert units == [*highest, 50, *lowest]


def test_without_activations_the_first_units_or_those_on_edges_are_shown(fitting: Any) -> None:
    """They have no colour of their own, and say that they have no activation."""
    column = Column("hidden", "unit", None, 100)
    assert shown(column, NOTHING) == list(range(2 * EXTREMES))
    assert shown(column, np.array([70, 5])) == [5, 70]
    box = draw_units("aaaa", [column], None, fitting)["nodes"][0]
    assert box["label"] == "unit u000 of hidden, no activation"
    assert box["tip"] == "hidden #0"


def test_what_is_shown_is_said(columns: list[Column], weights: Weights, fitting: Any) -> None:
    drawing = draw_units("aaaa", columns, weights, fitting)
    assert (
        drawing["hint"]
        == "hidden: 2 units  →  output: 3 units  ·  the 2 largest weights: red above, blue below 0"
    )
    assert (drawing["key"], drawing["level"]) == ("L1 aaaa/output", "L1")


def test_units_that_are_all_the_same_are_drawn(fitting: Any) -> None:
    column = Column("hidden", "unit", np.zeros(3), 3)
    boxes = draw_units("aaaa", [column], None, fitting)["nodes"]
    assert {box["more"]["fill"] for box in boxes} == {heat(0.5)}
    assert {box["more"]["text"] for box in boxes} == {"0 · 0%"}


def test_a_unit_without_a_number_stands_out_and_spoils_no_other(fitting: Any) -> None:
    """The others keep their colours and shares: 3 of 4 is 75 %."""
    column = Column("hidden", "unit", np.array([1.0, np.nan, 3.0]), 3)
    boxes = {box["name"]: box["more"] for box in draw_units("aaaa", [column], None, fitting)["nodes"]}
    assert boxes["u001"]["fill"] == NO_NUMBER
    assert boxes["u001"]["text"] == "nan"
    assert (boxes["u002"]["fill"], boxes["u002"]["text"]) == (heat(1), "3 · 75%")
    assert (boxes["u000"]["fill"], boxes["u000"]["text"]) == (heat(0), "1 · 25%")


def test_pictures_are_beside_their_units_within_the_bounds_and_apart(
    columns: list[Column], fitting: Any
) -> None:
    """A picture's place is told from its box's upper left corner."""
    wide = [
        Column(column.layer, "unit", column.means, column.size, column.names, dict.fromkeys(range(3), sheet))
        for column, sheet in zip(columns, (("data:,", 1), ("data:,", 11)), strict=True)
    ]
    drawing = draw_units("aaaa", wide, None, fitting)
    left, top, right, bottom = drawing["bounds"]
    taken: list[tuple[float, float, float]] = []
    for box in drawing["nodes"]:
        place = box["more"]["place"]
        x, y = box["x"] - box["w"] / 2 + place["x"], box["y"] - box["h"] / 2 + place["y"]
        assert place["width"] > 0
        assert left <= x
        assert x + place["width"] <= right
        assert top <= y
        assert y + place["height"] <= bottom
        assert x > box["x"] + box["w"] / 2 or x + place["width"] < box["x"] - box["w"] / 2
        taken.append((x, y, y + place["height"]))
    for (x, _, end), (other, start, _) in pairwise(sorted(taken)):
        assert x != other or end < start
