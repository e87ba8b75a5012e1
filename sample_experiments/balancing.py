"""Balancing losses: an auto-encoder, its reconstruction and its divergence weighed in five ways.

Run it with ``python -m inspectree.sample_experiments.balancing STORE [--data FILE.npz]``;
``inspectree demo --experiment balancing`` does, and serves what it logs.
`docs/experiments/balancing.md` tells what is to be seen.
"""

from typing import Annotated

import keras
import typer

from inspectree.logger import TreeLogger
from inspectree.sample_experiments.experiments import BALANCES
from inspectree.sample_experiments.images import Images, load_images
from inspectree.sample_experiments.vae import Vae

EPOCHS = 10
RATE = 0.003
ROOT = "vae_50_50"


def train(
    store: str, balance: tuple[int, int], images: Images, *, seed: int = 0, epochs: int = EPOCHS
) -> None:
    """Train with one balance of the losses, and log it into ``store``; 50 : 50 is the others' parent."""
    name = f"vae_{balance[0]}_{balance[1]}"
    keras.utils.set_random_seed(seed)
    model = Vae(images.shape, balance)
    model.compile(keras.optimizers.Adam(RATE))
    log = TreeLogger(
        store,
        name=name,
        label=f"{balance[0]} : {balance[1]}",
        parents=[] if name == ROOT else [ROOT],
        tags=["balancing"],
        notes=f"{balance[0]} parts of reconstruction, {balance[1]} of Kullback–Leibler divergence.",
        samples=(images.x_test, images.y_test),
        class_names=images.class_names,
        hyperparameters={"reconstruction": balance[0], "kl": balance[1]},
    )
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
    """Train with every balance, and log them into ``store``."""
    images = load_images(data)
    for balance in BALANCES:
        train(store, balance, images, seed=seed, epochs=epochs)


if __name__ == "__main__":
    typer.run(main)
