"""What each region of the page shows for a view: one function per region, none knows another."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from inspectree.dashboard import images
from inspectree.dashboard.client import Client, ServerError
from inspectree.dashboard.colors import class_color, heat
from inspectree.dashboard.facts import describe_selection
from inspectree.dashboard.graphs.architecture import Architecture, dims_of
from inspectree.dashboard.graphs.models import told_changes
from inspectree.dashboard.index import Index
from inspectree.dashboard.located import worn
from inspectree.dashboard.panels.classes import class_selector
from inspectree.dashboard.panels.empty import empty_store
from inspectree.dashboard.panels.header import breadcrumbs, levels, watching
from inspectree.dashboard.panels.interestingness import interestingness
from inspectree.dashboard.panels.localisation import badges, localisation
from inspectree.dashboard.panels.samples import samples_panel
from inspectree.dashboard.panels.toolbox import toolbox
from inspectree.dashboard.scene import draw_scene
from inspectree.dashboard.tools import BY_NAME, fitting
from inspectree.dashboard.tools.base import ToolError
from inspectree.dashboard.tools.questions.axes import FEATURES, over_space
from inspectree.dashboard.tools.questions.sample_images import as_image
from inspectree.dashboard.tools.questions.source import CLASS_MEANS
from inspectree.dashboard.uoa import at, parse
from inspectree.dashboard.view import View
from inspectree.dashboard.widgets import find_unit, slots

Json = dict[str, Any]

PARTS = ("types", "patterns")
PALETTE = [heat(level / 31) for level in range(32)]
QUICK = {"graph", "statistics"}
"""What measures may read to be shown in miniature before they are chosen."""

LEVEL_OF_SCORE = {
    "L3": {"experiment", "model"},
    "L2": {"model", "layer", "variable"},
    "L1": {"layer", "variable"},
}


async def scene(client: Client, view: View, index: Index) -> Json:
    """Return the drawing of the inspection panel."""
    return dict(await draw_scene(client, view, index))


async def changes(client: Client, view: View, index: Index) -> Json:
    """Return what changed along the edges of the tree, where it is in sight."""
    if view.level != "L3" and index.model(view.focus) is not None:
        return {}
    return told_changes(index.models, await client.edges())


async def header(_client: Client, view: View, index: Index) -> tuple[list[Any], list[Any], list[Any]]:
    """Return the breadcrumbs, what is being watched, and the switch between the levels."""
    inside = index.model(view.focus) or index.model(view.selected)
    return breadcrumbs(view, index), watching(index), levels(view, inside is not None)


async def empty(_client: Client, _view: View, index: Index) -> list[Any]:
    """Return how to log the first model, while there is none."""
    return [] if index.models else empty_store(index.answer["store"], index.answer["problems"])


async def tools(client: Client, view: View, index: Index) -> tuple[list[Any], Json | None]:
    """Return the toolbox, and the chosen tool as the inspection panel wants it."""
    drawing = await draw_scene(client, view, index)
    offered = {name for box in drawing["nodes"] for name in box["fits"]}
    offered |= {name for frame in drawing["frames"] for name in frame["fits"]}
    for box in drawing["nodes"]:
        offered |= {
            name for item in box.get("more", {}).get("operations", []) for name in item.get("fits", [])
        }
    tool = BY_NAME.get(view.tool)
    active = view.tool if view.tool in offered else ""
    return toolbox(offered, active), {"name": tool.name, "title": tool.title} if tool and active else None


async def classes(client: Client, view: View, index: Index) -> list[Any]:
    """Return the classes of the model in focus or else selected; of the first that has any where none is."""
    named = (m for m in index.models.values() if m["class_names"])
    model = index.model(view.focus) or index.model(view.selected) or next(named, None)
    if model is None:
        return class_selector([], view.off, {})
    return class_selector(model["class_names"], view.off, await _class_images(client, model))


async def _class_images(client: Client, model: Json) -> dict[str, str]:
    """Return the mean image of each class of a model's first input, where it is an image."""
    if not model["checkpoints"] or not model["class_names"]:
        return {}
    graph = await client.architecture(model["id"])
    first = next((node["id"] for node in graph["nodes"] if node["kind"] == "input"), None)
    if first is None:
        return {}
    try:
        means = await client.values(at(f"{model['id']}/{first}/{CLASS_MEANS}", model["checkpoints"][0]))
    except ServerError:
        return {}
    pixels = {str(name): as_image(means.values[row]) for row, name in enumerate(means["class"].values)}
    return {name: images.uri(image) for name, image in pixels.items() if image is not None}


