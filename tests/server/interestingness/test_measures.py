"""What measures see, beside hand-computed numbers and SciPy, NumPy and scikit-learn on the raw values."""

from collections.abc import Callable
from math import inf, isnan
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.feature_selection import f_classif

from inspectree.logger.architecture.model_graph import Node
from inspectree.logger.statistics import describe
from inspectree.server import Store, open_store
from inspectree.server.interestingness import MEASURES
from inspectree.server.interestingness.functions import activation
from inspectree.server.interestingness.measures.effective_rank import as_matrix, effective_rank
from inspectree.server.interestingness.measures.saturation import saturated_share
from inspectree.server.interestingness.measures.separability import between_share
from inspectree.server.interestingness.subjects import Moment, Variable

BY_NAME: dict[str, Any] = {measure.name: measure for measure in MEASURES}


def variable(store: Store, path: str, checkpoint: int | str = 3, model: str = "root") -> Variable:
    found = Moment.of(store[model], checkpoint).variable(path)
    assert found is not None
    return found


def values(of: Variable) -> Any:
    return of.moment.checkpoint[of.path].values.astype(np.float64)


@pytest.mark.parametrize(
    ("name", "oracle"),
    [
        ("variance", np.var),
        ("skew", lambda values: stats.skew(values, axis=None)),
        ("kurtosis", lambda values: stats.kurtosis(values, axis=None)),
        ("minimum", np.min),
        ("maximum", np.max),
        ("range", np.ptp),
        ("norm", np.linalg.norm),
        ("sparsity", lambda values: np.mean(values == 0)),
        ("nonfinite", lambda values: 1 - np.mean(np.isfinite(values))),
        ("entropy", lambda values: stats.entropy(np.histogram(values, 64)[0], base=2)),
    ],
)
@pytest.mark.parametrize("path", ["conv/kernel", "dense/activations"])
def test_what_follows_from_statistics_is_what_scipy_makes_of_the_values(
    store: Store, name: str, oracle: Callable[[Any], float], path: str
) -> None:
    seen = variable(store, path)
    np.testing.assert_allclose(BY_NAME[name].observe(seen), oracle(values(seen).ravel()), rtol=1e-5)


def test_the_share_that_is_not_finite_by_hand() -> None:
    statistics = describe(np.array([1, np.nan, np.inf, -np.inf, 2, 3, 4, 5], np.float32))
    assert BY_NAME["nonfinite"].of(statistics, None) == 3 / 8


@pytest.mark.parametrize(
    ("given_", "bits"),
    [([1, 1, 1], 0), ([0, 1], 1), ([0, 1, 2, 3], 2), (np.arange(64), 6), ([0, 0, 0, 1], 0.8112781)],
)
def test_entropy_by_hand(given_: Any, bits: float) -> None:
    assert BY_NAME["entropy"].of(describe(np.array(given_, float)), None) == pytest.approx(bits)


def test_saturation_by_hand() -> None:
    """Of a tanh, values beyond ±0.9 count: the outer 5 % of a range of 2."""
    given_ = np.concatenate([np.linspace(-1, -0.95, 30), np.linspace(-0.5, 0.5, 40), np.full(30, 0.99)])
    assert saturated_share(describe(given_), -1, 1) == pytest.approx(0.6, abs=0.01)


@given(st.lists(st.floats(0, 1, width=16), min_size=1))
def test_saturation_is_a_share(given_: list[float]) -> None:
    assert -1e-9 <= saturated_share(describe(given_), 0, 1) <= 1 + 1e-9


def test_only_bounded_activations_saturate(store: Store) -> None:
    assert BY_NAME["saturation"].observe(variable(store, "conv/activations")) > 0.3
    assert isnan(BY_NAME["saturation"].observe(variable(store, "dense/activations")))


