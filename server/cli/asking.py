"""The commands that ask about one unit of analysis."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal

import typer

from inspectree.server.branch import as_python
from inspectree.server.branch import branch as child_of
from inspectree.server.cli.arguments import AsJson, StorePath
from inspectree.server.description import describe
from inspectree.server.errors import PipelineError
from inspectree.server.formats import FORMATS
from inspectree.server.grammar.own import grammar_with
from inspectree.server.jsontext import dumps
from inspectree.server.query import ask
from inspectree.server.store import open_store

Uoa = Annotated[
    str,
    typer.Argument(help="MODEL[@CHECKPOINT][/LAYER…[/VARIABLE]][#UNIT]", metavar="UOA", show_default=False),
]


BINARY = {"npy", "arrow"}

UNSHOWN = {"header", "histogram", "edges"}
"""What the text leaves out: a header's parts stand there by themselves, and 129 numbers say nothing."""


def show(store: StorePath, uoa: Uoa, as_json: AsJson = False) -> None:
    """Print what is known of one unit of analysis."""
    about = describe(open_store(store).resolve(uoa))
    if as_json:
        typer.echo(dumps(about))
        return
    for line in _lines(json.loads(dumps(about))):
        typer.echo(line)


def _lines(about: Mapping[str, Any], indent: str = "") -> list[str]:
    """Return ``name: value`` per line; what has parts of its own is indented below its name."""
    lines = []
    for name, known in about.items():
        if name in UNSHOWN:
            continue
        value = _arrays(known) or known
        if isinstance(value, Mapping) and value:
            lines += [f"{indent}{name}:", *_lines(value, indent + "  ")]
        elif text := _text(value):
            lines.append(f"{indent}{name}: {text}")
    return lines


def _arrays(known: Any) -> dict[str, str]:
    """Return a line per variable or output, none where these are no such.

    A layer has them as a list, a checkpoint by their paths.
    """
    parts = known if isinstance(known, Mapping) else dict(enumerate(known if isinstance(known, list) else ()))
    if not all(isinstance(part, Mapping) and {"dims", "shape"} <= part.keys() for part in parts.values()):
        return {}
    return {str(part.get("name", path)): _array(part) for path, part in parts.items()}


def _array(about: Mapping[str, Any]) -> str:
    """Return an array's dims with their sizes, as far as they are fixed, and its dtype."""
    sizes = (
        dim if size is None else f"{dim} {size}"
        for dim, size in zip(about["dims"], about["shape"], strict=True)
    )
    return f"{', '.join(sizes) or 'one number'}; {about['dtype']}"


def _text(value: Any) -> str:
    """Return a value in one line: numbers rounded, plain lists without brackets, nothing for nothing."""
    if value in (None, {}, []):
        return ""
    if isinstance(value, list) and not any(isinstance(part, (dict, list, NoneType)) for part in value):
        return ", ".join(map(_text, value))
    if isinstance(value, (dict, list, bool)):
        return json.dumps(value, ensure_ascii=False)
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def query(
    store: StorePath,
    uoa: Uoa,
    pipeline: Annotated[str, typer.Argument(help="steps as a JSON list; docs/grammar.md lists them")] = "[]",
    form: Annotated[
        Literal["json", "csv", "npy", "arrow"] | None,
        typer.Option("--format", help="how to write it; if left out JSON, on a terminal a summary"),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="file to write to")] = None,
    steps: Annotated[
        Path | None, typer.Option(help="Python file with steps of your own; it is run", show_default=False)
    ] = None,
) -> None:
    """Print the values of a unit of analysis after a pipeline."""
    parsed = grammar_with(steps).parse(_steps(pipeline))
    opened = open_store(store)
    result = ask([opened.resolve(uoa)], parsed, resolve=opened.resolve)
    read = output is None and sys.stdout.isatty()
    if form is None and read:
        typer.echo(repr(result.value))
        return
    if form in BINARY and read:
        raise typer.BadParameter(f"{form} is nothing to read: name a file with -o")
    content = FORMATS[form or "json"].body(result).told()
    if output is not None:
        output.write_bytes(content)
    else:
        sys.stdout.buffer.write(content if form in BINARY else content.rstrip(b"\n") + b"\n")


def _steps(text: str) -> list[Any]:
    try:
        steps = json.loads(text)
    except json.JSONDecodeError as error:
        raise PipelineError(f"the pipeline is not JSON: {error}") from None
    except RecursionError:
        raise PipelineError("the pipeline nests deeper than JSON can be read") from None
    if not isinstance(steps, list):
        raise PipelineError('a pipeline is a JSON list of steps, such as [{"op": "mean"}]')
    return steps


def branch(
    store: StorePath,
    model: Annotated[str, typer.Argument(help="id, prefix of an id, or name", show_default=False)],
    name: Annotated[str | None, typer.Option(help="name of the child")] = None,
    label: Annotated[str | None, typer.Option(help="the name that people see")] = None,
) -> None:
    """Print the header of a child model, ready to paste."""
    typer.echo(as_python(child_of(open_store(store)[model], name, label)), nl=False)
