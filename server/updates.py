"""What single steps of a training did, over all checkpoints."""

import numpy as np
import xarray as xr

from inspectree.server.model import Model

MEASURED = ("gradient_norm", "update_ratio")


def updates(model: Model, below: str = "", points: int = 2000) -> xr.Dataset:
    """Return gradient norms and update ratios (step, variable) of all recorded steps, evenly thinned.

    ``below`` keeps a variable or a layer and everything in it. The attribute ``total`` tells how many steps
    were recorded. Empty where none were.
    """
    parts = [checkpoint.updates() for checkpoint in model.checkpoints]
    recorded = [_below(part, below) for part in parts if part.sizes.get("step")]
    if not recorded:
        return xr.Dataset(attrs={"total": 0})
    together = xr.concat(recorded, "step", join="outer", data_vars="all")
    total = together.sizes["step"]
    kept = np.unique(np.linspace(0, total - 1, min(points, total)).round().astype(int))
    return together.isel(step=kept).assign_attrs(total=total)


def _below(part: xr.Dataset, path: str) -> xr.Dataset:
    names = [str(name) for name in part["variable"].values]
    kept = [index for index, name in enumerate(names) if not path or f"{name}/".startswith(f"{path}/")]
    return part.isel(variable=kept)
