"""Which classes a model takes for which."""

import xarray as xr

from inspectree.dashboard.client import Client
from inspectree.dashboard.figures import figure, heatmap
from inspectree.dashboard.tools.base import Content, Context, Json, Setting, Tool, ToolError
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import at

PREDICTION = "y_prediction"


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw the counts of the logged samples; rows are the true classes."""
    if not context.all_classes(unit.uoa):
        raise ToolError(f"{context.title(unit.uoa)} was logged without classes")
    uoa = at(f"{unit.uoa}/{PREDICTION}", context.number(unit.uoa))
    counts = await client.values(uoa, [{"op": "confusion_matrix"}])
    on = context.classes(unit.uoa)
    counts = counts.sel(true=[name for name in counts["true"].values if name in on])
    right = sum(int(counts.sel(true=name, predicted=name)) for name in on)
    total = int(counts.sum())
    share = right / max(total, 1)
    caption = f"{right:,} of {total:,} samples right ({share:.1%}) · checkpoint {context.number(unit.uoa)}"
    return {"caption": caption, "figure": cells(counts, context.settings["share"])}


def cells(counts: xr.DataArray, share: bool) -> Json:
    """Return counts (true, predicted) as cells; the diagonal's large numbers must not hide the errors."""
    counts = counts.transpose("true", "predicted")
    rows, columns = ([str(name) for name in counts[dim].values] for dim in counts.dims)
    values = counts.values
    shown = values / values.sum(axis=1, keepdims=True).clip(1) if share else values
    matrix = heatmap(
        shown,
        rows,
        columns,
        template="true %{y}<br>predicted %{x}<br>%{z:" + (".1%" if share else ",") + "}",
        scale="counts",
    )
    if len(columns) <= 12:
        matrix["text"] = [
            [f"{cell:.0%}" if share else f"{cell}" if cell else "" for cell in row] for row in shown
        ]
        matrix["texttemplate"] = "%{text}"
    return figure(
        [matrix],
        height=max(200, 22 * len(rows) + 60),
        x={"type": "category", "title": {"text": "predicted"}},
        y={"type": "category", "autorange": "reversed", "title": {"text": "true"}},
    )


CONFUSION_MATRIX = Tool(
    name="confusion_matrix",
    title="Confusion matrix",
    icon="table",
    description="How many samples of each true class the model takes for which class.",
    fits=lambda unit: unit.kind == "model",
    draw=draw,
    settings=(Setting("share", "Share of the true class", "switch", False),),
)
