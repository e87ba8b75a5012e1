"""`inspectree demo` runs any of the experiments, on data of one's own where they take it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inspectree.sample_experiments import assessment, balancing, distributions
from inspectree.sample_experiments.experiments import ASSESSMENT, BALANCES, DISTRIBUTIONS, EXPERIMENTS
from inspectree.sample_experiments.images import ARRAYS, load_images
from inspectree.server.cli import main


def test_every_experiment_names_its_models() -> None:
    assert tuple(assessment.TREE) == ASSESSMENT
    assert tuple(distributions.ATTEMPTS) == DISTRIBUTIONS
    assert BALANCES[0] == (50, 50)
    assert balancing.ROOT == "vae_50_50"


@pytest.mark.parametrize("name", ["assessment", "balancing", "distributions"])
def test_the_demo_starts_the_experiment_s_script(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    started: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[bytes]:
        started.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    words = ["demo", str(tmp_path), "--experiment", name, "--data", "own.npz", "--no-serve"]
    assert main(words) == 0
    script = EXPERIMENTS[name].script
    assert started == [[sys.executable, "-m", script, str(tmp_path), "--data", "own.npz"]]


def test_an_unknown_experiment_is_refused_with_those_that_there_are(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["demo", str(tmp_path), "--experiment", "nothing", "--no-serve"]) == 2
    line = "there is no experiment 'nothing'; there are digits, assessment, balancing, distributions"
    assert line in capsys.readouterr().err


def test_the_usual_demo_takes_no_other_data(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["demo", str(tmp_path), "--data", "own.npz", "--no-serve"]) == 2
    assert "--data goes with assessment, balancing, distributions" in capsys.readouterr().err


@pytest.mark.parametrize("shape", [(28, 28), (32, 32, 3)])
def test_a_file_like_those_of_keras_is_read(tmp_path: Path, shape: tuple[int, ...]) -> None:
    """Grey images get a channel, bytes become shares of 255, classes a row."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (6, *shape), dtype=np.uint8)
    y = np.array([[0], [1], [2], [0], [1], [2]])
    file = tmp_path / "own.npz"
    np.savez(file, x_train=x, y_train=y, x_test=x[:3], y_test=y[:3])
    images = load_images(str(file))
    assert images.shape == (*shape[:2], shape[2] if len(shape) == 3 else 1)
    assert images.x_train.reshape(x.shape) == pytest.approx(x / 255, abs=1e-6)
    assert images.y_test.tolist() == [0, 1, 2]
    assert images.class_names == ("0", "1", "2")


def test_a_file_that_lacks_an_array_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "half.npz", x_train=np.zeros((2, 4, 4)))
    with pytest.raises(ValueError, match=f"holds no y_train; it needs {', '.join(ARRAYS)}"):
        load_images(str(tmp_path / "half.npz"))


def test_digits_are_halved_with_all_classes_in_both() -> None:
    images = load_images()
    assert len(images.x_train) + len(images.x_test) == 1797
    assert set(images.y_train) == set(images.y_test) == set(range(10))
    assert images.x_train.min() == 0
    assert images.x_train.max() == 1
