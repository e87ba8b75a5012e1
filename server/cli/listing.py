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
LEFT_OUT = ("metrics", "parents", "checkpoints", "parameters", "label")
"""Columns that are left out of a terminal that is too narrow, these one after the other."""

UNLIMITED = 100_000
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
        table, left_out = fitting(opened, console)
        console.print(table)
        if left_out:
            typer.echo(f"too narrow for {', '.join(left_out)}: --tree or --json tells them", err=True)
    for problem in opened.problems:
        typer.echo(f"{problem.where}: {problem.what}", err=True)


def fitting(store: Store, console: Console) -> tuple[Table, list[str]]:
    """Return the table as it fits into a terminal, and the columns that do not."""
    rows = [_row(summarise(model)) for experiment in store.experiments for model in experiment.models]
    anywhere = console.options.update(max_width=UNLIMITED)
    for count in range(len(LEFT_OUT) + 1):
        left_out = LEFT_OUT[:count]
        table = _table(rows, [name for name in COLUMNS if name not in left_out])
        if console.measure(table, options=anywhere).maximum <= console.width:
            break
    return table, list(left_out)


def _table(rows: list[dict[str, str]], columns: list[str]) -> Table:
    table = Table(*(Column(name, no_wrap=True) for name in columns), box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(escape(row[name]) for name in columns))
    return table


def _row(model: ModelSummary) -> dict[str, str]:
    return {
        "id": model.id[:8],
        "name": model.name,
        "label": model.label if model.label != model.name else "",
        "state": model.state,
        "parents": ", ".join(parent[:8] for parent in model.parents),
        "parameters": f"{model.parameters:,}",
        "checkpoints": str(len(model.checkpoints)),
        "metrics": _metrics(model),
    }


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