async def scores(client: Client, view: View, index: Index) -> Json:
    """Return the score of every unit in sight, as colours."""
    if not view.measure or not index.models:
        return {}
    (answer,) = await _interestingness(client, view, index, [view.measure], LEVEL_OF_SCORE[view.level])
    found = {}
    for item in answer["scores"]:
        if item["score"] is None:
            continue
        found[_without_checkpoint(item["uoa"])] = {
            "color": heat(item["score"]),
            "ink": "#1b2437" if 0.3 < item["score"] < 0.72 else "#ffffff",
            "text": f"{item['score']:.2f}",
            "tip": _score_tip(view.measure, item),
        }
    return found


def _score_tip(measure: str, item: Json) -> str:
    lines = [f"{measure} {item['score']:.3f} of 1 among all {item['type']}"]
    if isinstance(item.get("raw"), int | float):
        lines.append(f"value {item['raw']:.4g}")
    if isinstance(item.get("baseline"), int | float):
        lines.append(f"against {item['baseline']:.4g} ({item['against']})")
    return "\n".join(lines)


async def measures(client: Client, view: View, index: Index) -> list[Any]:
    """Return the measures with their miniatures over the models, or the layers of the model in focus."""
    known = await client.measures()
    if not index.models:
        return interestingness(known, view, {})
    shown = [
        measure["name"]
        for measure in known["measures"]
        if measure["source"] in QUICK or measure["name"] == view.measure
    ]
    level = "model" if view.level == "L3" else "layer"
    answers = await _interestingness(client, view, index, shown, {level})
    miniatures = {
        name: [item["score"] for item in answer["scores"] if item["score"] is not None]
        for name, answer in zip(shown, answers, strict=True)
    }
    return interestingness(known, view, miniatures)


async def _interestingness(
    client: Client, view: View, index: Index, measures: Sequence[str], levels: Collection[str]
) -> list[Json]:
    """Ask for measures over an experiment: a model's layers are compared with those of the others.

    Of the chosen measure that is against the chosen baseline, and of the chosen kind of variables.
    """
    shown = _in_sight(view, index)
    around = [e["models"] for e in index.experiments if any(model in e["models"] for model in shown)]
    models = {m["id"]: m for group in around for m in group}.values() if around else index.models.values()
    common = {
        "models": [m["id"] for m in models if m["checkpoints"]],
        "checkpoint": view.checkpoint,
        "levels": sorted(levels),
        "within": [m["id"] for m in shown],
    }
    chosen: Json = {"baseline": {"kind": view.baseline}} if view.baseline else {}
    chosen |= {"kinds": [view.scored]} if view.scored else {}
    return await client.interestingness(
        [common | {"measure": name} | (chosen if name == view.measure else {}) for name in measures]
    )


def _in_sight(view: View, index: Index) -> list[Json]:
    """Return the model in focus and the one beside it; none where all are seen."""
    return [model for uoa in (view.focus, view.compared) if (model := index.model(uoa)) is not None]


def _without_checkpoint(uoa: str) -> str:
    model, separator, rest = uoa.partition("/")
    return model.partition("@")[0] + separator + rest


async def located(client: Client, view: View, index: Index) -> tuple[list[Any], Json]:
    """Return the list of types and patterns, and the badges of those that are switched on."""
    models = [model["id"] for model in _in_sight(view, index)]
    found = await client.locate(models=models, brief=True)
    types, patterns = ([name for name in view.located if name in found[part]] for part in PARTS)
    if not types and not patterns:
        return localisation(found, view.located), {}
    chosen = await client.locate(types, patterns, models)
    return localisation(found, view.located), worn(chosen, badges(found))


async def selection(client: Client, view: View, index: Index) -> list[Any]:
    """Return what is known of the selected unit."""
    return await describe_selection(client, view, index)


async def samples(_client: Client, view: View, index: Index) -> list[Any]:
    """Return the selections of samples, with what can be done with them."""
    return samples_panel(view, index)


