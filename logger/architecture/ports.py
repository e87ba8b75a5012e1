"""The names of what a layer gives out."""

from typing import Any

import keras

from inspectree.logger.store.layout import ACTIVATIONS


def output_names(structure: Any) -> list[str]:
    """Return the names of the tensors in what a layer gives out, in the order of ``keras.tree``."""
    return list(named_outputs(structure))


def named_outputs(structure: Any) -> dict[str, Any]:
    """Return the tensors, symbolic or not, in what a layer gives out, by their names.

    The first is ``activations``, a further one ``activations.KEY``, where KEY is the path of keys to it
    joined by dots. What is no tensor (None, a number) has no name.
    """
    named: dict[str, Any] = {}
    for path, leaf in keras.tree.flatten_with_path(structure):
        if _is_tensor(leaf):
            name = ".".join(map(str, (ACTIVATIONS, *path))) if named else ACTIVATIONS
            named[_free(name, named)] = leaf
    return named


def _is_tensor(leaf: Any) -> bool:
    return isinstance(leaf, (keras.KerasTensor, keras.Variable)) or keras.ops.is_tensor(leaf)


def _free(name: str, taken: dict[str, Any]) -> str:
    """Return a name for a key that holds a dot, and so reads like a path to another tensor."""
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}@{number}"
    return free
