"""The code of the walk-throughs runs, on the models that they are about."""

import re
from pathlib import Path

import pytest

from inspectree.sample_experiments import assessment, balancing, distributions
from inspectree.sample_experiments.experiments import EXPERIMENTS
from inspectree.sample_experiments.images import Images
from inspectree.server.cli import main

DOCS = Path(__file__).parents[2] / "docs" / "experiments"
NAMES = ("assessment", "balancing", "distributions")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, images: Images) -> Path:
    """Return a folder with a store ``runs`` of the models that the code names, trained for an epoch."""
    folder = tmp_path_factory.mktemp("walk")
    store = str(folder / "runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(balancing, "ROOT", "vae_90_10")
        for name in ("conv_skip", "conv_squeeze"):
            alone = assessment.Variation(name, (), "", assessment.TREE[name].body)
            patch.setitem(assessment.TREE, name, alone)
        for name in ("conv_skip", "conv_squeeze", "conv_balanced"):
            assessment.train(store, name, images, epochs=1)
        for balance in ((90, 10), (25, 75)):
            balancing.train(store, balance, images, epochs=1)
        for name in (distributions.RELU, distributions.LINEAR):
            distributions.train(store, name, images, epochs=1)
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_the_code_of_a_walk_through_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], runs: Path, name: str
) -> None:
    monkeypatch.chdir(runs)
    blocks = FENCED.findall((DOCS / f"{name}.md").read_text(encoding="utf-8"))
    python = [code for language, code in blocks if language == "python"]
    assert python
    for code in python:
        exec(compile(code, name, "exec"), {})  # the documentation's own code
    assert capsys.readouterr().out


@pytest.mark.parametrize("name", NAMES)
def test_the_command_of_a_walk_through_is_understood(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """It is parsed; what it starts is run by the tests beside this one."""
    monkeypatch.chdir(tmp_path)
    text = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    commands = [code.strip() for language, code in FENCED.findall(text) if not language]
    assert commands == [f"inspectree demo runs --experiment {name}"]
    assert name in EXPERIMENTS
    assert main([*commands[0].split()[1:], "--help"]) == 0
    assert "--experiment" in capsys.readouterr().out
