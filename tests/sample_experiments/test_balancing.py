"""The latent distributions tell which loss has won."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inspectree.sample_experiments import balancing
from inspectree.sample_experiments.experiments import BALANCES, BALANCING
from inspectree.sample_experiments.images import Images

EPOCHS = 8
COMPARED = ((90, 10), (25, 75))
MUCH, LITTLE = "vae_90_10", "vae_25_75"
SEEDS = (0, 1)


@pytest.fixture(scope="module")
def logged(
    tmp_path_factory: pytest.TempPathFactory, images: Images, asking: Callable[[Path], Any]
) -> Callable[[int], Any]:
    """Return what trains the series of a seed, once: all of the first, of another what is compared."""

    @cache
    def store(seed: int) -> Any:
        folder = tmp_path_factory.mktemp("balancing")
        with pytest.MonkeyPatch.context() as patch:
            if seed != SEEDS[0]:
                patch.setattr(balancing, "ROOT", MUCH)
            for balance in BALANCES if seed == SEEDS[0] else COMPARED:
                balancing.train(str(folder), balance, images, seed=seed, epochs=EPOCHS)
        return asking(folder)

    return store


@pytest.fixture(params=SEEDS)
def series(request: pytest.FixtureRequest, logged: Callable[[int], Any]) -> Any:
    """Return the store of a seed."""
    return logged(request.param)


def z_mean(name: str) -> str:
    return f"{name}@last/encoder/z_mean/activations"


def test_the_variance_of_the_latent_layer_tells_25_75_from_90_10(series: Any) -> None:
    """Of one, nothing is left of the images; of the other, places are further apart than N(0, 1) has them."""
    assert series.raw("variance", "vae_25_75")["encoder/z_mean"] < 0.2
    assert series.raw("variance", "vae_90_10")["encoder/z_mean"] > 1


def test_every_dimension_tells_it_too(series: Any) -> None:
    """Its variance over the samples, counted by the server, is that of the values."""
    by_balance = {}
    for name in (LITTLE, MUCH):
        by_balance[name] = series.values(z_mean(name), {"op": "var", "over": ["sample"]})
        values = np.array(series.values(z_mean(name)), np.float64)
        assert by_balance[name] == pytest.approx(values.var(axis=0), rel=1e-3)
    assert max(by_balance[LITTLE]) < min(by_balance[MUCH])


def test_both_losses_are_told_by_themselves_and_one_falls_where_the_other_rises(series: Any) -> None:
    assert series.last(LITTLE, "val_reconstruction") > series.last(MUCH, "val_reconstruction")
    assert series.last(LITTLE, "val_kl") < series.last(MUCH, "val_kl")
    whole = 0.9 * series.last(MUCH, "val_reconstruction") + 0.1 * series.last(MUCH, "val_kl")
    assert series.last(MUCH, "val_loss") == pytest.approx(whole, rel=1e-4)


def test_reconstructions_are_nearer_to_the_images_where_they_count_more(series: Any) -> None:
    assert distance(series, MUCH) < 0.8 * distance(series, LITTLE)


def distance(series: Any, name: str) -> float:
    """Return the mean squared distance of the reconstructions from the images."""
    last = series.store[name].checkpoints[-1]
    images, drawn = (
        np.array(last[f"{layer}/activations"]) for layer in ("encoder/flatten", "decoder/pixels")
    )
    return float(np.mean((images.astype(float) - drawn) ** 2))


def test_every_balance_is_a_child_of_the_even_one(logged: Callable[[int], Any]) -> None:
    series = logged(SEEDS[0])
    assert set(series.ids) == set(BALANCING)
    children = series.store[balancing.ROOT].children
    assert {child.header.name for child in children} == set(BALANCING) - {balancing.ROOT}
