"""Steps of people's own, from a file of theirs."""

import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from inspect import isabstract, isclass
from pathlib import Path
from types import ModuleType

from inspectree.logger.errors import one_line
from inspectree.server.errors import PipelineError, RequestError
from inspectree.server.grammar import STEPS, Grammar
from inspectree.server.grammar.base import Step


def load(path: Path) -> tuple[type[Step], ...]:
    """Return the steps that a Python file defines, in their order there; the file is run.

    Raises
    ------
    RequestError
        When it cannot be run, has no step, or one that is not complete or has the name of another.
    """
    steps = tuple(_steps(_module(path)))
    if not steps:
        raise RequestError(f"{path} has no step: no class derived from inspectree.server.grammar.base.Step")
    for step in steps:
        _need_complete(step, path)
    try:
        Grammar((*STEPS, *steps))
    except PipelineError as error:
        raise RequestError(f"{path}: {error}") from None
    return steps


def grammar_with(path: Path | None) -> Grammar:
    """Return the grammar with the steps of a file; without a file the one that comes with inspectree."""
    return Grammar(STEPS if path is None else (*STEPS, *load(path)))


def _module(path: Path) -> ModuleType:
    name = f"inspectree_steps_{path.stem}"
    spec = spec_from_file_location(name, path)
    if not path.is_file():
        raise RequestError(f"there is no file {path}")
    if spec is None or spec.loader is None:
        raise RequestError(f"{path} is no Python file: name one that ends in .py")
    module = module_from_spec(spec)
    sys.modules[name] = module  # where pickle and pydantic look for what it defines
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        raise RequestError(f"{path} cannot be loaded: {one_line(error)}") from error
    return module


def _steps(module: ModuleType) -> Iterator[type[Step]]:
    own = (each for each in vars(module).values() if isclass(each) and each.__module__ == module.__name__)
    yield from (each for each in own if issubclass(each, Step) and not isabstract(each))


def _need_complete(step: type[Step], path: Path) -> None:
    missing = [name for name in ("family", "example") if not hasattr(step, name)]
    if not isinstance(step.model_fields["op"].default, str):
        missing.append("op")
    if missing or not step.__doc__:
        raise RequestError(f"{path}: {step.__name__} has no {', '.join(missing) or 'docstring'}")
