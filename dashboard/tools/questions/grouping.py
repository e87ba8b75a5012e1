"""Showing values all together, or apart for each class."""

from inspectree.dashboard.colors import class_color
from inspectree.dashboard.tools.base import Context, Setting, ToolError
from inspectree.dashboard.unit import Unit

SPLIT = Setting("split", "One colour per class", "switch", False, of=("layer", "unit"))


def is_split(unit: Unit, model: str, context: Context) -> bool:
    """Tell whether values are shown per class: weights have none.

    Raises
    ------
    ToolError
        Where classes are asked for and the model has none.
    """
    wanted = bool(context.settings["split"]) and unit.kind != "weights"
    if wanted and not context.all_classes(model):
        raise ToolError(f"{context.title(model)} was logged without classes: there is nothing to split by")
    return wanted


def color_of_class(name: str, model: str, context: Context) -> str:
    """Return the colour of a class of a model."""
    return class_color(context.all_classes(model).index(name))
