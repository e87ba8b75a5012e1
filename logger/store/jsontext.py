"""JSON text as it stands in files: non-finite numbers are the strings NaN, Infinity, -Infinity."""

import json
import math
from typing import Any

NONFINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def dumps(value: Any) -> str:
    """Return ``value`` as strict JSON."""
    return json.dumps(_without_nonfinite(value), allow_nan=False)


def numbers(values: dict[str, float | str]) -> dict[str, float]:
    """Return a mapping of numbers with the non-finite ones restored."""
    return {name: NONFINITE[value] if isinstance(value, str) else value for name, value in values.items()}


def _without_nonfinite(value: Any) -> Any:
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        return value if math.isfinite(value) else ("Infinity" if value > 0 else "-Infinity")
    if isinstance(value, dict):
        return {str(key): _without_nonfinite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nonfinite(item) for item in value]
    return value
