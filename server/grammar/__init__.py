"""The transform grammar: what can be asked of labelled values. `STEPS` lists every step."""

from inspectree.server.grammar.along import CumSum, Diff, Rank, Softmax
from inspectree.server.grammar.base import Step
from inspectree.server.grammar.branch import Branch
from inspectree.server.grammar.cluster import Cluster
from inspectree.server.grammar.compare import Difference
from inspectree.server.grammar.confusion import ConfusionMatrix
from inspectree.server.grammar.density import Density
from inspectree.server.grammar.describe import Describe
from inspectree.server.grammar.digitise import Digitise
from inspectree.server.grammar.divergence import KL, JensenShannon, KolmogorovSmirnov, Wasserstein
from inspectree.server.grammar.elementwise import Abs, Clip, Fill, Log1p, Normalise, Square
from inspectree.server.grammar.entropy import Entropy
from inspectree.server.grammar.groupby import GroupBy
from inspectree.server.grammar.histogram import Histogram
from inspectree.server.grammar.histogram2d import Histogram2D
from inspectree.server.grammar.melt import Melt
from inspectree.server.grammar.merge import Merge
from inspectree.server.grammar.moments import Kurtosis, Skew, Std, Var
from inspectree.server.grammar.pipeline import Grammar
from inspectree.server.grammar.pivot import Pivot
from inspectree.server.grammar.project import PCA, TSNE, UMAP
from inspectree.server.grammar.quantile import Median, Quantile
from inspectree.server.grammar.rank import BottomK, TopK
from inspectree.server.grammar.reduce import Max, Mean, Min, Norm, Sum
from inspectree.server.grammar.reshape import Flatten, Rename, Transpose
from inspectree.server.grammar.resize import Pool, Resize
from inspectree.server.grammar.select import Select
from inspectree.server.grammar.shares import Count, FractionNonfinite, FractionZero
from inspectree.server.grammar.similarity import CKA, Correlate, Correlation, Cosine
from inspectree.server.grammar.sort import Sort
from inspectree.server.grammar.tablerows import KeepColumns, LimitRows, SelectRows, SortRows
from inspectree.server.grammar.top import Top
from inspectree.server.grammar.unstack import Unstack

STEPS: tuple[type[Step], ...] = (
    Select,
    Top,
    Flatten,
    Unstack,
    Transpose,
    Rename,
    Pool,
    Resize,
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
    Entropy,
    Abs,
    Square,
    Log1p,
    Clip,
    Normalise,
    Fill,
    Softmax,
    Rank,
    CumSum,
    Diff,
    Histogram,
    Histogram2D,
    Density,
    Digitise,
    Cluster,
    TopK,
    BottomK,
    Sort,
    Difference,
    Correlation,
    Cosine,
    CKA,
    KL,
    JensenShannon,
    Wasserstein,
    KolmogorovSmirnov,
    Correlate,
    PCA,
    TSNE,
    UMAP,
    ConfusionMatrix,
    Melt,
    Pivot,
    GroupBy,
    Describe,
    SelectRows,
    SortRows,
    LimitRows,
    KeepColumns,
    Branch,
    Merge,
)

GRAMMAR = Grammar(STEPS)
"""The grammar with the steps that come with inspectree; one with more is ``Grammar((*STEPS, MyStep))``."""

__all__ = ["GRAMMAR", "STEPS", "Grammar"]
