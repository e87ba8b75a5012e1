import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from inspectree.logger import TreeLogger
from inspectree.logger.architecture.model_graph import ModelGraph
from inspectree.logger.hyperparameters import hyperparameters
from inspectree.logger.provenance import git_state
from inspectree.logger.settings import as_json
from inspectree.logger.store.reader import ModelReader


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


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), "-c", "user.name=n", "-c", "user.email=e", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a folder whose script is committed."""
    (tmp_path / "train.py").write_text("1")
    _git(tmp_path, "init", "--quiet")
    _git(tmp_path, "add", "train.py")
    _git(tmp_path, "commit", "--quiet", "--message", "first")
    return tmp_path


def test_the_commit_of_the_script_is_found(repository: Path) -> None:
    (repository / "log.txt").write_text("files that git does not know do not count")
    commit = _git(repository, "rev-parse", "HEAD")
    assert git_state(str(repository / "train.py")) == {"git_commit": commit, "git_dirty": False}


def test_a_change_since_the_commit_is_told(repository: Path) -> None:
    (repository / "train.py").write_text("2")
    assert git_state(str(repository / "train.py"))["git_dirty"] is True


def test_a_script_that_was_never_committed_is_told(repository: Path) -> None:
    (repository / "other.py").write_text("1")
    assert git_state(str(repository / "other.py"))["git_dirty"] is True


def test_outside_of_a_repository_there_is_no_commit(tmp_path: Path) -> None:
    nothing = {"git_commit": None, "git_dirty": None}
    assert git_state(str(tmp_path / "train.py")) == nothing
    assert git_state(None) == nothing


def test_without_git_there_is_no_commit(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))
    assert git_state(str(repository / "train.py"))["git_commit"] is None


# what is compiled


def _compiled(*arguments: Any, **options: Any) -> dict[str, Any]:
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(*arguments, **options)
    return _of(model)


def test_numbers_are_as_they_were_written() -> None:
    """Optimizers keep them in single precision."""
    found = _compiled(keras.optimizers.Adam(0.003, beta_1=0.85, clipnorm=0.1), "mse")["optimizer"]
    assert (found["learning_rate"], found["beta_1"], found["clipnorm"]) == (0.003, 0.85, 0.1)


class _Falling(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]  # Keras ships no types
    """A schedule that cannot tell what it was made with."""

    def __init__(self, first: float) -> None:
        self.first = first

    def __call__(self, step: Any) -> Any:
        return self.first / (keras.ops.cast(step, "float32") + 1)


def test_a_users_own_schedule_is_told_with_all_else() -> None:
    found = _compiled(keras.optimizers.SGD(_Falling(0.5), momentum=0.9), "mse", metrics=["mae"])
    assert found["optimizer"]["learning_rate"] == {"class": "_Falling", "first": 0.5}
    assert (found["optimizer"]["class"], found["optimizer"]["momentum"]) == ("SGD", 0.9)
    assert (found["loss"], found["metrics"]) == ("mse", ["mae"])


def test_a_lambda_is_told_without_its_code() -> None:
    """Keras would warn, and write it as Python's byte code."""
    assert _compiled("sgd", lambda y, p: keras.ops.mean(y - p))["loss"] == "<lambda>"


def test_losses_and_weights_in_lists() -> None:
    x = keras.Input((2,))
    model = keras.Model(x, [keras.layers.Dense(1)(x), keras.layers.Dense(1)(x)])
    model.compile(
        "sgd",
        ["mse", keras.losses.BinaryCrossentropy(label_smoothing=0.1)],
        loss_weights=[1, 0.25],
        metrics=[["mae"], []],
    )
    found = _of(model)
    assert found["loss"][0] == "mse"
    assert (found["loss"][1]["class"], found["loss"][1]["label_smoothing"]) == ("BinaryCrossentropy", 0.1)
    assert (found["loss_weights"], found["metrics"]) == ([1, 0.25], [["mae"], []])


def test_metrics_are_told_by_the_names_that_the_history_has() -> None:
    found = _compiled(
        "sgd", "mse", metrics=[keras.metrics.MeanSquaredError(name="q")], weighted_metrics=["mae"]
    )
    assert (found["metrics"][0]["class"], found["metrics"][0]["name"]) == ("MeanSquaredError", "q")
    assert found["weighted_metrics"] == ["mae"]


