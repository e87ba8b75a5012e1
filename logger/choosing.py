"""Which rows to follow: the classes that labels hold, and a fair share of each."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from inspectree.logger.errors import SamplesError
from inspectree.logger.store.prediction import NO_CLASS
from inspectree.logger.store.record import Array

Indices = NDArray[np.int64]

MOST_CLASSES = 1000
"""Integer labels from here on are taken for quantities, unless class names say otherwise."""


def find_classes(
    labels: Mapping[str, Array], class_names: Sequence[str] | None = None
) -> tuple[Indices | None, tuple[str, ...]]:
    """Return each row's class index (sample) and the class names; None where the labels hold no classes.

    Classes are integer labels, 0/1 labels and one-hot rows, of the first label array that holds such; and
    texts, where ``class_names`` tell their order.

    Raises
    ------
    SamplesError
        When ``class_names`` don't fit the labels.
    """
    most = len(class_names) if class_names else MOST_CLASSES
    for values in labels.values():
        found = _named_classes(values, class_names) if class_names else _classes_of(values)
        if found is not None and (class_names or found[1] <= most):
            classes, count = found
            return classes, _names(count, class_names)
    if class_names:
        raise SamplesError(
            "class_names were given, but no labels with a class per sample: integers, names or one-hot rows"
        )
    return None, ()


def _names(count: int, class_names: Sequence[str] | None) -> tuple[str, ...]:
    if not class_names:
        return tuple(str(index) for index in range(count))
    names = tuple(str(name) for name in class_names)
    if count > len(names):
        raise SamplesError(f"class_names has {len(names)} names, but the labels have {count} classes")
    if "" in names:
        raise SamplesError("class_names holds an empty name: give every class one")
    if len(set(names)) < len(names):
        raise SamplesError(f"class_names holds a name twice: {', '.join(names)}")
    return names


def _named_classes(values: Array, names: Sequence[str]) -> tuple[Indices, int] | None:
    """Return the classes of labels, which may be the classes' names."""
    if values.dtype.kind != "U" or values.size != len(values):
        return _classes_of(values)
    indices = {str(name): index for index, name in enumerate(names)}
    unknown = sorted({*values.flat} - {*indices})
    if unknown:
        raise SamplesError(f"the labels hold {str(unknown[0])!r}, which class_names does not")
    return np.array([indices[str(label)] for label in values.flat], np.int64), len(names)


def _classes_of(values: Array) -> tuple[Indices, int] | None:
    if values.ndim == 2 and values.shape[1] > 1:
        return _one_hot(values)
    if values.ndim == 0 or values.ndim > 2:
        return None
    flat = values.reshape(-1)
    binary = flat.dtype.kind in "bf" and bool(np.isin(flat, (0, 1)).all())
    if not binary and (flat.dtype.kind not in "iu" or flat.min() < NO_CLASS):
        return None
    return flat.astype(np.int64), max(int(flat.max()) + 1, 2 if binary else 1)


def _one_hot(values: Array) -> tuple[Indices, int] | None:
    if values.dtype.kind not in "biuf" or not np.isin(values, (0, 1)).all():
        return None
    if not (values.sum(axis=1) == 1).all():
        return None
    return values.argmax(axis=1).astype(np.int64), values.shape[1]


def choose_rows(count: int, at_most: int, classes: Indices | None, seed: int) -> Indices:
    """Return up to ``at_most`` of ``count`` rows, ascending; of each class its share, and one at least.

    The same arguments give the same rows.
    """
    if count <= at_most:
        return np.arange(count)
    random = np.random.default_rng(seed)
    if classes is None:
        return np.sort(random.choice(count, at_most, replace=False))
    present, sizes = np.unique(classes, return_counts=True)
    chosen = [
        random.choice(np.flatnonzero(classes == index), share, replace=False)
        for index, share in zip(present, allot(sizes, at_most), strict=True)
    ]
    return np.sort(np.concatenate(chosen))


def allot(sizes: Indices, places: int) -> Indices:
    """Return how many of ``places`` each class gets: one where there are enough, the rest by size."""
    first = np.ones_like(sizes) if places >= len(sizes) else np.zeros_like(sizes)
    shares: Indices = first + _proportional(sizes - first, places - int(first.sum()))
    return shares


def _proportional(sizes: Indices, places: int) -> Indices:
    """Share ``places`` in proportion to ``sizes``, the remainders going to the largest fractions."""
    if places == 0:
        return np.zeros_like(sizes)
    exact = sizes * (places / sizes.sum())
    shares: Indices = np.floor(exact).astype(np.int64)
    largest_fractions = np.argsort(shares - exact, kind="stable")
    shares[largest_fractions[: places - int(shares.sum())]] += 1
    return shares
