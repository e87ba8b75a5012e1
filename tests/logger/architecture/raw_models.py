"""Models that use operations of the running backend itself, which take no symbolic tensors."""

from types import SimpleNamespace
from typing import Any

import keras

L = keras.layers

if keras.backend.backend() == "tensorflow":
    import tensorflow as tf

    raw = SimpleNamespace(
        relu=tf.nn.relu,
        tanh=tf.math.tanh,
        concat=lambda parts: tf.concat(parts, axis=-1),
        mean=lambda x: tf.reduce_mean(x, axis=1),
        matmul=tf.matmul,
        arange=tf.range,
        zeros=lambda x: tf.zeros([tf.shape(x)[0], 4]),
        compiled=tf.function,
    )
elif keras.backend.backend() == "jax":
    import jax
    import jax.numpy as jnp

    raw = SimpleNamespace(
        relu=jax.nn.relu,
        tanh=jnp.tanh,
        concat=lambda parts: jnp.concatenate(parts, axis=-1),
        mean=lambda x: jnp.mean(jnp.asarray(x), axis=1),
        matmul=jnp.matmul,
        arange=jnp.arange,
        zeros=lambda x: jnp.zeros((x.shape[0], 4)),
        compiled=jax.jit,
    )
else:
    import torch

    raw = SimpleNamespace(
        relu=torch.relu,
        tanh=torch.tanh,
        concat=lambda parts: torch.cat(parts, dim=-1),
        mean=lambda x: torch.mean(x, dim=1),
        matmul=torch.matmul,
        arange=torch.arange,
        zeros=lambda x: x.new_zeros((x.shape[0], 4)),
        compiled=lambda function: function,
    )


class Skip(keras.Model):  # type: ignore[misc]  # Keras ships no types
    """Skip connections through raw operations."""

    def __init__(self) -> None:
        super().__init__(name="skip")
        self.one, self.two = L.Dense(4, name="one"), L.Dense(3, name="two")

    def call(self, x: Any) -> Any:
        a = self.one(x)
        return raw.concat([self.two(raw.relu(a) + x), raw.tanh(a)])


class Block(L.Layer):  # type: ignore[misc]  # Keras ships no types
    """A layer with a weight of its own that only a raw operation uses."""

    def build(self, shape: Any) -> None:
        self.dense = L.Dense(4, name="dense")
        self.dense.build(shape)
        self.scale = self.add_weight(shape=(4, 4), name="scale")

    def call(self, x: Any) -> Any:
        return self.dense(raw.matmul(x, keras.ops.convert_to_tensor(self.scale)))


class Nested(keras.Model):  # type: ignore[misc]  # Keras ships no types
    """A raw block in a raw model, twice, and a loop over layers with a branch."""

    def __init__(self, deep: bool = True) -> None:
        super().__init__(name="nested")
        self.block = Block(name="block")
        self.chain = [L.Dense(4, name="dense") for _ in range(3)]
        self.norm = L.LayerNormalization(name="norm") if deep else None

    def call(self, x: Any) -> Any:
        x = self.block(raw.tanh(x))
        for number, layer in enumerate(self.chain):
            x = layer(x) if number % 2 else raw.relu(layer(x)) + x
        if self.norm is not None:
            x = self.norm(self.block(x))
        return {"out": x, "mean": raw.mean(x)}


class Positions(keras.Model):  # type: ignore[misc]  # Keras ships no types
    """A layer that is called on constants only, and its values added by a raw operation."""

    def __init__(self) -> None:
        super().__init__(name="positions")
        self.tokens, self.places = L.Embedding(7, 4, name="tokens"), L.Embedding(5, 4, name="places")
        self.head = L.Dense(2, name="head")

    def call(self, x: Any) -> Any:
        return self.head(raw.relu(self.tokens(x) + self.places(raw.arange(5))))


class Compiled(keras.Model):  # type: ignore[misc]  # Keras ships no types
    """A call that is compiled, so that Python does not see it again."""

    def __init__(self) -> None:
        super().__init__(name="compiled")
        self.one, self.two = L.Dense(4, name="one"), L.Dense(3, name="two")
        self.inside = raw.compiled(self._inside)

    def _inside(self, x: Any) -> Any:
        return self.two(raw.relu(self.one(x)))

    def call(self, x: Any) -> Any:
        return self.inside(x) * 2


class Values(L.Layer):  # type: ignore[misc]  # Keras ships no types
    """A layer that looks at values."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.inner = L.Dense(3, name="inner")

    def build(self, shape: Any) -> None:
        self.inner.build(shape)

    def call(self, x: Any) -> Any:
        if float(keras.ops.convert_to_numpy(x).sum()) > 1e9:
            return self.inner(x) * 2
        return self.inner(x)


class Eager(keras.Model):  # type: ignore[misc]  # Keras ships no types
    """A model that looks at values itself."""

    def __init__(self) -> None:
        super().__init__(name="eager")
        self.odd, self.after = Values(name="odd"), L.Dense(2, name="after")

    def build(self, shape: Any) -> None:
        self.odd.build(shape)
        self.after.build((None, 3))

    def call(self, x: Any) -> Any:
        odd = self.odd(x)
        return self.after(odd) if float(keras.ops.convert_to_numpy(odd).sum()) < 1e9 else odd


class Constants(keras.Model):  # type: ignore[misc]  # Keras ships no types
    """A layer on constants, which needs to run once for all samples."""

    def __init__(self) -> None:
        super().__init__(name="constants")
        self.places, self.after = L.Dense(4, name="places"), L.Dense(4, name="after")

    def call(self, x: Any) -> Any:
        return self.after(x + keras.ops.sum(self.places(keras.ops.ones((6, 6))), axis=0))


class Started(keras.Model):  # type: ignore[misc]  # Keras ships no types
    """A state of zeros, as many as there are samples; and a mask that a raw operation does not hand on."""

    def __init__(self) -> None:
        super().__init__(name="started")
        self.tokens = L.Embedding(7, 4, mask_zero=True, name="tokens")
        self.start, self.end = L.Dense(4, name="start"), L.Dense(2, name="end")
        self.masked, self.plain = L.GRU(4, name="masked"), L.GRU(4, name="plain")

    def call(self, x: Any) -> Any:
        tokens = self.tokens(x)
        state = self.start(raw.zeros(tokens))
        return self.end(raw.concat([self.masked(tokens), self.plain(raw.tanh(tokens)), state]))
