"""Structural patterns: in graphs written by hand, then in models of Keras whose structure is known."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectree.logger.architecture.model_graph import ModelGraph, Node
from inspectree.server.search.pattern import Group
from inspectree.server.search.patterns import PATTERNS, found

DOCUMENT = Path(__file__).parents[3] / "docs/search.md"

Graph = Callable[..., ModelGraph]
Make = Callable[..., Node]


@pytest.fixture
def drawn(node: Make, graph: Graph) -> Callable[..., dict[str, tuple[Group, ...]]]:
    """Return the patterns in a graph of dense layers ``a b c d e`` and what else is given by its type."""

    def look(edges: str, *outputs: str, **types: str) -> dict[str, tuple[Group, ...]]:
        names = dict.fromkeys(part for edge in edges.split() for part in edge.split(">"))
        symbols = {"+": "Add", "*": "Concatenate", "&": "Add"}
        nodes = [
            node(name, types.get(name) or symbols.get(name, "Dense")) for name in sorted(names, key=_call)
        ]
        return {name: groups for name, groups in found(graph(nodes, edges, *outputs)).items() if groups}

    return look


def _call(name: str) -> str:
    """Return in which order nodes are called: by the alphabet, joins where their first letter would be."""
    return {"+": "d", "*": "d", "&": "g"}.get(name, name)


def ends(groups: tuple[Group, ...]) -> list[tuple[str, str]]:
    return [(group.begins, group.ends) for group in groups]


def test_a_chain_has_neither_skips_nor_branches(drawn: Any) -> None:
    assert drawn("a>b b>c c>e", "e").keys() == {"repeated_block"}


def test_a_skip_is_told_from_where_the_ways_part_to_where_they_meet(drawn: Any) -> None:
    look = drawn("a>b b>c a>+ c>+ +>e", "e")
    (skip,) = look["skip_connection"]
    assert (skip.at, skip.begins, skip.ends, skip.members) == ("+", "a", "+", ("a", "b", "c", "+"))
    assert look["residual_block"] == look["skip_connection"]
    assert "multi_branch" not in look


def test_a_skip_that_is_put_beside_is_no_residual_block(drawn: Any) -> None:
    look = drawn("a>b b>c a>* c>* *>e", "e")
    assert ends(look["skip_connection"]) == [("a", "*")]
    assert "residual_block" not in look


def test_a_projection_may_be_added_but_not_an_activation(drawn: Any) -> None:
    projected = drawn("a>b a>c b>ba c>+ ba>+", "+")
    assert ends(projected["residual_block"]) == [("a", "+")]
    curved = drawn("a>b a>c b>ba c>ca ca>+ ba>+", "+", ca="ReLU")
    assert "residual_block" not in curved
    assert ends(curved["multi_branch"]) == [("a", "+")]


def test_equal_branches_are_branches(drawn: Any) -> None:
    look = drawn("a>b a>c b>* c>*", "*")
    assert ends(look["multi_branch"]) == [("a", "*")]
    assert "skip_connection" not in look


def test_branches_that_share_all_weights_are_none(drawn: Any) -> None:
    look = drawn("a>b b>c c>* b>ba ba>* ", "*", c="ReLU", ba="Softmax")
    assert look.keys().isdisjoint({"multi_branch", "skip_connection"})


def test_two_inputs_have_not_parted(drawn: Any) -> None:
    assert drawn("a>b c>ca b>+ ca>+", "+").keys().isdisjoint({"skip_connection", "multi_branch"})


def test_of_two_inputs_and_a_skip_the_skip_is_found(drawn: Any) -> None:
    assert ends(drawn("a>b a>* b>* c>*", "*")["skip_connection"]) == [("a", "*")]


def test_twice_the_same_input_is_no_skip(drawn: Any) -> None:
    assert drawn("a>+ a>+", "+") == {}


def test_one_skip_after_another(drawn: Any) -> None:
    assert ends(drawn("a>b a>+ b>+ +>f f>& +>&", "&")["residual_block"]) == [("a", "+"), ("+", "&")]


def test_a_skip_from_the_input_of_the_layer_around_it(node: Make, graph: Graph) -> None:
    nodes = [
        node("block", "Block"), node("block/b", "Dense", parent="block"),
        node("block/+", "Add", parent="block", kind="operation"),
    ]  # fmt: skip
    look = found(graph(nodes, "block>block/b block>block/+ block/b>block/+ block/+>block", "block"))
    (skip,) = look["residual_block"]
    assert (skip.begins, skip.ends, skip.members) == ("block", "block/+", ("block/b", "block/+"))


def chain(node: Make, graph: Graph, *layers: tuple[Any, ...]) -> ModelGraph:
    """Return layers in a row, each a type and a shape."""
    names = [f"l{number}" for number in range(len(layers))]
    nodes = [node(name, type_, *shape) for name, (type_, *shape) in zip(names, layers, strict=True)]
    edges = " ".join(f"{a}>{b}" for a, b in pairwise(names))
    return graph(nodes, edges, names[-1])


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ([64, 32, 8, 32, 64], [("l0", "l4")]),
        ([64, 8, 64], [("l0", "l2")]),
        ([64, 32, 8, 10], []),
        ([64, 60, 58, 62, 64], []),
        ([64, 8, 12], []),
        ([8, 64, 8], []),
        ([64, 8, 64, 8, 64], [("l0", "l2"), ("l2", "l4")]),
    ],
)  # fmt: skip
def test_an_hourglass_of_units(node: Make, graph: Graph, layers: list[int], expected: list[Any]) -> None:
    """By 1.5 at least, and back to a quarter; one hourglass may end where the next begins."""
    groups = found(chain(node, graph, *(("Dense", size) for size in layers)))["encoder_decoder"]
    assert ends(groups) == expected


def test_an_hourglass_over_positions_by_way_of_a_vector(node: Make, graph: Graph) -> None:
    layers = [
        ("InputLayer", 8, 8, 1), ("Conv", 8, 8, 4), ("Conv", 4, 4, 8), ("Flatten", 128), ("Dense", 6),
        ("Dense", 128), ("Reshape", 4, 4, 8), ("UpSampling2D", 8, 8, 8), ("Conv", 8, 8, 1),
    ]  # fmt: skip
    (group,) = found(chain(node, graph, *layers))["encoder_decoder"]
    assert (group.begins, group.ends, len(group.members)) == ("l0", "l8", 9)


def test_a_classifier_whose_last_layers_are_wide_is_no_hourglass(node: Make, graph: Graph) -> None:
    layers = [("Conv", 8, 8, 4), ("Conv", 2, 2, 8), ("Flatten", 32), ("Dense", 256), ("Dense", 10)]
    assert found(chain(node, graph, *layers))["encoder_decoder"] == ()


@pytest.mark.parametrize(
    ("widths", "expected"),
    [
        ([64, 16, 64], [("l1", "l2", 2)]),
        ([64, 16, 16, 64], [("l1", "l3", 3)]),
        ([64, 33, 64], []),
        ([64, 32, 63], []),
        ([64, 16, 8, 64], [("l2", "l3", 2)]),
        ([16, 64], []),
    ],
)
def test_a_bottleneck_is_at_most_half_as_wide_as_its_neighbours(
    node: Make, graph: Graph, widths: list[int], expected: list[Any]
) -> None:
    groups = found(chain(node, graph, *(("Dense", width) for width in widths)))["bottleneck"]
    assert [(group.begins, group.ends, len(group.members)) for group in groups] == expected


def test_what_is_put_beside_others_widens_nothing(node: Make, graph: Graph) -> None:
    nodes = [
        node("a", "Dense", 64),
        node("b", "Dense", 8),
        node("*", "Concatenate", 72),
        node("c", "Dense", 64),
    ]
    assert found(graph(nodes, "a>b b>* a>* *>c", "c"))["bottleneck"] == ()


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (["Dense", "ReLU", "Softmax"], [("l1", "l2")]),
        (["ReLU", "Dropout", "Flatten", "ReLU"], [("l0", "l3")]),
        (["ReLU", "Dense", "ReLU"], []),
        (["ReLU", "ReLU", "ReLU"], [("l0", "l1"), ("l1", "l2")]),
        (["Dense", "ReLU", "MaxPooling2D"], []),
    ],
)
def test_two_activations_in_a_row(
    node: Make, graph: Graph, types: list[str], expected: list[tuple[str, str]]
) -> None:
    assert ends(found(chain(node, graph, *((type_,) for type_ in types)))["double_activation"]) == expected


def test_an_activation_after_a_layer_that_has_one(node: Make, graph: Graph) -> None:
    scale = {"variables": (node("x", "Dense").variables[0].model_copy(update={"shape": (4,)}),)}
    curved = node("a", "Dense", config={"activation": "relu"})
    look = [node("n", "BatchNormalization", **scale), node("s", "Activation", config={"activation": "tanh"})]
    assert ends(found(graph([curved, look[1]], "a>s", "s"))["double_activation"]) == [("a", "s")]
    assert found(graph([curved, *look], "a>n n>s", "s"))["double_activation"] == ()


def test_a_layer_whose_output_nothing_uses_is_a_dead_end(drawn: Any) -> None:
    assert ends(drawn("a>b a>c", "b")["dead_end"]) == [("c", "c")]
    assert "dead_end" not in drawn("a>b a>c", "b", "c")


def test_where_no_flow_is_known_nothing_is_a_dead_end(node: Make, graph: Graph) -> None:
    assert found(graph([node("a", "Dense"), node("b", "Dense")], ""))["dead_end"] == ()


def repeats(node: Make, graph: Graph, letters: str) -> list[tuple[str, int]]:
    """Return which letters repeat how often; each is a type of its own."""
    architecture = chain(node, graph, *((f"{letter}Dense",) for letter in letters))
    heavy = {"variables": node("x", "Dense").variables}
    nodes = tuple(each.model_copy(update=heavy) for each in architecture.nodes)
    groups = found(architecture.model_copy(update={"nodes": nodes}))["repeated_block"]
    return [
        (
            "".join(letters[int(m[1:])] for m in group.members[: len(group.members) // group.times]),
            group.times,
        )
        for group in groups
    ]


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("iabo", []),
        ("iababo", [("ab", 2)]),
        ("iaaao", [("a", 3)]),
        ("iabababo", [("ab", 3)]),
        ("iccpccpcccpcccpo", [("ccp", 2), ("cccp", 2)]),
        ("iabcabcdededeo", [("abc", 2), ("de", 3)]),
    ],
)
def test_the_same_sequence_in_a_row_is_a_repeated_block(
    node: Make, graph: Graph, letters: str, expected: list[tuple[str, int]]
) -> None:
    assert repeats(node, graph, letters) == expected


@given(block=st.permutations("abcd").map("".join), times=st.integers(2, 6))
def test_a_block_is_found_as_often_as_it_comes(node: Make, graph: Graph, block: str, times: int) -> None:
    assert repeats(node, graph, f"x{block * times}y") == [(block, times)]


def test_a_repetition_may_have_other_sizes_but_no_other_settings(node: Make, graph: Graph) -> None:
    def blocks(second: dict[str, Any]) -> int:
        first = {"units": 8, "activation": "relu"}
        nodes = [
            node("i", "InputLayer"),
            node("a", "Dense", config=first),
            node("b", "Dense", 9, config={**first, **second}),
        ]
        return len(found(graph(nodes, "i>a a>b", "b"))["repeated_block"])

    assert (blocks({"units": 9}), blocks({"activation": "tanh"})) == (1, 0)


def test_layers_side_by_side_are_no_repetition(drawn: Any) -> None:
    assert "repeated_block" not in drawn("a>b a>c b>* c>*", "*", a="InputLayer")


def test_links_against_the_order_of_the_calls_are_left_out(drawn: Any) -> None:
    """Only a damaged file holds such a circle; it must not be followed for ever."""
    assert "dead_end" not in drawn("a>b b>c c>a b>a c>b", "c")


def test_the_patterns_of_resnet_50(resnet: ModelGraph) -> None:
    """16 blocks; all but the first, which is fed 64 channels, are bottlenecks; repeats are the equal ones."""
    look = found(resnet)
    assert len(look["residual_block"]) == len(look["skip_connection"]) == 16
    assert len(look["bottleneck"]) == 15
    assert [(group.begins, group.times) for group in look["repeated_block"]] == [
        ("conv2_block2_1_conv", 2), ("conv3_block2_1_conv", 3),
        ("conv4_block2_1_conv", 5), ("conv5_block2_1_conv", 2),
    ]  # fmt: skip
    narrow = look["bottleneck"][0]
    assert (narrow.begins, narrow.ends) == ("conv2_block2_1_conv", "conv2_block2_3_conv")
    first = look["residual_block"][0]
    assert (first.begins, first.ends) == ("pool1_pool", "conv2_block1_add")
    for name in ("multi_branch", "encoder_decoder", "u_shape", "double_activation", "dead_end"):
        assert look[name] == (), name


def test_the_patterns_of_a_u_net(unet: ModelGraph) -> None:
    look = found(unet)
    assert ends(look["skip_connection"]) == [("down_2", "join_2"), ("down_1", "join_1")]
    assert ends(look["u_shape"]) == [("down_1", "join_1")]
    assert ends(look["encoder_decoder"]) == [("image", "mask")]
    assert look["residual_block"] == look["multi_branch"] == look["dead_end"] == ()


def test_the_patterns_of_inception_blocks(inception: ModelGraph) -> None:
    look = found(inception)
    assert ends(look["multi_branch"]) == [("image", "a"), ("a", "b")]
    assert len(look["multi_branch"][0].members) == 9
    (repeated,) = look["repeated_block"]
    assert (repeated.ends, repeated.times, len(repeated.members)) == ("b", 2, 16)
    assert look["skip_connection"] == look["encoder_decoder"] == ()


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)
def test_a_pattern_defines_itself(pattern: Any) -> None:
    assert pattern.label
    assert pattern.description.startswith("Find ")
    assert f"| `{pattern.name}` |" in DOCUMENT.read_text()
