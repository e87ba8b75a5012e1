"""What is expected of drawn weights, beside SciPy's distributions and what Keras draws."""

from math import isnan, prod, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from inspectree.logger.architecture.config import plain
from inspectree.logger.architecture.model_graph import Node
from inspectree.logger.architecture.model_graph import Variable as Described
from inspectree.logger.statistics import describe
from inspectree.server.interestingness.distribution import Distribution
from inspectree.server.interestingness.divergences.kolmogorov_smirnov import KolmogorovSmirnov
from inspectree.server.interestingness.initializers import LAWS, initial
from inspectree.server.interestingness.laws import Law, Normal, TruncatedNormal, Uniform

EACH_LAW: list[tuple[Law, Any]] = [
    (Normal(0.5, 2.0), stats.norm(0.5, 2)),
    (TruncatedNormal(-1.0, 0.3), stats.truncnorm(-2, 2, -1, 0.3)),
    (Uniform(0.0, 0.25), stats.uniform(-0.25, 0.5)),
]

each_law = pytest.mark.parametrize(("law", "oracle"), EACH_LAW, ids=["normal", "truncated", "uniform"])


def layer(config: dict[str, Any], type_: str = "Dense") -> Node:
    return Node(id="a", kind="layer", type=type_, name="a", config=config)


@each_law
def test_moments_and_histograms_are_scipys(law: Law, oracle: Any) -> None:
    expected = law.expected(10_000)
    mean, variance, skew, kurtosis = oracle.stats("mvsk")
    assert (expected.mean, expected.variance) == pytest.approx((mean, variance))
    assert (expected.skew, expected.kurtosis) == pytest.approx((skew, kurtosis), abs=1e-6)
    assert expected.norm == pytest.approx(sqrt(10_000 * (variance + mean**2)))
    shares = np.diff(oracle.cdf(expected.edges[1:-1]), prepend=0, append=1)
    np.testing.assert_allclose(expected.histogram / expected.histogram.sum(), shares, atol=1e-9)
    np.testing.assert_allclose(
        expected.quantiles, oracle.ppf([0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]), atol=1e-9
    )


@each_law
def test_extremes_are_what_samples_have_on_average(law: Law, oracle: Any) -> None:
    drawn = oracle.rvs((4000, 50), random_state=3)
    expected = law.expected(50)
    assert expected.minimum == pytest.approx(drawn.min(axis=1).mean(), abs=0.08 * law.scale)
    assert expected.maximum == pytest.approx(drawn.max(axis=1).mean(), abs=0.08 * law.scale)


@each_law
def test_a_sample_is_near_what_is_expected_of_it(law: Law, oracle: Any) -> None:
    drawn, expected = (
        Distribution.of(each) for each in (describe(oracle.rvs(5000, random_state=1)), law.expected(5000))
    )
    assert drawn is not None
    assert expected is not None
    assert KolmogorovSmirnov().between(drawn, expected) < 1.95 / sqrt(5000)


@pytest.mark.parametrize("law", [Normal(0.0, 0.0), Normal(3.0, 0.0)])
def test_a_constant_does_not_vary(law: Law) -> None:
    expected, described = law.expected(6), describe(np.full(6, law.mean))
    assert (expected.mean, expected.variance, expected.minimum, expected.maximum, expected.zeros) == (
        described.mean,
        described.variance,
        described.minimum,
        described.maximum,
        described.zeros,
    )
    assert expected.norm == pytest.approx(described.norm)
    np.testing.assert_array_equal(expected.histogram, described.histogram)


SHAPES = [(200, 300), (3, 3, 40, 64), (5000,)]


def keras_initializers() -> list[Any]:
    """Return one of every kind, as layers are made with them."""
    from keras import initializers as make

    return [
        make.GlorotUniform(),
        make.GlorotNormal(),
        make.HeUniform(),
        make.HeNormal(),
        make.LecunUniform(),
        make.LecunNormal(),
        make.RandomNormal(0.5, 0.2),
        make.RandomUniform(-0.1, 0.3),
        make.TruncatedNormal(0.0, 0.7),
        make.VarianceScaling(3.0, "fan_out", "untruncated_normal"),
        make.VarianceScaling(0.5, "fan_in", "uniform"),
        make.VarianceScaling(2.0, "fan_avg", "truncated_normal"),
        make.Zeros(),
        make.Ones(),
        make.Constant(0.7),
    ]


