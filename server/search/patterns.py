"""Structural patterns in how layers are connected. `PATTERNS` lists them."""

from inspectree.logger.architecture.model_graph import ModelGraph
from inspectree.server.search.bottlenecks import bottlenecks
from inspectree.server.search.branches import multi_branches, residual_blocks, skip_connections
from inspectree.server.search.dead_ends import dead_ends
from inspectree.server.search.double_activations import double_activations
from inspectree.server.search.flow import flows
from inspectree.server.search.hourglass import encoder_decoders, u_shapes
from inspectree.server.search.pattern import Group, Pattern
from inspectree.server.search.repeats import repeated_blocks

PATTERNS = (
    Pattern("skip_connection", "Skip connections", skip_connections),
    Pattern("residual_block", "Residual blocks", residual_blocks),
    Pattern("multi_branch", "Parallel branches", multi_branches),
    Pattern("encoder_decoder", "Encoder–decoders", encoder_decoders),
    Pattern("u_shape", "U-shapes", u_shapes),
    Pattern("repeated_block", "Repeated blocks", repeated_blocks),
    Pattern("bottleneck", "Bottlenecks", bottlenecks),
    Pattern("double_activation", "Double activations", double_activations),
    Pattern("dead_end", "Dead ends", dead_ends),
)


def found(graph: ModelGraph) -> dict[str, tuple[Group, ...]]:
    """Return where each pattern occurs, on every level of nesting, by the ids of nodes."""
    levels = list(flows(graph))
    return {
        pattern.name: tuple(group for flow in levels for group in pattern.find(flow)) for pattern in PATTERNS
    }
