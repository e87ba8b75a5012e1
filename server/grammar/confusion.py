"""True against predicted classes."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np
import xarray as xr
from typing_extensions import override

from inspectree.server.errors import PipelineError
from inspectree.server.grammar.base import LABELS, Spec, Step
from inspectree.server.grammar.groups import labels_of

CLASS_COORDS = ("class", "predicted")


class ConfusionMatrix(Step):
    """Count samples per true class (rows) and predicted class (columns); those without one are left out."""

    family: ClassVar[str] = "table"
    example: ClassVar[Mapping[str, Any]] = {"op": "confusion_matrix"}

    op: Literal["confusion_matrix"] = "confusion_matrix"

    @override
    def check(self, spec: Spec) -> Spec:
        for name in CLASS_COORDS:
            if spec.coords.get(name) != ("sample",):
                raise PipelineError(f"needs samples with a {name!r}: take a classifier's y_prediction")
        names = sum(spec.labels.get(name, spec.sizes["sample"]) for name in CLASS_COORDS)
        sizes = dict.fromkeys(("true", "predicted"), names)
        return Spec(sizes, np.dtype(np.int64), {name: (name,) for name in sizes})

    @override
    def __call__(self, value: xr.DataArray) -> xr.DataArray:
        true, predicted = (value[name] for name in CLASS_COORDS)
        labels = list(true.attrs.get(LABELS, ())) or sorted({*labels_of(true), *labels_of(predicted)})
        index = {label: number for number, label in enumerate(labels)}
        counts = np.zeros((len(labels), len(labels)), np.int64)
        pairs = [
            (index[t], index[p])
            for t, p in zip(true.values.tolist(), predicted.values.tolist(), strict=True)
            if t in index and p in index
        ]
        np.add.at(counts, tuple(np.array(pairs, int).reshape(-1, 2).T), 1)
        return xr.DataArray(counts, coords={"true": labels, "predicted": labels}, name=self.op)
