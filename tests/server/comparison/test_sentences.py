"""What changed, in words."""

from typing import Any

import pytest

from inspectree.server.comparison.change import Change, changes
from inspectree.server.comparison.layers import Altered, Layer, LayerChanges
from inspectree.server.comparison.sentences import sentences, value_text
from inspectree.server.comparison.wiring import Pair, Rewired


def layer(name: str, type_: str, *after: str, **settings: Any) -> Layer:
    return Layer(id=name, name=name, type=type_, settings=settings, parameters=0, shape=None, after=after)


def altered(name: str, *changed: tuple[str, Any, Any]) -> Altered:
    told = tuple(Change(key=key, before=before, after=after) for key, before, after in changed)
    return Altered(before=name, after=name, name=name, type="Dense", changes=told)


def told(*hyperparameters: Change, **changed: Any) -> list[str]:
    return list(sentences(LayerChanges(**changed), hyperparameters))


def test_a_layer_that_came_with_what_it_is_known_by() -> None:
    dropout = layer("dropout", "Dropout", "block/dense", rate=0.5, seed=3)
    assert told(added=(dropout,)) == ["+ dropout (Dropout, rate 0.5) after dense"]
    conv = layer("conv", "Conv2D", filters=8, kernel_size=[3, 3], activation="relu", padding="same")
    assert told(removed=(conv,)) == ["− conv (Conv2D, filters 8, kernel size 3×3, relu)"]
    merge = layer("add", "Add", "a", "b", "c")
    assert told(added=(merge,)) == ["+ add (Add) after a and b"]


def test_many_layers_are_counted_by_type() -> None:
    several = (*(layer(f"d{n}", "Dense") for n in range(3)), layer("a", "Add"))
    assert told(added=several) == ["+ 4 layers (3 Dense, 1 Add)"]


def test_settings_that_changed_alike_are_told_once() -> None:
    change = ("activation", "sigmoid", "relu")
    assert told(altered=(altered("a", change), altered("b", change))) == ["a, b: activation sigmoid → relu"]
    many = tuple(altered(name, ("units", 64, 128), ("parameters", 1, 2)) for name in "abcd")
    assert told(altered=many) == ["4 layers: units 64 → 128"]


def test_what_only_follows_from_other_changes_is_not_told() -> None:
    assert told(altered=(altered("a", ("output shape", [4], [8]), ("parameters", 1, 2)),)) == []


def test_of_what_was_replaced_the_parts_are_not_told() -> None:
    before = {"optimizer": {"class": "Adam", "learning_rate": 0.001, "beta_1": 0.9}}
    after = {"optimizer": {"class": "SGD", "learning_rate": 0.01}}
    assert told(*changes(before, after)) == ["optimizer Adam → SGD"]
    slower = {"optimizer": {**before["optimizer"], "learning_rate": 0.0005}}
    assert told(*changes(before, slower)) == ["learning rate 0.001 → 0.0005"]


def test_connections_and_names() -> None:
    links = (
        Rewired(change="added", source="a", target="b"),
        Rewired(change="removed", source="b", target=""),
    )
    assert told(rewired=links) == ["a → b connected", "b → output no longer connected"]
    assert told(rewired=links * 2) == ["4 connections changed"]
    assert told(renamed=(Pair(before="a", after="x/b"),)) == ["a renamed b"]
    assert told(renamed=(Pair(before="a", after="b"),) * 4) == ["4 layers renamed"]
    assert told(moved=(Pair(before="pool", after="pool"),)) == ["pool moved"]


def test_nothing_is_nothing() -> None:
    assert told() == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"), (True, "yes"), (0.0005, "0.0005"), ([3, 3], "3×3"), ([], "–"), ("same", "same"),
        ({"class": "HeNormal", "seed": 1}, "HeNormal"), ({"a": 1, "b": None}, "a 1, b –"),
    ],
)  # fmt: skip
def test_values_are_short(value: Any, text: str) -> None:
    assert value_text(value) == text


def test_nested_settings_are_compared_by_themselves() -> None:
    before = {"a": {"b": 1, "c": 2}, "d": [1], "n": float("nan")}
    assert changes(before, {"a": {"b": 1}, "d": [1, 2], "n": float("nan")}) == (
        Change(key="a.c", before=2), Change(key="d", before=[1], after=[1, 2]),
    )  # fmt: skip
