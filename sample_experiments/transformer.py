"""Find which token comes twice: a small transformer, whose attention scores are recorded.

Run it with ``python -m inspectree.sample_experiments.transformer STORE``.
"""

from typing import Annotated, Any

import keras
import numpy as np
import typer
from keras import layers, ops

from inspectree.logger import TreeLogger

LENGTH, TOKENS, WIDTH = 8, 10, 32


def sequences(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return sequences (sample, time) of different tokens, one of which comes twice, and this token."""
    rng = np.random.default_rng(seed)
    x = np.stack([rng.permutation(TOKENS)[:LENGTH] for _ in range(count)])
    places = np.stack([rng.permutation(LENGTH)[:2] for _ in range(count)])
    rows = np.arange(count)
    x[rows, places[:, 0]] = x[rows, places[:, 1]]
    return x, x[rows, places[:, 1]]


def block(x: Any, number: int) -> Any:
    """Return what a block of attention and two dense layers makes of a sequence."""
    attention = layers.MultiHeadAttention(2, WIDTH // 2, name=f"attention_{number}")
    seen, _ = attention(x, x, return_attention_scores=True)
    x = layers.LayerNormalization(name=f"norm_{number}a")(x + seen)
    inside = layers.Dense(2 * WIDTH, activation="gelu", name=f"dense_{number}a")(x)
    return layers.LayerNormalization(name=f"norm_{number}b")(
        x + layers.Dense(WIDTH, name=f"dense_{number}b")(inside)
    )


def build(blocks: int = 2) -> keras.Model:
    """Return embeddings of tokens and of their places, blocks, and the probability of each token."""
    tokens = keras.Input((LENGTH,), dtype="int32", name="tokens")
    places = layers.Embedding(LENGTH, WIDTH, name="places")(ops.arange(LENGTH))
    x = layers.Embedding(TOKENS, WIDTH, name="embedding")(tokens) + places
    for number in range(blocks):
        x = block(x, number + 1)
    x = layers.GlobalMaxPooling1D(name="pool")(x)
    return keras.Model(tokens, layers.Dense(TOKENS, activation="softmax", name="output")(x))


def main(
    store: Annotated[str, typer.Argument(help="the folder to log to")], epochs: int = 6, count: int = 4000
) -> None:
    """Train the transformer, and log it into ``store``."""
    keras.utils.set_random_seed(0)
    model = build()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    test = sequences(200, seed=1)
    names = [f"token {number}" for number in range(TOKENS)]
    log = TreeLogger(store, name="transformer", samples=test, class_names=names)
    model.fit(*sequences(count, seed=0), validation_data=test, epochs=epochs, verbose=0, callbacks=[log])


if __name__ == "__main__":
    typer.run(main)
