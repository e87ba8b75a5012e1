"""Dead and saturated units, against NumPy on the store's values."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inspectree.dashboard.view import View
from inspectree.server.interestingness.measures.saturation import Saturation


@pytest.fixture(scope="module")
def dying(tmp_path_factory: pytest.TempPathFactory, open_page: Any) -> Any:
    """Return the page of a model with a dead ReLU, and saturated tanh and sigmoid units."""
    import keras

    from inspectree.logger import TreeLogger

    folder: Path = tmp_path_factory.mktemp("dying") / "runs"
    bias = {
        "relu": [0.0, -1e6, 0.0, 0.0], "tanh": [50.0, 0.0, 0.0], "sigmoid": [-50.0, 50.0, 0.0],
    }  # fmt: skip
    layers = [
        keras.layers.Dense(len(b), name, bias_initializer=keras.initializers.Constant(0), name=name)
        for name, b in bias.items()
    ]
    model = keras.Sequential([keras.Input((5,)), *layers, keras.layers.Dense(1, name="last")])
    for layer in layers:
        layer.bias.assign(bias[layer.name])
    model.compile("sgd", "mse")
    x = np.random.default_rng(0).normal(size=(40, 5)).astype("float32")
    with TreeLogger(folder, name="dying", samples=(x, x[:, :1]), on_error="raise").attach(model) as log:
        log.checkpoint(step=0, epoch=0, metrics={})
        log.checkpoint(step=1, epoch=1, metrics={})
    return open_page(folder)


def values(page: Any, model: str, path: str) -> NDArray[np.float64]:
    found: NDArray[np.float64] = page.store[model].checkpoint("last")[path].values.astype(np.float64)
    return found


def test_a_models_layers_have_their_shares(dying: Any) -> None:
    card = dying.card("dead_units", dying.store["dying"].id)
    (trace,) = card["content"]["figure"]["data"]
    assert trace["y"] == ["relu", "tanh", "sigmoid"]
    assert trace["x"] == pytest.approx([1 / 4, 1 / 3, 2 / 3])
    assert trace["customdata"] == ["dead (relu)", "saturated (tanh)", "saturated (sigmoid)"]
    assert card["content"]["caption"].startswith("4 of 10 units are dead or saturated")


@pytest.mark.parametrize("name", ["relu", "tanh", "sigmoid"])
def test_a_layers_units_are_listed_the_worst_first(dying: Any, name: str) -> None:
    """By the definition: 0 for all, or within 5 % of the range of a bound for nearly all."""
    model = dying.store["dying"].id
    card = dying.card("dead_units", f"{model}/{name}")
    found = values(dying, "dying", f"{name}/activations")
    low, high = {"relu": (0, 0), "tanh": (-1, 1), "sigmoid": (0, 1)}[name]
    near = 0.05 * (high - low)
    wanted = found == 0 if name == "relu" else (found < low + near) | (found >= high - near)
    shares = wanted.mean(axis=0)
    rows = card["content"]["table"]["rows"]
    assert [row[2] for row in rows] == pytest.approx(sorted(shares, reverse=True), abs=1e-6)
    states = {row[0]: row[1] for row in rows}
    threshold, state = (1, "dead") if name == "relu" else (0.95, "saturated")
    assert states == {f"u{i:03d}": state if share >= threshold else "alive" for i, share in enumerate(shares)}
    assert card["content"]["table"]["uoas"][0].startswith(f"{model}/{name}#")


def test_what_is_near_a_bound_is_what_the_server_s_measure_takes_for_it(
    dying: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a quarter of the range at either end more values are near one; sigmoid has no bounds."""
    constants = {"bounds": {"tanh": [-1.0, 1.0]}, "near": 0.25}
    monkeypatch.setattr(Saturation, "constants", constants)
    model = dying.store["dying"].id
    shares = [row[2] for row in dying.card("dead_units", f"{model}/tanh")["content"]["table"]["rows"]]
    found = values(dying, "dying", "tanh/activations")
    wanted = ((found < -0.5) | (found >= 0.5)).mean(axis=0)
    assert shares == pytest.approx(sorted(wanted, reverse=True), abs=1e-6)
    assert "no ReLU, sigmoid or tanh" in dying.card("dead_units", f"{model}/sigmoid")["content"]["error"]


def test_over_training_each_layer_is_a_line(page: Any, store: Any, ids: Any) -> None:
    card = page.card("dead_units", ids["digits_conv"], over=True)
    drawn = {trace["name"]: trace["y"] for trace in card["content"]["figure"]["data"]}
    expected = [
        (point["conv_1/activations"].values == 0).all(axis=(0, 1, 2)).mean()
        for point in store["digits_conv"].checkpoints
    ]
    assert drawn["conv_1 (dead)"] == pytest.approx(expected)


def test_the_classes_that_are_on_decide(page: Any, store: Any, ids: Any) -> None:
    card = page.card("dead_units", f"{ids['digits_conv']}/conv_1", View(off=("zero", "five")))
    found = store["digits_conv"].checkpoint("last")["conv_1/activations"]
    found = found[~np.isin(found["class"].values, ["zero", "five"])]
    zeros = (found.values == 0).mean(axis=(0, 1, 2))
    shares = [row[2] for row in card["content"]["table"]["rows"]]
    assert shares == pytest.approx(sorted(zeros, reverse=True), abs=1e-6)


def test_what_can_neither_die_nor_saturate_says_so(page: Any, ids: Any) -> None:
    told = page.card("dead_units", f"{ids['digits_conv']}/output")["content"]["error"]
    assert told == "output has no ReLU, sigmoid or tanh, whose units can die or saturate"
