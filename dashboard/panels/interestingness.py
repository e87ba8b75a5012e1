"""The measures, each with a miniature of its scores over the layers; the chosen one colours the graph."""

from base64 import b64encode
from typing import Any

from dash import html

from inspectree.dashboard.colors import heat
from inspectree.dashboard.panels.action import action
from inspectree.dashboard.panels.glossary import term
from inspectree.dashboard.panels.heading import heading
from inspectree.dashboard.view import KINDS, View

Json = dict[str, Any]

WIDTH, HEIGHT = 62, 18
MOST_BARS = 14


def interestingness(known: Json, view: View, scores: dict[str, list[float]]) -> list[Any]:
    """Return the list of measures and the legend; ``scores`` are by measure, one per layer (or model).

    Below the chosen measure stand what it can be restricted to, and the baselines that it can be compared
    with.
    """
    rows: list[Any] = []
    chosen = view.measure
    for measure in known["measures"]:
        rows.append(_row(measure, chosen, scores.get(measure["name"], [])))
        if measure["name"] == chosen:
            rows += [_kinds(measure, view.scored), _baselines(measure, known["baselines"], view.baseline)]
    off = (
        html.Button("off", type="button", className="link", **action("measure", name=chosen))
        if chosen
        else None
    )
    legend = html.Div(
        [
            html.Div(className="scale"),
            html.Div(
                [html.Span("low"), html.Span("normalised per variable type"), html.Span("high")],
                className="ends",
            ),
        ],
        className="legend",
    )
    return [heading("flame", "Interestingness", off), html.Div(rows, className="measures"), legend]


def _row(measure: Json, chosen: str, scores: list[float]) -> html.Button:
    return html.Button(
        [
            html.Span(className="radio"),
            html.Span(measure["title"], className="name"),
            html.Img(src=miniature(scores), alt="", width=WIDTH, height=HEIGHT),
        ],
        key=measure["name"],
        type="button",
        className="row",
        title=measure["description"],
        **{
            "aria-pressed": "true" if measure["name"] == chosen else "false",
            "data-measure": measure["name"],
        },
        **action("measure", name=measure["name"]),
    )


def _kinds(measure: Json, chosen: str) -> html.Div | None:
    """Return what is scored: next to all activations, what is odd about a kernel may be nothing."""
    kinds = [kind for kind in KINDS if kind in measure["kinds"]]
    if len(kinds) < 2:
        return None
    buttons = [
        html.Button(
            kind or "everything",
            type="button",
            className="kind",
            title=f"Score {kind or 'weights and activations'}",
            **{"aria-pressed": "true" if kind == chosen else "false"},
            **action("scored", name=kind),
        )
        for kind in ("", *kinds)
    ]
    return html.Div([html.Span("of"), *buttons], key="kinds", className="baselines")


def _baselines(measure: Json, baselines: list[Json], chosen: str) -> html.Div:
    """Return the baselines that need no settings; the measure's own is pressed where none is chosen."""
    own = measure["baseline"]["kind"]
    fitting = [b for b in baselines if b["kind"] in measure["baselines"] and (b["ready"] or b["kind"] == own)]
    buttons = [
        html.Button(
            each["title"],
            type="button",
            className="baseline",
            title=each["description"],
            **{"aria-pressed": "true" if each["kind"] == (chosen or own) else "false"},
            **action("baseline", name="" if each["kind"] == own else each["kind"]),
        )
        for each in fitting
    ]
    return html.Div([term("against", "baseline"), *buttons], key="baselines", className="baselines")


def miniature(scores: list[float]) -> str:
    """Return bars of the scores, in order, as an SVG data URI."""
    if len(scores) < 2:  # nothing to be compared with
        return _svg(f"<line x1='0' x2='{WIDTH}' y1='17' y2='17' stroke='#8d98ab' stroke-dasharray='2 3'/>")
    folded = _folded(scores)
    step = WIDTH / max(len(folded), 8)
    return _svg("".join(_bar(index * step, step - 1.4, score) for index, score in enumerate(folded)))


def _bar(x: float, width: float, score: float) -> str:
    height = max(1.5, (HEIGHT - 2) * score)
    return (
        f"<rect x='{x:.1f}' y='{HEIGHT - height:.1f}' width='{width:.1f}' height='{height:.1f}' rx='1' "
        f"fill='{heat(score)}'/>"
    )


def _folded(scores: list[float]) -> list[float]:
    """Return at most `MOST_BARS` scores: of neighbours that share a bar, the highest."""
    size = -(-len(scores) // MOST_BARS)
    return [max(scores[start : start + size]) for start in range(0, len(scores), size)]


def _svg(inside: str) -> str:
    text = f"<svg xmlns='http://www.w3.org/2000/svg' width='{WIDTH}' height='{HEIGHT}'>{inside}</svg>"
    return "data:image/svg+xml;base64," + b64encode(text.encode()).decode()
