"""The short scripts run, and log what they promise."""

from pathlib import Path

import numpy as np
import pytest

from inspectree.sample_experiments import (
    gan,
    sweep,
    text_classifier,
    time_series,
    transfer,
    transformer,
)
from inspectree.server import open_store

MOST_LINES = 80


def test_a_text_classifier_s_samples_can_be_read(tmp_path: Path) -> None:
    text_classifier.main(str(tmp_path), epochs=1)
    model = open_store(tmp_path)["text_lstm"]
    assert model.checkpoint_numbers == (0, 1)
    assert model.class_names == text_classifier.CLASSES
    words = model.reader.vocabulary["words"]
    numbers = model.checkpoints[-1]["words/activations"].values.astype(int)
    read = {" ".join(words[number] for number in row if number) for row in numbers}
    assert read <= set(text_classifier.sentences()[0])
    assert model.checkpoints[-1]["lstm/activations"].dims == ("sample", "time", "unit")


def test_a_transformer_s_attention_is_recorded(tmp_path: Path) -> None:
    transformer.main(str(tmp_path), epochs=1, count=64)
    last = open_store(tmp_path)["transformer"].checkpoints[-1]
    scores = last["attention_1/activations.1"]
    assert scores.dims == ("sample", "head", "query", "key")
    assert scores.values.astype(float).sum(axis=-1) == pytest.approx(np.ones((200, 2, 8)), abs=5e-3)


def test_one_token_comes_twice() -> None:
    x, twice = transformer.sequences(50, seed=3)
    for row, token in zip(x, twice, strict=True):
        found, counts = np.unique(row, return_counts=True)
        assert sorted(counts) == [1] * 6 + [2]
        assert found[counts == 2] == token


def test_a_regressor_has_no_classes_and_checkpoints_as_asked(tmp_path: Path) -> None:
    time_series.main(str(tmp_path), epochs=3, count=64)
    model = open_store(tmp_path)["time_series"]
    assert [moment.epoch for moment in model.moments] == [0, 2]
    assert model.class_names == ()
    assert {"mae", "val_mae"} <= model.last_metrics.keys()
    assert model.checkpoints[-1].updates() is not None


def test_windows_are_followed_by_their_values() -> None:
    x, y = time_series.windows(40, seed=0)
    assert x.shape == (40, time_series.WINDOW, 1)
    assert x[1:, -1] == pytest.approx(y[:-1])


def test_a_gan_s_halves_are_logged_side_by_side(tmp_path: Path) -> None:
    gan.main(str(tmp_path), epochs=2)
    store = open_store(tmp_path)
    generator, discriminator = store["generator"], store["discriminator"]
    assert generator.state == discriminator.state == "finished"
    assert [moment.step for moment in generator.moments] == [0, 28, 56]
    assert generator.checkpoints[-1]["image/activations"].shape == (200, 8, 8, 1)
    first, last = (discriminator.checkpoint(n)["conv/kernel"] for n in ("first", "last"))
    assert not np.array_equal(first, last)


def test_a_frozen_backbone_stays_and_a_thawed_one_learns(tmp_path: Path) -> None:
    transfer.main(str(tmp_path), epochs=1)
    store = open_store(tmp_path)
    frozen, thawed = store["frozen"], store["thawed"]
    assert thawed.parents == [frozen]
    assert frozen.outline.trainable_parameters < thawed.outline.trainable_parameters
    kernel = "mobilenet_0.25_32/conv_pw_13/kernel"
    assert not moved(frozen, kernel)
    assert moved(frozen, "head/kernel")
    assert moved(thawed, kernel)


def moved(model: object, variable: str) -> bool:
    """Tell whether training has changed a variable."""
    first, last = (model.checkpoint(number)[variable] for number in ("first", "last"))  # type: ignore[attr-defined]
    return not np.array_equal(first, last)


def test_a_sweep_s_points_are_children_of_one_parent(tmp_path: Path) -> None:
    sweep.sweep(str(tmp_path), sweep.GRID[:2], epochs=1)
    parent = open_store(tmp_path)[sweep.PARENT]
    assert [child.header.name for child in parent.children] == ["sweep_01", "sweep_02"]
    told = [child.hyperparameters["user"] for child in parent.children]
    assert told == [point._asdict() for point in sweep.GRID[:2]]


def test_a_sweep_has_twelve_points() -> None:
    assert len(set(sweep.GRID)) == 12


@pytest.mark.parametrize("script", [gan, sweep, text_classifier, time_series, transfer, transformer])
def test_scripts_are_short(script: object) -> None:
    assert len(Path(script.__file__).read_text(encoding="utf-8").splitlines()) <= MOST_LINES  # type: ignore[attr-defined]
