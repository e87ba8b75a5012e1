"""The REST interface as a page for people, made from its OpenAPI document."""

import json
import sys
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from inspectree.server.api.app import create_app
from inspectree.server.store import open_store

Json = Mapping[str, Any]

HEAD = """# The REST interface

Made from the interface's own OpenAPI document by `make docs`; don't edit it here.

Everything that the dashboard shows comes from here, so whatever it can ask, you can: every widget's *Export*
has its questions as Python and curl. A running server has the same to try out at `/api/docs`.

## Five minutes of asking

```bash
inspectree serve runs
```

```python
import httpx

api = httpx.Client(base_url="http://127.0.0.1:8600/api", timeout=60)
for model in api.get("models").json()["models"]:
    print(model["name"], model["metrics"]["val_accuracy"])

history = api.get("models/wider/history").json()
print(history["metrics"]["val_loss"])
```

Values are asked for by what they are of, and what is to be made of them ([the grammar](grammar.md)):

```python
question = {
    "uoa": "wider@last/conv_1/activations",
    "pipeline": [{"op": "mean", "over": ["sample", "y", "x"], "by": ["class"]}],
}
answer = api.post("values", json=question).json()
print(answer["dims"], answer["shape"], answer["provenance"]["source"])
```

Large answers are better asked for as npy or Arrow than as JSON:

```python
import io

import numpy as np

packed = api.post("values", json={"uoa": "wider/conv_1/kernel"}, headers={"Accept": "application/x-npy"})
kernel = np.load(io.BytesIO(packed.content))
print(kernel.shape)
```

Where to look first:

```python
found = api.post("interestingness", json={"measure": "dead_units", "models": ["wider"]}).json()
for score in found["scores"]:
    print(score["uoa"], score["level"], score["raw"], score["against"])
```

What goes wrong is told in one line, with what would have been right:

```python
problem = api.post("values", json={"uoa": "wider/conv_2/kernel"})
print(problem.status_code, problem.json()["detail"])
api.close()
```

A server with a token wants it as `Authorization: Bearer …` ([what is protected](security.md)). What answers,
what is kept and what a question may cost: [the server](server.md). In addresses, `{model}` is a model's id,
the start of it, its name or its label.

"""

TITLES = {
    "models": "Models",
    "samples": "Samples",
    "values": "Values",
    "interestingness": "Interestingness",
    "search": "Finding units",
    "comparison": "Comparison",
    "events": "Following the store",
    "health": "The server itself",
}
"""The tags of routes, in the order of the page."""


def markdown(openapi: Json) -> str:
    """Return the page."""
    routes = [
        (list(TITLES).index(route["tags"][0]), path, method, route)
        for path, methods in openapi["paths"].items()
        for method, route in methods.items()
    ]
    parts = [HEAD]
    for place, group in groupby(sorted(routes, key=lambda each: each[0]), key=lambda each: each[0]):
        parts.append(f"## {[*TITLES.values()][place]}\n")
        parts += ["\n".join(_route(path, method, route, openapi)) for _, path, method, route in group]
    return "\n".join(parts)


def _route(path: str, method: str, route: Json, openapi: Json) -> Iterator[str]:
    yield f"### {method.upper()} {path}\n"
    yield f"{route['description'].replace('``', '`')}\n"
    yield from _table(list(_parameters(route)), "parameter")
    body = route.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if body is not None:
        schema = _schema(body, openapi)
        yield from _table(list(_fields(schema)), "field of the body")
    kinds = [kind for kind in route["responses"]["200"].get("content", {}) if kind != "application/json"]
    if kinds:
        yield f"Answers as {', '.join(f'`{kind}`' for kind in kinds)}{_besides(route)}.\n"


def _besides(route: Json) -> str:
    return " besides JSON" if "application/json" in route["responses"]["200"]["content"] else ""


def _parameters(route: Json) -> Iterator[tuple[str, str, str]]:
    for each in route.get("parameters", []):
        if each["in"] == "path" and "description" not in each:
            continue  # what it is stands in the page's head
        schema, where = each["schema"], f" ({each['in']})" if each["in"] == "header" else ""
        yield f"`{each['name']}`{where}", each.get("description", ""), _default(schema, each["required"])


def _fields(schema: Json) -> Iterator[tuple[str, str, str]]:
    required = schema.get("required", [])
    for name, field in schema.get("properties", {}).items():
        yield f"`{name}`", field.get("description", ""), _default(field, name in required)


def _default(schema: Json, required: bool) -> str:
    if "default" in schema:
        return f"`{json.dumps(schema['default'])}`"
    return "required" if required else ""


def _schema(schema: Json, openapi: Json) -> Json:
    """Return a schema, looked up where it only refers to one."""
    name = schema.get("$ref", "").rpartition("/")[2]
    return openapi["components"]["schemas"][name] if name else schema


def _table(rows: list[tuple[str, str, str]], what: str) -> Iterator[str]:
    if rows:
        yield f"| {what} | | default |\n|---|---|---|"
        yield from (f"| {' | '.join(row)} |" for row in rows)
        yield ""


def described() -> Json:
    """Return the OpenAPI document, which is the same for every store."""
    with TemporaryDirectory() as nothing:
        document: Json = create_app(open_store(nothing)).openapi()
    return document


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(markdown(described()), encoding="utf-8")