async def bar(client: Client, view: View, index: Index) -> Json:
    """Return the checkpoints of the model in focus, else selected, else of the longest training."""
    model = index.model(view.focus) or index.model(view.selected) or index.longest()
    if model is None or not model["checkpoints"]:
        return {"numbers": [], "epochs": [], "metrics": [], "at": 0, "title": (model or {}).get("name", "")}
    checkpoints = await client.checkpoints(model["id"])
    numbers = [checkpoint["number"] for checkpoint in checkpoints]
    return {
        "numbers": numbers,
        "epochs": [checkpoint["epoch"] for checkpoint in checkpoints],
        "metrics": [_metrics(checkpoint["metrics"]) for checkpoint in checkpoints],
        "at": numbers.index(index.context(view).number(model["id"])),
        "title": model["label"],
    }


def _metrics(metrics: Json) -> str:
    """Return the two metrics that tell most: the accuracy and the loss, of validation where there is one."""
    shown = []
    for names in (("val_accuracy", "accuracy"), ("val_loss", "loss")):
        name = next((name for name in names if name in metrics), None)
        if name is not None:
            value = metrics[name]
            shown.append(f"{name} {value if isinstance(value, str) else format(value, '.3f')}")
    return "   ".join(shown)


async def matrix(client: Client, view: View, index: Index) -> Json | None:
    """Return the mean activation of every unit of the layer in focus for every class; None but on L1."""
    model, layer = index.model(view.focus), parse(view.focus).inside
    if model is None or view.level != "L1" or not model["class_names"] or not model["checkpoints"]:
        return None
    node = Architecture(await client.architecture(model["id"])).by_id.get(layer)
    if node is None or not set(FEATURES) & set(dims_of(node)[-1:]):
        return None
    uoa = at(f"{model['id']}/{layer}/{CLASS_MEANS}", index.context(view).number(model["id"]))
    try:
        means = await client.values(uoa, over_space(dims_of(node)))
    except ServerError:
        return None
    values = means.transpose(..., "class").values
    low, high = images.extremes(values)
    names = [str(name) for name in means["class"].values]
    return {
        "layer": f"{model['id']}/{layer}",
        "kind": dims_of(node)[-1],
        "classes": [
            {"name": name, "color": class_color(model["class_names"].index(name)), "off": name in view.off}
            for name in names
        ],
        "values": values.tolist(),
        "low": low,
        "high": high,
        "palette": PALETTE,
    }


async def widgets(
    _client: Client, view: View, index: Index
) -> tuple[list[Json], list[Json], Json | None, Json]:
    """Return the widgets' places, their groups, the samples that are marked, and of what store that is."""
    lit = view.selection(view.lit)
    about = {name: index.answer[name] for name in ("store", "version")} | {"checkpoint": view.checkpoint}
    groups = [asdict(group) for group in view.groups]
    return slots(view, index), groups, asdict(lit) if lit else None, about


async def findable(client: Client, view: View, index: Index) -> list[Json]:
    """Return what the search box finds: models, layers of the model in focus, tools for the selection.

    A layer is shown where it stands, among its neighbours.
    """
    models = [_option(m["label"], type="focus", uoa=m["id"], level="L2") for m in index.models.values()]
    groups = [{"group": "Models", "items": models}]
    model = index.model(view.focus or view.selected)
    if model is not None:
        architecture = Architecture(await client.architecture(model["id"]))
        layers = [
            _option(
                f"{node['id']} · {node['type']}", type="focus", uoa=f"{model['id']}/{node['id']}", level="L2",
                focus=f"{model['id']}/{node['id']}".rpartition("/")[0],
            )
            for node in architecture.by_id.values() if node["kind"] != "operation"
        ]  # fmt: skip
        groups.append({"group": f"Layers of {model['label']}", "items": layers})
    if view.selected:
        try:
            unit = await find_unit(client, view.selected, index)
        except (ServerError, ToolError):  # what is selected may be gone
            return groups
        offered = [
            _option(BY_NAME[name].title, type="apply", uoa=view.selected, tool=name) for name in fitting(unit)
        ]
        groups.append({"group": f"Tools for {unit.name}", "items": offered})
    return groups


def _option(label: str, **event: Any) -> Json:
    """Return an entry whose value is the event that choosing it sends."""
    return {"label": label, "value": json.dumps(event)}
