"""The command that tells what changed between two models."""

from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from inspectree.server.cli.arguments import AsJson, StorePath
from inspectree.server.comparison.change import Change
from inspectree.server.comparison.comparison import Comparison, Metric
from inspectree.server.comparison.comparison import compare as compared
from inspectree.server.comparison.sentences import value_text
from inspectree.server.jsontext import dumps
from inspectree.server.store import open_store

Named = Annotated[str, typer.Argument(help="id, prefix of an id, or name", show_default=False)]


def compare(store: StorePath, a: Named, b: Named, as_json: AsJson = False) -> None:
    """Print what changed from model A to model B."""
    opened = open_store(store)
    found = compared(opened[a], opened[b])
    if as_json:
        typer.echo(dumps(found))
        return
    for line in _lines(found):
        typer.echo(line)


def _lines(found: Comparison) -> Iterator[str]:
    yield f"{found.before.label} → {found.after.label}"
    sizes = [change for change in found.sizes if change.before != change.after]
    parts = {
        "": found.summary or ["neither layers nor hyperparameters changed"],
        "metrics": _metrics(found.metrics),
        "sizes": _changes(sizes),
        "circumstances": _changes(found.circumstances),
        "samples": [] if found.same_samples is not False else ["not the same"],
        "classes": [] if found.same_classes else ["not the same"],
    }
    for title, lines in parts.items():
        if title and lines:
            yield f"{title}:"
        yield from (f"  {line}" for line in lines)


def _changes(changes: Iterable[Change]) -> list[str]:
    return [f"{change.key} {value_text(change.before)} → {value_text(change.after)}" for change in changes]


def _metrics(metrics: Iterable[Metric]) -> list[str]:
    """Return a line per metric: of the best checkpoint, and of the last epoch where that is another."""
    told: dict[str, dict[str, str]] = {}
    for metric in metrics:
        told.setdefault(metric.name, {})[metric.when] = _metric(metric)
    return [
        f"{name} {', '.join(f'{when} {text}' for when, text in texts.items())}"
        if len(set(texts.values())) > 1
        else f"{name} {next(iter(texts.values()))}"
        for name, texts in told.items()
    ]


def _metric(metric: Metric) -> str:
    difference = "" if metric.difference is None else f" ({metric.difference:+.4g})"
    values = " → ".join("–" if value is None else f"{value:.4g}" for value in (metric.before, metric.after))
    return f"{values}{difference}"
