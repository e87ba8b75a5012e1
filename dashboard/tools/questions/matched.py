"""The layer of another model that a layer became, as the server's comparison of the two tells."""

from inspectree.dashboard.tools.base import Json


def counterpart(layers: Json, layer: str) -> str | None:
    """Return what a layer of the model before is called in the one after; None where it has gone.

    ``layers`` are those of a comparison: what is in none of its lists kept its name.
    """
    removed = {each["id"] for each in layers["removed"]}
    renamed = {pair["before"]: pair["after"] for pair in layers["renamed"]}
    parts = layer.split("/")
    above = ["/".join(parts[:count]) for count in range(len(parts), 0, -1)]
    if removed.intersection(above):
        return None
    nearest = next((path for path in above if path in renamed), None)
    return layer if nearest is None else renamed[nearest] + layer.removeprefix(nearest)
