"""How samples enter a model: under which names, in which structure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import keras

from inspectree.logger.capture.backends import held_dtype
from inspectree.logger.capture.keras_internals import origin_name
from inspectree.logger.errors import SamplesError, one_line
from inspectree.logger.samples import numbered
from inspectree.logger.store.record import Array, Samples

Spec = tuple[tuple[int, ...], str]


@dataclass(frozen=True)
class ModelInputs:
    """The shape and dtype of one sample of every input by name, and the structure that ``model()`` takes.

    ``structure`` holds names where the model gets tensors; ``batch_size`` is set where the model fixes it.
    """

    structure: Any
    specs: Mapping[str, Spec]
    batch_size: int | None = None

    def filled(self, tensors: Mapping[str, Any]) -> Any:
        """Return the structure with a tensor in place of every name."""
        return keras.tree.map_structure(lambda name: tensors[name], self.structure)


def fit_samples(model: keras.Model, samples: Samples) -> tuple[Samples, ModelInputs]:
    """Return the samples under the names of the model's inputs, and how they enter it.

    A model without variables yet is built for them.

    Raises
    ------
    SamplesError
        When the model does not take such samples; says what it takes.
    """
    if not model.built:
        _build(model, samples)
    declared = getattr(model, "inputs", None)
    if declared is None:
        return samples, _undeclared(samples)
    names = [origin_name(tensor) for tensor in declared]
    named = _renamed(model, samples, names)
    specs = {}
    for name, tensor in zip(names, declared, strict=True):
        _check_shape(model, name, tensor, named.inputs[name])
        specs[name] = _declared_spec(tensor, named.inputs[name])
    structure = declared[0] if isinstance(model, keras.Sequential) else model.input
    return named, ModelInputs(keras.tree.map_structure(origin_name, structure), specs, declared[0].shape[0])


def _build(model: keras.Model, samples: Samples) -> None:
    """Create the variables by a call that draws no random numbers and leaves the batch size open."""
    inputs = _undeclared(samples)
    tensors = {
        name: keras.KerasTensor((None, *shape), dtype=dtype, name=name)
        for name, (shape, dtype) in inputs.specs.items()
    }
    try:
        model(inputs.filled(tensors), training=False)
    except Exception as error:  # whatever a layer says to a shape that it cannot take
        raise SamplesError(
            f"the model {model.name!r} cannot take the samples {_shapes(samples)}: {one_line(error)}"
        ) from error


def _undeclared(samples: Samples) -> ModelInputs:
    """Return the structure in which samples were given, for a model that does not declare its inputs."""
    return ModelInputs(samples.structure, {name: _spec(values) for name, values in samples.inputs.items()})


def _renamed(model: keras.Model, samples: Samples, names: Sequence[str]) -> Samples:
    given = list(samples.inputs)
    if len(given) != len(names):
        raise SamplesError(
            f"the model {model.name!r} has {_counted(len(names))} ({', '.join(names)}), "
            f"but the samples have {len(given)} ({', '.join(given)})"
        )
    if set(given) == set(names):
        return replace(samples, inputs={name: samples.inputs[name] for name in names})
    if len(given) > 1 and given != list(numbered("input", given)):
        raise SamplesError(
            f"the model {model.name!r} has the inputs {', '.join(names)}, "
            f"but the samples are named {', '.join(given)}"
        )
    by_given = dict(zip(given, names, strict=True))
    return replace(
        samples,
        inputs=dict(zip(names, samples.inputs.values(), strict=True)),
        vocabulary={by_given[name]: words for name, words in samples.vocabulary.items()},
    )


def _check_shape(model: keras.Model, name: str, tensor: keras.KerasTensor, values: Array) -> None:
    expected = tuple(tensor.shape[1:])
    given = {values.shape[1:], (*values.shape[1:], 1)}  # Keras adds or drops a last axis of one by itself
    if values.shape[-1:] == (1,):
        given.add(values.shape[1:-1])
    if not any(_fits(expected, shape) for shape in given):
        raise SamplesError(
            f"the input {name!r} of the model {model.name!r} takes samples of shape {expected}, "
            f"but these have the shape {values.shape[1:]}"
        )


def _fits(expected: Sequence[int | None], shape: Sequence[int]) -> bool:
    return len(expected) == len(shape) and all(e in (None, s) for e, s in zip(expected, shape, strict=True))


def _declared_spec(tensor: keras.KerasTensor, values: Array) -> Spec:
    sizes = tuple(tensor.shape[1:])
    if None in sizes:
        sizes = values.shape[1:]
    return sizes, tensor.dtype


def _spec(values: Array) -> Spec:
    return values.shape[1:], model_dtype(values)


def model_dtype(values: Array) -> str:
    """Return the dtype in which Keras hands an array to a model."""
    if values.dtype.kind == "f":
        return str(keras.config.floatx())
    return "string" if values.dtype.kind in "SU" else held_dtype(values.dtype.name)


def _counted(count: int) -> str:
    return "1 input" if count == 1 else f"{count} inputs"


def _shapes(samples: Samples) -> str:
    return ", ".join(f"{name} of shape {values.shape[1:]}" for name, values in samples.inputs.items())
