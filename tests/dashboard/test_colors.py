"""Colours of classes, models and values."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectree.dashboard.colors import CLASSES, HEAT, NO_NUMBER, class_color, heat, model_colors


def parts(color: str) -> list[int]:
    return [int(part) for part in re.fullmatch(r"rgb\((\d+), ?(\d+), ?(\d+)\)", color).groups()]  # type: ignore[union-attr]


def experiment(*ids: str) -> dict[str, object]:
    return {"models": [{"id": id_, "started": f"2026-{day:03}"} for day, id_ in enumerate(ids, start=1)]}


def test_the_first_ten_classes_have_their_own_colours() -> None:
    assert [class_color(index) for index in range(10)] == list(CLASSES)
    assert len(set(CLASSES)) == 10


def test_a_hundred_classes_have_a_hundred_colours() -> None:
    colors = [class_color(index) for index in range(100)]
    assert len(set(colors)) == 100
    assert all(max(parts(color)) <= 255 for color in colors[10:])


def test_values_go_from_blue_over_grey_to_red() -> None:
    """The middle of two stops is their mean: (37 + 126) / 2 = 82 (rounded half to even), and so on."""
    assert [heat(share) for share in (0, 0.25, 0.5, 0.75, 1)] == ["rgb({},{},{})".format(*s) for s in HEAT]
    assert heat(0.125) == "rgb(82,132,212)"
    assert heat(-3) == heat(0)
    assert heat(7) == heat(1)


@given(st.floats(0, 1))
def test_every_value_has_a_colour(share: float) -> None:
    assert all(0 <= part <= 255 for part in parts(heat(share)))


def test_models_of_an_experiment_take_the_ends_of_one_scale_then_the_middles_of_what_is_free() -> None:
    """Plasma gets lighter from end to end: by lightness the places 0, 1, 1/2, 3/4, 1/4 are 0, 4, 2, 3, 1."""
    lightness = [sum(parts(color)) for color in model_colors([experiment(*"abcde")]).values()]
    assert [sorted(lightness).index(each) for each in lightness] == [0, 4, 2, 3, 1]


def test_colours_do_not_depend_on_the_order_of_the_answer() -> None:
    there = experiment("a", "b", "c")
    reverse = {"models": there["models"][::-1]}  # type: ignore[index]
    assert model_colors([there]) == model_colors([reverse])


@given(st.integers(1, 40), st.integers(0, 40))
def test_colours_stay_when_models_appear(count: int, more: int) -> None:
    ids = [f"m{index:02}" for index in range(count + more)]
    all_, some = model_colors([experiment(*ids)]), model_colors([experiment(*ids[:count])])
    assert some == {id_: all_[id_] for id_ in ids[:count]}


def test_experiments_have_different_scales() -> None:
    colors = model_colors([experiment("a"), experiment("b"), experiment("c")])
    assert len(set(colors.values())) == 3


def test_many_models_have_as_many_colours() -> None:
    ids = [f"m{index:02}" for index in range(28)]
    assert len(set(model_colors([experiment(*ids)]).values())) == len(ids)


@pytest.mark.parametrize("share", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_looks_like_no_other_value(share: float) -> None:
    assert heat(share) == NO_NUMBER
    assert NO_NUMBER not in {heat(value / 100) for value in range(101)}


def test_a_model_that_has_not_begun_does_not_move_the_others_colours() -> None:
    begun = experiment("a", "b")
    waiting = {"models": [{"id": "0", "started": ""}, *begun["models"]]}  # type: ignore[misc]
    assert model_colors([waiting]).items() >= model_colors([begun]).items()