@pytest.mark.parametrize(
    ("config", "type_", "name"),
    [
        ({"activation": "tanh"}, "Dense", "tanh"),
        ({"activation": {"class": "ReLU", "max_value": 6.0}}, "Dense", "relu"),
        ({}, "Tanh", "tanh"),
        ({}, "Flatten", "flatten"),
    ],
)
def test_the_activation_is_found_in_the_configuration_or_the_type(config: Any, type_: str, name: str) -> None:
    assert activation(Node(id="a", kind="layer", type=type_, name="a", config=config)) == name


def test_dead_units_are_the_same_for_all_samples(tmp_path: Path, plant: Any) -> None:
    """Of four units one is always 0, one always 7: half of them are dead. NaN is neither."""
    alive = np.linspace(0, 1, 30)
    outputs = np.stack([np.zeros(30), np.full(30, 7), alive, -alive, np.full(30, np.nan)], 1).astype(
        np.float32
    )
    plant("relus", {"one": {"activations": outputs}, "two": {"activations": outputs[:, 4:]}})
    store = open_store(tmp_path)
    assert BY_NAME["dead_units"].observe(variable(store, "one/activations", 0, "relus")) == 0.5
    assert isnan(BY_NAME["dead_units"].observe(variable(store, "two/activations", 0, "relus")))


def test_dead_units_of_a_convolution_are_dead_at_all_positions(store: Store) -> None:
    assert BY_NAME["dead_units"].observe(variable(store, "conv/activations")) == 0


def test_change_is_relative_to_the_beginning_or_to_the_checkpoint_before(store: Store) -> None:
    at = [variable(store, "dense/kernel", number) for number in range(4)]
    for name, before in (("change", 0), ("step_change", 2)):
        expected = np.linalg.norm(values(at[3]) - values(at[before])) / np.linalg.norm(values(at[before]))
        assert BY_NAME[name].observe(at[3]) == pytest.approx(expected)
    assert BY_NAME["change"].observe(at[0]) == 0
    assert isnan(BY_NAME["step_change"].observe(at[0])), "there is none before"
    assert isnan(BY_NAME["change"].observe(variable(store, "dense/bias"))), "it began as zeros"


def test_what_has_become_nan_has_changed_more_than_anything(tmp_path: Path, plant: Any) -> None:
    sound, broken = np.ones((3, 2), np.float32), np.full((3, 2), np.nan, np.float32)
    plant("m", {"a": {"kernel": sound}}, {"a": {"kernel": broken}}, {"a": {"kernel": sound}})
    store = open_store(tmp_path)
    assert BY_NAME["change"].observe(variable(store, "a/kernel", 1, "m")) == inf
    assert BY_NAME["change"].observe(variable(store, "a/kernel", 2, "m")) == 0
    assert isnan(BY_NAME["step_change"].observe(variable(store, "a/kernel", 2, "m")))


@pytest.mark.parametrize(
    ("matrix", "rank"),
    [
        (np.eye(5), 5),
        (np.ones((4, 7)), 1),
        (np.diag([1.0, 1, 0, 0]), 2),
        (np.diag([3.0, 1]), np.exp(stats.entropy([3, 1]))),
    ],
)
def test_effective_rank_by_hand(matrix: Any, rank: float) -> None:
    assert effective_rank(matrix) == pytest.approx(rank)
    assert effective_rank(matrix.T * 1e200) == pytest.approx(rank)


@given(
    arrays(np.float64, st.tuples(st.integers(1, 8), st.integers(1, 8)), elements=st.floats(-9, 9, width=16))
)
def test_effective_rank_is_that_of_the_singular_values(matrix: Any) -> None:
    """NumPy's decomposition and SciPy's entropy say the same; it is from 1 to the smaller side."""
    singular = np.linalg.svd(matrix, compute_uv=False)
    if not singular.sum():
        assert isnan(effective_rank(matrix))
        return
    found = effective_rank(matrix)
    assert found == pytest.approx(np.exp(stats.entropy(singular)), rel=1e-5)
    assert 1 - 1e-9 <= found <= min(matrix.shape) + 1e-9


