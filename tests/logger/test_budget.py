from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectree.logger.budget import parse_size, readable_size


@pytest.mark.parametrize(
    ("text", "size"),
    [("512 MB", 512_000_000), ("2GB", 2 * 10**9), ("1.5 kb", 1500), ("1 MiB", 2**20), ("300", 300), (7, 7)],
)
def test_sizes_are_read(text: str | int, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "MB", "5 parsecs", "0 MB", "-1 GB", 0, -3, True, 1.5, None])
def test_what_is_no_size_gets_one_clear_line(text: Any) -> None:
    message = r" is no size: write '512 MB' or '2 GB' \(units: B, kB, MB, GB, TB, KiB, MiB, GiB\)$"
    with pytest.raises(ValueError, match=message):
        parse_size(text)


@given(st.integers(1, 10**15))
def test_what_is_printed_can_be_read_again(size: int) -> None:
    assert abs(parse_size(readable_size(size)) - size) <= max(0.06 * size, 0)
