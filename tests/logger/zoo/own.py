"""Models and layers that users write themselves."""

from typing import Any

import keras

from tests.logger.zoo.specimen import Specimen, classifier, numbers, regressor

L, ops = keras.layers, keras.ops


class _Branching(keras.Model):  # type: ignore[misc]  # Keras ships no types
    """Python's own control flow decides which layers are called; one has weights but is never called."""

    def __init__(self) -> None:
        super().__init__(name="branching")
        self.stack = [L.Dense(4, activation="relu", name=f"step_{index}") for index in range(3)]
        self.unused = L.Dense(2, name="unused", trainable=False)
        self.unused.build((None, 4))
        self.dropout = L.Dropout(0.3, name="dropout")
        self.out = L.Dense(3, activation="softmax", name="out")

    def call(self, x: Any, training: bool = False) -> Any:
        for index, layer in enumerate(self.stack):
            x = layer(x) if index % 2 else layer(x) + x
        for _ in range(2):
            x = self.stack[-1](x)
        if training:
            x = self.dropout(x)
        return self.out(x)


def branching() -> Specimen:
    return classifier(_Branching(), numbers(4))


class _Namesakes(keras.Model):  # type: ignore[misc]  # Keras ships no types
    def __init__(self, last: str) -> None:
        super().__init__(name="namesakes")
        self.layers_of_one_name = [L.Dense(size, name="dense") for size in (4, 5, 4)]
        self.out = L.Dense(3, activation="softmax", name=last)

    def call(self, x: Any) -> Any:
        first, second, third = self.layers_of_one_name
        return self.out(third(second(first(x))) + first(x))


def equal_names() -> Specimen:
    """Three layers of one name, one of them called twice."""
    return classifier(_Namesakes("out"), numbers(4))


def separators_in_names() -> Specimen:
    """Return a layer whose name holds what separates the parts of a path."""
    return classifier(_Namesakes("a@b#c%"), numbers(4))


class _Nested(keras.Model):  # type: ignore[misc]  # Keras ships no types
    def __init__(self) -> None:
        super().__init__(name="nested_outputs")
        self.one, self.two = L.Dense(2, name="one"), L.Dense(3, name="two")

    def call(self, inputs: Any) -> Any:
        x, (y,) = inputs["x"], inputs["more"]
        one, two = self.one(x), self.two(y)
        self.add_loss(ops.mean(ops.square(one)) + ops.mean(ops.square(two - 1)))
        return {"a": one, "b": (two, [self.one(x) + 1])}


def nested_outputs() -> Specimen:
    """Return a subclassed model whose inputs and outputs are structures."""
    model = _Nested()
    model.compile("sgd")
    return Specimen(model, {"x": numbers(3), "more": [numbers(2)]})


class _Pair(keras.Model):  # type: ignore[misc]  # Keras ships no types
    def __init__(self) -> None:
        super().__init__(name="pair")
        self.one, self.two = L.Dense(2, name="one"), L.Dense(3, name="two")

    def call(self, x: Any) -> Any:
        return self.one(x), self.two(x)


def tuple_outputs() -> Specimen:
    return regressor(_Pair(), numbers(3), (numbers(2), numbers(3)))


class Sampling(L.Layer):  # type: ignore[misc]  # Keras ships no types
    """Draw a code from its distribution, also at inference; what it diverges by is a loss."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.seeds = keras.random.SeedGenerator(7)

    def call(self, inputs: Any) -> Any:
        mean, spread = inputs
        divergence = ops.square(mean) + ops.exp(spread) - spread - 1
        self.add_loss(0.1 * ops.mean(ops.sum(divergence, axis=-1)))
        return mean + ops.exp(0.5 * spread) * keras.random.normal(ops.shape(mean), seed=self.seeds)


class VAE(keras.Model):  # type: ignore[misc]  # Keras ships no types
    """A variational autoencoder whose losses are all its own."""

    def __init__(self) -> None:
        super().__init__(name="vae")
        self.encoder = L.Dense(5, activation="relu", name="encoder")
        self.mean, self.spread = L.Dense(2, name="mean"), L.Dense(2, name="spread")
        self.sampling = Sampling(name="sampling")
        self.decoder = keras.Sequential([L.Dense(5, "relu"), L.Dense(4, "sigmoid")], name="decoder")

    def call(self, x: Any, training: bool | None = None) -> Any:  # noqa: ARG002 - Keras' signature
        code = self.encoder(x)
        decoded = self.decoder(self.sampling((self.mean(code), self.spread(code))))
        self.add_loss(ops.mean(ops.square(x - decoded)))
        return decoded


def vae() -> Specimen:
    """Without labels and without a loss from outside."""
    model = VAE()
    model.compile("adam")
    return Specimen(model, numbers(4))


def _x(data: Any) -> Any:
    return keras.utils.unpack_x_y_sample_weight(data)[0]


class _OwnSteps(VAE):
    """The same with steps of its own, which each backend wants in another form."""

    def train_step(self, *args: Any) -> Any:
        return getattr(self, f"_{keras.backend.backend()}_train_step")(*args)

    def test_step(self, *args: Any) -> Any:
        return getattr(self, f"_{keras.backend.backend()}_test_step")(*args)

    def _tensorflow_train_step(self, data: Any) -> Any:
        import tensorflow as tf

        with tf.GradientTape() as tape:
            self(_x(data), training=True)
            loss = ops.sum(ops.stack(self.losses))
        self.optimizer.apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
        return {"elbo": loss}

    def _tensorflow_test_step(self, data: Any) -> Any:
        self(_x(data), training=False)
        return {"elbo": ops.sum(ops.stack(self.losses))}

    def _torch_train_step(self, data: Any) -> Any:
        self.zero_grad()
        self(_x(data), training=True)
        loss = ops.sum(ops.stack(self.losses))
        loss.backward()
        self.optimizer.apply([variable.value.grad for variable in self.trainable_variables])
        return {"elbo": loss}

    _torch_test_step = _tensorflow_test_step

    def _jax_loss(self, trainable: Any, others: Any, data: Any, training: bool) -> Any:
        _, others, losses = self.stateless_call(
            trainable, others, _x(data), training=training, return_losses=True
        )
        return ops.sum(ops.stack(losses)), others

    def _jax_train_step(self, state: Any, data: Any) -> Any:
        import jax

        trainable, others, optimizer, metrics = state
        gradients = jax.value_and_grad(self._jax_loss, has_aux=True)
        (loss, others), slopes = gradients(trainable, others, data, True)
        trainable, optimizer = self.optimizer.stateless_apply(optimizer, slopes, trainable)
        return {"elbo": loss}, (trainable, others, optimizer, metrics)

    def _jax_test_step(self, state: Any, data: Any) -> Any:
        trainable, others, metrics = state
        loss, others = self._jax_loss(trainable, others, data, False)
        return {"elbo": loss}, (trainable, others, metrics)


def own_steps() -> Specimen:
    """Its own ``train_step`` and ``test_step``, with validation."""
    model = _OwnSteps()
    model.compile("adam")
    return Specimen(model, numbers(4), fit={"validation_data": (numbers(4, seed=1),)})
