"""Any answer as strict JSON; numbers that are not finite become strings."""

import math
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray
from pydantic import BaseModel

TEXT = {math.inf: "Infinity", -math.inf: "-Infinity"}


def dumps(content: Any) -> bytes:
    """Return ``content`` as JSON: mappings, sequences, frozen values and NumPy arrays, however nested."""
    return orjson.dumps(_plain(content), option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS)


def _plain(content: Any) -> Any:
    if isinstance(content, np.ndarray):
        return _array(content)
    if isinstance(content, (float, np.floating)):
        return _number(float(content))
    if isinstance(content, BaseModel):
        return _plain(content.model_dump())
    if is_dataclass(content) and not isinstance(content, type):
        return _plain(asdict(content))
    if isinstance(content, Mapping):
        return {key: _plain(value) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [_plain(value) for value in content]
    return content


def _array(values: NDArray[Any]) -> Any:
    """Return an array that orjson writes by itself where it can, else nested lists."""
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        return _plain(values.tolist())
    if values.dtype.kind in "biuf":
        return np.ascontiguousarray(values)
    return values.tolist()


def _number(value: float) -> float | str:
    return value if math.isfinite(value) else TEXT.get(value, "NaN")
