"""The names of axes: of what layers put out and of their variables."""

from collections.abc import Sequence

Dims = tuple[str, ...]

BY_RANK: dict[int, Dims] = {
    1: ("sample",),
    2: ("sample", "unit"),
    3: ("sample", "time", "unit"),
    4: ("sample", "y", "x", "channel"),
}
SPATIAL: dict[tuple[int, str], Dims] = {
    (3, "channels_last"): ("sample", "x", "channel"),
    (3, "channels_first"): ("sample", "channel", "x"),
    (4, "channels_last"): ("sample", "y", "x", "channel"),
    (4, "channels_first"): ("sample", "channel", "y", "x"),
}
REARRANGING = frozenset({"Permute", "Reshape", "RepeatVector", "Transpose", "Swapaxes", "Moveaxis"})
"""Types whose output axes say nothing about those of the input."""

PER_CHANNEL = frozenset(
    {"gamma", "beta", "moving_mean", "moving_variance", "scale", "alpha", "mean", "variance"}
)
SCORES: dict[int, Dims] = {3: ("sample", "query", "key"), 4: ("sample", "head", "query", "key")}
WITH_SCORES = frozenset({"AdditiveAttention", "Attention", "GroupedQueryAttention", "MultiHeadAttention"})
"""Types that give out attention scores as a second tensor."""

SPACE: dict[int, Dims] = {1: ("x",), 2: ("y", "x")}


def output_dims(
    rank: int, kind: str, data_format: str | None = None, of_input: Dims = (), port: int = 0
) -> Dims:
    """Return the axis names of the output of ``rank`` at ``port``, ``(sample, …)``.

    ``kind`` is the layer's type; ``data_format`` is set for layers that work in space; ``of_input`` are the
    names of the first input's axes, which a layer keeps that changes nothing about them.
    """
    if kind in WITH_SCORES and port == 1 and rank in SCORES:
        return SCORES[rank]
    if (rank, data_format or "") in SPATIAL:
        return SPATIAL[rank, data_format or ""]
    if len(of_input) == rank and kind not in REARRANGING:
        return of_input
    return BY_RANK.get(rank) or ("sample", *(f"dim_{axis}" for axis in range(1, rank)))[:rank]


def variable_dims(kind: str, name: str, shape: Sequence[int], of_output: Dims) -> Dims:
    """Return the axis names of the variable ``name`` of a layer of type ``kind``."""
    rank = len(shape)
    if name == "bias" and rank == 1:
        return ("out",)
    if name == "embeddings" and rank == 2:
        return ("token", "unit")
    if name in PER_CHANNEL and rank == 1:
        return ("channel",) if "channel" in of_output else ("unit",)
    if name.endswith("kernel"):
        return _kernel_dims(kind, name, rank)
    return numbered(rank)


def _kernel_dims(kind: str, name: str, rank: int) -> Dims:
    if rank == 2:
        return ("in", "out")
    if "Conv" not in kind or rank - 2 not in SPACE:
        return numbered(rank)
    if name == "depthwise_kernel" or kind.startswith("Depthwise"):
        return (*SPACE[rank - 2], "in", "multiplier")
    return (*SPACE[rank - 2], *(("out", "in") if kind.endswith("Transpose") else ("in", "out")))


def numbered(rank: int) -> Dims:
    """Return axis names that say nothing."""
    return tuple(f"dim_{axis}" for axis in range(rank))
