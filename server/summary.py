"""A model in a few numbers, as lists and trees show it."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

from inspectree.logger.frozen import Frozen
from inspectree.logger.header import Header
from inspectree.server.catalog import Catalog
from inspectree.server.errors import UnknownUnitError
from inspectree.server.jsontext import dumps
from inspectree.server.model import Model
from inspectree.server.store import Store


class Best(Frozen):
    """The best checkpoint: lowest validation loss, or loss where there is none."""

    checkpoint: int
    metrics: dict[str, float]


class ModelSummary(Frozen):
    """A model in a few numbers. Times are ISO 8601 in UTC, ``seconds`` is the training time of all epochs.

    Models with the same ``samples`` followed the same ones; it is empty where that is not told.
    """

    id: str
    name: str
    label: str
    parents: tuple[str, ...]
    missing_parents: tuple[str, ...]
    depth: int
    state: str
    error: str | None
    tags: tuple[str, ...]
    notes: str
    type: str
    layers: int
    layer_types: tuple[str, ...]
    parameters: int
    trainable_parameters: int
    inputs: tuple[tuple[int | None, ...], ...] | None
    outputs: tuple[tuple[int | None, ...], ...] | None
    checkpoints: tuple[int, ...]
    epochs: int
    metrics: dict[str, float]
    best: Best | None
    bytes: int
    started: str
    seconds: float
    class_names: tuple[str, ...]
    samples: str


class ModelDetails(ModelSummary):
    """A model in a few numbers, with its header, its children and how it was trained."""

    header: Header
    children: tuple[str, ...]
    hyperparameters: dict[str, Any]


def overview_json(store: Store) -> bytes:
    """Return every experiment with its models, and what is wrong in the store, as JSON.

    It is made once for each state of the store and its known problems.
    """
    catalog = store.catalog
    known = catalog.kept.get("overview")
    if known is None or known[0] != catalog.problems:
        body = _encoded(catalog, store.path)
        known = catalog.kept["overview"] = catalog.problems, body
    encoded: bytes = known[1]
    return encoded


def _encoded(catalog: Catalog, path: Path) -> bytes:
    """Return the overview of pieces that are made once for each state of a model."""
    experiments = [
        dumps({"id": e.id, "label": e.label})[:-1]
        + b',"models":['
        + b",".join(_summary(model)[1] for model in e.models)
        + b"]}"
        for e in catalog.experiments
    ]
    about = {"problems": catalog.problems, "store": path.resolve().name, "version": version("inspectree")}
    return b'{"experiments":[' + b",".join(experiments) + b"]," + dumps(about)[1:]


def summarise(model: Model) -> ModelSummary:
    """Return a model in a few numbers, which are put together once for each state and place of the model."""
    return _summary(model)[0]


def _summary(model: Model) -> tuple[ModelSummary, bytes]:
    """Return the summary, and its JSON."""
    place = tuple(parent.id for parent in model.parents), model.missing_parents, model.depth
    known = model.kept.get("summary")
    if known is None or known[0] != place:
        summary = ModelSummary(**_facts(model))
        known = model.kept["summary"] = place, (summary, dumps(summary))
    found: tuple[ModelSummary, bytes] = known[1]
    return found


def detail(model: Model) -> ModelDetails:
    """Return what is known of a model but for its architecture, history and checkpoints."""
    children = tuple(child.id for child in model.children)
    hyperparameters = model.hyperparameters
    return ModelDetails(
        **_facts(model), header=model.header, children=children, hyperparameters=hyperparameters
    )


def _facts(model: Model) -> dict[str, Any]:
    header, outline = model.header, model.outline
    parents = tuple(parent.id for parent in model.parents)
    return {
        "id": model.id,
        "name": header.name,
        "label": header.title,
        "parents": parents,
        "missing_parents": model.missing_parents,
        "depth": model.depth,
        "state": model.state,
        "error": model.error,
        "tags": header.tags,
        "notes": header.notes,
        **outline.model_dump(),
        "checkpoints": model.checkpoint_numbers,
        "epochs": model.epochs,
        "metrics": model.last_metrics,
        "best": _best(model),
        "bytes": model.nbytes,
        "started": model.started,
        "seconds": model.seconds,
        "class_names": model.class_names,
        "samples": model.reader.head.samples,
    }


def _best(model: Model) -> Best | None:
    try:
        moment = model.best
    except UnknownUnitError:
        return None
    return Best(checkpoint=moment.number, metrics=dict(moment.metrics))
