"""A folder of models as Python objects."""

import json
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
from inspectree.server.summary import detail, overview_json, summarise


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
    assert store["old"].architecture is old.architecture
    assert store["new"].architecture is not new.architecture
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


def test_a_model_knows_the_tree_that_it_was_found_in(folder: Path, tmp_path: Path) -> None:
    """What is held keeps its relatives, also when they have been deleted meanwhile."""
    runs = shutil.copytree(folder, tmp_path / "runs")
    store = open_store(runs)
    root, child = store.models
    shutil.rmtree(root.folder)
    store.refresh()
    assert (root.children, root.parents, root.depth) == ([child], [], 0)
    assert (child.parents, child.missing_parents) == ([root], ())
    (left,) = store.models
    assert (left.parents, left.missing_parents, left.depth) == ([], (root.id,), 0)


def test_the_overview_is_told_while_models_come_and_go(folder: Path, tmp_path: Path) -> None:
    runs = shutil.copytree(folder, tmp_path / "runs")
    aside = tmp_path / "aside"
    store = open_store(runs)
    failures: list[Exception] = []

    def come_and_go() -> None:
        try:
            for _ in range(30):
                (runs / "models/aaaa0000-root").rename(aside)
                store.refresh()
                aside.rename(runs / "models/aaaa0000-root")
                store.refresh()
        except Exception as error:
            failures.append(error)

    thread = Thread(target=come_and_go)
    thread.start()
    seen = set()
    while thread.is_alive():
        seen |= {len(experiment["models"]) for experiment in json.loads(overview_json(store))["experiments"]}
        for model in store.models:
            detail(model)
    thread.join()
    assert not failures
    assert seen <= {1, 2}


def test_a_look_that_finds_nothing_new_leaves_the_catalogue(folder: Path) -> None:
    store = open_store(folder)
    before, told = store.catalog, overview_json(store)
    assert store.refresh() is before
    assert overview_json(store) is told


def test_an_overview_looks_at_no_checkpoint_twice(
    tmp_path: Path, write_model: Callable[..., ModelWriter]
) -> None:
    """A checkpoint's file never changes: here it is emptied in place, which nobody sees."""
    write_model(tmp_path, Header(id="aaaa", name="a"), (0, 1))
    write_model(tmp_path, Header(id="bbbb", name="b", parents=("aaaa",)), (0, 1))
    store = open_store(tmp_path)
    first = [summarise(model) for model in store.models]
    for path in tmp_path.glob("models/*/checkpoints/000001.h5"):
        shutil.copy(path, tmp_path)
        path.write_bytes(b"")
    new = shutil.copy(tmp_path / "000001.h5", tmp_path / "models/aaaa/checkpoints/000003.h5")
    store.refresh()
    changed, same = (summarise(model) for model in store.models)
    assert json.loads(overview_json(store))["problems"] == []
    assert changed == first[0].model_copy(
        update={"checkpoints": (0, 1, 3), "bytes": first[0].bytes + Path(new).stat().st_size}
    )
    assert same is first[1]


def test_what_is_found_damaged_later_is_told(tmp_path: Path, write_model: Callable[..., ModelWriter]) -> None:
    write_model(tmp_path, Header(id="aaaa", name="a"), (0, 1))
    store = open_store(tmp_path)
    assert b'"problems":[]' in overview_json(store)
    (tmp_path / "models/aaaa/history.jsonl").write_text('{}\n{"epoch\n')
    store.refresh()
    assert b"history.jsonl is damaged" in overview_json(store)


def test_a_model_is_found_by_its_label_too(folder: Path) -> None:
    """It is what people see; a name that is the same goes first."""
    store = open_store(folder)
    assert store["The root"] is store["root"]


def test_labels_that_several_have_are_told(tmp_path: Path, write_model: Callable[..., ModelWriter]) -> None:
    for id_ in ("aaaa", "bbbb"):
        write_model(tmp_path, Header(id=id_, name=id_, label="Same"), ())
    with pytest.raises(UnknownUnitError, match=r"^'Same' fits 2 models: say which by its id"):
        _ = open_store(tmp_path)["Same"]
