"""Layers that do what few layers do."""

from typing import Any

import keras
import numpy as np

from tests.logger.zoo.specimen import BATCH, Specimen, classifier, numbers, regressor

L, ops = keras.layers, keras.ops


class _Secretive(L.Layer):  # type: ignore[misc]  # Keras ships no types
    """Made with what it cannot give back."""

    def __init__(self, function: Any, **options: Any) -> None:
        super().__init__(**options)
        self.function = function

    def call(self, x: Any) -> Any:
        return self.function(x)

    def get_config(self) -> Any:
        raise NotImplementedError("no configuration")


def no_config() -> Specimen:
    """Return a layer whose configuration cannot be had, and a Lambda."""
    layers = [_Secretive(ops.tanh, name="secretive"), L.Lambda(lambda x: x * 2, name="twice")]
    return classifier(keras.Sequential([keras.Input((4,)), *layers, L.Dense(3, "softmax")]), numbers(4))


class _Nothing(L.Layer):  # type: ignore[misc]  # Keras ships no types
    def call(self, x: Any) -> Any:  # noqa: ARG002 - Keras' signature
        return None


class _Number(L.Layer):  # type: ignore[misc]  # Keras ships no types
    def call(self, x: Any) -> Any:  # noqa: ARG002 - Keras' signature
        return 3


class _Halves(L.Layer):  # type: ignore[misc]  # Keras ships no types
    def call(self, x: Any) -> Any:
        return [x[:, :2], (x[:, 2:], None)]


class _Total(L.Layer):  # type: ignore[misc]  # Keras ships no types
    """One number for the whole batch."""

    def call(self, x: Any) -> Any:
        return ops.mean(x)


class _Unusual(keras.Model):  # type: ignore[misc]  # Keras ships no types
    def __init__(self) -> None:
        super().__init__(name="unusual")
        self.nothing, self.number = _Nothing(name="nothing"), _Number(name="number")
        self.total = _Total(name="total")
        self.halves = _Halves(name="halves")
        self.out = L.Dense(3, activation="softmax", name="out")

    def call(self, x: Any) -> Any:
        self.nothing(x)
        first, (second, _) = self.halves(x)
        return self.out(first * self.number(x) - second + self.total(x))


def unusual_returns() -> Specimen:
    """Layers that return None, a number, a list with None inside, and one value for the whole batch."""
    return classifier(_Unusual(), numbers(4))


