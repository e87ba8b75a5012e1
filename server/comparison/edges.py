"""What changed along every edge of an experiment's tree, in a few words."""

from inspectree.logger.frozen import Frozen
from inspectree.server.catalog import Catalog
from inspectree.server.comparison.comparison import changed_hyperparameters, changed_layers
from inspectree.server.comparison.sentences import sentences
from inspectree.server.errors import UnknownUnitError
from inspectree.server.jsontext import dumps
from inspectree.server.model import Model
from inspectree.server.nearest import nearest


class Edge(Frozen):
    """What changed from a parent to its child: sentences, and how many of each kind.

    ``altered`` leaves out the layers that only follow from others.
    """

    parent: str
    child: str
    summary: tuple[str, ...]
    added: int
    removed: int
    altered: int
    renamed: int
    rewired: int
    hyperparameters: int


class Edges(Frozen):
    """The edges of one experiment, or of all."""

    edges: tuple[Edge, ...]


def edges_json(catalog: Catalog, experiment: str | None = None) -> bytes:
    """Return the edges of an experiment (None: of all) as JSON, made once for each state of the store.

    Raises
    ------
    UnknownUnitError
        When there is no such experiment; lists the nearest.
    """
    known = {each.id: each.models for each in catalog.experiments}
    if experiment is not None and experiment not in known:
        hint = nearest(experiment, known)
        raise UnknownUnitError(f"there is no experiment {experiment!r}; {hint}", experiment)
    key = "edges", experiment
    if key not in catalog.kept:
        chosen = known if experiment is None else {experiment: known[experiment]}
        models = [model for members in chosen.values() for model in members]
        found = tuple(edge(parent, model) for model in models for parent in model.parents)
        catalog.kept[key] = dumps(Edges(edges=found))
    encoded: bytes = catalog.kept[key]
    return encoded


def edge(parent: Model, child: Model) -> Edge:
    """Return what changed from a parent to its child."""
    layers, hyperparameters = changed_layers(parent, child), changed_hyperparameters(parent, child)
    return Edge(
        parent=parent.id,
        child=child.id,
        summary=sentences(layers, hyperparameters),
        added=len(layers.added),
        removed=len(layers.removed),
        altered=sum(layer.by_itself for layer in layers.altered),
        renamed=len(layers.renamed),
        rewired=len(layers.rewired) + len(layers.moved),
        hyperparameters=len(hyperparameters),
    )
