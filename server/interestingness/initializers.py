"""Which distribution a variable was drawn from, by its layer's configuration."""

from collections.abc import Callable, Mapping
from math import prod, sqrt
from typing import Any, NamedTuple

from inspectree.logger.architecture.model_graph import Node
from inspectree.logger.statistics import Statistics
from inspectree.server.interestingness.laws import (
    CUT_DEVIATION,
    Law,
    Normal,
    TruncatedNormal,
    Uniform,
    spread,
)

Shape = tuple[int, ...]
Settings = Mapping[str, Any]

LARGEST = 1e100
"""Numbers from here on cannot be squared twice."""


class Fans(NamedTuple):
    """The number of values that one output is made of, and that one input goes into."""

    fan_in: float
    fan_out: float

    @classmethod
    def of(cls, shape: Shape, settings: Settings) -> "Fans":
        """Return them as Keras counts them; some layers tell their axes."""
        inputs, outputs = settings.get("input_axes"), settings.get("output_axes")
        if inputs is not None and outputs is not None:
            return cls(prod(shape[axis] for axis in inputs), prod(shape[axis] for axis in outputs))
        if len(shape) < 2:
            return cls(prod(shape), prod(shape))
        field = prod(shape[:-2])
        return cls(shape[-2] * field, shape[-1] * field)


def initial(node: Node, variable: str, shape: Shape) -> tuple[Statistics, str] | None:
    """Return what is to be expected of a variable before training, and what it was drawn from.

    None where the configuration doesn't tell; of an orthogonal matrix no more than variance and norm is
    known.
    """
    name, settings = _configured(node, variable)
    try:
        if name == "orthogonal":
            return _orthogonal(settings, shape)
        law = LAWS[name](settings, shape)
    except (KeyError, ValueError, IndexError, TypeError):  # not Keras' own, or not as Keras writes it
        return None
    return law.expected(prod(shape)), f"{law} ({name})"


def _configured(node: Node, variable: str) -> tuple[str, Settings]:
    """Return an initializer's name in lower case without underscores, and what it was made with."""
    name = variable.partition("@")[0]
    if name == "bias" and node.config.get("unit_forget_bias"):
        return "", {}  # zeros, but ones for one gate
    given = next((node.config[key] for key in _keys(name) if node.config.get(key)), None)
    if given is None:
        given = next((v.initializer for v in node.variables if v.name == variable), None)
    settings = given if isinstance(given, Mapping) else {"class": given or ""}
    return str(settings.get("class", "")).replace("_", "").lower(), settings


def _keys(variable: str) -> tuple[str, ...]:
    """Return the settings that may tell how a variable was drawn: ``recurrent_kernel`` by ``recurrent_…``."""
    stems = (variable, variable.removesuffix("_kernel"), "depthwise" if variable == "kernel" else variable)
    return tuple(f"{stem}_initializer" for stem in dict.fromkeys(stems))


def _number(settings: Settings, name: str, usual: float) -> float:
    """Return a setting; anything but a number that can be drawn with is refused."""
    value = float(settings.get(name, usual))
    if abs(value) < LARGEST:
        return value
    raise ValueError(f"{name} is {value}")


def _scaled(settings: Settings, shape: Shape) -> Law:
    """Return the law of `keras.initializers.VarianceScaling`."""
    fans = Fans.of(shape, settings)
    modes = {"fan_in": fans.fan_in, "fan_out": fans.fan_out, "fan_avg": sum(fans) / 2}
    fan = modes[settings.get("mode", "fan_in")]
    variance = _number(settings, "scale", 1.0) / max(1.0, fan)
    kind = settings.get("distribution", "truncated_normal")
    if kind == "uniform":
        return Uniform(0.0, sqrt(3 * variance))
    if kind == "untruncated_normal":
        return Normal(0.0, sqrt(variance))
    return TruncatedNormal(0.0, sqrt(variance) / CUT_DEVIATION)


def _scaling(scale: float, mode: str, distribution: str) -> Callable[[Settings, Shape], Law]:
    fixed = {"scale": scale, "mode": mode, "distribution": distribution}
    return lambda settings, shape: _scaled({**settings, **fixed}, shape)


def _constant(value: float) -> Callable[[Settings, Shape], Law]:
    return lambda settings, _shape: Normal(_number(settings, "value", value), 0.0)


def _normal(law: type[Law]) -> Callable[[Settings, Shape], Law]:
    return lambda settings, _shape: law(
        _number(settings, "mean", 0.0), abs(_number(settings, "stddev", 0.05))
    )


def _uniform(settings: Settings, _shape: Shape) -> Law:
    low, high = _number(settings, "minval", -0.05), _number(settings, "maxval", 0.05)
    return Uniform((low + high) / 2, abs(high - low) / 2)


def _orthogonal(settings: Settings, shape: Shape) -> tuple[Statistics, str]:
    """Return what is known of a matrix whose rows or columns are orthogonal, and as long as the gain."""
    rows, columns = prod(shape[:-1]), shape[-1]
    gain = _number(settings, "gain", 1.0)
    variance = gain * gain / max(rows, columns, 1)
    return spread(variance, prod(shape)), f"orthogonal with gain {gain:.4g}: variance and norm only"


LAWS: Mapping[str, Callable[[Settings, Shape], Law]] = {
    "zeros": _constant(0.0),
    "ones": _constant(1.0),
    "constant": _constant(0.0),
    "randomnormal": _normal(Normal),
    "truncatednormal": _normal(TruncatedNormal),
    "randomuniform": _uniform,
    "variancescaling": _scaled,
    "glorotuniform": _scaling(1.0, "fan_avg", "uniform"),
    "glorotnormal": _scaling(1.0, "fan_avg", "truncated_normal"),
    "heuniform": _scaling(2.0, "fan_in", "uniform"),
    "henormal": _scaling(2.0, "fan_in", "truncated_normal"),
    "lecununiform": _scaling(1.0, "fan_in", "uniform"),
    "lecunnormal": _scaling(1.0, "fan_in", "truncated_normal"),
}
"""The law of each of Keras' initializers, by its name in lower case; Zeros holds for ``zeros``, too."""
