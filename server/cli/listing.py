"""The command that lists the models of a store."""

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table
from rich.tree import Tree

from inspectree.server.catalog import Experiment
from inspectree.server.cli.arguments import AsJson, StorePath
from inspectree.server.model import Model
from inspectree.server.store import Store, open_store
from inspectree.server.summary import ModelSummary, overview_json, summarise

COLUMNS = ("id", "name", "label", "state", "parents", "parameters", "checkpoints", "metrics")
UNLIMITED = 400
"""The width where the list goes into a file or another program."""


def ls(
    store: StorePath,
    tree: Annotated[bool, typer.Option("--tree", help="draw the tree")] = False,
    as_json: AsJson = False,
) -> None:
    """List the models of a store, as a table or drawn as a tree."""
    opened = open_store(store)
    if as_json:
        typer.echo(overview_json(opened))
        return
    console = Console(width=None if sys.stdout.isatty() else UNLIMITED)
    if not opened.models:
        console.print(f"{store} holds no models yet", markup=False)
    elif tree:
        for experiment in opened.experiments:
            console.print(_tree(experiment))
    else:
        console.print(_table(opened))
    for problem in opened.problems:
        typer.echo(f"{problem.where}: {problem.what}", err=True)


def _table(store: Store) -> Table:
    table = Table(*(Column(name, no_wrap=True) for name in COLUMNS), box=None, pad_edge=False)
    for experiment in store.experiments:
        for model in experiment.models:
            table.add_row(*map(escape, _row(summarise(model))))
    return table


def _row(model: ModelSummary) -> tuple[str, ...]:
    return (
        model.id[:8],
        model.name,
        model.label if model.label != model.name else "",
        model.state,
        ", ".join(parent[:8] for parent in model.parents),
        f"{model.parameters:,}",
        str(len(model.checkpoints)),
        _metrics(model),
    )


def _metrics(model: ModelSummary) -> str:
    return ", ".join(f"{name} {value:.4g}" for name, value in model.metrics.items())


def _tree(experiment: Experiment) -> Tree:
    """Draw an experiment; a model with several parents stands below the first and names the others."""
    top = Tree(f"[bold]{escape(experiment.label)}[/]")
    branches: dict[str, Tree] = {}
    for model in experiment.models:  # parents come before their children
        parents = model.parents
        above = branches[parents[0].id] if parents else top
        branches[model.id] = above.add(_leaf(model, parents[1:]))
    return top


def _leaf(model: Model, others: list[Model]) -> str:
    also = f"also from {', '.join(parent.header.title for parent in others)}" if others else ""
    about = summarise(model)
    name = about.name if about.name != about.label else ""
    parts = (about.label, name, model.header.short_id, about.state, _metrics(about), also)
    return escape("  ".join(filter(None, parts)))
