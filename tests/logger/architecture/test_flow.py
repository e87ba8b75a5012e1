"""What is particular to the operations of each backend."""

from typing import Any

import keras
import pytest

from inspectree.logger.architecture.model_graph import ModelGraph
from tests.logger.architecture.calls import edges, floats, traced

L = keras.layers


def on(backend: str) -> Any:
    """Return the mark of a test that needs a backend."""
    return pytest.mark.skipif(keras.backend.backend() != backend, reason=f"operations of {backend}")


class _Three(keras.Model):  # type: ignore[misc]  # Keras ships no types
    """Three layers of which ``calculate`` makes a model."""

    def __init__(self, calculate: Any) -> None:
        super().__init__(name="three")
        self.a, self.b, self.c = (L.Dense(4, name=name) for name in "abc")
        self.calculate = calculate

    def call(self, x: Any) -> Any:
        return self.calculate(self, x)


def _graph(calculate: Any) -> ModelGraph:
    model = _Three(calculate)
    for layer in (model.a, model.b, model.c):
        layer.build((None, 4))
    model.built = True
    return traced(model, floats(4)).graph


@on("torch")
def test_what_is_written_into_a_view_comes_from_what_was_written() -> None:
    import torch

    def calculate(model: Any, x: Any) -> Any:
        memory = torch.zeros_like(x)
        memory[:, :2] = model.a(x)[:, :2]
        memory.view(-1, 4)[:, 2:] += model.b(x)[:, 2:]
        return model.c(memory)

    graph = _graph(calculate)
    assert edges(graph) == {("x", "a"), ("x", "b"), ("a", "raw"), ("b", "raw"), ("raw", "c")}


@on("torch")
def test_what_was_read_before_it_was_written_over_comes_from_the_old_values() -> None:
    def calculate(model: Any, x: Any) -> Any:
        memory = model.a(x)
        old = memory * 2
        memory.copy_(model.b(x))
        return model.c(old) + memory

    graph = _graph(calculate)
    assert {("a", "raw"), ("raw", "c")} <= edges(graph)
    assert ("b", "raw") not in edges(graph)


@on("tensorflow")
def test_tensorflow_s_own_loops_and_branches_are_followed_through() -> None:
    import tensorflow as tf

    def calculate(model: Any, x: Any) -> Any:
        _, y = tf.while_loop(
            lambda i, _: i < 3, lambda i, y: (i + 1, tf.tanh(y)), (tf.constant(0), model.a(x))
        )
        return model.c(tf.cond(tf.reduce_sum(model.b(x)) > 0, lambda: y, lambda: -y))

    graph = _graph(calculate)
    assert edges(graph) == {("x", "a"), ("x", "b"), ("a", "raw"), ("b", "raw"), ("raw", "c")}


@on("tensorflow")
def test_a_layer_inside_tensorflow_s_own_loop_is_told_without_edges() -> None:
    import tensorflow as tf

    def calculate(model: Any, x: Any) -> Any:
        _, y = tf.while_loop(lambda i, _: i < 3, lambda i, y: (i + 1, model.a(y)), (tf.constant(0), x))
        return model.c(y)

    graph = _graph(calculate)
    assert {"a", "c"} <= {node.id for node in graph.nodes}
    assert edges(graph) == set()


@on("jax")
def test_jax_s_own_loops_and_branches_are_followed_through() -> None:
    import jax
    import jax.numpy as jnp

    def calculate(model: Any, x: Any) -> Any:
        y, _ = jax.lax.scan(lambda y, _: (jnp.tanh(y), None), model.a(x), None, length=3)
        return model.c(jax.lax.cond(jnp.sum(model.b(x)) > 0, lambda: y, lambda: -y))

    graph = _graph(calculate)
    assert edges(graph) == {("x", "a"), ("x", "b"), ("a", "raw"), ("b", "raw"), ("raw", "c")}


@on("jax")
def test_layers_inside_jax_s_own_loop_are_drawn_as_often_as_they_run() -> None:
    import jax

    graph = _graph(lambda model, x: jax.lax.fori_loop(0, 3, lambda _, y: model.a(y), x))
    assert edges(graph) == {("x", "a"), ("a", "a:1"), ("a:1", "a:2")}
