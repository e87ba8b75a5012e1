"""A training without a framework, in this process or another, and what it has logged."""

import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from inspectree.logger.header import Header
from inspectree.logger.store.reader import CheckpointReader, ModelReader
from inspectree.logger.store.writer import ModelWriter

SCRIPT = Path(__file__).with_name("training.py")


@pytest.fixture(scope="session")
def script() -> Path:
    """Return the file that logs a model when it is run."""
    return SCRIPT


@pytest.fixture(scope="session")
def training() -> SimpleNamespace:
    """Return what `training.py` defines."""
    return SimpleNamespace(**runpy.run_path(str(SCRIPT)))


@pytest.fixture(scope="session")
def started() -> Callable[..., "subprocess.Popen[str]"]:
    """Return a function that starts a training in a process of its own."""

    def start(*arguments: object) -> "subprocess.Popen[str]":
        command = [sys.executable, "-I", str(SCRIPT), *map(str, arguments)]
        return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    return start


@pytest.fixture(scope="session")
def logged(training: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory) -> ModelReader:
    """Return a finished model with three checkpoints, which nobody changes."""
    return ModelReader(training.train(tmp_path_factory.mktemp("runs"), "model", 3).folder)


@pytest.fixture
def checkpoint(logged: ModelReader) -> CheckpointReader:
    return logged.checkpoint(1)


@pytest.fixture(scope="session")
def compressed(training: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory) -> ModelReader:
    """Return a finished model with two checkpoints of which the arrays are compressed."""
    return ModelReader(training.train(tmp_path_factory.mktemp("runs"), "model", 2, 96).folder)


@pytest.fixture
def model(compressed: ModelReader, tmp_path: Path) -> ModelReader:
    """Return a copy of `compressed` to be damaged."""
    return ModelReader(shutil.copytree(compressed.folder, tmp_path / "runs" / "models" / "model"))


@pytest.fixture
def writer(tmp_path: Path) -> ModelWriter:
    """Return a writer that has not started yet."""
    return ModelWriter(tmp_path / "runs", Header(id="model", name="m"))
