"""The samples that are followed, to look through."""

import numpy as np

from inspectree.dashboard.client import Client, ServerError
from inspectree.dashboard.tools.base import Content, Context, Picture, Setting, Tool, ToolError
from inspectree.dashboard.tools.charts.captions import some_of
from inspectree.dashboard.tools.questions.choosing import MODEL, choices, model_of
from inspectree.dashboard.tools.questions.following import NO_CLASS, Followed, followed
from inspectree.dashboard.tools.questions.predictions import scored_of
from inspectree.dashboard.tools.questions.sample_images import Inputs, inputs_of, pictured
from inspectree.dashboard.tools.questions.statistics import chosen
from inspectree.dashboard.tools.questions.targets import number_outputs, regressed
from inspectree.dashboard.unit import Unit

ORDERS = ("as followed", "random", "least sure first", "surest first", "most wrong first")
BY_CONFIDENCE = ORDERS[2:]


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw the samples of the classes that are on, some of each class, in the order that is asked for."""
    model = model_of(unit, context)
    found = await followed(client, model, context)
    order = chosen(context.settings["order"], ORDERS)
    ordered = await _ordered(client, model, context, found, order)
    kept = _some_of_each(found, ordered, int(context.settings["each"]), int(context.settings["most"]))
    inputs = await inputs_of(client, model, kept)
    numbers = {} if found.true is not None else await _numbers(client, model, context)
    every = "all " if len(kept) == len(found.samples) else ""
    offered = choices(unit, context, [])
    if len(inputs.values) > 1:
        offered["input"] = list(inputs.values)
    return {
        "caption": ", ".join(
            filter(None, [f"{every}{some_of(len(kept), len(found.samples))} samples", found.cut, order])
        )
        + (" · true → predicted" if found.predicted or numbers else ""),
        "pictures": _pictures(found, kept, inputs, str(context.settings["input"]), numbers),
        "choices": offered,
        "space": context.space(model),
    }


async def _numbers(client: Client, model: str, context: Context) -> dict[int, str]:
    """Return what a regressor of one number says of each sample beside the truth; nothing of other models."""
    try:
        outputs = await number_outputs(client, model, context)
        against = await regressed(client, model, context, outputs[0])
    except (ToolError, ServerError):
        return {}
    if against.true.shape[1] != 1:
        return {}
    pairs = zip(against.samples, against.true[:, 0], against.predicted[:, 0], strict=True)
    return {sample: f"{true:.4g} → {predicted:.4g}" for sample, true, predicted in pairs}


async def _ordered(client: Client, model: str, context: Context, found: Followed, order: str) -> list[int]:
    """Return all selected samples in an order; those without a class come last where that counts."""
    if order == "as followed":
        return list(found.samples)
    if order == "random":
        seed = int(context.settings["seed"])
        return [int(sample) for sample in np.random.default_rng(seed).permutation(found.samples)]
    try:
        scored = await scored_of(client, model, context)
    except (ToolError, ServerError) as error:
        raise ToolError(f"samples cannot be put in the order {order!r}: {error}") from None
    key = scored.of_true if order == "most wrong first" else scored.confidence
    places = np.argsort(-key if order == "surest first" else key, kind="stable")
    return [scored.samples[place] for place in places]


def _some_of_each(found: Followed, ordered: list[int], each: int, most: int) -> list[int]:
    """Return at most so many samples of each class (0: any number), and at most so many in all."""
    if not each or found.true is None:
        return ordered[:most]
    classes = dict(zip(found.samples, found.true, strict=True))
    counts: dict[int, int] = {}
    kept = []
    for sample in ordered:
        counts[classes[sample]] = counts.get(classes[sample], 0) + 1
        if counts[classes[sample]] <= each:
            kept.append(sample)
    return kept[:most]


def _pictures(
    found: Followed, kept: list[int], inputs: Inputs, name: str, numbers: dict[int, str]
) -> list[Picture]:
    places = {sample: place for place, sample in enumerate(found.samples)}
    pictures = []
    for position, (sample, seen) in enumerate(zip(kept, inputs.seen(name), strict=True)):
        tip = "\n".join(filter(None, [found.about(sample), inputs.tip(position)]))
        label = numbers.get(sample) or _label(found, places[sample])
        about = Picture(label=label, sample=sample, tip=tip)
        if _is_wrong(found, places[sample]):
            about["mark"] = "on"
        pictures.append(pictured(seen, about))
    return pictures


def _label(found: Followed, place: int) -> str:
    """Return the true class, with the predicted one where that is another; the number without classes."""
    if found.true is None:
        return str(found.samples[place])
    true = "none" if found.true[place] == NO_CLASS else found.names[found.true[place]]
    return f"{true} → {found.names[_predicted(found, place)]}" if _is_wrong(found, place) else true


def _predicted(found: Followed, place: int) -> int:
    return NO_CLASS if found.predicted is None else found.predicted[place]


def _is_wrong(found: Followed, place: int) -> bool:
    true, predicted = NO_CLASS if found.true is None else found.true[place], _predicted(found, place)
    return NO_CLASS not in (true, predicted) and true != predicted


SAMPLES = Tool(
    name="samples",
    title="Samples",
    icon="photo-search",
    description="The samples that training was watched with: images, curves, bars or words, with the true "
    "and the predicted class. Click some to select them.",
    fits=lambda unit: unit.kind in {"model", "experiment"},
    draw=draw,
    settings=(
        MODEL,
        Setting("order", "Order", "choice", ORDERS[0], choices=ORDERS),
        Setting("each", "Most of each class", "number", 0, least=0, most=400, help="0: any number."),
        Setting("most", "Most samples", "number", 60, least=1, most=400),
        Setting("seed", "Seed of the random order", "number", 0, least=0),
        Setting("input", "Input", "choice", "", help="Of a model with several inputs: which of them."),
    ),
    family="samples",
)
