"""The experiments that `inspectree demo` trains; whoever looks for their models need not wait for Keras."""

from dataclasses import dataclass

from inspectree.sample_experiments.digits_tree import NAMES


@dataclass(frozen=True)
class Experiment:
    """A script, the names of the models that it logs, and whether it takes other data."""

    script: str
    models: tuple[str, ...]
    takes_data: bool = True


ASSESSMENT = (
    "dense_tiny",
    "dense_wide",
    "conv_tiny",
    "conv_wide",
    "conv_deep",
    "conv_skip",
    "conv_skip_wide",
    "conv_squeeze",
    "conv_balanced",
)

BALANCES = ((50, 50), (75, 25), (90, 10), (25, 75), (10, 90))
"""Parts of the reconstruction and of the Kullback–Leibler divergence in the loss; first the parent's."""

BALANCING = tuple(f"vae_{reconstruction}_{kl}" for reconstruction, kl in BALANCES)

DISTRIBUTIONS = ("vae_relu", "vae_relu_wider", "vae_linear")

EXPERIMENTS = {
    "digits": Experiment("inspectree.sample_experiments.digits", NAMES, takes_data=False),
    "assessment": Experiment("inspectree.sample_experiments.assessment", ASSESSMENT),
    "balancing": Experiment("inspectree.sample_experiments.balancing", BALANCING),
    "distributions": Experiment("inspectree.sample_experiments.distributions", DISTRIBUTIONS),
}
