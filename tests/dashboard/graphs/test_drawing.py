"""The parts of drawings: numbers, shapes, bounds."""

from typing import Any

import pytest

from inspectree.dashboard.graphs.drawing import bounds, number, shape_text, text_width


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (109386, "109,386"), (-1234, "-1,234"), (0.0417, "0.0417"), (0.041729, "0.0417"),
        (1234567.0, "1.23e+06"), (float("nan"), "nan"), (None, "–"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_people_read_them(value: float | None, text: str) -> None:
    assert number(value) == text


def test_shapes_are_written_with_crosses() -> None:
    assert shape_text([28, 28, 32]) == "28×28×32"
    assert shape_text([None, 3]) == "?×3"
    assert shape_text([]) == ""


def test_bounds_are_around_every_box() -> None:
    boxes: list[Any] = [{"x": 0, "y": 0, "w": 10, "h": 20}, {"x": 100, "y": 50, "w": 4, "h": 6}]
    assert bounds(boxes, margin=1) == (-6, -11, 103, 54)
    assert bounds([], margin=5) == (-5, -5, 5, 5)


def test_longer_texts_take_more_room() -> None:
    assert 0 == text_width("") < text_width("a") < text_width("aa") < text_width("aa", size=20)
