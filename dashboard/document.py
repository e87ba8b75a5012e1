"""The tools as a page for people, made from the table of tools."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from inspectree.dashboard.tools import TOOLS
from inspectree.dashboard.tools.base import Setting, Tool
from inspectree.dashboard.unit import Unit

HEAD = """# Tools

Made from the tools' own definitions by `make docs`; don't edit it here.

A tool is chosen in the toolbox, in a unit's context menu (right click, Menu key) or in the search box (`/`),
and applied to a unit: that makes a widget. Only tools that fit something in sight are offered. Every widget
can be adjusted by the settings below after it was made, duplicated, pinned to a checkpoint, applied to
another unit, put into a group, merged with others of its kind, and exported.

"""

FAMILIES = {
    "training": "Over training",
    "values": "Values and distributions",
    "samples": "Samples and predictions",
    "models": "Models",
    "functions": "Functions",
}

MAPS = ("sample", "y", "x", "channel")

EXAMPLES = {
    "an experiment": Unit("e:m", "experiment", "", classes=10, inputs=((8, 8, 1),), outputs=((10,),)),
    "a model": Unit("m", "model", "", classes=10, inputs=((8, 8, 1),), outputs=((10,),)),
    "a model without classes": Unit("m", "model", "", inputs=((8,),), outputs=((8,),)),
    "a layer of maps": Unit("m/a", "layer", "", "Conv2D", MAPS, (None, 8, 8, 4), 10),
    "a layer of units": Unit("m/a", "layer", "", "Dense", ("sample", "unit"), (None, 8), 10),
    "a layer of series": Unit("m/a", "layer", "", "LSTM", ("sample", "time", "unit"), (None, 9, 8), 10),
    "a kernel of filters": Unit("m/a/kernel", "weights", "kernel", "", ("y", "x", "in", "out"), (3, 3, 1, 4)),
    "a kernel": Unit("m/a/kernel", "weights", "kernel", "Dense", ("in", "out"), (8, 4)),
    "a bias": Unit("m/a/bias", "weights", "bias", "Dense", ("out",), (4,)),
    "a neuron or channel": Unit("m/a#3", "unit", "c003", "Conv2D", MAPS, (None, 8, 8, 4), 10),
}
"""Units by which it is told what a tool can be applied to."""

KINDS = {
    "experiment": "experiments",
    "model": "models",
    "layer": "layers",
    "weights": "weights",
    "unit": "neurons and channels",
}

FOLLOWED = {
    "training": "the training as it goes on",
    "classes": "the class selector",
    "checkpoint": "the checkpoint bar",
    "filter": "the selection of samples in force",
    "marked": "the sample that is marked",
}


def markdown() -> str:
    """Return the page."""
    parts = [HEAD]
    for family, title in FAMILIES.items():
        parts.append(f"## {title}\n")
        parts += ["\n".join(_tool(tool)) for tool in TOOLS if tool.family == family]
    return "\n".join(parts)


def _tool(tool: Tool) -> Iterator[str]:
    yield f"### {tool.title}\n\n{tool.description}\n"
    fitting = [name for name, unit in EXAMPLES.items() if tool.fits(unit)]
    follows = [
        FOLLOWED[name] + (" (of a neuron or channel)" if name in tool.of_units else "")
        for name in tool.follows
    ]
    yield (
        f"`{tool.name}` · of {_listed(fitting)}"
        + (f" · follows {_listed(follows)}" if follows else "")
        + "\n"
    )
    if tool.settings:
        yield "| setting | | default |\n|---|---|---|"
        yield from (_setting(setting) for setting in tool.settings)
        yield ""


def _setting(setting: Setting) -> str:
    choices = ", ".join(f"`{choice}`" for choice in setting.choices)
    limits = " … ".join(str(limit) for limit in (setting.least, setting.most) if limit is not None)
    of = f"of {_listed([KINDS[kind] for kind in setting.of])}" if setting.of else ""
    about = "; ".join(part for part in (setting.title, of, setting.help, choices, limits) if part)
    return f"| `{setting.name}` | {about} | {_default(setting.default)} |"


def _default(default: Any) -> str:
    if callable(default):
        return "as fits the unit"
    if isinstance(default, bool):
        return "on" if default else "off"
    return f"`{default}`" if default != "" else "as fits the data"


def _listed(words: list[str]) -> str:
    return ", ".join(words[:-1]) + (" and " if len(words) > 1 else "") + "".join(words[-1:])


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(markdown())
