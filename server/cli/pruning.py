"""The command that deletes checkpoints."""

from typing import Annotated

import typer

from inspectree.server.cli.arguments import StorePath
from inspectree.server.prune import Keep, Pruning, prunings
from inspectree.server.store import open_store


def prune(
    store: StorePath,
    keep: Annotated[
        str, typer.Option(help="which checkpoints stay: first, last, best, every:N, by commas")
    ] = "first,last,best",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say what would be deleted")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="delete without asking")] = False,
) -> None:
    """Delete the checkpoints that need not be kept, of models whose training has ended."""
    going = list(prunings(open_store(store), Keep.parse(keep)))
    for pruning in going:
        typer.echo(_line(pruning))
    if not going:
        typer.echo("nothing has to go")
        return
    what = f"{sum(len(pruning.numbers) for pruning in going)} checkpoints, {_size(going)}"
    if dry_run:
        typer.echo(f"would be deleted: {what}")
        return
    if not yes and not typer.confirm(f"delete {what}?"):
        typer.echo("nothing was deleted")
        raise typer.Exit(1)
    for pruning in going:
        pruning.carry_out()
    typer.echo(f"deleted: {what}")


def _line(pruning: Pruning) -> str:
    header = pruning.model.header
    return f"{header.short_id}  {header.title}: {', '.join(map(str, pruning.numbers))}"


def _size(going: list[Pruning]) -> str:
    return f"{sum(pruning.nbytes for pruning in going) / 1e6:,.1f} MB"
