"""The samples that are followed through training, from whatever the training data is held in."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from inspectree.logger.choosing import choose_rows, find_classes
from inspectree.logger.errors import SamplesError
from inspectree.logger.randomness import random_numbers_kept
from inspectree.logger.store.record import Array, Samples
from inspectree.logger.vocabulary import as_vocabularies

STREAMED = 10
"""Of a data set that comes in batches, the first ``STREAMED * max_samples`` rows are chosen from."""

NPZ_KEYS = (("x", "y"), ("x_test", "y_test"))

ACCEPTED = "an array, (x, y), a dict or list of inputs, a batched data set, or the path of an .npz file"


STREAMED_BYTES = 10**9
"""From here on no more batches are read than ``max_samples`` need."""

messages = logging.getLogger("inspectree")


@dataclass(frozen=True)
class Rows:
    """Inputs and labels by name, with the axis ``sample`` first; ``structure`` holds the inputs' names."""

    structure: Any
    inputs: Mapping[str, Array]
    labels: Mapping[str, Array]


def as_samples(
    source: Any,
    *,
    max_samples: int = 1000,
    seed: int = 0,
    class_names: Sequence[str] | None = None,
    vocabulary: Any = None,
) -> Samples:
    """Return up to ``max_samples`` rows of ``source``, stratified over the classes, in their order.

    ``source`` is an array, ``(x, y)``, a dict of named inputs, a list of inputs, a ``tf.data.Dataset``, a
    torch ``DataLoader``, a Keras ``PyDataset`` or the path of an ``.npz`` file with the keys ``x`` and ``y``
    or ``x_test`` and ``y_test``. Arrays in deeper structures are named by the keys to them: ``text.0``.
    ``vocabulary`` is as `as_vocabularies` takes it.

    Raises
    ------
    SamplesError
        When there are no samples, their sizes differ, or the vocabulary is none.
    """
    if max_samples < 1:
        raise SamplesError(f"max_samples={max_samples}: at least one sample is needed")
    with random_numbers_kept():
        rows = _read(source, max_samples)
    size = _size(rows)
    classes, names = find_classes(rows.labels, class_names)
    chosen = choose_rows(size, max_samples, classes, seed)
    return Samples(
        inputs={name: values[chosen] for name, values in rows.inputs.items()},
        ids=chosen,
        labels={name: values[chosen] for name, values in rows.labels.items()},
        classes=None if classes is None else classes[chosen],
        class_names=names,
        structure=rows.structure,
        vocabulary=as_vocabularies(vocabulary, rows.inputs),
    )


def numbered(kind: str, values: Sequence[Any]) -> dict[str, Any]:
    """Return values under numbered names (``input_0``, ``input_1``, …)."""
    return {f"{kind}_{index}": value for index, value in enumerate(values)}


def _read(source: Any, wanted: int) -> Rows:
    if source is None:
        raise SamplesError(f"no samples were given: samples= takes {ACCEPTED}")
    if isinstance(source, (str, Path)):
        return _read_npz(Path(source))
    if isinstance(source, (tuple, list, Mapping)) or hasattr(source, "__array__"):
        return _rows(source)
    batches = _batches(source)
    if batches is None:
        raise SamplesError(f"samples cannot be read from a {type(source).__name__}: use {ACCEPTED}")
    return _concatenated(batches, wanted)


def _read_npz(path: Path) -> Rows:
    try:
        with np.load(path) as file:
            for x, y in NPZ_KEYS:
                if x in file:
                    return _rows((file[x], file.get(y)))
            raise SamplesError(
                f"{path} has none of the keys x, x_test; it has {', '.join(file.files) or 'none'}"
            )
    except FileNotFoundError:
        raise SamplesError(f"no samples: there is no file {path}") from None
    except (OSError, ValueError, BadZipFile, AttributeError) as error:
        raise SamplesError(f"{path} is no readable .npz file: {error}") from None


def _rows(source: Any) -> Rows:
    """Read one batch, or everything: Keras' convention that a tuple is ``(x, y, sample weights)``."""
    x, y, *_ = (*source, None, None) if isinstance(source, tuple) else (source, None)
    if x is None:
        raise SamplesError(f"no samples were given: samples= takes {ACCEPTED}")
    return Rows(*_named(x, "x", "input"), {} if y is None else _named(y, "y", "output")[1])


def _named(values: Any, single: str, several: str) -> tuple[Any, dict[str, Array]]:
    """Return the structure with a name in place of every array, and the arrays by these names."""
    if _is_list(values) and len(values) == 1:
        values = values[0]
    arrays: dict[str, Array] = {}
    if isinstance(values, Mapping):
        return {key: _flattened(str(key), part, arrays) for key, part in values.items()}, arrays
    if _is_list(values):
        parts = numbered(several, values).items()
        return _like(values, [_flattened(name, part, arrays) for name, part in parts]), arrays
    return _flattened(single, values, arrays), arrays


