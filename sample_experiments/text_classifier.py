"""Tell questions from statements: an embedding and an LSTM, whose samples can be read as text.

Run it with ``python -m inspectree.sample_experiments.text_classifier STORE``.
"""

from typing import Annotated

import keras
import numpy as np
import typer
from keras import layers

from inspectree.logger import TreeLogger

WHO = ("the cat", "my friend", "the old train", "your letter", "that bird", "our neighbour")
DOES = ("comes home", "is late", "sings again", "waits outside", "leaves today", "looks tired")
ENDS = ("this morning", "after all", "in the rain", "at noon", "without me")
ASKS = ("why does it matter when", "do you know whether", "who told you that", "is it true that")
CLASSES = ("statement", "question")
LENGTH = 12


def sentences() -> tuple[list[str], np.ndarray]:
    """Return every sentence that can be made, and whether it asks."""
    said = [f"{who} {does} {end}" for who in WHO for does in DOES for end in ENDS]
    asked = [f"{ask} {each}" for each in said[::2] for ask in ASKS[:2]]
    asked += [f"{ask} {each}" for each in said[1::2] for ask in ASKS[2:]]
    return said + asked, np.repeat([0, 1], [len(said), len(asked)])


def main(store: Annotated[str, typer.Argument(help="the folder to log to")], epochs: int = 20) -> None:
    """Train the classifier, and log it into ``store``."""
    keras.utils.set_random_seed(0)
    texts, labels = sentences()
    vectorize = layers.TextVectorization(output_sequence_length=LENGTH)
    vectorize.adapt(texts)
    numbers = np.array(vectorize(texts))
    order = np.random.default_rng(0).permutation(len(texts))
    train, test = order[: len(order) // 2], order[len(order) // 2 :]

    words = vectorize.get_vocabulary()
    model = keras.Sequential(
        [
            keras.Input((LENGTH,), dtype="int32", name="words"),
            layers.Embedding(len(words), 8, mask_zero=True, name="embedding"),
            layers.LSTM(16, return_sequences=True, name="lstm"),
            layers.GlobalAveragePooling1D(name="pool"),
            layers.Dense(2, activation="softmax", name="output"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    log = TreeLogger(
        store,
        name="text_lstm",
        samples=(numbers[test], labels[test]),
        class_names=CLASSES,
        vocabulary=words,
    )
    held_out = (numbers[test], labels[test])
    model.fit(
        numbers[train], labels[train], validation_data=held_out, epochs=epochs, verbose=0, callbacks=[log]
    )


if __name__ == "__main__":
    typer.run(main)