def test_effective_rank_is_not_defined_of_what_is_not_finite() -> None:
    assert isnan(effective_rank(np.array([[1, np.nan], [0, 1]])))
    assert isnan(effective_rank(np.array([[1, np.inf], [0, 1]])))


def test_kernels_become_matrices_by_their_axes() -> None:
    conv = xr.DataArray(np.arange(24.0).reshape(1, 2, 3, 4), dims=("y", "x", "in", "out"))
    transposed = conv.transpose("y", "x", "out", "in")
    depthwise = xr.DataArray(np.zeros((3, 3, 4, 2)), dims=("y", "x", "in", "multiplier"))
    expected = np.arange(24.0).reshape(6, 4)
    for kernel in (conv, transposed):
        found = as_matrix(kernel)
        assert found is not None
        np.testing.assert_array_equal(found, expected)
    by_input, embeddings = (
        as_matrix(depthwise),
        as_matrix(xr.DataArray(np.zeros((9, 5)), dims=("token", "unit"))),
    )
    assert by_input is not None
    assert embeddings is not None
    assert (by_input.shape, embeddings.shape) == ((4, 18), (9, 5))
    assert as_matrix(xr.DataArray(np.zeros((2, 2, 2)), dims=("a", "b", "c"))) is None


@pytest.fixture
def blobs(tmp_path: Path, plant: Any) -> tuple[Store, Any, Any]:
    """Return a store with a layer that tells three classes apart, one of noise, and a constant one."""
    rng = np.random.default_rng(5)
    classes = rng.permutation(np.arange(90) % 3)
    useful = (np.eye(3)[classes] * 3 + rng.normal(size=(90, 3))).astype(np.float32)
    layers = {
        "useful": {"activations": useful},
        "noise": {"activations": rng.normal(size=(90, 40)).astype(np.float32)},
        "constant": {"activations": np.ones((90, 2), np.float32)},
    }
    plant("blobs", layers, classes=classes)
    return open_store(tmp_path), useful, classes


def test_separability_is_what_analysis_of_variance_finds(blobs: tuple[Store, Any, Any]) -> None:
    """By scikit-learn's F, from which each unit's η² follows; and no better than its discriminants."""
    store, useful, classes = blobs
    f, _ = f_classif(useful, classes)
    total = ((useful - useful.mean(axis=0)) ** 2).sum(axis=0)
    eta = f * 2 / (f * 2 + len(classes) - 3)
    found = BY_NAME["separability"].observe(variable(store, "useful/activations", 0, "blobs"))
    assert found == pytest.approx((eta * total).sum() / total.sum(), rel=1e-3)
    discriminants = LinearDiscriminantAnalysis().fit(useful, classes)
    assert 0.5 < found < discriminants.score(useful, classes)


def test_noise_separates_no_classes(blobs: tuple[Store, Any, Any]) -> None:
    """It is expected to have (C − 1) / (N − 1)."""
    store, _, _ = blobs
    found = BY_NAME["separability"].observe(variable(store, "noise/activations", 0, "blobs"))
    assert found == pytest.approx(2 / 89, rel=0.3)
    assert isnan(BY_NAME["separability"].observe(variable(store, "constant/activations", 0, "blobs")))


def test_separability_needs_a_class_for_every_sample(store: Store) -> None:
    """The last of the store's samples has none, and class means do not tell of it."""
    assert isnan(BY_NAME["separability"].observe(variable(store, "conv/activations")))


def test_classes_without_spread_are_separated_perfectly() -> None:
    means, counts = np.array([[1.0, 0], [0, 2]]), np.array([2, 3])
    assert between_share(means, counts, np.sqrt(2 * 1 + 3 * 4)) == pytest.approx(1)


def test_without_statistics_there_is_nothing_to_see(store: Store) -> None:
    seen = variable(store, "conv/kernel")
    object.__setattr__(seen, "moment", Moment(seen.model, seen.moment.checkpoint))
    seen.moment.__dict__["statistics"] = {}
    assert isnan(BY_NAME["variance"].observe(seen))
