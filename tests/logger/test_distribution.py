"""A model that is trained on several devices: one log, with what a single device holds."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from inspectree.logger.store.reader import ModelReader

BACKEND = keras.backend.backend()

SCRIPT = """
import sys
import keras, numpy as np
from inspectree.logger import TreeLogger

L = keras.layers

def made():
    keras.utils.set_random_seed(3)
    model = keras.Sequential([
        keras.Input((6, 6, 1)), L.Conv2D(4, 3, activation="relu", name="conv"),
        L.BatchNormalization(name="norm"), L.Dropout(0.3), L.Flatten(),
        L.Dense(3, activation="softmax", name="out"),
    ])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    return model

random = np.random.default_rng(0)
x, y = random.random((32, 6, 6, 1)).astype("float32"), np.arange(32) % 3
{distributed}
logger = TreeLogger(
    sys.argv[1], name="m", id="model", samples=(x[:9], y[:9]), save_model="every",
    precision="float32", on_error="raise",
)
model.fit(x, y, batch_size=8, epochs=2, verbose=0, callbacks=[logger])
"""

DISTRIBUTED = {
    "jax": """
distribution = keras.distribution.DataParallel()
assert distribution.device_mesh.shape == (2,)
keras.distribution.set_distribution(distribution)
model = made()
""",
    "tensorflow": """
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
assert strategy.num_replicas_in_sync == 2
with strategy.scope():
    model = made()
""",
}


def _started(script: str, *arguments: object, **environment: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-I", "-c", script, *map(str, arguments)]
    given = {**os.environ, "KERAS_BACKEND": BACKEND, **environment}
    return subprocess.Popen(command, env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _printed(process: "subprocess.Popen[str]") -> str:
    printed, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors[-3000:]
    return printed


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> ModelReader:
    """Return the log of a model that was trained on two devices."""
    if BACKEND not in DISTRIBUTED:
        pytest.skip("Keras does not distribute on this backend")
    store = tmp_path_factory.mktemp("distributed")
    script = SCRIPT.replace("{distributed}", DISTRIBUTED[BACKEND])
    _printed(_started(script, store, XLA_FLAGS="--xla_force_host_platform_device_count=2"))
    return ModelReader(store / "models" / "model")


def test_weights_and_activations_are_those_of_the_model_on_one_device(reader: ModelReader) -> None:
    assert reader.checkpoint_numbers() == [0, 1, 2]
    images = reader.read_samples("x").values
    for number in reader.checkpoint_numbers():
        checkpoint = reader.checkpoint(number)
        model: Any = keras.saving.load_model(reader.folder / "saved" / f"{number:06d}.keras")
        for layer, names in (
            ("conv", ("kernel", "bias")),
            ("norm", ("gamma", "moving_mean", "moving_variance")),
            ("out", ("kernel", "bias")),
        ):
            for name in names:
                expected = keras.ops.convert_to_numpy(getattr(model.get_layer(layer), name))
                np.testing.assert_array_equal(checkpoint.read(f"{layer}/{name}").values, expected)
            inner = keras.Model(model.inputs, model.get_layer(layer).output)
            stored = checkpoint.read(f"{layer}/activations").values
            np.testing.assert_allclose(stored, inner.predict(images, verbose=0), atol=1e-5)
    assert reader.checkpoint(0).read("norm/moving_mean").values.max() == 0


def test_there_is_one_log_with_all_that_a_run_has(reader: ModelReader) -> None:
    assert reader.state == "finished"
    assert [path.name for path in reader.folder.parent.iterdir()] == ["model"]
    assert [(line["epoch"], line["step"]) for line in reader.history()] == [(1, 4), (2, 8)]
    assert len(reader.hyperparameters["devices"]) == 2


WORKER = """
import sys
import keras, numpy as np
from inspectree.logger import TreeLogger

store, place, rank = sys.argv[1], sys.argv[2], int(sys.argv[3])
{joined}
x = np.ones((8, 2), "float32")
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
logger = TreeLogger(store, name="m", samples=x, on_error="raise")
model.fit(x, x[:, :1], batch_size=2, verbose=0, callbacks=[logger])
with TreeLogger(store, name="loop", samples=x, on_error="raise").attach(model) as log:
    log.checkpoint(metrics={"loss": 1.0})
print("iterations", int(model.optimizer.iterations))
"""

JOINED = {
    "torch": """
from torch import distributed
distributed.init_process_group("gloo", init_method=f"file://{place}", rank=rank, world_size=2)
""",
    "jax": """
import jax
jax.distributed.initialize(f"127.0.0.1:{place}", num_processes=2, process_id=rank)
""",
}


@pytest.mark.skipif(BACKEND not in JOINED, reason="several processes are joined by other means")
def test_of_several_processes_only_the_chief_writes(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = free.getsockname()[1] if BACKEND == "jax" else tmp_path / "meeting"
    script = WORKER.replace("{joined}", JOINED[BACKEND])
    processes = [_started(script, tmp_path / "runs", place, rank) for rank in (0, 1)]
    chief, other = [_printed(process) for process in processes]
    assert chief.count("inspectree: ") == 6
    assert other == "iterations 4\n"
    readers = [ModelReader(folder) for folder in (tmp_path / "runs" / "models").iterdir()]
    assert sorted(reader.header.name for reader in readers) == ["loop", "m"]
    assert [reader.checkpoint_numbers() for reader in readers] == [[0, 1], [0, 1]]
