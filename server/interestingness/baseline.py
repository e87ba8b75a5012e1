"""What a baseline of interestingness is."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from inspectree.logger.frozen import Frozen
from inspectree.server.interestingness.measure import Measure
from inspectree.server.interestingness.survey import Expected, Survey

Family = Literal["objective", "subjective", "user-defined"]


class Baseline(Frozen, ABC):
    """What would not be interesting. Its parameters are fields.

    ``without`` is why there may be nothing to compare a subject with.
    """

    family: ClassVar[Family]
    title: ClassVar[str]
    example: ClassVar[Mapping[str, Any]]
    without: ClassVar[str] = "there is nothing to compare it with"

    kind: str

    @classmethod
    @abstractmethod
    def fits(cls, measure: Measure) -> bool:
        """Tell whether a measure can be compared with it."""

    @abstractmethod
    def expected(self, survey: Survey) -> list[Expected]:
        """Return what is expected for each of the survey's observations, in their order."""
