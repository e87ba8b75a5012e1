"""How samples of every kind are seen."""

import asyncio
from typing import Any

import pytest

from inspectree.dashboard.tools.questions.predictions import outputs_of
from inspectree.dashboard.tools.questions.sample_images import inputs_of
from inspectree.dashboard.view import View

KINDS = {
    "colours": {"": "image"},
    "regressor": {"": "vector"},
    "binary": {"": "vector"},
    "series": {"": "series"},
    "tokens": {"": "tokens"},
    "autoencoder": {"": "image"},
    "several": {"image": "image", "facts": "vector"},
}


@pytest.mark.parametrize("name", KINDS)
def test_the_kind_of_every_input_is_known(kinds: Any, name: str) -> None:
    inputs = asyncio.run(inputs_of(kinds.page.client, kinds.ids[name], [3, 1]))
    assert {own: inputs.kind(own) for own in inputs.names} == KINDS[name]
    seen = inputs.seen()
    assert len(seen) == 2
    assert all(("text" in each) == (name == "tokens") for each in seen)


def test_sequences_are_words_without_their_padding(kinds: Any) -> None:
    x, words = kinds.specimens["tokens"].x, kinds.specimens["tokens"].options["vocabulary"]
    inputs = asyncio.run(inputs_of(kinds.page.client, kinds.ids["tokens"], [4, 2, 9]))
    for sample, seen in zip([4, 2, 9], inputs.seen(), strict=True):
        assert seen == {"text": " ".join(words[number] for number in x[sample] if number)}


def test_outputs_are_told_by_name_where_there_are_several(kinds: Any) -> None:
    context = kinds.page.index.context(View())
    found = {name: asyncio.run(outputs_of(kinds.page.client, kinds.ids[name], context)) for name in kinds.ids}
    assert found.pop("several") == ["kind", "price"]
    assert set(map(tuple, found.values())) == {("",)}
