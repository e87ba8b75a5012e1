"""The flow of data through JAX's primitives, read from a jaxpr."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import jax
import keras
from jax.extend.core import ClosedJaxpr, Jaxpr, Literal, Primitive, Var, jaxprs_in_params

from inspectree.logger.architecture.flow.base import NOTHING, Flow, Origin, merged

GIVE, TAKE = Primitive("inspectree_give"), Primitive("inspectree_take")
GIVE.multiple_results = TAKE.multiple_results = True
TAKE.def_abstract_eval(lambda _, *, number: [])  # noqa: ARG005 - told by the primitive's parameter


def _given(_: Any, *, number: int, shape: tuple[int, ...], dtype: str) -> list[Any]:  # noqa: ARG001 - as above
    return [jax.core.ShapedArray(shape, jax.dtypes.canonicalize_dtype(dtype))]


GIVE.def_abstract_eval(_given)


class JaxFlow(Flow):
    """A jaxpr in which symbols enter and leave by primitives of their own.

    What depends on no argument is calculated at once inside `outside`, so symbols depend on one.
    """

    _start: Any = None

    def run(self, function: Callable[[], None]) -> None:
        """Call ``function`` on tensors without values; see `Flow.run`."""

        def stateless(start: Any) -> None:
            self._start = start
            values = [
                self._give(number, variable.shape, variable.dtype)
                for number, variable in enumerate(self.variables)
            ]
            with keras.StatelessScope(state_mapping=list(zip(self.variables, values, strict=True))):
                function()

        with jax.disable_jit():  # a function that was compiled before would not be called again
            closed = jax.make_jaxpr(stateless)(0)
        self._follow(closed.jaxpr, [NOTHING])

    @contextmanager
    def outside(self) -> Iterator[None]:
        """Let what is calculated meanwhile not belong to the function."""
        with jax.disable_jit(False), jax.ensure_compile_time_eval(), keras.StatelessScope():
            yield

    def give(self, symbol: Any) -> Any:
        """Return a tensor that stands for ``symbol``."""
        return self._give(self._number(symbol), symbol.shape, symbol.dtype)

    def _give(self, number: int, shape: Sequence[int], dtype: str) -> Any:
        (tensor,) = GIVE.bind(self._start, number=number, shape=tuple(shape), dtype=dtype)
        return tensor

    def take(self, tensor: Any, symbol: Any) -> None:
        """Let ``tensor`` be known as ``symbol`` from now on."""
        TAKE.bind(tensor, number=self._number(symbol))

    def _follow(self, jaxpr: Jaxpr, entering: Sequence[Origin]) -> list[Origin]:
        """Return where the outputs come from, given where the inputs do."""
        origins: dict[Var, Origin] = dict(zip(jaxpr.invars, entering, strict=True))

        def origin(variable: Any) -> Origin:
            return NOTHING if isinstance(variable, Literal) else origins.get(variable, NOTHING)

        for equation in jaxpr.eqns:
            sources = [origin(variable) for variable in equation.invars]
            if equation.primitive is TAKE:
                number = equation.params["number"]
                self._origins[number] = sources[0]
                if not isinstance(equation.invars[0], Literal):
                    origins[equation.invars[0]] = Origin((number,))
            else:
                origins |= zip(equation.outvars, self._results(equation, sources), strict=True)
        return [origin(variable) for variable in jaxpr.outvars]

    def _results(self, equation: Any, sources: list[Origin]) -> list[Origin]:
        if equation.primitive is GIVE:
            return [Origin((equation.params["number"],))]
        inner = _inner(equation)
        if inner is not None:
            return self._follow(inner, sources)
        if any(_uses_symbols(jaxpr) for jaxpr in jaxprs_in_params(equation.params)):
            raise NotImplementedError("a layer is called inside a loop or a branch of JAX's own")
        source = merged(sources)
        if source.symbols:
            source = source.through(equation.primitive.name)
        return [source] * len(equation.outvars)


def _inner(equation: Any) -> Jaxpr | None:
    """Return the jaxpr that an equation only wraps (``jit``, ``remat``, ``custom_jvp``); None for others."""
    found = [jaxpr for key in ("jaxpr", "call_jaxpr") if (jaxpr := equation.params.get(key)) is not None]
    if len(found) != 1 or equation.primitive.name in {"scan", "while", "cond"}:
        return None
    inner = found[0].jaxpr if isinstance(found[0], ClosedJaxpr) else found[0]
    fits = len(inner.invars) == len(equation.invars) and len(inner.outvars) == len(equation.outvars)
    return inner if fits else None


def _uses_symbols(jaxpr: Jaxpr) -> bool:
    return any(
        equation.primitive in (GIVE, TAKE) or any(map(_uses_symbols, jaxprs_in_params(equation.params)))
        for equation in jaxpr.eqns
    )
