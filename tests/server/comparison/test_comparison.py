"""Two models of a store side by side."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inspectree.logger.header import Header
from inspectree.server import Store, open_store
from inspectree.server.comparison.change import Change
from inspectree.server.comparison.comparison import Comparison, changed_layers, compare
from inspectree.server.comparison.edges import edges_json
from inspectree.server.errors import UnknownUnitError

ROOT, CHILD = "aaaa0000-root", "bbbb0000-child"


@pytest.fixture
def altered(folder: Path, tmp_path: Path, write_model: Callable[..., Any]) -> Store:
    """Return the root, and a child that has a dropout of its own and fewer epochs."""
    write_model(tmp_path, Header(id="root", name="root"))
    graph = open_store(folder)["root"].architecture
    dropout = graph.by_id["flatten"].model_copy(
        update={"id": "drop", "name": "drop", "type": "Dropout", "config": {"rate": 0.5}}
    )
    (last,) = (edge for edge in graph.edges if edge.target == "dense")
    edges = (
        *(edge for edge in graph.edges if edge is not last),
        last.model_copy(update={"target": "drop"}),
        last.model_copy(update={"source": "drop"}),
    )
    larger = graph.model_copy(update={"nodes": (*graph.nodes, dropout), "edges": edges})
    write_model(tmp_path, Header(id="child", name="child", parents=("root",)), (0, 1), graph=larger)
    return open_store(tmp_path)


def test_what_changed_from_a_parent_to_its_child(altered: Store) -> None:
    found = compare(altered["root"], altered["child"])
    assert (found.before.id, found.after.label) == ("root", "child")
    assert found.summary == ("+ drop (Dropout, rate 0.5) after flatten",)
    assert found.hyperparameters == ()
    sizes = {change.key: (change.before, change.after) for change in found.sizes}
    assert (sizes["layers"], sizes["epochs"], sizes["parameters"]) == ((3, 4), (3, 1), (119, 119))
    last = {metric.name: metric for metric in found.metrics if metric.when == "last"}
    assert (last["loss"].before, last["loss"].after) == (1 / 3, 1.0)
    assert last["loss"].difference == pytest.approx(2 / 3)
    assert (found.same_classes, found.same_samples) == (True, True)


def test_a_model_is_the_same_as_itself(store: Store) -> None:
    found = compare(store["root"], store["root"])
    assert found.layers.is_empty
    assert found.summary == found.hyperparameters == found.circumstances == ()
    assert all(change.before == change.after for change in found.sizes)
    assert all(metric.difference == 0 for metric in found.metrics)


def test_backwards_every_change_is_the_other_way_round(altered: Store) -> None:
    there, back = (compare(altered[a], altered[b]) for a, b in (("root", "child"), ("child", "root")))
    assert there.layers.added == back.layers.removed
    assert back.sizes == tuple(Change(key=c.key, before=c.after, after=c.before) for c in there.sizes)


def test_it_survives_json(altered: Store) -> None:
    found = compare(altered["root"], altered["child"])
    assert Comparison.model_validate_json(found.model_dump_json()) == found


def test_hyperparameters_and_circumstances_are_told_apart(store: Store, monkeypatch: Any) -> None:
    a, b = store["root"], store["child"]
    given = {"batch_size": 32, "host": "one", "parameters": 5, "optimizer": {"class": "Adam", "beta": 0.9}}
    other = {"batch_size": 64, "host": "two", "parameters": 6, "optimizer": {"class": "Adam", "beta": 0.5}}
    values = {a.id: given, b.id: other}
    monkeypatch.setattr(type(a), "hyperparameters", property(lambda model: values[model.id]))
    found = compare(a, b)
    assert [change.key for change in found.hyperparameters] == ["batch_size", "optimizer.beta"]
    assert [change.key for change in found.circumstances] == ["host"]
    assert found.summary == ("batch size 32 → 64", "beta 0.9 → 0.5")


def test_the_layers_are_compared_once(store: Store) -> None:
    a, b = store["root"], store["child"]
    assert changed_layers(a, b) is changed_layers(a, b)


def test_the_edges_of_an_experiment(altered: Store) -> None:
    answer = edges_json(altered.catalog, "experiment:root")
    assert json.loads(answer) == {
        "edges": [
            {
                "parent": "root", "child": "child",
                "summary": ["+ drop (Dropout, rate 0.5) after flatten"],
                "added": 1, "removed": 0, "altered": 0, "renamed": 0, "rewired": 0, "hyperparameters": 0,
            }
        ]
    }  # fmt: skip
    assert edges_json(altered.catalog, "experiment:root") is answer
    assert json.loads(edges_json(altered.catalog)) == json.loads(answer)


def test_an_unknown_experiment_is_refused(store: Store) -> None:
    with pytest.raises(UnknownUnitError) as error:
        edges_json(store.catalog, "experiment:none")
    assert str(error.value).startswith("there is no experiment 'experiment:none'; the nearest is")
