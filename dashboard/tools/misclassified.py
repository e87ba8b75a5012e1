"""The samples that a model gets wrong, or several models do."""

import asyncio
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from inspectree.dashboard.client import Client
from inspectree.dashboard.tools.base import (
    Column,
    Content,
    Context,
    Picture,
    Setting,
    Table,
    Tool,
    ToolError,
)
from inspectree.dashboard.tools.charts.captions import first_of
from inspectree.dashboard.tools.questions.choosing import (
    OUTPUT,
    choices,
    offered_models,
    tells_classes,
    where,
)
from inspectree.dashboard.tools.questions.predictions import Scored, class_output, class_outputs, scored_of
from inspectree.dashboard.tools.questions.sample_images import inputs_of, pictured
from inspectree.dashboard.tools.questions.statistics import chosen
from inspectree.dashboard.unit import Unit

ORDERS = ("by true class", "surest first", "least sure first", "as followed")
WHOSE = ("any model", "all models", "most models", "one model only")
MOST_MODELS = 12
"""Models that a table has columns for."""

RIGHT = "✓"


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw the misclassified samples of the classes that are on."""
    draws = _of_models if unit.kind == "experiment" else _of_model
    return await draws(client, unit, context)


async def _of_model(client: Client, unit: Unit, context: Context) -> Content:
    model = unit.uoa
    outputs, output = await class_output(client, model, context)
    scored = await scored_of(client, model, context, output)
    order = chosen(context.settings["order"], ORDERS)
    places = _ordered(scored, order)
    shown = places[: int(context.settings["most"])]
    kept = f", the first {len(shown)}" if len(shown) < len(places) else ""
    known, at = int(scored.known.sum()), where(unit, model, context, output)
    wrong = f"{len(places)} of {known} samples wrong{kept}, {order} · true → predicted"
    return {
        "caption": f"{wrong if len(places) else f'all {known} samples right'} · {at}",
        "pictures": await _pictures(client, model, scored, shown),
        "choices": choices(unit, context, outputs),
        "space": context.space(model),
    }


def _ordered(scored: Scored, order: str) -> NDArray[np.intp]:
    """Return the places of the wrong samples in an order."""
    wrong = np.flatnonzero(scored.wrong)
    confidence = scored.confidence[wrong]
    keys = dict(zip(ORDERS, (scored.true[wrong], -confidence, confidence, wrong), strict=True))
    return np.asarray(wrong[np.argsort(keys[order], kind="stable")])


async def _pictures(client: Client, model: str, scored: Scored, places: NDArray[np.intp]) -> list[Picture]:
    if not places.size:
        return []
    inputs = await inputs_of(client, model, [scored.samples[place] for place in places])
    pictures = []
    for position, (place, seen) in enumerate(zip(places, inputs.seen(), strict=True)):
        true, predicted = (scored.title(classes[place]) for classes in (scored.true, scored.predicted))
        about = f"sample {scored.samples[place]}\ntrue {true}, predicted {predicted}"
        sure = f"{scored.confidence[place]:.1%} sure"
        tip = "\n".join(filter(None, [f"{about} ({sure})", inputs.tip(position)]))
        pictures.append(
            pictured(seen, Picture(label=f"{true} → {predicted}", sample=scored.samples[place], tip=tip))
        )
    return pictures


async def _of_models(client: Client, unit: Unit, context: Context) -> Content:
    """Draw a table: a row per sample, a column per model that followed the same samples."""
    offered = offered_models(unit, context, classes=True)
    if not offered:
        raise ToolError(f"{unit.name} has no model with classes and a checkpoint yet")
    alike = _alike(list(offered.values()), context)
    asked = alike[:MOST_MODELS]
    answers = await asyncio.gather(*(_known(client, model, context) for model in asked))
    known = _same({model: found for model, found in zip(asked, answers, strict=True) if found is not None})
    if not known:
        raise ToolError(f"no model of {unit.name} has one output that tells the classes apart")
    titles = {model: title for title, model in offered.items() if model in known}
    unlike = len(offered) - len(alike) + len(asked) - len(known)
    others = f" · {unlike} more with other samples, classes or several outputs" if unlike else ""
    cut = first_of(len(asked), len(alike), "models")
    return await _table(client, known, titles, context, f"{others}{cut}")


def _alike(models: Sequence[str], context: Context) -> list[str]:
    """Return the largest group of models that followed the same samples, of the same classes."""
    kinds = {model: (context.space(model), tuple(context.all_classes(model))) for model in models}
    ((kind, _),) = Counter(kinds.values()).most_common(1)
    return [model for model in models if kinds[model] == kind]


async def _known(client: Client, model: str, context: Context) -> Scored | None:
    """Return what a model says; None of one that has several outputs, of which none is the classes' own."""
    if await class_outputs(client, model, context):
        return None
    return await scored_of(client, model, context)


