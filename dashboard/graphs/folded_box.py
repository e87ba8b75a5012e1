"""The box of a run of repeated blocks."""

from typing import Any

from inspectree.dashboard.graphs.architecture import Architecture
from inspectree.dashboard.graphs.drawing import Box, number, shape_text, text_width
from inspectree.dashboard.graphs.folds import Fold
from inspectree.dashboard.graphs.pictograms import kind

Json = dict[str, Any]

HEIGHT = 128
LEAST_WIDTH = 232
PICTURE_LAYERS = 14
"""Layers of a block that its small picture has room for."""


def fold_name(architecture: Architecture, fold: Fold) -> str:
    """Return what a run is called: ``×12 block of 7 layers``, or of single layers ``×12 Dense``."""
    if fold.period == 1:
        return f"×{fold.count:,} {architecture.by_id[fold.members[0]]['type']}"
    return f"×{fold.count:,} block of {fold.period} layers"


def fold_box(model: str, architecture: Architecture, fold: Fold) -> Box:
    """Return the box that stands for a run: its block's layers, how many there are, what leaves the last."""
    block = [architecture.by_id[id_] for id_ in fold.members[: fold.period]]
    name = fold_name(architecture, fold)
    parameters = sum(architecture.parameters(id_) for id_ in fold.members)
    count = f"{number(parameters)} params" if parameters else ""
    shape = _output(architecture.by_id[fold.members[-1]])
    footer = text_width(shape, 10.5) + text_width(count, 10.5) + 70
    return Box(
        uoa=f"{model}/{fold.key}",
        kind="fold",
        name=name,
        x=0.0,
        y=0.0,
        w=max(LEAST_WIDTH, footer, text_width(name, 13) + 120),
        h=HEIGHT,
        fits=[],
        tip=_tip(fold, block, name, count),
        label=f"{name}, folded, {fold.members[0]} to {fold.members[-1]}",
        more={
            "type": "",
            "shape": shape,
            "parameters": count,
            "picture": [kind(node["type"]) for node in block][:PICTURE_LAYERS],
            "further": max(0, len(block) - PICTURE_LAYERS),
        },
        members=[f"{model}/{id_}" for id_ in fold.members],
    )


def _output(node: Json) -> str:
    return f"({shape_text(node['outputs'][0]['shape'][1:])})" if node["outputs"] else ""


def _tip(fold: Fold, block: list[Json], name: str, count: str) -> str:
    types = list(dict.fromkeys(node["type"] for node in block))
    lines = [name, f"{fold.members[0]} … {fold.members[-1]}"]
    lines += [", ".join(types)] if fold.period > 1 else []
    return "\n".join([*lines, *[count] * bool(count), "Click to unfold"])
