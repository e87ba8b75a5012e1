"""The header of a new model that is derived from this one."""

from inspectree.dashboard.client import Client
from inspectree.dashboard.tools.base import Content, Context, Setting, Tool
from inspectree.dashboard.unit import Unit


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Show the child's header as Python, ready to be copied into a training script."""
    answer = await client.branch(unit.uoa, context.settings["name"], context.settings["label"])
    named = "" if context.settings["name"] else " The name counts its children; Adjust gives it another."
    caption = (
        f"A child of {context.title(unit.uoa)}: paste it into the training script of the next generation."
        f"{named}"
    )
    return {"caption": caption, "code": answer["python"]}


BRANCH = Tool(
    name="branch",
    title="Branch model",
    icon="git-branch",
    description="Begin the next generation: the header of a child of this model, ready to paste.",
    fits=lambda unit: unit.kind == "model",
    draw=draw,
    follows=(),
    settings=(Setting("name", "Name", "text", ""), Setting("label", "Label", "text", "")),
    family="functions",
)
