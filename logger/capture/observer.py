"""A live model under observation: what it is, and what it holds at a moment."""

import time
from collections.abc import Mapping
from typing import Any

import keras

from inspectree.logger.architecture.trace import trace
from inspectree.logger.capture.classes import fit_classes
from inspectree.logger.capture.environment import environment
from inspectree.logger.capture.forward import Capture
from inspectree.logger.capture.inputs import fit_samples
from inspectree.logger.capture.variables import weights_of
from inspectree.logger.hyperparameters import hyperparameters
from inspectree.logger.plan import Request, make_plan
from inspectree.logger.store.record import CheckpointRecord, LayerRecord, Samples


class Observer:
    """Look into a model without changing it or its training.

    Raises
    ------
    SamplesError
        When the samples do not fit the model.
    InspectreeError
        When a name or glob of the request fits no layer.
    """

    def __init__(self, model: keras.Model, samples: Samples, request: Request) -> None:
        self.model = model
        named, inputs = fit_samples(model, samples)
        traced = trace(model, inputs)
        self.graph = traced.graph
        self.samples = fit_classes(model, self.graph, named)
        self.plan = make_plan(self.graph, len(samples), len(self.samples.class_names), request)
        self._layers = traced.layers
        self._capture = Capture(model, self.samples, inputs, self.plan.captured)

    def hyperparameters(self, fit: Mapping[str, Any]) -> dict[str, Any]:
        """Return how the model is trained; what the plan leaves out is listed under ``recomputed``."""
        recomputed = {"recomputed": list(self.plan.recomputed)}
        return hyperparameters(self.model, self.graph, fit, environment() | recomputed)

    def record(self, number: int, step: int, epoch: int, metrics: Mapping[str, float]) -> CheckpointRecord:
        """Return what the model holds now."""
        if hasattr(self.model, "jax_state_sync"):
            self.model.jax_state_sync()  # between the batches of an epoch, JAX keeps the values elsewhere
        captured = self._capture()
        weights = {node: weights_of(self._layers[node]) for node in self.plan.weights}
        layers = (
            LayerRecord(
                layer=node.id,
                activations=captured.activations.get(node.id),
                same_as=self.plan.links.get(node.id),
                weights=weights.get(node.id, {}),
            )
            for node in self.graph.layers
        )
        return CheckpointRecord(
            number=number,
            step=step,
            epoch=epoch,
            time=time.time(),
            metrics=metrics,
            layers=tuple(layer for layer in layers if _holds_something(layer)),
            predictions=captured.predictions,
        )


def _holds_something(layer: LayerRecord) -> bool:
    return layer.activations is not None or layer.same_as is not None or bool(layer.weights)
