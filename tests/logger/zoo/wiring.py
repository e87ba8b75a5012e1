"""How layers can be joined: one after the other, with branches, shared, nested."""

from typing import Any

import keras
import numpy as np

from tests.logger.zoo.specimen import Specimen, classifier, numbers, regressor

L, ops = keras.layers, keras.ops


def sequential() -> Specimen:
    layers = [L.Dense(5, activation="relu"), L.Dropout(0.3), L.Dense(3, activation="softmax")]
    return classifier(keras.Sequential([keras.Input((4,)), *layers]), numbers(4))


def sequential_built_late() -> Specimen:
    layers = [L.Dense(5), L.BatchNormalization(), L.ReLU(), L.Dropout(0.3), L.Dense(3, activation="softmax")]
    return classifier(keras.Sequential(layers), numbers(4))


def lists() -> Specimen:
    """Several inputs and outputs in lists."""
    left, right = keras.Input((3,), name="left"), keras.Input((2,), name="right")
    joined = L.Dense(4, activation="tanh", name="joined")(L.Concatenate()([left, right]))
    model = keras.Model([left, right], [L.Dense(1, name="one")(joined), L.Dense(2, name="two")(joined)])
    return regressor(model, [numbers(3), numbers(2)], [numbers(1), numbers(2)])


def dicts() -> Specimen:
    """Several inputs and outputs by name, in another order than they were declared."""
    left, right = keras.Input((3,), name="left"), keras.Input((2,), name="right")
    joined = L.Dense(4, activation="tanh", name="joined")(L.Concatenate()([left, right]))
    outputs = {"one": L.Dense(1, name="one")(joined), "two": L.Dense(2, name="two")(joined)}
    model = keras.Model({"left": left, "right": right}, outputs)
    x, y = {"right": numbers(2), "left": numbers(3)}, {"two": numbers(2), "one": numbers(1)}
    return regressor(model, x, y)


def skips_and_operations() -> Specimen:
    """Operators and ``keras.ops`` used as layers, across skip connections."""
    x = keras.Input((4,))
    one = L.Dense(4, name="one")(x)
    two = L.Dense(4, name="two")(ops.relu(one) + x)
    both = ops.concatenate([two * one, ops.exp(-ops.square(x))], axis=-1)
    centred = both - ops.mean(both, axis=-1, keepdims=True)
    return classifier(keras.Model(x, L.Dense(3, activation="softmax", name="out")(centred)), numbers(4))


def shared() -> Specimen:
    """One layer called three times, a model with state inside called twice."""
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    again = L.Dense(4, activation="relu", name="again")
    tower = keras.Sequential(
        [keras.Input((4,)), L.Dense(2, name="low"), L.BatchNormalization()], name="tower"
    )
    joined = L.Concatenate()([tower(again(again(left))), tower(again(right))])
    model = keras.Model([left, right], L.Dense(3, activation="softmax", name="out")(joined))
    return classifier(model, {"left": numbers(4), "right": numbers(4, seed=1)})


def nested() -> Specimen:
    """Models inside models, to the depth of three."""
    x = keras.Input((4,))
    deep = keras.Sequential([keras.Input((4,)), L.Dense(5, name="a"), L.Dense(4, name="b")], name="deep")
    middle = keras.Model(x, L.Add(name="sum")([deep(x), L.Dense(4, name="a")(x)]), name="middle")
    outer = keras.Sequential([keras.Input((4,)), middle, L.LayerNormalization()], name="outer")
    end = L.Dense(3, activation="softmax", name="end")
    return classifier(keras.Sequential([keras.Input((4,)), outer, end]), numbers(4))


def hundred_layers() -> Specimen:
    """As deep as deep models are."""
    x = y = keras.Input((4,))
    for index in range(50):
        y = L.Add(name=f"add_{index}")([y, L.Dense(4, activation="tanh", name=f"dense_{index}")(y)])
    return regressor(keras.Model(x, y), numbers(4), numbers(4))


