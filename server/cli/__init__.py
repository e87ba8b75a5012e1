"""The command line."""

import sys
from collections.abc import Sequence
from importlib.metadata import version as installed
from typing import Annotated

import typer

from inspectree.logger.errors import InspectreeError
from inspectree.server.cli import asking, demo, listing, serve

DONE, WRONG_USE, INTERRUPTED = 0, 2, 130

app = typer.Typer(
    help="The debugger for deep-learning experiments: look into a tree of trained models.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="show where an error comes from")] = False,
) -> None:
    """Show the options of all commands in the help; `main` takes them, wherever they stand."""


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(installed("inspectree"))


app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command("ls")(listing.ls)
app.command("show")(asking.show)
app.command("query")(asking.query)
app.command("branch")(asking.branch)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 when it is done, 1 when the answer is no, 2 on wrong use."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        return app([word for word in given if word != "--debug"], standalone_mode=False) or DONE
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Exception as error:
        if "--debug" in given:
            raise
        if text := _one_line(error):  # none where the help was all that was wanted
            typer.echo(f"inspectree: {text}", err=True)
        return WRONG_USE


def _one_line(error: Exception) -> str:
    expected = isinstance(error, (InspectreeError, typer.TyperException, OSError))
    text = error.format_message() if isinstance(error, typer.TyperException) else str(error)
    return " ".join(text.split()) if expected else f"{type(error).__name__}: {text} (--debug tells where)"
