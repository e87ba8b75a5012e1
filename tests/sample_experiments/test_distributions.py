"""The careless ReLU is found by its skew, seen in the graph and in the histogram, and gone from the child."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inspectree.sample_experiments.distributions import ATTEMPTS, LINEAR, RELU, train
from inspectree.sample_experiments.images import Images

SEEDS = (0, 1, 2, 3, 4)
REPAIRED = SEEDS[:2]
EPOCHS = 5
GUILTY = ("encoder/z_log_var", "encoder/z_mean")
WHOLE = ("encoder", "decoder")
"""Models in the model: what their first outputs are is told of the layers inside, too."""


@pytest.fixture(scope="module")
def logged(
    tmp_path_factory: pytest.TempPathFactory, images: Images, asking: Callable[[Path], Any]
) -> Callable[[int], Any]:
    """Return what trains the careless model of a seed, once; of some seeds its repaired child, too."""

    @cache
    def store(seed: int) -> Any:
        folder = tmp_path_factory.mktemp("distributions")
        for name in (RELU, LINEAR) if seed in REPAIRED else (RELU,):
            train(str(folder), name, images, seed=seed, epochs=EPOCHS)
        return asking(folder)

    return store


@pytest.fixture(params=SEEDS)
def careless(request: pytest.FixtureRequest, logged: Callable[[int], Any]) -> Any:
    """Return the store of a seed."""
    return logged(request.param)


def test_the_skew_of_activations_points_at_the_latent_block(careless: Any) -> None:
    """Where every logarithm is 0 it has no skew any more, and is all zeros instead."""
    deviations = careless.deviations("skew", RELU)
    inner = [layer for layer, found in deviations.items() if layer not in WHOLE and found is not None]
    ranked = sorted(inner, key=lambda layer: -deviations[layer])
    sparse = careless.raw("sparsity", RELU)
    alive = [layer for layer in GUILTY if sparse[layer] < 1]
    assert "encoder/z_mean" in alive
    assert ranked[: len(alive)] == alive
    assert len(ranked) > len(GUILTY)


def test_nearly_every_logarithm_of_the_variance_is_0(careless: Any) -> None:
    assert careless.raw("sparsity", RELU)["encoder/z_log_var"] > 0.9


def test_the_inner_graph_shows_the_relu(careless: Any) -> None:
    nodes = careless.get(f"models/{careless.ids[RELU]}/architecture")["nodes"]
    for layer in GUILTY:
        inside = [node["type"] for node in nodes if node["parent"] == layer]
        assert inside == ["Matmul", "Add", "ReLU"]


def test_the_histogram_shows_no_negative_value(careless: Any, images: Images) -> None:
    for layer in GUILTY:
        counts = careless.values(f"{RELU}@last/{layer}/activations", {"op": "histogram", "bins": 16})
        assert np.sum(counts) == len(images.x_test) * ATTEMPTS[RELU].latent
        assert careless.raw("minimum", RELU)[layer] == 0


@pytest.mark.parametrize("seed", REPAIRED)
def test_the_child_without_it_is_repaired(logged: Callable[[int], Any], seed: int) -> None:
    """Its means are on both sides of 0, nothing is stuck, and it draws the digits better."""
    careless = logged(seed)
    skew = careless.raw("skew", LINEAR)
    assert all(abs(skew[layer]) < abs(careless.raw("skew", RELU)["encoder/z_mean"]) for layer in GUILTY)
    assert careless.raw("minimum", LINEAR)["encoder/z_mean"] < -1
    assert careless.raw("sparsity", LINEAR)["encoder/z_log_var"] == 0
    assert careless.last(LINEAR, "val_reconstruction") < careless.last(RELU, "val_reconstruction") - 1
