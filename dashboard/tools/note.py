"""What people want to remember of a unit."""

from inspectree.dashboard.client import Client
from inspectree.dashboard.markup import rendered
from inspectree.dashboard.tools.base import Content, Context, Setting, Tool
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import parse


async def draw(_client: Client, unit: Unit, context: Context) -> Content:
    """Show the note as it was written; on a model that has notes, begin with these."""
    text = context.settings["text"]
    if not text and unit.kind == "model":
        text = context.models[parse(unit.uoa).model]["notes"]
    return {"html": rendered(text), "editor": text}


NOTE = Tool(
    name="note",
    title="Note",
    icon="note",
    description="A note in Markdown on a model, layer or unit. It travels with the page's link.",
    fits=lambda unit: unit.kind != "operation",
    draw=draw,
    follows=(),
    settings=(Setting("text", "Text", "text", ""),),
    family="functions",
)
