"""What a log is asked for, checked before the training begins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from inspectree.logger.header import Header, as_header
from inspectree.logger.plan import Request
from inspectree.logger.schedule import Schedule
from inspectree.logger.store.checkpoint_writer import Precision
from inspectree.logger.store.jsontext import dumps
from inspectree.logger.store.parents import resolve_parents
from inspectree.logger.store.record import Samples

PRECISIONS = ("float16", "float32")


@dataclass(frozen=True)
class Settings:
    """The arguments of a `TreeLogger`.

    ``names_id`` says that the user has chosen the header's id, ``hyperparameters`` are what the user adds,
    and with ``raises`` trouble with logging ends the training.
    """

    store: Path
    header: Header
    names_id: bool
    samples: Samples
    schedule: Schedule
    request: Request
    precision: Precision
    save_model: Literal["last", "every"] | None
    hyperparameters: Mapping[str, Any]
    raises: bool


def resolved_header(
    store: Path, header: Header | Mapping[str, Any] | None, fields: Mapping[str, Any]
) -> tuple[Header, bool]:
    """Return the header with its parents' ids, and whether the user has chosen its own."""
    given = {key: value for key, value in fields.items() if value is not None}
    keys = header.model_fields_set if isinstance(header, Header) else header or {}
    checked = as_header(header, **given)
    parents = resolve_parents(store, checked.parents)
    return checked.model_copy(update={"parents": parents}), "id" in keys or "id" in given


def as_json(hyperparameters: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the user's own hyperparameters.

    Raises
    ------
    ValueError
        When they are no JSON.
    """
    found = {str(key): _without_numpy(value) for key, value in (hyperparameters or {}).items()}
    for key, value in found.items():
        try:
            dumps(value)
        except (TypeError, ValueError) as error:
            raise ValueError(f"the hyperparameter {key!r} cannot be written as JSON: {error}") from None
    return found


def _without_numpy(value: Any) -> Any:
    """Return a value with plain numbers and lists in place of NumPy's."""
    if isinstance(value, (np.generic, np.ndarray)):
        return value.tolist()
    if isinstance(value, Mapping):
        return {key: _without_numpy(item) for key, item in value.items()}
    return [_without_numpy(item) for item in value] if isinstance(value, (list, tuple)) else value


def one_of(name: str, value: Any, valid: Sequence[Any]) -> Any:
    """Return ``value``.

    Raises
    ------
    ValueError
        When it is none of the valid ones; names them.
    """
    if value not in valid:
        raise ValueError(f"{name}={value!r} is none of {', '.join(map(repr, valid))}")
    return value
