"""Hyperparameters as names with values: nested ones by where they lie."""

from collections.abc import Mapping
from typing import Any

CIRCUMSTANCES = frozenset(
    {
        "backend", "backend_version", "date", "devices", "git_commit", "git_dirty", "host", "keras",
        "python", "script",
    }
)  # fmt: skip
"""What is recorded beside the hyperparameters: where and when a model was trained."""

Value = float | str | None


def flattened(hyperparameters: Mapping[str, Any]) -> dict[str, Value]:
    """Return numbers and words by names such as ``optimizer learning rate``."""
    found: dict[str, Value] = {}
    for name, value in hyperparameters.items():
        if name not in CIRCUMSTANCES:
            found |= _parts(name, value)
    return {name.replace("_", " "): value for name, value in found.items()}


def _parts(name: str, value: Any) -> dict[str, Value]:
    """Return a value by its name; of what has parts each of these. A ``class`` stands for its owner."""
    if isinstance(value, Mapping):
        found: dict[str, Value] = {}
        for part, inner in value.items():
            found |= _parts(name if part == "class" else f"{name} {part}", inner)
        return found
    return {name: _plain(value)}


def _plain(value: Any) -> Value:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if value is None or isinstance(value, int | float) else str(value)
