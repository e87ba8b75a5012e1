"""Which models a store holds at one moment, and what is wrong with the others."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

from inspectree.server.errors import UnknownUnitError
from inspectree.server.family import Family
from inspectree.server.model import Model
from inspectree.server.nearest import nearest

SHORTEST_PREFIX = 4


@dataclass(frozen=True)
class Problem:
    """Something in a store that is not as it should be: where it is, and what."""

    where: str
    what: str


@dataclass(frozen=True)
class Experiment:
    """A connected set of models, ordered by their depth in the tree."""

    models: tuple[Model, ...]

    @property
    def id(self) -> str:
        """Return the id: that of the first root, marked so that it is no model's."""
        return f"experiment:{self.models[0].id}"

    @property
    def label(self) -> str:
        """Return the name that people see: the first root's."""
        return self.models[0].header.title


@dataclass(frozen=True)
class Catalog:
    """An immutable picture of a store. ``found`` are problems met while the models were read.

    Its models are those it is given, each as a part of this catalogue: what they say of parents and children
    stays as it was, whatever becomes of the store.
    """

    by_id: Mapping[str, Model] = field(default_factory=lambda: MappingProxyType({}))
    found: tuple[Problem, ...] = ()
    kept: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)
    """What others have made of it: it stays true."""

    def __post_init__(self) -> None:
        own = {id_: model.within(self) for id_, model in self.by_id.items()}
        object.__setattr__(self, "by_id", MappingProxyType(own))

    @cached_property
    def family(self) -> Family:
        """Return the parent–child graph."""
        return Family({model.id: model.header.parents for model in self.by_id.values()})

    @cached_property
    def experiments(self) -> tuple[Experiment, ...]:
        """Return the connected sets of models."""
        return tuple(Experiment(tuple(self.by_id[m] for m in members)) for members in self.family.components)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return everything that is not as it should be, as far as it has been read."""
        damaged = [Problem(model.id, what) for model in self.by_id.values() for what in model.problems]
        return (*self.misplaced, *damaged)

    @cached_property
    def misplaced(self) -> tuple[Problem, ...]:
        """Return which models cannot be read or do not fit into the tree."""
        missing = [
            Problem(child, f"its parent {parent} is not in the store")
            for child, parents in self.family.missing.items()
            for parent in parents
        ]
        circles = [
            Problem(child, f"its parent {parent} descends from it; this link is left out")
            for child, parent in self.family.cycles
        ]
        return (*self.found, *missing, *circles)

    def parents(self, model: str) -> list[Model]:
        """Return the parents that are there."""
        return [self.by_id[parent] for parent in self.family.parents[model]]

    def children(self, model: str) -> list[Model]:
        """Return the models that name this one as a parent."""
        return [self.by_id[child] for child in self.family.children[model]]

    def find(self, wanted: str) -> Model:
        """Return the model with this id, unique name, label, or prefix of an id (4 characters or more).

        Raises
        ------
        UnknownUnitError
            When there is none or there are several; lists the nearest, or the ids of the several.
        """
        fitting = self._fitting(wanted)
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            ids = ", ".join(model.header.short_id for model in fitting)
            raise UnknownUnitError(
                f"{wanted!r} fits {len(fitting)} models: say which by its id ({ids})", wanted
            )
        known = (m.header for m in self.by_id.values())
        names = [name for h in known for name in (h.name, h.label, h.short_id) if name]
        if wanted and len(wanted) < SHORTEST_PREFIX and any(id_.startswith(wanted) for id_ in self.by_id):
            hint = f"a prefix of an id needs {SHORTEST_PREFIX} characters"
        else:
            hint = nearest(wanted, names)
        raise UnknownUnitError(f"there is no model {wanted!r}; {hint}", wanted)

    def _fitting(self, wanted: str) -> list[Model]:
        if wanted in self.by_id:
            return [self.by_id[wanted]]
        models = self.by_id.values()
        called = [model for model in models if model.header.name == wanted]
        called = called or [model for model in models if model.header.label == wanted]
        if called or len(wanted) < SHORTEST_PREFIX:
            return called
        return [model for model in models if model.id.startswith(wanted)]
