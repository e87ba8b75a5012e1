"""The grammar as a page for people, made from the steps themselves."""

import json
import sys
from collections.abc import Iterator
from inspect import getdoc
from itertools import groupby
from pathlib import Path
from textwrap import indent
from typing import Any

from inspectree.server.fields import table
from inspectree.server.grammar import GRAMMAR
from inspectree.server.grammar.base import Step
from inspectree.server.grammar.pipeline import TAKEN, Grammar

OWN = '''from typing import Literal
import xarray as xr
from inspectree.server.grammar.base import Spec, Step

class Double(Step):
    """Multiply by two."""
    family, example = "map", {"op": "double"}
    op: Literal["double"] = "double"

    def check(self, spec: Spec) -> Spec:
        return spec

    def __call__(self, value: xr.DataArray) -> xr.DataArray:
        return value * 2
'''
"""A step of one's own, as the page shows it."""

HEAD = (
    """# The transform grammar

Made from the steps' definitions by `make docs`; don't edit it here.

A pipeline is a list of steps, each a JSON object whose `op` names the operation; unknown fields are refused.
A step takes a labelled array, a table, or the columns of a branch, and gives one of these back. Pipelines are
checked, from dims, shapes and dtypes alone, before anything is read.

    {"uoa": "mnist_cnn@last/conv2d/activations",
     "pipeline": [{"op": "select", "class": ["3", "5"]}, {"op": "histogram", "bins": 64, "by": ["class"]}]}

The value of a model by itself is the table of its history. A branch sends a value through several pipelines,
and a merge makes one value of what comes out:

    {"uoa": "mnist_cnn/conv2d/activations",
     "pipeline": [{"op": "branch",
                   "columns": {"right": [{"op": "select", "correct": true}, {"op": "mean"}],
                               "wrong": [{"op": "select", "correct": false}, {"op": "mean"}]}},
                  {"op": "merge", "how": "difference"}]}

A comparison names another unit of analysis, which goes through the same steps before it is compared: how far
a kernel is from where it began, at each checkpoint, is

    {"uoa": ["mnist_cnn@1/conv2d/kernel", "mnist_cnn@2/conv2d/kernel"],
     "pipeline": [{"op": "cosine", "to": "@first", "over": ["y", "x", "in", "out"]}]}

## A step of your own

One class in one file:

"""
    + indent(OWN, "    ")
    + """
In Python it is handed over, `store.query(uoa, pipeline, grammar=Grammar((*STEPS, Double)))`, both from
`inspectree.server.grammar`; the command line
takes the file: `inspectree query --steps FILE.py …`, `inspectree serve --steps FILE.py`.
"""
)


def describe(step: type[Step]) -> dict[str, Any]:
    """Return what is known of a step: op, family, title, text, what it takes, an example, its JSON Schema."""
    text = getdoc(step) or ""
    return {
        "op": step.model_fields["op"].default,
        "family": step.family,
        "title": text.splitlines()[0],
        "doc": text,
        "takes": step.takes,
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
    if step.takes != ("array",):
        yield f"Takes {' or '.join(TAKEN[kind] for kind in step.takes)}.\n"
    yield from table(about["schema"], "op")
    yield f"    {json.dumps(about['example'], ensure_ascii=False)}\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(markdown(), encoding="utf-8")
