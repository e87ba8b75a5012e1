"""Any answer as strict JSON; numbers that are not finite become strings."""

import math
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray
from pydantic import BaseModel

OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS

TEXT = {math.inf: "Infinity", -math.inf: "-Infinity"}


def dumps(content: Any) -> bytes:
    """Return ``content`` as JSON: mappings, sequences, frozen values and NumPy arrays, however nested."""
    try:
        return orjson.dumps(_plain(content), option=OPTIONS)
    except TypeError:  # a file's text that is no UTF-8 holds halves of characters
        return orjson.dumps(_whole(_plain(content)), option=OPTIONS)


def _whole(content: Any) -> Any:
    """Return plain content with question marks in the place of what is no character."""
    if isinstance(content, str):
        return content.encode("utf-8", "replace").decode()
    if isinstance(content, Mapping):
        return {_whole(key): _whole(value) for key, value in content.items()}
    return [_whole(value) for value in content] if isinstance(content, list) else content


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
