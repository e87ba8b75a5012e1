"""The zoo: every kind of model, tiny, with its data, and where it cannot live."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import keras

from tests.logger.zoo import odd, own, sequences, tasks, wiring
from tests.logger.zoo.specimen import Specimen

SEED = 13

TENSORFLOW_ONLY = dict.fromkeys(("jax", "torch"), "only the TensorFlow backend has this layer")


@dataclass(frozen=True)
class Kind:
    """A maker of one kind of model; ``not_on`` says why a backend cannot run it.

    On TensorFlow XLA is used for a few only: it compiles for seconds what runs in milliseconds.
    """

    maker: Callable[[], Specimen]
    not_on: Mapping[str, str] = field(default_factory=dict)
    with_xla: bool = False

    def make(self) -> Specimen:
        """Return the model with its data, the same at every call."""
        keras.utils.set_random_seed(SEED)
        specimen = self.maker()
        if keras.backend.backend() == "tensorflow" and not self.with_xla:
            specimen.model.jit_compile = False
        return specimen


ZOO: dict[str, Kind] = {
    "sequential": Kind(wiring.sequential, with_xla=True),
    "sequential, built late": Kind(wiring.sequential_built_late),
    "lists of inputs and outputs": Kind(wiring.lists),
    "dicts of inputs and outputs": Kind(wiring.dicts),
    "skips and operations": Kind(wiring.skips_and_operations),
    "shared layers": Kind(wiring.shared),
    "nested to depth three": Kind(wiring.nested),
    "a hundred layers": Kind(wiring.hundred_layers),
    "images": Kind(wiring.images, with_xla=True),
    "channels first": Kind(wiring.channels_first),
    "adapted normalization": Kind(wiring.adapted),
    "frozen": Kind(wiring.frozen),
    "images of any size": Kind(wiring.any_size),
    "large": Kind(wiring.large),
    "large float16": Kind(wiring.large_float16),
    "large bfloat16": Kind(wiring.large_bfloat16),
    "mixed float16": Kind(wiring.mixed_float16),
    "mixed bfloat16": Kind(wiring.mixed_bfloat16),
    "one-hot labels": Kind(tasks.one_hot),
    "logits": Kind(tasks.logits_of_more_classes_than_labels),
    "binary": Kind(tasks.binary),
    "binary logits": Kind(tasks.binary_logits),
    "multi-label": Kind(tasks.multi_label),
    "regression": Kind(tasks.regression),
    "one number per sample": Kind(tasks.one_number_per_sample),
    "autoencoder": Kind(tasks.autoencoder),
    "segmentation": Kind(tasks.segmentation, {"torch": "Keras' loss for pixels has no gradient there"}),
    "class and value": Kind(tasks.class_and_value),
    "LSTM with states": Kind(sequences.lstm),
    "stacked cells": Kind(sequences.stacked_cells),
    "both directions": Kind(sequences.both_directions),
    "images in time": Kind(sequences.images_in_time),
    "stateful": Kind(
        sequences.stateful, {"torch": "Keras changes the state in place, which PyTorch refuses"}
    ),
    "masked": Kind(sequences.masked),
    "embedded tokens": Kind(sequences.embedded_tokens),
    "attention scores": Kind(sequences.attention_scores),
    "transformer": Kind(sequences.transformer),
    "text": Kind(sequences.text, TENSORFLOW_ONLY),
    "control flow": Kind(own.branching),
    "equal names": Kind(own.equal_names),
    "separators in names": Kind(own.separators_in_names, {"tensorflow": "it refuses such names itself"}),
    "nested outputs": Kind(own.nested_outputs),
    "tuple outputs": Kind(own.tuple_outputs),
    "VAE": Kind(own.vae, with_xla=True),
    "own steps": Kind(own.own_steps),
    "no configuration": Kind(odd.no_config),
    "unusual returns": Kind(odd.unusual_returns),
    "refuses symbolic tensors": Kind(odd.refuses_symbolic_tensors),
    "looks at values": Kind(odd.looks_at_values, {"jax": "Keras traces the model before it runs eagerly"}),
    "zero-sized": Kind(odd.nothing_left),
    "whole numbers": Kind(odd.whole_numbers),
    "huge, tiny, not finite": Kind(odd.huge_and_tiny),
    "sparse": Kind(odd.sparse, {"torch": "Keras has no sparse tensors here"}),
    "ragged": Kind(odd.ragged, TENSORFLOW_ONLY),
}
"""Every kind of model that the logger must follow."""