def images() -> Specimen:
    """Convolutions with a skip connection, BatchNormalization, pooling, Dropout and Flatten."""
    x = keras.Input((6, 6, 1))
    first = L.Conv2D(3, 3, padding="same", activation="relu")(x)
    second = L.BatchNormalization()(L.DepthwiseConv2D(3, padding="same")(first))
    pooled = L.MaxPooling2D()(L.Add()([first, second]))
    dropped = L.SpatialDropout2D(0.2)(L.SeparableConv2D(4, 2)(pooled))
    both = L.Concatenate()([L.Flatten()(dropped), L.GlobalAveragePooling2D()(first)])
    return classifier(keras.Model(x, L.Dense(3, activation="softmax")(both)), numbers(6, 6, 1))


def channels_first() -> Specimen:
    x = keras.Input((2, 6, 6))
    first = L.Conv2D(3, 3, activation="relu", data_format="channels_first")(x)
    flat = L.Flatten(data_format="channels_first")(first)
    return classifier(keras.Model(x, L.Dense(3, activation="softmax")(flat)), numbers(2, 6, 6))


def adapted() -> Specimen:
    """Return inputs that an adapted layer scales inside the model."""
    scale = L.Normalization(name="scale")
    scale.adapt(numbers(4) * 9 + 2)
    layers = [scale, L.Rescaling(0.5, offset=1), L.Dense(3, activation="softmax")]
    return classifier(keras.Sequential([keras.Input((4,)), *layers]), numbers(4) * 9 + 2)


def frozen() -> Specimen:
    """Return a frozen model inside a trained one, BatchNormalization included."""
    base = keras.Sequential(
        [keras.Input((4,)), L.Dense(5, name="fixed"), L.BatchNormalization()], name="base"
    )
    base.trainable = False
    return classifier(
        keras.Sequential([keras.Input((4,)), base, L.Dense(3, activation="softmax")]), numbers(4)
    )


def any_size() -> Specimen:
    """Images of any size."""
    x = keras.Input((None, None, 1))
    code = L.GlobalMaxPooling2D()(L.Conv2D(3, 3, strides=2, activation="relu")(x))
    return classifier(keras.Model(x, L.Dense(3, activation="softmax")(code)), numbers(7, 9, 1))


def _large(policy: str) -> Specimen:
    """Layers of so many values that they are rounded and averaged where they are made.

    One of them has values that float16 cannot hold, one NaN, and two are called again.
    """
    x = keras.Input((24, 24, 1))
    again = L.Conv2D(20, 3, padding="same", activation="relu", dtype=policy, name="again")
    first, second = again(x), again(x * 0.5)
    huge = L.Lambda(lambda y: ops.cast(y, "float32") * 1e6, name="huge")(second)
    broken = L.Lambda(lambda both: ops.where(both[1] > 0.5, both[0], np.nan), name="broken")([huge, x])
    kept = L.Lambda(lambda y: ops.nan_to_num(y) * 1e-6, name="kept")(broken)
    joined = L.Concatenate(dtype="float32")([L.Dropout(0.2)(first), kept])
    code = L.GlobalAveragePooling2D()(joined)
    return classifier(keras.Model(x, L.Dense(3, activation="softmax")(code)), numbers(24, 24, 1))


def large() -> Specimen:
    return _large("float32")


def large_float16() -> Specimen:
    return _large("mixed_float16")


def large_bfloat16() -> Specimen:
    return _large("mixed_bfloat16")


def _mixed(policy: str) -> Specimen:
    layers: list[Any] = [L.Conv1D(4, 3, activation="relu", dtype=policy), L.BatchNormalization(dtype=policy)]
    layers += [L.Flatten(dtype=policy), L.Dense(5, dtype=policy), L.Dense(3, activation="softmax")]
    return classifier(keras.Sequential([keras.Input((6, 2)), *layers]), numbers(6, 2))


def mixed_float16() -> Specimen:
    return _mixed("mixed_float16")


def mixed_bfloat16() -> Specimen:
    return _mixed("mixed_bfloat16")
