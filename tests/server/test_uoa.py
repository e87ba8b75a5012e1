"""The address of a unit of analysis."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectree.server.errors import UnitError
from inspectree.server.uoa import UnitOfAnalysis

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
UNITS = st.builds(
    UnitOfAnalysis,
    model=NAMES,
    checkpoint=st.none() | st.integers(0) | st.sampled_from(["last", "first", "best"]),
    path=st.lists(NAMES, max_size=4).map(tuple),
    unit=st.none() | st.integers(0),
)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("mnist_cnn", UnitOfAnalysis("mnist_cnn")),
        ("mnist_cnn@last/conv2d#7", UnitOfAnalysis("mnist_cnn", "last", ("conv2d",), 7)),
        ("0999a51f@10/hidden_1/kernel", UnitOfAnalysis("0999a51f", 10, ("hidden_1", "kernel"))),
        ("m/block%2F1/dense/kernel", UnitOfAnalysis("m", None, ("block/1", "dense", "kernel"))),
        ("a%40b@best", UnitOfAnalysis("a@b", "best")),
    ],
)
def test_is_taken_apart_and_put_together(text: str, unit: UnitOfAnalysis) -> None:
    assert UnitOfAnalysis.parse(text) == unit
    assert str(unit) == text


@given(UNITS)
def test_every_address_survives_printing_and_parsing(unit: UnitOfAnalysis) -> None:
    assert UnitOfAnalysis.parse(str(unit)) == unit


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "'' names no model: write MODEL[@CHECKPOINT][/LAYER[/VARIABLE]][#UNIT]"),
        ("m//kernel", "'m//kernel' has an empty name between two slashes"),
        ("m@newest", "'m@newest': 'newest' is no checkpoint: write a number, last, first, best"),
        ("m@", "'m@': '' is no checkpoint: write a number, last, first, best"),
        ("m/conv#a", "'m/conv#a': 'a' is no unit: write a number from 0"),
    ],
)
def test_what_is_written_wrongly_is_named(text: str, message: str) -> None:
    with pytest.raises(UnitError) as error:
        UnitOfAnalysis.parse(text)
    assert str(error.value) == message
