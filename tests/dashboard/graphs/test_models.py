"""L3: what is drawn of the tree of models."""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest

from inspectree.dashboard.graphs.drawing import Drawing
from inspectree.dashboard.graphs.models import draw_models, experiment_unit, model_unit, told_changes

Json = dict[str, Any]
Make = Callable[..., Json]


@pytest.fixture
def experiments(model: Make) -> list[Json]:
    """Return root → wide, skip → both; and a model by itself."""
    tree = [
        model("root", label="The root", layer_types=["Flatten", "Dense"]),
        model("wide", ("root",), trainable_parameters=200, parameters=200),
        model("skip", ("root",), layer_types=["Flatten", "Dense", "Add", "Add"]),
        model("both", ("wide", "skip"), trainable_parameters=150),
    ]
    return [
        {"id": "experiment:root", "label": "The root", "models": tree},
        {"id": "experiment:alone", "label": "alone", "models": [model("alone")]},
    ]


def change(parent: str, child: str, *summary: str, **counts: int) -> Json:
    """Return what the server tells of an edge."""
    none = dict.fromkeys(("added", "removed", "altered", "renamed", "rewired", "hyperparameters"), 0)
    return {"parent": parent, "child": child, "summary": list(summary), **none, **counts}


CHANGES = [
    change("root", "wide", "learning rate 0.1 → 0.2", "seed 1 → 2", hyperparameters=2),
    change("root", "skip", "+ add (Add) after a", "− b (Dense)", added=1, removed=1, altered=3),
    change("wide", "both", *(f"sentence {number}" for number in range(12)), rewired=1),
    change("skip", "both"),
]


@pytest.fixture
def drawing(experiments: list[Json], fitting: Any) -> Drawing:
    colors = {model["id"]: "red" for experiment in experiments for model in experiment["models"]}
    return draw_models(experiments, colors, fitting)


@pytest.fixture
def told(experiments: list[Json]) -> dict[str, Json]:
    models = {model["id"]: model for experiment in experiments for model in experiment["models"]}
    return told_changes(models, CHANGES)


def test_children_stand_to_the_right_of_all_their_parents(drawing: Drawing) -> None:
    boxes = {box["uoa"]: box for box in drawing["nodes"]}
    assert list(boxes) == ["root", "wide", "skip", "both", "alone"]
    for line in drawing["edges"]:
        assert boxes[line["source"]]["x"] + boxes[line["source"]]["w"] < boxes[line["target"]]["x"]
    assert boxes["wide"]["x"] == boxes["skip"]["x"]
    links = [(line["source"], line["target"]) for line in drawing["edges"]]
    assert links == [("root", "wide"), ("root", "skip"), ("wide", "both"), ("skip", "both")]


def test_boxes_do_not_overlap_and_each_lies_in_its_experiment_s_frame(drawing: Drawing) -> None:
    for a, b in combinations(drawing["nodes"], 2):
        assert abs(a["x"] - b["x"]) >= a["w"] or abs(a["y"] - b["y"]) >= a["h"]
    tree, alone = drawing["frames"]
    assert tree["y"] + tree["h"] < alone["y"]
    for box in drawing["nodes"]:
        frame = alone if box["uoa"] == "alone" else tree
        assert frame["x"] < box["x"] - box["w"] / 2 < box["x"] + box["w"] / 2 < frame["x"] + frame["w"]
        assert frame["y"] < box["y"] - box["h"] / 2 < box["y"] + box["h"] / 2 < frame["y"] + frame["h"]


def test_an_edge_s_width_is_the_share_of_parameters_that_changed(drawing: Drawing) -> None:
    """From 1.6 for none: 100 more than 100 is half of what is there then; 50 less than 200 is a quarter."""
    told = {line["target"]: (line["width"], line["label"]) for line in drawing["edges"][:3]}
    assert told == {"wide": (4.8, "+100"), "skip": (1.6, "±0"), "both": (3.2, "-50")}


