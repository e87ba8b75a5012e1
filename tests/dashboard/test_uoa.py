"""Paths of units as the page writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectree.dashboard.uoa import Path, at, is_experiment, parse
from inspectree.server.uoa import UnitOfAnalysis

names = st.text("abc_-0", min_size=1, max_size=4)
paths = st.builds(
    Path,
    names,
    st.lists(names, max_size=3).map("/".join),
    st.one_of(st.just(""), st.integers(0, 99).map(str)),
)


@pytest.mark.parametrize(
    ("uoa", "path"),
    [
        ("m", Path("m")),
        ("m#3", Path("m", "", "3")),
        ("m/conv", Path("m", "conv")),
        ("m/outer/conv/kernel", Path("m", "outer/conv/kernel")),
        ("m/conv#7", Path("m", "conv", "7")),
        ("", Path("")),
    ],
)
def test_a_path_has_a_model_what_is_inside_and_a_unit(uoa: str, path: Path) -> None:
    assert parse(uoa) == path
    assert str(path) == uoa


@given(paths)
def test_a_path_comes_back_from_its_text(path: Path) -> None:
    assert parse(str(path)) == path


@pytest.mark.parametrize(
    ("uoa", "checkpoint", "text"),
    [
        ("m", 3, "m@3"),
        ("m/conv/kernel", "last", "m@last/conv/kernel"),
        ("m/conv#3", 0, "m@0/conv#3"),
        ("m#3", 0, "m@0#3"),
    ],
)
def test_a_checkpoint_stands_behind_the_model(uoa: str, checkpoint: int | str, text: str) -> None:
    assert at(uoa, checkpoint) == text


@given(paths.filter(lambda path: path.inside), st.integers(0, 99))
def test_the_server_reads_what_the_page_writes(path: Path, checkpoint: int) -> None:
    read = UnitOfAnalysis.parse(at(str(path), checkpoint))
    assert (read.model, read.checkpoint) == (path.model, checkpoint)
    assert str(read) == at(str(path), checkpoint)


def test_experiments_are_told_from_models() -> None:
    assert is_experiment("experiment:aaaa")
    assert not is_experiment("aaaa")
    assert not is_experiment("aaaa/block:1")
    assert not is_experiment("")


def test_a_path_holds_what_it_names_and_what_lies_below() -> None:
    block = parse("aaaa/block")
    assert [block.holds(inside) for inside in ("block", "block/conv", "block_2", "conv")] == [
        True,
        True,
        False,
        False,
    ]
    assert parse("aaaa").holds("conv/kernel")
