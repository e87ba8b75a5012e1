"""A live model under observation: what it is, and what it holds at a moment."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import keras

from inspectree.logger.architecture.trace import trace
from inspectree.logger.capture.classes import fit_classes
from inspectree.logger.capture.environment import environment
from inspectree.logger.capture.forward import Capture, Captured
from inspectree.logger.capture.gradients import Gradients, Measured
from inspectree.logger.capture.inputs import fit_samples
from inspectree.logger.capture.updates import Updates
from inspectree.logger.capture.variables import own_variables, values_of
from inspectree.logger.class_metrics import class_metrics
from inspectree.logger.errors import InspectreeError, reason_of
from inspectree.logger.hyperparameters import compile_config, hyperparameters
from inspectree.logger.plan import Request, make_plan
from inspectree.logger.randomness import random_numbers_kept
from inspectree.logger.sizes import DATASET, fitting_steps
from inspectree.logger.store.layout import encode
from inspectree.logger.store.prediction import binary_cut
from inspectree.logger.store.record import CheckpointRecord, LayerRecord, Samples, StepsRecord

messages = logging.getLogger("inspectree")

ATTEMPTS = 2
"""Failures in a row after which nothing is tried again."""

NOTHING = Captured()

T = TypeVar("T")


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

    @random_numbers_kept()
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
        self._failures: Counter[str] = Counter()
        self._told: set[str] = set()
        self._step: int | None = None
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

    @random_numbers_kept()
    def record(self, number: int, step: int, epoch: int, metrics: Mapping[str, float]) -> CheckpointRecord:
        """Return what the model holds now."""
        if hasattr(self.model, "jax_state_sync"):
            self.model.jax_state_sync()  # between the batches of an epoch, JAX keeps the values elsewhere
        captured = self._tried("activations and predictions", self._capture, NOTHING)
        measured = self._tried("gradients", self._gradients, Measured())
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
            updates=self._steps(step, captured),
            recomputed=(*self.plan.recomputed, *self._left_out(captured)),
            inference_seconds=captured.seconds,
        )

    def _steps(self, step: int, captured: Captured) -> StepsRecord | None:
        """Return what the steps up to ``step`` did, of as many as the budget leaves room for."""
        if self._updates is None:
            return None
        taken, before, self._step = self._updates.taken(), self._step, step
        if not len(taken.steps) and before is not None and step > before:
            self._meet("updates", InspectreeError("the optimizer that it was compiled with does no steps"))
        room = self._capture.room - sum(mask.nbytes + DATASET for mask in captured.masks.values())
        return taken.latest(fitting_steps(len(taken.variables), room))

    def _layer(self, node: str, captured: Captured, measured: Measured) -> LayerRecord:
        held = own_variables(self._layers[node]) if node in self.plan.weights else {}
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
            weights=values_of(held),
            trainable={name: bool(variable.trainable) for name, variable in held.items()},
            gradients=gradients | measured.outputs.get(node, {}),
            mask=captured.masks.get(node),
        )

    def _left_out(self, captured: Captured) -> list[str]:
        """Return the paths of what was planned and is not there, but could be had from the weights."""
        missing = list(self.plan.captured if captured is NOTHING else self._capture.recomputed)
        return missing + [node for node, origin in self.plan.links.items() if origin in missing]

    def _tried(self, what: str, action: Callable[[], T] | None, instead: T) -> T:
        """Return what ``action`` gives; ``instead``, where it fails, without trying it after `ATTEMPTS`."""
        if action is None or self._failures[what] == ATTEMPTS:
            return instead
        try:
            result = action()
        except Exception as error:  # whatever a user's layer says to a further call; no memory; no loss
            self._failures[what] += 1
            self._meet(what, error)
            return instead
        self._failures[what] = 0
        return result

    def _meet(self, what: str, error: Exception) -> None:
        """Tell once what is not recorded, and why; unless trouble is to end the training."""
        if self._raises:
            raise error
        text = f"inspectree records no {what} of {self.graph.name!r}: {reason_of(error)}"
        if text not in self._told:
            self._told.add(text)
            messages.warning(text)
