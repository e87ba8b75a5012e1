import json
import subprocess
from pathlib import Path
from typing import Any

import keras
import pytest

from inspectree.logger.architecture.model_graph import ModelGraph
from inspectree.logger.hyperparameters import git_commit, hyperparameters


def test_what_was_found_in_a_real_training(logged: Any) -> None:
    found = logged.reader.hyperparameters
    assert found["optimizer"]["class"] == "Adam"
    assert found["optimizer"]["learning_rate"] == pytest.approx(0.01)
    assert (found["loss"], found["metrics"]) == ("sparse_categorical_crossentropy", ["accuracy"])
    assert (found["batch_size"], found["epochs"], found["steps_per_epoch"]) == (20, 2, 3)
    assert found["dtype_policy"] == "float32"
    assert found["parameters"] == logged.model.count_params()
    assert (
        found["trainable_parameters"] == found["parameters"] - 8
    )  # the moving mean and variance of 4 channels
    assert (found["keras"], found["backend"]) == (keras.version(), keras.backend.backend())
    assert found["iterations_before"] == 0
    assert {"python", "host", "devices", "date", "script", "git_commit", "backend_version"} <= set(found)


def _of(model: Any) -> dict[str, Any]:
    graph = ModelGraph(name="m", type="T", framework="f", nodes=(), edges=())
    found = hyperparameters(model, graph, {}, {})
    assert json.loads(json.dumps(found)) == found
    return found


def test_a_schedule_is_told_with_its_numbers() -> None:
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    rate = keras.optimizers.schedules.ExponentialDecay(0.5, 100, 0.9)
    model.compile(
        keras.optimizers.SGD(rate, momentum=0.25), keras.losses.CategoricalCrossentropy(label_smoothing=0.1)
    )
    found = _of(model)
    assert found["optimizer"]["momentum"] == 0.25
    assert found["optimizer"]["learning_rate"]["class"] == "ExponentialDecay"
    assert found["optimizer"]["learning_rate"]["decay_steps"] == 100
    assert (found["loss"]["class"], found["loss"]["label_smoothing"]) == ("CategoricalCrossentropy", 0.1)


def test_losses_and_weights_of_several_outputs() -> None:
    x = keras.Input((2,))
    model = keras.Model(x, {"a": keras.layers.Dense(1)(x), "b": keras.layers.Dense(1)(x)})
    model.compile("sgd", {"a": "mse", "b": "mae"}, loss_weights={"a": 1.0, "b": 0.5})
    found = _of(model)
    assert (found["loss"], found["loss_weights"]) == ({"a": "mse", "b": "mae"}, {"a": 1.0, "b": 0.5})


def test_a_users_own_loss_is_told_by_name() -> None:
    def my_loss(y: Any, prediction: Any) -> Any:
        return keras.ops.mean(y - prediction)

    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", my_loss)
    assert "my_loss" in json.dumps(_of(model)["loss"])


def test_a_model_that_was_never_compiled_has_no_optimizer() -> None:
    assert _of(keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]))["optimizer"] is None


def test_the_commit_of_the_script_is_found(tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        command = ["git", "-C", str(tmp_path), "-c", "user.name=n", "-c", "user.email=e", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "--quiet")
    git("commit", "--quiet", "--allow-empty", "--message", "first")
    assert git_commit(str(tmp_path / "train.py")) == git("rev-parse", "HEAD")


def test_outside_of_a_repository_there_is_no_commit(tmp_path: Path) -> None:
    assert git_commit(str(tmp_path / "train.py")) is None
    assert git_commit(None) is None


def test_without_git_there_is_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git_commit(str(tmp_path / "train.py")) is None