def test_an_edge_tells_what_changed(told: dict[str, Json]) -> None:
    assert told["root skip"]["tip"].splitlines() == [
        "The root → skip", "trainable parameters 100 → 100 (+0)", "+ add (Add) after a", "− b (Dense)",
    ]  # fmt: skip
    assert told["wide both"]["tip"].splitlines()[-2:] == ["sentence 9", "… and 2 more"]


def test_below_an_edge_is_how_much_changed(told: dict[str, Json]) -> None:
    assert {edge: each["note"] for edge, each in told.items()} == {
        "root wide": "2 settings",
        "root skip": "+1 −1 ~3",
        "wide both": "rewired",
        "skip both": "",
    }


def test_an_edge_is_drawn_before_models_are_compared(drawing: Drawing) -> None:
    edge = drawing["edges"][1]
    assert "note" not in edge
    assert edge["tip"].splitlines() == ["The root → skip", "trainable parameters 100 → 100 (+0)"]


def test_a_change_of_a_model_that_is_not_known_yet_is_left_out() -> None:
    """A child may have come between the two questions to the server."""
    assert told_changes({}, CHANGES) == {}


def test_the_best_metric_of_both_is_compared(model: Make, fitting: Any) -> None:
    parent = model("aaaa", best={"checkpoint": 1, "metrics": {"loss": 0.5, "val_accuracy": 0.9}})
    child = model("bbbb", ("aaaa",), best={"checkpoint": 1, "metrics": {"val_accuracy": 0.95}})
    experiment = {"id": "experiment:aaaa", "label": "", "models": [parent, child]}
    drawing = draw_models([experiment], {"aaaa": "red", "bbbb": "red"}, fitting)
    assert drawing["edges"][0]["tip"].endswith("best val_accuracy 0.900 → 0.950")
    assert drawing["nodes"][0]["more"]["metric"] == {"name": "val_accuracy", "text": "0.900"}


def test_a_metric_that_is_no_number_is_told_as_it_is(model: Make, fitting: Any) -> None:
    lost = model("aaaa", best={"checkpoint": 1, "metrics": {"loss": "NaN"}})
    drawing = draw_models([{"id": "e", "label": "", "models": [lost]}], {"aaaa": "red"}, fitting)
    assert drawing["nodes"][0]["more"]["metric"] == {"name": "loss", "text": "NaN"}


def test_a_box_tells_state_error_and_missing_parents(model: Make, fitting: Any) -> None:
    broken = model("aaaa", state="failed", error="ValueError: no", missing_parents=["gone"], notes="Try 2.")
    drawing = draw_models([{"id": "e", "label": "", "models": [broken]}], {"aaaa": "red"}, fitting)
    assert drawing["nodes"][0]["tip"].splitlines() == [
        "aaaa · failed", "ValueError: no", "100 trainable parameters · 2 checkpoints",
        "parents not in this store: gone", "Try 2.",
    ]  # fmt: skip


def test_a_long_model_s_picture_is_cut_and_says_so(model: Make, fitting: Any) -> None:
    deep = model("aaaa", layer_types=["Dense"] * 100)
    drawing = draw_models([{"id": "e", "label": "", "models": [deep]}], {"aaaa": "red"}, fitting)
    more = drawing["nodes"][0]["more"]
    assert set(more["picture"]) == {"dense"}
    assert len(more["picture"]) + more["further"] == 100
    assert more["further"] > 0


def test_units_have_the_names_that_people_see(model: Make, experiments: list[Json]) -> None:
    assert model_unit(model("aaaa", label="Nice")).name == "Nice"
    assert model_unit(model("aaaa")).name == "aaaa"
    unit = experiment_unit(experiments[0])
    assert (unit.uoa, unit.kind, unit.level) == ("experiment:root", "experiment", "L3")


def test_no_model_is_an_empty_drawing(fitting: Any) -> None:
    drawing = draw_models([], {}, fitting)
    assert drawing["nodes"] == drawing["edges"] == drawing["frames"] == []
