"""What the search box finds by the words that are written of models, layers and variables."""

import json
from typing import Any

from inspectree.dashboard.client import Client
from inspectree.dashboard.uoa import parse

Json = dict[str, Any]

TITLE = "Everywhere in the store"

BY_WORDS = "words"
"""What marks the entries that the server found: the page shows them all (`findable` in components.js)."""

MOST_TYPED = 200


async def written(client: Client, typed: str) -> list[Json]:
    """Return the units of which the words that were typed are written, wherever they are in the store."""
    if not typed.strip():
        return []
    results = await client.search(typed[:MOST_TYPED])
    return [{"group": TITLE, "items": [_found(result) for result in results]}] if results else []


def _found(result: Json) -> Json:
    """Return an entry that shows a unit where it stands, and tells where the words were found."""
    path = parse(result["uoa"])
    label = result["name"] if result["level"] == "model" else f"{path.inside} · {result['model']}"
    places = dict.fromkeys(match["field"] for match in result["matches"])
    where = ", ".join(place for place in places if place not in {"name", "label"})
    place = path.model if result["level"] == "model" else _around(result)
    event = {"type": "focus", "uoa": result["uoa"], "level": "L2", "focus": place, "by": BY_WORDS}
    return {"label": f"{label} ({where})" if where else label, "value": json.dumps(event)}


def _around(result: Json) -> str:
    """Return the place in which a layer is seen; a variable is seen inside its layer."""
    layer = result["uoa"].rpartition("/")[0] if result["level"] == "variable" else result["uoa"]
    return str(layer.rpartition("/")[0])
