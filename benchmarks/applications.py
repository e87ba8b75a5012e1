"""Look into every architecture of keras.applications: what its graph and a checkpoint tell, and how soon.

Weights are random, images as small as the architecture takes. Told are the nodes, whether the edges are those
that Keras noted itself, whether all parameters are there, what could not be seen into, and of how many layers
a checkpoint on eight images holds what they give out, of those that are not links.
``python benchmarks/applications.py [NAME …]``
"""

import inspect
from time import perf_counter
from typing import Annotated, Any

import keras
import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from inspectree.logger.capture.observer import Observer
from inspectree.logger.plan import Request
from inspectree.logger.samples import as_samples
from inspectree.logger.store.record import CheckpointRecord

Names = Annotated[list[str] | None, typer.Argument(help="architectures; all by default")]

SAMPLES = 8

SIZES = (32, 71, 75)
"""Sides of images; the first that an architecture takes is the one."""


def made(name: str) -> Any:
    """Return a model of an architecture for the smallest images that it takes."""
    make, error = getattr(keras.applications, name), ValueError(name)
    for size in SIZES:
        try:
            return make(weights=None, input_shape=(size, size, 3), classes=3)
        except ValueError as refused:  # images of this size are too small
            error = refused
    raise error


def noted(model: Any) -> set[tuple[str, str]]:
    """Return the edges that Keras noted when a model was made, by names and call numbers."""
    nodes = [node for depth in model._nodes_by_depth.values() for node in depth]
    names: dict[int, str] = {}
    for operation in model.operations:
        calls = [node for node in operation._inbound_nodes if node in nodes]
        names |= {id(call): f"{operation.name}:{n}" if n else operation.name for n, call in enumerate(calls)}
    return {(names[id(before)], names[id(node)]) for node in nodes for before in node.parent_nodes}


def looked_into(model: Any) -> tuple[Observer, CheckpointRecord, float, float]:
    """Return what is seen of a model and at a checkpoint, and the seconds that each took."""
    images = np.random.default_rng(0).random((SAMPLES, *model.input_shape[1:]), dtype=np.float32)
    start = perf_counter()
    observer = Observer(model, as_samples(images), Request(budget=10**12))
    traced = perf_counter()
    record = observer.record(0, 0, 0, {})
    return observer, record, traced - start, perf_counter() - traced


def main(
    names: Names = None,
) -> None:
    """Print a line per architecture."""
    known = [name for name, value in vars(keras.applications).items() if inspect.isfunction(value)]
    columns = (
        "architecture",
        "side",
        "nodes",
        "edges",
        "parameters",
        "unseen",
        "GFLOPs",
        "s",
        "recorded",
        "s",
    )
    table = Table(*columns)
    for name in names or sorted(known):
        model = made(name)
        observer, record, traced, recorded = looked_into(model)
        graph = observer.graph
        outputs = sum(bool(layer.outputs) for layer in record.layers)
        edges = {(edge.source, edge.target) for edge in graph.edges_below()} == noted(model)
        unseen = sum(node.inside == "opaque" for node in graph.nodes)
        table.add_row(
            name,
            str(model.input_shape[1]),
            str(len(graph.nodes)),
            "as noted" if edges else "WRONG",
            "all" if graph.parameters == model.count_params() else "WRONG",
            str(unseen),
            "unknown" if graph.flops is None else f"{graph.flops / 1e9:.3f}",
            f"{traced:.1f}",
            f"{outputs} of {len(observer.plan.captured)}",
            f"{recorded:.1f}",
        )
        keras.utils.clear_session()
    Console(width=120).print(table)


if __name__ == "__main__":
    typer.run(main)
