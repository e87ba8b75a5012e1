"""Which word each number of a sequence stands for."""

import re
from typing import Any

import pytest

from inspectree.logger.errors import SamplesError
from inspectree.logger.vocabulary import as_vocabularies


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["", "[UNK]", "good", "film"], ("", "[UNK]", "good", "film")),
        ({"good": 2, "film": 4}, ("", "", "good", "", "film")),
        ([b"gut", "sch\u00f6n"], ("gut", "sch\u00f6n")),
        ({}, ()),
    ],
    ids=["a list", "numbers of words", "bytes", "nothing"],
)
def test_words_stand_in_the_order_of_their_numbers(given: Any, expected: tuple[str, ...]) -> None:
    assert as_vocabularies(given, ["x"]) == {"x": expected}
    assert as_vocabularies({"title": given, "body": ["a"]}, ["title", "body", "price"]) == {
        "title": expected,
        "body": ("a",),
    }


def test_without_any_there_is_none() -> None:
    assert as_vocabularies(None, ["x"]) == {}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("words", "vocabulary is a str; it takes the words in the order of their numbers, or a dict"),
        (7, "vocabulary is a int; it takes"),
        (["a", 3], "vocabulary holds 3, which is no word"),
        ({"a": -1}, "vocabulary: 'a' has the number -1"),
        ({"a": 0.5}, "vocabulary: 'a' has the number 0.5"),
        ({"a": "b"}, "vocabulary: 'a' has the number 'b'"),
        ({"a": 10**9}, "vocabulary: 'a' has the number 1000000000"),
        ({"a": 1, "b": 1}, "vocabulary: 'a' and 'b' both have the number 1"),
        ({"y": ["a"]}, "vocabulary: the samples have no input 'y'; they have x"),
        ({"x": [1]}, "vocabulary of 'x' holds 1, which is no word"),
    ],
)
def test_what_is_none_is_told_in_one_line(given: Any, message: str) -> None:
    with pytest.raises(SamplesError, match=f"^{re.escape(message)}"):
        as_vocabularies(given, ["x"])


def test_of_several_inputs_it_must_tell_which() -> None:
    with pytest.raises(SamplesError, match="the samples have the inputs a, b: give a dict by their names"):
        as_vocabularies(["one"], ["a", "b"])
