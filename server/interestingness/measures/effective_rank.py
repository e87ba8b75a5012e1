"""How many directions a weight matrix really uses."""

from math import nan

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from typing_extensions import override

from inspectree.server.interestingness.measure import WEIGHTS, VariableMeasure
from inspectree.server.interestingness.subjects import Variable


class EffectiveRank(VariableMeasure):
    """How many directions a weight matrix really uses, as a share of those that it has.

    The effective rank of Roy and Vetterli (2007), which is e to the power of the entropy of the singular
    values over their sum, by the smaller side of the matrix. A convolution's kernel is the matrix (y·x·in)
    × out.
    """

    name = "effective_rank"
    title = "Effective rank"
    description = "How many directions a weight matrix really uses, as a share of those that it has."
    kinds = WEIGHTS
    source = "values"
    without = "it is no matrix, or holds nothing but 0, NaN or infinite values"

    @override
    def observe(self, subject: Variable) -> float:
        if len(subject.entry.dims) < 2:
            return nan
        matrix = as_matrix(subject.moment.checkpoint[subject.entry.path])
        return nan if matrix is None or not matrix.size else effective_rank(matrix) / min(matrix.shape)


def as_matrix(kernel: xr.DataArray) -> NDArray[np.float64] | None:
    """Return a kernel as a matrix (everything else, out) or (in, everything else); None of others."""
    if "out" in kernel.dims:
        kernel, columns = kernel.transpose(..., "out"), kernel.sizes["out"]
        return kernel.to_numpy().astype(np.float64).reshape(-1, columns)
    if "in" in kernel.dims:
        kernel, rows = kernel.transpose("in", ...), kernel.sizes["in"]
        return kernel.to_numpy().astype(np.float64).reshape(rows, -1)
    return kernel.to_numpy().astype(np.float64) if kernel.ndim == 2 else None


def effective_rank(matrix: NDArray[np.float64]) -> float:
    """Return the effective rank, 1 to the smaller side; NaN of nothing but zeros, or of what is not finite.

    Singular values are the roots of the eigenvalues of the smaller of the two Gram matrices, which costs
    less than a decomposition of a long matrix; those below 1e-8 of the largest, which this loses, weigh
    nothing here.
    """
    largest = np.abs(matrix).max(initial=0)
    if not 0 < largest < np.inf:  # NaN is neither
        return nan
    matrix = matrix / largest  # squares must not overflow
    gram = matrix @ matrix.T if matrix.shape[0] < matrix.shape[1] else matrix.T @ matrix
    singular = np.sqrt(np.linalg.eigvalsh(gram).clip(0))
    shares = singular[singular > 1e-8 * singular.max()] / singular.sum()
    return float(np.exp(-(shares @ np.log(shares))))
