"""What can be set, by its JSON Schema, as a table of a page for people."""

import json
from collections.abc import Iterator, Mapping
from typing import Any


def table(schema: Mapping[str, Any], tag: str) -> Iterator[str]:
    """Yield the lines of a table of a schema's fields, without ``tag``, which names what they belong to."""
    fields = {name: field for name, field in schema["properties"].items() if name != tag}
    if fields:
        yield "| field | | default |\n|---|---|---|"
        yield from (_row(name, field) for name, field in fields.items())
        yield ""


def _row(name: str, field: Mapping[str, Any]) -> str:
    default = f"`{json.dumps(field['default'])}`" if "default" in field else "required"
    return f"| `{name}` | {field.get('description', '')} | {default} |"
