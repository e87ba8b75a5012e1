"""Free-text search."""

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectree.logger.header import Header
from inspectree.server import Store, open_store
from inspectree.server.search.index import Answer, search
from inspectree.server.search.words import fitting, words

ROOT, CHILD = "aaaa0000-root", "bbbb0000-child"


@pytest.fixture
def ask(store: Store) -> Any:
    """Return a function that searches the store of a root (tag digits) and its child (notes: wider)."""
    return lambda query, limit=20: search(store.catalog, query, limit)


def uoas(answer: Answer) -> list[str]:
    return [result.uoa for result in answer.results]


def test_the_words_of_names() -> None:
    assert [word for word, _, _ in words("MaxPooling2D")] == ["maxpooling2d", "max", "pooling", "2d"]
    assert {word for word, _, _ in words("conv2d_1")} == {"conv2d_1", "conv2d", "conv", "2", "d", "1"}
    assert [word for word, _, _ in words("adds `skips`.")] == ["adds", "`skips`.", "skips"]


@given(text=st.text(max_size=40))
def test_a_word_is_where_it_is_said_to_be(text: str) -> None:
    for word, start, end in words(text):
        assert text[start:end].lower() == word


def test_how_well_words_fit() -> None:
    known = ["kernel", "recurrent_kernel", "kern", "colonel"]
    fits = fitting("kernel", known)
    assert fits["kernel"] == 1
    assert fits.keys() == {"kernel", "recurrent_kernel"}
    assert fitting("kern", known)["kern"] > fitting("kern", known)["kernel"]
    assert 0 < fitting("kernle", known)["kernel"] < 0.5
    assert fitting("xyz", known) == {}
    assert fitting("er", known) == {}, "two letters inside a word say nothing"


def test_a_name_comes_before_notes_and_models_before_layers(ask: Any) -> None:
    answer = ask("child")
    (best,) = answer.results
    assert (best.uoa, best.level, best.name, best.score) == (CHILD, "model", "child", 1.0)
    assert uoas(ask("conv"))[:2] == [f"{ROOT}/conv", f"{CHILD}/conv"]
    assert [result.level for result in ask("dense").results] == ["layer", "layer"]


@pytest.mark.parametrize(
    ("query", "field", "text"),
    [
        ("digits", "tags", "digits"),
        ("wider", "notes", "wider"),
        ("softmax", "settings", "softmax"),
        ("Conv2D", "type", "Conv2D"),
        ("two", "classes", "two"),
        ("batch_size", "hyperparameters", "batch_size"),
        ("adam", "hyperparameters", "adam"),
        ("The root", "label", "The"),
        ("bbbb", "id", "bbbb"),
    ],
)
def test_it_tells_where_a_word_stands(ask: Any, query: str, field: str, text: str) -> None:
    match = next(match for match in ask(query).results[0].matches)
    assert (match.field, match.text[slice(*match.span)]) == (field, text)


def test_words_come_in_any_order_and_may_be_those_of_what_is_above(ask: Any) -> None:
    found = {tuple(uoas(ask(" ".join(order)))) for order in permutations(["child", "kernel", "dense"])}
    assert found == {(f"{CHILD}/dense/kernel",)}
    (kernel,) = ask("kernel child dense").results
    assert (kernel.model, [match.word for match in kernel.matches]) == ("child", ["kernel"])


def test_a_model_is_no_answer_for_a_word_of_its_layers_nor_all_layers_for_its_own(ask: Any) -> None:
    assert all(result.level != "model" for result in ask("kernel").results)
    assert uoas(ask("child")) == [CHILD]


def test_small_errors_are_forgiven_and_nonsense_is_not(ask: Any) -> None:
    assert uoas(ask("kernal")) == uoas(ask("kernel"))
    assert uoas(ask("sofmax"))[0].endswith("/dense")
    assert ask("xyzzy").total == ask("   ").total == 0


def test_the_limit_cuts_the_list_but_not_the_count(ask: Any) -> None:
    answer = ask("kernel", 3)
    assert (answer.total, len(answer.results)) == (4, 3)
    assert uoas(answer) == uoas(ask("kernel"))[:3]


def test_of_long_notes_an_excerpt_is_told(tmp_path: Path, write_model: Any) -> None:
    notes = "x" * 300 + " Needle, found " + "y" * 300
    write_model(tmp_path, Header(id="long", name="long", notes=notes), ())
    (result,) = search(open_store(tmp_path).catalog, "needle").results
    (match,) = result.matches
    assert match.text[slice(*match.span)] == "Needle"
    assert len(match.text) == 86


def test_an_empty_store_answers_with_nothing(tmp_path: Path) -> None:
    assert search(open_store(tmp_path).catalog, "anything") == Answer(query="anything", total=0, results=())
