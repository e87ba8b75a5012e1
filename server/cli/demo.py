"""The command that trains a small real tree of models, and serves it while it grows."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from inspectree.logger.errors import StoreError
from inspectree.logger.store.layout import MODELS
from inspectree.sample_experiments.experiments import EXPERIMENTS, Experiment
from inspectree.server.cli.arguments import PORT, Port
from inspectree.server.running import serve_store
from inspectree.server.store import open_store

DEFAULT = "digits"
PATIENCE = 10

QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}
"""Without TensorFlow's start-up notes, one of which only ends with the optimisation that it is about."""


def demo(
    store: Annotated[Path, typer.Argument(help="the folder to log to")] = Path("demo"),
    experiment: Annotated[str, typer.Option(help=f"what to train: {', '.join(EXPERIMENTS)}")] = DEFAULT,
    data: Annotated[
        str | None, typer.Option(help="other images than digits: an .npz file, mnist, fashion_mnist, cifar10")
    ] = None,
    serving: Annotated[bool, typer.Option("--serve/--no-serve", help="serve the store meanwhile")] = True,
    port: Port = PORT,
) -> None:
    """Train a small real tree of models on handwritten digits, and serve it while it grows."""
    chosen = _chosen(experiment, data)
    store.joinpath(MODELS).mkdir(parents=True, exist_ok=True)
    complete = _is_complete(store, chosen.models)
    options = [] if data is None else ["--data", data]
    command = [sys.executable, "-m", chosen.script, str(store), *options]
    environment = {**QUIET, **os.environ}
    if not serving:
        if not complete and subprocess.run(command, env=environment, check=False).returncode:
            raise typer.Exit(1)
    elif complete:
        serve_store(store, port=port)
    else:
        _serve_while_training(store, port, subprocess.Popen(command, env=environment))


def _chosen(name: str, data: str | None) -> Experiment:
    """Return an experiment that there is and that takes the data."""
    if name not in EXPERIMENTS:
        raise typer.BadParameter(f"there is no experiment {name!r}; there are {', '.join(EXPERIMENTS)}")
    chosen = EXPERIMENTS[name]
    if data is not None and not chosen.takes_data:
        others = ", ".join(other for other, each in EXPERIMENTS.items() if each.takes_data)
        raise typer.BadParameter(f"{name} is always about the digits; --data goes with {others}")
    return chosen


def _is_complete(store: Path, names: tuple[str, ...]) -> bool:
    """Tell whether the tree has been trained, also where models of one's own have been added to it.

    A part of it is refused: it could not be added again, and looks like the whole. So are other models.
    """
    models = open_store(store).models
    state = {model.header.name: model.state for model in models}
    left = [name for name in names if state.get(name) != "finished"]
    if left and not state.keys().isdisjoint(names):
        raise StoreError(
            f"{store} holds a tree that is not finished ({left[0]}): delete it, or name another folder"
        )
    if left and models:
        raise StoreError(f"{store} holds other models ({models[0].header.title}): name another folder")
    return not left


def _serve_while_training(store: Path, port: int, training: subprocess.Popen[bytes]) -> None:
    try:
        serve_store(store, port=port, ends=training.terminate)
    finally:
        training.terminate()
        try:
            training.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            training.kill()
