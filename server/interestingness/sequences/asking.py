"""The layers of a model beside what is known of layer sequences from elsewhere."""

from collections import Counter
from collections.abc import Iterator, Mapping

from inspectree.server.catalog import Catalog
from inspectree.server.interestingness.sequences.counts import Sequences
from inspectree.server.interestingness.sequences.learned import learned
from inspectree.server.interestingness.sequences.words import Path, count, paths
from inspectree.server.interestingness.subjects import Layer
from inspectree.server.model import Model

KEPT = "layer sequences"


def layers(catalog: Catalog, model: Model) -> Iterator[Layer]:
    """Yield a model's layers; of the store all other models count, so that no layer is its own baseline."""
    known = elsewhere(catalog, model)
    leading = own(model)
    for node in model.architecture.layers:
        if node.kind == "layer":
            yield Layer(model, node, tuple(leading.get(node.id, ())), known)


def elsewhere(catalog: Catalog, model: Model) -> Sequences:
    """Return what is known from keras.applications and from the store's other models."""
    if KEPT not in catalog.kept:
        catalog.kept[KEPT] = Sequences(_everywhere(catalog))
    everywhere: Sequences = catalog.kept[KEPT]
    return everywhere.without(count(own(model)))


def _everywhere(catalog: Catalog) -> Counter[Path]:
    counts = Counter(learned().counts)
    for model in catalog.by_id.values():
        counts.update(count(own(model)))
    return counts


def own(model: Model) -> Mapping[str, list[Path]]:
    """Return the paths that lead to a model's layers, which are looked for once."""
    if KEPT not in model.kept:
        model.kept[KEPT] = paths(model.architecture)
    kept: Mapping[str, list[Path]] = model.kept[KEPT]
    return kept
