"""What the toolbox offers, written out."""

from inspectree.dashboard.tools.bar_chart import BAR_CHART
from inspectree.dashboard.tools.base import Tool
from inspectree.dashboard.tools.branch import BRANCH
from inspectree.dashboard.tools.class_metrics import CLASS_METRICS
from inspectree.dashboard.tools.class_probabilities import CLASS_PROBABILITIES
from inspectree.dashboard.tools.comparison import COMPARISON
from inspectree.dashboard.tools.confusion_matrix import CONFUSION_MATRIX
from inspectree.dashboard.tools.dead_units import DEAD_UNITS
from inspectree.dashboard.tools.density import DENSITY
from inspectree.dashboard.tools.evolution import EVOLUTION
from inspectree.dashboard.tools.export import EXPORT
from inspectree.dashboard.tools.feature_densities import FEATURE_DENSITIES
from inspectree.dashboard.tools.feature_maps import FEATURE_MAPS
from inspectree.dashboard.tools.gradients import GRADIENTS
from inspectree.dashboard.tools.histogram import HISTOGRAM
from inspectree.dashboard.tools.histogram_over_checkpoints import HISTOGRAM_OVER_CHECKPOINTS
from inspectree.dashboard.tools.kernel_images import KERNEL_IMAGES
from inspectree.dashboard.tools.layer_graph import LAYER_GRAPH
from inspectree.dashboard.tools.layer_over_models import LAYER_OVER_MODELS
from inspectree.dashboard.tools.metrics_table import METRICS_TABLE
from inspectree.dashboard.tools.misclassified import MISCLASSIFIED
from inspectree.dashboard.tools.model_summary import MODEL_SUMMARY
from inspectree.dashboard.tools.neuron_classes import NEURON_CLASSES
from inspectree.dashboard.tools.norms import NORMS
from inspectree.dashboard.tools.note import NOTE
from inspectree.dashboard.tools.parallel_coordinates import PARALLEL_COORDINATES
from inspectree.dashboard.tools.parameters import PARAMETERS
from inspectree.dashboard.tools.performance import PERFORMANCE
from inspectree.dashboard.tools.projection import PROJECTION
from inspectree.dashboard.tools.raw_values import RAW_VALUES
from inspectree.dashboard.tools.reconstruction import RECONSTRUCTION
from inspectree.dashboard.tools.regression import REGRESSION
from inspectree.dashboard.tools.runtime import RUNTIME
from inspectree.dashboard.tools.samples import SAMPLES
from inspectree.dashboard.tools.save_size import SAVE_SIZE
from inspectree.dashboard.tools.scatter import SCATTER
from inspectree.dashboard.tools.top_samples import TOP_SAMPLES
from inspectree.dashboard.tools.update_ratio import UPDATE_RATIO
from inspectree.dashboard.tools.value_table import VALUE_TABLE
from inspectree.dashboard.tools.violin_box import VIOLIN_BOX
from inspectree.dashboard.unit import Unit

TOOLS: tuple[Tool, ...] = (
    PERFORMANCE,
    HISTOGRAM,
    DENSITY,
    VIOLIN_BOX,
    HISTOGRAM_OVER_CHECKPOINTS,
    EVOLUTION,
    BAR_CHART,
    SCATTER,
    VALUE_TABLE,
    RAW_VALUES,
    KERNEL_IMAGES,
    FEATURE_MAPS,
    NEURON_CLASSES,
    SAMPLES,
    CLASS_PROBABILITIES,
    CONFUSION_MATRIX,
    CLASS_METRICS,
    MISCLASSIFIED,
    REGRESSION,
    RECONSTRUCTION,
    PROJECTION,
    FEATURE_DENSITIES,
    TOP_SAMPLES,
    NORMS,
    GRADIENTS,
    UPDATE_RATIO,
    DEAD_UNITS,
    COMPARISON,
    METRICS_TABLE,
    PARALLEL_COORDINATES,
    RUNTIME,
    PARAMETERS,
    SAVE_SIZE,
    LAYER_OVER_MODELS,
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
