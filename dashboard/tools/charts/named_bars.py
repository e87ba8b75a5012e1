"""Bars from left to right, each with its name beside it: names of models and layers are long."""

from collections.abc import Sequence
from dataclasses import dataclass

from inspectree.dashboard.tools.charts.figures import figure
from inspectree.dashboard.tools.charts.traces import Json, Numbers, plain

ROW = 20
"""Height of a bar in pixels."""

MOST_NAMES = 30
LONGEST = 22


@dataclass(frozen=True)
class Series:
    """Bars of one kind: a length for each name, one colour or one for each."""

    name: str
    values: Numbers
    color: str | Sequence[str]


def named_bars(
    names: Sequence[str], series: Sequence[Series], *, template: str, uoas: Sequence[str] = (),
    log: bool = False, title: str = "", unit: str = "",
) -> Json:  # fmt: skip
    """Return a figure with a row per name, in which the series lie behind one another.

    ``template`` writes a length, such as ``%{x:,} B``, ``unit`` beside the axis' marks: ``B``. Equal
    names are rows of their own.
    """
    count = len(names)
    shown = range(0, count, max(1, -(-count // MOST_NAMES)))
    axis = {
        "range": [count - 0.4, -0.6], "tickvals": list(shown), "showgrid": False, "zeroline": False,
        "ticktext": [short(names[place]) for place in shown],
    }  # fmt: skip
    lengths = {"nticks": 5, **({"type": "log"} if log else {})}
    if unit:
        lengths |= {"tickformat": "~s", "ticksuffix": unit}
    if title:
        lengths["title"] = {"text": title}
    height = max(84, ROW * min(count, MOST_NAMES) + (58 if title else 44))
    drawn = [_bars(each, names, template, uoas, named=len(series) > 1) for each in series]
    return figure(drawn, height=height, x=lengths, y=axis, barmode="stack", bargap=0.3)


def _bars(series: Series, names: Sequence[str], template: str, uoas: Sequence[str], *, named: bool) -> Json:
    color = series.color if isinstance(series.color, str) else list(series.color)
    return {
        "type": "bar",
        "orientation": "h",
        "x": plain(series.values),
        "y": list(range(len(names))),
        "customdata": list(names),
        "name": series.name,
        "marker": {"color": color, "line": {"width": 0}},
        "hovertemplate": f"%{{customdata}}<br>{f'{series.name} ' if named else ''}{template}<extra></extra>",
        "meta": {"uoas": list(uoas)} if any(uoas) else {},
    }


def short(name: str) -> str:
    """Return a name as it fits beside a bar."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
