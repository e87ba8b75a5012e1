"""What a divergence from a baseline is."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from typing_extensions import override

from inspectree.server.interestingness.distribution import Distribution
from inspectree.server.interestingness.measure import Measure


class Divergence(ABC):
    """How far what is seen is from what is expected: 0 where they are the same."""

    name: ClassVar[str]
    title: ClassVar[str]
    description: ClassVar[str]
    of_distributions: ClassVar[bool] = True

    def fits(self, measure: Measure) -> bool:
        """Tell whether it compares what a measure sees."""
        return self.of_distributions == (measure.divergence != "absolute")

    @abstractmethod
    def between(self, observed: Any, expected: Any) -> float:
        """Return how far they are apart, 0 or more."""


class DistributionDivergence(Divergence):
    """A divergence of two distributions, which are linear between their points."""

    @abstractmethod
    @override
    def between(self, observed: Distribution, expected: Distribution) -> float: ...
