"""Numbers in a few characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectree.dashboard.numbers import MOST, compact, spread


def test_neighbours_are_written_as_a_range() -> None:
    assert compact([7, 1, 2, 3, 3]) == "1-3,7"
    assert spread("1-3,7") == (1, 2, 3, 7)
    assert compact([]) == ""


@given(st.sets(st.integers(0, 500)))
def test_what_is_written_is_read(numbers: set[int]) -> None:
    assert spread(compact(numbers)) == tuple(sorted(numbers))


@pytest.mark.parametrize("text", ["", "x", "1,", "-3", "1-", "3-1-2", f"0-{MOST}", "0-999999999"])
def test_other_texts_stand_for_nothing(text: str) -> None:
    assert spread(text) == ()
