"""The samples that a model gets wrong."""

from inspectree.dashboard.client import Client
from inspectree.dashboard.tools.base import Content, Context, Picture, Setting, Tool, ToolError
from inspectree.dashboard.tools.confusion_matrix import PREDICTION
from inspectree.dashboard.tools.sample_images import images_of
from inspectree.dashboard.tools.source import class_selection
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import at


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw the misclassified samples of the classes that are on, those of the same true class together."""
    if not context.all_classes(unit.uoa):
        raise ToolError(f"{context.title(unit.uoa)} was logged without classes")
    uoa = at(f"{unit.uoa}/{PREDICTION}", context.number(unit.uoa))
    wrong = await client.values(uoa, [*class_selection(unit, context), {"op": "select", "correct": False}])
    wrong = wrong.isel(sample=wrong["class"].argsort(kind="stable").values)
    shown = wrong.isel(sample=slice(int(context.settings["most"])))
    samples = [int(sample) for sample in shown["sample"].values]
    images = await images_of(client, unit.uoa, samples) if samples else []
    pictures = [
        Picture(
            src=src,
            label=f"{true} → {predicted}",
            sample=sample,
            tip=f"sample {sample}\ntrue {true}, predicted {predicted}",
        )
        for sample, src, true, predicted in zip(
            samples, images, shown["class"].values, shown["predicted"].values, strict=True
        )
    ]
    kept = f", the first {len(samples)}" if len(samples) < wrong.sizes["sample"] else ""
    return {
        "caption": f"{wrong.sizes['sample']} samples wrong{kept} · true → predicted",
        "pictures": pictures,
    }


MISCLASSIFIED = Tool(
    name="misclassified",
    title="Misclassified samples",
    icon="photo-x",
    description="The samples that the model gets wrong. Hover one: other widgets mark the same sample.",
    fits=lambda unit: unit.kind == "model",
    draw=draw,
    settings=(Setting("most", "Most samples", "number", 60, least=1, most=400),),
)
