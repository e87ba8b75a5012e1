"""An answer: the value, and how it was made."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd
import xarray as xr

Origin = Literal["values", "statistics", "mixed"]
Value = xr.DataArray | pd.DataFrame


@dataclass(frozen=True)
class Provenance:
    """How an answer was made: from values, from stored statistics or from both, bytes read, milliseconds.

    ``notes`` say what else one has to know about it.
    """

    source: Origin
    bytes_read: int
    ms: float
    cached: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """A labelled array or a table, with its provenance."""

    value: Value
    provenance: Provenance