def test_every_law_is_what_keras_draws() -> None:
    """Configuration, axes and scale lead to the distribution of tensors that Keras has drawn."""
    import keras

    keras.utils.set_random_seed(11)
    seen = set()
    for made in keras_initializers():
        config = plain(keras.saving.serialize_keras_object(made))
        seen.add(type(made).__name__.lower())
        for shape in SHAPES:
            drawn = describe(np.asarray(keras.ops.convert_to_numpy(made(shape)), np.float32))
            found = initial(layer({"kernel_initializer": config}), "kernel", shape)
            assert found is not None, config
            assert found[0].mean == pytest.approx(
                drawn.mean, abs=5 * sqrt(drawn.variance / prod(shape)) + 1e-6
            )
            assert found[0].variance == pytest.approx(drawn.variance, rel=0.12), (config, shape)
            expected, real = Distribution.of(found[0]), Distribution.of(drawn)
            assert expected is not None
            assert real is not None
            if drawn.variance:
                assert KolmogorovSmirnov().between(real, expected) < 2 / sqrt(prod(shape)), (config, shape)
    assert seen == set(LAWS)


def test_of_an_orthogonal_matrix_variance_and_norm_are_known() -> None:
    import keras

    keras.utils.set_random_seed(1)
    made = keras.initializers.Orthogonal(gain=1.5)
    for shape in ((30, 80), (80, 30)):
        drawn = describe(np.asarray(keras.ops.convert_to_numpy(made(shape))))
        config = {"recurrent_initializer": plain(keras.saving.serialize_keras_object(made))}
        found = initial(layer(config, "LSTM"), "recurrent_kernel", shape)
        assert found is not None
        assert found[0].norm == pytest.approx(drawn.norm, rel=1e-5)
        assert found[0].variance == pytest.approx(drawn.variance, rel=0.01)
        assert isnan(found[0].kurtosis)
        assert Distribution.of(found[0]) is None


@pytest.mark.parametrize(
    ("config", "type_", "variable", "mean"),
    [
        ({"kernel_initializer": {"class": "Ones"}}, "Dense", "kernel", 1.0),
        ({"depthwise_initializer": {"class": "Ones"}}, "DepthwiseConv2D", "kernel", 1.0),
        ({"depthwise_initializer": {"class": "Ones"}}, "SeparableConv2D", "depthwise_kernel", 1.0),
        ({"moving_variance_initializer": "ones"}, "BatchNormalization", "moving_variance", 1.0),
        ({"bias_initializer": {"class": "Zeros"}}, "Dense", "bias@2", 0.0),
    ],
)
def test_the_initializer_is_found_by_the_names_that_keras_gives(
    config: dict[str, Any], type_: str, variable: str, mean: float
) -> None:
    found = initial(layer(config, type_), variable, (4, 4))
    assert found is not None
    assert (found[0].mean, found[0].variance) == (mean, 0)


def test_the_graph_tells_where_the_configuration_does_not() -> None:
    described = Described(
        name="w", shape=(3, 2), dims=("in", "out"), dtype="float32", trainable=True, initializer="HeNormal"
    )
    found = initial(layer({}).model_copy(update={"variables": (described,)}), "w", (3, 2))
    assert found is not None
    assert found[0].variance == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("config", "variable"),
    [
        ({"kernel_initializer": {"class": "MyOwn"}}, "kernel"),
        ({"kernel_initializer": {"class": "Identity", "gain": 1.0}}, "kernel"),
        ({"bias_initializer": {"class": "Zeros"}, "unit_forget_bias": True}, "bias"),
        ({}, "kernel"),
    ],
)
def test_what_is_not_known_is_not_made_up(config: dict[str, Any], variable: str) -> None:
    assert initial(layer(config), variable, (4, 4)) is None


def test_axes_that_a_layer_tells_count_as_fans() -> None:
    """Keras' EinsumDense tells them: of (in, head, dim) each output is made of ``in`` values."""
    config = {"class": "LecunNormal", "input_axes": [0], "output_axes": [1, 2]}
    found = initial(layer({"kernel_initializer": config}), "kernel", (10, 4, 5))
    assert found is not None
    assert found[0].variance == pytest.approx(1 / 10)


@given(st.sampled_from(EACH_LAW), st.integers(1, 10**9))
def test_whatever_the_count_the_histogram_is_whole(law: tuple[Law, Any], count: int) -> None:
    expected = law[0].expected(count)
    assert expected.minimum <= expected.maximum
    assert (np.diff(expected.edges) >= 0).all()
    assert (expected.histogram >= 0).all()
    assert expected.histogram.sum() > 0
