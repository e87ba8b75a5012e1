"""Layer sequences: what is counted, how it is smoothed, and what is shipped."""

from collections import Counter
from itertools import pairwise
from math import log2
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectree.logger.architecture.model_graph import Edge, ModelGraph, Node
from inspectree.logger.header import Header
from inspectree.server import Store, open_store
from inspectree.server.interestingness.asking import Question, interestingness
from inspectree.server.interestingness.sequences.counts import Sequences
from inspectree.server.interestingness.sequences.learned import FILE, decode, encode, learned
from inspectree.server.interestingness.sequences.words import Path as Steps
from inspectree.server.interestingness.sequences.words import count, paths, word


def node(id_: str, type_: str, parent: str | None = None, **config: Any) -> Node:
    kind: Any = "input" if type_ == "InputLayer" else "operation" if type_.islower() else "layer"
    return Node(id=id_, kind=kind, type=type_, name=id_, parent=parent, config=config)


def graph(nodes: list[Node], *edges: tuple[str, str]) -> ModelGraph:
    joined = tuple(Edge(source=a, target=b) for a, b in edges)
    return ModelGraph(name="m", type="Functional", framework="keras", nodes=tuple(nodes), edges=joined)


@pytest.mark.parametrize(
    ("type_", "config", "expected"),
    [
        ("Dense", {"activation": "relu"}, "Dense relu"),
        ("Dense", {"activation": "linear"}, "Dense"),
        ("Conv2D", {}, "Conv2D"),
        ("Conv2D", {"activation": {"class": "LeakyReLU", "negative_slope": 0.1}}, "Conv2D leakyrelu"),
        ("Activation", {"activation": "relu"}, "relu"),
        ("ReLU", {"max_value": 6.0}, "relu"),
        ("InputLayer", {}, "Input"),
    ],
)
def test_a_word_is_the_type_with_the_activation(type_: str, config: dict[str, Any], expected: str) -> None:
    assert word(node("a", type_, **config)) == expected


def test_paths_follow_the_edges_of_the_graph() -> None:
    """A skip connection leads to the addition on two ways; operations are no layers."""
    nodes = [
        node("in", "InputLayer"),
        node("a", "Conv2D"),
        node("a/conv", "conv", "a"),
        node("b", "Conv2D", activation="relu"),
        node("sum", "Add"),
        node("lost", "Dense"),
    ]
    edges = [("in", "a"), ("a", "b"), ("a", "sum"), ("b", "sum"), ("a", "a/conv"), ("a/kernel", "a/conv")]
    leading = paths(graph(nodes, *edges))
    assert leading == {
        "a": [Steps("", "Input", "Conv2D")],
        "b": [Steps("Input", "Conv2D", "Conv2D relu")],
        "sum": [Steps("Input", "Conv2D", "Add"), Steps("Conv2D", "Conv2D relu", "Add")],
    }
    assert count(leading).total() == 4


def test_a_model_that_repeats_itself_counts_once() -> None:
    ids = ["in", "a", "b", "c", "d"]
    nodes = [node("in", "InputLayer"), *(node(each, "Dense") for each in ids[1:])]
    assert count(paths(graph(nodes, *pairwise(ids)))) == {
        Steps("", "Input", "Dense"): 1,
        Steps("Input", "Dense", "Dense"): 1,
        Steps("Dense", "Dense", "Dense"): 1,
    }


def test_what_is_inside_a_group_begins_with_its_input() -> None:
    nodes = [
        node("in", "InputLayer"),
        node("block", "Functional"),
        node("block/a", "Conv2D", "block"),
        node("block/b", "Add", "block"),
        node("out", "Dense"),
    ]
    edges = [
        ("in", "block"),
        ("block", "block/a"),
        ("block/a", "block/b"),
        ("block/b", "block"),
        ("block", "out"),
    ]
    assert paths(graph(nodes, *edges)) == {
        "block": [Steps("", "Input", "Functional")],
        "block/a": [Steps("", "Input", "Conv2D")],
        "block/b": [Steps("Input", "Conv2D", "Add")],
        "out": [Steps("Input", "Functional", "Dense")],
    }


SEEN = Sequences({Steps("I", "A", "B"): 3, Steps("I", "A", "C"): 1, Steps("A", "B", "C"): 4})


def test_probabilities_by_hand() -> None:
    """Of eight words B was three and C five; two words are known, so a new one has a third of the rest."""
    nothing = 1 / 3
    b = (3 + 2 * nothing) / (8 + 2)
    assert SEEN.probability("B") == pytest.approx(b)
    after_a = (3 + 2 * b) / (4 + 2)
    assert SEEN.probability("B", "A") == pytest.approx(after_a)
    assert SEEN.probability("B", "I", "A") == pytest.approx((3 + 2 * after_a) / (4 + 2))
    assert SEEN.probability("B", "X", "A") == pytest.approx(after_a), (
        "a history that was not seen tells nothing"
    )
    assert SEEN.surprisal(Steps("X", "A", "B")) == pytest.approx(-log2(after_a))
    assert 0 < SEEN.probability("never", "I", "A") < SEEN.probability("C", "I", "A")


def test_the_usual_is_the_most_probable() -> None:
    assert SEEN.usual(Steps("I", "A", "C")) == Steps("I", "A", "B")
    assert SEEN.usual(Steps("X", "A", "C")) == Steps("X", "A", "B")
    assert SEEN.usual(Steps("X", "X", "B")) == Steps("X", "X", "C")
    assert Sequences({}).usual(Steps("X", "X", "B")) == Steps("X", "X", "B")
    assert Sequences({}).surprisal(Steps("X", "X", "B")) == 0


