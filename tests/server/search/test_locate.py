"""Where units and patterns are in a store, and how many."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from inspectree.logger.architecture.model_graph import ModelGraph, Node
from inspectree.logger.header import Header
from inspectree.server import Store, open_store
from inspectree.server.errors import RequestError, UnknownUnitError
from inspectree.server.search.locate import locate, locate_json

ROOT, CHILD = "aaaa0000-root", "bbbb0000-child"

Graph = Callable[..., ModelGraph]
Make = Callable[..., Node]
Write = Callable[..., object]


@pytest.fixture
def nested(tmp_path: Path, write_model: Write, node: Make, graph: Graph) -> Store:
    """Return a model whose layer ``block`` holds a skip, and one whose parts are known without links."""
    nodes = [
        node("image", "InputLayer", kind="input"),
        node("block", "Functional"),
        node("block/a", "Dense", parent="block"),
        node("block/+", "Add", parent="block"),
        node("out", "Dense"),
    ]
    edges = "image>block block>block/a block>block/+ block/a>block/+ block/+>block block>out"
    lost = [node("a", "Mine", inside="opaque"), node("a/b", "Dense", parent="a"), node("c", "Dense")]
    write_model(tmp_path, Header(id="nested", name="nested"), (), graph=graph(nodes, edges, "out"))
    write_model(tmp_path, Header(id="lost", name="lost"), (), graph=graph(lost, ""))
    return open_store(tmp_path)


def test_counts_reach_every_ancestor(store: Store) -> None:
    kernels = locate(store.catalog).types["kernel"]
    assert (kernels.label, kernels.family, kernels.total) == ("Kernels", "variables", 4)
    assert kernels.units[:2] == (f"{ROOT}/conv/kernel", f"{ROOT}/dense/kernel")
    assert kernels.counts == {
        f"experiment:{ROOT}": 4,
        ROOT: 2, f"{ROOT}/conv": 1, f"{ROOT}/dense": 1,
        CHILD: 2, f"{CHILD}/conv": 1, f"{CHILD}/dense": 1,
    }  # fmt: skip
    operations = locate(store.catalog, ["operation:conv2d"]).types["operation:conv2d"]
    assert operations.counts == {
        f"experiment:{ROOT}": 2, ROOT: 1, f"{ROOT}/conv": 1, CHILD: 1, f"{CHILD}/conv": 1
    }  # fmt: skip


def test_a_pattern_inside_a_layer_is_counted_for_it_and_tells_its_members(nested: Store) -> None:
    skips = locate(nested.catalog, patterns=["skip_connection"]).patterns["skip_connection"]
    assert skips.counts == {"experiment:nested": 1, "nested": 1, "nested/block": 1}
    (group,) = skips.groups
    assert (group.at, group.begins, group.ends) == ("nested/block/+", "nested/block", "nested/block/+")
    assert group.members == ("nested/block/a", "nested/block/+")
    assert skips.units == ("nested/block/+",)
    assert skips.description.startswith("Find where an output skips layers")


def test_where_no_flow_is_known_is_told(nested: Store) -> None:
    gaps = {gap.uoa: gap.what for gap in locate(nested.catalog).without_graph}
    assert gaps == {
        "lost": "its call could not be followed: the data flow between its layers is not known",
        "lost/a": "its call could not be followed: the data flow between its parts is not known",
    }


def test_everything_is_all_that_there_is_and_a_name_is_answered_in_any_case(store: Store) -> None:
    everything = locate(store.catalog)
    assert "attention" not in everything.types
    assert everything.patterns == {}
    named = locate(store.catalog, ["attention"])
    assert list(named.types) == ["attention"]
    assert named.types["attention"].total == 0
    assert locate(store.catalog, patterns=["u_shape"]).types == {}


def test_only_some_models(store: Store) -> None:
    found = locate(store.catalog, ["dense"], models=["child"]).types["dense"]
    assert (found.units, found.counts) == ((f"{CHILD}/dense",), {f"experiment:{ROOT}": 1, CHILD: 1})
    with pytest.raises(UnknownUnitError, match="there is no model 'nobody'"):
        locate(store.catalog, models=["nobody"])


def test_a_brief_answer_only_counts(nested: Store) -> None:
    whole, brief = locate(nested.catalog), locate(nested.catalog, brief=True)
    assert {name: found.total for name, found in brief.types.items()} == {
        name: found.total for name, found in whole.types.items()
    }
    assert not any(found.units or found.counts for found in (*brief.types.values(), *brief.patterns.values()))
    assert brief.patterns["residual_block"].groups == ()


def test_as_json_it_is_the_same_and_made_once(store: Store) -> None:
    everything = locate_json(store.catalog)
    assert json.loads(everything) == locate(store.catalog).model_dump(mode="json")
    assert locate_json(store.catalog) is everything
    some = json.loads(locate_json(store.catalog, ["kernel"]))
    assert some == locate(store.catalog, ["kernel"]).model_dump(mode="json")
    assert json.loads(locate_json(store.catalog, brief=True)) == locate(store.catalog, brief=True).model_dump(
        mode="json"
    )


def test_an_unknown_name_is_refused(store: Store) -> None:
    with pytest.raises(RequestError) as error:
        locate(store.catalog, ["kernels"])
    assert str(error.value).startswith("there is no unit type 'kernels'; the nearest are kernel")
    with pytest.raises(
        RequestError, match="there is no pattern 'skip_conection'; the nearest is skip_connection"
    ):
        locate(store.catalog, patterns=["skip_conection"])
