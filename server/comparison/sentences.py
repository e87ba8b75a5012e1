"""What changed between two models, in short sentences."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from inspectree.server.comparison.change import Change
from inspectree.server.comparison.layers import FOLLOWING, Layer, LayerChanges

TOLD = ("units", "filters", "kernel_size", "pool_size", "rate", "num_heads", "output_dim")
"""The settings by which a layer is known, besides its activation function."""

FEW = 3


def sentences(layers: LayerChanges, hyperparameters: Iterable[Change]) -> tuple[str, ...]:
    """Return what changed, the layers first; nothing where nothing did."""
    return (
        *_came("+", layers.added),
        *_came("−", layers.removed),
        *_altered(layers),
        *_wired(layers),
        *(f"{_title(change.key)} {_from_to(change)}" for change in _main(hyperparameters)),
    )


def _came(sign: str, layers: tuple[Layer, ...]) -> Iterator[str]:
    if len(layers) > FEW:
        types = Counter(layer.type for layer in layers).most_common(FEW)
        more = ", …" if len({layer.type for layer in layers}) > FEW else ""
        yield f"{sign} {len(layers)} layers ({', '.join(f'{count} {name}' for name, count in types)}{more})"
        return
    for layer in layers:
        about = ", ".join([layer.type, *_settings(layer)])
        after = f" after {' and '.join(map(_name, layer.after[:2]))}" if sign == "+" and layer.after else ""
        yield f"{sign} {layer.name} ({about}){after}"


def _settings(layer: Layer) -> Iterator[str]:
    for name in TOLD:
        if layer.settings.get(name) is not None:
            yield f"{_title(name)} {value_text(layer.settings[name])}"
    activation = layer.settings.get("activation")
    if isinstance(activation, str) and activation != "linear":
        yield activation


def _altered(layers: LayerChanges) -> Iterator[str]:
    """Yield a sentence per set of changes, with all layers that it happened to."""
    together: dict[str, list[str]] = {}
    for layer in layers.altered:
        own = [change for change in _main(layer.changes) if change.key not in FOLLOWING]
        if own:
            told = ", ".join(f"{_title(change.key)} {_from_to(change)}" for change in own)
            together.setdefault(told, []).append(layer.name)
    for told, names in together.items():
        yield f"{_names(names)}: {told}"


def _wired(layers: LayerChanges) -> Iterator[str]:
    if layers.moved:
        yield f"{_names([_name(pair.after) for pair in layers.moved])} moved"
    if len(layers.rewired) > FEW:
        yield f"{len(layers.rewired)} connections changed"
    else:
        for link in layers.rewired:
            ends = f"{_name(link.source) or 'input'} → {_name(link.target) or 'output'}"
            yield f"{ends} {'connected' if link.change == 'added' else 'no longer connected'}"
    if len(layers.renamed) > FEW:
        yield f"{len(layers.renamed)} layers renamed"
    else:
        for pair in layers.renamed:
            yield f"{_name(pair.before)} renamed {_name(pair.after)}"


def _main(changes: Iterable[Change]) -> list[Change]:
    """Return the changes without the settings of an object that was replaced by one of another class."""
    known = list(changes)
    replaced = {change.key.removesuffix("class") for change in known if change.key.endswith(".class")}
    return [
        change
        for change in known
        if change.key.endswith(".class") or not any(change.key.startswith(prefix) for prefix in replaced)
    ]


def _names(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= FEW else f"{len(names)} layers"


def _name(id_: str) -> str:
    return id_.rpartition("/")[2]


def _title(key: str) -> str:
    """Return a setting as people call it: ``optimizer.learning_rate`` is the learning rate."""
    parts = key.removesuffix(".class").split(".")
    return parts[-1].replace("_", " ")


def _from_to(change: Change) -> str:
    return f"{value_text(change.before)} → {value_text(change.after)}"


def value_text(value: Any) -> str:
    """Return a setting's value in one short text."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, (list, tuple)):
        return "×".join(map(value_text, value)) or "–"
    if isinstance(value, dict):
        return str(
            value.get("class", ", ".join(f"{name} {value_text(part)}" for name, part in value.items()))
        )
    return str(value)
