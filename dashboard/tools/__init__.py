"""What the toolbox offers, written out."""

from inspectree.dashboard.tools.base import Tool
from inspectree.dashboard.tools.branch import BRANCH
from inspectree.dashboard.tools.comparison import COMPARISON
from inspectree.dashboard.tools.confusion_matrix import CONFUSION_MATRIX
from inspectree.dashboard.tools.dead_units import DEAD_UNITS
from inspectree.dashboard.tools.export import EXPORT
from inspectree.dashboard.tools.feature_maps import FEATURE_MAPS
from inspectree.dashboard.tools.gradients import GRADIENTS
from inspectree.dashboard.tools.histogram import HISTOGRAM
from inspectree.dashboard.tools.histogram_over_checkpoints import HISTOGRAM_OVER_CHECKPOINTS
from inspectree.dashboard.tools.kernel_images import KERNEL_IMAGES
from inspectree.dashboard.tools.layer_graph import LAYER_GRAPH
from inspectree.dashboard.tools.misclassified import MISCLASSIFIED
from inspectree.dashboard.tools.model_summary import MODEL_SUMMARY
from inspectree.dashboard.tools.neuron_classes import NEURON_CLASSES
from inspectree.dashboard.tools.norms import NORMS
from inspectree.dashboard.tools.note import NOTE
from inspectree.dashboard.tools.performance import PERFORMANCE
from inspectree.dashboard.tools.update_ratio import UPDATE_RATIO
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
    NORMS,
    GRADIENTS,
    UPDATE_RATIO,
    DEAD_UNITS,
    COMPARISON,
    MODEL_SUMMARY,
    LAYER_GRAPH,
    NOTE,
    BRANCH,
    EXPORT,
)

BY_NAME = {tool.name: tool for tool in TOOLS}


def fitting(unit: Unit) -> list[str]:
    """Return the names of the tools that can be applied to a unit."""
    return [tool.name for tool in TOOLS if tool.fits(unit)]
