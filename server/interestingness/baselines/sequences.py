"""What usually follows in the architectures that are known."""

from collections.abc import Mapping
from math import nan
from typing import Any, ClassVar, Literal

from typing_extensions import override

from inspectree.server.interestingness.baseline import Baseline, Family
from inspectree.server.interestingness.measure import LAYERS, Measure
from inspectree.server.interestingness.sequences.words import Path
from inspectree.server.interestingness.subjects import Layer
from inspectree.server.interestingness.survey import Expected, Survey


class Sequences(Baseline):
    """The layer that most often follows on those before.

    It is so in keras.applications and in the other models of the store. The deviation is by how many bits
    the layer that is there surprises more.
    """

    family: ClassVar[Family] = "subjective"
    title: ClassVar[str] = "Layer sequences of known architectures"
    example: ClassVar[Mapping[str, Any]] = {"kind": "sequences"}
    without: ClassVar[str] = "no layer leads to it"

    kind: Literal["sequences"] = "sequences"

    @override
    @classmethod
    def fits(cls, measure: Measure) -> bool:
        return measure.kinds == LAYERS

    @override
    def expected(self, survey: Survey) -> list[Expected]:
        return [_usual(each) for each, _ in survey.observations() if isinstance(each, Layer)]


def _usual(layer: Layer) -> Expected:
    if not layer.paths:
        return Expected(nan, "")
    path = layer.rarest
    usual = layer.sequences.usual(path)
    bits = layer.sequences.surprisal(usual)
    return Expected(bits, f"after {_written(path)} mostly {usual.word} ({2**-bits:.0%})")


def _written(path: Path) -> str:
    return " → ".join(filter(None, (path.before, path.previous)))
