"""What the selection panel tells, against the store itself."""

import asyncio
from typing import Any

import numpy as np
import pytest
from dash.development.base_component import Component

from inspectree.dashboard.facts import describe_selection
from inspectree.dashboard.panels.selection import MOST_FACTS
from inspectree.dashboard.view import View


def facts(page: Any, uoa: str, **more: Any) -> dict[str, str]:
    """Return what the panel tells by its names, the title as ``""``."""
    panel = asyncio.run(describe_selection(page.client, View(selected=uoa, **more), page.index))
    texts: dict[str, str] = {}
    name = ""
    for component in everything(panel):
        if getattr(component, "className", "") == "name" or type(component).__name__ == "Small":
            texts["" if type(component).__name__ != "Small" else "kind"] = component.children
        elif type(component).__name__ == "Dt":
            name = component.children
        elif type(component).__name__ == "Dd":
            texts[name] = component.children
    return texts


def everything(component: Any) -> list[Any]:
    children = component if isinstance(component, list) else getattr(component, "children", None)
    below = [each for child in children for each in everything(child)] if isinstance(children, list) else []
    if isinstance(children, Component):
        below = everything(children)
    return [*([] if isinstance(component, list) else [component]), *below]


def test_an_experiment_is_told_by_its_numbers(page: Any) -> None:
    (experiment,) = page.index.experiments
    told = facts(page, experiment["id"])
    assert (told[""], told["kind"]) == ("Dense, saturated", "experiment")
    assert (told["models"], told["generations"], told["checkpoints"]) == ("3", "3", "9")


def test_a_model_is_told_by_what_keras_counts(page: Any, tree: Any, ids: Any) -> None:
    told = facts(page, ids["digits_conv"])
    model = tree.models["digits_conv"]
    assert (told[""], told["kind"]) == ("Convolutional", "Sequential")
    assert told["parameters"] == f"{model.count_params():,}"
    assert told["trainable"] == f"{sum(w.shape.num_elements() for w in model.trainable_weights):,}"
    assert (told["state"], told["epochs"], told["checkpoints"]) == ("finished", "2", "3")
    history = tree.histories["digits_conv"]
    assert told["best val_loss"] == f"{min(history['val_loss']):.4f}"
    assert (told["tags"], told["id"]) == ("digits", ids["digits_conv"])


def test_a_layer_is_told_by_its_parameters_values_and_settings(
    page: Any, store: Any, tree: Any, ids: Any
) -> None:
    told = facts(page, f"{ids['digits_conv']}/conv_1")
    layer = tree.models["digits_conv"].get_layer("conv_1")
    assert (told[""], told["kind"]) == ("conv_1", "Conv2D")
    assert told["parameters"] == str(layer.count_params())
    multiplied, added, rectified = 2 * 9 * 8 * 64, 8 * 64, 8 * 64
    assert told["FLOPs per sample"] == f"{multiplied + added + rectified:,}"
    assert (told["output"], told["kernel"], told["bias"]) == ("8×8×8", "3×3×1×8", "8")
    values = store["digits_conv"].checkpoint("last")["conv_1/activations"].values.astype(np.float64)
    assert float(told["mean"]) == pytest.approx(values.mean(), rel=1e-2)
    assert float(told["maximum"]) == pytest.approx(values.max(), rel=1e-2)
    assert float(told["minimum"]) == 0.0
    assert float(told["zeros"].removesuffix("%")) == pytest.approx((values == 0).mean() * 100, abs=0.2)
    assert (told["activation"], told["kernel size"], told["padding"]) == ("relu", "3×3", "same")


def test_a_variable_is_told_by_its_axes_and_values(page: Any, tree: Any, ids: Any) -> None:
    told = facts(page, f"{ids['digits_conv']}/conv_2/kernel")
    kernel = tree.models["digits_conv"].get_layer("conv_2").kernel.numpy()
    assert (told["shape"], told["axes"]) == ("3×3×8×16", "y, x, in, out")
    assert (told["dtype"], told["trainable"], told["initialiser"]) == ("float32", "yes", "GlorotUniform")
    assert told["mean"] == f"{kernel.astype(np.float64).mean():.4g}"
    assert told["deviation"] == f"{kernel.astype(np.float64).std():.4g}"


def test_the_facts_are_those_of_the_checkpoint_in_force(page: Any, store: Any, ids: Any) -> None:
    uoa = f"{ids['digits_conv']}/conv_2/kernel"
    first = store["digits_conv"].checkpoint(0)["conv_2/kernel"].values.astype(np.float64)
    assert facts(page, uoa, checkpoint=0)["maximum"] == f"{first.max():.4g}"
    assert facts(page, uoa)["maximum"] != f"{first.max():.4g}"


def test_a_neuron_is_told_by_its_values(page: Any, store: Any, ids: Any) -> None:
    told = facts(page, f"{ids['digits_dense']}/hidden_1#3")
    values = store["digits_dense"].checkpoint("last")["hidden_1/activations"].values[:, 3].astype(np.float64)
    assert told[""] == "hidden_1 › u003"
    assert float(told["mean"]) == pytest.approx(values.mean(), abs=1e-3)


def test_an_operation_is_told_by_its_type(page: Any, ids: Any) -> None:
    graph = asyncio.run(page.client.architecture(ids["digits_conv"]))
    operation = next(node for node in graph["nodes"] if node["kind"] == "operation")
    told = facts(page, f"{ids['digits_conv']}/{operation['id']}")
    assert (told[""], told["kind"]) == (operation["name"], operation["type"])


@pytest.mark.parametrize("uoa", ["", "gone", "gone/conv_1"])
def test_where_nothing_is_selected_it_says_how_to(page: Any, uoa: str) -> None:
    panel = asyncio.run(describe_selection(page.client, View(selected=uoa), page.index))
    assert panel[-1].children.startswith("Click a unit")


def test_of_many_facts_the_first_are_in_sight_and_the_rest_is_folded(page: Any, ids: dict[str, str]) -> None:
    panel = asyncio.run(
        describe_selection(page.client, View(selected=f"{ids['digits_conv']}/conv_1"), page.index)
    )
    (rest,) = [each for each in everything(panel) if type(each).__name__ == "Details"]
    all_, folded = ([e for e in everything(part) if type(e).__name__ == "Dt"] for part in (panel, rest))
    assert len(all_) - len(folded) == MOST_FACTS
    assert everything(rest.children[0])[0].children == f"{len(folded)} more"
