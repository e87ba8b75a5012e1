"""What every log has to tell, whatever kind of model it is of."""

from collections import Counter
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from inspectree.server import open_store
from tests.logger.zoo.conftest import Watched

HALF = 2.0**-11
"""The relative error of rounding to float16."""

SUBNORMAL = 2.0**-25
"""The absolute error of rounding numbers below float16's normal ones."""

COMPUTED = {"float16": 2.0**-8, "bfloat16": 2.0**-5}
"""What compiling may change in a model that computes with few digits, relative to the largest value."""


def _noise(model: Any) -> float:
    dtypes = {layer.compute_dtype for layer in model._flatten_layers()}
    return max((COMPUTED.get(dtype, 2e-5) for dtype in dtypes), default=2e-5)


def _assert_near(watched: Watched, actual: NDArray[Any], expected: NDArray[Any], rounding: float) -> None:
    """Compare what was stored with what was seen; non-finite values have to be the same ones."""
    assert actual.shape == expected.shape
    expected = expected.astype(np.float64)
    scale = np.abs(expected[np.isfinite(expected)]).max(initial=0.0)
    np.testing.assert_allclose(
        actual.astype(np.float64), expected, rtol=rounding, atol=_noise(watched.model) * scale + SUBNORMAL
    )


def _shown(watched: Watched) -> set[str]:
    """Return the paths of all calls but those inside a layer whose inside cannot be seen."""
    opaque = {f"{node.id}/" for node in watched.reader.graph.nodes if node.inside == "opaque"}
    return {path for path in watched.seen.outputs if not any(path.startswith(layer) for layer in opaque)}


def _expected(watched: Watched) -> dict[str, NDArray[Any]]:
    """Return what must be recorded: each numeric output of each call that has a row per sample."""
    rows = watched.specimen.rows
    return {
        f"{path}/{name}": values
        for path in _shown(watched)
        for name, values in watched.seen.outputs[path].items()
        if values.dtype.kind in "biuf" and values.shape[:1] == (rows,)
    }


def test_training_is_the_same_as_without_the_logger(watched: Watched) -> None:
    assert watched.history == watched.alone


def test_the_store_opens(watched: Watched) -> None:
    (model,) = open_store(watched.reader.folder.parent.parent).models
    assert model.state == "finished"
    assert [checkpoint.epoch for checkpoint in model.checkpoints] == [0, 1, 2]


def test_every_layer_that_is_called_is_a_node(watched: Watched) -> None:
    calls = {node.id for node in watched.reader.graph.layers if node.kind == "layer"}
    assert _shown(watched) - calls == set()


def test_every_output_that_has_a_row_per_sample_is_recorded(watched: Watched) -> None:
    recorded = {path for path, entry in watched.last.entries.items() if entry.kind == "activations"}
    inputs = {f"{node.id}/activations" for node in watched.reader.graph.inputs}
    assert recorded - inputs == set(_expected(watched))


def test_the_activations_are_what_the_layers_give_out(watched: Watched) -> None:
    for path, values in _expected(watched).items():
        _assert_near(watched, watched.last.read(path).values, values, HALF)


def test_the_class_means_are_those_of_the_activations(watched: Watched) -> None:
    truth = watched.specimen.truth
    means = {path for path, entry in watched.last.entries.items() if entry.kind == "class_means"}
    if truth is None:
        assert means == set()
        return
    truth = truth[: watched.specimen.rows]
    for path, values in _expected(watched).items():
        layer, _, name = path.rpartition("/")
        with np.errstate(invalid="ignore", over="ignore"):
            expected = [values[truth == c].astype(np.float64).mean(axis=0) for c in np.unique(truth)]
        recorded = watched.last.read(f"{layer}/{name.replace('activations', 'mean_class_activations')}")
        assert recorded["class"].values.tolist() == [str(c) for c in np.unique(truth)]
        _assert_near(watched, recorded.values, np.array(expected), 1e-6)


def test_the_masks_are_those_that_the_layers_make(watched: Watched) -> None:
    recorded = {path for path, entry in watched.last.entries.items() if entry.kind == "mask"}
    assert {f"{path}/mask" for path in watched.seen.made_masks} - recorded == set()
    for path in recorded:
        mask = watched.seen.masks[path.removesuffix("/mask")]
        np.testing.assert_array_equal(watched.last.read(path).values, mask)


def test_the_weights_are_those_of_the_model_bit_for_bit(watched: Watched) -> None:
    """Each variable is there once, under the name that its layer gave it."""
    expected = Counter(
        (weight.name, _stored(weight).tobytes())
        for weight in {id(weight): weight for weight in watched.model.weights}.values()
    )
    recorded = Counter(
        (entry.name.partition("@")[0], watched.last.read(path).values.tobytes())
        for path, entry in watched.last.entries.items()
        if entry.kind == "weights"
    )
    assert recorded == expected


def _stored(weight: Any) -> NDArray[Any]:
    return np.asarray(keras.ops.convert_to_numpy(weight.value))


def test_what_is_trainable_is_told(watched: Watched) -> None:
    nodes = [variable for node in watched.reader.graph.nodes for variable in node.variables]
    trainable = sum(variable.size for variable in nodes if variable.trainable)
    assert trainable == sum(int(np.prod(weight.shape)) for weight in watched.model.trainable_weights)


def test_the_predictions_are_those_of_keras(watched: Watched) -> None:
    recorded = [
        watched.last.read(path).values
        for path, entry in watched.last.entries.items()
        if entry.kind == "prediction"
    ]
    assert len(recorded) == len(watched.predictions)
    for values, expected in zip(
        sorted(recorded, key=_order), sorted(watched.predictions, key=_order), strict=True
    ):
        _assert_near(watched, values, expected, 1e-6)


def _order(values: NDArray[Any]) -> Any:
    return values.shape, float(values.astype(np.float64).sum())


def test_classes_are_told_where_there_are_classes(watched: Watched) -> None:
    specimen = watched.specimen
    assert watched.reader.class_names == tuple(map(str, range(specimen.classes)))
    path = next(path for path, entry in watched.last.entries.items() if entry.kind == "prediction")
    coords = watched.last.lazy(path).coords
    assert ("class" in coords) == (specimen.truth is not None)
    assert ("correct" in coords) == (specimen.truth is not None and specimen.tells)
    if specimen.truth is None or not specimen.tells:
        return
    truth, scores = specimen.truth[: specimen.rows], watched.predictions[0]
    predicted = scores.argmax(axis=1) if scores.shape[1] > 1 else (scores[:, 0] > specimen.cut).astype(int)
    assert coords["class"].values.tolist() == [str(c) for c in truth]
    assert coords["predicted"].values.tolist() == [str(c) for c in predicted]
    assert coords["correct"].values.tolist() == (predicted == truth).tolist()
