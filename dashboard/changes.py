"""What changed between two models, in few words."""

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]

CONSEQUENCES = {"output shape", "parameters", "trainable parameters"}
"""What changes of a layer because something else did."""


def title(key: str) -> str:
    """Return a setting as people call it."""
    return key.removesuffix(".class").replace("_", " ").replace(".", " › ")


def text(value: Any) -> str:
    """Return a value in a few characters."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return "×".join(map(text, value)) or "–"
    if isinstance(value, dict):
        return str(value.get("class") or ", ".join(f"{name} {text(part)}" for name, part in value.items()))
    return str(value)


def own(changes: Iterable[Json]) -> list[Json]:
    """Return a layer's changes: no consequences, no settings of what was replaced as a whole."""
    kept = [change for change in changes if change["key"] not in CONSEQUENCES]
    classes = [change["key"] for change in kept if change["key"].endswith(".class")]
    replaced = tuple(key.removesuffix("class") for key in classes)
    return [change for change in kept if change["key"] in classes or not change["key"].startswith(replaced)]


def told(change: Json) -> str:
    """Return a change as a sentence: ``units 64 → 128``."""
    return f"{title(change['key'])} {text(change['before'])} → {text(change['after'])}"
