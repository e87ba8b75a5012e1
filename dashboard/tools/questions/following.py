"""Which samples a tool looks at: those of the classes that are on, as the filter leaves them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inspectree.dashboard.client import MOST_SAMPLES, Client
from inspectree.dashboard.tools.base import Context, Setting, ToolError

NO_CLASS = -1
NO_SAMPLE = "no sample of the selected classes"

SAMPLE = Setting(
    "sample",
    "Sample",
    "number",
    "",
    least=0,
    help="Its number; empty: the one that is marked, else the first.",
)


@dataclass(frozen=True)
class Followed:
    """Samples by their numbers, with their true and predicted classes as indices where there are such."""

    samples: tuple[int, ...]
    true: tuple[int, ...] | None
    predicted: tuple[int, ...] | None
    names: tuple[str, ...]
    cut: str = ""
    """What to say where samples were left out because an answer holds no more."""

    def about(self, sample: int) -> str:
        """Return a sample's number and classes, in words."""
        at = self.samples.index(sample)
        parts = [f"sample {sample}"]
        for title, classes in (("class", self.true), ("predicted", self.predicted)):
            if classes is not None and classes[at] != NO_CLASS:
                parts.append(f"{title} {self.names[classes[at]]}")
        return " · ".join(parts)


def one_of(samples: Sequence[int], model: str, context: Context) -> int:
    """Return the sample that a widget is to show: the set one or the next, else a marked one, else the first.

    Raises
    ------
    ToolError
        When there is none from the set one on.
    """
    wanted = context.settings[SAMPLE.name]
    if wanted == "":
        return next((sample for sample in context.marks(model) if sample in samples), samples[0])
    found = next((sample for sample in samples if sample >= wanted), None)
    if found is None:
        raise ToolError(
            f"there is no sample {wanted} among the selected ones: the last one is {max(samples)}"
        )
    return found


async def followed(client: Client, model: str, context: Context) -> Followed:
    """Return the samples of a model that are selected, in their order.

    Raises
    ------
    ToolError
        When none is.
    """
    answer = await client.samples(model, inputs=False, labels=False, checkpoint=context.number(model))
    names, on = context.all_classes(model), context.classes(model)
    keeps = np.ones(len(answer["sample"]), bool)
    if on != names:
        keeps &= np.isin(answer["class"], [names.index(name) for name in on])
    if (left := context.filtered(model)) is not None:
        keeps &= np.isin(answer["sample"], left)
    if not keeps.any():
        raise ToolError(NO_SAMPLE)
    kept = {
        kind: None if answer[kind] is None else tuple(np.array(answer[kind])[keeps].tolist())
        for kind in ("sample", "class", "prediction")
    }
    return Followed(
        kept["sample"] or (), kept["class"], kept["prediction"], tuple(names),
        await _cut(client, model, context, len(answer["sample"])),
    )  # fmt: skip


async def _cut(client: Client, model: str, context: Context, count: int) -> str:
    if count < MOST_SAMPLES:
        return ""
    total = int((await client.catalogue(model, context.number(model)))["samples"])
    return f"of the first {count:,} of {total:,} samples" if count < total else ""
