"""A folder of models as Python objects."""

import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from inspectree.logger.errors import StoreError
from inspectree.logger.header import Header
from inspectree.logger.store.writer import ModelWriter
from inspectree.server import Store, open_store
from inspectree.server.errors import UnknownUnitError


def test_models_know_their_place_in_the_tree(store: Store) -> None:
    root, child = store.models
    assert (root.children, child.parents) == ([child], [root])
    assert (root.depth, child.depth) == (0, 1)
    assert [experiment.models for experiment in store.experiments] == [(root, child)]
    assert store.experiments[0].label == "The root"


def test_a_model_is_found_by_id_prefix_and_name(store: Store) -> None:
    root = store.models[0]
    assert store["aaaa0000-root"] is store["aaaa"] is store["root"] is root


def test_checkpoints_are_mappings_of_lazy_labelled_arrays(store: Store) -> None:
    checkpoint = store["root"].checkpoints[-1]
    activations = checkpoint["conv/activations"]
    assert not activations.variable._in_memory
    assert activations.dims == ("sample", "y", "x", "channel")
    assert activations.sel(sample=3)["class"].item() == "zero"
    assert "conv/kernel" in checkpoint
    assert "conv/gamma" not in checkpoint
    assert len(checkpoint) == len(list(checkpoint))


def test_history_is_a_table_with_a_row_per_epoch(store: Store) -> None:
    history = store["root"].history
    assert list(history.columns) == ["epoch", "step", "time", "seconds", "loss", "val_loss"]
    assert history["loss"].tolist() == [1, 1 / 2, 1 / 3]


@pytest.mark.parametrize(("word", "number"), [("first", 0), ("last", 3), ("best", 2), (1, 1)])
def test_checkpoints_have_names(store: Store, word: int | str, number: int) -> None:
    """The best one has the lowest validation loss, which checkpoint 0 does not record."""
    assert store["root"].checkpoint(word).number == number


def test_a_checkpoint_that_is_not_there_is_named(store: Store) -> None:
    with pytest.raises(UnknownUnitError) as error:
        store["root"].checkpoint(7)
    assert str(error.value) == "The root has no checkpoint 7; there are 0, 1, 2, 3"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as error:
        open_store(tmp_path / "runs")
    assert str(error.value) == f"the store {tmp_path / 'runs'} does not exist"


def test_an_empty_store_is_open_and_empty(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    assert (store.models, store.experiments, store.problems) == ([], [], [])


def test_what_is_wrong_is_reported_and_everything_else_goes_on(
    folder: Path, tmp_path: Path, write_model: Callable[..., ModelWriter]
) -> None:
    runs = shutil.copytree(folder, tmp_path / "runs")
    write_model(runs, Header(id="cccc", name="orphan", parents=("gone",)), ())
    write_model(runs, Header(id="dddd", name="selfish", parents=("dddd",)), ())
    shutil.copytree(runs / "models" / "cccc", runs / "models" / "copy")
    broken = runs / "models" / "broken"
    broken.mkdir()
    (broken / "model.h5").write_bytes(b"no HDF5")
    kernel = runs / "models" / "aaaa0000-root" / "checkpoints" / "000001.h5"
    kernel.write_bytes(kernel.read_bytes()[:3000])

    store = open_store(runs)
    assert [c.number for c in store["root"].checkpoints] == [0, 2, 3]
    assert len(store.models) == 4
    problems = {problem.where: problem.what for problem in store.problems}
    assert problems["cccc"] == "its parent gone is not in the store"
    assert problems["dddd"] == "its parent dddd descends from it; this link is left out"
    assert problems["copy"] == "it has the same id as cccc: cccc; left out"
    assert "cannot be read as an HDF5 file" in problems["broken"]
    assert "000001.h5" in problems["aaaa0000-root"]
    with pytest.raises(StoreError, match=r"000001\.h5"):
        store["root"].checkpoint(1)


def test_a_refresh_reads_only_what_has_changed(
    tmp_path: Path, write_model: Callable[..., ModelWriter]
) -> None:
    write_model(tmp_path, Header(id="aaaa", name="old"), (0, 1))
    growing = write_model(tmp_path, Header(id="bbbb", name="new"), (0,), state="training")
    store = open_store(tmp_path)
    old, new = store.models
    checkpoint = new.checkpoint(0)
    assert new.state == "training"

    growing.finish()
    store.refresh()
    assert store["old"] is old
    assert store["new"] is not new
    assert store["new"].state == "finished"

    shutil.copy(tmp_path / "models/aaaa/checkpoints/000001.h5", tmp_path / "models/bbbb/checkpoints")
    before = store["new"]
    store.refresh()
    assert store["new"].checkpoint_numbers == (0, 1)
    assert before.checkpoint_numbers == (0,)
    assert store["new"].checkpoint(0) is before.checkpoint(0) is not checkpoint

    shutil.rmtree(tmp_path / "models/aaaa")
    store.refresh()
    assert [model.id for model in store.models] == ["bbbb"]


def test_a_rewritten_checkpoint_is_read_anew(tmp_path: Path, write_model: Callable[..., ModelWriter]) -> None:
    write_model(tmp_path, Header(id="aaaa", name="a"), (0, 1))
    model = open_store(tmp_path)["a"]
    before = model.checkpoint(0)["conv/kernel"].values
    shutil.copy(
        tmp_path / "models/aaaa/checkpoints/000001.h5", tmp_path / "models/aaaa/checkpoints/000000.h5"
    )
    assert not np.array_equal(model.checkpoint(0)["conv/kernel"].values, before)


def test_threads_may_refresh_and_read_at_once(folder: Path) -> None:
    store = open_store(folder)
    failures: list[Exception] = []

    def work() -> None:
        try:
            for _ in range(10):
                store.refresh()
                assert store["root"].checkpoint()["conv/kernel"].values.shape == (3, 3, 1, 2)
        except Exception as error:
            failures.append(error)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
