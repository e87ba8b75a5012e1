"""L3: the tree of models, one frame per experiment."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from inspectree.dashboard.graphs.drawing import Box, Drawing, Frame, Line, bounds, number
from inspectree.dashboard.graphs.layered import Placement, Point, layered
from inspectree.dashboard.graphs.pictograms import kind
from inspectree.dashboard.graphs.shelves import shelves
from inspectree.dashboard.unit import Shapes, Unit

Json = dict[str, Any]
Fitting = Callable[[Unit], list[str]]

WIDTH, HEIGHT = 216, 128
FRAME_MARGIN = 34
GAP_BETWEEN_EXPERIMENTS = 72
GAP_BETWEEN_GENERATIONS = 108
MOST_SENTENCES = 10
PICTURE_LAYERS = 14
"""Layers that the small picture of an architecture has room for."""


def draw_models(experiments: list[Json], colors: dict[str, str], fitting: Fitting) -> Drawing:
    """Draw every experiment as a frame, its models left to right by depth, edges from parent to child."""
    trees = [_Tree.of(experiment) for experiment in experiments]
    corners = shelves([tree.size for tree in trees], GAP_BETWEEN_EXPERIMENTS)
    nodes: list[Box] = []
    edges: list[Line] = []
    frames: list[Frame] = []
    for tree, (left, top) in zip(trees, corners, strict=True):
        places = tree.placed(left + FRAME_MARGIN, top + FRAME_MARGIN)
        boxes = _boxes(tree.models, places, colors, fitting)
        nodes += boxes
        frames.append(_frame(tree.experiment, boxes, fitting))
        edges += _edges(tree, places)
    return Drawing(
        key="L3",
        level="L3",
        nodes=nodes,
        edges=edges,
        frames=frames,
        bounds=bounds(nodes, FRAME_MARGIN + 12),
    )


@dataclass(frozen=True)
class _Tree:
    """The models of one experiment with the layout of their tree, in which data would flow down."""

    experiment: Json
    models: dict[str, Json]
    links: list[tuple[str, str]]
    placement: Placement

    @classmethod
    def of(cls, experiment: Json) -> "_Tree":
        models = {model["id"]: model for model in experiment["models"]}
        links = [(parent, id_) for id_, model in models.items() for parent in model["parents"]]
        links = [(parent, child) for parent, child in links if parent in models]
        sizes = dict.fromkeys(models, (HEIGHT, WIDTH))
        return cls(experiment, models, links, layered(sizes, links, gap_x=30, gap_y=GAP_BETWEEN_GENERATIONS))

    @property
    def size(self) -> Point:
        """Return width and height with the frame's margins."""
        x, y = zip(*self.placement.centres.values(), strict=True)
        return max(y) - min(y) + WIDTH + 2 * FRAME_MARGIN, max(x) - min(x) + HEIGHT + 2 * FRAME_MARGIN

    def placed(self, left: float, top: float) -> Placement:
        """Return the layout turned, so that its downwards is the page's rightwards, and moved to a corner."""
        down = top + HEIGHT / 2 - min(x for x, _ in self.placement.centres.values())
        bends = self.placement.bends.items()
        return Placement(
            {key: (left + y, down + x) for key, (x, y) in self.placement.centres.items()},
            {index: [(left + y, down + x) for x, y in points] for index, points in bends},
        )


def model_unit(model: Json) -> Unit:
    """Return a model as something that tools can be applied to."""
    return Unit(
        model["id"],
        "model",
        model["label"],
        model["type"],
        classes=len(model["class_names"]),
        inputs=_shapes(model["inputs"]),
        outputs=_shapes(model["outputs"]),
    )


def experiment_unit(experiment: Json) -> Unit:
    """Return an experiment as something that tools can be applied to."""
    models = [model_unit(model) for model in experiment["models"]]
    return Unit(
        experiment["id"],
        "experiment",
        experiment["label"],
        classes=max((model.classes for model in models), default=0),
        inputs=_common([model.inputs for model in models]),
        outputs=_common([model.outputs for model in models]),
    )


def _shapes(told: list[list[int | None]] | None) -> Shapes | None:
    return None if told is None else tuple(map(tuple, told))


def _common(shapes: list[Shapes | None]) -> Shapes | None:
    """Return the shapes where they are the same in all models, else that none is told."""
    return shapes[0] if len(set(shapes)) == 1 else None


