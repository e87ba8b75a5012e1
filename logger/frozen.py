"""The base of all values that are written to files and sent over the wire."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationInfo, model_validator

_STORED = object()


class Frozen(BaseModel):
    """An immutable value that refuses unknown fields and round-trips through JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")

    @classmethod
    def from_stored(cls, text: str | bytes) -> Self:
        """Read a value from a file, on every level without the fields that a newer version has added."""
        return cls.model_validate_json(text, context=_STORED)

    @model_validator(mode="before")
    @classmethod
    def _known_only(cls, given: Any, info: ValidationInfo) -> Any:
        if info.context is not _STORED or not isinstance(given, dict):
            return given
        return {name: given[name] for name in cls.model_fields if name in given}
