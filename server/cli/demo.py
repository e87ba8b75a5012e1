"""The command that trains a small real tree of models, and serves it while it grows."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from inspectree.logger.store.layout import MODELS
from inspectree.server.cli.arguments import Port
from inspectree.server.cli.serve import PORT, serve_store
from inspectree.server.store import open_store

SCRIPT = "inspectree.sample_experiments.digits"
PATIENCE = 10


def demo(
    store: Annotated[Path, typer.Argument(help="the folder to log to")] = Path("demo"),
    serving: Annotated[bool, typer.Option("--serve/--no-serve", help="serve the store meanwhile")] = True,
    port: Port = PORT,
) -> None:
    """Train a small real tree of models on handwritten digits, and serve it while it grows."""
    store.joinpath(MODELS).mkdir(parents=True, exist_ok=True)
    complete = _is_complete(store)
    command = [sys.executable, "-m", SCRIPT, str(store)]
    if not serving:
        if not complete and subprocess.run(command, check=False).returncode:
            raise typer.Exit(1)
    elif complete:
        serve_store(store, port=port)
    else:
        _serve_while_training(store, port, command)


def _is_complete(store: Path) -> bool:
    models = open_store(store).models
    return bool(models) and all(model.state == "finished" for model in models)


def _serve_while_training(store: Path, port: int, command: list[str]) -> None:
    training = subprocess.Popen(command)
    try:
        serve_store(store, port=port, ends=training.terminate)
    finally:
        training.terminate()
        try:
            training.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            training.kill()
