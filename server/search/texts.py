"""What is written about models, layers and variables."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from inspectree.logger.architecture.model_graph import Node, Variable
from inspectree.logger.store.layout import encode
from inspectree.server.model import Model
from inspectree.server.search.words import words

Level = Literal["model", "layer", "variable"]

WEIGHTS = {
    "name": 1.0,
    "label": 1.0,
    "id": 0.9,
    "type": 0.8,
    "tags": 0.8,
    "classes": 0.6,
    "hyperparameters": 0.6,
    "settings": 0.5,
    "notes": 0.5,
    "initializer": 0.5,
}
"""The fields, each with how much it tells that a word is found there."""


class Text(NamedTuple):
    """Everything that is written about a unit: fields with their texts. Many units share one."""

    level: Level
    name: str
    type: str
    fields: tuple[tuple[str, str], ...]


class Entry(NamedTuple):
    """A unit with its text; ``above`` is how many entries before it that stands which contains it."""

    uoa: str
    above: int
    text: Text


@lru_cache(maxsize=65536)
def weights(text: Text) -> dict[str, float]:
    """Return the words of a text, each with the weight of the best field that holds it."""
    found: dict[str, float] = {}
    for field, content in text.fields:
        for word, _, _ in words(content):
            found[word] = max(found.get(word, 0.0), WEIGHTS[field])
    return found


def entries(model: Model) -> list[Entry]:
    """Return a model, its layers and their variables, what contains before what is contained."""
    if "texts" not in model.kept:
        model.kept["texts"] = list(_entries(model))
    found: list[Entry] = model.kept["texts"]
    return found


def _entries(model: Model) -> Iterator[Entry]:
    yield Entry(model.id, 0, _of_model(model))
    places: dict[str, int] = {}
    count = 1
    for node in model.architecture.layers:
        if node.call_of is not None:
            continue
        places[node.id] = count
        yield Entry(f"{model.id}/{node.id}", count - places.get(node.parent or "", 0), _of_layer(node))
        for distance, variable in enumerate(node.variables, start=1):
            uoa = f"{model.id}/{node.id}/{encode(variable.name)}"
            yield Entry(uoa, distance, _of_variable(variable))
        count += 1 + len(node.variables)


def _of_model(model: Model) -> Text:
    header = model.header
    fields = {
        "name": header.name,
        "label": header.label or "",
        "id": header.id,
        "type": model.architecture.type,
        "tags": " ".join(header.tags),
        "notes": header.notes,
        "classes": " ".join(model.class_names),
        "hyperparameters": " ".join(_settings(model.hyperparameters)),
    }
    return _text("model", header.title, fields["type"], fields)


def _of_layer(node: Node) -> Text:
    fields = {"name": node.name, "type": node.type, "settings": " ".join(_settings(node.config))}
    return _text("layer", node.name, node.type, fields)


def _of_variable(variable: Variable) -> Text:
    fields = {"name": variable.name, "initializer": variable.initializer or ""}
    return _text("variable", variable.name, "", fields)


def _text(level: Level, name: str, type_: str, fields: Mapping[str, str]) -> Text:
    return Text(level, name, type_, tuple((field, text) for field, text in fields.items() if text))


def _settings(config: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of settings, and their values where these are words, also of nested ones."""
    for name, value in config.items():
        if value is None or value is False:
            continue
        yield str(name)
        if isinstance(value, str) and value:
            yield value
        if isinstance(value, Mapping):
            yield from _settings(value)
