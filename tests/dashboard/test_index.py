"""The snapshot of the store that the page is made from."""

from typing import Any

import pytest

from inspectree.dashboard.index import Index
from inspectree.dashboard.tools.base import Context, ToolError
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.view import View


@pytest.fixture
def index() -> Index:
    """Return two models of one experiment, with four checkpoints and without any."""
    long = {"id": "aaaa", "name": "long", "label": "Long", "checkpoints": [0, 10, 20, 40]}
    short = {"id": "bbbb", "name": "short", "label": "short", "checkpoints": []}
    models = [{**model, "class_names": ["zero", "one", "two"]} for model in (long, short)]
    experiment = {"id": "experiment:aaaa", "label": "Long", "models": models}
    return Index(
        {"experiments": [experiment], "store": "runs", "problems": []},
        {model["id"]: model for model in models},
        {"aaaa": "red", "bbbb": "blue"},
    )


def test_a_path_leads_to_its_model(index: Index) -> None:
    assert index.model("aaaa/conv/kernel") is index.models["aaaa"]
    assert index.model("experiment:aaaa") is index.model("gone") is index.model("") is None


def test_the_checkpoint_bar_belongs_to_the_longest_training(index: Index) -> None:
    assert index.longest() is index.models["aaaa"]
    assert Index({"experiments": []}, {}, {}).longest() is None


@pytest.mark.parametrize(("wanted", "number"), [("last", 40), (0, 0), (10, 10), (12, 10), (99, 40)])
def test_a_checkpoint_that_a_model_does_not_have_is_its_nearest(
    index: Index, wanted: int | str, number: int
) -> None:
    assert index.context(View(checkpoint=wanted)).number("aaaa") == number


def test_without_a_checkpoint_there_is_nothing_to_draw(index: Index) -> None:
    with pytest.raises(ToolError, match=r"^short has no checkpoint yet$"):
        index.context(View()).number("bbbb")


def test_a_model_s_classes_are_those_that_are_on(index: Index) -> None:
    assert index.context(View(off=("one", "of another model"))).classes("aaaa") == ["zero", "two"]
    with pytest.raises(ToolError, match="every class is switched off"):
        index.context(View(off=("zero", "one", "two"))).classes("aaaa")


def test_an_experiment_stands_for_its_models(index: Index) -> None:
    context: Context = index.context(View())
    assert context.models_of(Unit("experiment:aaaa", "experiment", "")) == ["aaaa", "bbbb"]
    assert context.models_of(Unit("bbbb/conv", "layer", "")) == ["bbbb"]


def test_models_are_called_what_people_call_them(index: Index) -> None:
    context = index.context(View())
    assert (context.title("aaaa"), context.title("bbbb")) == ("Long", "short")


def test_the_index_of_a_store_holds_what_the_store_holds(page: Any, store: Any) -> None:
    assert list(page.index.models) == [model.id for model in store.experiments[0].models]
    assert page.index.answer["store"] == store.path.name
    assert page.index.colors.keys() == page.index.models.keys()