def _boxes(
    models: dict[str, Json], placement: Placement, colors: dict[str, str], fitting: Fitting
) -> list[Box]:
    return [
        Box(
            uoa=id_,
            kind="model",
            name=model["label"],
            x=placement.centres[id_][0],
            y=placement.centres[id_][1],
            w=WIDTH,
            h=HEIGHT,
            fits=fitting(model_unit(model)),
            tip=_tip(model),
            label=(f"model {model['label']}, {number(model['parameters'])} parameters, {model['state']}"),
            more={
                "id": id_[:8],
                "color": colors[id_],
                "type": model["type"],
                "parameters": number(model["parameters"]),
                "picture": [kind(type_) for type_ in model["layer_types"]][:PICTURE_LAYERS],
                "further": max(0, len(model["layer_types"]) - PICTURE_LAYERS),
                "state": model["state"],
                "metric": _headline(model),
            },
        )
        for id_, model in models.items()
    ]


def _frame(experiment: Json, boxes: list[Box], fitting: Fitting) -> Frame:
    left, up, right, down = bounds(boxes, FRAME_MARGIN)
    return Frame(
        uoa=experiment["id"],
        kind="experiment",
        name=f"{experiment['label']} · {len(boxes)} model{'s' * (len(boxes) != 1)}",
        color="var(--ink-3)",
        x=left,
        y=up,
        w=right - left,
        h=down - up,
        fits=fitting(experiment_unit(experiment)),
    )


def told_changes(models: Mapping[str, Json], changes: Iterable[Json]) -> dict[str, Json]:
    """Return what is written at edges when all graphs have been compared, by ``"PARENT CHILD"``.

    ``changes`` are the server's answer. A drawing does not wait for it: it takes a while for many models.
    """
    return {
        f"{change['parent']} {change['child']}": {
            "note": _note(change),
            "tip": _difference(models[change["parent"]], models[change["child"]], change["summary"]),
        }
        for change in changes
        if {change["parent"], change["child"]} <= models.keys()
    }


def _edges(tree: _Tree, placement: Placement) -> list[Line]:
    models, lines = tree.models, []
    for index, (parent, child) in enumerate(tree.links):
        (start_x, start_y), (end_x, end_y) = placement.centres[parent], placement.centres[child]
        bends = placement.bends.get(index, [])
        change = models[child]["trainable_parameters"] - models[parent]["trainable_parameters"]
        lines.append(
            Line(
                source=parent,
                target=child,
                points=[(start_x + WIDTH / 2, start_y), *bends, (end_x - WIDTH / 2 - 5, end_y)],
                horizontal=True,
                width=_width(change, models[parent]["trainable_parameters"]),
                label=f"{change:+,}" if change else "±0",
                tip=_difference(models[parent], models[child], []),
            )
        )
    return lines


def _width(change: int, before: int) -> float:
    """Return a line's width: 1.6 without a change, towards 8 as the parameters multiply."""
    share = abs(change) / max(before + max(change, 0), 1)
    return round(1.6 + 6.4 * share, 2)


def _headline(model: Json) -> Json | None:
    """Return the metric that a model is known by: its best checkpoint's accuracy, else its loss."""
    metrics = (model["best"] or {}).get("metrics", {})
    for name in ("val_accuracy", "accuracy", "val_loss", "loss"):
        if name in metrics:
            return {"name": name, "text": _metric(metrics[name])}
    return None


def _metric(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.3f}"


def _tip(model: Json) -> str:
    lines = [f"{model['label']} · {model['state']}"]
    if model["error"]:
        lines.append(model["error"])
    checkpoints = len(model["checkpoints"])
    lines.append(f"{number(model['trainable_parameters'])} trainable parameters · {checkpoints} checkpoints")
    if model["missing_parents"]:
        lines.append(f"parents not in this store: {', '.join(model['missing_parents'])}")
    if model["notes"]:
        lines.append(re.sub(r"[`*]", "", model["notes"]))
    return "\n".join(lines)


def _note(change: Json) -> str:
    """Return how much changed, for the little room below an edge: layers that came, went and were altered."""
    signs = {"added": "+", "removed": "−", "altered": "~"}
    layers = " ".join(f"{sign}{change[name]}" for name, sign in signs.items() if change[name])
    if layers:
        return layers
    if count := change["hyperparameters"]:
        return f"{count} setting{'s' * (count > 1)}"
    return "rewired" if change["rewired"] else ""


def _difference(parent: Json, child: Json, summary: list[str]) -> str:
    """Say what changed from parent to child, with absolute numbers."""
    change = child["trainable_parameters"] - parent["trainable_parameters"]
    more = len(summary) - MOST_SENTENCES
    lines = [
        f"{parent['label']} → {child['label']}",
        f"trainable parameters {number(parent['trainable_parameters'])} → "
        f"{number(child['trainable_parameters'])} ({change:+,})",
        *summary[:MOST_SENTENCES],
        *[f"… and {more} more"] * (more > 0),
    ]
    old, new = _headline(parent), _headline(child)
    if old and new and old["name"] == new["name"]:
        lines.append(f"best {new['name']} {old['text']} → {new['text']}")
    return "\n".join(lines)