def test_every_optimizer_of_a_model_with_several_is_told() -> None:
    class Pair(keras.Model):  # type: ignore[misc]  # Keras ships no types
        def compile(self, d_optimizer: Any, g_optimizer: Any) -> None:
            super().compile()
            self.d_optimizer, self.g_optimizer = d_optimizer, g_optimizer

    model = Pair()
    model.compile(keras.optimizers.Adam(0.1), keras.optimizers.SGD(0.2))
    found = _of(model)["optimizers"]
    assert {name: (told["class"], told["learning_rate"]) for name, told in found.items()} == {
        "d_optimizer": ("Adam", 0.1),
        "g_optimizer": ("SGD", 0.2),
    }


def test_the_precision_policy_is_told() -> None:
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)], name="m")
    model.dtype_policy = "mixed_bfloat16"
    assert _of(model)["dtype_policy"] == "mixed_bfloat16"


# what fit is given


class _Batches(keras.utils.PyDataset):  # type: ignore[misc]  # Keras ships no types
    batch_size = 3

    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: int) -> Any:
        return X[:3], Y[:3]


X = np.ones((6, 2), np.float32)
Y = X[:, :1]


def _generated() -> Any:
    while True:
        yield X[:3], Y[:3]


def _dataset() -> Any:
    data = pytest.importorskip("tensorflow").data
    return data.Dataset.from_tensor_slices((X, Y)).batch(3, drop_remainder=True)


def _loader() -> Any:
    data = pytest.importorskip("torch").utils.data
    tensor = pytest.importorskip("torch").tensor
    return data.DataLoader(data.TensorDataset(tensor(X), tensor(Y)), batch_size=3)


FED: dict[str, Callable[[], dict[str, Any]]] = {
    "arrays": lambda: {"x": X, "y": Y, "batch_size": 3},
    "tf.data": lambda: {"x": _dataset(), "shuffle": False},
    "PyDataset": lambda: {"x": _Batches()},
    "DataLoader": lambda: {"x": _loader(), "shuffle": False},
    "generator": lambda: {"x": _generated(), "steps_per_epoch": 2, "shuffle": False},
}


@pytest.mark.parametrize("fed", FED.values(), ids=FED)
def test_batch_size_epochs_and_steps_are_found_whatever_holds_the_data(
    fed: Callable[[], dict[str, Any]], tmp_path: Path
) -> None:
    keras.utils.set_random_seed(12)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    logger = TreeLogger(tmp_path, name="m", samples=X, on_error="raise")
    model.fit(**fed(), epochs=2, verbose=0, callbacks=[logger])
    reader = ModelReader(tmp_path / "models" / logger.header.id)
    found = reader.hyperparameters
    assert (found["batch_size"], found["epochs"], found["seed"]) == (3, 2, 12)
    assert found["steps_per_epoch"] in {2, None}  # Keras does not count every kind of data beforehand
    assert [reader.checkpoint(number).step for number in reader.checkpoint_numbers()] == [0, 2, 4]


# what the user adds


def test_what_the_user_adds_has_a_place_of_its_own(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    added = {"data": "clean", "loss": [1, 2.5, None]}
    logger = TreeLogger(tmp_path, name="m", samples=X, hyperparameters=added)
    with logger.attach(model):
        pass
    found = ModelReader(tmp_path / "models" / logger.header.id).hyperparameters
    assert found["user"] == added
    assert (found["loss"], found["optimizer"]) == (None, None)
    assert {"keras", "devices", "date", "python"} <= set(found)


def test_what_is_no_json_is_refused_before_any_training(tmp_path: Path) -> None:
    message = r"^the hyperparameter 'x' cannot be written as JSON: Object of type object .*$"
    with pytest.raises(ValueError, match=message):
        TreeLogger(tmp_path, name="m", samples=X, hyperparameters={"x": object()})
    assert list(tmp_path.iterdir()) == []


def test_numbers_of_numpy_are_taken_for_numbers() -> None:
    given = {"rate": np.float32(0.5), "sizes": np.arange(3), "nested": {"deep": [np.int64(2)]}}
    assert as_json(given) == {"rate": 0.5, "sizes": [0, 1, 2], "nested": {"deep": [2]}}
