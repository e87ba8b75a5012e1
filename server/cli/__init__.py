"""The command line."""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version as installed
from typing import Annotated

import typer

DONE, WRONG_USE, INTERRUPTED = 0, 2, 130

COMMANDS = {
    "demo": "demo",
    "serve": "serve",
    "ls": "listing",
    "show": "asking",
    "query": "asking",
    "branch": "asking",
    "compare": "comparing",
    "check": "checking",
    "prune": "pruning",
}
"""The commands, each with the module here that holds it under its name."""


def options(
    debug: Annotated[bool, typer.Option("--debug", help="show where an error comes from")] = False,
) -> None:
    """Show the options of all commands in the help; `main` takes them, wherever they stand."""


def version() -> None:
    """Print the version."""
    typer.echo(installed("inspectree"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 when it is done, 1 when the answer is no, 2 on wrong use."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    words = [word for word in given if word != "--debug"]
    try:
        return application(words)(words, "inspectree", standalone_mode=False) or DONE
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Exception as error:
        if "--debug" in given:
            raise
        if text := _told(error):  # none where the help was all that was wanted
            typer.echo(f"inspectree: {text}", err=True)
        return WRONG_USE


def application(words: Sequence[str]) -> typer.Typer:
    """Return the application with the command that ``words`` begin with, all where that is none.

    A command's module is loaded only here: what serves, for one, takes a second that a listing need not wait.
    """
    app = typer.Typer(
        help="The debugger for deep-learning experiments: look into a tree of trained models.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # the brackets of an address are no markup
    )
    app.callback()(options)
    app.command()(version)
    if words[:1] == ["version"]:
        return app
    for name in words[:1] if words and words[0] in COMMANDS else COMMANDS:
        module = import_module(f"inspectree.server.cli.{COMMANDS[name]}")
        app.command(name)(getattr(module, name))
    return app


def _told(error: Exception) -> str:
    from inspectree.logger.errors import InspectreeError, one_line, reason_of

    if isinstance(error, typer.TyperException):
        return " ".join(error.format_message().split())
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    if isinstance(error, (InspectreeError, OSError)):
        return reason_of(error)
    return f"{one_line(error)} (--debug tells where)"