def _same(known: dict[str, Scored]) -> dict[str, Scored]:
    """Return the largest group of models whose samples are really the same ones."""
    samples = {model: (each.samples, each.names, each.true.tobytes()) for model, each in known.items()}
    most = Counter(samples.values()).most_common(1)
    return {model: scored for model, scored in known.items() if samples[model] == most[0][0]}


async def _table(
    client: Client, known: dict[str, Scored], titles: dict[str, str], context: Context, others: str
) -> Content:
    whose = chosen(context.settings["whose"], WHOSE)
    wrong = np.stack([scored.wrong for scored in known.values()])
    counts = wrong.sum(axis=0)
    places = np.flatnonzero(matching(counts, len(known), whose))
    places = places[np.argsort(-counts[places], kind="stable")]
    shown = places[: int(context.settings["most"])]
    kept = f", the first {len(shown)}" if len(shown) < len(places) else ""
    first = next(iter(known))
    return {
        "caption": f"{len(places)} samples that {_says(whose)} wrong, of {len(known)} models{kept}{others}",
        "table": await _rows(client, known, titles, shown),
        "space": context.space(first),
        "merge": "table",
    }


def matching(counts: NDArray[np.intp], models: int, whose: str) -> NDArray[np.bool_]:
    """Return which samples (sample) so many of the models get wrong as is asked for."""
    least = {"any model": 1, "all models": models, "most models": models // 2 + 1, "one model only": 1}[whose]
    return (counts == 1) if whose == "one model only" else (counts >= least)


def _says(whose: str) -> str:
    return {"one model only": "one model only gets"}.get(
        whose, f"{whose} {'gets' if 'any' in whose else 'get'}"
    )


async def _rows(
    client: Client, known: dict[str, Scored], titles: dict[str, str], places: NDArray[np.intp]
) -> Table:
    """Return a row per sample; columns are named by their models: titles may be any words."""
    model, first = next(iter(known.items()))
    samples = [first.samples[place] for place in places]
    seen = (await inputs_of(client, model, samples)).seen() if samples else []
    words = any("text" in each for each in seen)
    columns = [
        Column(name="sample", title="Sample", kind="number"),
        Column(name="seen", title="Input", kind="text" if words else "image"),
        Column(name="true", title="True", kind="text"),
        *(Column(name=each, title=titles[each], kind="text") for each in known),
    ]
    rows = [
        [sample, each.get("text", each.get("src")), first.title(first.true[place]), *_says_of(known, place)]
        for sample, each, place in zip(samples, seen, places, strict=True)
    ]
    return Table(columns=columns, rows=rows, samples=samples)


def _says_of(known: dict[str, Scored], place: int) -> Sequence[str | None]:
    return [
        RIGHT
        if scored.right[place]
        else scored.title(scored.predicted[place])
        if scored.wrong[place]
        else None
        for scored in known.values()
    ]


MISCLASSIFIED = Tool(
    name="misclassified",
    title="Misclassified samples",
    icon="photo-x",
    description="The samples that a model gets wrong; of an experiment those that all, most or only one of "
    "its models get wrong, side by side. Hover one: other widgets mark the same sample.",
    fits=tells_classes,
    draw=draw,
    settings=(
        OUTPUT,
        Setting("order", "Order", "choice", ORDERS[0], choices=ORDERS, of=("model",)),
        Setting("whose", "Wrong in", "choice", WHOSE[0], choices=WHOSE, of=("experiment",)),
        Setting("most", "Most samples", "number", 60, least=1, most=400),
    ),
    family="samples",
)
