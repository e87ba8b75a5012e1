"""The values of a unit as files, and how to get them elsewhere."""

import json
from collections.abc import Sequence
from shlex import quote

from inspectree.dashboard.client import Client
from inspectree.dashboard.tools.base import Content, Context, File, Json, Tool
from inspectree.dashboard.tools.questions.source import class_selection, has_values, values_uoa
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import parse

FORMATS = {
    "npy": ("NumPy", "application/x-npy"),
    "csv": ("CSV", "text/csv"),
    "arrow": ("Arrow", "application/vnd.apache.arrow.stream"),
    "json": ("JSON", "application/json"),
}

ADDRESS, STORE, SHELL_STORE = "{address}", "{store}", "{store:shell}"
"""What the page replaces (`lines.js`): by its own address, the store as Python and as a shell writes it."""


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Offer the values at the checkpoint in force, of the classes and samples that are on."""
    model = parse(unit.uoa).model
    if unit.kind == "model":
        uoa, steps, about = model, [], "the metrics of every epoch, as a table"
    else:
        uoa, steps = values_uoa(unit, context.number(model)), class_selection(unit, context)
        found = await client.values(uoa, [*steps, {"op": "count"}])
        about = f"{int(found):,} values{_axes(unit)} · checkpoint {context.number(model)}"
    endings = [ending for ending in FORMATS if ending != "npy" or unit.kind != "model"]
    return {
        "caption": f"{about}{' · only what is switched on' if steps else ''}",
        "files": files(uoa, steps, endings),
        "code": code(uoa, steps, endings[0]),
    }


def files(uoa: str, steps: list[Json], endings: Sequence[str]) -> list[File]:
    """Return what can be saved: the page asks the server for each when it is wanted."""
    name = filename(uoa)
    return [
        {
            "title": FORMATS[ending][0],
            "name": f"{name}.{ending}",
            "accept": FORMATS[ending][1],
            "path": "/api/values",
            "body": {"uoa": uoa, "pipeline": steps},
        }
        for ending in endings
    ]


def filename(uoa: str) -> str:
    """Return a name for a file: the address without what file systems don't like."""
    return "".join(char if char.isalnum() or char in "-_." else "-" for char in uoa)


def code(uoa: str, steps: list[Json], ending: str) -> str:
    """Return the same question in Python, for a shell, and as a request."""
    pipeline = json.dumps(steps)
    body = json.dumps({"uoa": uoa, "pipeline": steps})
    file, media_type = f"{filename(uoa)}.{ending}", FORMATS[ending][1]
    return "\n".join(
        [
            "# Python",
            "from inspectree.server import open_store",
            f"values = open_store({STORE}).query({json.dumps(uoa)}, {steps!r})",
            "",
            "# a shell",
            f"inspectree query {SHELL_STORE} {quote(uoa)} {quote(pipeline)} --format {ending} -o {file}",
            "",
            "# a request",
            f"curl {ADDRESS}/api/values -H 'Content-Type: application/json' -H 'Accept: {media_type}' "
            f"-d {quote(body)} -o {file}",
        ]
    )


def _axes(unit: Unit) -> str:
    return f" ({', '.join(unit.dims)})" if unit.dims and unit.kind != "unit" else ""


EXPORT = Tool(
    name="export",
    title="Export values",
    icon="file-export",
    description="Save a unit's values at this checkpoint as NumPy, CSV, Arrow or JSON, or copy the lines "
    "that get them in Python, a shell or with curl. Of a model: its metrics.",
    fits=lambda unit: unit.kind == "model" or has_values(unit),
    draw=draw,
    family="functions",
)
