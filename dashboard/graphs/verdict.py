"""What is different between two models that stand side by side, in the few words that a bar has room for."""

from collections.abc import Iterator, Mapping
from typing import Any

from inspectree.dashboard.changes import text
from inspectree.dashboard.graphs.beside import Shown
from inspectree.dashboard.graphs.marks import SIGNS, Kind, Mark

Json = dict[str, Any]
Both = tuple[Mapping[str, Mark], Mapping[str, Mark]]
"""The marks of the layers before, and after."""

HEADLINES = ("val_accuracy", "accuracy", "val_loss", "loss")
"""Metrics by which a model is known, the first that both have."""


def verdict(before: Shown, after: Shown, found: Json, marks: Both) -> Json:
    """Return both models, the kinds of marks with the layers that have them, and numbers before and after."""
    return {
        "before": _about(before),
        "after": _about(after),
        "group": after.group or "",
        "kinds": [
            {"kind": kind, "sign": sign, "uoas": uoas}
            for kind, sign in SIGNS.items()
            if (uoas := list(_marked(kind, before, after, marks)))
        ],
        "numbers": list(_numbers(found)),
        "note": _note(found, marks),
    }


def _about(shown: Shown) -> Json:
    return {
        "uoa": shown.uoa, "model": shown.model["id"], "name": shown.model["label"], "color": shown.color,
    }  # fmt: skip


def _marked(kind: Kind, before: Shown, after: Shown, marks: Both) -> Iterator[str]:
    """Yield the layers in sight that are marked so: those that went on the left, all others on the right."""
    shown, of = (before, marks[0]) if kind == "removed" else (after, marks[1])
    for node in shown.architecture.children(shown.group):
        if node["id"] in of and of[node["id"]].kind == kind:
            yield shown.path(node["id"])


def _numbers(found: Json) -> Iterator[Json]:
    size = next((size for size in found["sizes"] if size["key"] == "parameters"), None)
    if size is not None:
        yield _number("parameters", size)
    best = {each["name"]: each for each in found["metrics"] if each["when"] == "best"}
    for name in HEADLINES:
        metric = best.get(name)
        if metric and metric["before"] is not None and metric["after"] is not None:
            yield _number(f"best {name}", metric)
            return


def _number(name: str, change: Json) -> Json:
    return {"name": name, "before": _short(change["before"]), "after": _short(change["after"])}


def _short(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else text(value)


def _note(found: Json, marks: Both) -> str:
    """Return what the marks do not tell."""
    layers = found["layers"]
    if not layers["pairs"]:
        return "they have no layer in common"
    if layers["rewired"]:
        count = len(layers["rewired"])
        return f"{count} connection{'s' * (count > 1)} changed"
    return "" if any(marks) else "the same layers, set alike"