WORDS = st.sampled_from("ABCD")


@given(st.dictionaries(st.builds(Steps, WORDS, WORDS, WORDS), st.integers(1, 9), max_size=12), WORDS, WORDS)
def test_probabilities_add_up_to_1(counts: dict[Steps, int], before: str, previous: str) -> None:
    """With one new word besides those that are known."""
    known = Sequences(counts)
    total = sum(known.probability(each, before, previous) for each in [*known.words, "new"])
    assert total == pytest.approx(1)
    path = Steps(before, previous, "A")
    assert (
        known.surprisal(known.usual(path))
        <= min((known.surprisal(path._replace(word=each)) for each in known.words), default=9) + 1e-9
    )


def test_without_its_own_paths_a_model_does_not_explain_itself() -> None:
    own = Counter({Steps("I", "A", "B"): 3})
    assert SEEN.without(own).probability("B", "I", "A") < SEEN.probability("B", "I", "A")
    assert SEEN.counts[Steps("I", "A", "B")] == 3


def test_what_is_shipped_is_small_and_survives_writing() -> None:
    known = learned()
    assert len(known.architectures) == 40
    assert known.keras.split(".")[0] == "3"
    text = encode(known)
    assert decode(text) == known
    assert len(text) < 50_000
    file = Path(__file__).parents[3] / "server/interestingness/sequences" / FILE
    assert file.read_bytes() == text


def test_what_was_learned_is_what_one_finds_in_the_architectures() -> None:
    known = Sequences(learned().counts)
    after = {each: known.probability(each, "Conv2D", "BatchNormalization") for each in known.words}
    assert sorted(after, key=lambda each: -after[each])[:4] == ["Add", "relu", "Conv2D", "silu"]
    assert known.probability("BatchNormalization", "Conv2D") > 0.5
    assert known.surprisal(Steps("Dense relu", "Dense relu", "Dense softmax")) < 2
    assert known.surprisal(Steps("Input", "Dense softmax", "Conv2D relu")) > 6


def test_a_small_architecture_is_counted_as_it_is_shipped() -> None:
    """VGG16 is a chain: what `scripts/layer_sequences.py` has learned of it is in the file."""
    import keras

    model = keras.applications.VGG16(weights=None, input_shape=(32, 32, 3), classes=3)
    types = [word(node(layer.name, type(layer).__name__, **activation_of(layer))) for layer in model.layers]
    for before, after in pairwise(pairwise(types)):
        assert learned().counts[Steps(*before, after[1])] >= 1


def activation_of(layer: Any) -> dict[str, Any]:
    function = getattr(layer, "activation", None)
    return {} if function is None else {"activation": function.__name__}


@pytest.fixture
def architectures(tmp_path: Path, write_model: Any) -> Store:
    """Return a store with a usual network, one with a softmax where it does not belong, and another such."""
    start = ["Conv2D", "BatchNormalization", "ReLU"]
    chains = {
        "usual": [*start, "GlobalAveragePooling2D"],
        "odd": [*start, "Softmax", "GlobalAveragePooling2D"],
        "again": [*start, "Softmax"],
    }
    for name, types in chains.items():
        nodes = [node("in", "InputLayer"), *(node(f"{n}", type_) for n, type_ in enumerate(types))]
        edges = pairwise([each.id for each in nodes])
        write_model(tmp_path, Header(id=f"{name}-0000", name=name), (), graph=graph(nodes, *edges))
    return open_store(tmp_path)


def succession(store: Store, *models: str) -> dict[str, dict[str, Any]]:
    answer = interestingness(store.catalog, Question(measure="succession", models=models))
    return {score["uoa"]: score for score in answer["scores"]}


def test_the_layer_that_does_not_belong_there_is_the_most_interesting(architectures: Store) -> None:
    found = succession(architectures)
    layers = [score for score in found.values() if score["level"] == "layer"]
    most = max(layers, key=lambda score: (score["score"], score["deviation"]))
    assert most["uoa"] == "odd-0000/3"
    assert found["odd-0000"]["score"] == 1
    assert "after BatchNormalization → relu mostly Conv2D (" in most["against"]
    assert most["deviation"] == pytest.approx(most["raw"] - most["baseline"])


def test_the_other_models_of_the_store_teach(architectures: Store, tmp_path: Path) -> None:
    """A softmax after a ReLU is less surprising where another model has one, too."""
    alone = succession(architectures)["odd-0000/3"]["raw"]
    for folder in (tmp_path / "models/again-0000").rglob("*.h5"):
        folder.unlink()
    without = succession(open_store(tmp_path))["odd-0000/3"]["raw"]
    assert alone < without - 1


def test_models_without_layers_or_checkpoints_answer(tmp_path: Path, write_model: Any) -> None:
    write_model(tmp_path, Header(id="empty-0000", name="empty"), (), graph=graph([node("in", "InputLayer")]))
    write_model(tmp_path, Header(id="loose-0000", name="loose"), (), graph=graph([node("a", "Dense")]))
    answer = interestingness(open_store(tmp_path).catalog, Question(measure="succession"))
    assert answer["scores"] == []
    assert [each["first"] for each in answer["unscored"]] == ["loose-0000/a"]
