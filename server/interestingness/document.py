"""Interestingness as a page for people, made from the tables."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from inspectree.server.fields import table
from inspectree.server.interestingness.listing import listing

HEAD = """# Interestingness

Made from the definitions of measures, baselines and divergences by `make docs`; don't edit it here.

Where should one look first, among hundreds of variables in dozens of models? What is interesting is what
deviates from what was to be expected, and by how much is a number:

* a **measure** sees something in every variable, or in every layer of a graph: its variance, its dead
  units;
* a **baseline** says what would not be interesting: what the initializer drew, the other layers, the
  parent;
* a **divergence** says how far one is from the other.

    POST /api/interestingness
    {"models": ["mnist_cnn"], "measure": "kurtosis", "checkpoint": "last",
     "baseline": {"kind": "parent"}, "divergence": "absolute"}

Only `measure` is needed: models are all, the checkpoint is the last, and every measure has a baseline and a
divergence of its own; `"kinds": ["activations"]` leaves weights out, for a score is relative to its type.
`"levels": ["model"]` and `"within": ["mnist_cnn"]` tell these scores only, scaled among all the same.
`GET /api/interestingness` lists everything that is below, with JSON Schemas, and which fit together.

## What to ask when

| suspicion | measure | baseline |
|---|---|---|
| the training has diverged | `nonfinite`, `maximum`, `norm` | `value`, `parent` |
| units have died | `dead_units`, `sparsity` | `value`, `initial` |
| sigmoids and tanhs are stuck | `saturation` | `value`, `initial` |
| weights begin otherwise than meant | `variance`, `distribution` at checkpoint `first` | `initializer` |
| a layer does not learn, or too fast | `change`, `step_change` | `value`, `layers` |
| a layer has more capacity than it uses | `effective_rank` | `initial`, `layers` |
| classes do not come apart, or too late | `separability` | `layers`, `parent` |
| what has the last change done to the rest? | any | `parent` |
| what is odd about this model among all? | any | `store` |
| is the architecture put together wrongly? | `succession` | `sequences` |

## From deviations to scores

Scores are made on the lowest level where there is something to see: the variable, or for layer sequences
the layer. They are comparable within a *type* only, which is the variable's name: kernels with kernels,
activations with activations. There the deviations of all models that are asked for are scaled so that their
5 % quantile is 0 and their 95 % quantile is 1, and cut off there: one outlier does not hide the rest. What
is infinite scores 1, and where nothing deviates more than the rest all score 0. A layer scores as its
highest variable, a model as its highest layer, an experiment as its highest model.

With every score goes how it came about, also on the levels above: the `raw` value, the `baseline`, what it
is `against` in words, and the `deviation`. What has no score is counted in `unscored`, with the reason: a
model without that checkpoint, a variable without a parent to be compared with.

A score is relative to the question. That the highest is 1 does not mean that something is wrong, only that
nothing deviates more; the raw value and the baseline say how much it is. Names of layers are compared as
they are: a layer that was renamed is, to its parent, one of the same type.
"""

READS = {
    "graph": "the graph",
    "statistics": "stored statistics",
    "unit statistics": "stored statistics of units",
    "class means": "stored class means and statistics",
    "values": "the values, and keeps what it finds",
}

FOOT = """## Limits

* Stored histograms have 64 bins from the smallest to the largest value: what happens within a bin is not
  seen, and one extreme value makes all other bins wide. Shares and divergences are as exact as that.
* Of few values, skewness, kurtosis, entropy and divergences vary by chance. A bias of three values often
  scores high; compare with the raw value.
* Norm, range and extremes grow with the number of values: layers of different sizes differ in them by
  nature.
* Orthogonal weights are compared by variance and norm only. Where an initializer is not Keras' own, or
  makes what is not drawn (an LSTM's forget gates), the first checkpoint stands for it.
* Layer sequences are those of image classifiers: layers of other fields surprise by themselves, until
  models of the store have them.

## One's own

A measure is one class in one file of `server/interestingness/measures/`, a baseline one in `baselines/`, a
divergence one in `divergences/`; the tables are in `server/interestingness/__init__.py`. The tests of the
contract, the listing and this page take them from there.

    class Median(StatisticsMeasure):
        \"\"\"The value in the middle.\"\"\"

        name = "median"
        title = "Median"
        description = "The value in the middle."

        def of(self, statistics: Statistics, variable: Variable) -> float:
            return float(statistics.quantiles[3])

## Sources

* G. Blom: *Statistical Estimates and Transformed Beta-Variables*. Wiley, 1958 (expected extremes).
* K. Fukunaga: *Introduction to Statistical Pattern Recognition*. 2nd ed., Academic Press, 1990
  (separability).
* X. Glorot, Y. Bengio: *Understanding the difficulty of training deep feedforward neural networks*. AISTATS
  2010.
* J. Lin: *Divergence measures based on the Shannon entropy*. IEEE Trans. Information Theory 37(1), 1991.
* H. B. Mann, A. Wald: *On the choice of the number of class intervals …*. Ann. Math. Statistics 13(3),
  1942.
* O. Roy, M. Vetterli: *The effective rank: a measure of effective dimensionality*. EUSIPCO 2007.
* I. H. Witten, T. C. Bell: *The zero-frequency problem*. IEEE Trans. Information Theory 37(4), 1991.
"""


def markdown() -> str:
    """Return the page."""
    about = listing()
    parts = [HEAD, "## Measures\n"]
    parts += ["\n".join(_measure(each)) for each in about["measures"]]
    parts.append("## Baselines\n")
    parts += ["\n".join(_baseline(each)) for each in about["baselines"]]
    parts.append("## Divergences\n")
    parts += [f"### {each['name']}\n\n{each['doc']}\n" for each in about["divergences"]]
    return "\n".join([*parts, FOOT])


def _measure(about: dict[str, Any]) -> Iterator[str]:
    yield f"### {about['name']}\n\n{about['doc']}\n"
    compared = _marked(about["baselines"], about["baseline"]["kind"])
    by = _marked(about["divergences"], about["divergence"])
    of = " and ".join(reversed(about["kinds"]))
    yield f"Of {of}; reads {READS[about['source']]}; against {compared}; by {by}.\n"


def _marked(names: list[str], own: str) -> str:
    """Return names of which the one that is taken by default is bold."""
    return ", ".join(f"**{name}**" if name == own else name for name in names)


def _baseline(about: dict[str, Any]) -> Iterator[str]:
    yield f"### {about['kind']}\n\n*{about['family'].capitalize()}.* {about['doc']}\n"
    yield from table(about["schema"], "kind")
    yield f"    {json.dumps(about['example'])}\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(markdown(), encoding="utf-8")