class _Refusing(L.Layer):  # type: ignore[misc]  # Keras ships no types
    """Works on the tensors of the backend only."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.scale = self.add_weight(name="scale", shape=(), initializer="ones")

    def call(self, x: Any) -> Any:
        if isinstance(x, keras.KerasTensor):
            raise TypeError("this layer takes real tensors only")
        return x * self.scale


class _WithRefusing(keras.Model):  # type: ignore[misc]  # Keras ships no types
    def __init__(self) -> None:
        super().__init__(name="with_refusing")
        self.refusing = _Refusing(name="refusing")
        self.hidden = L.Dense(4, name="hidden")
        self.out = L.Dense(3, activation="softmax", name="out")

    def call(self, x: Any) -> Any:
        return self.out(self.hidden(self.refusing(x)))


def refuses_symbolic_tensors() -> Specimen:
    return classifier(_WithRefusing(), numbers(4))


class _Selecting(L.Layer):  # type: ignore[misc]  # Keras ships no types
    """Looks at values to decide what to do: nothing that can be compiled."""

    def call(self, x: Any) -> Any:
        return x * 2 if float(ops.convert_to_numpy(ops.sum(x))) > 0 else x


class _WithSelecting(keras.Model):  # type: ignore[misc]  # Keras ships no types
    def __init__(self) -> None:
        super().__init__(name="with_selecting")
        self.hidden = L.Dense(4, name="hidden")
        self.selecting = _Selecting(name="selecting")
        self.out = L.Dense(3, activation="softmax", name="out")

    def call(self, x: Any) -> Any:
        return self.out(self.selecting(self.hidden(x)))


def looks_at_values() -> Specimen:
    """Return a model that its user runs eagerly because it cannot be compiled."""
    specimen = classifier(_WithSelecting(), numbers(4))
    specimen.model(specimen.x[:1])  # built by its user, since Keras cannot either
    specimen.model.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=True)
    return specimen


def nothing_left() -> Specimen:
    """Return an output without any element."""
    x = keras.Input((4,))
    empty = L.Lambda(lambda x: x[:, :0], output_shape=(0,), name="empty")(x)
    joined = L.Concatenate(name="joined")([L.Activation("relu", name="still_empty")(empty), x])
    return classifier(keras.Model(x, L.Dense(3, activation="softmax")(joined)), numbers(4))


def whole_numbers() -> Specimen:
    """Return inputs of bytes, and layers that give out integers and truth values."""
    x = keras.Input((4,), dtype="uint8")
    binned = L.Discretization(bin_boundaries=[64, 128, 192], name="binned")(x)
    large = L.Lambda(lambda b: b > 1, name="large")(binned)
    code = L.Embedding(4, 2, name="embedded")(binned)
    flat = L.Flatten()(code) * ops.repeat(ops.cast(large, "float32"), 2, axis=1)
    model = keras.Model(x, L.Dense(3, activation="softmax")(flat))
    return classifier(model, (numbers(4) * 255).astype(np.uint8))


def huge_and_tiny() -> Specimen:
    """Values that float16 cannot hold, infinities and NaN."""
    x = keras.Input((4,))
    huge = L.Rescaling(1e8, name="huge")(x)
    tiny = L.Rescaling(1e-9, name="tiny")(x)
    broken = L.Lambda(lambda x: ops.log(x - 0.5), name="broken")(x)
    kept = L.Lambda(lambda x: ops.nan_to_num(x, posinf=0.0, neginf=0.0), name="kept")(broken)
    joined = L.Concatenate()([L.Rescaling(1e-8)(huge), tiny, kept])
    return regressor(keras.Model(x, L.Dense(1, name="out")(joined)), numbers(4), numbers(1))


class _Sparse(L.Layer):  # type: ignore[misc]  # Keras ships no types
    def call(self, x: Any) -> Any:
        if keras.backend.backend() == "tensorflow":
            import tensorflow as tf

            return tf.sparse.from_dense(x)
        from jax.experimental.sparse import BCOO

        return BCOO.fromdense(x, nse=4 * BATCH)


class _WithSparse(keras.Model):  # type: ignore[misc]  # Keras ships no types
    def __init__(self) -> None:
        super().__init__(name="with_sparse")
        self.sparse, self.out = _Sparse(name="sparse"), L.Dense(3, activation="softmax", name="out")

    def call(self, x: Any) -> Any:
        return self.out(self.sparse(x))


def sparse() -> Specimen:
    """Return a layer that gives out a sparse tensor."""
    return classifier(_WithSparse(), np.maximum(numbers(4) - 0.5, 0))


class _Ragged(L.Layer):  # type: ignore[misc]  # Keras ships no types
    def call(self, x: Any) -> Any:
        import tensorflow as tf

        return tf.RaggedTensor.from_tensor(x, padding=0)


class _Average(L.Layer):  # type: ignore[misc]  # Keras ships no types
    def call(self, x: Any) -> Any:
        import tensorflow as tf

        return tf.cast(tf.reduce_mean(x.to_tensor(shape=[None, 4]), axis=1, keepdims=True), "float32")


class _WithRagged(keras.Model):  # type: ignore[misc]  # Keras ships no types
    def __init__(self) -> None:
        super().__init__(name="with_ragged")
        self.ragged, self.average = _Ragged(name="ragged"), _Average(name="average")
        self.out = L.Dense(3, activation="softmax", name="out")

    def call(self, x: Any) -> Any:
        return self.out(self.average(self.ragged(x)))


def ragged() -> Specimen:
    """Return a layer that gives out rows of different lengths."""
    return classifier(_WithRagged(), (numbers(4) * 3).astype(np.int32))
