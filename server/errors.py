"""What can go wrong while a store is asked."""

from inspectree.logger.errors import InspectreeError


class UnitError(InspectreeError):
    """A unit of analysis that is not written correctly; ``unit`` is what was given."""

    def __init__(self, message: str, unit: str) -> None:
        super().__init__(message)
        self.unit = unit


class UnknownUnitError(UnitError):
    """A unit of analysis that the store does not hold."""


class PipelineError(InspectreeError):
    """A pipeline that does not fit the grammar or the value; ``step`` is the number of the step, from 1."""

    def __init__(self, message: str, step: int | None = None) -> None:
        super().__init__(message)
        self.step = step


class LimitError(InspectreeError):
    """A question whose answer would cost more than is allowed."""


class RequestError(InspectreeError):
    """A question that asks for something that does not exist or does not fit."""


class ServingError(InspectreeError):
    """An address that the server cannot listen on."""


class CacheError(InspectreeError):
    """A cache that cannot be used."""
