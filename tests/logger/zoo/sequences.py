"""Sequences: recurrent layers, masks, attention, text."""

import keras
import numpy as np

from tests.logger.zoo.specimen import BATCH, ROWS, Specimen, classifier, numbers, tokens

L, ops = keras.layers, keras.ops


def _classified(sequence: keras.KerasTensor, code: keras.KerasTensor) -> keras.Model:
    return keras.Model(sequence, L.Dense(3, activation="softmax", name="out")(code))


def lstm() -> Specimen:
    """Return an LSTM that hands its states to another one."""
    x = keras.Input((5, 2))
    first, *states = L.LSTM(3, return_sequences=True, return_state=True, name="first")(x)
    return classifier(_classified(x, L.LSTM(3, name="second")(first, initial_state=states)), numbers(5, 2))


def stacked_cells() -> Specimen:
    """Return a loop over several cells."""
    x = keras.Input((5, 2))
    cells = L.RNN([L.GRUCell(3), L.SimpleRNNCell(2)], return_sequences=True, name="stacked")(x)
    return classifier(_classified(x, L.GlobalAveragePooling1D()(cells)), numbers(5, 2))


def both_directions() -> Specimen:
    x = keras.Input((5, 2))
    around = L.Bidirectional(L.LSTM(2, return_sequences=True), name="around")(x)
    each = L.TimeDistributed(L.Dense(3, activation="relu"), name="each")(around)
    return classifier(_classified(x, L.Flatten()(each)), numbers(5, 2))


def images_in_time() -> Specimen:
    x = keras.Input((3, 4, 4, 1))
    each = L.TimeDistributed(L.Conv2D(2, 2), name="each")(x)
    last = L.ConvLSTM2D(2, 2, name="last")(each)
    return classifier(_classified(x, L.Flatten()(last)), numbers(3, 4, 4, 1))


def stateful() -> Specimen:
    """Return a state that goes on from batch to batch, whose size is fixed."""
    x = keras.Input(batch_shape=(BATCH, 5, 2))
    return classifier(_classified(x, L.LSTM(3, stateful=True, name="goes_on")(x)), numbers(5, 2), rows=BATCH)


def masked() -> Specimen:
    """Return a mask made by hand, which a later layer uses."""
    x = keras.Input((5, 2))
    present = L.Masking(name="present")(x)
    code = L.SimpleRNN(3, name="code")(L.Dense(3, name="each")(present))
    values = numbers(5, 2) * (tokens(5, 3) > 0)[:, :, None]
    return classifier(_classified(x, code), values)


def embedded_tokens() -> Specimen:
    """Tokens with a mask, which goes through an LSTM, into pooling and attention."""
    x = keras.Input((5,), dtype="int32")
    embedded = L.Embedding(9, 4, mask_zero=True, name="embedded")(x)
    attended = L.MultiHeadAttention(2, 3, name="attended")(embedded, embedded)
    read = L.LSTM(4, return_sequences=True, name="read")(L.Add()([embedded, attended]))
    return classifier(_classified(x, L.GlobalAveragePooling1D()(read)), tokens(5, 9))


def attention_scores() -> Specimen:
    """Attention that also returns its scores, with dropout."""
    x = keras.Input((5, 4))
    heads = L.MultiHeadAttention(2, 3, dropout=0.2, name="heads")
    attended, scores = heads(x, x, return_attention_scores=True)
    code = L.Concatenate()([L.Flatten()(attended), L.Flatten()(scores)])
    return classifier(_classified(x, code), numbers(5, 4))


class Transformer(keras.Model):  # type: ignore[misc]  # Keras ships no types
    """A block whose scores are given out beside the classes, with positions that no sample has."""

    def __init__(self) -> None:
        super().__init__(name="transformer")
        self.tokens = L.Embedding(9, 4, name="tokens")
        self.positions = L.Embedding(5, 4, name="positions")
        self.block = _Block(name="block")
        self.out = L.Dense(3, activation="softmax", name="out")

    def call(self, x: object) -> dict[str, object]:
        code = self.tokens(x) + self.positions(ops.arange(5))
        code, scores = self.block(code)
        return {"classes": self.out(ops.mean(code, axis=1)), "scores": scores}


class _Block(L.Layer):  # type: ignore[misc]  # Keras ships no types
    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.heads = L.MultiHeadAttention(2, 2, name="heads")
        self.norm = L.LayerNormalization(name="norm")
        self.wide = L.Dense(8, activation="gelu", name="wide")
        self.narrow = L.Dense(4, name="narrow")

    def build(self, shape: tuple[int, ...]) -> None:
        self.heads.build(shape, shape)
        self.norm.build(shape)
        self.wide.build(shape)
        self.narrow.build((*shape[:-1], 8))

    def call(self, x: object) -> tuple[object, object]:
        attended, scores = self.heads(x, x, return_attention_scores=True)
        code = self.norm(x + attended)
        return code + self.narrow(self.wide(code)), scores


def transformer() -> Specimen:
    model, truth = Transformer(), np.arange(ROWS) % 3
    model.compile("adam", {"classes": "sparse_categorical_crossentropy", "scores": None})
    y = {"classes": truth, "scores": numbers(2, 5, 5)}
    return Specimen(model, tokens(5, 9), y, truth=truth, classes=3, tells=False)


def text() -> Specimen:
    """Sentences, which the model itself cuts into words."""
    import tensorflow as tf

    words, random = np.array(["one", "two", "three", "four"]), np.random.default_rng(5)
    sentences = tf.constant([[" ".join(random.choice(words, 4))] for _ in range(ROWS)])
    cut = L.TextVectorization(output_sequence_length=5, name="cut")
    cut.adapt(sentences)
    x = keras.Input((1,), dtype="string")
    embedded = L.Embedding(9, 3, mask_zero=True, name="embedded")(cut(x))
    return classifier(_classified(x, L.GRU(3, name="read")(embedded)), sentences)
