"""What the page's words mean: told beside a term, and listed in the help."""

from typing import Any

from dash import html

GLOSSARY = {
    "store": "A folder of logged models. The page shows what is in it, also while models train.",
    "experiment": "Models that come from one another: a tree that begins with one model or several.",
    "model": "One architecture, trained once and logged. Each box of the first level is one.",
    "generation": "How many models lie between a model and the root of its experiment.",
    "checkpoint": "All that was recorded at one moment of the training. Number 0 is before the first step.",
    "epoch": "One pass of the training over all training data.",
    "layer": "A building block of a model, such as Dense or Conv2D.",
    "operation": "A step inside a layer: a matrix product, a sum, an activation function.",
    "variable": "Numbers that belong to a layer: its kernel, its bias, what normalisation has learned.",
    "unit": "One neuron of a dense layer, or one channel (filter) of a convolution.",
    "activation": "What a layer or unit gives for a sample.",
    "class mean": "The mean activation over all followed samples of a class.",
    "sample": "One of the inputs that were followed through the training: the same at every checkpoint.",
    "interestingness": "A number that tells where to look first: how unusual the values of a unit are.",
    "measure": "A way to compute interestingness, such as the share of dead units.",
    "baseline": "What a measure compares with: another checkpoint, the parent model, a normal distribution.",
    "localisation": "Shows where types of layers and patterns such as skip connections occur.",
    "unit of analysis": "What a tool can be applied to: an experiment, a model, a layer, a variable, a unit.",
    "tool": "A question that is asked of a unit of analysis. The answer is a widget.",
    "widget": "What a tool shows of one unit. It can be adjusted, pinned, grouped and saved.",
    "parameters": "How many numbers a model or layer has learned or holds.",
    "FLOPs": "Floating-point operations: how much there is to compute for one sample.",
    "gradient": "How the loss changes with a weight. Training steps follow it downwards.",
}  # fmt: skip


def term(text: str, name: str = "") -> html.Span:
    """Return a word of the page that tells its meaning when it is pointed at or reached by Tab."""
    return html.Span(text, **told(name or text.lower()))


def told(name: str) -> dict[str, Any]:
    """Return the attributes of an element whose text is a term; none of what is no term."""
    return {"className": "term", "tabIndex": 0, "data-term": name} if name in GLOSSARY else {}


def glossary() -> html.Details:
    """Return the list of all terms in the order of the alphabet, folded."""
    rows: list[Any] = []
    for name in sorted(GLOSSARY, key=str.lower):
        rows += [html.Dt(name, **{"data-name": name}), html.Dd(GLOSSARY[name])]
    return html.Details([html.Summary("Words of this page"), html.Dl(rows)], id="glossary")
