"""The header of a model that is to be derived from another one."""

import json

from inspectree.logger.header import Header, as_header
from inspectree.server.model import Model

PYTHON = """from inspectree.logger import Header

header = Header(
{fields}
)
"""


def branch(parent: Model, name: str | None = None, label: str | None = None) -> Header:
    """Return a child's header: a new id, and its parent's tags.

    Raises
    ------
    HeaderError
        When the name cannot be used.
    """
    given = name if name is not None else f"{parent.header.name}_{len(parent.children) + 1}"
    return as_header(None, name=given, label=label, parents=(parent.id,), tags=parent.header.tags)


def as_python(header: Header) -> str:
    """Return source text that makes the header, ready to paste."""
    given = {name: getattr(header, name) for name in Header.model_fields if getattr(header, name)}
    # JSON's text and lists are Python's too.
    lines = [f"    {name}={json.dumps(value, ensure_ascii=False)}," for name, value in given.items()]
    return PYTHON.format(fields="\n".join(lines))
