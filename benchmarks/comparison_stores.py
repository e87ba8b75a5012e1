"""How long it takes until a store of many runs has told all of them, their last metrics, and one loss curve.

``python benchmarks/comparison_stores.py TOOL STORE`` asks once and prints, as JSON, the seconds that imports
and the question took. Every store holds as many runs of 11 epochs: inspectree's with activations and
checkpoints, TensorBoard's as its callback leaves them with histograms, MLflow's the metrics in SQLite. Files
are in the system's cache. Weights & Biases has no reader of many offline runs.
"""

import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from report import markdown

EPOCHS, TIMES = 11, 5
METRICS = ("loss", "accuracy", "val_loss", "val_accuracy")

Answer = tuple[int, int]
"""How many runs have told their last metrics, and how many points the loss curve of one has."""


def ask_inspectree(store: Path) -> Callable[[], Answer]:
    """Return the question to inspectree."""
    from inspectree.server import open_store

    def ask() -> Answer:
        found = open_store(store).models
        told = sum("val_loss" in model.last_metrics for model in found)
        return told, len(found[0].history["loss"])

    return ask


def ask_tensorboard(store: Path) -> Callable[[], Answer]:
    """Return the question to TensorBoard's own reader of many runs; histograms are not kept in memory."""
    from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
    from tensorboard.compat import tf

    _ = tf.io.gfile  # TensorFlow is loaded when it is used for the first time

    def ask() -> Answer:
        runs = EventMultiplexer(tensor_size_guidance={"scalars": 0, "histograms": 1})
        runs.AddRunsFromDirectory(str(store)).Reload()
        names = [name for name in runs.Runs() if name.endswith("validation")]
        told = sum(bool(runs.Tensors(name, "epoch_loss")[-1].step >= 0) for name in names)
        return told, len(runs.Tensors(names[0].replace("validation", "train"), "epoch_loss"))

    return ask


def ask_mlflow(store: Path) -> Callable[[], Answer]:
    """Return the question to MLflow's client."""
    import mlflow
    from comparison_ways import NAME

    def ask() -> Answer:
        mlflow.set_tracking_uri(f"sqlite:///{store}/mlflow.db")
        client = mlflow.MlflowClient()
        experiment = client.get_experiment_by_name(NAME).experiment_id
        found, page = [], None
        while page is None or page:
            some = client.search_runs([experiment], max_results=1000, page_token=page)
            found, page = [*found, *some], some.token or ""
        told = sum("val_loss" in run.data.metrics for run in found)
        return told, len(client.get_metric_history(found[0].info.run_id, "loss"))

    return ask


def write_inspectree(store: Path, runs: int) -> None:
    """Write runs of small networks with everything that is recorded by default."""
    script = str(Path(__file__).with_name("stores.py"))
    command = [sys.executable, script, "many", str(store), "--models", str(runs)]
    subprocess.run([*command, "--checkpoints", str(EPOCHS)], check=True, capture_output=True)


def write_tensorboard(store: Path, runs: int) -> None:
    """Train once with the callback, and copy what it leaves."""
    import keras
    from comparison_ways import network
    from data import images

    x, y = images(None, 200)
    first = store / "run-0000"
    board = keras.callbacks.TensorBoard(first, histogram_freq=1)
    network().fit(x, y, validation_data=(x, y), epochs=EPOCHS, verbose=0, callbacks=[board])
    for number in range(1, runs):
        shutil.copytree(first, store / f"run-{number:04d}")


def write_mlflow(store: Path, runs: int) -> None:
    """Log metrics of as many epochs, a batch for each run."""
    from comparison_ways import mlflow_store
    from mlflow import MlflowClient
    from mlflow.entities import Metric

    experiment = mlflow_store(store)
    client = MlflowClient()
    for number in range(runs):
        run = client.create_run(experiment, run_name=f"run-{number:04d}").info.run_id
        metrics = [Metric(name, 1 / (1 + epoch), 0, epoch) for epoch in range(EPOCHS) for name in METRICS]
        client.log_batch(run, metrics)
        client.set_terminated(run)


WRITERS = {"inspectree": write_inspectree, "TensorBoard": write_tensorboard, "MLflow": write_mlflow}
ASKERS = {"inspectree": ask_inspectree, "TensorBoard": ask_tensorboard, "MLflow": ask_mlflow}


def opened(folder: Path, sizes: list[int]) -> str:
    """Write stores of these sizes, unless they are there, ask each in turn, and return the table."""
    rows = []
    for size in sizes:
        for tool, write in WRITERS.items():
            store = folder / f"{tool}-{size}"
            if not store.exists():
                write(store, size)
        found: dict[str, list[dict[str, float]]] = {tool: [] for tool in ASKERS}
        for _ in range(TIMES):
            for tool in ASKERS:
                found[tool].append(once(tool, folder / f"{tool}-{size}", size))
        for tool, each in found.items():
            part = [statistics.median(time[name] for time in each) for name in ("imports", "asking", "again")]
            rows.append((f"{size:,}", tool, *(f"{seconds:.2f}" for seconds in part)))
    return markdown(("runs", "", "imports, s", "asking, s", "asking again, s"), rows)


def once(tool: str, store: Path, size: int) -> dict[str, float]:
    """Ask in a process of its own; all runs must have told their metrics."""
    command = [sys.executable, __file__, tool, str(store)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    assert (told["runs"], told["points"] >= EPOCHS - 1) == (size, True), told
    return told


def main(tool: Annotated[str, typer.Argument()], store: Annotated[Path, typer.Argument()]) -> None:
    """Ask once, and again in the same process."""
    begun = time.perf_counter()
    ask = ASKERS[tool](store)
    loaded = time.perf_counter()
    runs, points = ask()
    answered = time.perf_counter()
    ask()
    seconds = {
        "imports": loaded - begun,
        "asking": answered - loaded,
        "again": time.perf_counter() - answered,
    }
    print(json.dumps({"runs": runs, "points": points, **seconds}))


if __name__ == "__main__":
    typer.run(main)
