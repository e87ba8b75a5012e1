"""In a model where one layer is at fault, the measure for that fault names it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inspectree.server import Store, open_store
from inspectree.server.interestingness.asking import Question, interestingness

COUNT = 60
LAYERS = [f"layer{number}" for number in range(6)]
CLASSES = np.arange(COUNT) % 3


@pytest.fixture
def sound() -> list[dict[str, dict[str, Any]]]:
    """Return three checkpoints of six layers, none odd: they learn a little, and tell classes apart."""
    rng = np.random.default_rng(6)
    direction = {name: rng.normal(size=(8, 8)) for name in LAYERS}
    start = {name: rng.normal(size=(8, 8)) for name in LAYERS}
    outputs = {
        name: np.eye(3)[CLASSES] @ rng.normal(size=(3, 8)) + rng.normal(size=(COUNT, 8)) for name in LAYERS
    }
    return [
        {
            name: {
                "kernel": (start[name] + 0.1 * number * direction[name]).astype(np.float32),
                "activations": np.tanh(0.3 * outputs[name]).astype(np.float32),
            }
            for name in LAYERS
        }
        for number in range(3)
    ]


def dead(values: Any) -> Any:
    values[:, :4] = 0
    return values


def saturated(values: Any) -> Any:
    return np.sign(values) * 0.999


def mixed_up(values: Any) -> Any:
    return np.random.default_rng(0).permutation(values)


def low_rank(values: Any) -> Any:
    return np.outer(values[:, 0], values[0])


def broken(values: Any) -> Any:
    values[0, :3] = np.nan
    return values


def lopsided(values: Any) -> Any:
    return np.exp(2 * values)


def one_outlier(values: Any) -> Any:
    values[3, 3] = 40
    return values


FAULTS = {
    "variance": ("kernel", lambda values: values * 6),
    "norm": ("kernel", lambda values: values * 6),
    "minimum": ("kernel", lambda values: values - 9),
    "maximum": ("kernel", one_outlier),
    "range": ("kernel", one_outlier),
    "kurtosis": ("kernel", one_outlier),
    "skew": ("kernel", lopsided),
    "entropy": ("kernel", lopsided),
    "distribution": ("kernel", lambda values: values + 6),
    "sparsity": ("activations", dead),
    "dead_units": ("activations", dead),
    "saturation": ("activations", saturated),
    "separability": ("activations", mixed_up),
    "nonfinite": ("kernel", broken),
    "effective_rank": ("kernel", low_rank),
}


@pytest.mark.parametrize("measure", FAULTS)
def test_the_guilty_layer_is_found(tmp_path: Path, plant: Any, sound: list[Any], measure: str) -> None:
    guilty = LAYERS[4]
    name, fault = FAULTS[measure]
    sound[-1][guilty][name] = fault(sound[-1][guilty][name]).astype(np.float32)
    plant("m", *sound, classes=CLASSES, configs={each: {"activation": "tanh"} for each in LAYERS})
    assert first(open_store(tmp_path), measure) == guilty


@pytest.mark.parametrize(
    ("measure", "checkpoints"), [("change", (1, 2)), ("step_change", (2,)), ("step_change", (1, 2))]
)
def test_the_layer_that_moves_otherwise_is_found(
    tmp_path: Path, plant: Any, sound: list[Any], measure: str, checkpoints: tuple[int, ...]
) -> None:
    """Far from where it began, or just now; of those that have stopped to learn, too."""
    for number in checkpoints:
        sound[number]["layer2"]["kernel"] = (sound[0]["layer2"]["kernel"] * (1 + number)).astype(np.float32)
    plant("m", *sound)
    assert first(open_store(tmp_path), measure) == "layer2"


def test_the_layer_that_has_stopped_to_learn_is_found(tmp_path: Path, plant: Any, sound: list[Any]) -> None:
    sound[2]["layer3"]["kernel"] = sound[1]["layer3"]["kernel"]
    plant("m", *sound)
    assert first(open_store(tmp_path), "step_change") == "layer3"


def first(store: Store, measure: str) -> str:
    """Return the layer that is named first; the model's own score is that layer's."""
    answer = interestingness(store.catalog, Question(measure=measure))
    layers = {each["uoa"]: each for each in answer["scores"] if each["level"] == "layer"}
    ranked = sorted(layers, key=lambda uoa: (layers[uoa]["score"], layers[uoa]["deviation"]), reverse=True)
    model = next(each for each in answer["scores"] if each["level"] == "model")
    assert model["score"] == layers[ranked[0]]["score"] == 1
    assert model["deviation"] == layers[ranked[0]]["deviation"]
    return ranked[0].rpartition("/")[2]
