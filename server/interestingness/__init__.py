"""Where to look first: what deviates from a baseline, and by how much.

`MEASURES`, `BASELINES` and `DIVERGENCES` list everything that there is.
"""

from inspectree.server.interestingness.baseline import Baseline
from inspectree.server.interestingness.baselines.initial import Initial
from inspectree.server.interestingness.baselines.initializer import Initializer
from inspectree.server.interestingness.baselines.layers import Layers
from inspectree.server.interestingness.baselines.normal import Normal
from inspectree.server.interestingness.baselines.parent import Parent
from inspectree.server.interestingness.baselines.range import Range as RangeBaseline
from inspectree.server.interestingness.baselines.sequences import Sequences
from inspectree.server.interestingness.baselines.store import Store
from inspectree.server.interestingness.baselines.uoa import Uoa
from inspectree.server.interestingness.baselines.value import Value
from inspectree.server.interestingness.divergence import Divergence
from inspectree.server.interestingness.divergences.absolute import Absolute
from inspectree.server.interestingness.divergences.jensen_shannon import JensenShannon
from inspectree.server.interestingness.divergences.kolmogorov_smirnov import KolmogorovSmirnov
from inspectree.server.interestingness.divergences.wasserstein import Wasserstein
from inspectree.server.interestingness.measure import Measure
from inspectree.server.interestingness.measures.change import Change
from inspectree.server.interestingness.measures.dead_units import DeadUnits
from inspectree.server.interestingness.measures.distribution import Distribution
from inspectree.server.interestingness.measures.effective_rank import EffectiveRank
from inspectree.server.interestingness.measures.entropy import Entropy
from inspectree.server.interestingness.measures.kurtosis import Kurtosis
from inspectree.server.interestingness.measures.maximum import Maximum
from inspectree.server.interestingness.measures.minimum import Minimum
from inspectree.server.interestingness.measures.nonfinite import NonFinite
from inspectree.server.interestingness.measures.norm import Norm
from inspectree.server.interestingness.measures.range import Range
from inspectree.server.interestingness.measures.saturation import Saturation
from inspectree.server.interestingness.measures.separability import Separability
from inspectree.server.interestingness.measures.skew import Skew
from inspectree.server.interestingness.measures.sparsity import Sparsity
from inspectree.server.interestingness.measures.step_change import StepChange
from inspectree.server.interestingness.measures.succession import Succession
from inspectree.server.interestingness.measures.variance import Variance

MEASURES: tuple[Measure, ...] = (
    Variance(),
    Skew(),
    Kurtosis(),
    Minimum(),
    Maximum(),
    Range(),
    Norm(),
    Entropy(),
    Distribution(),
    Sparsity(),
    NonFinite(),
    Saturation(),
    DeadUnits(),
    Separability(),
    Change(),
    StepChange(),
    EffectiveRank(),
    Succession(),
)

BASELINES: tuple[type[Baseline], ...] = (
    Initializer,
    Initial,
    Normal,
    Layers,
    Parent,
    Store,
    Sequences,
    Value,
    RangeBaseline,
    Uoa,
)

DIVERGENCES: tuple[Divergence, ...] = (Absolute(), JensenShannon(), Wasserstein(), KolmogorovSmirnov())

__all__ = ["BASELINES", "DIVERGENCES", "MEASURES", "Baseline", "Divergence", "Measure"]
