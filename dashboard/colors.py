"""Colours: one for each class, one for each model, and a scale for values."""

from colorsys import hls_to_rgb
from functools import lru_cache
from math import isfinite
from typing import Any

from plotly.colors import sample_colorscale

CLASSES = (
    "#4c6ef5", "#e64980", "#12b886", "#fd7e14", "#7950f2",
    "#15aabf", "#fa5252", "#82c91e", "#be4bdb", "#868e96",
)  # fmt: skip

EXPERIMENT_SCALES = ("Plasma", "Viridis", "Cividis", "Inferno")
"""One sequential scale per experiment."""

DARKEST, LIGHTEST = 0.12, 0.86
"""The part of a scale that is used: what is below is lost on a dark page, what is above on a light one."""

HEAT = ((37, 99, 199), (126, 166, 224), (226, 228, 233), (240, 150, 120), (214, 48, 49))
"""Low to high: dark blue, light grey, dark red."""

GREY = "#8d98ab"
"""Of what has no colour of its own."""

NO_NUMBER = "rgb(255,0,220)"
"""NaN and infinity: magenta is neither high nor low, and hard to miss."""


def class_color(index: int) -> str:
    """Return the colour of a class; after the first ten they go round the hues."""
    if index < len(CLASSES):
        return CLASSES[index]
    red, green, blue = hls_to_rgb((index * 0.618034) % 1, 0.55, 0.6)
    return f"rgb({red * 255:.0f},{green * 255:.0f},{blue * 255:.0f})"


def model_colors(experiments: list[dict[str, Any]]) -> dict[str, str]:
    """Return each model's colour, from its experiment's scale: a later model never changes an earlier one's.

    The first two in the order of creation have the ends of the scale, each further one the middle of what is
    still free (van der Corput's sequence): they differ as much as those of models that keep theirs can.
    """
    colors = {}
    for number, experiment in enumerate(experiments):
        models = sorted(
            experiment["models"], key=lambda model: (not model["started"], model["started"], model["id"])
        )
        scale = EXPERIMENT_SCALES[number % len(EXPERIMENT_SCALES)]
        for index, model in enumerate(models):
            colors[model["id"]] = _sample(scale, _share(index))
    return colors


def _share(index: int) -> float:
    """Return 0, 1, then 1/2, 3/4, 1/4, 7/8 and so on: 1 less the bits of the index - 1, the last one first.

    The lighter of two middles comes first: the dark ends of the scales are alike for longest.
    """
    if index < 2:
        return float(index)
    bits = f"{index - 1:b}"
    return 1 - int(bits[::-1], 2) / (1 << len(bits))


def depth_color(share: float) -> str:
    """Return the colour of a layer by its depth: blue at the input (0), light green at the output (1)."""
    return _sample("Viridis", 0.3 + 0.7 * share)


@lru_cache(maxsize=1024)
def _sample(scale: str, share: float) -> str:
    """Return a scale's colour; Plotly takes a millisecond to find the scale."""
    return str(sample_colorscale(scale, [DARKEST + (LIGHTEST - DARKEST) * share])[0])


def heat(share: float) -> str:
    """Return the colour of a value between 0 (low) and 1 (high), or the one of what is no number."""
    if not isfinite(share):
        return NO_NUMBER
    position = max(0.0, min(1.0, share)) * (len(HEAT) - 1)
    index = min(int(position), len(HEAT) - 2)
    low, high = HEAT[index], HEAT[index + 1]
    mixed = (round(a + (b - a) * (position - index)) for a, b in zip(low, high, strict=True))
    return "rgb({},{},{})".format(*mixed)
