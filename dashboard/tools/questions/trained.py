"""The variables below a unit and how large they are at each checkpoint."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from inspectree.dashboard.client import Client, ServerError
from inspectree.dashboard.graphs.architecture import Architecture
from inspectree.dashboard.graphs.pictograms import kind
from inspectree.dashboard.tools.base import ToolError
from inspectree.dashboard.tools.charts.lines import MOST_LINES, Line
from inspectree.dashboard.tools.charts.traces import thinned
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import at, parse

Numbers = NDArray[np.float64]

UNTRAINED = {"input", "pooling", "merge", "reshape", "activation"}
"""Kinds of layers without variables."""


MOST_NAMED = 3
"""Parts that are named where they cannot be drawn."""


@dataclass(frozen=True)
class Variable:
    """A variable of a layer by its path inside the model: ``conv_1/kernel``."""

    layer: str
    name: str
    dims: tuple[str, ...]
    size: int

    @property
    def path(self) -> str:
        """Return its path inside the model."""
        return f"{self.layer}/{self.name}"

    @property
    def gradient(self) -> str:
        """Return the path of its gradient."""
        return f"{self.layer}/gradients/{self.name}"


Part = tuple[str, list[Variable]]
"""What a line is of, by its name."""

Measure = Callable[[list[Variable]], Awaitable[Numbers]]


def is_trained(unit: Unit) -> bool:
    """Tell whether a unit may hold variables."""
    if unit.kind == "layer":
        return unit.type == "PReLU" or kind(unit.type) not in UNTRAINED
    return unit.kind in {"model", "weights"}


async def variables_of(client: Client, unit: Unit) -> list[Variable]:
    """Return the variables below a unit; of a whole model those that are trained.

    Raises
    ------
    ToolError
        When there are none.
    """
    path = parse(unit.uoa)
    architecture = Architecture(await client.architecture(path.model))
    found = [
        Variable(node["id"], variable["name"], tuple(variable["dims"]), int(np.prod(variable["shape"])))
        for node in architecture.by_id.values()
        for variable in node["variables"]
        if variable["trainable"] or path.inside
    ]
    below = [variable for variable in found if path.holds(variable.path)]
    if not below:
        raise ToolError(f"{unit.name} has no variables: nothing in it is trained")
    return below


def grouped(variables: Sequence[Variable], unit: Unit) -> list[Part]:
    """Return what each line is of: of a model its layers, else single variables; of many some, evenly."""
    inside = parse(unit.uoa).inside
    if inside:
        layer = inside if unit.kind == "layer" else inside.rpartition("/")[0]
        lines = [(variable.path.removeprefix(f"{layer}/"), [variable]) for variable in variables]
    else:
        lines = [(name, list(some)) for name, some in groupby(variables, key=lambda v: v.layer)]
    return [lines[index] for index in thinned(len(lines), MOST_LINES)]


def count_of(variables: Sequence[Variable], unit: Unit) -> int:
    """Return how many lines there would be without a limit."""
    return len({v.layer for v in variables}) if unit.kind == "model" else len(variables)


def line_of(model: str, name: str, some: Sequence[Variable], x: Sequence[float], y: Numbers) -> Line:
    """Return the line of a part; it stands for one variable, or for the layer of several."""
    inside = some[0].path if len(some) == 1 else some[0].layer
    return Line(name, f"{model}/{inside}", x, y.tolist())


async def lines_of(
    model: str, parts: Sequence[Part], x: Sequence[float], measure: Measure
) -> tuple[list[Line], str]:
    """Return a line for each part, and what to say of those that the server cannot measure.

    Raises
    ------
    ServerError
        When it can measure none.
    """
    found = await asyncio.gather(*(_tried(measure, some) for _, some in parts))
    failed = {name: y for (name, _), y in zip(parts, found, strict=True) if isinstance(y, ServerError)}
    if len(failed) == len(parts):
        raise next(iter(failed.values()))
    lines = [
        line_of(model, name, some, x, y)
        for (name, some), y in zip(parts, found, strict=True)
        if not isinstance(y, ServerError)
    ]
    return lines, _failed(failed)


async def _tried(measure: Measure, some: list[Variable]) -> Numbers | ServerError:
    try:
        return await measure(some)
    except ServerError as error:
        return error


def _failed(failed: Mapping[str, ServerError]) -> str:
    """Say which parts are not drawn and, for all of them, why the first one is not."""
    if not failed:
        return ""
    names = [*failed][:MOST_NAMED]
    more = f" and {len(failed) - len(names)} more" if len(failed) > len(names) else ""
    return f" · left out: {', '.join(names)}{more} ({next(iter(failed.values()))})"


async def norms(client: Client, model: str, paths: Sequence[str], numbers: Sequence[int]) -> Numbers:
    """Return the Euclidean norm (checkpoint) of several variables taken together."""
    found = await asyncio.gather(*(_norm(client, model, path, numbers) for path in paths))
    together: Numbers = np.sqrt(np.sum(np.square(found), axis=0))
    return together


async def _norm(client: Client, model: str, path: str, numbers: Sequence[int]) -> Numbers:
    whole = [{"op": "norm", "by": ["checkpoint"]}] if len(numbers) > 1 else [{"op": "norm"}]
    values = await client.values([at(f"{model}/{path}", number) for number in numbers], whole)
    return np.atleast_1d(values.values.astype(float))


async def held(client: Client, model: str, number: int) -> set[str]:
    """Return the paths of everything that a checkpoint holds."""
    return set((await client.catalogue(model, number))["variables"])


def windows(numbers: Sequence[int], length: int) -> Iterator[Sequence[int]]:
    """Return runs of neighbours: each begins with the last one of the run before."""
    step = max(1, length - 1)
    yield from (numbers[start : start + step + 1] for start in range(0, len(numbers) - 1, step))
