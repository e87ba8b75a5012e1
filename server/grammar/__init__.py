"""The transform grammar: what can be asked of labelled values. `STEPS` lists every step."""

from inspectree.server.grammar.base import Step
from inspectree.server.grammar.confusion import ConfusionMatrix
from inspectree.server.grammar.elementwise import Abs, Clip, Log1p, Normalise, Square
from inspectree.server.grammar.histogram import Histogram
from inspectree.server.grammar.moments import Kurtosis, Skew, Std, Var
from inspectree.server.grammar.pipeline import Grammar
from inspectree.server.grammar.quantile import Median, Quantile
from inspectree.server.grammar.rank import BottomK, TopK
from inspectree.server.grammar.reduce import Max, Mean, Min, Norm, Sum
from inspectree.server.grammar.reshape import Flatten, Transpose
from inspectree.server.grammar.select import Select
from inspectree.server.grammar.shares import Count, FractionNonfinite, FractionZero

STEPS: tuple[type[Step], ...] = (
    Select,
    Flatten,
    Transpose,
    Mean,
    Sum,
    Min,
    Max,
    Std,
    Var,
    Skew,
    Kurtosis,
    Median,
    Quantile,
    Norm,
    Count,
    FractionZero,
    FractionNonfinite,
    Abs,
    Square,
    Log1p,
    Clip,
    Normalise,
    Histogram,
    TopK,
    BottomK,
    ConfusionMatrix,
)

GRAMMAR = Grammar(STEPS)
"""The grammar with the steps that come with inspectree; one with more is ``Grammar((*STEPS, MyStep))``."""

__all__ = ["GRAMMAR", "STEPS", "Grammar"]
