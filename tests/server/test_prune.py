"""Which checkpoints can go."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectree.logger.header import Header
from inspectree.logger.store.writer import ModelWriter
from inspectree.server import open_store
from inspectree.server.check import check
from inspectree.server.errors import RequestError
from inspectree.server.inspector import Inspector
from inspectree.server.prune import WORDS, Keep, prunings

ROOT, CHILD = "aaaa0000-root", "bbbb0000-child"


@pytest.fixture
def runs(folder: Path, tmp_path: Path) -> Path:
    """Return a store whose models have checkpoints 0 to 3, of which 2 is the best."""
    return shutil.copytree(folder, tmp_path / "runs")


def going(runs: Path, keep: str) -> dict[str, tuple[int, ...]]:
    return {p.model.id: p.numbers for p in prunings(open_store(runs), Keep.parse(keep))}


@pytest.mark.parametrize(
    ("keep", "numbers"),
    [
        ("first,last,best", (1,)),
        ("first, last", (1, 2)),
        ("best", (0, 1, 3)),
        ("every:2", (1, 3)),
        ("last,every:3", (1, 2)),
        ("every:1", ()),
    ],
)
def test_what_need_not_be_kept_goes(folder: Path, keep: str, numbers: tuple[int, ...]) -> None:
    assert going(folder, keep) == ({ROOT: numbers, CHILD: numbers} if numbers else {})


@pytest.mark.parametrize("keep", ["", "frist", "every:0", "every:", "every:-1", "2", "first,,last"])
def test_what_is_nothing_to_keep_is_refused(keep: str) -> None:
    with pytest.raises(RequestError, match=r"is nothing to keep: write first, last, best, every:N$"):
        Keep.parse(keep)


@given(st.sets(st.sampled_from(WORDS)), st.none() | st.integers(1, 9))
def test_what_is_written_is_read(words: set[str], every: int | None) -> None:
    parts = [*sorted(words), *([f"every:{every}"] if every else [])]
    if parts:
        assert Keep.parse(",".join(parts)) == Keep(tuple(sorted(words)), every)


def test_only_those_files_go_and_the_store_stays_sound(runs: Path) -> None:
    """A saved model goes with its checkpoint; what stays reads as before."""
    saved = runs / "models" / ROOT / "saved"
    saved.mkdir()
    shutil.make_archive(str(saved / "000001"), "zip", runs / "models" / CHILD / "checkpoints")
    (saved / "000001.zip").rename(saved / "000001.keras")
    before = set(runs.rglob("*"))
    values = open_store(runs)[ROOT].checkpoint("best")["conv/activations"].values

    found = list(prunings(open_store(runs), Keep()))
    gone = {runs / "models" / model / "checkpoints/000001.h5" for model in (ROOT, CHILD)}
    gone.add(saved / "000001.keras")
    assert {path for pruning in found for path in pruning.files} == gone
    assert sum(pruning.nbytes for pruning in found) == sum(path.stat().st_size for path in gone)
    for pruning in found:
        pruning.carry_out()

    assert set(runs.rglob("*")) == before - gone
    with Inspector() as inspector:
        assert not any(check(runs, inspector))
    root = open_store(runs)[ROOT]
    assert root.checkpoint_numbers == (0, 2, 3)
    np.testing.assert_array_equal(root.checkpoint("best")["conv/activations"].values, values)
    assert going(runs, "first,last,best") == {}


def test_a_model_that_is_being_trained_stays(runs: Path, write_model: Callable[..., ModelWriter]) -> None:
    writer = write_model(runs, Header(id="cccc", name="c"), state="training")
    assert "cccc" not in going(runs, "last")
    writer.finish()
    assert going(runs, "last")["cccc"] == (0, 1, 2)


def test_a_model_of_which_nothing_would_be_left_stays(
    tmp_path: Path, write_model: Callable[..., ModelWriter]
) -> None:
    """Checkpoint 0 records no loss, so nothing is the best."""
    write_model(tmp_path, Header(id="aaaa", name="a"), (0,))
    assert going(tmp_path, "best") == {}
