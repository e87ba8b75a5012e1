"""What the toolbox offers, written out."""

from inspectree.dashboard.tools.base import Tool
from inspectree.dashboard.tools.branch import BRANCH
from inspectree.dashboard.tools.comparison import COMPARISON
from inspectree.dashboard.tools.confusion_matrix import CONFUSION_MATRIX
from inspectree.dashboard.tools.feature_maps import FEATURE_MAPS
from inspectree.dashboard.tools.histogram import HISTOGRAM
from inspectree.dashboard.tools.histogram_over_checkpoints import HISTOGRAM_OVER_CHECKPOINTS
from inspectree.dashboard.tools.kernel_images import KERNEL_IMAGES
from inspectree.dashboard.tools.misclassified import MISCLASSIFIED
from inspectree.dashboard.tools.neuron_classes import NEURON_CLASSES
from inspectree.dashboard.tools.note import NOTE
from inspectree.dashboard.tools.performance import PERFORMANCE
from inspectree.dashboard.unit import Unit

TOOLS: tuple[Tool, ...] = (
    PERFORMANCE,
    HISTOGRAM,
    HISTOGRAM_OVER_CHECKPOINTS,
    KERNEL_IMAGES,
    FEATURE_MAPS,
    NEURON_CLASSES,
    CONFUSION_MATRIX,
    MISCLASSIFIED,
    COMPARISON,
    NOTE,
    BRANCH,
)

BY_NAME = {tool.name: tool for tool in TOOLS}


def fitting(unit: Unit) -> list[str]:
    """Return the names of the tools that can be applied to a unit."""
    return [tool.name for tool in TOOLS if tool.fits(unit)]
