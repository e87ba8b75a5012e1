"""A live model under observation: what it is, and what it holds at a moment."""

import logging
import time
from collections.abc import Mapping
from typing import Any

import keras

from inspectree.logger.architecture.trace import trace
from inspectree.logger.capture.classes import fit_classes
from inspectree.logger.capture.environment import environment
from inspectree.logger.capture.forward import Capture, Captured
from inspectree.logger.capture.gradients import Gradients, Measured
from inspectree.logger.capture.inputs import fit_samples
from inspectree.logger.capture.updates import Updates
from inspectree.logger.capture.variables import own_variables, weights_of
from inspectree.logger.class_metrics import class_metrics
from inspectree.logger.ending import one_line
from inspectree.logger.hyperparameters import compile_config, hyperparameters
from inspectree.logger.plan import Request, make_plan
from inspectree.logger.store.layout import encode
from inspectree.logger.store.prediction import binary_cut
from inspectree.logger.store.record import CheckpointRecord, LayerRecord, Samples

messages = logging.getLogger("inspectree")


class Observer:
    """Look into a model without changing it or its training.

    What cannot be had of a model is told once and left out, unless trouble ``raises``.

    Raises
    ------
    SamplesError
        When the samples do not fit the model.
    InspectreeError
        When a name or glob of the request fits no layer.
    """

    def __init__(
        self, model: keras.Model, samples: Samples, request: Request, *, raises: bool = False
    ) -> None:
        self.model = model
        self._raises = raises
        named, inputs = fit_samples(model, samples)
        traced = trace(model, inputs)
        self.graph = traced.graph
        self.samples = fit_classes(model, self.graph, named)
        self.plan = make_plan(self.graph, len(samples), len(self.samples.class_names), request)
        self._layers = traced.layers
        self._inputs = {node.id for node in self.graph.inputs}
        self._cut = binary_cut(compile_config(model).get("loss"))
        self._capture_fails = False
        condense = request.precision == "float16"
        wanted = self.plan.captured
        self._capture = Capture(model, self.samples, inputs, wanted, self.plan.room, condense=condense)
        self._gradients = Gradients(model, self.samples, inputs, wanted) if request.gradients else None
        self._watches = request.updates
        self._updates: Updates | None = None

    def hyperparameters(self, fit: Mapping[str, Any]) -> dict[str, Any]:
        """Return how the model is trained."""
        return hyperparameters(self.model, self.graph, fit, environment())

    def watch(self) -> None:
        """Watch what every training step does, where that is asked for."""
        if self._watches:
            try:
                self._updates = Updates(self.model, self._trainable_paths())
                self._updates.watch()
            except Exception as error:  # an optimizer of another make
                self._meet("updates", error)

    def stop(self) -> None:
        """Leave the optimizer as it was."""
        if self._updates is not None:
            self._updates.stop()
            self._updates = None

    def _trainable_paths(self) -> dict[int, str]:
        return {
            id(variable): f"{node}/{encode(name)}"
            for node, layer in self._layers.items()
            for name, variable in own_variables(layer).items()
            if variable.trainable
        }

    def record(self, number: int, step: int, epoch: int, metrics: Mapping[str, float]) -> CheckpointRecord:
        """Return what the model holds now."""
        if hasattr(self.model, "jax_state_sync"):
            self.model.jax_state_sync()  # between the batches of an epoch, JAX keeps the values elsewhere
        captured, measured = self._captured(), self._measured()
        layers = (self._layer(node.id, captured, measured) for node in self.graph.layers)
        return CheckpointRecord(
            number=number,
            step=step,
            epoch=epoch,
            time=time.time(),
            metrics=metrics,
            layers=[layer for layer in layers if layer.holds_something],
            predictions=captured.predictions,
            class_metrics=class_metrics(captured.predictions, self.samples, self._cut),
            updates=None if self._updates is None else self._updates.taken(step),
            recomputed=(*self.plan.recomputed, *self._capture.given_up),
            inference_seconds=captured.seconds,
        )

    def _layer(self, node: str, captured: Captured, measured: Measured) -> LayerRecord:
        recorded = node in self.plan.weights
        held = own_variables(self._layers[node]) if recorded else {}
        origin = self.plan.links.get(node)
        at_hand = origin in captured.outputs or origin in self._inputs
        gradients = {
            name: measured.variables[id(variable)]
            for name, variable in held.items()
            if id(variable) in measured.variables
        }
        return LayerRecord(
            layer=node,
            outputs=captured.outputs.get(node, {}),
            same_as=origin if at_hand else None,
            weights=weights_of(self._layers[node]) if recorded else {},
            trainable={name: bool(variable.trainable) for name, variable in held.items()},
            gradients=gradients | measured.outputs.get(node, {}),
            mask=captured.masks.get(node),
        )

    def _captured(self) -> Captured:
        """Return what the layers make of the samples; where that can't be had, it is told once."""
        if self._capture_fails:
            return Captured()
        try:
            return self._capture()
        except Exception as error:  # whatever a user's layer says to a further call
            self._capture_fails = True
            self._meet("activations and predictions", error)
            return Captured()

    def _measured(self) -> Measured:
        """Return the gradients; where they can't be had, it is told once."""
        if self._gradients is None:
            return Measured()
        try:
            return self._gradients()
        except Exception as error:  # no loss without labels, or one that only the user's own step knows
            self._gradients = None
            self._meet("gradients", error)
            return Measured()

    def _meet(self, what: str, error: Exception) -> None:
        """Tell what is not recorded, and why; unless trouble is to end the training."""
        if self._raises:
            raise error
        messages.warning("inspectree records no %s of %r: %s", what, self.graph.name, one_line(error))
