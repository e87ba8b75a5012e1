"""The classes of the samples, as many as the model tells apart."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import keras

from inspectree.logger.architecture.model_graph import ModelGraph, Node
from inspectree.logger.errors import SamplesError
from inspectree.logger.store.record import Samples


def fit_classes(model: keras.Model, graph: ModelGraph, samples: Samples) -> Samples:
    """Return the samples with a class for each score of a classifier, also where no label is of that class.

    Raises
    ------
    SamplesError
        When the classes have names of their own, but not as many as there are scores.
    """
    output = graph.by_id[graph.outputs[0]] if len(graph.outputs) == 1 else None
    count = None if output is None else _told_apart(output, getattr(model, "loss", None))
    if samples.classes is None or count in {None, len(samples.class_names)}:
        return samples
    assert output is not None  # it has told the count
    assert count is not None
    if samples.class_names != _numbers(len(samples.class_names)):
        raise SamplesError(
            f"class_names has {len(samples.class_names)} names, "
            f"but the output {output.name!r} of the model {graph.name!r} tells {count} classes apart"
        )
    if samples.classes.max(initial=0) >= count:  # of classes that the model does not know
        return samples
    return replace(samples, class_names=_numbers(count))


def _numbers(count: int) -> tuple[str, ...]:
    return tuple(str(index) for index in range(count))


def _told_apart(output: Node, loss: Any) -> int | None:
    """Return how many classes an output (sample, class), or (sample, 1) of two, has; None otherwise."""
    sizes = output.outputs[0].shape[1:] if output.outputs else ()
    name = _name(loss)
    if len(sizes) == 1 and (sizes[0] or 0) > 1 and ("categorical" in name or _is_softmax(output)):
        return sizes[0]
    return 2 if sizes in {(), (1,)} and "binary" in name else None


def _is_softmax(output: Node) -> bool:
    return output.type == "Softmax" or output.config.get("activation") == "softmax"


def _name(loss: Any) -> str:
    """Return what a single output's loss is called, in small letters."""
    if isinstance(loss, Mapping):
        loss = list(loss.values())
    if isinstance(loss, (list, tuple)):
        return _name(loss[0]) if len(loss) == 1 else ""
    named = loss if isinstance(loss, str) else getattr(loss, "__name__", type(loss).__name__)
    return str(named).lower()