def _flattened(name: str, values: Any, arrays: dict[str, Array]) -> Any:
    """Put the arrays of a structure into ``arrays``; return the structure of their names."""
    if isinstance(values, Mapping):
        return {key: _flattened(f"{name}.{key}", part, arrays) for key, part in values.items()}
    if _is_list(values):
        parts = enumerate(values)
        return _like(values, [_flattened(f"{name}.{index}", part, arrays) for index, part in parts])
    arrays[name] = _array(name, values)
    return name


def _is_list(values: Any) -> bool:
    """Tell whether a list holds arrays, or structures of them, and not an array's numbers."""
    return isinstance(values, (list, tuple)) and bool(values) and all(map(_holds_arrays, values))


def _holds_arrays(value: Any) -> bool:
    is_array = hasattr(value, "__array__") and getattr(value, "shape", ()) != ()
    return is_array or isinstance(value, Mapping) or _is_list(value)


def _like(values: Any, parts: list[Any]) -> Any:
    return tuple(parts) if isinstance(values, tuple) else parts


def _array(name: str, value: Any) -> Array:
    if hasattr(value, "detach"):  # a torch tensor, which may be on another device
        value = value.detach().cpu()
    try:
        array = np.asarray(value)
    except ValueError:
        raise SamplesError(f"the samples' {name!r} is no array: its rows differ in shape") from None
    if array.dtype.kind in "OS" and array.size and all(isinstance(item, str | bytes) for item in array.flat):
        array = _text(name, array)
    if array.dtype.kind not in "biufU":
        raise SamplesError(
            f"the samples' {name!r} has the dtype {array.dtype}: numbers or strings are needed"
        )
    if array.ndim == 0:
        raise SamplesError(f"the samples' {name!r} is a single value: a data set must come in batches")
    return array


def _text(name: str, array: Array) -> Array:
    """Return strings, which TensorFlow hands out as bytes, as NumPy's own."""
    items = (item.decode() if isinstance(item, bytes) else item for item in array.flat)
    try:
        return np.array(list(items)).reshape(array.shape)
    except UnicodeDecodeError:
        raise SamplesError(f"the samples' {name!r} holds bytes that are no text (UTF-8)") from None


def _batches(source: Any) -> Iterator[Any] | None:
    if hasattr(source, "as_numpy_iterator"):  # tf.data.Dataset
        _warn_of_shuffling(source)
        numpy_batches: Iterator[Any] = source.as_numpy_iterator()
        return numpy_batches
    if hasattr(source, "num_batches") and hasattr(source, "__getitem__"):  # keras.utils.PyDataset
        return (source[index] for index in islice(count(), source.num_batches))
    return iter(source) if isinstance(source, Iterable) else None


def _warn_of_shuffling(dataset: Any) -> None:
    """Tell what cannot be taken back: every reader of a shuffling ``tf.data.Dataset`` draws a new order."""
    sources = [dataset]
    for each in sources:  # grows while it is walked through
        sources += each._inputs()
    if any("Shuffle" in type(each).__name__ for each in sources):
        messages.warning(
            "inspectree reads the samples from a data set that shuffles: if it is trained on too, its order "
            "is another than without the logger; give one that does not shuffle"
        )


def _concatenated(batches: Iterator[Any], wanted: int) -> Rows:
    read: list[Rows] = []
    size = held = 0
    for batch in batches:
        read.append(_rows(tuple(batch) if isinstance(batch, list) else batch))
        size += _size(read[-1])
        held += sum(values.nbytes for values in read[-1].inputs.values())
        if size >= STREAMED * wanted or (size >= wanted and held >= STREAMED_BYTES):
            break
    if not read:
        raise SamplesError("no samples: the data set is empty")
    inputs, labels = _joined([rows.inputs for rows in read]), _joined([rows.labels for rows in read])
    return Rows(read[0].structure, inputs, labels)


def _joined(parts: list[Mapping[str, Array]]) -> dict[str, Array]:
    try:
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    except (KeyError, ValueError) as error:
        raise SamplesError(f"the batches of the data set differ: {error}") from None


def _size(rows: Rows) -> int:
    sizes = {name: len(values) for name, values in {**rows.labels, **rows.inputs}.items()}
    if len(set(sizes.values())) > 1:
        listed = ", ".join(f"{name} has {size}" for name, size in sizes.items())
        raise SamplesError(f"the samples differ in their number of rows: {listed}")
    size = next(iter(sizes.values()), 0)
    if size == 0:
        raise SamplesError("no samples: the arrays are empty")
    return size
