"""How unusual a layer is after those before it."""

from math import nan

from typing_extensions import override

from inspectree.server.interestingness.measure import LayerMeasure
from inspectree.server.interestingness.subjects import Layer


class Succession(LayerMeasure):
    """How unusual a layer is after those before it, in bits.

    The surprisal −log₂ p(layer | the layer before, and the one before that), with types and activation
    functions as words; of several paths to a layer, that of the rarest. Learned from the architectures of
    keras.applications and from the other models of the store, with Witten and Bell's smoothing.
    """

    name = "succession"
    title = "Layer sequence"
    description = "How unusual a layer is after those before it: bits of surprise, by known architectures."
    without = "no layer leads to it"

    @override
    def observe(self, subject: Layer) -> float:
        return subject.sequences.surprisal(subject.rarest) if subject.paths else nan
