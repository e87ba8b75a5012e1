"""Who descends from whom."""

from hypothesis import given
from hypothesis import strategies as st

from inspectree.server.family import Family

MODELS = st.sampled_from("abcdefg")
CLAIMS = st.dictionaries(MODELS, st.lists(MODELS, unique=True, max_size=3))


def test_a_diamond_is_one_experiment_ordered_by_depth() -> None:
    family = Family({"d": ["b", "c"], "b": ["a"], "c": ["b"], "a": [], "x": []})
    assert family.components == (("a", "b", "c", "d"), ("x",))
    assert family.depths == {"a": 0, "b": 1, "c": 2, "d": 3, "x": 0}
    assert family.children["b"] == ("d", "c")


def test_missing_parents_are_told_and_left_out() -> None:
    family = Family({"a": ["gone"]})
    assert family.missing == {"a": ("gone",)}
    assert family.parents == {"a": ()}


def test_a_link_that_closes_a_circle_is_left_out() -> None:
    family = Family({"a": ["b"], "b": ["c"], "c": ["a"], "self": ["self"]})
    assert family.cycles == (("c", "a"), ("self", "self"))
    assert family.parents == {"a": ("b",), "b": ("c",), "c": (), "self": ()}


@given(CLAIMS)
def test_whatever_headers_claim_the_tree_is_sound(claims: dict[str, list[str]]) -> None:
    """Every model is in one experiment, with its parents, and deeper than each of them."""
    family = Family(claims)
    members = [model for component in family.components for model in component]
    assert sorted(members) == sorted(claims)
    home = {model: component for component in family.components for model in component}
    for child, parents in family.parents.items():
        for parent in parents:
            assert family.depths[parent] < family.depths[child]
            assert home[parent] is home[child]
