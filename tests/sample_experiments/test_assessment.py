"""Two classifiers are left for the small device; one has a bottleneck, and its child has none."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inspectree.sample_experiments import assessment
from inspectree.sample_experiments.experiments import ASSESSMENT
from inspectree.sample_experiments.images import Images

SEEDS = (1, 0, 2)
COMPARED = ("conv_skip", "conv_squeeze", "conv_balanced")
EIGHT = ASSESSMENT[:-1]
ROOM, OPERATIONS, ACCURACY = 32_000, 1_000_000, 0.84
"""Of the device: bytes of float32 weights, operations per image; and how often it has to be right."""


@pytest.fixture(scope="module")
def logged(
    tmp_path_factory: pytest.TempPathFactory, images: Images, asking: Callable[[Path], Any]
) -> Callable[[int], Any]:
    """Return what trains the tree of a seed, once: all of the first, of others what is compared."""

    @cache
    def store(seed: int) -> Any:
        folder = tmp_path_factory.mktemp("assessment")
        whole = seed == SEEDS[0]
        with pytest.MonkeyPatch.context() as patch:
            for name in () if whole else COMPARED[:2]:
                patch.setitem(assessment.TREE, name, replace(assessment.TREE[name], parents=()))
            for name in ASSESSMENT if whole else COMPARED:
                assessment.train(str(folder), name, images, seed=seed)
        return asking(folder)

    return store


@pytest.fixture(params=SEEDS)
def tree(request: pytest.FixtureRequest, logged: Callable[[int], Any]) -> Any:
    """Return the store of a seed."""
    return logged(request.param)


def test_accuracy_size_and_run_time_single_out_two(logged: Callable[[int], Any]) -> None:
    tree = logged(SEEDS[0])
    fit = [name for name in EIGHT if size(tree, name) <= ROOM and flops(tree, name) <= OPERATIONS]
    assert fit == ["dense_tiny", "conv_tiny", "conv_skip", "conv_squeeze"]
    assert [name for name in fit if tree.last(name, "val_accuracy") >= ACCURACY] == fit[2:]


def size(tree: Any, name: str) -> int:
    """Return the bytes of a model's weights."""
    return 4 * int(tree.get(f"models/{tree.ids[name]}")["parameters"])


def flops(tree: Any, name: str) -> int:
    """Return the operations that a model does per image."""
    nodes = tree.get(f"models/{tree.ids[name]}/architecture")["nodes"]
    return sum(node["flops"] or 0 for node in nodes if node["parent"] is None)


def mean(logged: Callable[[int], Any], name: str, metric: str) -> float:
    """Return a metric of a model's last epoch, on the average of the seeds."""
    return float(np.mean([logged(seed).last(name, metric) for seed in SEEDS]))


def test_the_validation_loss_tells_which_of_the_two_generalises(logged: Callable[[int], Any]) -> None:
    assert mean(logged, "conv_skip", "val_loss") < mean(logged, "conv_squeeze", "val_loss") - 0.05


def test_in_no_layer_does_the_variance_rise_as_in_the_squeeze(tree: Any) -> None:
    first = tree.raw("variance", "conv_squeeze", "first")
    risen = {layer: last / first[layer] for layer, last in tree.raw("variance", "conv_squeeze").items()}
    assert max(risen, key=lambda layer: risen[layer]) == "squeeze"
    assert risen["squeeze"] > 500


def test_in_no_layer_are_so_many_units_dead_as_in_the_squeeze(logged: Callable[[int], Any]) -> None:
    dead = [logged(seed).raw("dead_units", "conv_squeeze") for seed in SEEDS]
    means = {layer: np.mean([each[layer] for each in dead]) for layer in dead[0]}
    assert max(means, key=lambda layer: means[layer]) == "squeeze"
    assert means["squeeze"] >= 0.2


def test_the_balanced_child_is_better(logged: Callable[[int], Any]) -> None:
    parent, child = "conv_squeeze", "conv_balanced"
    assert mean(logged, child, "val_accuracy") > mean(logged, parent, "val_accuracy") + 0.02
    assert mean(logged, child, "val_loss") < mean(logged, parent, "val_loss") - 0.05


def test_the_balanced_child_is_no_larger_and_hardly_a_unit_is_dead(tree: Any) -> None:
    assert size(tree, "conv_balanced") < size(tree, "conv_squeeze")
    assert max(tree.raw("dead_units", "conv_balanced").values()) < 0.15


def test_generations_are_linked(logged: Callable[[int], Any]) -> None:
    tree = logged(SEEDS[0])
    for name in ASSESSMENT:
        parents = tuple(parent.header.name for parent in tree.store[name].parents)
        assert parents == assessment.TREE[name].parents
    assert tree.store["conv_balanced"].depth == 4
