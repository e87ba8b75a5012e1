"""Samples of a model as pictures or words, whatever kind of data they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from inspectree.dashboard.client import Client
from inspectree.dashboard.samples.kinds import (
    Kind,
    Seen,
    as_image,
    common_limits,
    kind_of,
    see,
    whole,
)
from inspectree.dashboard.tools.base import Picture

__all__ = ["Inputs", "as_image", "inputs_of", "pictured", "seen_samples"]

Words = Sequence[str]


@dataclass(frozen=True)
class Inputs:
    """Some samples of a model: the values (sample, …) of its inputs by name; a single one has none."""

    samples: tuple[int, ...]
    values: Mapping[str, xr.DataArray]
    words: Mapping[str, Words | None]

    @property
    def names(self) -> list[str]:
        """Return the inputs' names, the one that is best seen first."""
        return sorted(self.values, key=lambda name: _RANK.index(self.kind(name)))

    def kind(self, name: str) -> Kind:
        """Return of which kind an input is."""
        values = self.values[name].values
        return kind_of(values.shape[1:], values.dtype, words=self.words.get(name) is not None)

    def seen(self, name: str = "") -> list[Seen]:
        """Return the samples as they are seen: one input of them, the best where it has no such."""
        chosen = name if name in self.values else self.names[0]
        values, kind, words = self.values[chosen].values, self.kind(chosen), self.words.get(chosen) or ()
        limits = common_limits(values)
        return [see(sample, kind, limits, words) for sample in values]

    def tip(self, position: int) -> str:
        """Return in words what is small: the numbers and texts of all inputs of a sample, a line each."""
        lines = [
            f"{name}: {told}" if name else told
            for name in self.values
            if (told := self._told(name, self.values[name].values[position]))
        ]
        return "\n".join(lines)

    def _told(self, name: str, values: np.ndarray) -> str:
        kind, words = self.kind(name), self.words.get(name) or ()
        if kind in {"text", "tokens", "number"}:
            return see(values, kind, (0.0, 1.0), words)["text"]
        if kind == "vector" and values.size <= MOST_TOLD:
            return ", ".join(f"{value:.4g}" for value in values)
        return ""


MOST_TOLD = 12
"""Numbers of a vector that are told."""

_RANK: tuple[Kind, ...] = ("image", "text", "tokens", "series", "map", "vector", "number")


def pictured(seen: Seen, about: Picture) -> Picture:
    """Return a picture of a sample as it is seen, with what is told of it."""
    if "src" in seen:
        return {**about, "src": seen["src"]}
    return {**about, "text": seen["text"]}


async def seen_samples(client: Client, model: str, samples: Sequence[int], name: str = "") -> list[Seen]:
    """Return samples of a model as they are seen: one of its inputs."""
    return (await inputs_of(client, model, samples)).seen(name) if samples else []


async def inputs_of(client: Client, model: str, samples: Sequence[int]) -> Inputs:
    """Return samples of a model with the words that their numbers stand for."""
    answer = await client.samples(model, samples)
    values: dict[str, xr.DataArray] = answer["x"]
    sequences = [name for name, array in values.items() if array.ndim <= 2 and whole(array.values)]
    words = await _words(client, model, sequences) if sequences else {}
    return Inputs(tuple(answer["sample"]), values, words)


async def _words(client: Client, model: str, sequences: Sequence[str]) -> dict[str, Words | None]:
    """Return the words of inputs that are sequences of numbers: none are known where they were not logged."""
    logged = await client.vocabulary(model)
    embedded = await embedded_inputs(client, model)
    found: dict[str, Words | None] = {}
    for name in sequences:
        own = next(iter(logged.values()), None) if not name else logged.get(name)
        is_read = bool(embedded) if not name else name in embedded
        found[name] = own if own is not None else () if is_read else None
    return found


async def embedded_inputs(client: Client, model: str) -> dict[str, str]:
    """Return the embedding layers that read inputs by the inputs' names."""
    graph = await client.architecture(model)
    inputs = {node["id"]: node["name"] for node in graph["nodes"] if node["kind"] == "input"}
    embeddings = {node["id"] for node in graph["nodes"] if node["type"] == "Embedding"}
    return {
        inputs[edge["source"]]: edge["target"]
        for edge in graph["edges"]
        if edge["source"] in inputs and edge["target"] in embeddings
    }
