import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from inspectree.logger.errors import HeaderError
from inspectree.logger.header import Header
from inspectree.logger.store.parents import headers, resolve_parents
from inspectree.logger.store.writer import ModelWriter

Add = Callable[[str, str], Path]


@pytest.fixture
def add(tmp_path: Path, training: SimpleNamespace) -> Add:
    """Return a function that adds a model with an id and a name to the store at ``tmp_path``."""

    def adding(id_: str, name: str) -> Path:
        writer = ModelWriter(tmp_path, Header(id=id_, name=name))
        writer.start(training.graph(), {}, training.samples())
        writer.finish()
        return writer.folder

    return adding


def _refused(store: Path, *parents: str) -> str:
    with pytest.raises(HeaderError) as caught:
        resolve_parents(store, parents)
    return str(caught.value)


def test_parents_are_ids_prefixes_or_names(add: Add, tmp_path: Path) -> None:
    add("aaaa1111", "first")
    add("bbbb2222", "second")
    add("cccc3333", "third")
    found = resolve_parents(tmp_path, ("cccc3333", "second", "aaaa"))
    assert found == ("cccc3333", "bbbb2222", "aaaa1111")


def test_an_id_goes_before_a_name_and_a_name_before_a_prefix(add: Add, tmp_path: Path) -> None:
    add("aaaa", "x")
    add("bbbb", "aaaa")
    add("base-of-all", "y")
    add("cccc", "base")
    assert resolve_parents(tmp_path, ("aaaa", "base")) == ("aaaa", "cccc")


def test_without_parents_no_store_is_needed(tmp_path: Path) -> None:
    assert resolve_parents(tmp_path / "nowhere", ()) == ()


def test_an_unknown_parent_is_told_with_the_nearest(add: Add, tmp_path: Path) -> None:
    add("aaaa1111", "baseline")
    add("bbbb2222", "other")
    expected = f"parent 'basline' does not exist in {tmp_path}; the nearest are baseline"
    assert _refused(tmp_path, "basline") == expected


def test_a_parent_like_none_is_told_with_some_that_exist(add: Add, tmp_path: Path) -> None:
    add("aaaa1111", "baseline")
    expected = f"parent '###' does not exist in {tmp_path}; it holds baseline"
    assert _refused(tmp_path, "###") == expected


def test_a_store_without_models_has_no_parents(tmp_path: Path) -> None:
    store = tmp_path / "nowhere"
    assert _refused(store, "first") == f"parent 'first' does not exist: {store} holds no models yet"
    assert not store.exists()


def test_a_prefix_of_three_characters_is_too_short(add: Add, tmp_path: Path) -> None:
    add("aaaa1111", "first")
    assert "parent 'aaa' does not exist" in _refused(tmp_path, "aaa")


@pytest.mark.parametrize("parent", ["same", "aaaa"])
def test_a_parent_that_fits_several_is_told_with_their_ids(parent: str, add: Add, tmp_path: Path) -> None:
    add("aaaa1111-x", "same")
    add("aaaa2222-x", "same")
    expected = f"parent {parent!r} fits 2 models of {tmp_path}: say which by its id (aaaa1111, aaaa2222)"
    assert _refused(tmp_path, parent) == expected


def test_one_parent_under_two_names_is_refused(add: Add, tmp_path: Path) -> None:
    add("aaaa1111", "first")
    assert _refused(tmp_path, "first", "aaaa") == "parent 'aaaa' is the same model as 'first'"


def test_models_that_cannot_be_read_are_no_parents(add: Add, tmp_path: Path) -> None:
    add("aaaa1111", "first")
    folder = add("bbbb2222", "damaged")
    whole = (folder / "model.h5").read_bytes()
    (folder / "model.h5").write_bytes(re.sub(rb'"name":"damaged"', rb'"nane":"damaged"', whole))
    (tmp_path / "models" / "starting").mkdir()
    (tmp_path / "models" / "a-file").touch()
    (tmp_path / "models" / ".hidden").mkdir()
    assert [header.id for header in headers(tmp_path)] == ["aaaa1111"]
    assert resolve_parents(tmp_path, ("first",)) == ("aaaa1111",)
