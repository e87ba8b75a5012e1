"""The command that reads every file of a store."""

import typer

from inspectree.server.check import check as findings
from inspectree.server.cli.arguments import StorePath


def check(store: StorePath) -> None:
    """Read every file of a store, and say what is damaged or belongs to nothing; nothing is changed."""
    looked_at = problems = 0
    for problem in findings(store):
        looked_at += 1
        if problem is not None:
            problems += 1
            typer.echo(f"{problem.where}: {problem.what}")
    if problems:
        typer.echo(f"{problems} problem{'s' * (problems > 1)} in {store}")
        raise typer.Exit(1)
    typer.echo(f"{store} is sound: {looked_at} files read")
