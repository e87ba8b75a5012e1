"""The identity of a model and its place in the tree."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from pydantic import Field, ValidationError, field_validator

from inspectree.logger.errors import HeaderError
from inspectree.logger.frozen import Frozen


class Header(Frozen):
    """Say which model this is and which models it was derived from.

    ``parents`` may be ids, id prefixes or unique names, one or several; the logger replaces them by full
    ids when it finds the parents in the store.
    """

    id: str = Field(
        default_factory=lambda: str(uuid4()),
        min_length=4,
        max_length=200,
        pattern=r"^[A-Za-z0-9_-][A-Za-z0-9_.-]*$",
    )
    name: str = Field(min_length=1)
    label: str | None = None
    parents: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    notes: str = ""

    @field_validator("parents", "tags", mode="before")
    @classmethod
    def _one_or_several(cls, names: Any) -> Any:
        return (names,) if isinstance(names, str) else names

    @field_validator("parents")
    @classmethod
    def _no_parent_twice(cls, parents: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(parents)) != len(parents):
            raise ValueError(f"a parent is listed twice: {', '.join(parents)}")
        return parents

    @property
    def title(self) -> str:
        """Return the name that people see."""
        return self.label or self.name

    @property
    def short_id(self) -> str:
        """Return the first 8 characters of the id."""
        return self.id[:8]


def as_header(header: Header | Mapping[str, Any] | None, **fields: Any) -> Header:
    """Return a checked header from a header, a mapping with its keys, or the keys themselves.

    Raises
    ------
    HeaderError
        When a key is unknown or a value does not fit; names the key and the valid ones.
    """
    given = header.model_dump() if isinstance(header, Header) else header or {}
    try:
        return Header.model_validate({**given, **fields})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise HeaderError(
                f"header has no field {where!r}; it has {', '.join(Header.model_fields)}"
            ) from None
        if first["type"] == "missing":
            raise HeaderError(f"the model has no {where}: give {where}=… or a Header") from None
        raise HeaderError(f"header field {where!r}: {first['msg']}") from None
