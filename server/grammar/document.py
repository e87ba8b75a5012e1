"""The grammar as a page for people, made from the steps themselves."""

import json
import sys
from collections.abc import Iterator
from inspect import getdoc
from itertools import groupby
from pathlib import Path
from typing import Any

from inspectree.server.grammar import GRAMMAR
from inspectree.server.grammar.base import Step
from inspectree.server.grammar.pipeline import Grammar

HEAD = """# The transform grammar

Made from the steps' definitions by `make docs`; don't edit it here.

A pipeline is a list of steps, each a JSON object whose `op` names the operation. A step takes a labelled
array and gives one back; unknown fields are refused. Pipelines are checked, from dims, shapes and dtypes
alone, before anything is read.

    {"uoa": "mnist_cnn@last/conv2d/activations",
     "pipeline": [{"op": "select", "class": ["3", "5"]}, {"op": "histogram", "bins": 64, "by": ["class"]}]}
"""


def describe(step: type[Step]) -> dict[str, Any]:
    """Return what is known of a step: op, family, title, documentation, an example, and its JSON Schema."""
    text = getdoc(step) or ""
    return {
        "op": step.model_fields["op"].default,
        "family": step.family,
        "title": text.splitlines()[0],
        "doc": text,
        "example": step.example,
        "schema": step.model_json_schema(),
    }


def markdown(grammar: Grammar = GRAMMAR) -> str:
    """Return the page."""
    parts = [HEAD]
    for family, steps in groupby(grammar.steps, key=lambda step: step.family):
        parts.append(f"## {family}\n")
        parts += ["\n".join(_section(step)) for step in steps]
    return "\n".join(parts)


def _section(step: type[Step]) -> Iterator[str]:
    about = describe(step)
    yield f"### {about['op']}\n\n{about['doc']}\n"
    fields = {name: field for name, field in about["schema"]["properties"].items() if name != "op"}
    if fields:
        yield "| field | | default |\n|---|---|---|"
        yield from (_row(name, field) for name, field in fields.items())
        yield ""
    yield f"    {json.dumps(about['example'], ensure_ascii=False)}\n"


def _row(name: str, field: dict[str, Any]) -> str:
    default = f"`{json.dumps(field['default'])}`" if "default" in field else "required"
    return f"| `{name}` | {field.get('description', '')} | {default} |"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(markdown(), encoding="utf-8")
