"""Debugging distributions: an auto-encoder with a careless activation, a wider one, one without it.

Run it with ``python -m inspectree.sample_experiments.distributions STORE [--data FILE.npz]``;
``inspectree demo --experiment distributions`` does, and serves what it logs.
`docs/experiments/distributions.md` tells what is to be seen.
"""

from dataclasses import dataclass
from typing import Annotated

import keras
import typer

from inspectree.logger import Header, TreeLogger
from inspectree.sample_experiments.experiments import DISTRIBUTIONS
from inspectree.sample_experiments.images import Images, load_images
from inspectree.sample_experiments.vae import Vae

EPOCHS = 10
BALANCE = (75, 25)
RATE = 0.005
RELU, WIDER, LINEAR = DISTRIBUTIONS


@dataclass(frozen=True)
class Attempt:
    """One model: what it comes from, why, and what is given to `Vae`."""

    label: str
    notes: str
    parents: tuple[str, ...] = ()
    latent: int = 8
    activation: str | None = None


ATTEMPTS = {
    RELU: Attempt(
        "Auto-encoder",
        "The first try. Reconstructions are blurred, and all digits look much alike.",
        activation="relu",
    ),
    WIDER: Attempt(
        "More dimensions",
        "Perhaps eight latent dimensions are too few? Sixteen are no better.",
        (RELU,),
        latent=16,
        activation="relu",
    ),
    LINEAR: Attempt(
        "Without the ReLU",
        "`z_mean` and `z_log_var` are linear: means may be negative, and variances below 1.",
        (RELU,),
    ),
}


def train(store: str, name: str, images: Images, *, seed: int = 0, epochs: int = EPOCHS) -> None:
    """Train one attempt, and log it into ``store``."""
    attempt = ATTEMPTS[name]
    keras.utils.set_random_seed(seed)
    model = Vae(images.shape, BALANCE, attempt.latent, attempt.activation)
    model.compile(keras.optimizers.Adam(RATE))
    header = Header(
        name=name, label=attempt.label, parents=attempt.parents, notes=attempt.notes, tags=("distributions",)
    )
    log = TreeLogger(
        store, header, samples=(images.x_test, images.y_test), class_names=images.class_names,
        hyperparameters={"latent": attempt.latent},
    )  # fmt: skip
    model.fit(
        images.x_train, validation_data=(images.x_test,),
        epochs=epochs, batch_size=64, verbose=0, callbacks=[log],
    )  # fmt: skip


def main(
    store: Annotated[str, typer.Argument(help="the folder to log to")],
    data: Annotated[str | None, typer.Option(help="an .npz file, or mnist, fashion_mnist, cifar10")] = None,
    seed: int = 0,
    epochs: int = EPOCHS,
) -> None:
    """Train every attempt, and log them into ``store``."""
    images = load_images(data)
    for name in DISTRIBUTIONS:
        train(store, name, images, seed=seed, epochs=epochs)


if __name__ == "__main__":
    typer.run(main)
